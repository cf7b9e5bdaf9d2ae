"""The list, the pages and the public form of claims to have a record corrected (Decree 711, Article 41)."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.requests.pages import only_agency
from services.requests.record_correction.commands import ClaimCorrection
from services.requests.record_correction.state import GROUNDS, TITLES, RecordCorrection, Stage, record_correction
from shared.kernel.commands import AgencyFacts, CommandSpec
from shared.kernel.errors import Problem, TooMany
from shared.kernel.routes import PROBLEMS, answer, load, reach, signed_in
from shared.kernel.running import Running
from shared.web.acting import act, agency_day, days_left, heading, simulated_day, told
from shared.web.acts import Tried, context, spec_of
from shared.web.forms import CHOICES, as_choice, faults_of, fields_of, parse
from shared.web.rendering import moved, official, page, posted

LIST = """SELECT * FROM views.corrections WHERE agency = %(agency)s
    ORDER BY NOT running, due, id LIMIT %(limit)s OFFSET %(offset)s"""

PAGE = 50
"""Claims on a page."""

FIELDS = ("ground", "claimant_name", "id_number", "contact", "record", "wanted", "proof")
"""What a member of the public fills in."""

CLERKS_FIELDS = (*FIELDS, "channel", "receipt")
"""What a clerk fills in, for what came by letter or was said at the counter."""


def api(running: Running) -> APIRouter:
    """The list as JSON."""
    made = APIRouter()

    async def claims(request: Request, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, "requests.read_correction", agency)
        await reach(running, request)
        found = await list_claims(running, agency.code, page)
        position = await running.views.read_position()
        return answer({"claims": found, "page": page, "more": len(found) == PAGE, "position": f"requests:{position}"})

    made.add_api_route("/record-corrections", claims, methods=["GET"], summary="更正申请列表", response_model=None, responses=PROBLEMS)
    return made


async def list_claims(running: Running, agency: str, number: int) -> list[dict[str, Any]]:
    """A page of the claims, those whose day can still be missed first."""
    rows = await running.query(LIST, {"agency": agency, "limit": PAGE, "offset": (number - 1) * PAGE}, agency=agency)
    return [
        {
            **row,
            "stage_title": TITLES[Stage(row["stage"])],
            "ground_title": GROUNDS[row["ground"]],
            "href": f"/api/requests/record-corrections/{row['id']}",
        }
        for row in rows
    ]


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/requests")

    async def correct(request: Request) -> Response:
        return public_page(running, request)

    async def claimed(request: Request) -> Response:
        agency = running.agency_for(None, request.query_params.get("agency") or only_agency(running))
        typed = await posted(request)
        if not running.allow_public(request.client.host if request.client else "unknown"):
            raise TooMany("too-many", "提交过于频繁，请稍后再试。", retry_after=60)
        command, wrong = parse(ClaimCorrection, chosen(typed, FIELDS))
        if command is None:
            return public_page(running, request, typed, wrong)
        try:
            actor = running.doorkeeper.authorise(None, "requests.claim_correction", agency)
            receipt = await running.execute(command, None, actor, agency)
        except Problem as problem:
            return public_page(running, request, typed, {one["field"]: one["sentence"] for one in problem.fields}, problem)
        return page(running, request, "requests/templates/claimed.html", status=201, id=receipt.id, to=agency)

    async def claims(request: Request, number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.authorise(who, "requests.read_correction", agency)
        found = await list_claims(running, agency.code, number)
        return page(
            running,
            request,
            "requests/templates/corrections.html",
            claims=[{**row, "left": days_left(running, agency, row["due"])} for row in found],
            kinds=CHOICES,
            page_number=number,
            more=len(found) == PAGE,
        )

    async def new(request: Request) -> Response:
        return noting_page(running, request)

    async def noted(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        typed = await posted(request)
        command, wrong = parse(ClaimCorrection, chosen(typed, CLERKS_FIELDS))
        if command is None:
            return noting_page(running, request, typed, wrong)
        try:
            actor = running.doorkeeper.authorise(who, "requests.claim_correction", agency)
            receipt = await running.execute(command, None, actor, agency, today=simulated_day(agency, typed))
            await running.views.wait(receipt.position, running.settings.view_wait_seconds)
        except Problem as problem:
            return noting_page(running, request, typed, {one["field"]: one["sentence"] for one in problem.fields}, problem)
        return moved(f"/requests/corrections/{receipt.id}")

    async def one(request: Request, id: UUID) -> Response:
        return await claim_page(running, request, id)

    async def acted(request: Request, id: UUID, verb: str) -> Response:
        who = official(running, request)
        _, agency = await load(running, record_correction, id)
        running.doorkeeper.authorise(who, "requests.read_correction", agency)
        typed = await posted(request)
        problem, wrong = await act(running, who, agency, spec_of(specs(running), verb), id, typed)
        if problem is None and not wrong:
            return moved(f"/requests/corrections/{id}")
        return await claim_page(running, request, id, Tried(verb, typed, wrong, problem))

    for path, endpoint, method in (
        ("/correct", correct, "GET"),
        ("/correct", claimed, "POST"),
        ("/corrections", claims, "GET"),
        ("/corrections/new", new, "GET"),
        ("/corrections/new", noted, "POST"),
        ("/corrections/{id}", one, "GET"),
        ("/corrections/{id}/{verb}", acted, "POST"),
    ):
        made.add_api_route(path, endpoint, methods=[method], response_model=None)
    return made


def specs(running: Running) -> list[CommandSpec]:
    """The commands on a claim."""
    return [spec for spec in running.service.commands if spec.aggregate is record_correction and not spec.creates and not spec.internal]


def chosen(typed: dict[str, list[str]], fields: tuple[str, ...]) -> dict[str, list[str]]:
    """What a form may say."""
    return {name: value for name, value in typed.items() if name in fields}


def form(
    running: Running,
    agency: AgencyFacts,
    fields: tuple[str, ...],
    typed: dict[str, list[str]] | None,
    wrong: dict[str, str] | None,
    problem: Problem | None,
) -> dict[str, Any]:
    """A form with what was typed and what is wrong with it; its grounds are those that the agency's rulebook knows, and so is whether it needs proof."""
    made = fields_of(ClaimCorrection, typed, wrong, only=fields)
    book = running.doorkeeper.laws(agency).rulebook_of(agency.rulebook)
    for field in made:
        if field.name == "ground":
            as_choice(field, [(one, GROUNDS[one]) for one in book.correction.grounds])
        if field.name == "proof":
            field.required = book.says("correction_needs_evidence")
    return {
        "status": problem.status if problem else 422 if typed else 200,
        "fields": made,
        "wrong": faults_of(ClaimCorrection, wrong or {}),
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
    return page(running, request, "requests/templates/correct.html", to=agency, **form(running, agency, FIELDS, typed, wrong, problem))


def noting_page(
    running: Running,
    request: Request,
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """A clerk's form."""
    who = official(running, request)
    agency = running.doorkeeper.agency(who.agency)
    running.doorkeeper.authorise(who, "requests.claim_correction", agency)
    made = form(running, agency, CLERKS_FIELDS, typed, wrong, problem)
    return page(
        running,
        request,
        "requests/templates/new_correction.html",
        simulated=agency.simulated,
        today=agency_day(running, agency),
        **made,
    )


async def claim_page(running: Running, request: Request, id: UUID, tried: Tried | None = None) -> Response:
    """A claim, and what may be done now."""
    who = official(running, request)
    state, agency = await load(running, record_correction, id)
    running.readings.saw(running.doorkeeper.authorise(who, "requests.read_correction", agency), agency, state)
    assert isinstance(state, RecordCorrection)
    shown = await asyncio.to_thread(running.shown, state)
    return page(
        running,
        request,
        "requests/templates/correction.html",
        state=state,
        shown=shown,
        title=TITLES[state.stage],
        ground=GROUNDS.get(state.ground, state.ground),
        channel=CHOICES.get(state.channel, state.channel),
        left=days_left(running, agency, state.deadline.due if state.deadline else None),
        **context(running, who, state, agency, specs(running), tried),
    )
