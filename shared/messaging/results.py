"""What a handler says of each event that an inbox hands to it."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import msgspec

from shared.messaging.messages import Message


class Done(msgspec.Struct, frozen=True):
    """Handled: its effect and its position are stored."""


class Refused(msgspec.Struct, frozen=True):
    """Refused by a rule: that is recorded with its position, and the lane goes on."""

    code: str
    sentence: str


class Failed(msgspec.Struct, frozen=True):
    """A technical failure: nothing was stored; it is tried again. `error` is the exception's class, never its text."""

    error: str


class Postponed(msgspec.Struct, frozen=True):
    """Not tried, because an earlier event of the lane failed."""


Result: TypeAlias = Done | Refused | Failed | Postponed


class Handler(Protocol):
    """Carries out what events lead to; stores effect and position of each in one transaction."""

    def interested(self, topic: str) -> bool:
        """Whether events of this topic lead to anything."""
        ...

    async def __call__(self, messages: Sequence[Message]) -> Sequence[Result]:
        """Handles events in order; one result each. An exception means that all of them failed."""
        ...

    async def released(self, message: Message) -> Result:
        """Handles an event that had been parked: its position was passed long ago."""
        ...
