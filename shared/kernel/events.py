"""Events: what happened, as plain data, with the facts of its recording around it.

An event class is a frozen struct declared with `@event`; its topic and version are fixed for ever. What is stored is one JSON object,
the *envelope*: who, when, under which article, in which case, and the event's own fields under `data`. The exact bytes are kept: they
are published, copied into the ledger and hashed. Reading an older version goes through its upcaster; stored bytes never change.

What is read from a log is a tree of frozen values: the collector of reference cycles need not look at it (`gc=False`), and would take twice the
time of reading to do so.
"""

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints
from uuid import UUID

import msgspec
from eventsourcing.persistence import Mapper, StoredEvent

from shared.trust.personal import Personal


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of every event. Subclasses hold JSON values only: no floats, personal data only as `Personal`."""

    spec: ClassVar["EventSpec"]


class Actor(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Who acted: a person's id, `public`, `system:<duty>`, `service:<name>` or `agency:<code>` (another agency's own system); the roles and the
    grant that allowed it, and for whom. `agency`: the agency for which it acted, where that is not the event's own.
    """

    person: str
    roles: tuple[str, ...] = ()
    grant: str | None = None
    principal: str | None = None
    agency: str | None = None

    @property
    def persons(self) -> frozenset[str]:
        """Everyone behind this act: separation of duties compares persons and principals."""
        return frozenset(name for name in (self.person, self.principal) if name)


