"""Commands: what somebody wants done, declared once.

    @command(of=disclosure_request, verb="assign", title="分派承办科室", capability="requests.assign", rules=("YS-11",))
    class Assign(Command):
        unit: str = Field(title="承办科室", max_length=40)

    @handles(Assign)
    def assign(command: Assign, request: DisclosureRequest, given: Given) -> Decision:
        return decisions.assign(request, command.unit, given.rulebook)

From the declaration come the route (`POST /api/requests/disclosure-requests/{id}/assign`), the form, the row in the permission table, the
row in the documentation and in `make rules`. The handler fetches nothing: what it may know stands in its arguments.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeAlias, TypeVar
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Actor, Event, Meta
from shared.law.calendar import WorkingCalendar
from shared.law.rulebook import Rulebook


class Command(BaseModel):
    """Base of every command: what the person says. Unknown fields are refused, so that a misspelt one is never silently dropped."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, regex_engine="rust-regex")
    spec: ClassVar["CommandSpec"]

    effective_on: date | None = Field(default=None, title="事实发生日期", description="补录过去的事实时填写，不得晚于今天")
    late_reason: str | None = Field(default=None, title="补录理由", max_length=500, description="填写过去的日期时必填")


class AgencyFacts(BaseModel):
    """What the kernel knows of an agency: its code (stable, in every event), name, rulebook, and whether its civil day can be set."""

    model_config = ConfigDict(frozen=True)
    code: str
    name: str
    rulebook: str
    simulated: bool = False
    superior: str | None = None


class Given(msgspec.Struct, frozen=True):
    """What a decision may know besides the state: who acts, for which agency, on which civil day, under which law.

    `today` is the civil date of the fact (Asia/Shanghai), `now` the real instant of recording; `cause` is the event that led here.
    `others` holds the further aggregates that the command named in `also`, by their id.
    """

    id: UUID
    command_id: UUID
    actor: Actor
    agency: AgencyFacts
    now: datetime
    today: date
    rulebook: Rulebook
    calendar: WorkingCalendar
    rulebook_of: Callable[[str], Rulebook]
    others: dict[UUID, State] = {}
    cause: Meta | None = None
    take_key: Callable[[], UUID] | None = None
    is_agency: Callable[[str], bool] | None = None
    is_unit: Callable[[str, str], bool] | None = None
    is_person: Callable[[str, UUID], bool] | None = None

    @property
    def acting_for(self) -> str:
        """The code of the agency for which the actor acts: this one, or another with which the thing is shared."""
        return self.actor.agency or self.agency.code

    def acts_as(self, capability: str) -> bool:
        """Whether the roles in which the actor acts have a further capability, which a decision asks for beyond the command's own."""
        return not set(self.rulebook.grantees(capability).roles).isdisjoint(self.actor.roles)

    def knows_agency(self, code: str) -> bool:
        """Whether there is an agency of this code on the platform."""
        return self.is_agency is None or self.is_agency(code)

    def knows_unit(self, code: str) -> bool:
        """Whether the agency has an open unit of this code."""
        return self.is_unit is None or self.is_unit(self.agency.code, code)

    def knows_person(self, id: UUID) -> bool:
        """Whether somebody of this id is an official of the agency."""
        return self.is_person is None or self.is_person(self.agency.code, id)

    def new_person(self) -> UUID:
        """The id of a fresh key under which a person's data will be encrypted."""
        if self.take_key is None:
            raise RuntimeError("this service was put together without keys for personal data")
        return self.take_key()


@dataclass(frozen=True, slots=True)
class On:
    """An event for another aggregate than the command's own."""

    aggregate: Aggregate[Any]
    id: UUID
    event: Event
    case: UUID | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """Events together with what the person is told once (a query password) or wants back (a number). `case` files them elsewhere."""

    events: Sequence[Event | On]
    reply: dict[str, Any] = field(default_factory=dict)
    case: UUID | None = None


Decision: TypeAlias = Sequence[Event | On] | Decided
Handler: TypeAlias = Callable[[Any, Any, Given], Decision]
Guard: TypeAlias = Callable[[Any, Given], None]
"""Raises `Refused` when a command is not open in this state; run before the handler, and by `GET …/{id}/actions`."""


Also: TypeAlias = Callable[[Any, AgencyFacts, date, Any], Iterable[tuple[Aggregate[Any], UUID]]]
"""Names the further aggregates that a decision reads or writes: from the command, the agency, its civil day, and the state that is decided upon."""


