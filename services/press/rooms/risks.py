"""Risk assessments on pages and as JSON: what waits first."""

from typing import Any

from fastapi import APIRouter, Query, Request, Response

from services.press.risk_assessment.commands import OpenRiskAssessment
from services.press.risk_assessment.decisions import TITLES, RiskAssessment, Stage, risk_assessment
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, reach, signed_in
from shared.kernel.running import Running
from shared.web.acts import Tried
from shared.web.forms import CHOICES
from shared.web.rooms import Column, Listing, Room, Shown

RISKS = """SELECT * FROM views.risks
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    ORDER BY stage IN ('assessed', 'settled'), opened_on, id LIMIT %(limit)s OFFSET %(offset)s"""

PAGE = 50
"""Rows on a page."""

LISTS = (
    Listing(
        "risks",
        "风险评估",
        "press.read",
        RISKS,
        (
            Column("决策事项", lambda row: (f"/press/risk-assessments/{row['id']}", row["title"])),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("等级", lambda row: CHOICES.get(row["level"], row["level"])),
            Column("承办科室", lambda row: ("@", row["unit"])),
            Column("提出", lambda row: str(row["opened_on"])),
            Column("评估", lambda row: str(row["assessed_on"]) if row["assessed_on"] else ""),
        ),
        {"stage": ("状态", {stage.value: title for stage, title in TITLES.items()})},
        "risk-assessments",
        "涉及群众切身利益的重大决策，出台前评估舆情风险，定等级和处置预案；没有评估的，不能公开决策。",
        "没有需要评估的决策。",
    ),
)

NEXT = {
    Stage.OWED: "起草评估：评估方式、等级和处置预案。",
    Stage.DRAFTED: "由另一人核对后批准，或者退回修改。",
    Stage.ASSESSED: "情况变化的，修改后重新报批。",
    Stage.SETTLED: "重要事项中已经登记评估，不需要再办。",
}


async def show(
    running: Running, _request: Request, state: RiskAssessment, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """An assessment: for which decision, what was drafted, what holds."""
    directory: Any = running.doorkeeper
    unit = directory.unit_name(agency.code, state.unit)
    matter: Any = (f"/publishing/consultations/{state.subject}", "查看重要事项") if state.source == "publishing" else ""
    facts: list[tuple[str, Any]] = [("状态", ("#", TITLES[state.stage])), ("承办科室", unit), ("事项", matter)]
    sections: list[Shown] = []
    if state.assessed is not None:
        facts.append(("现行等级", CHOICES.get(state.assessed.level, state.assessed.level)))
        sections.append({"title": "批准的处置预案", "text": state.assessed.plan})
    if state.draft is not None and state.stage is not Stage.ASSESSED:
        methods = "、".join(CHOICES.get(one, one) for one in state.draft.methods)
        facts += [("退回意见", state.returned), ("拟定等级", CHOICES.get(state.draft.level, state.draft.level)), ("评估方式", methods)]
        sections += [{"title": "评估情况", "text": state.draft.findings}, {"title": "拟定的处置预案", "text": state.draft.plan}]
    approves = state.draft.hash if state.draft is not None and state.stage is Stage.DRAFTED else None
    return {"title": state.title, "next": NEXT[state.stage], "facts": facts, "sections": sections, "approves": approves}


ROOMS = (Room("risk-assessments", "风险评估", risk_assessment, "press.read", show, OpenRiskAssessment),)


def api(running: Running) -> APIRouter:
    """`GET /risk-assessments?stage=&page=`."""
    made = APIRouter()

    async def listed(request: Request, stage: Stage | None = None, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "press.read", agency)
        await reach(running, request)
        wanted = {"agency": agency.code, "reach": None if units is None else sorted(units), "stage": stage}
        rows = await running.query(RISKS, {**wanted, "limit": PAGE, "offset": (page - 1) * PAGE}, agency=agency.code)
        found = [{**row, "stage_title": TITLES[Stage(row["stage"])]} for row in rows]
        return answer({"assessments": found, "page": page, "more": len(found) == PAGE})

    made.add_api_route("/risk-assessments", listed, methods=["GET"], summary="风险评估列表", response_model=None, responses=PROBLEMS)
    return made
