"""Who has read: where an official sees personal data or what is marked secret, that is recorded in the service's own log, never with the data itself.

    @event("requests.PersonalDataRead", title="查阅个人信息", article=PROTECTION)
    class PersonalDataRead(Reading, frozen=True):
        ...

    personal_reads = recorded_reads("requests", "PersonalReads", PersonalDataRead, "requests.read")

A reading does not wait for its record; the record is made at once beside it, one for each person, thing and minute, and tried again until it stands.
While too many wait to be recorded nothing more is shown (503), so that no one reads unnoticed for long. An applicant who follows up the own
request is no official, and is not recorded.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from msgspec.structs import replace
from pydantic import AwareDatetime, Field

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.clocks import instant
from shared.kernel.commands import AgencyFacts, Command, CommandSpec, Decided, Decision, Given, command, commands, handles
from shared.kernel.errors import Problem, Unavailable
from shared.kernel.events import Actor, Event
from shared.kernel.identity import derived_id
from shared.trust.personal import Personal

if TYPE_CHECKING:
    from shared.kernel.running import Running

log = structlog.get_logger("gongkai.readings")

PROTECTION = "个人信息保护法 第五十一条、第五十四条"
"""Whoever handles personal data protects it, and audits how it is handled."""

SECRECY = "保守国家秘密法"

WAITING = 5000
"""So many readings of a service may wait to be recorded; beyond that nothing is shown."""

AGAIN_SECONDS = (0.2, 1.0, 5.0, 15.0, 30.0)
"""After a failure the record is tried again so many seconds later; the last one goes on."""

REMEMBERED = 20_000
"""Readings of the present minutes that a process remembers, so that showing a page again makes no second record."""


class Reading(Event, frozen=True):
    """An official has seen this thing: which of its fields that hold personal data (their names alone), in the minute that begins at `minute` (UTC)."""

    thing: UUID
    fields: tuple[str, ...]
    minute: datetime


class Reads(State, frozen=True):
    """What one person has read of one thing in one hour: the fields of each minute."""

    seen: dict[str, tuple[str, ...]] = {}


class RecordRead(Command):
    """记录何人查阅了哪些内容；不含内容本身。"""

    thing: UUID = Field(title="事项")
    case: UUID = Field(title="案件")
    person: str = Field(title="查阅人")
    fields: tuple[str, ...] = Field(title="看到的项目")
    minute: AwareDatetime = Field(title="分钟")


recorders: dict[tuple[str, bool], CommandSpec] = {}
"""The command that records a service's readings: of personal data, and of what is marked secret (True)."""


def recorded_reads(service: str, name: str, event: type[Reading], capability: str, *, secret: bool = False) -> Aggregate[Any]:
    """Declares that a service records its readings as this event, in aggregates of this name."""
    aggregate: Aggregate[Any] = Aggregate(f"{service}.{name}", type(name, (Reads,), {"__module__": event.__module__}, frozen=True))

    @aggregate.evolves(event)
    def seen(state: Any, made: Reading, _meta: Any) -> Any:
        """Once for each minute."""
        return replace(state, seen={**state.seen, made.minute.isoformat(): made.fields})

    kept = type(f"Record{name}", (RecordRead,), {"__module__": event.__module__, "__doc__": RecordRead.__doc__})
    command(
        of=aggregate,
        verb="record",
        title="记录查阅" if not secret else "记录查阅涉密事项",
        capability=capability,
        internal=True,
        creates=True,
        identity=lambda one, _agency, _day: derived(service, name, one),
        article=event.spec.article(None),
        events=(event,),
    )(kept)

    @handles(kept)
    def record(one: RecordRead, state: Reads, _given: Given) -> Decision:
        """Nothing, where this minute is on record with the same fields."""
        if set(one.fields) <= set(state.seen.get(one.minute.isoformat(), ())) and one.minute.isoformat() in state.seen:
            return []
        return Decided([event(thing=one.thing, fields=one.fields, minute=one.minute)], case=one.case)

    recorders[service, secret] = commands[f"{service}.Record{name}"]
    return aggregate


def derived(service: str, name: str, one: RecordRead) -> UUID:
    """The record of one person, one thing and one hour."""
    return derived_id(service, name, one.thing, one.person, one.minute.strftime("%Y%m%d%H"))