@dataclass(slots=True)
class CommandSpec:
    """The declaration of a command, from which everything else about it is made."""

    cls: type[Command]
    name: str
    service: str
    aggregate: Aggregate[Any]
    verb: str
    title: str
    capability: str
    rules: tuple[str, ...]
    article: str | None
    creates: bool
    public: bool
    internal: bool
    identity: Callable[[Any, AgencyFacts, date], UUID] | None
    also: Also | None
    opens: Guard | None
    events: tuple[type[Event], ...]
    shared: bool = False
    handler: Handler | None = None

    @property
    def path(self) -> str:
        """The route below `/api/<service>`."""
        things = thing_path(self.aggregate)
        return f"/{things}" if self.creates else f"/{things}/{{id}}/{self.verb}"


commands: dict[str, CommandSpec] = {}
"""Every command of this program by name, e.g. `requests.Assign`."""

C = TypeVar("C", bound=type[Command])
H = TypeVar("H", bound=Handler)


def thing_path(aggregate: Aggregate[Any]) -> str:
    """The plural, hyphenated name of an aggregate in paths: `requests.DisclosureRequest` → `disclosure-requests`."""
    name = aggregate.name.partition(".")[2]
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def command(
    *,
    of: Aggregate[Any],
    verb: str,
    title: str,
    capability: str,
    rules: tuple[str, ...] = (),
    article: str | None = None,
    events: tuple[type[Event], ...] = (),
    creates: bool = False,
    public: bool = False,
    internal: bool = False,
    identity: Callable[[Any, AgencyFacts, date], UUID] | None = None,
    also: Also | None = None,
    opens: Guard | None = None,
    shared: bool = False,
) -> Callable[[C], C]:
    """Declares a command.

    `creates`: makes a new thing (its id is fresh, or given by `identity`). `public`: needs no sign-in. `internal`: no route; sent by a
    reaction or a timer. `also`: further aggregates that the decision reads or writes; it is asked with the state as it is decided upon, the
    initial one where there is none yet. `opens`: the guard that refuses where it is not open
    in this state; the kernel runs it before the handler, and to tell which commands are open. `events`: what it may record, for the documentation.
    `shared`: officials of another agency may give it too, where the thing is shared with that agency; they need the capability in their own.
    """

    def declare(cls: C) -> C:
        name = f"{of.service}.{cls.__name__}"
        spec = CommandSpec(
            cls,
            name,
            of.service,
            of,
            verb,
            title,
            capability,
            rules,
            article,
            creates,
            public,
            internal,
            identity,
            also,
            opens,
            events,
            shared,
        )
        if name in commands and commands[name].cls.__module__ != cls.__module__:
            raise TypeError(f"two commands claim {name}")
        commands[name] = spec
        cls.spec = spec
        return cls

    return declare


def decide(command: Command, state: State, given: Given) -> Decided:
    """What a command leads to, or `Refused`: the guard, the common rules of dates, then the handler. Pure but for a fresh key or secret."""
    spec = command.spec
    if spec.handler is None:
        raise RuntimeError(f"{spec.name} has no handler")
    if spec.creates and state.exists and spec.identity is None:
        raise Refused("already-exists", "该事项已经存在。")
    if not spec.creates and not state.exists:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    if spec.opens is not None:
        spec.opens(state, given)
    decision = spec.handler(command, state, given)
    return decision if isinstance(decision, Decided) else Decided(decision)


def effective_day(command: Command, today: date, rulebook: Rulebook) -> date:
    """The civil date of the fact: today, or an earlier one that the command names with its reason; never in the future, never unboundedly old."""
    wanted = command.effective_on
    if wanted is None or wanted == today:
        return today
    if wanted > today:
        raise Invalid(
            "future-date",
            f"事实发生日期（{wanted}）晚于今天（{today}），请填写今天或以前的日期。",
            fields=[{"field": "effective_on", "sentence": "不得晚于今天"}],
        )
    if not command.late_reason:
        raise Invalid(
            "late-reason-missing",
            "补录过去的事实须写明理由，请填写“补录理由”。",
            fields=[{"field": "late_reason", "sentence": "请填写补录理由"}],
        )
    limit = rulebook.limits.get("late_entry")
    if limit is not None and wanted < today - timedelta(days=limit.days):
        raise Refused(
            "too-late-entry", f"只能补录 {limit.days} 日以内的事实；更早的事实请通过案件接续（迁移）办理。", article=limit.article
        )
    return wanted


def handles(cls: type[Command]) -> Callable[[H], H]:
    """Declares the handler of a command: a few lines that call a decision."""

    def declare(handler: H) -> H:
        cls.spec.handler = handler
        return handler

    return declare
