"""Reactions: what a service does when an event of another service arrives: a command of its own.

    @reacts(source="requests", to="requests.SecrecyReviewRequested")
    def open_review(heard: SecrecyReviewRequested, meta: Meta) -> Reaction | None: ...

Events cross as data. The reader declares, in a struct of its own, just the fields that it reads; whatever else stands in the event may come
and go without it noticing.
"""

import inspect
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from shared.kernel.commands import Command
from shared.kernel.events import Meta, read_envelope


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what a reader declares of a foreign event. Personal fields arrive as sealed tokens."""


class Reaction(msgspec.Struct, frozen=True):
    """The command that answers an event, and the aggregate that it goes to. `case`: where a new aggregate is filed, else the event's case."""

    command: Command
    id: UUID
    case: UUID | None = None


React: TypeAlias = Callable[[Any, Meta], Reaction | None]


class ReactionSpec(msgspec.Struct, frozen=True):
    """A declared reaction."""

    service: str
    source: str
    type: str
    react: React
    decoder: Any


reactions: dict[tuple[str, str], ReactionSpec] = {}
"""Every reaction of this program by (reacting service, event type)."""

R = TypeVar("R", bound=React)


def reacts(*, source: str, to: str) -> Callable[[R], R]:
    """Declares what the service of this module does when an event of type `to` arrives from `source`."""

    def declare(function: R) -> R:
        service = function.__module__.split(".")[1]
        heard = next(iter(inspect.get_annotations(function, eval_str=True).values()))
        reactions[(service, to)] = ReactionSpec(service, source, to, function, msgspec.json.Decoder(heard))
        return function

    return declare


def sources_heard(service: str) -> list[str]:
    """The services whose events this service reacts to."""
    return sorted({spec.source for (name, _), spec in reactions.items() if name == service})


def react(service: str, state: bytes) -> tuple[Reaction | None, Meta]:
    """What the service does about an event, from its stored bytes."""
    envelope = read_envelope(state)
    meta = envelope.meta()
    spec = reactions.get((service, envelope.type))
    return (spec.react(spec.decoder.decode(envelope.data), meta) if spec else None), meta
