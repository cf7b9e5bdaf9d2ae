"""Inspections, their results by unit, and what was exported, on pages."""

from typing import Any

from fastapi import Request

from services.audit.inspection.commands import PlanInspection
from services.audit.inspection.decisions import rate
from services.audit.inspection.scheme import SCHEME
from services.audit.inspection.state import TITLES, Inspection, Stage, inspection
from services.audit.result_export.commands import RecordExport
from services.audit.result_export.decisions import ResultExport, result_export
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acting import agency_day
from shared.web.acts import Tried
from shared.web.forms import CHOICES
from shared.web.rooms import Column, Listing, Room, Shown

INSPECTIONS = """SELECT id, name, kind, subject, unit, planned_on, year, stage, total, issues, open_issues, due, misses, asked, aware, satisfied
    FROM views.inspections
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(subject)s::text IS NULL OR subject = %(subject)s)
    AND (%(open)s::text IS NULL OR open_issues > 0)
    ORDER BY stage IN ('closed', 'cancelled'), due NULLS LAST, planned_on DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

RESULTS = """SELECT year, unit, inspections, score_sum, open_issues FROM views.inspection_results
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    ORDER BY year DESC, unit LIMIT %(limit)s OFFSET %(offset)s"""

EXPORTS = """SELECT * FROM views.exports WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL
    ORDER BY exported_on DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

SUBJECTS = {key: one.title for key, one in SCHEME.subjects.items()}
MOST = SCHEME.points * len(SCHEME.questions)


def due_cell(row: Shown) -> Any:
    """The next day by which something is to be put right, and whether days were missed."""
    return ("!", f"逾期 {row['misses']} 项") if row["misses"] and row["open_issues"] else str(row["due"] or "")


def survey_cell(row: Shown) -> str:
    """The two rates."""
    return f"知晓 {rate(row['aware'], row['asked'])}，满意 {rate(row['satisfied'], row['asked'])}" if row["asked"] else ""


LISTS = (
    Listing(
        "inspections",
        "监督检查",
        "audit.read_inspection",
        INSPECTIONS,
        (
            Column("检查", lambda row: (f"/audit/inspections/{row['id']}", row["name"])),
            Column("方法", lambda row: SCHEME.kinds[row["kind"]].title),
            Column("内容", lambda row: SUBJECTS[row["subject"]]),
            Column("科室", lambda row: ("@", row["unit"])),
            Column("检查日期", lambda row: str(row["planned_on"])),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("得分", lambda row: f"{row['total']} / {MOST}" if row["total"] is not None else survey_cell(row)),
            Column("未解决问题", lambda row: f"{row['open_issues']} / {row['issues']}" if row["issues"] else ""),
            Column("解决期限", due_cell),
        ),
        {
            "stage": ("状态", {stage.value: title for stage, title in TITLES.items()}),
            "kind": ("方法", {key: kind.title for key, kind in SCHEME.kinds.items()}),
            "subject": ("内容", SUBJECTS),
            "open": ("问题", {"1": "有未解决的问题"}),
        },
        "inspections",
        "党组负责，公开办组织实施；定期与不定期相结合，按六问评分，发现问题逐项登记、限期解决、销号。",
        "没有符合条件的检查。",
    ),
    Listing(
        "results",
        "检查结果",
        "audit.read_inspection",
        RESULTS,
        (
            Column("年度", lambda row: (f"/audit/results/{row['year']}", f"{row['year']} 年")),
            Column("科室", lambda row: ("@", row["unit"])),
            Column("检查次数", lambda row: row["inspections"]),
            Column("平均得分", lambda row: average(row["score_sum"], row["inspections"])),
            Column("未解决问题", lambda row: ("!", str(row["open_issues"])) if row["open_issues"] else "0"),
        ),
        lead="检查结果是考核评价的重要内容；点年度可以导出，报送目标管理和党风廉政责任制考核。",
        empty="还没有检查结果。",
    ),
    Listing(
        "exports",
        "结果报送",
        "audit.export_results",
        EXPORTS,
        (
            Column("报送", lambda row: (f"/audit/exports/{row['id']}", f"{row['year']} 年")),
            Column("用于", lambda row: CHOICES[row["purpose"]]),
            Column("报送给", lambda row: row["recipient"]),
            Column("文号", lambda row: row["document"]),
            Column("日期", lambda row: str(row["exported_on"])),
        ),
        lead="每次报送都留下记录：哪一年的结果、报送给谁、文件的散列值。",
        empty="还没有报送。请先在“检查结果”中导出。",
    ),
)


def average(total: int, count: int) -> str:
    """Points by inspection, with one digit, rounded half up."""
    if not count:
        return ""
    tenths = (20 * total + count) // (2 * count)
    return f"{tenths // 10}.{tenths % 10} / {MOST}"


NEXT: dict[Stage, str] = {
    Stage.PLANNED: "登记检查结果。",
    Stage.APPROVED: "登记检查结果。",
    Stage.RECORDED: "问题全部解决以后，办结检查。",
    Stage.CLOSED: "",
    Stage.CANCELLED: "",
}


