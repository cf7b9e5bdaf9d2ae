"""The list, the pages and the public form of inconsistency reports."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.review.inconsistency.commands import ReportInconsistency
from services.review.inconsistency.decisions import FINDINGS, TITLES, InconsistencyReport, Stage, inconsistency_report
from shared.kernel.commands import CommandSpec
from shared.kernel.errors import Problem, TooMany
from shared.kernel.routes import PROBLEMS, answer, load, reach, signed_in
from shared.kernel.running import Running
from shared.web.acting import act, agency_day, days_left, heading, simulated_day, told
from shared.web.acts import Tried, context, spec_of
from shared.web.forms import faults_of, fields_of, parse
from shared.web.rendering import moved, official, page, posted

LIST = """SELECT * FROM views.inconsistencies WHERE agency = %(agency)s
    ORDER BY NOT running, due, id LIMIT %(limit)s OFFSET %(offset)s"""

PAGE = 50
"""Reports on a page."""

FIELDS = ("content", "published", "contact")
"""What a member of the public fills in."""

OWN_FIELDS = ("content", "published", "contact", "own_finding")
"""What an official fills in: a citizen's report that came by telephone, or what the agency has found itself."""


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


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/review")

    async def report(request: Request) -> Response:
        return public_page(running, request)

    async def reported(request: Request) -> Response:
        agency = running.agency_for(None, request.query_params.get("agency") or only_agency(running))
        typed = await posted(request)
        if not running.allow_public(request.client.host if request.client else "unknown"):
            raise TooMany("too-many", "提交过于频繁，请稍后再试。", retry_after=60)
        command, wrong = parse(ReportInconsistency, chosen(typed, FIELDS))
        if command is None:
            return public_page(running, request, typed, wrong)
        try:
            actor = running.doorkeeper.authorise(None, "review.report_inconsistency", agency)
            receipt = await running.execute(command, None, actor, agency)
        except Problem as problem:
            return public_page(running, request, typed, {one["field"]: one["sentence"] for one in problem.fields}, problem)
        return page(running, request, "review/templates/reported.html", status=201, id=receipt.id, to=agency)

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

    async def new(request: Request) -> Response:
        return noting_page(running, request)

    async def noted(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        typed = await posted(request)
        command, wrong = parse(ReportInconsistency, chosen(typed, OWN_FIELDS))
        if command is None:
            return noting_page(running, request, typed, wrong)
        try:
            actor = running.doorkeeper.authorise(who, "review.report_inconsistency", agency)
            receipt = await running.execute(command, None, actor, agency, today=simulated_day(agency, typed))
            await running.views.wait(receipt.position, running.settings.view_wait_seconds)
        except Problem as problem:
            return noting_page(running, request, typed, {one["field"]: one["sentence"] for one in problem.fields}, problem)
        return moved(f"/review/inconsistencies/{receipt.id}")

    async def one(request: Request, id: UUID) -> Response:
        return await report_page(running, request, id)

    async def acted(request: Request, id: UUID, verb: str) -> Response:
        who = official(running, request)
        _, agency = await load(running, inconsistency_report, id)
        running.doorkeeper.authorise(who, "review.read_inconsistency", agency)
        typed = await posted(request)
        problem, wrong = await act(running, who, agency, spec_of(specs(running), verb), id, typed)
        if problem is None and not wrong:
            return moved(f"/review/inconsistencies/{id}")
        return await report_page(running, request, id, Tried(verb, typed, wrong, problem))

    for path, endpoint, method in (
        ("/report", report, "GET"),
        ("/report", reported, "POST"),
        ("/inconsistencies", reports, "GET"),
        ("/inconsistencies/new", new, "GET"),
        ("/inconsistencies/new", noted, "POST"),
        ("/inconsistencies/{id}", one, "GET"),
        ("/inconsistencies/{id}/{verb}", acted, "POST"),
    ):
        made.add_api_route(path, endpoint, methods=[method], response_model=None)
    return made


def specs(running: Running) -> list[CommandSpec]:
    """The commands on a report."""
    return [spec for spec in running.service.commands if spec.aggregate is inconsistency_report and not spec.creates and not spec.internal]


def chosen(typed: dict[str, list[str]], fields: tuple[str, ...]) -> dict[str, list[str]]:
    """What a form may say."""
    return {name: value for name, value in typed.items() if name.split(".")[0] in fields}


def only_agency(running: Running) -> str | None:
    """The agency that the public can only mean."""
    agencies = running.doorkeeper.agencies()
    return agencies[0].code if len(agencies) == 1 else None


def form(
    fields: tuple[str, ...], typed: dict[str, list[str]] | None, wrong: dict[str, str] | None, problem: Problem | None
) -> dict[str, Any]:
    """A form with what was typed and what is wrong with it."""
    return {
        "status": problem.status if problem else 422 if typed else 200,
        "fields": fields_of(ReportInconsistency, typed, wrong, only=fields),
        "wrong": faults_of(ReportInconsistency, wrong or {}),
        "problem": told(problem),
        "heading": heading(problem),
    }


def public_page(
    running: Running,
    request: Request,
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """The public's form."""
    agency = running.agency_for(None, request.query_params.get("agency") or only_agency(running))
    return page(running, request, "review/templates/report.html", to=agency, **form(FIELDS, typed, wrong, problem))


def noting_page(
    running: Running,
    request: Request,
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """An official's form."""
    who = official(running, request)
    agency = running.doorkeeper.agency(who.agency)
    running.doorkeeper.authorise(who, "review.report_inconsistency", agency)
    made = form(OWN_FIELDS, typed, wrong, problem)
    return page(
        running,
        request,
        "review/templates/new_inconsistency.html",
        simulated=agency.simulated,
        today=agency_day(running, agency),
        **made,
    )


async def report_page(running: Running, request: Request, id: UUID, tried: Tried | None = None) -> Response:
    """A report, and what may be done now."""
    who = official(running, request)
    state, agency = await load(running, inconsistency_report, id)
    running.readings.saw(running.doorkeeper.authorise(who, "review.read_inconsistency", agency), agency, state)
    assert isinstance(state, InconsistencyReport)
    told_of = await asyncio.to_thread(running.shown, state)
    return page(
        running,
        request,
        "review/templates/inconsistency.html",
        state=state,
        title=TITLES[state.stage],
        content=told_of["content"] or state.found,
        contact=told_of["contact"],
        findings=FINDINGS,
        left=days_left(running, agency, state.deadline.due if state.deadline else None),
        **context(running, who, state, agency, specs(running), tried),
    )
