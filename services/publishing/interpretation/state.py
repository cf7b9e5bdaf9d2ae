"""An interpretation as it stands, and how each event changes it."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.publishing.interpretation.events import (
    ColumnUpdated,
    ExternalReviewPassed,
    ExternalReviewRejected,
    InterpretationPublished,
    MaterialDue,
    MaterialOverdue,
    MaterialOverdueWithdrawn,
    MaterialSubmitted,
    PlanApproved,
    PlanDrafted,
    ReminderSent,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline


class Interpretation(State, frozen=True):
    """An interpretation as it stands. `passed` is the hash that the city's offices have passed."""

    publication: UUID | None = None
    unit: str = ""
    plan: PlanDrafted | None = None
    planned_by: tuple[str, ...] = ()
    plan_approved: bool = False
    deadline: Deadline | None = None
    material: str = ""
    text: str = ""
    passed: str = ""
    channels: tuple[str, ...] = ()
    reminders: int = 0
    overdue: date | None = None
    column: bool = False


interpretation: Aggregate[Interpretation] = Aggregate("publishing.Interpretation", Interpretation)
evolves = interpretation.evolves
N = Interpretation


def interpretation_id(publication: UUID) -> UUID:
    """The interpretation of a document."""
    return derived_id("publishing", "interpretation", publication)


@evolves(PlanDrafted)
def planned(state: N, event: PlanDrafted, meta: Meta) -> N:
    """What will be explained, how and when; another plan is approved anew."""
    persons = tuple(sorted(meta.actor.persons))
    return replace(state, publication=event.publication, unit=event.unit, plan=event, planned_by=persons, plan_approved=False)


@evolves(PlanApproved)
def plan_approved(state: N, _event: PlanApproved, _meta: Meta) -> N:
    """The plan holds."""
    return replace(state, plan_approved=True)


@evolves(MaterialDue)
def material_due(state: N, event: MaterialDue, _meta: Meta) -> N:
    """The clock runs."""
    return replace(state, deadline=event.deadline)


@evolves(ReminderSent)
def reminded(state: N, _event: ReminderSent, _meta: Meta) -> N:
    """Once more."""
    return replace(state, reminders=state.reminders + 1)


@evolves(MaterialSubmitted)
def submitted(state: N, event: MaterialSubmitted, _meta: Meta) -> N:
    """The latest text counts."""
    return replace(state, material=event.hash, text=event.text)


@evolves(MaterialOverdue)
def overdue(state: N, event: MaterialOverdue, _meta: Meta) -> N:
    """Late."""
    return replace(state, overdue=event.due)


@evolves(MaterialOverdueWithdrawn)
def overdue_withdrawn(state: N, _event: MaterialOverdueWithdrawn, _meta: Meta) -> N:
    """Not late after all."""
    return replace(state, overdue=None)


@evolves(ExternalReviewPassed)
def passed(state: N, event: ExternalReviewPassed, _meta: Meta) -> N:
    """This text may be published."""
    return replace(state, passed=event.hash)


@evolves(ExternalReviewRejected)
def rejected(state: N, _event: ExternalReviewRejected, _meta: Meta) -> N:
    """It is written again."""
    return replace(state, material="", text="", passed="")


@evolves(InterpretationPublished)
def published(state: N, event: InterpretationPublished, _meta: Meta) -> N:
    """One more channel."""
    return replace(state, channels=(*state.channels, event.channel))


@evolves(ColumnUpdated)
def column_updated(state: N, _event: ColumnUpdated, _meta: Meta) -> N:
    """In the column."""
    return replace(state, column=True)
