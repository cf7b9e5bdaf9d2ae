"""Interpretations: which material is due."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.publishing.interpretation.events import (
    ExternalReviewRejected,
    InterpretationPublished,
    MaterialDue,
    MaterialOverdue,
    MaterialOverdueWithdrawn,
    MaterialSubmitted,
    PlanApproved,
    PlanDrafted,
)
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class InterpretationRow(ViewRow, frozen=True):
    """An interpretation in the list. `waits`: its material is not there yet."""

    publication: UUID
    unit: str
    planned_for: date
    plan_approved: bool = False
    due: date | None = None
    waits: bool = True
    overdue: bool = False
    published_on: date | None = None


interpretations = TableView("publishing", "interpretations", "1", InterpretationRow, indexes=("agency, waits, due",))


@interpretations.creates(PlanDrafted)
def planned(id: UUID, event: PlanDrafted, meta: Meta) -> InterpretationRow:
    """A new row; another plan takes its place."""
    return InterpretationRow(id=id, agency=meta.agency, publication=event.publication, unit=event.unit, planned_for=event.planned_for)


@interpretations.evolves(PlanApproved)
def plan_approved(row: InterpretationRow, _event: PlanApproved, _meta: Meta) -> InterpretationRow:
    """The plan holds."""
    return replace(row, plan_approved=True)


@interpretations.evolves(MaterialDue)
def due(row: InterpretationRow, event: MaterialDue, _meta: Meta) -> InterpretationRow:
    """The clock runs."""
    return replace(row, due=event.deadline.due)


@interpretations.evolves(MaterialSubmitted, ExternalReviewRejected)
def submitted(row: InterpretationRow, event: Event, _meta: Meta) -> InterpretationRow:
    """There, or to be written again."""
    return replace(row, waits=isinstance(event, ExternalReviewRejected))


@interpretations.evolves(MaterialOverdue, MaterialOverdueWithdrawn)
def late(row: InterpretationRow, event: Event, _meta: Meta) -> InterpretationRow:
    """Late, or not after all."""
    return replace(row, overdue=isinstance(event, MaterialOverdue))


@interpretations.evolves(InterpretationPublished)
def published(row: InterpretationRow, _event: InterpretationPublished, meta: Meta) -> InterpretationRow:
    """Public; the first time counts."""
    return replace(row, published_on=row.published_on or meta.effective_on)
