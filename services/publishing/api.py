"""What publishing answers beyond its commands: the catalogue and the publications in lists, and what changed between two versions."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.publishing.publication.content import differences
from services.publishing.publication.state import TITLES, Publication, Stage, publication
from shared.kernel.errors import NotFound
from shared.kernel.routes import PROBLEMS, answer, load, reach, signed_in
from shared.kernel.running import Running

CATALOGUE = """SELECT * FROM views.entries WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    AND (NOT %(missed)s OR missed > 0) ORDER BY retired, category, name, id LIMIT %(limit)s OFFSET %(offset)s"""

PUBLICATIONS = """SELECT * FROM views.publications WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    AND (%(stage)s::text IS NULL OR stage = %(stage)s) ORDER BY waits DESC, due, id LIMIT %(limit)s OFFSET %(offset)s"""

PAGE = 50
"""Rows on a page."""


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()

    async def listed(request: Request, statement: str, page: int, **wanted: Any) -> tuple[list[dict[str, Any]], str]:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "publishing.read", agency)
        await reach(running, request)
        position = await running.views.read_position()
        seen = {"agency": agency.code, "reach": None if units is None else sorted(units), "limit": PAGE, "offset": (page - 1) * PAGE}
        return await running.query(statement, {**seen, **wanted}, agency=agency.code), f"publishing:{position}"

    async def catalogue(request: Request, missed: bool = False, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        found, position = await listed(request, CATALOGUE, page, missed=missed)
        return answer({"entries": found, "page": page, "more": len(found) == PAGE, "position": position})

    async def publications(request: Request, stage: Stage | None = None, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        found, position = await listed(request, PUBLICATIONS, page, stage=stage)
        rows = [{**row, "stage_title": TITLES[Stage(row["stage"])]} for row in found]
        return answer({"publications": rows, "page": page, "more": len(found) == PAGE, "position": position})

    async def changes(request: Request, id: UUID, version: int) -> Response:
        who = signed_in(running, request)
        state, agency = await load(running, publication, id)
        running.doorkeeper.authorise(who, "publishing.read", agency, unit=state.responsible_unit)
        assert isinstance(state, Publication)
        versions = {one.version: one for one in state.versions}
        if version not in versions or version - 1 not in versions:
            raise NotFound("no-such-version", "没有这一版，或者没有可以比较的前一版。")
        return answer({"version": version, "differences": differences(versions[version - 1], versions[version])})

    def read(path: str, endpoint: Any, summary: str) -> None:
        made.add_api_route(path, endpoint, methods=["GET"], summary=summary, response_model=None, responses=PROBLEMS)

    read("/catalogue-entries", catalogue, "公开目录")
    read("/publications", publications, "公开信息列表")
    read("/publications/{id}/versions/{version}/differences", changes, "与前一版的差异")
    return made
