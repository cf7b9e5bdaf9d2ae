"""Annual reports on pages: the list, a report with its words, numbers and checks, the figures of table two, and earlier reports."""

import asyncio
from datetime import date
from typing import Any

from fastapi import Request

from services.audit.annual_report.commands import OpenAnnualReport
from services.audit.annual_report.state import KINDS, TITLES, AnnualReport, Stage, annual_report
from services.audit.earlier_report.commands import ImportEarlierReport
from services.audit.earlier_report.decisions import EarlierReport, earlier_report
from services.audit.report_api import Asked, start_of
from services.audit.report_figures.commands import RecordFigure
from services.audit.report_figures.decisions import ReportFigures, report_figures
from services.audit.reports.check import CHECKS
from services.audit.reports.form import SECTIONS, TABLE_TWO
from services.audit.reports.texts import fees_told
from shared.kernel.clocks import today as real_today
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acts import Tried
from shared.web.rendering import official
from shared.web.rooms import Column, Listing, Room, Shown, history
from shared.web.titles import TITLES as SERVICES

REPORTS = """SELECT * FROM views.annual_reports
    WHERE agency = %(agency)s AND (%(stage)s::text IS NULL OR stage = %(stage)s) AND (%(missed)s::text IS NULL OR missed)
    ORDER BY year DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

FIGURES = "SELECT * FROM views.report_figures WHERE agency = %(agency)s ORDER BY year DESC LIMIT %(limit)s OFFSET %(offset)s"

EARLIER = "SELECT * FROM views.earlier_reports WHERE agency = %(agency)s ORDER BY year DESC LIMIT %(limit)s OFFSET %(offset)s"


def owed(row: Shown) -> Any:
    """By when it has to be public, and whether that is past."""
    day: date = row["due"]
    if row["published_on"] is not None and row["published_on"] > day:
        return ("!", f"{day}，逾期公布")
    if row["missed"] or (row["waits"] and day < real_today()):
        return ("!", f"{day} 已过" if row["waits"] else f"{day}，曾逾期")
    return f"{day}"


LISTS = (
    Listing(
        "annual-reports",
        "年度报告",
        "audit.read_report",
        REPORTS,
        (
            Column("年度", lambda row: (f"/audit/annual-reports/{row['id']}", f"{row['year']} 年")),
            Column("谁的报告", lambda row: KINDS[row["kind"]]),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("应当公布", owed),
            Column("核对", lambda row: ("!", f"{row['failed']} 处不合格") if row["failed"] else ""),
            Column("公布", lambda row: f"{row['published_on']}" if row["published_on"] else ""),
            Column("数字", lambda row: (f"/audit/reports/{row['year']}", "打开报告")),
        ),
        {"stage": ("状态", {stage.value: title for stage, title in TITLES.items()}), "missed": ("逾期", {"1": "曾逾期"})},
        "annual-reports",
        "每份报告的公布期限见各行。数字由事件得出，没有一个由人填写。",
        "还没有启动年度报告的编制。",
    ),
    Listing(
        "report-figures",
        "表二数字",
        "audit.read_report",
        FIGURES,
        (
            Column("年度", lambda row: (f"/audit/report-figures/{row['id']}", f"{row['year']} 年")),
            Column("已登记", lambda row: f"{len(row['figures'])} / {len(TABLE_TWO)} 项"),
            Column("空白", lambda row: "、".join(cell.title for key, cell in TABLE_TWO.items() if key not in row["figures"])),
        ),
        {},
        "report-figures",
        "许可、处罚、强制、收费等由其他系统产生的数字，连同来源登记。规范性文件由本平台公开的，可由事件数出。",
        "还没有登记表二的数字。",
    ),
    Listing(
        "earlier-reports",
        "往年报告",
        "audit.read_report",
        EARLIER,
        (
            Column("年度", lambda row: (f"/audit/earlier-reports/{row['id']}", f"{row['year']} 年")),
            Column("报告", lambda row: row["name"]),
            Column("新收申请", lambda row: row["new"]),
            Column("文件（SHA-256）", lambda row: row["sha256"][:16]),
            Column("导入", lambda row: f"{row['imported_on']}"),
        ),
        {},
        "earlier-reports",
        "导入已公布的往年报告，用于核对两年的衔接和比较。",
        "还没有导入往年的报告。",
    ),
)

NEXT = {
    Stage.OPENED: "起草一、五、六部分的文字（已汇入各科室的书面报告）。",
    Stage.DRAFTED: "由事件算出数字并核对。",
    Stage.COUNTED: "由另一人审定；有核对不合格的，先更正再重新算出数字。",
    Stage.FROZEN: "提交主管部门并公布，登记凭据。",
    Stage.PUBLISHED: "已经公布。发现错误的，写明理由更正。",
}


SINCE = """SELECT count(*) AS events FROM ledger WHERE agency = ANY(%s)
    AND ((source = 'requests' AND position > %s) OR (source = 'publishing' AND position > %s))"""
"""How many events these agencies have had since in the logs that the tables are counted from."""


async def show_report(
    running: Running, request: Request, state: AnnualReport, agency: AgencyFacts, made: Shown, tried: Tried | None
) -> Shown:
    """A report: whose, of which year, by when; its words; what does not hold; what was frozen."""
    who = official(running, request)
    sections = state.sections
    start = sections
    if not state.drafted and sections == type(sections)():
        start = await asyncio.to_thread(
            start_of, running, Asked(who, agency, state.year, None, live=False), state.kind == "whole_government"
        )
    for act in made["acts"]:
        if act["verb"] == "draft" and (tried is None or tried.verb != "draft"):
            known = {"general": start.general, "problems": start.problems, "other": start.other, "kind": state.kind}
            for field in act["fields"]:
                field.value = known.get(field.name, field.value)
    counted = state.counted
    since = 0
    if counted is not None and state.stage is Stage.COUNTED:
        upto = counted.positions
        (row,) = await running.query(SINCE, (list(counted.agencies), upto.get("requests", 0), upto.get("publishing", 0)))
        since = row["events"]
    broken = counted.broken if counted is not None else ()
    rows = [
        (("!", "不合格") if one.fails else ("#", "存疑"), CHECKS.get(one.check, one.check), "、".join(one.cells), one.told)
        for one in broken
    ]
    failed = sum(one.fails for one in broken)
    following = NEXT[state.stage]
    if failed and state.stage is Stage.COUNTED:
        following = f"{failed} 处核对不合格：更正以后重新算出数字，再由另一人审定。"
    numbers: Shown = {
        "title": "数字和核对",
        "text": "",
        "caption": "不合格和存疑的核对",
        "columns": ("结论", "核对", "单元格", "情况"),
        "rows": rows,
        "empty": "核对全部合格。" if counted is not None else "还没有算出数字。",
    }
    words = [
        {"title": SECTIONS[name], "text": text or "（尚未填写）", "rows": (), "empty": ""}
        for name, text in (("one", sections.general), ("five", sections.problems), ("six", sections.other))
    ]
    return {
        "title": f"{agency.name} {state.year} 年政府信息公开工作年度报告",
        "next": following,
        "approves": state.hash or None,
        "facts": [
            ("状态", ("#", TITLES[state.stage])),
            ("谁的报告", KINDS[state.kind]),
            (
                "应当公布",
                owed({"due": state.due, "missed": state.missed, "waits": state.published == 0, "published_on": state.published_on}),
            ),
            ("公布", f"{state.published_on}，第 {state.published} 版" if state.published else ""),
            ("更正理由", state.correcting),
            ("报告", (f"/audit/reports/{state.year}", "打开报告：每个数字可以点开")),
            ("机关", "、".join(running.doorkeeper.agency(code).name for code in counted.agencies) if counted is not None else ""),
            ("算数以后", ("!", f"日志又有 {since} 个新事件；需要的，请重新算出数字") if since else ""),
            (
                "日志位置",
                "，".join(f"{SERVICES.get(name, name)} {at}" for name, at in counted.positions.items()) if counted is not None else "",
            ),
            ("数字（SHA-256）", counted.hash if counted is not None else ""),
            ("收费", fees_told(counted.fees) if counted is not None else ""),
        ],
        "sections": [numbers, *words],
        "history": await history(running, state),
        "countable": any(act["verb"] == "draft" and act["open"] for act in made["acts"]),
    }


async def show_figures(
    _running: Running, _request: Request, state: ReportFigures, _agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """The figures of a year: each cell with its number and source."""
    rows = [
        (
            cell.title,
            state.values.get(key, ("#", "空白")),
            state.sources.get(key, ""),
            (f"/audit/reports/{state.year}/cells?table=2&row={key}", "构成"),
        )
        for key, cell in TABLE_TWO.items()
    ]
    return {
        "title": f"{state.year} 年表二的数字",
        "next": "空白的项目请登记；没有这项职权的填“/”，没有发生的填 0。",
        "sections": [{"title": "表二", "text": "", "caption": "", "empty": "", "columns": ("项目", "数字", "来源", "构成"), "rows": rows}],
    }


async def show_earlier(
    _running: Running, _request: Request, state: EarlierReport, _agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """An earlier report: which file, and its main numbers."""
    imported = state.imported
    assert imported is not None
    facts = [
        ("报告", state.name),
        ("文件（SHA-256）", state.sha256),
        ("本年新收", imported.table3["new_received"][-1]),
        ("结转下年度", imported.table3["carried_forward"][-1]),
        ("替换理由", imported.reason),
    ]
    return {"title": f"{state.year} 年年度报告（导入）", "facts": facts}


REPORT_ROOM = Room(
    "annual-reports", "年度报告", annual_report, "audit.read_report", show_report, OpenAnnualReport, "audit/templates/annual_report.html"
)

ROOMS = (
    REPORT_ROOM,
    Room("report-figures", "表二数字", report_figures, "audit.read_report", show_figures, RecordFigure),
    Room("earlier-reports", "往年报告", earlier_report, "audit.read_report", show_earlier, ImportEarlierReport),
)
