"""The whole of a published report: a year of commands through the real services, and all tables back from the events."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from services.audit.reports.form import TABLE_TWO, table2_cell

REPORT = Path(__file__).parent.parent / "demo" / "reports" / "suqian_2023.json"


def whole_year(data: Path) -> dict[str, Any]:
    """Plays it with `gongkai demo --report`, asks for `gongkai report annual`, and compares cell by cell."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "shared.cli"]
    told = _printed([*command, "demo", "--report", str(REPORT), "--agency", "suqian", "--data", str(data)])
    took = time.perf_counter() - started
    made = _printed([*command, "report", "annual", "--agency", "suqian", "--year", "2023", "--format", "json", "--data", str(data)])
    wanted, built = cells(json.loads(REPORT.read_text(encoding="utf-8"))), cells(json.loads(made))
    return {
        "seconds": round(took, 1),
        "cells": len(built),
        "cells_that_differ": sum(wanted[cell] != built.get(cell) for cell in wanted) + len(built.keys() - wanted.keys()),
        "told": told.strip().splitlines()[-2:],
    }


def cells(report: dict[str, Any]) -> dict[tuple[str, int], Any]:
    """Every cell of tables two, three and four by its row and column."""
    rows = [(row["key"], row["values"]) for row in report["table3"]["rows"]]
    rows += [(name, values) for name, values in report["table4"].items() if name != "columns"]
    rows += [(cell, [table2_cell(report["table2"], cell)]) for cell in TABLE_TWO]
    return {(name, column): value for name, values in rows for column, value in enumerate(values)}


def _printed(command: list[str]) -> str:
    """What a command printed. Raises RuntimeError, with what it said last, when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[3:]} ended with {done.returncode}: {done.stdout[-2000:]}")
    return done.stdout
