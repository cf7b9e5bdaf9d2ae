"""The sections that are text: how they begin, from the written reports of the units, and what numbers they tell."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import tuple_row

from services.audit.annual_report.events import Fees, Sections

HEADINGS = (
    ("（一）主动公开情况。", ("disclosure",)),
    ("（二）依申请公开情况。", ("withheld",)),
    ("（三）政府信息管理情况。", ("information",)),
    ("（四）平台建设情况。", ("media",)),
    ("（五）监督保障情况。", ("organisation",)),
)
"""The five parts of section one, and which parts of the units' reports feed them."""

SUBMITTED = """SELECT originator_id, state FROM ledger WHERE source = 'audit' AND agency = %s AND position <= %s
    AND split_part(topic, ':', 1) = ANY('{audit.ReportCalled,audit.UnitReportSubmitted,audit.UnitReportReturned}') ORDER BY position"""

OVERSIGHT = """SELECT state FROM ledger WHERE source = 'audit' AND agency = %s AND position <= %s AND split_part(topic, ':', 1) =
    ANY('{audit.GradeAssigned,audit.Commended,audit.AppraisalCriticised,audit.SurveyRun,audit.CaseOpened,audit.SanctionDecided}')"""

COUNTED = re.compile(
    r"(收到|新收|收办|受理|予以公开|部分公开|不予公开|无法提供|不予处理|其他处理|转下年度|结转下年度)"
    r"[^0-9０-９，。；\n]{0,24}?([0-9][0-9,]*)\s*件"
)
"""A number that the text tells of what table three counts."""

NAMES = {"收到": "新收", "受理": "新收", "收办": "收办申请", "结转下年度": "转下年度"}


class UnitText(NamedTuple):
    """A unit's written report: its unit and the texts of its parts."""

    unit: str
    sections: Mapping[str, str]


class _Data(msgspec.Struct, frozen=True):
    year: int = 0
    unit: str = ""
    sections: Any = {}
    asked: int = 0
    satisfied: int = 0


class _Event(msgspec.Struct, frozen=True):
    type: str
    effective_on: date
    data: _Data


_decoder = msgspec.json.Decoder(_Event)


def unit_texts(connection: psycopg.Connection[Any], agency: str, year: int, upto: int) -> list[UnitText]:
    """What the units of an agency have submitted for a year, each unit's last one; what was returned does not count."""
    called: dict[UUID, str] = {}
    found: dict[UUID, UnitText] = {}
    for id, state in connection.cursor(row_factory=tuple_row).execute(SUBMITTED, (agency, upto)):
        event = _decoder.decode(bytes(state))
        if event.type == "audit.ReportCalled":
            if event.data.year == year:
                called[id] = event.data.unit
        elif event.type == "audit.UnitReportReturned":  # its sections are a list of those that were returned
            found.pop(id, None)
        elif id in called:
            found[id] = UnitText(called[id], event.data.sections)
    return sorted(found.values(), key=lambda one: one.unit)


def oversight(connection: psycopg.Connection[Any], members: Sequence[str], year: int, upto: int) -> str:
    """What appraisal, surveys and accountability came to in a year, as the ledger has it, nought too."""
    found: Counter[str] = Counter()
    for code in members:
        for (state,) in connection.cursor(row_factory=tuple_row).execute(OVERSIGHT, (code, upto)):
            event = _decoder.decode(bytes(state))
            if event.effective_on.year == year:
                found[event.type.removeprefix("audit.")] += 1
                found["asked"] += event.data.asked
                found["satisfied"] += event.data.satisfied
    return (
        f"评定考核等次 {found['GradeAssigned']} 次，通报表扬 {found['Commended']} 次，通报批评 {found['AppraisalCriticised']} 次；"
        f"社会评议 {found['SurveyRun']} 次，受访 {found['asked']} 人，满意 {found['satisfied']} 人；"
        f"责任追究立案 {found['CaseOpened']} 件，作出追究决定 {found['SanctionDecided']} 件。"
    )


def beginning(texts: Sequence[UnitText], fees: Fees, name_of: Mapping[str, str], government: str = "") -> Sections:
    """The text to start from: what the units have written under the headings of the form, to be made into one by an official.

    `government`: what a government's report tells of appraisal, social review and accountability (Decree 711, Article 50), '' for any other.
    """
    lines = []
    for heading, parts in HEADINGS:
        lines.append(heading)
        for text in texts:
            said = "".join(text.sections.get(part, "").strip() for part in parts)
            if said:
                lines.append(f"{name_of.get(text.unit, text.unit)}：{said}")
    if government:
        lines += ["（六）工作考核、社会评议和责任追究结果情况。", government]
    other = ""
    if fees.notices or fees.collected:
        other = fees_told(fees)
    return Sections("\n".join(lines), "", other)


def fees_told(fees: Fees) -> str:
    """The fees of the year as a sentence, nought too."""
    return (
        f"本年度发出收费通知 {fees.notices} 件，总金额 {fees.yuan} 元；实际收取信息处理费 {fees.paid} 件，{fees.collected} 元。"
    )  # fmt: skip


def facts_in(text: str) -> dict[str, int]:
    """The numbers that section one tells, by what they count; of what is told twice, the last."""
    return {NAMES.get(name, name): int(told.replace(",", "")) for name, told in COUNTED.findall(text)}
