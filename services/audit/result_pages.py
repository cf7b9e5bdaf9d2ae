"""The page of a year's inspection results, and the file that is exported."""

from typing import Literal

from fastapi import APIRouter, Path, Request, Response

from services.audit.inspection.decisions import rate
from services.audit.results import as_csv, as_json, results, sha256_of
from services.audit.rooms.inspections import average
from services.audit.supervision_api import given_out
from shared.kernel.running import Running
from shared.web.rendering import official, page

Year = Path(ge=2008, le=2999)


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/audit")

    async def shown(request: Request, year: int = Year) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.authorise(who, "audit.export_results", agency)
        rows = await results(running, agency.code, year)
        return page(
            running,
            request,
            "audit/templates/results.html",
            year=year,
            rows=rows,
            average=average,
            rate=rate,
            sha256=sha256_of(as_csv(rows)),
        )

    async def download(request: Request, kind: Literal["csv", "json"], year: int = Year) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.authorise(who, "audit.export_results", agency)
        rows = await results(running, agency.code, year)
        return given_out(year, kind, as_csv(rows) if kind == "csv" else as_json(agency.code, year, rows))

    made.add_api_route("/results/{year}", shown, methods=["GET"], response_model=None)
    made.add_api_route("/results/{year}/{kind}", download, methods=["GET"], response_model=None)
    return made
