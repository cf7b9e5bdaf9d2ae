"""The workbench of publishing: what is due, the catalogue and its year, and each thing on a page of its own with what may be done now."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.publishing.api import CONSULTATIONS, INTERPRETATIONS, PAGE, PUBLICATIONS, listed
from services.publishing.consultation.state import TITLES as MATTER_TITLES
from services.publishing.consultation.state import Stage as MatterStage
from services.publishing.due import what_is_due
from services.publishing.files import Admitted, admitted, files_in, give
from services.publishing.publication.state import TITLES, Stage
from services.publishing.rooms import LATE, ROOMS, Room, choices, own_specs, with_choices
from services.publishing.year import STATES, overview
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Problem
from shared.kernel.routes import load, permit
from shared.kernel.running import Running
from shared.web.acting import act, agency_day, days_left, heading, simulated_day, told
from shared.web.acts import Tried, context, spec_of
from shared.web.forms import CHOICES, faults_of, fields_of, parse
from shared.web.rendering import check_token, from_own_page, moved, official, page, posted, visitor

FOLDER = "publishing/templates"


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/publishing")

    def seen(request: Request) -> tuple[AgencyFacts, frozenset[str] | None]:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        return agency, running.doorkeeper.reach(who, "publishing.read", agency)

    async def home(request: Request) -> Response:
        if visitor(running, request) is None:
            return moved("/publishing/portal/")
        agency, units = seen(request)
        return page(running, request, f"{FOLDER}/due.html", due=await what_is_due(running, agency, units), here="/publishing/")

    async def catalogue(request: Request, year: str = "", missed: str = "") -> Response:
        agency, units = seen(request)
        today = agency_day(running, agency)
        chosen = int(year) if year.isascii() and year.isdigit() and 2000 <= int(year) <= 2999 else today.year
        found = await overview(running, agency.code, units, chosen, today, missed=bool(missed))
        return page(
            running, request, f"{FOLDER}/catalogue.html", **found, states=STATES, kinds=CHOICES, missed=missed, here="/publishing/catalogue"
        )

    async def publications(request: Request, stage: str = "", number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        agency, units = seen(request)
        chosen = Stage(stage) if stage in TITLES else None
        found = await listed(running, PUBLICATIONS, agency.code, units, number, stage=chosen)
        rows = [{**row, "left": days_left(running, agency, row["due"]) if row["waits"] else None} for row in found]
        return a_list(running, request, "publications", rows, number, stages=TITLES, stage=stage)

    async def consultations(request: Request, stage: str = "", number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        agency, units = seen(request)
        chosen = MatterStage(stage) if stage in MATTER_TITLES else None
        found = await listed(running, CONSULTATIONS, agency.code, units, number, stage=chosen)
        return a_list(running, request, "consultations", found, number, stages=MATTER_TITLES, stage=stage)

    async def interpretations(request: Request, number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        agency, units = seen(request)
        found = await listed(running, INTERPRETATIONS, agency.code, units, number)
        rows = [{**row, "left": days_left(running, agency, row["due"]) if row["waits"] else None} for row in found]
        return a_list(running, request, "interpretations", rows, number, stages={}, stage="")

    for path, endpoint in (
        ("/", home),
        ("/catalogue", catalogue),
        ("/publications", publications),
        ("/consultations", consultations),
        ("/interpretations", interpretations),
    ):
        made.add_api_route(path, endpoint, methods=["GET"], response_model=None)
    add_files(made, running)
    for room in ROOMS:
        add_room(made, running, room)
    return made


def a_list(running: Running, request: Request, name: str, rows: list[dict[str, Any]], number: int, **more: Any) -> Response:
    """A page of a list."""
    return page(
        running,
        request,
        f"{FOLDER}/{name}.html",
        rows=rows,
        page_number=number,
        more=len(rows) == PAGE,
        kinds=CHOICES,
        here=f"/publishing/{name}",
        **more,
    )


def add_files(made: APIRouter, running: Running) -> None:
    """The upload to a publication, streamed like over the API, and the download."""
    room = next(one for one in ROOMS if one.path == "publications")

    async def uploaded(request: Request, id: UUID) -> Response:
        who = official(running, request)
        from_own_page(request)

        async def admit(fields: dict[str, str]) -> Admitted:
            check_token(request, fields.get("_token", ""))
            return await admitted(running, who, id, fields)

        try:
            await files_in(running).upload(request, admit)
        except Problem as problem:
            return await thing_page(running, request, room, id, problem=problem)
        return moved(f"/publishing/publications/{id}")

    async def download(request: Request, id: UUID, sha256: str) -> Response:
        return await give(running, official(running, request), id, sha256)

    made.add_api_route("/publications/{id}/files", uploaded, methods=["POST"], response_model=None)
    made.add_api_route("/publications/{id}/files/{sha256}", download, methods=["GET"], response_model=None)


def add_room(made: APIRouter, running: Running, room: Room) -> None:
    """The pages of a kind of thing: a form for a new one, one of them, and its acts."""

    async def new(request: Request) -> Response:
        known = {name: [value] for name, value in request.query_params.items()}
        return await new_page(running, request, room, known)

    async def created(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        typed = await posted(request)
        assert room.creating is not None
        command, wrong = parse(room.creating, typed)
        if command is None:
            return await new_page(running, request, room, typed, wrong, refused=True)
        try:
            actor, agency, within = await permit(running, who, command, agency, None)
            receipt = await running.execute(command, None, actor, agency, today=simulated_day(agency, typed), within=within)
            await running.views.wait(receipt.position, running.settings.view_wait_seconds)
        except Problem as problem:
            faults = {one["field"]: one["sentence"] for one in problem.fields}
            return await new_page(running, request, room, typed, faults, problem, refused=True)
        return moved(f"/publishing/{room.path}/{receipt.id}")

    async def one(request: Request, id: UUID) -> Response:
        return await thing_page(running, request, room, id)

    async def acted(request: Request, id: UUID, verb: str) -> Response:
        who = official(running, request)
        state, agency = await load(running, room.aggregate, id)
        running.doorkeeper.authorise(who, room.read, agency, unit=state.responsible_unit)
        typed = await posted(request)
        problem, wrong = await act(running, who, agency, spec_of(own_specs(running, room), verb), id, typed)
        if problem is None and not wrong:
            return moved(f"/publishing/{room.path}/{id}")
        return await thing_page(running, request, room, id, Tried(verb, typed, wrong, problem))

    if room.creating is not None:
        made.add_api_route(f"/{room.path}/new", new, methods=["GET"], response_model=None)
        made.add_api_route(f"/{room.path}/new", created, methods=["POST"], response_model=None)
    made.add_api_route(f"/{room.path}/{{id}}", one, methods=["GET"], response_model=None)
    made.add_api_route(f"/{room.path}/{{id}}/{{verb}}", acted, methods=["POST"], response_model=None)


async def new_page(
    running: Running,
    request: Request,
    room: Room,
    typed: dict[str, list[str]],
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
    *,
    refused: bool = False,
) -> Response:
    """The form of a new thing; what a link already knows stands in it."""
    who = official(running, request)
    agency = running.doorkeeper.agency(who.agency)
    assert room.creating is not None
    running.doorkeeper.reach(who, room.creating.spec.capability, agency)
    fields = fields_of(room.creating, typed, wrong, only=tuple(name for name in room.creating.model_fields if name not in LATE))
    with_choices(fields, await choices(running, agency))
    return page(
        running,
        request,
        f"{FOLDER}/new.html",
        status=problem.status if problem else 422 if refused else 200,
        room=room,
        title=room.creating.spec.title,
        lead=room.creating.__doc__,
        fields=fields,
        late=fields_of(room.creating, typed, wrong, only=LATE),
        wrong=faults_of(room.creating, wrong or {}),
        problem=told(problem),
        heading=heading(problem),
        simulated=agency.simulated,
        today=agency_day(running, agency),
    )


async def thing_page(
    running: Running, request: Request, room: Room, id: UUID, tried: Tried | None = None, problem: Problem | None = None
) -> Response:
    """A thing as it stands, and what may be done now; `problem`: what an upload was refused with."""
    who = official(running, request)
    state, agency = await load(running, room.aggregate, id)
    running.doorkeeper.authorise(who, room.read, agency, unit=state.responsible_unit)
    made = context(running, who, state, agency, own_specs(running, room), tried)
    if problem is not None:
        made |= {"status": problem.status, "problem": told(problem), "heading": heading(problem)}
    offered = await choices(running, agency)
    for one in made["acts"]:
        with_choices(one["fields"], offered)
    shown = await room.show(running, request, state, agency, made, tried)
    return page(running, request, f"{FOLDER}/{room.template}", state=state, kinds=CHOICES, room=room, **{**made, **shown})
