"""The list of feedback. What a person wrote stands in the log alone, sealed."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.feedback.decisions import Stage
from services.audit.feedback.events import (
    FeedbackAnswered,
    FeedbackAssigned,
    FeedbackClosed,
    FeedbackOverdue,
    FeedbackReceived,
    FeedbackReopened,
)
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class FeedbackRow(ViewRow, frozen=True):
    """A piece of feedback in the list. `running`: its due date can still be missed."""

    stage: str
    kind: str
    channel: str
    tracking_number: str
    received_on: date
    due: date
    unit: str = ""
    outcome: str = ""
    running: bool = True
    missed: bool = False


feedbacks = TableView("audit", "feedbacks", "1", FeedbackRow, indexes=("agency, running, due", "tracking_number"))


@feedbacks.creates(FeedbackReceived)
def received(id: UUID, event: FeedbackReceived, meta: Meta) -> FeedbackRow:
    """A new row."""
    return FeedbackRow(
        id=id, agency=meta.agency, stage=Stage.RECEIVED, kind=event.kind, channel=event.channel, tracking_number=event.tracking_number,
        received_on=meta.effective_on, due=event.deadline.due,
    )  # fmt: skip


@feedbacks.evolves(FeedbackAssigned)
def assigned(row: FeedbackRow, event: FeedbackAssigned, _meta: Meta) -> FeedbackRow:
    """A unit has it."""
    return replace(row, stage=Stage.ASSIGNED, unit=event.unit)


@feedbacks.evolves(FeedbackAnswered)
def answered(row: FeedbackRow, event: FeedbackAnswered, _meta: Meta) -> FeedbackRow:
    """Its day was kept, or is past."""
    return replace(row, stage=Stage.ANSWERED, outcome=event.outcome, running=False)


@feedbacks.evolves(FeedbackClosed)
def closed(row: FeedbackRow, _event: FeedbackClosed, _meta: Meta) -> FeedbackRow:
    """The end."""
    return replace(row, stage=Stage.CLOSED)


@feedbacks.evolves(FeedbackReopened)
def reopened(row: FeedbackRow, event: FeedbackReopened, _meta: Meta) -> FeedbackRow:
    """Once more."""
    return replace(row, stage=Stage.ASSIGNED, due=event.deadline.due, running=True)


@feedbacks.evolves(FeedbackOverdue)
def late(row: FeedbackRow, _event: FeedbackOverdue, _meta: Meta) -> FeedbackRow:
    """Late."""
    return replace(row, missed=True, running=False)
