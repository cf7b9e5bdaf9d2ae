"""The report of an earlier year as it was taken over, and what may be decided about it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.audit.earlier_report.events import EarlierReportImported
from services.audit.reports.check import check_report
from services.audit.reports.form import table2_written, table3_rows, table4_rows
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Decided, Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id


class EarlierReport(State, frozen=True):
    """What was taken over."""

    agency: str = ""
    year: int = 0
    name: str = ""
    sha256: str = ""
    imported: EarlierReportImported | None = None


earlier_report: Aggregate[EarlierReport] = Aggregate("audit.EarlierReport", EarlierReport)
N = EarlierReport


def earlier_id(agency: str, year: int) -> UUID:
    """The earlier report of an agency and year."""
    return derived_id("audit", "earlier-report", agency, year)


@earlier_report.evolves(EarlierReportImported)
def imported(state: N, event: EarlierReportImported, meta: Meta) -> N:
    """It is here."""
    return replace(state, agency=meta.agency, year=event.year, name=event.name, sha256=event.sha256, imported=event)


def read(text: str) -> dict[str, Any]:
    """The report in a file; raises `Invalid`."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise wrong("不是年度报告：应为一个 JSON 对象，样式同本平台导出的年度报告")
    return found


def wrong(sentence: str) -> Invalid:
    """What is wrong with a file."""
    return Invalid("bad-report", f"{sentence}。", fields=[{"field": "report", "sentence": sentence}])


def take_over(state: N, given: Given, year: int, text: str, reason: str) -> Decided:
    """Once for each file. Its shape has to be right; sums that do not hold were published so, and are told."""
    found = read(text)
    if found.get("year") != year:
        raise wrong(f"文件中的年度（{found.get('year')!s}）与所填的年度（{year}）不一致")
    if year >= given.today.year:
        raise wrong("只导入往年的报告")
    broken = check_report(found)
    bad = [one for one in broken if one.check in ("shape", "i")]
    if bad:
        raise wrong("；".join(f"{'、'.join(one.cells)}：{one.told}" for one in bad[:10]))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    told = {"sha256": sha256, "broken": [{"check": one.check, "cells": list(one.cells), "told": one.told} for one in broken]}
    if state.sha256 == sha256:
        return Decided([], {**told, "new": False})
    if state.exists and not reason:
        raise Refused("report-imported", f"{year} 年的报告已经导入，内容不同；确需替换的，请写明理由。")
    return Decided([event_of(found, year, sha256, reason if state.exists else "")], {**told, "new": True})


def event_of(found: Mapping[str, Any], year: int, sha256: str, reason: str) -> EarlierReportImported:
    """What is kept of it."""
    return EarlierReportImported(
        year=year,
        name=str(found.get("agency") or "")[:200],
        sha256=sha256,
        table2=table2_written(found["table2"]),
        table3={key: tuple(values) for key, values in table3_rows(found).items()},
        table4={name: tuple(values) for name, values in table4_rows(found).items()},
        reason=reason,
    )
