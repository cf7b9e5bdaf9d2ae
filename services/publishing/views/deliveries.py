"""Outside channels and what each has been told, or is yet to be."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from services.publishing.delivery.decisions import Stage
from services.publishing.delivery.events import (
    DeliveryBegun,
    DeliveryConfirmed,
    DeliveryDue,
    DeliveryFailed,
    DeliverySettled,
    DeliveryUncertain,
)
from services.publishing.outside_channel.events import ChannelClosed, ChannelOpened
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class ChannelRow(ViewRow, frozen=True):
    """An outside channel in the list."""

    kind: str
    title: str
    target: str
    closed: bool = False


class DeliveryRow(ViewRow, frozen=True):
    """A delivery in the list. `follows`: the position of what it tells, by which deliveries are ordered."""

    channel: UUID
    kind: str
    publication: UUID
    act: str
    title: str
    follows: int
    stage: str
    next_at: datetime | None = None
    attempts: int = 0
    outcome: str = ""
    answer: str = ""


channels = TableView("publishing", "channels", "1", ChannelRow, indexes=("agency, closed",))
deliveries = TableView("publishing", "deliveries", "1", DeliveryRow, indexes=("agency, stage, follows", "stage, next_at"))


@channels.creates(ChannelOpened)
def opened(id: UUID, event: ChannelOpened, meta: Meta) -> ChannelRow:
    """A new row."""
    return ChannelRow(id=id, agency=meta.agency, kind=event.kind, title=event.title, target=event.target)


@channels.evolves(ChannelClosed)
def closed(row: ChannelRow, _event: ChannelClosed, _meta: Meta) -> ChannelRow:
    """Told nothing more."""
    return replace(row, closed=True)


@deliveries.creates(DeliveryDue)
def due(id: UUID, event: DeliveryDue, meta: Meta) -> DeliveryRow:
    """A new row."""
    return DeliveryRow(
        id=id,
        agency=meta.agency,
        channel=event.channel,
        kind=event.kind,
        publication=event.publication,
        act=event.act,
        title=event.title,
        follows=event.follows,
        stage=Stage.DUE,
        next_at=meta.recorded_at,
    )


@deliveries.evolves(DeliveryBegun)
def begun(row: DeliveryRow, event: DeliveryBegun, _meta: Meta) -> DeliveryRow:
    """It may be on its way."""
    return replace(row, stage=Stage.BEGUN, attempts=event.attempt)


@deliveries.evolves(DeliveryConfirmed)
def confirmed(row: DeliveryRow, event: DeliveryConfirmed, _meta: Meta) -> DeliveryRow:
    """It is there."""
    return replace(row, stage=Stage.CONFIRMED, outcome="confirmed", answer=event.answer, next_at=None)


@deliveries.evolves(DeliveryFailed)
def failed(row: DeliveryRow, event: DeliveryFailed, meta: Meta) -> DeliveryRow:
    """Once more, after a while."""
    next_at = meta.recorded_at + timedelta(milliseconds=event.wait_ms)
    return replace(row, stage=Stage.DUE, outcome=event.outcome, answer=event.answer, next_at=next_at)


@deliveries.evolves(DeliveryUncertain)
def uncertain(row: DeliveryRow, _event: DeliveryUncertain, _meta: Meta) -> DeliveryRow:
    """It waits for a person."""
    return replace(row, stage=Stage.UNCERTAIN, next_at=None)


@deliveries.evolves(DeliverySettled)
def settled(row: DeliveryRow, event: DeliverySettled, meta: Meta) -> DeliveryRow:
    """As the person has found out."""
    stage = {"again": Stage.DUE, "delivered": Stage.CONFIRMED}.get(event.decision, Stage.ABANDONED)
    return replace(row, stage=stage, next_at=meta.recorded_at if stage is Stage.DUE else None)
