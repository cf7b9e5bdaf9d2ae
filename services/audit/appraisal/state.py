"""An appraisal as it stands, and how each event changes it."""

from datetime import date
from enum import StrEnum

from msgspec.structs import replace

from services.audit.appraisal.events import (
    AppraisalCancelled,
    AppraisalNotified,
    AppraisalOpened,
    AppraisalPlanned,
    AppraisalScopeSet,
    Graded,
    GradesSettled,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta


class Stage(StrEnum):
    """Where an appraisal stands."""

    OPENED = "opened"
    SCOPED = "scoped"
    PLANNED = "planned"
    SCORING = "scoring"
    SETTLED = "settled"
    CANCELLED = "cancelled"


TITLES: dict[Stage, str] = {
    Stage.OPENED: "待确定对象",
    Stage.SCOPED: "待制定方案",
    Stage.PLANNED: "待发通知",
    Stage.SCORING: "自查和评分",
    Stage.SETTLED: "等次已审定",
    Stage.CANCELLED: "已取消",
}

SCOPES = {"full": "普遍考核", "focused": "重点考核"}


class Appraisal(State, frozen=True):
    """An appraisal as it stands."""

    year: int = 0
    scope: str = ""
    since: date | None = None
    until: date | None = None
    purpose: str = ""
    units: tuple[str, ...] = ()
    plan: str = ""
    team: tuple[str, ...] = ()
    self_check_by: date | None = None
    grades: tuple[Graded, ...] = ()
    stage: Stage = Stage.OPENED


appraisal: Aggregate[Appraisal] = Aggregate("audit.Appraisal", Appraisal)
evolves = appraisal.evolves
A = Appraisal


@evolves(AppraisalOpened)
def opened(state: A, event: AppraisalOpened, _meta: Meta) -> A:
    """The group has opened it, afresh where it was cancelled."""
    return A(id=state.id, year=event.year, scope=event.scope, since=event.since, until=event.until, purpose=event.purpose)


@evolves(AppraisalScopeSet)
def scope_set(state: A, event: AppraisalScopeSet, _meta: Meta) -> A:
    """Who is appraised; a plan that stood before is kept."""
    return replace(state, units=event.units, stage=Stage.PLANNED if state.plan else Stage.SCOPED)


@evolves(AppraisalPlanned)
def planned(state: A, event: AppraisalPlanned, _meta: Meta) -> A:
    """How."""
    return replace(state, plan=event.plan, team=event.team, self_check_by=event.self_check_by, stage=Stage.PLANNED)


@evolves(AppraisalNotified)
def notified(state: A, _event: AppraisalNotified, _meta: Meta) -> A:
    """The units know."""
    return replace(state, stage=Stage.SCORING)


@evolves(GradesSettled)
def settled(state: A, event: GradesSettled, _meta: Meta) -> A:
    """The end of it."""
    return replace(state, grades=event.grades, stage=Stage.SETTLED)


@evolves(AppraisalCancelled)
def cancelled(state: A, _event: AppraisalCancelled, _meta: Meta) -> A:
    """Nothing comes of it."""
    return replace(state, stage=Stage.CANCELLED)
