"""The pages of audit: how the ledger stands, the decision trail of a case, and a year under other rules."""

from datetime import date

from fastapi import APIRouter, Request, Response

from services.audit.api import could_of, replay_of, trail_of
from services.audit.heads import HEADS
from services.audit.ledger import STANDING
from services.audit.replay import MARKS, TITLES, lines
from services.audit.rooms import BENCH
from services.audit.trail import By
from services.audit.trail_pdf import as_of_told, what_was_read
from shared.access.directory import Session
from shared.kernel.errors import Invalid
from shared.kernel.running import Running
from shared.law.rulebook import rulebooks
from shared.web.rendering import may, moved, official, page


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/audit")

    async def ledger(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        if not may(running, who, "audit.read_trail") and (first := first_list(running, who)) is not None:
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

    async def trail(request: Request, id: str, as_of: str = "", by: By = "record") -> Response:
        who = official(running, request)
        found = await trail_of(running, id, who.agency, day_typed(as_of), by)
        running.doorkeeper.authorise(who, "audit.read_trail", running.doorkeeper.agency(found.agency))
        could = await could_of(running, found)
        return page(running, request, "audit/templates/trail.html", trail=found, could=could, read=what_was_read, as_of=as_of_told(found))

    async def replay(request: Request, year: int | None = None, rulebook: str = "") -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.authorise(who, "audit.read_report", agency)
        wanted = year or running.doorkeeper.today(agency).year
        found = await replay_of(running, agency, wanted, rulebook) if rulebook else None
        return page(
            running,
            request,
            "audit/templates/replay.html",
            found=found,
            lines=lines(found) if found else [],
            titles=TITLES,
            marks=MARKS,
            rulebooks=rulebooks(),
            chosen=rulebook,
            year=wanted,
        )

    made.add_api_route("/", ledger, methods=["GET"], response_model=None)
    made.add_api_route("/trails", find, methods=["GET"], response_model=None)
    made.add_api_route("/trails/{id}", trail, methods=["GET"], response_model=None)
    made.add_api_route("/replay", replay, methods=["GET"], response_model=None)
    return made


def first_list(running: Running, who: Session) -> str | None:
    """The first list of audit that this person may read: who has no business with the ledger still has some here."""
    return next((f"/audit/{one.path}" for one in BENCH.lists if may(running, who, one.read)), None)


def day_typed(text: str) -> date | None:
    """The date that a form has sent, None where it was left empty; raises `Invalid`."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid("no-date", "请填写日期，例如 2025-09-22。", fields=[{"field": "as_of", "sentence": "不是日期"}]) from None
