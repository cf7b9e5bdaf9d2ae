"""Aggregates in the functional style: a state, and one pure function for each event that brings the state up to date.

    disclosure_request = Aggregate("requests.DisclosureRequest", DisclosureRequest)

    @disclosure_request.evolves(RequestAssigned)
    def assigned(state: DisclosureRequest, event: RequestAssigned, meta: Meta) -> DisclosureRequest:
        return replace(state, unit=event.unit)

Replaying is folding these functions over the log: they read no clock, make no random id and do no I/O (checked in tests/house).
"""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

import msgspec

from shared.kernel.events import Event, Meta, Recorded


class State(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every aggregate's state. `id` and `version` are kept by the kernel; version 0 means that nothing was recorded yet.

    A state that a unit is responsible for names it in a field `unit`; a grant for one unit allows only what is that unit's.
    """

    never_told: ClassVar[tuple[str, ...]] = ()
    """Fields that are told to nobody, such as the hash of a password."""

    id: UUID
    version: int = 0

    @property
    def responsible_unit(self) -> str | None:
        """The code of the unit that is responsible for it; None where there is none, or none yet."""
        return getattr(self, "unit", None) or None

    @property
    def marked_secret(self) -> bool:
        """Whether it holds what is marked as a secret: who reads it is recorded."""
        return False

    @property
    def shared_with(self) -> frozenset[str]:
        """The codes of the other agencies that may act on it, by commands that are declared `shared`. Sharing is an explicit act: an event."""
        return frozenset()

    @property
    def exists(self) -> bool:
        """Whether anything was recorded of it."""
        return self.version > 0


S = TypeVar("S", bound=State)
F = TypeVar("F", bound=Callable[..., Any])

aggregates: dict[str, "Aggregate[Any]"] = {}
"""Every aggregate of this program by name."""


class Aggregate(Generic[S]):
    """The kind of a thing that records events: its name, its initial state, and how each event changes it."""

    def __init__(self, name: str, state: type[S]) -> None:
        self.name = name
        self.service = name.partition(".")[0]
        self.state = state
        self._evolve: dict[type[Event], Callable[[Any, Any, Meta], Any]] = {}
        aggregates[name] = self

    def evolves(self, *events: type[Event]) -> Callable[[F], F]:
        """Declares the pure function `(state, event, meta) -> state` that brings the state up to date with these events."""

        def declare(function: F) -> F:
            for cls in events:
                if cls in self._evolve:
                    raise TypeError(f"{self.name} evolves {cls.__name__} twice")
                self._evolve[cls] = function
            return function

        return declare

    @property
    def events(self) -> tuple[type[Event], ...]:
        """The events that this aggregate records."""
        return tuple(self._evolve)

    def initial(self, id: UUID) -> S:
        """The state before anything was recorded."""
        return self.state(id=id)

    def apply(self, state: S, event: Event, meta: Meta) -> S:
        """The state after one more event."""
        evolved: S = self._evolve[type(event)](state, event, meta)
        return msgspec.structs.replace(evolved, version=state.version + 1)

    def fold(self, state: S, history: Iterable[Recorded]) -> S:
        """The state after these recorded events, in the order of their versions."""
        for recorded in history:
            state = self.apply(state, recorded.event, recorded.meta)
        return state
