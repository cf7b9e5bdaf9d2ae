"""The units' written reports on pages: who owes one, what it says beside the figures of the ledger, and what comes next."""

import asyncio
from datetime import date
from typing import Any

from fastapi import Request

from services.audit.figures import Figure
from services.audit.report_round.commands import CallReports
from services.audit.report_round.decisions import ReportRound, report_round
from services.audit.rooms.figures import cases_of, table
from services.audit.supplies import counted
from services.audit.unit_report.sections import SECTIONS
from services.audit.unit_report.state import KEPT, TITLES, Stage, UnitReport, unit_report
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acts import Tried
from shared.web.rooms import Column, Listing, Room, Shown

REPORTS = """SELECT * FROM views.unit_reports
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(missed)s::text IS NULL OR misses > 0)
    ORDER BY year DESC, waits DESC, due, unit LIMIT %(limit)s OFFSET %(offset)s"""

OF_YEAR = "SELECT id, unit, due, stage, waits, misses, late_days, reminders, kept FROM views.unit_reports WHERE agency = %s AND year = %s ORDER BY unit"


def owed(row: Shown) -> Any:
    """By when it is owed, and what was missed."""
    if row["waits"]:
        return ("!", f"{row['due']} 已过") if row["overdue"] else str(row["due"])
    return ("!", f"逾期 {row['late_days']} 日") if row["late_days"] else "已提交"


LISTS = (
    Listing(
        "unit-reports",
        "科室书面报告",
        "audit.read_unit_report",
        REPORTS,
        (
            Column("报告", lambda row: (f"/audit/unit-reports/{row['id']}", f"{row['year']} 年")),
            Column("科室", lambda row: ("@", row["unit"])),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("应当提交", owed),
            Column("督促", lambda row: f"{row['reminders']} 次" if row["reminders"] else ""),
            Column("执行情况", lambda row: KEPT.get(row["kept"], "")),
        ),
        {"stage": ("状态", {stage.value: title for stage, title in TITLES.items()}), "missed": ("逾期", {"1": "曾逾期"})},
        "report-rounds",
        "按公开办统一部署，各科室、局属单位每年12月20日前提交书面报告；数字由事件得出。",
        "还没有部署书面报告。",
    ),
)


async def show(running: Running, _request: Request, state: UnitReport, agency: AgencyFacts, _made: Shown, _tried: Tried | None) -> Shown:
    """The five sections, and the figures: those that were submitted, or as they are now while it is owed."""
    directory: Any = running.doorkeeper
    figures = list(state.figures)
    until = min(running.doorkeeper.today(agency), date(state.year, 12, 31))
    if state.waits:
        found = await asyncio.to_thread(counted, running, agency.code, state.unit, date(state.year, 1, 1), until)
        figures = list(found.values())
    returned = state.returned
    late = f"逾期 {state.late_days} 日" if state.late_days else ""
    return {
        "title": f"{directory.unit_name(agency.code, state.unit)} {state.year} 年书面报告",
        "next": next_step(state, running.doorkeeper.today(agency)),
        "facts": [
            ("状态", ("#", TITLES[state.stage])),
            ("应当提交", str(state.due)),
            ("首次提交", f"{state.first_submitted_on} {late}".strip() if state.first_submitted_on else ""),
            ("逾期", ("!", "、".join(str(day) for day in state.overdue)) if state.overdue else ""),
            ("督促", f"{state.reminders} 次" if state.reminders else ""),
            ("执行情况", KEPT.get(state.compliance.kept, "") if state.compliance else ""),
            ("公开办要求", state.note),
            (
                "退回",
                f"{'、'.join(SECTIONS[key].title for key in returned.sections)}：{returned.reason}" if returned is not None else "",
            ),
        ],
        "sections": sections(state, figures, cases_of(state.unit, date(state.year, 1, 1), until)),
    }


def sections(state: UnitReport, figures: list[Figure], cases: str) -> list[Shown]:
    """Each section with its text and the figures that belong to it; what belongs to none comes last."""
    placed = {measure for one in SECTIONS.values() for measure in one.measures}
    made = [
        {
            **table(one.title, [figure for figure in figures if figure.measure in one.measures], "", cases),
            "text": state.sections.get(key) or one.asks,
        }
        for key, one in SECTIONS.items()
    ]
    rest = [figure for figure in figures if figure.measure not in placed]
    return [*made, *([table("其他数字", rest, "", cases)] if rest else [])]


def next_step(state: UnitReport, today: date) -> str:
    """What comes next."""
    assert state.due is not None
    match state.stage:
        case Stage.CALLED if today > state.due:
            return f"提交日期（{state.due}）已过，请尽快提交并说明原因。"
        case Stage.CALLED:
            return f"请在 {state.due} 以前（含当日）提交五项内容。"
        case Stage.RETURNED:
            return f"请在 {state.due} 以前补充后再次提交。"
        case Stage.SUBMITTED:
            return "公开办核对内容后接收，或者退回补充。"
    return ""


async def show_round(
    running: Running, _request: Request, state: ReportRound, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """The call of a year: how far each unit is."""
    directory: Any = running.doorkeeper
    rows = await running.query(OF_YEAR, (agency.code, state.year), agency=agency.code)
    there = sum(not row["waits"] for row in rows)
    return {
        "title": f"{state.year} 年书面报告的部署",
        "next": "各科室提交后由公开办逐份接收；以后新设的科室，再次部署即可。" if there < len(rows) else "",
        "facts": [("提交日期", str(state.due)), ("科室", f"{len(state.units)} 个"), ("已提交", f"{there} 个")],
        "sections": [
            {
                "title": "各科室",
                "columns": ("科室", "状态", "应当提交", "督促", "执行情况"),
                "rows": [
                    (
                        (f"/audit/unit-reports/{row['id']}", directory.unit_name(agency.code, row["unit"])),
                        ("#", TITLES[Stage(row["stage"])]),
                        ("!", f"{row['due']}，逾期") if row["misses"] or row["late_days"] else str(row["due"]),
                        f"{row['reminders']} 次",
                        KEPT.get(row["kept"], ""),
                    )
                    for row in rows
                ],
            }
        ],
    }


TITLED = {"sections": {key: section.title for key, section in SECTIONS.items()}}

ROOMS = (
    Room("unit-reports", "科室书面报告", unit_report, "audit.read_unit_report", show, titles=TITLED),
    Room("report-rounds", "书面报告的部署", report_round, "audit.call_reports", show_round, CallReports),
)
