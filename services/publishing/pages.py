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
from services.publishing.rooms import BENCH, FOLDER, ROOMS
from services.publishing.year import STATES, overview
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Problem
from shared.kernel.running import Running
from shared.web.acting import agency_day, days_left
from shared.web.forms import CHOICES
from shared.web.rendering import check_token, from_own_page, moved, official, page, visitor
from shared.web.rooms import add_room, thing_page


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
        return page(running, request, f"{FOLDER}/due.html", due=await what_is_due(running, agency, units))

    async def catalogue(request: Request, year: str = "", missed: str = "") -> Response:
        agency, units = seen(request)
        today = agency_day(running, agency)
        chosen = int(year) if year.isascii() and year.isdigit() and 2000 <= int(year) <= 2999 else today.year
        found = await overview(running, agency.code, units, chosen, today, missed=bool(missed))
        return page(running, request, f"{FOLDER}/catalogue.html", **found, states=STATES, kinds=CHOICES, missed=missed)

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
        add_room(made, running, BENCH, room)
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
            return await thing_page(running, request, BENCH, room, id, problem=problem)
        return moved(f"/publishing/publications/{id}")

    async def download(request: Request, id: UUID, sha256: str) -> Response:
        return await give(running, official(running, request), id, sha256)

    made.add_api_route("/publications/{id}/files", uploaded, methods=["POST"], response_model=None)
    made.add_api_route("/publications/{id}/files/{sha256}", download, methods=["GET"], response_model=None)
