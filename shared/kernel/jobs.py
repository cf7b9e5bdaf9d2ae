"""What goes into the pipeline and what comes out: a job (one command on its way), a step (perhaps with the foreign event that it answers), a
unit (steps of one transaction), and the receipt.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import msgspec
from eventsourcing.persistence import Tracking

from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.errors import Problem
from shared.kernel.events import Actor, Meta
from shared.kernel.idempotency import IdempotencyKey
from shared.trust.sealing import NotAtHand


class Sealer(Protocol):
    """What the pipeline needs of the keys of personal data (shared.trust.keys.Keys)."""

    def take(self, agency: str, *, wait: bool = True) -> UUID:
        """A fresh person's key; without `wait`, `NotAtHand` if none is in memory."""
        ...

    def seal_all(self, key_id: UUID, event_id: UUID, topic: str, texts: Mapping[str, str]) -> dict[str, str]:
        """The tokens of an event's encrypted fields; `NotAtHand` if the person's key is not in memory."""
        ...

    def bring(self, wanted: NotAtHand, persons: Iterable[UUID] = ()) -> None:
        """Brings what was not at hand, and the keys of these persons. Blocks."""
        ...


class Job(msgspec.Struct, kw_only=True):
    """One command on its way: what is to be done, by whom, for which agency, on which civil day."""

    command: Command
    id: UUID
    actor: Actor
    agency: AgencyFacts
    today: date
    command_id: UUID
    correlation: str
    causation: str
    trace: str | None = None
    cause: Meta | None = None
    case: UUID | None = None
    expected_version: int | None = None
    key: IdempotencyKey | None = None
    within: str | None = None
    """The unit to which the actor's grant is limited: the thing has to be this unit's still when the command is decided."""


Place = tuple[str, int, UUID]
"""A lane of a log in one of its lives: source, lane, incarnation."""


class Handled(msgspec.Struct, kw_only=True):
    """That an event of another service has been handled: the position that is stored in the transaction of its effect."""

    source: str
    lane: int
    position: int
    incarnation: UUID
    case_id: UUID
    topic: str

    @property
    def place(self) -> Place:
        """The lane that it came by."""
        return self.source, self.lane, self.incarnation

    @property
    def tracking(self) -> Tracking:
        """As the library names it."""
        return Tracking(f"{self.source}:{self.lane}", self.position)


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a command came to: the thing's id and version, the log's position to wait for, and what the person is told."""

    id: UUID
    version: int
    position: int
    reply: dict[str, Any] = {}
    repeated: bool = False

    def answer(self) -> dict[str, Any]:
        """As plain JSON."""
        return {"id": str(self.id), "version": self.version, "position": self.position, "reply": self.reply}


class Step(msgspec.Struct, kw_only=True):
    """One of a unit: a command, or only a position to be advanced over, or both. `outcome` is set when the unit has been carried out."""

    job: Job | None = None
    handled: Handled | None = None
    outcome: Receipt | Problem | Exception | None = None


class Unit(msgspec.Struct, kw_only=True):
    """Steps that are carried out in one transaction, in their order. `ordered`: after a technical failure the rest of a lane is left."""

    steps: Sequence[Step]
    done: Future[Sequence[Step]] | asyncio.Future[None]
    queued: float
    ordered: bool = False


class Postponed(Exception):
    """An earlier event of the same lane could not be handled, so this one waits behind it."""


def job(
    command: Command,
    id: UUID,
    actor: Actor,
    agency: AgencyFacts,
    today: date,
    command_id: UUID,
    *,
    correlation: str | None = None,
    causation: str | None = None,
    **more: Any,
) -> Job:
    """A job whose correlation and causation are its own, unless it has a cause."""
    own = str(command_id)
    return Job(
        command=command,
        id=id,
        actor=actor,
        agency=agency,
        today=today,
        command_id=command_id,
        correlation=correlation or own,
        causation=causation or own,
        **more,
    )
