"""The appraisal on pages: the years, the units of one, and each unit's scores with what they rest on."""

import asyncio
from typing import Any

from fastapi import Request

from services.audit.appraisal.commands import OpenAppraisal
from services.audit.appraisal.scheme import SCHEME, points_told
from services.audit.appraisal.state import SCOPES, Appraisal, appraisal
from services.audit.appraisal.state import TITLES as STANDS
from services.audit.appraisal.state import Stage as Stands
from services.audit.measures import DUTIES
from services.audit.rooms.figures import cases_of, read_up_to, table
from services.audit.supplies import counted
from services.audit.unit_appraisal.events import Basis
from services.audit.unit_appraisal.state import TITLES, Stage, UnitAppraisal, unit_appraisal
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acts import Tried
from shared.web.rooms import Column, Listing, Room, Shown

APPRAISALS = """SELECT * FROM views.appraisals WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL
    AND (%(stage)s::text IS NULL OR stage = %(stage)s) ORDER BY year DESC, scope LIMIT %(limit)s OFFSET %(offset)s"""

UNITS = """SELECT * FROM views.unit_appraisals
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(grade)s::text IS NULL OR grade = %(grade)s) ORDER BY year DESC, scope, unit LIMIT %(limit)s OFFSET %(offset)s"""

OF_APPRAISAL = "SELECT * FROM views.unit_appraisals WHERE agency = %s AND appraisal = %s ORDER BY total DESC NULLS LAST, unit"


def grade_told(row: Shown) -> str:
    """The grade and its total."""
    return f"{SCHEME.grades[row['grade']].title}（{points_told(row['total'])}）" if row["grade"] else ""


def plan_owed(row: Shown) -> Any:
    """Until when a plan of rectification is owed."""
    if row["stage"] != Stage.CRITICISED or row["plan_due"] is None:
        return ("!", "曾逾期") if row["misses"] else ""
    return ("!", f"{row['plan_due']} 已过") if row["plan_overdue"] else str(row["plan_due"])


GRADES = {key: grade.title for key, grade in SCHEME.grades.items()}

LISTS = (
    Listing(
        "appraisals",
        "考核",
        "audit.read_appraisal",
        APPRAISALS,
        (
            Column("考核", lambda row: (f"/audit/appraisals/{row['id']}", f"{row['year']} 年{SCOPES[row['scope']]}")),
            Column("状态", lambda row: ("#", STANDS[Stands(row["stage"])])),
            Column("科室", lambda row: row["units"] or ""),
            Column("自查截止", lambda row: str(row["self_check_by"] or "")),
        ),
        {"stage": ("状态", {stage.value: title for stage, title in STANDS.items()})},
        "appraisals",
        "由领导小组启动、确定对象、审定等次；评分依据由事件得出。",
        "还没有启动考核。",
    ),
    Listing(
        "unit-appraisals",
        "科室考核",
        "audit.read_appraisal",
        UNITS,
        (
            Column("考核", lambda row: (f"/audit/unit-appraisals/{row['id']}", f"{row['year']} 年{SCOPES[row['scope']]}")),
            Column("科室", lambda row: ("@", row["unit"])),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("自查", lambda row: "已提交" if row["self_checked"] else str(row["self_check_by"])),
            Column("已评", lambda row: f"{len(row['scores'])}/{len(SCHEME.standards)}"),
            Column("等次", grade_told),
            Column("整改措施", plan_owed),
        ),
        {"stage": ("状态", {stage.value: title for stage, title in TITLES.items()}), "grade": ("等次", GRADES)},
        "",
        "每个科室一份：自查、四项标准的评分和依据、异议、等次、表扬或者整改。",
        "还没有科室考核；考核通知发出以后列在这里。",
    ),
)