def personal_in(value: object) -> tuple[str, ...]:
    """The names of the fields of a state that hold personal data now, and of what stands in them."""
    return tuple(_personal_in(value))


def _personal_in(value: object, above: str = "") -> Iterator[str]:
    for name in getattr(value, "__struct_fields__", ()):
        found = getattr(value, name)
        if isinstance(found, Personal):
            yield f"{above}{name}"
        elif not above:
            yield from _personal_in(found, f"{name}.")


class Readings:
    """The readings of a service in this process that are being recorded."""

    def __init__(self, running: "Running") -> None:
        self.running = running
        self.waiting: set[asyncio.Task[None]] = set()
        self._remembered: dict[tuple[str, UUID, bool, bool], tuple[datetime, frozenset[str]]] = {}

    def saw(self, actor: Actor, agency: AgencyFacts, state: State) -> None:
        """An official is shown this thing: its personal data, and what is marked secret. Raises `Unavailable` while too much waits to be recorded."""
        self.saw_fields(actor, agency, state.id, personal_in(state))
        if state.marked_secret:
            self.saw_fields(actor, agency, state.id, ("content",), secret=True)

    def saw_listed(self, actor: Actor, agency: AgencyFacts, thing: UUID, fields: tuple[str, ...]) -> None:
        """An official is shown these fields of a thing as a line of a list: recorded once an hour."""
        self.saw_fields(actor, agency, thing, fields, minute=instant().replace(minute=0, second=0, microsecond=0))

    def saw_fields(
        self,
        actor: Actor,
        agency: AgencyFacts,
        thing: UUID,
        fields: tuple[str, ...],
        *,
        secret: bool = False,
        minute: datetime | None = None,
    ) -> None:
        """An official is shown these fields of a thing."""
        spec = recorders.get((self.running.name, secret))
        if spec is None or not fields or actor.person == "public":
            return
        listed, minute = minute is not None, minute or instant().replace(second=0, microsecond=0)
        key = (actor.person, thing, secret, listed)
        before, shown = self._remembered.get(key, (minute, frozenset()))
        if before == minute and shown >= set(fields):
            return
        if len(self.waiting) >= WAITING:
            log.error("readings wait to be recorded", service=self.running.name, waiting=len(self.waiting))
            raise Unavailable("readings-unrecorded", "查阅记录暂时无法保存，请稍后再查看。", retry_after=10)
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        self._remembered[key] = (minute, frozenset(fields) | (shown if before == minute else frozenset()))
        task = asyncio.get_running_loop().create_task(self._record(spec, actor, agency, thing, fields, minute))
        self.waiting.add(task)
        task.add_done_callback(self.waiting.discard)

    async def settled(self) -> None:
        """Waits until everything that was read is on record."""
        while self.waiting:
            await asyncio.gather(*self.waiting, return_exceptions=True)

    async def _record(
        self, spec: CommandSpec, actor: Actor, agency: AgencyFacts, thing: UUID, fields: tuple[str, ...], minute: datetime
    ) -> None:
        attempt = 0
        try:
            while True:
                try:
                    case = await asyncio.to_thread(self._case, thing)
                    wanted: Any = spec.cls
                    made = wanted(thing=thing, case=case, person=actor.person, fields=fields, minute=minute)
                    await self.running.execute(made, None, actor, agency)
                    return
                except Problem as problem:
                    log.warning("a reading is not recorded yet", service=self.running.name, code=problem.code, attempt=attempt)
                except Exception as error:
                    # Whatever stops the record, it is tried again: no one reads unnoticed because something is out of reach.
                    log.warning("a reading is not recorded yet", service=self.running.name, error=type(error).__name__, attempt=attempt)
                await asyncio.sleep(AGAIN_SECONDS[min(attempt, len(AGAIN_SECONDS) - 1)])
                attempt += 1
        except asyncio.CancelledError:
            log.error(
                "a reading was not recorded", service=self.running.name, person=actor.person, thing=str(thing), minute=minute.isoformat()
            )
            raise

    def _case(self, thing: UUID) -> UUID:
        """The case in which a thing is filed; itself, where nothing is recorded of it."""
        rows = self.running.query_now("SELECT case_id FROM events WHERE originator_id = %s ORDER BY originator_version LIMIT 1", (thing,))
        return rows[0]["case_id"] if rows else thing
