"""A small service of its own, so that the kernel is tested without any of the real ones: a tally that counts marks, and may be closed."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from pydantic import Field

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import AgencyFacts, Command, Decision, Given, command, handles
from shared.kernel.doorkeeping import Laws
from shared.kernel.errors import Refused
from shared.kernel.events import Actor, Event, Meta, event
from shared.kernel.identity import derived_id, fresh_id
from shared.kernel.jobs import Job, job
from shared.kernel.log import Log
from shared.kernel.pipeline import Pipeline
from shared.kernel.views import TableView, ViewRow
from shared.law.calendar import national_calendar
from shared.law.rulebook import rulebook
from shared.settings import Settings
from shared.trust.keys import Keys
from shared.trust.personal import Personal
from tests.specification import AGENCY, DAY


@event("press.TallyOpened", title="开始计数")
class TallyOpened(Event, frozen=True):
    name: str
    owner: Personal | None = None
    person_key: UUID | None = None


@event("press.MarkMade", title="计数一次")
class MarkMade(Event, frozen=True):
    by: int


@event("press.TallyClosed", title="结束计数")
class TallyClosed(Event, frozen=True):
    pass


@event("press.TallyReopened", title="恢复计数")
class TallyReopened(Event, frozen=True):
    pass


@event("press.TallyFollowed", title="跟随另一个计数")
class TallyFollowed(Event, frozen=True):
    other: UUID


class Tally(State, frozen=True):
    name: str = ""
    follows: UUID | None = None
    total: int = 0
    closed: bool = False
    owner: Personal | None = None
    person_key: UUID | None = None


tally: Aggregate[Tally] = Aggregate("press.Tally", Tally)


@tally.evolves(TallyOpened)
def opened(state: Tally, event: TallyOpened, _meta: Meta) -> Tally:
    return msgspec.structs.replace(state, name=event.name, owner=event.owner, person_key=event.person_key)


@tally.evolves(MarkMade)
def marked(state: Tally, event: MarkMade, _meta: Meta) -> Tally:
    return msgspec.structs.replace(state, total=state.total + event.by)


@tally.evolves(TallyClosed)
def closed(state: Tally, _event: TallyClosed, _meta: Meta) -> Tally:
    return msgspec.structs.replace(state, closed=True)


@tally.evolves(TallyReopened)
def reopened(state: Tally, _event: TallyReopened, _meta: Meta) -> Tally:
    return msgspec.structs.replace(state, closed=False)


@tally.evolves(TallyFollowed)
def followed(state: Tally, event: TallyFollowed, _meta: Meta) -> Tally:
    return msgspec.structs.replace(state, follows=event.other)


@command(of=tally, verb="open", title="开始计数", capability="press.open", creates=True)
class OpenTally(Command):
    name: str = Field(title="名称", max_length=50)
    owner: str | None = Field(default=None, title="所有人")


@handles(OpenTally)
def open_tally(command: OpenTally, _state: Tally, given: Given) -> Decision:
    if command.owner is None:
        return [TallyOpened(name=command.name)]
    return [TallyOpened(name=command.name, owner=Personal.plain(command.owner), person_key=given.new_person())]


@command(of=tally, verb="mark", title="计数", capability="press.mark")
class Mark(Command):
    by: int = Field(default=1, title="数量")


@handles(Mark)
def mark(command: Mark, state: Tally, _given: Given) -> Decision:
    if state.closed:
        raise Refused("closed", "计数已经结束。")
    if command.by == 13:
        raise ZeroDivisionError("a fault of the program, not of the rules")
    return [MarkMade(by=command.by)]


@command(of=tally, verb="close", title="结束", capability="press.close")
class CloseTally(Command):
    pass


@handles(CloseTally)
def close(_command: CloseTally, _state: Tally, _given: Given) -> Decision:
    return [TallyClosed()]


@command(of=tally, verb="reopen", title="恢复", capability="press.reopen")
class ReopenTally(Command):
    pass


@handles(ReopenTally)
def reopen(_command: ReopenTally, state: Tally, _given: Given) -> Decision:
    if not state.closed:
        raise Refused("open", "计数没有结束。")
    return [TallyReopened()]


@command(of=tally, verb="follow", title="跟随", capability="press.mark")
class Follow(Command):
    other: UUID = Field(title="另一个计数")


@handles(Follow)
def follow(command: Follow, _state: Tally, _given: Given) -> Decision:
    return [TallyFollowed(other=command.other)]


def the_followed(_command: Command, _agency: AgencyFacts, _day: date, state: Tally) -> list[tuple[Aggregate[Any], UUID]]:
    """Named by the state alone."""
    return [(tally, state.follows)] if state.follows else []


@command(of=tally, verb="catch-up", title="赶上", capability="press.mark", also=the_followed)
class CatchUp(Command):
    """As many marks as the one that is followed has."""


@handles(CatchUp)
def catch_up(_command: CatchUp, state: Tally, given: Given) -> Decision:
    if state.follows is None:
        raise Refused("follows-none", "没有跟随的计数。")
    other = given.others[state.follows]
    assert isinstance(other, Tally)
    return [MarkMade(by=other.total - state.total)]


class TallyRow(ViewRow, frozen=True):
    name: str
    total: int = 0


class NotedRow(TallyRow, frozen=True):
    """As a later program would have it."""

    notes: tuple[str, ...] = ()


def tally_view(version: str = "1", row: type[TallyRow] = TallyRow) -> TableView[TallyRow]:
    """The view of all tallies."""
    view = TableView("press", "tallies", version, row, indexes=("agency, total",))

    @view.creates(TallyOpened)
    def begun(id: UUID, event: TallyOpened, meta: Meta) -> TallyRow:
        return row(id=id, agency=meta.agency, name=event.name)

    @view.evolves(MarkMade)
    def counted(row: TallyRow, event: MarkMade, _meta: Meta) -> TallyRow:
        if event.by in REFUSED_MARKS:
            raise ValueError("a mark that this view can't take")
        return msgspec.structs.replace(row, total=row.total + event.by)

    return view


REFUSED_MARKS = {666}
"""Marks that the view can't take, until somebody mends it."""


