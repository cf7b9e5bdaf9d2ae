"""What coordination answers beyond its commands: an agency's own coordinations, and the letters that are addressed to it, and to nobody else."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.review.coordination.state import ANSWERS, TITLES, Answer, Coordination, Stage, coordination
from shared.kernel.commands import AgencyFacts, CommandSpec
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import NotFound
from shared.kernel.routes import PROBLEMS, answer, load, open_commands, reach, signed_in
from shared.kernel.running import Running
from shared.law.deadlines import explain

OWN = """SELECT * FROM views.coordinations WHERE agency = %(agency)s
    AND (%(stage)s::text IS NULL OR stage = %(stage)s) AND (%(subject)s::uuid IS NULL OR subject = %(subject)s)
    AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    ORDER BY concluded_on IS NOT NULL, due, id LIMIT %(limit)s OFFSET %(offset)s"""

RECEIVED = """SELECT * FROM views.letters WHERE agency = %(agency)s AND (NOT %(open)s OR NOT closed)
    ORDER BY closed, due NULLS FIRST, id LIMIT %(limit)s OFFSET %(offset)s"""

ONE = "SELECT * FROM views.letters WHERE agency = %s AND id = %s"

PAGE = 50
"""Coordinations or letters on a page."""


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()

    async def own(
        request: Request, stage: Stage | None = None, subject: UUID | None = None, page: int = Query(default=1, ge=1, le=1000)
    ) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "review.read_coordination", agency)
        await reach(running, request)
        position = await running.views.read_position()
        found = await list_coordinations(running, agency.code, units, stage=stage, subject=subject, page=page)
        return answer({"coordinations": found, "page": page, "more": len(found) == PAGE, "position": f"review:{position}"})

    async def received(
        request: Request, open_only: bool = Query(default=False, alias="open"), page: int = Query(default=1, ge=1, le=1000)
    ) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, "review.read_coordination", agency)
        await reach(running, request)
        position = await running.views.read_position()
        found = await list_letters(running, agency.code, open_only=open_only, page=page)
        return answer({"letters": found, "page": page, "more": len(found) == PAGE, "position": f"review:{position}"})

    async def letter(request: Request, id: UUID) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, "review.read_coordination", agency)
        await reach(running, request)
        state, asker = await letter_state(running, agency.code, id)
        return answer({**letter_content(running, state, asker, agency.code), "id": str(id), "actions": acts(running, state, asker, who)})

    async def clock(request: Request, id: UUID) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, "review.read_coordination", agency)
        state, asker = await letter_state(running, agency.code, id)
        return answer({"id": str(id), **explained(running, state, asker, agency.code)})

    for path, endpoint, summary in (
        ("/coordinations", own, "本机关提出的协调"),
        ("/letters", received, "发给本机关的协调函"),
        ("/letters/{id}", letter, "一份协调函"),
        ("/letters/{id}/clock", clock, "逐日说明答复期限"),
    ):
        made.add_api_route(path, endpoint, methods=["GET"], summary=summary, response_model=None, responses=PROBLEMS)
    return made


async def list_coordinations(
    running: Running,
    agency: str,
    units: frozenset[str] | None,
    *,
    stage: Stage | None = None,
    subject: UUID | None = None,
    page: int = 1,
) -> list[dict[str, Any]]:
    """A page of the coordinations of these units (None: of all), open ones first, by due date."""
    wanted = {"agency": agency, "reach": None if units is None else sorted(units), "stage": stage, "subject": subject}
    rows = await running.query(OWN, {**wanted, "limit": PAGE, "offset": (page - 1) * PAGE}, agency=agency)
    return [{**row, "stage_title": TITLES[Stage(row["stage"])], "href": f"/api/review/coordinations/{row['id']}"} for row in rows]


async def list_letters(running: Running, agency: str, *, open_only: bool = False, page: int = 1) -> list[dict[str, Any]]:
    """A page of the letters to this agency, those that wait first. The database shows no other agency's."""
    rows = await running.query(RECEIVED, {"agency": agency, "open": open_only, "limit": PAGE, "offset": (page - 1) * PAGE}, agency=agency)
    return [
        {
            **row,
            "asker_name": running.doorkeeper.agency(row["asker"]).name,
            "answer_title": ruling_title(row) if row["ruling"] else ANSWERS[Answer(row["answer"])],
            "href": f"/api/review/letters/{row['id']}",
        }
        for row in rows
    ]


def ruling_title(row: dict[str, Any]) -> str:
    """What has become of what a department is to decide."""
    return "已决定" if row["answer"] == Answer.CONFIRMED else "待决定"


async def letter_state(running: Running, agency: str, id: UUID) -> tuple[Coordination, AgencyFacts]:
    """The coordination of a letter to this agency, and who has asked; raises `NotFound` for any other letter."""
    rows = await running.query(ONE, (agency, id), agency=agency)
    if not rows:
        raise NotFound("not-found", "没有找到该函，请核对编号。")
    state, asker = await load(running, coordination, rows[0]["coordination"])
    assert isinstance(state, Coordination)
    return state, asker


def letter_content(running: Running, state: Coordination, asker: AgencyFacts, agency: str) -> dict[str, Any]:
    """What an addressee may see: its own letter and answer, and what it came to; the department that decides sees every answer."""
    mine = state.letter(agency)
    seen = state.letters if mine is None else (mine,)
    return {
        "coordination": str(state.id),
        "asker": asker.code,
        "asker_name": asker.name,
        "item": state.item,
        "files": msgspec.to_builtins(state.files),
        "urgent": state.urgent,
        "co_made": state.co_made,
        "ruling": mine is None,
        "reason": state.escalation.reason if mine is None and state.escalation else None,
        "letters": msgspec.to_builtins(seen),
        "version": state.version,
        "outcome": state.outcome,
        "outcome_title": TITLES[state.outcome] if state.outcome else None,
        "document": state.ruling.document if state.ruling and state.ruling_confirmed else None,
    }


ANSWERING = ("confirm-letter", "object-to-letter")
"""What an addressee may do; the other shared acts are the department's that decides."""


def shared_specs(running: Running, state: Coordination, agency: str) -> list[CommandSpec]:
    """The commands by which this other agency takes part."""
    answers = state.letter(agency) is not None
    shared = [spec for spec in running.service.commands if spec.aggregate is coordination and spec.shared]
    return [spec for spec in shared if (spec.verb in ANSWERING) is answers]


def acts(running: Running, state: Coordination, asker: AgencyFacts, who: SignedIn | None) -> list[dict[str, Any]]:
    """What this official of another agency may do now, and why not the rest."""
    return open_commands(running, shared_specs(running, state, who.agency if who else ""), state, asker, who)


def explained(running: Running, state: Coordination, asker: AgencyFacts, agency: str) -> dict[str, Any]:
    """The day of a letter's answer, day by day, under the rulebook of the coordination and the calendar of who has asked."""
    letter = state.letter(agency)
    if letter is None:
        raise NotFound("no-clock", "协调决定没有规定期限。")
    laws = running.doorkeeper.laws(asker)
    days = explain(state.clock(letter), laws.rulebook_of(letter.deadline.rulebook), laws.calendar)
    due: date = letter.deadline.due
    return {"due": due, "article": letter.deadline.article, "working_days": letter.deadline.days, "days": msgspec.to_builtins(days)}