async def show(running: Running, _request: Request, state: Appraisal, agency: AgencyFacts, _made: Shown, _tried: Tried | None) -> Shown:
    """The frame: scope, plan, and how far each unit is."""
    directory: Any = running.doorkeeper
    rows = await running.query(OF_APPRAISAL, (agency.code, state.id), agency=agency.code)
    graded = {one.unit: one for one in state.grades}
    units = [
        (
            (f"/audit/unit-appraisals/{row['id']}", directory.unit_name(agency.code, row["unit"])),
            ("#", TITLES[Stage(row["stage"])]),
            "已提交" if row["self_checked"] else "",
            f"{len(row['scores'])}/{len(SCHEME.standards)}",
            ("!", "待答复") if row["objected"] else "",
            grade_told(row),
            graded[row["unit"]].reason if row["unit"] in graded else "",
        )
        for row in rows
    ]
    chosen = [] if units else [(directory.unit_name(agency.code, unit),) for unit in state.units]
    columns = ("科室", "状态", "自查", "已评", "异议", "等次", "说明") if units else ("科室",)
    return {
        "title": f"{state.year} 年{SCOPES[state.scope]}",
        "next": next_step(state, rows),
        "facts": [
            ("状态", ("#", STANDS[state.stage])),
            ("考核期间", f"{state.since} 至 {state.until}"),
            ("重点", state.purpose),
            ("考核小组", "、".join(directory.name_of(one) for one in state.team)),
            ("自查截止", str(state.self_check_by or "")),
        ],
        "sections": [
            *([{"title": "方案", "text": state.plan}] if state.plan else []),
            {"title": "考核对象", "columns": columns, "rows": units or chosen, "empty": "还没有确定考核对象。"},
            scheme_section(),
        ],
    }


def scheme_section() -> Shown:
    """The four standards and their criteria."""
    rows = [
        (standard.title, f"{standard.weight}%", criterion.title, f"{criterion.weight}%", "由事件得出" if criterion.measure else "由人评分")
        for standard in SCHEME.standards.values()
        for criterion in standard.criteria.values()
    ]
    return {"title": "考核标准", "columns": ("标准", "占总分", "指标", "占该标准", "怎样评"), "rows": rows}


def next_step(state: Appraisal, rows: list[Shown]) -> str:
    """What comes next."""
    match state.stage:
        case Stands.OPENED:
            return "领导小组确定考核对象。"
        case Stands.SCOPED:
            return "制定考核方案，确定自查截止日期。"
        case Stands.PLANNED:
            return "发出考核通知。"
        case Stands.SCORING:
            left = sum(len(row["scores"]) < len(SCHEME.standards) or row["objected"] for row in rows)
            return f"还有 {left} 个科室没有评完或者异议没有答复。" if left else "领导小组审定等次。"
        case Stands.SETTLED:
            return "优秀的通报表扬，不合格的通报批评、限期整改，在各科室考核中办理。"
    return ""


