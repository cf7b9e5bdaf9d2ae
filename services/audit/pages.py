"""The pages of audit: how the ledger stands, and the decision trail of a case."""

from fastapi import APIRouter, Request, Response

from services.audit.api import trail_of
from services.audit.heads import HEADS
from services.audit.ledger import STANDING
from shared.kernel.running import Running
from shared.web.rendering import official, page


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/audit")

    async def ledger(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.authorise(who, "audit.read_trail", agency)
        return page(
            running,
            request,
            "audit/templates/ledger.html",
            logs=await running.query(STANDING),
            heads={row["source"]: row for row in await running.query(HEADS)},
            quorum=running.settings.witness_quorum,
            name=running.settings.ledger_name,
            year=running.doorkeeper.today(agency).year,
        )

    async def find(request: Request, id: str = "") -> Response:
        return await trail(request, id.strip())

    async def trail(request: Request, id: str) -> Response:
        who = official(running, request)
        found = await trail_of(running, id, who.agency)
        running.doorkeeper.authorise(who, "audit.read_trail", running.doorkeeper.agency(found.agency))
        return page(running, request, "audit/templates/trail.html", trail=found)

    made.add_api_route("/", ledger, methods=["GET"], response_model=None)
    made.add_api_route("/trails", find, methods=["GET"], response_model=None)
    made.add_api_route("/trails/{id}", trail, methods=["GET"], response_model=None)
    return made
