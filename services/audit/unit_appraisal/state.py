"""A unit's appraisal as it stands, and how each event changes it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from services.audit.unit_appraisal import events as e
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id


class Stage(StrEnum):
    """Where a unit's appraisal stands."""

    SELF_CHECK = "self_check"
    SCORING = "scoring"
    GRADED = "graded"
    COMMENDED = "commended"
    CRITICISED = "criticised"
    PLAN_SUBMITTED = "plan_submitted"
    RECTIFYING = "rectifying"
    RECTIFIED = "rectified"
    CANCELLED = "cancelled"


TITLES: dict[Stage, str] = {
    Stage.SELF_CHECK: "自查",
    Stage.SCORING: "评分",
    Stage.GRADED: "已评定等次",
    Stage.COMMENDED: "已通报表扬",
    Stage.CRITICISED: "待提出整改措施",
    Stage.PLAN_SUBMITTED: "整改措施待同意",
    Stage.RECTIFYING: "整改中",
    Stage.RECTIFIED: "整改完成",
    Stage.CANCELLED: "已取消",
}


class UnitAppraisal(State, frozen=True):
    """A unit's appraisal as it stands. `scores`: hundredths by standard; `correction`: the objection that waits for an answer; `to_rescore`: the
    standards whose objection was accepted.
    """

    appraisal: UUID | None = None
    unit: str = ""
    year: int = 0
    scope: str = ""
    since: date | None = None
    until: date | None = None
    self_check_by: date | None = None
    self_check: e.SelfCheckSubmitted | None = None
    self_checked_by: tuple[str, ...] = ()
    scores: dict[str, int] = {}
    scored: dict[str, e.StandardScored] = {}
    correction: e.CorrectionRequested | None = None
    objected_by: tuple[str, ...] = ()
    corrections: int = 0
    to_rescore: frozenset[str] = frozenset()
    total: int | None = None
    grade: str = ""
    grade_reason: str = ""
    barred_by: str = ""
    plan: e.RectificationPlanSubmitted | None = None
    planned_by: tuple[str, ...] = ()
    plan_due: date | None = None
    plan_overdue: tuple[date, ...] = ()
    plan_returned: str = ""
    stage: Stage = Stage.SELF_CHECK


unit_appraisal: Aggregate[UnitAppraisal] = Aggregate("audit.UnitAppraisal", UnitAppraisal)
evolves = unit_appraisal.evolves
U = UnitAppraisal


def unit_appraisal_id(appraisal: UUID, unit: str) -> UUID:
    """A unit's part of an appraisal."""
    return derived_id("unit-appraisal", appraisal, unit)


@evolves(e.UnitAppraisalOpened)
def opened(state: U, event: e.UnitAppraisalOpened, _meta: Meta) -> U:
    """It begins, afresh where it was cancelled before."""
    return U(
        id=state.id,
        appraisal=event.appraisal,
        unit=event.unit,
        year=event.year,
        scope=event.scope,
        since=event.since,
        until=event.until,
        self_check_by=event.self_check_by,
    )


@evolves(e.SelfCheckSubmitted)
def self_checked(state: U, event: e.SelfCheckSubmitted, meta: Meta) -> U:
    """It may be scored."""
    return replace(state, self_check=event, self_checked_by=tuple(sorted(meta.actor.persons)), stage=Stage.SCORING)


@evolves(e.StandardScored)
def scored(state: U, event: e.StandardScored, _meta: Meta) -> U:
    """The latest score counts."""
    return replace(
        state,
        scores={**state.scores, event.standard: event.score},
        scored={**state.scored, event.standard: event},
        to_rescore=state.to_rescore - {event.standard},
        stage=Stage.SCORING,
    )


@evolves(e.CorrectionRequested)
def correction_requested(state: U, event: e.CorrectionRequested, meta: Meta) -> U:
    """It waits for an answer."""
    return replace(state, correction=event, objected_by=tuple(sorted(meta.actor.persons)), corrections=state.corrections + 1)


@evolves(e.CorrectionAnswered)
def correction_answered(state: U, event: e.CorrectionAnswered, _meta: Meta) -> U:
    """It is scored again, or stands."""
    return replace(state, correction=None, to_rescore=state.to_rescore | {event.standard} if event.accepted else state.to_rescore)


@evolves(e.GradeAssigned)
def graded(state: U, event: e.GradeAssigned, _meta: Meta) -> U:
    """Settled."""
    return replace(
        state, total=event.total, grade=event.grade, grade_reason=event.reason, barred_by=event.barred_by, stage=Stage.GRADED
    )  # fmt: skip


@evolves(e.UnitAppraisalCancelled)
def cancelled(state: U, _event: e.UnitAppraisalCancelled, _meta: Meta) -> U:
    """Nothing comes of it."""
    return replace(state, stage=Stage.CANCELLED)


@evolves(e.Commended)
def commended(state: U, _event: e.Commended, _meta: Meta) -> U:
    """Everybody knows."""
    return replace(state, stage=Stage.COMMENDED)


@evolves(e.AppraisalCriticised)
def criticised(state: U, event: e.AppraisalCriticised, _meta: Meta) -> U:
    """A plan is owed."""
    return replace(state, plan_due=event.deadline.due, stage=Stage.CRITICISED)


@evolves(e.RectificationPlanSubmitted)
def plan_submitted(state: U, event: e.RectificationPlanSubmitted, meta: Meta) -> U:
    """It waits for the office."""
    return replace(state, plan=event, planned_by=tuple(sorted(meta.actor.persons)), plan_returned="", stage=Stage.PLAN_SUBMITTED)


@evolves(e.RectificationPlanOverdue)
def plan_overdue(state: U, event: e.RectificationPlanOverdue, _meta: Meta) -> U:
    """It stays owed."""
    return replace(state, plan_overdue=(*state.plan_overdue, event.due))


@evolves(e.RectificationPlanOverdueWithdrawn)
def plan_overdue_withdrawn(state: U, event: e.RectificationPlanOverdueWithdrawn, _meta: Meta) -> U:
    """It was in time."""
    return replace(state, plan_overdue=tuple(day for day in state.plan_overdue if day != event.due))


@evolves(e.RectificationPlanReturned)
def plan_returned(state: U, event: e.RectificationPlanReturned, _meta: Meta) -> U:
    """Another one is owed."""
    return replace(state, plan_returned=event.reason, plan_due=event.until, stage=Stage.CRITICISED)


@evolves(e.RectificationPlanAccepted)
def plan_accepted(state: U, _event: e.RectificationPlanAccepted, _meta: Meta) -> U:
    """It is carried out."""
    return replace(state, stage=Stage.RECTIFYING)


@evolves(e.UnitRectified)
def rectified(state: U, _event: e.UnitRectified, _meta: Meta) -> U:
    """The end."""
    return replace(state, stage=Stage.RECTIFIED)