class SumRow(ViewRow, frozen=True):
    """One row an agency: it gathers all tallies, and keeps which came last."""

    total: int = 0
    last: UUID | None = None


def sum_view() -> TableView[SumRow]:
    """A view whose rows gather several cases: it needs the order of the whole log."""
    view = TableView("press", "sums", "1", SumRow, key=lambda recorded: derived_id("sum", recorded.meta.agency), whole_log=True)

    @view.gathers(TallyOpened, MarkMade)
    def added(row: SumRow | None, event: TallyOpened | MarkMade, meta: Meta) -> SumRow:
        by = event.by if isinstance(event, MarkMade) else 0
        return SumRow(id=derived_id("sum", meta.agency), agency=meta.agency, total=(row.total if row else 0) + by, last=meta.case)

    return view


WHO = Actor("tester", ("clerk",))


def laws(_agency: AgencyFacts) -> Laws:
    """The law in force."""
    return Laws(rulebook("decree-711"), national_calendar(), rulebook)


def new_pipeline(settings: Settings, keys: Keys | None = None, **options: Any) -> Pipeline:
    """A pipeline over the log of the test's service."""
    pipeline = Pipeline(Log("press", settings.dsn("press", role="gongkai_press")), keys, laws, **options)
    pipeline.start()
    return pipeline


def of(command: Command, id: UUID | None = None, agency: AgencyFacts = AGENCY, **more: Any) -> Job:
    """A job for a command."""
    return job(command, id or fresh_id(), WHO, agency, DAY, more.pop("command_id", None) or fresh_id(), **more)


Make = Callable[..., Pipeline]
