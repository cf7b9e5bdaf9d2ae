"""The workbench of a service: a list and a page for each kind of thing, with the acts that are open now, all made from declarations.

    BENCH = Workbench("press", lists=(OPINIONS,), rooms=(Room("opinions", "舆情", opinion_item, "press.read", show, DetectOpinion),), choices=choices)
    service = Service(..., pages=(BENCH.router,), nav=BENCH.nav)

What a page shows beside the forms comes from the room's `show`; `thing.html` and `things.html` of the house lay it out, or a template of the service.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, CommandSpec
from shared.kernel.errors import Problem
from shared.kernel.routes import load, permit
from shared.kernel.running import Running
from shared.kernel.service import NavEntry
from shared.web.acting import LATE, act, agency_day, heading, simulated_day, told
from shared.web.acts import Tried, context, spec_of
from shared.web.forms import CHOICES, LINES, Field, as_choice, faults_of, fields_of, parse
from shared.web.public_forms import Shape, only
from shared.web.rendering import moved, official, page, posted

PAGE = 50
"""Rows of a list on a page."""

MOST = 500
"""Things that a form offers to choose from."""

Shown = dict[str, Any]
Show = Callable[[Running, Request, Any, AgencyFacts, Shown, Tried | None], Awaitable[Shown]]
Offered = dict[str, Sequence[tuple[str, str]]]


class Room(NamedTuple):
    """A kind of thing: its path, title, what it is, who may read it, what its page shows, what creates it, and a template of its own.

    `titles`: choices of its forms that are called otherwise than elsewhere, by field.
    `fields`: those of the form of a new thing, where not all; `shape` fits them to the agency; `lead` stands above it instead of the command's own text.
    """

    path: str
    title: str
    aggregate: Aggregate[Any]
    read: str
    show: Show
    creating: type[Command] | None = None
    template: str = "thing.html"
    fields: tuple[str, ...] = ()
    lead: str = ""
    shape: Shape | None = None
    titles: Mapping[str, Mapping[str, str]] = {}


class Column(NamedTuple):
    """A column of a list: its title, and the cell of a row: text, `(path, text)` for a link, `("!", text)` for what is late, `("#", text)` for a tag,
    `("@", code)` for a unit by its name.
    """

    title: str
    cell: Callable[[Shown], Any]


class Listing(NamedTuple):
    """A list: its path ('' is the service's first page), title, statement, columns and filters.

    The statement may use `%(agency)s`, `%(reach)s` (the units that this person sees, NULL for all), each filter by its name (NULL: all), `%(limit)s`
    and `%(offset)s`. `filters`: name → (title, choices). `room`: whose form of a new thing stands above it.
    """

    path: str
    title: str
    read: str
    statement: str
    columns: tuple[Column, ...]
    filters: Mapping[str, tuple[str, Mapping[str, str]]] = {}
    room: str = ""
    lead: str = ""
    empty: str = "没有符合条件的事项。"
    links: tuple[tuple[str, str], ...] = ()
    """Further ways to begin something from here: path and title."""


class Workbench(NamedTuple):
    """The lists and rooms of a service. `offered`: for each field that names another thing, the statement that tells what there is to choose from;
    `titles`: choices that are called otherwise here than elsewhere.
    """

    service: str
    rooms: tuple[Room, ...]
    lists: tuple[Listing, ...] = ()
    offered: Mapping[str, str] = {}
    titles: Mapping[str, Mapping[str, str]] = {}
    unit_fields: tuple[str, ...] = ("unit",)
    agency_fields: tuple[str, ...] = ()
    person_fields: tuple[str, ...] = ()

    @property
    def nav(self) -> tuple[NavEntry, ...]:
        """The service's own navigation: its lists."""
        return tuple(NavEntry(f"/{self.service}/{one.path}", one.title, one.read) for one in self.lists)

    def router(self, running: Running) -> APIRouter:
        """The pages of all lists and rooms."""
        made = APIRouter(prefix=f"/{self.service}")
        for one in self.lists:
            add_list(made, running, self, one)
        for room in self.rooms:
            add_room(made, running, self, room)
        return made

    async def choices(self, running: Running, agency: AgencyFacts) -> Offered:
        """What a form offers for the fields that name a unit, an agency, a person or another thing."""
        directory: Any = running.doorkeeper
        units = tuple((one.code, one.name) for one in directory.units(agency.code))
        made: Offered = dict.fromkeys(self.unit_fields, units)
        agencies = tuple(sorted(((one.code, one.name) for one in directory.agencies()), key=lambda one: one[0] != agency.code))
        made |= dict.fromkeys(self.agency_fields, agencies)
        if self.person_fields:
            people = tuple((str(one.id), f"{one.name}（{one.office}）") for one in directory.people(agency.code))
            made |= dict.fromkeys(self.person_fields, people)
        for name, statement in self.offered.items():
            rows = await running.query(statement, (agency.code, MOST), agency=agency.code)
            made[name] = [(str(row["id"]), row["title"]) for row in rows]
        return made

    def with_choices(self, room: Room, fields: list[Field], offered: Offered) -> None:
        """Makes the fields that name something a choice of what there is (of any number, where it takes several); what was typed stays, whether it
        is offered or not.
        """
        for field in (*fields, *(part for whole in fields for row in whole.rows for part in row)):
            name = field.name.rpartition(".")[2]
            titles = room.titles.get(name) or self.titles.get(name, {})
            field.choices = [(value, titles.get(value, title)) for value, title in field.choices]
            found = offered.get(name)
            if found:
                known = {value for value, _ in found}
                typed = field.value.splitlines() if field.kind == "lines" else [field.value] if field.value else []
                choices = [*found, *((value, value) for value in typed if value not in known)]
                if field.kind == "lines":
                    field.kind, field.choices, field.hint = "choices", choices, "" if field.hint == LINES else field.hint
                else:
                    as_choice(field, choices)


def specs_of(running: Running, room: Room) -> list[CommandSpec]:
    """The commands of this kind of thing."""
    return [spec for spec in running.service.commands if spec.aggregate is room.aggregate]


async def history(running: Running, state: Any) -> list[Shown]:
    """What has happened to a thing, oldest first."""
    rows = await asyncio.to_thread(running.log.rows.read_aggregate, state.id)
    told_of = []
    for row in rows:
        recorded = row.recorded()
        meta = recorded.meta
        who = running.doorkeeper.name_of(meta.actor.person)
        told_of.append(
            {"title": recorded.event.spec.title, "on": meta.effective_on, "at": meta.recorded_at, "who": who, "article": meta.article}
        )
    return told_of


def add_list(made: APIRouter, running: Running, bench: Workbench, one: Listing) -> None:
    """The page of a list."""

    async def listed(request: Request, number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        units = running.doorkeeper.reach(who, one.read, agency)
        chosen = {
            name: value if (value := request.query_params.get(name, "")) in choices else "" for name, (_, choices) in one.filters.items()
        }
        wanted: Shown = {name: value or None for name, value in chosen.items()}
        wanted |= {
            "agency": agency.code,
            "reach": None if units is None else sorted(units),
            "limit": PAGE + 1,
            "offset": (number - 1) * PAGE,
        }
        rows = await running.query(one.statement, wanted, agency=agency.code)
        room = next((each for each in bench.rooms if each.path == one.room), None)
        return page(
            running,
            request,
            "things.html",
            listing=one,
            base=f"/{bench.service}",
            room=room,
            rows=[[named(running, agency, column.cell(row)) for column in one.columns] for row in rows[:PAGE]],
            number=number,
            more=len(rows) > PAGE,
            chosen=chosen,
        )

    made.add_api_route(f"/{one.path}", listed, methods=["GET"], response_model=None)


def named(running: Running, agency: AgencyFacts, cell: Any) -> Any:
    """A cell as it is shown: a unit by its name."""
    directory: Any = running.doorkeeper
    return directory.unit_name(agency.code, cell[1]) if isinstance(cell, tuple) and cell[0] == "@" else cell


def add_room(made: APIRouter, running: Running, bench: Workbench, room: Room) -> None:
    """The pages of a kind of thing: a form for a new one, one of them, and its acts."""

    async def new(request: Request) -> Response:
        known = {name: [value] for name, value in request.query_params.items()}
        return await new_page(running, request, bench, room, known)

    async def created(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        typed = await posted(request)
        assert room.creating is not None
        command, wrong = parse(room.creating, only(typed, (*room.fields, *LATE)) if room.fields else typed)
        if command is None:
            return await new_page(running, request, bench, room, typed, wrong, refused=True)
        try:
            actor, agency, within = await permit(running, who, command, agency, None)
            receipt = await running.execute(command, None, actor, agency, today=simulated_day(agency, typed), within=within)
            await running.views.wait(receipt.position, running.settings.view_wait_seconds)
        except Problem as problem:
            faults = {one["field"]: one["sentence"] for one in problem.fields}
            return await new_page(running, request, bench, room, typed, faults, problem, refused=True)
        return moved(f"/{bench.service}/{room.path}/{receipt.id}")

    async def one(request: Request, id: UUID) -> Response:
        return await thing_page(running, request, bench, room, id)

    async def acted(request: Request, id: UUID, verb: str) -> Response:
        who = official(running, request)
        state, agency = await load(running, room.aggregate, id)
        running.doorkeeper.authorise(who, room.read, agency, unit=state.responsible_unit)
        typed = await posted(request)
        problem, wrong = await act(running, who, agency, spec_of(specs_of(running, room), verb), id, typed)
        if problem is None and not wrong:
            return moved(f"/{bench.service}/{room.path}/{id}")
        return await thing_page(running, request, bench, room, id, Tried(verb, typed, wrong, problem))

    if room.creating is not None:
        made.add_api_route(f"/{room.path}/new", new, methods=["GET"], response_model=None)
        made.add_api_route(f"/{room.path}/new", created, methods=["POST"], response_model=None)
    made.add_api_route(f"/{room.path}/{{id}}", one, methods=["GET"], response_model=None)
    made.add_api_route(f"/{room.path}/{{id}}/{{verb}}", acted, methods=["POST"], response_model=None)


async def new_page(
    running: Running,
    request: Request,
    bench: Workbench,
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
    chosen = room.fields or tuple(name for name in room.creating.model_fields if name not in LATE)
    fields = fields_of(room.creating, typed, wrong, only=chosen)
    if room.shape is not None:
        room.shape(running, agency, fields)
    bench.with_choices(room, fields, await bench.choices(running, agency))
    return page(
        running,
        request,
        "new_thing.html",
        status=problem.status if problem else 422 if refused else 200,
        base=f"/{bench.service}",
        room=room,
        title=room.creating.spec.title,
        lead=room.lead or room.creating.__doc__,
        fields=fields,
        late=fields_of(room.creating, typed, wrong, only=LATE),
        wrong=faults_of(room.creating, wrong or {}),
        problem=told(problem),
        heading=heading(problem),
        simulated=agency.simulated,
        today=agency_day(running, agency),
    )


async def thing_page(
    running: Running,
    request: Request,
    bench: Workbench,
    room: Room,
    id: UUID,
    tried: Tried | None = None,
    problem: Problem | None = None,
) -> Response:
    """A thing as it stands, and what may be done now; `problem`: what an upload was refused with."""
    who = official(running, request)
    state, agency = await load(running, room.aggregate, id)
    running.readings.saw(running.doorkeeper.authorise(who, room.read, agency, unit=state.responsible_unit), agency, state)
    made = context(running, who, state, agency, specs_of(running, room), tried)
    if problem is not None:
        made |= {"status": problem.status, "problem": told(problem), "heading": heading(problem)}
    offered = await bench.choices(running, agency)
    for one in made["acts"]:
        bench.with_choices(room, one["fields"], offered)
    shown = await room.show(running, request, state, agency, made, tried)
    if room.template == "thing.html":
        shown = {"approves": None, "facts": [], "sections": [], "next": "", "history": await history(running, state), **shown}
    return page(running, request, room.template, state=state, base=f"/{bench.service}", kinds=CHOICES, room=room, **{**made, **shown})
