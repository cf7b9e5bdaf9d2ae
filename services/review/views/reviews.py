"""The list of secrecy reviews."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.review.secrecy_review.events import (
    DeadlineMissed,
    DeclassificationRecorded,
    DeterminationReceived,
    OpinionGiven,
    ReviewApproved,
    ReviewEscalated,
    ReviewOpened,
    ReviewRejected,
    SecrecyMarked,
)
from services.review.secrecy_review.state import Stage
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class ReviewRow(ViewRow, frozen=True):
    """A review in the list."""

    stage: str
    source: str
    subject: UUID
    review: int
    files: int
    unit: str = ""
    due: date | None = None
    missed: bool = False
    decided_on: date | None = None


reviews = TableView("review", "reviews", "1", ReviewRow, indexes=("agency, stage, due", "subject"))


@reviews.creates(ReviewOpened)
def opened(id: UUID, event: ReviewOpened, meta: Meta) -> ReviewRow:
    """A new row."""
    return ReviewRow(
        id=id,
        agency=meta.agency,
        stage=Stage.OPEN,
        source=event.source,
        subject=event.subject,
        review=event.review,
        files=len(event.files),
        unit=event.unit,
        due=event.deadline.due,
    )


STAGES: dict[type[Event], Stage] = {
    SecrecyMarked: Stage.OPEN,
    DeclassificationRecorded: Stage.OPEN,
    DeterminationReceived: Stage.OPEN,
    OpinionGiven: Stage.OPINION,
    ReviewEscalated: Stage.ESCALATED,
}


@reviews.evolves(*STAGES)
def moved_on(row: ReviewRow, event: Event, _meta: Meta) -> ReviewRow:
    """One stage on."""
    return replace(row, stage=STAGES[type(event)])


@reviews.evolves(ReviewApproved, ReviewRejected)
def decided(row: ReviewRow, event: Event, meta: Meta) -> ReviewRow:
    """Decided."""
    stage = Stage.APPROVED if isinstance(event, ReviewApproved) else Stage.REJECTED
    return replace(row, stage=stage, decided_on=meta.effective_on)


@reviews.evolves(DeadlineMissed)
def late(row: ReviewRow, _event: DeadlineMissed, _meta: Meta) -> ReviewRow:
    """Late."""
    return replace(row, missed=True)