def next_step(state: Inspection) -> str:
    """What comes next."""
    kind = SCHEME.kinds[state.kind]
    if state.stage is Stage.PLANNED and kind.approval:
        return "党组或者领导小组负责人批准检查方案。"
    if state.stage in (Stage.PLANNED, Stage.APPROVED) and kind.team and state.head is None:
        return "成立督导组。"
    if state.stage is Stage.RECORDED and state.open_orders:
        return f"被检查的科室在 {min(one.due for one in state.open_orders)} 以前整改并报告。"
    if state.stage is Stage.RECORDED and state.open_issues:
        return f"在 {min(one.due for one in state.open_issues)} 以前解决第 {'、'.join(str(one.number) for one in state.open_issues)} 项问题并销号。"
    return NEXT[state.stage]


async def show(running: Running, _request: Request, state: Inspection, agency: AgencyFacts, _made: Shown, _tried: Tried | None) -> Shown:
    """The plan, the six questions, the surveys, the problems, and what was ordered."""
    directory: Any = running.doorkeeper
    today = agency_day(running, agency)
    names = [running.doorkeeper.name_of(str(one)) for one in (state.head, *state.members) if one]
    result = state.recorded
    sections: list[Shown] = []
    if result is not None:
        rows = [(title, result.scores[key], result.notes.get(key, "")) for key, title in SCHEME.questions.items()]
        caption = f"合计 {result.total} 分，满分 {MOST} 分"
        sections.append({"title": "六问评分", "columns": ("问", "得分", "说明"), "rows": rows, "caption": caption})
        sections.append({"title": "总的情况", "text": result.summary})
    if state.surveys:
        surveys = [
            (one.among, one.method, one.asked, f"{one.aware}（{rate(one.aware, one.asked)}）", f"{one.satisfied}（{rate(one.satisfied, one.asked)}）")
            for one in state.surveys
        ]  # fmt: skip
        sections.append(
            {
                "title": "知晓率、满意率",
                "columns": ("对象", "方法", "调查人数", "知晓", "满意"),
                "rows": surveys,
                "caption": "比率由人数算出",
            }
        )
    issues = [
        (
            one.number, SCHEME.questions[one.question], one.what,
            str(one.due) if one.closed or one.due >= today else ("!", f"{one.due} 已逾期"),
            f"{one.closed}（{one.evidence}）" if one.closed else ("#", "未解决"),
        )
        for one in state.issues
    ]  # fmt: skip
    columns = ("序号", "六问", "问题", "期限", "解决")
    counted = f"共 {len(state.issues)} 项，未解决 {len(state.open_issues)} 项"
    sections.append(
        {"title": "问题", "columns": columns, "rows": issues, "caption": counted, "empty": "没有登记问题。" if state.held else ""}
    )
    if state.orders:
        orders = [
            (
                one.number, "、".join(str(issue) for issue in one.issues), one.demand, one.document,
                str(one.due) if one.report or one.due >= today else ("!", f"{one.due} 已逾期"), one.report or ("#", "未报告"),
            )
            for one in state.orders
        ]  # fmt: skip
        ordered = ("序号", "问题", "要求", "文号", "期限", "整改情况")
        counted = f"共 {len(state.orders)} 项，未完成 {len(state.open_orders)} 项"
        sections.append({"title": "限期整改", "columns": ordered, "rows": orders, "caption": counted})
    if state.criticisms:
        rows_of = [(one.document, one.reason) for one in state.criticisms]
        sections.append({"title": "通报批评", "columns": ("文号", "理由"), "rows": rows_of})
    if state.conclusion:
        sections.append({"title": "检查结论", "text": state.conclusion})
    return {
        "title": state.name,
        "next": next_step(state),
        "facts": [
            ("状态", ("#", TITLES[state.stage])),
            ("方法", SCHEME.kinds[state.kind].title),
            ("内容", SUBJECTS[state.subject]),
            ("被检查的科室", directory.unit_name(agency.code, state.unit)),
            ("检查日期", str(state.on)),
            ("依据", state.basis),
            ("督导组", f"组长 {names[0]}" + (f"，成员 {'、'.join(names[1:])}" if names[1:] else "") if state.head else ""),
            ("随行监督员", f"{len(state.supervisors)} 人" if state.supervisors else ""),
        ],
        "sections": sections,
    }


async def show_export(
    _running: Running, _request: Request, state: ResultExport, _agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """What was given to whom."""
    made = state.exported
    assert made is not None
    return {
        "title": f"报送 {made.year} 年检查结果",
        "facts": [
            ("用于", CHOICES[made.purpose]),
            ("报送给", made.to),
            ("文号", made.document),
            ("日期", str(state.on)),
            ("结果文件的 SHA-256", made.sha256),
            ("现在的结果", (f"/audit/results/{made.year}", f"{made.year} 年")),
        ],
    }


TITLED = {"question": SCHEME.questions, "subject": SUBJECTS}

ROOMS = (
    Room("inspections", "监督检查", inspection, "audit.read_inspection", show, PlanInspection, titles=TITLED),
    Room("exports", "结果报送", result_export, "audit.export_results", show_export, RecordExport),
)
