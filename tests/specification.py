"""Given events, when a command, then events or a refusal: how the tests of decisions read.

given(disclosure_request, RequestReceived(...)).when(Assign(unit="综合科")).then(RequestAssigned(unit="综合科"))
given(disclosure_request, ...).when(ApproveReply(...), by=drafter).refused("drafter-approves")
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import AgencyFacts, Command, Decided, Given, On, decide
from shared.kernel.errors import Problem
from shared.kernel.events import Actor, Event, Meta
from shared.kernel.identity import derived_id, fresh_id
from shared.law.calendar import national_calendar
from shared.law.rulebook import rulebook

AGENCY = AgencyFacts(code="guyuan-spj", name="固原市行政审批服务局", rulebook="decree-711", simulated=True)
CASE = derived_id("test", "case")
DAY = date(2025, 9, 22)


def person(name: str, *roles: str) -> Actor:
    """An official of the test agency with these roles; the same name is the same person."""
    return Actor(str(derived_id("person", name)), roles)


CLERK = person("clerk", "clerk")


@dataclass(frozen=True)
class Specification:
    """What had happened before, ready for a command."""

    aggregate: Aggregate[Any]
    state: State
    day: date = DAY
    book: str = "decree-711"
    others: dict[UUID, State] = field(default_factory=dict)
    agencies: frozenset[str] | None = None
    units: frozenset[str] | None = None
    people: frozenset[UUID] | None = None

    def on(self, day: date) -> "Specification":
        """Later: the civil date on which the command is given."""
        return replace(self, day=day)

    def under(self, book: str) -> "Specification":
        """Under another rulebook."""
        return replace(self, book=book)

    def beside(self, *others: State) -> "Specification":
        """With these further aggregates at hand."""
        return replace(self, others={other.id: other for other in others})

    def among(self, *codes: str) -> "Specification":
        """On a platform with just these agencies."""
        return replace(self, agencies=frozenset(codes))

    def with_units(self, *codes: str) -> "Specification":
        """In an agency with just these units."""
        return replace(self, units=frozenset(codes))

    def with_people(self, *ids: UUID) -> "Specification":
        """In an agency with just these officials."""
        return replace(self, people=frozenset(ids))

    def _has_person(self, agency: str, id: UUID) -> bool:
        return self.people is not None and agency == AGENCY.code and id in self.people

    def _has_unit(self, agency: str, code: str) -> bool:
        return self.units is not None and agency == AGENCY.code and code in self.units

    def when(self, command: Command, by: Actor = CLERK) -> "Outcome":
        """Gives the command."""
        agency = AGENCY.model_copy(update={"rulebook": self.book})
        also = command.spec.also(command, agency, self.day, self.state) if command.spec.also is not None else ()
        facts = Given(
            id=self.state.id,
            command_id=fresh_id(),
            actor=by,
            agency=agency,
            now=datetime(self.day.year, self.day.month, self.day.day, 2, tzinfo=UTC),
            today=self.day,
            rulebook=rulebook(self.book),
            calendar=national_calendar(),
            rulebook_of=rulebook,
            others={id: self.others.get(id) or aggregate.initial(id) for aggregate, id in also},
            take_key=fresh_id,
            is_agency=None if self.agencies is None else self.agencies.__contains__,
            is_unit=None if self.units is None else self._has_unit,
            is_person=None if self.people is None else self._has_person,
        )
        try:
            return Outcome(self, decide(command, self.state, facts), None, by)
        except Problem as problem:
            return Outcome(self, None, problem, by)


@dataclass(frozen=True)
class Outcome:
    """What came of a command."""

    before: Specification
    decided: Decided | None
    problem: Problem | None
    by: Actor = CLERK

    @property
    def events(self) -> list[Event]:
        """The events, without those of other aggregates."""
        assert self.decided is not None, f"refused: {self.problem.code} {self.problem.sentence}" if self.problem else ""
        return [event for event in self.decided.events if not isinstance(event, On)]

    def then(self, *expected: Event) -> "Outcome":
        """Exactly these events."""
        assert self.events == list(expected)
        return self

    def records(self, *kinds: type[Event]) -> "Outcome":
        """Exactly events of these kinds, in this order."""
        assert [type(event) for event in self.events] == list(kinds)
        return self

    def refused(self, code: str) -> Problem:
        """A refusal with this code, and a sentence that a clerk can act on."""
        assert self.problem is not None, f"was not refused: {self.decided}"
        assert self.problem.code == code, f"{self.problem.code}: {self.problem.sentence}"
        assert self.problem.sentence
        return self.problem

    @property
    def state(self) -> State:
        """The state after it."""
        return play(self.before.aggregate, self.before.state, self.events, self.before.day, self.by, self.before.book)

    def later(self, day: date | None = None) -> Specification:
        """Goes on from the state after it."""
        return replace(self.before, state=self.state, day=day or self.before.day)


def play(aggregate: Aggregate[Any], state: State, events: Sequence[Event], day: date, by: Actor = CLERK, book: str = "decree-711") -> State:
    """The state after these events, as if recorded on this civil day."""
    for event in events:
        meta = Meta(
            id=fresh_id(),
            case=state.id,
            agency=AGENCY.code,
            service=aggregate.service,
            recorded_at=datetime(day.year, day.month, day.day, 2, tzinfo=UTC),
            effective_on=day,
            actor=by,
            command="test",
            correlation="test",
            causation="test",
            rulebook=book,
        )
        state = aggregate.apply(state, event, meta)
    return state


def given(aggregate: Aggregate[Any], *events: Event, id: UUID = CASE, day: date = DAY, by: Actor = CLERK) -> Specification:
    """What had happened before."""
    return Specification(aggregate, play(aggregate, aggregate.initial(id), events, day, by), day)