async def show_unit(
    running: Running, _request: Request, state: UnitAppraisal, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A unit's appraisal: its self-check, each score criterion by criterion, and what follows from the grade."""
    directory: Any = running.doorkeeper
    assert state.since is not None
    assert state.until is not None
    sections: list[Shown] = []
    until = min(running.doorkeeper.today(agency), state.until)
    cases = cases_of(state.unit, state.since, until)
    if state.self_check is not None:
        late = "（逾期提交）" if state.self_check.late else ""
        sections.append({"title": f"自查{late}", "text": f"{state.self_check.findings}\n{state.self_check.measures}"})
    for key, scored in state.scored.items():
        standard = SCHEME.standards[key]
        sections.append(
            {
                "title": f"{standard.title}：{points_told(scored.score)}",
                "columns": ("指标", "占该标准", "得分", "依据"),
                "rows": [basis_row(key, one, cases) for one in scored.bases],
                "caption": f"占总分 {standard.weight}%" + (f"；重新评分：{scored.corrects}" if scored.corrects else ""),
            }
        )
    if state.stage in (Stage.SELF_CHECK, Stage.SCORING):
        found = await asyncio.to_thread(counted, running, agency.code, state.unit, state.since, until)
        sections.append(table("考核期间的数字", found.values(), "总账中这段时间还没有本科室应办的事项。", cases))
    if state.plan is not None:
        sections.append({"title": "整改措施", "text": f"{state.plan.measures}\n完成日期：{state.plan.done_by}"})
    objection = state.correction
    return {
        "title": f"{directory.unit_name(agency.code, state.unit)} {state.year} 年考核",
        "next": next_for_unit(state),
        "facts": [
            ("状态", ("#", TITLES[state.stage])),
            ("考核", (f"/audit/appraisals/{state.appraisal}", f"{state.year} 年{SCOPES[state.scope]}")),
            ("考核期间", f"{state.since} 至 {state.until}"),
            ("自查截止", str(state.self_check_by)),
            ("等次", grade_told({"grade": state.grade, "total": state.total or 0})),
            ("等次说明", state.grade_reason),
            ("不能评优的依据", state.barred_by),
            ("异议", f"{SCHEME.standards[objection.standard].title}：{objection.reason}" if objection else ""),
            ("待重新评分", "、".join(SCHEME.standards[key].title for key in sorted(state.to_rescore))),
            ("整改措施应当提出", str(state.plan_due or "")),
            ("整改措施逾期", ("!", "、".join(str(day) for day in state.plan_overdue)) if state.plan_overdue else ""),
            ("整改措施退回", state.plan_returned),
        ],
        "sections": sections,
    }


def basis_row(standard: str, basis: Basis, cases: str) -> tuple[Any, ...]:
    """A criterion, leading to its cases: its share, its points, and what it rests on."""
    criterion = SCHEME.standards[standard].criteria[basis.criterion]
    points = points_told(basis.points) if basis.points is not None else "不计"
    figure = basis.figure
    if not criterion.measure:
        rests = basis.reason
    elif figure is None:
        rests = "没有应办的事项" if criterion.deduct is None else "没有"
    else:
        told = f"按时 {figure.on_time}、逾期 {figure.late}（写明理由 {figure.reasoned}）、未办 {figure.missed}，应办 {figure.due}"
        rests = f"{f'查实 {figure.missed} 件' if criterion.deduct is not None else told}；计到{read_up_to(figure)}"
    named = (f"{cases}{criterion.measure}#cases", criterion.title) if criterion.measure in DUTIES else criterion.title
    return named, f"{basis.weight}%", points, rests


def next_for_unit(state: UnitAppraisal) -> str:
    """What comes next."""
    left = [SCHEME.standards[key].title for key in SCHEME.standards if key not in state.scores]
    steps = {
        Stage.SELF_CHECK: f"请科室在 {state.self_check_by} 以前（含当日）提交自查。",
        Stage.SCORING: f"评分：{'、'.join(left)}。"
        if left
        else "答复异议后，由领导小组审定等次。"
        if state.correction
        else "领导小组审定等次。",
        Stage.GRADED: {SCHEME.best: "通报表扬。", SCHEME.failing: "通报批评、限期整改。"}.get(state.grade, ""),
        Stage.CRITICISED: f"请科室在 {state.plan_due} 以前（含当日）提出整改措施。",
        Stage.PLAN_SUBMITTED: "公开办审核整改措施。",
        Stage.RECTIFYING: f"科室整改，{state.plan.done_by if state.plan else ''} 以前完成；完成后由公开办核实登记。",
    }
    return steps.get(state.stage, "")


STANDARDS = {"standard": {key: standard.title for key, standard in SCHEME.standards.items()}}

ROOMS = (
    Room("appraisals", "考核", appraisal, "audit.read_appraisal", show, OpenAppraisal, titles=STANDARDS),
    Room("unit-appraisals", "科室考核", unit_appraisal, "audit.read_appraisal", show_unit, titles=STANDARDS),
)
