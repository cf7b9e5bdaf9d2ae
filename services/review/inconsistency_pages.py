"""The list, the pages and the public form of inconsistency reports."""

import asyncio
from typing import Any

from fastapi import APIRouter, Query, Request, Response

from services.review.inconsistency.commands import ReportInconsistency
from services.review.inconsistency.decisions import FINDINGS, TITLES, InconsistencyReport, Stage, inconsistency_report
from shared.kernel.commands import AgencyFacts
from shared.kernel.routes import PROBLEMS, answer, reach, signed_in
from shared.kernel.running import Running
from shared.web.acting import days_left
from shared.web.acts import Tried
from shared.web.public_forms import PublicForm
from shared.web.rendering import official, page
from shared.web.rooms import PAGE, Room, Shown, Workbench, add_room

LIST = """SELECT * FROM views.inconsistencies WHERE agency = %(agency)s
    ORDER BY NOT running, due, id LIMIT %(limit)s OFFSET %(offset)s"""

REPORT = PublicForm(
    "report",
    ReportInconsistency,
    ("content", "published", "contact"),
    title="反映信息不准确、不一致",
    lead="向{agency}反映公布的信息不准确，或者两个机关公布的信息不一致。留下联系方式的，处理后答复。",
    received="已收到您的反映",
    thanks="{agency}将核实处理；留下联系方式的，处理后答复。",
)


def api(running: Running) -> APIRouter:
    """The list as JSON."""
    made = APIRouter()

    async def reports(request: Request, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, "review.read_inconsistency", agency)
        await reach(running, request)
        found = await list_reports(running, agency.code, page)
        position = await running.views.read_position()
        return answer({"reports": found, "page": page, "more": len(found) == PAGE, "position": f"review:{position}"})

    made.add_api_route(
        "/inconsistency-reports", reports, methods=["GET"], summary="不一致反映列表", response_model=None, responses=PROBLEMS
    )
    return made


async def list_reports(running: Running, agency: str, number: int) -> list[dict[str, Any]]:
    """A page of the reports, those whose day can still be missed first."""
    rows = await running.query(LIST, {"agency": agency, "limit": PAGE, "offset": (number - 1) * PAGE}, agency=agency)
    return [{**row, "stage_title": TITLES[Stage(row["stage"])], "href": f"/api/review/inconsistency-reports/{row['id']}"} for row in rows]


async def show(
    running: Running, _request: Request, state: InconsistencyReport, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A report, its words decrypted for who may read them."""
    told_of = await asyncio.to_thread(running.shown, state)
    return {
        "title": TITLES[state.stage],
        "content": told_of["content"] or state.found,
        "contact": told_of["contact"],
        "findings": FINDINGS,
        "left": days_left(running, agency, state.deadline.due if state.deadline else None),
    }


ROOM = Room(
    "inconsistencies",
    "不一致反映",
    inconsistency_report,
    "review.read_inconsistency",
    show,
    ReportInconsistency,
    "review/templates/inconsistency.html",
    fields=("content", "published", "contact", "own_finding"),
    lead="公众以电话等方式反映的，代为登记；本机关发现其他机关发布的信息不准确、不一致的，登记后及时向主管部门或者监察部门反映。",
)

BENCH = Workbench("review", (ROOM,))


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/review")

    async def reports(request: Request, number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.authorise(who, "review.read_inconsistency", agency)
        found = await list_reports(running, agency.code, number)
        return page(
            running,
            request,
            "review/templates/inconsistencies.html",
            reports=[{**row, "left": days_left(running, agency, row["due"])} for row in found],
            page_number=number,
            more=len(found) == PAGE,
        )

    made.add_api_route("/inconsistencies", reports, methods=["GET"], response_model=None)
    add_room(made, running, BENCH, ROOM)
    return made
