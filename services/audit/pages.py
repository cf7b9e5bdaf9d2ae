"""The pages of audit: how the ledger stands, and the decision trail of a case."""

from fastapi import APIRouter, Request, Response

from services.audit.api import trail_of
from services.audit.heads import HEADS
from services.audit.ledger import STANDING
from services.audit.rooms import BENCH
from shared.access.directory import Session
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Forbidden
from shared.kernel.running import Running
from shared.web.rendering import moved, official, page


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/audit")

    async def ledger(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        if not may(running, who, "audit.read_trail", agency) and (first := first_list(running, who, agency)) is not None:
            return moved(first)
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


def may(running: Running, who: Session, capability: str, agency: AgencyFacts) -> bool:
    """Whether this person holds a capability, for all of the agency or for a unit."""
    try:
        running.doorkeeper.reach(who, capability, agency)
    except Forbidden:
        return False
    return True


def first_list(running: Running, who: Session, agency: AgencyFacts) -> str | None:
    """The first list of audit that this person may read: who has no business with the ledger still has some here."""
    return next((f"/audit/{one.path}" for one in BENCH.lists if may(running, who, one.read, agency)), None)