class Meta(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The facts of recording that every event carries: `recorded_at` is an instant (UTC), `effective_on` the civil date of the fact."""

    id: UUID
    case: UUID
    agency: str
    service: str
    recorded_at: datetime
    effective_on: date
    actor: Actor
    command: str
    correlation: str
    causation: str
    rules: tuple[str, ...] = ()
    article: str | None = None
    rulebook: str | None = None
    occurred_at: datetime | None = None
    late_reason: str | None = None
    trace: str | None = None


class _Written(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The envelope as it is written: `Meta`, type and version, and the event under `data`."""

    id: UUID
    type: str
    version: int
    case: UUID
    agency: str
    service: str
    recorded_at: datetime
    effective_on: date
    actor: Actor
    command: str
    correlation: str
    causation: str
    data: Event
    rules: tuple[str, ...] = ()
    article: str | None = None
    rulebook: str | None = None
    occurred_at: datetime | None = None
    late_reason: str | None = None
    trace: str | None = None


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The envelope as it is read, its `data` still raw: what a reader needs that does not know the event."""

    id: UUID
    type: str
    version: int
    case: UUID
    agency: str
    service: str
    recorded_at: datetime
    effective_on: date
    actor: Actor
    command: str
    correlation: str
    causation: str
    data: msgspec.Raw
    rules: tuple[str, ...] = ()
    article: str | None = None
    rulebook: str | None = None
    occurred_at: datetime | None = None
    late_reason: str | None = None
    trace: str | None = None

    def meta(self) -> Meta:
        """The facts of recording."""
        return Meta(*_facts(self))


_facts = attrgetter(*Meta.__struct_fields__)


Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class EventSpec:
    """What is declared of an event class: its type and version, the rules and articles it rests on, and how older versions are read."""

    def __init__(
        self, cls: type[Event], type_: str, version: int, title: str, rules: tuple[str, ...], article: str | dict[str, str] | None
    ) -> None:
        self.cls = cls
        self.type = type_
        self.version = version
        self.topic = f"{type_}:{version}"
        self.title = title
        self.rules = rules
        self._article = article
        self.upcasters: dict[int, Upcaster] = {}
        self.decoder = msgspec.json.Decoder(cls, dec_hook=_read_personal)
        self.personal = personal_fields(cls)

    def article(self, rulebook: str | None) -> str | None:
        """The article under this rulebook; None for platform events, which don't pretend to one."""
        if isinstance(self._article, dict):
            return self._article.get(rulebook or "", next(iter(self._article.values())))
        return self._article

    def decode(self, data: msgspec.Raw, version: int) -> Event:
        """The event from its stored `data`, brought up to the current version by its upcasters."""
        if version == self.version:
            decoded: Event = self.decoder.decode(data)
            return decoded
        fields: dict[str, Any] = msgspec.json.decode(data)
        for step in range(version, self.version):
            fields = self.upcasters[step](fields)
        return msgspec.convert(fields, self.cls, dec_hook=_read_personal)


registry: dict[str, EventSpec] = {}
"""Every event class of this program by its type, e.g. `requests.RequestReceived`."""

E = TypeVar("E", bound=type[Event])


def event(
    type_: str, *, title: str, version: int = 1, rules: tuple[str, ...] = (), article: str | dict[str, str] | None = None
) -> Callable[[E], E]:
    """Declares an event class: its type, fixed for ever, its Chinese title, and the rule ids and article that it rests on."""

    def declare(cls: E) -> E:
        if type_ in registry and registry[type_].cls.__module__ != cls.__module__:
            raise TypeError(f"two event classes claim {type_}")
        spec = EventSpec(cls, type_, version, title, rules, article)
        registry[type_] = spec
        cls.spec = spec
        return cls

    return declare


def upcast(cls: type[Event], from_version: int) -> Callable[[Upcaster], Upcaster]:
    """Declares how the stored fields of `from_version` become those of the next version."""

    def declare(step: Upcaster) -> Upcaster:
        cls.spec.upcasters[from_version] = step
        return step

    return declare


def personal_fields(cls: type[Event]) -> tuple[str, ...]:
    """The names of the fields that hold personal data."""
    return tuple(name for name, hint in get_type_hints(cls).items() if hint is Personal or Personal in get_args(hint))


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An event as recorded: the domain event of the `eventsourcing` library, with its aggregate, version and the facts around it."""

    originator_id: UUID
    originator_version: int
    event: Event
    meta: Meta
    topic: str = ""
    position: int = 0


def _write_personal(value: object) -> object:
    if isinstance(value, Personal):
        return value.token
    raise NotImplementedError(f"{type(value).__name__} cannot stand in an event")


def _read_personal(kind: type, value: object) -> object:
    if kind is Personal:
        return Personal.sealed(str(value), _NOWHERE, "", "")
    raise NotImplementedError(f"{kind.__name__} cannot stand in an event")


_NOWHERE = UUID(int=0)
_encoder = msgspec.json.Encoder(enc_hook=_write_personal)
_decoder = msgspec.json.Decoder(Envelope)


def read_envelope(state: bytes) -> Envelope:
    """The envelope of stored bytes; raises `msgspec.DecodeError` or `msgspec.ValidationError` if they are none."""
    return _decoder.decode(state)


def read_recorded(originator_id: UUID, originator_version: int, topic: str, state: bytes, position: int = 0) -> Recorded:
    """The recorded event of stored bytes. Personal fields come back sealed: nothing is decrypted by replaying."""
    envelope = _decoder.decode(state)
    spec = registry[envelope.type]
    decoded = spec.decode(envelope.data, envelope.version)
    for name in spec.personal:
        field = getattr(decoded, name)
        if field is not None:
            msgspec.structs.force_setattr(decoded, name, Personal.sealed(field.token, envelope.id, name, topic))
    return Recorded(originator_id, originator_version, decoded, envelope.meta(), topic, position)


def write_state(event: Event, meta: Meta) -> bytes:
    """The bytes to be stored. Personal fields must be sealed before."""
    spec = event.spec
    return _encoder.encode(
        _Written(
            meta.id,
            spec.type,
            spec.version,
            meta.case,
            meta.agency,
            meta.service,
            meta.recorded_at,
            meta.effective_on,
            meta.actor,
            meta.command,
            meta.correlation,
            meta.causation,
            event,
            meta.rules,
            meta.article,
            meta.rulebook,
            meta.occurred_at,
            meta.late_reason,
            meta.trace,
        )
    )


class EventMapper(Mapper[UUID]):
    """The library's mapper with our envelope: plain JSON, uncompressed, metadata inside, personal fields sealed one by one."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """A `Recorded` as a row of the log."""
        recorded: Recorded = domain_event
        return StoredEvent(
            originator_id=recorded.originator_id,
            originator_version=recorded.originator_version,
            topic=recorded.event.spec.topic,
            state=write_state(recorded.event, recorded.meta),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """A row of the log as a `Recorded`, brought up to the current version of its event."""
        return read_recorded(
            UUID(str(stored_event.originator_id)),
            stored_event.originator_version,
            stored_event.topic,
            stored_event.state,
            getattr(stored_event, "id", 0),
        )
