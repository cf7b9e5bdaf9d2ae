"""The pages of coordination: what was asked of others and what others ask, one coordination, one letter as its addressee sees it."""

from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.review.coordination.commands import OpenCoordination
from services.review.coordination.state import ANSWERS, TITLES, Answer, Coordination, Letter, Stage, coordination
from services.review.coordination_api import (
    PAGE,
    explained,
    letter_content,
    letter_state,
    list_coordinations,
    list_letters,
    shared_specs,
)
from shared.kernel.commands import AgencyFacts, CommandSpec
from shared.kernel.errors import Problem
from shared.kernel.routes import load
from shared.kernel.running import Running
from shared.law.deadlines import explain
from shared.web.acting import act, agency_day, days_left, heading, simulated_day, told
from shared.web.acts import Tried, context, spec_of
from shared.web.forms import as_choice, faults_of, fields_of, parse
from shared.web.rendering import moved, official, page, posted

FIELDS = ("source", "subject", "item", "text", "addressees", "urgent", "files", "unit", "approval_by")
"""What a person fills in to open a coordination."""

ON_PAPER = ("addressee", "document", "letter_hash")
"""Fields that record an answer on paper; an agency that answers itself does not see them."""


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/review")

    async def own(request: Request, stage: str = "", number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        units = running.doorkeeper.reach(who, "review.read_coordination", agency)
        chosen = Stage(stage) if stage in TITLES else None
        found = await list_coordinations(running, agency.code, units, stage=chosen, page=number)
        received = await list_letters(running, agency.code) if units is None else []
        return page(
            running,
            request,
            "review/templates/coordinations.html",
            coordinations=[{**row, "left": days_left(running, agency, row["due"])} for row in found],
            letters=[{**row, "left": days_left(running, agency, row["due"])} for row in received],
            answers={answer.value: title for answer, title in ANSWERS.items()},
            stages=TITLES,
            stage=stage,
            page_number=number,
            more=len(found) == PAGE,
        )

    async def new(request: Request) -> Response:
        return opening_page(running, request)

    async def opened(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        typed = await posted(request)
        command, wrong = parse(OpenCoordination, {name: value for name, value in typed.items() if name.split(".")[0] in FIELDS})
        if command is None:
            return opening_page(running, request, typed, wrong)
        try:
            actor = running.doorkeeper.authorise(who, "review.open_coordination", agency, unit=getattr(command, "unit", None))
            receipt = await running.execute(command, None, actor, agency, today=simulated_day(agency, typed))
            await running.views.wait(receipt.position, running.settings.view_wait_seconds)
        except Problem as problem:
            return opening_page(running, request, typed, {one["field"]: one["sentence"] for one in problem.fields}, problem)
        return moved(f"/review/coordinations/{receipt.id}")

    async def one(request: Request, id: UUID) -> Response:
        return await coordination_page(running, request, id)

    async def acted(request: Request, id: UUID, verb: str) -> Response:
        who = official(running, request)
        state, agency = await load(running, coordination, id)
        running.doorkeeper.authorise(who, "review.read_coordination", agency, unit=state.responsible_unit)
        typed = await posted(request)
        problem, wrong = await act(running, who, agency, spec_of(own_specs(running), verb), id, typed)
        if problem is None and not wrong:
            return moved(f"/review/coordinations/{id}")
        return await coordination_page(running, request, id, Tried(verb, typed, wrong, problem))

    async def letter(request: Request, id: UUID) -> Response:
        return await letter_page(running, request, id)

    async def answered(request: Request, id: UUID, verb: str) -> Response:
        who = official(running, request)
        own = running.doorkeeper.agency(who.agency)
        running.doorkeeper.authorise(who, "review.read_coordination", own)
        state, asker = await letter_state(running, own.code, id)
        typed = await posted(request)
        spec = spec_of(shared_specs(running, state, own.code), verb)
        problem, wrong = await act(running, who, asker, spec, state.id, typed)
        if problem is None and not wrong:
            return moved(f"/review/letters/{id}")
        return await letter_page(running, request, id, Tried(verb, typed, wrong, problem))

    for path, endpoint, method in (
        ("/coordinations", own, "GET"),
        ("/coordinations/new", new, "GET"),
        ("/coordinations/new", opened, "POST"),
        ("/coordinations/{id}", one, "GET"),
        ("/coordinations/{id}/{verb}", acted, "POST"),
        ("/letters/{id}", letter, "GET"),
        ("/letters/{id}/{verb}", answered, "POST"),
    ):
        made.add_api_route(path, endpoint, methods=[method], response_model=None)
    return made


def own_specs(running: Running) -> list[CommandSpec]:
    """The commands on a coordination."""
    return [spec for spec in running.service.commands if spec.aggregate is coordination and not spec.creates and not spec.internal]


def opening_page(
    running: Running,
    request: Request,
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """The form of a new coordination."""
    who = official(running, request)
    agency = running.doorkeeper.agency(who.agency)
    running.doorkeeper.authorise(who, "review.open_coordination", agency)
    return page(
        running,
        request,
        "review/templates/new_coordination.html",
        status=problem.status if problem else 422 if typed else 200,
        fields=fields_of(OpenCoordination, typed, wrong, only=FIELDS),
        wrong=faults_of(OpenCoordination, wrong or {}),
        problem=told(problem),
        heading=heading(problem),
        simulated=agency.simulated,
        today=agency_day(running, agency),
    )


async def coordination_page(running: Running, request: Request, id: UUID, tried: Tried | None = None) -> Response:
    """A coordination as the asking agency sees it: every letter with its clock, and what may be done now."""
    who = official(running, request)
    state, agency = await load(running, coordination, id)
    running.doorkeeper.authorise(who, "review.read_coordination", agency, unit=state.responsible_unit)
    assert isinstance(state, Coordination)
    made = context(running, who, state, agency, own_specs(running), tried)
    parties = [(agency.code, f"{agency.name}（本机关）"), *((letter.addressee, letter.name) for letter in state.letters)]
    for field in (field for one in made["acts"] for field in one["fields"]):
        if field.name == "competent":
            as_choice(field, parties)
        elif field.name == "addressee":
            silence = field.required
            as_choice(field, [(letter.addressee, letter.name) for letter in state.letters if letter.outside or silence])
    return page(
        running,
        request,
        "review/templates/coordination.html",
        state=state,
        title=TITLES[state.stage],
        letters=[shown(running, state, agency, letter) for letter in state.letters],
        **made,
    )


def shown(running: Running, state: Coordination, agency: AgencyFacts, letter: Letter) -> dict[str, Any]:
    """A letter with its answer and its clock."""
    laws = running.doorkeeper.laws(agency)
    waiting = letter.answer in (Answer.WAITING, Answer.SILENT) and not state.closed
    return {
        **msgspec.to_builtins(letter),
        "deadline": letter.deadline,
        "title": ANSWERS[letter.answer],
        "waiting": waiting,
        "left": days_left(running, agency, letter.deadline.due),
        "days": explain(state.clock(letter), laws.rulebook_of(letter.deadline.rulebook), laws.calendar),
    }


async def letter_page(running: Running, request: Request, id: UUID, tried: Tried | None = None) -> Response:
    """A letter as its addressee sees it."""
    who = official(running, request)
    own = running.doorkeeper.agency(who.agency)
    running.doorkeeper.authorise(who, "review.read_coordination", own)
    state, asker = await letter_state(running, own.code, id)
    content = letter_content(running, state, asker, own.code)
    made = context(running, who, state, asker, shared_specs(running, state, own.code), tried)
    for one in made["acts"]:
        one["fields"] = [field for field in one["fields"] if field.name not in ON_PAPER]
    return page(
        running,
        request,
        "review/templates/letter.html",
        state=msgspec.structs.replace(state, id=id),
        content=content,
        letters=[shown(running, state, asker, letter) for letter in state.letters if content["ruling"] or letter.addressee == own.code],
        clock=None if content["ruling"] else explained(running, state, asker, own.code),
        **made,
    )
