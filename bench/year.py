"""The whole of a published report: a year of commands through the real services, and table three back from the events."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

REPORT = Path(__file__).parent.parent / "demo" / "reports" / "suqian_2023.json"


def whole_year(data: Path) -> dict[str, Any]:
    """Plays it with `gongkai demo --report`, asks for `gongkai report annual`, and compares cell by cell."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "shared.cli"]
    told = subprocess.run(
        [*command, "demo", "--report", str(REPORT), "--agency", "suqian", "--data", str(data)], capture_output=True, text=True, check=True
    )
    took = time.perf_counter() - started
    made = subprocess.run(
        [*command, "report", "annual", "--agency", "suqian", "--year", "2023", "--format", "json", "--data", str(data)],
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = json.loads(REPORT.read_text(encoding="utf-8"))["table3"]["rows"]
    rows = json.loads(made.stdout)["table3"]["rows"]
    differing = sum(
        want != have for one, other in zip(wanted, rows, strict=True) for want, have in zip(one["values"], other["values"], strict=True)
    )
    return {
        "seconds": round(took, 1),
        "cells": sum(len(row["values"]) for row in rows),
        "cells_that_differ": differing,
        "told": told.stdout.strip().splitlines()[-2:],
    }
