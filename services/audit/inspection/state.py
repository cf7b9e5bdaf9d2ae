"""An inspection of a unit as it stands, and how each event changes it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.audit.inspection import events as e
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta


class Stage(StrEnum):
    """Where an inspection stands."""

    PLANNED = "planned"
    APPROVED = "approved"
    RECORDED = "recorded"
    CLOSED = "closed"
    CANCELLED = "cancelled"


TITLES: dict[Stage, str] = {
    Stage.PLANNED: "方案待批或者待检查",
    Stage.APPROVED: "方案已批准，待检查",
    Stage.RECORDED: "已检查，待办结",
    Stage.CLOSED: "已办结",
    Stage.CANCELLED: "已取消",
}


class Issue(msgspec.Struct, frozen=True):
    """A problem as it stands."""

    number: int
    question: str
    what: str
    due: date
    closed: str = ""
    evidence: str = ""
    missed: bool = False


class Order(msgspec.Struct, frozen=True):
    """An order of rectification as it stands."""

    number: int
    issues: tuple[int, ...]
    demand: str
    due: date
    document: str
    report: str = ""
    done_by: tuple[str, ...] = ()
    missed: bool = False


class Inspection(State, frozen=True):
    """An inspection as it stands."""

    agency: str = ""
    stage: Stage = Stage.PLANNED
    name: str = ""
    kind: str = ""
    subject: str = ""
    unit: str = ""
    on: date | None = None
    year: int = 0
    basis: str = ""
    planned_by: tuple[str, ...] = ()
    head: UUID | None = None
    members: tuple[UUID, ...] = ()
    supervisors: tuple[UUID, ...] = ()
    recorded: e.InspectionRecorded | None = None
    surveys: tuple[e.SurveyRun, ...] = ()
    issues: tuple[Issue, ...] = ()
    orders: tuple[Order, ...] = ()
    criticisms: tuple[e.CriticismCirculated, ...] = ()
    conclusion: str = ""

    @property
    def open_issues(self) -> tuple[Issue, ...]:
        """What is not put right."""
        return tuple(one for one in self.issues if not one.closed)

    @property
    def open_orders(self) -> tuple[Order, ...]:
        """What was ordered and not reported as done."""
        return tuple(one for one in self.orders if not one.report)

    @property
    def held(self) -> bool:
        """Whether there is a result."""
        return self.recorded is not None or bool(self.surveys)


inspection: Aggregate[Inspection] = Aggregate("audit.Inspection", Inspection)
evolves = inspection.evolves
N = Inspection


def with_issue(state: N, changed: Issue) -> N:
    """With this problem as it is now."""
    return replace(state, issues=tuple(changed if one.number == changed.number else one for one in state.issues))


def with_order(state: N, changed: Order) -> N:
    """With this order as it is now."""
    return replace(state, orders=tuple(changed if one.number == changed.number else one for one in state.orders))


@evolves(e.InspectionPlanned)
def planned(state: N, event: e.InspectionPlanned, meta: Meta) -> N:
    """It will be held."""
    return replace(
        state, agency=meta.agency, name=event.name, kind=event.kind, subject=event.subject, unit=event.unit, on=event.on, year=event.year,
        basis=event.basis, planned_by=tuple(sorted(meta.actor.persons)),
    )  # fmt: skip


@evolves(e.InspectionApproved)
def approved(state: N, _event: e.InspectionApproved, _meta: Meta) -> N:
    """It may be held."""
    return replace(state, stage=Stage.APPROVED)


@evolves(e.InspectionCancelled)
def cancelled(state: N, _event: e.InspectionCancelled, _meta: Meta) -> N:
    """It is not held."""
    return replace(state, stage=Stage.CANCELLED)


@evolves(e.SupervisionTeamFormed)
def team_formed(state: N, event: e.SupervisionTeamFormed, _meta: Meta) -> N:
    """Who inspects."""
    return replace(state, head=event.head, members=event.members, supervisors=event.supervisors)


@evolves(e.InspectionRecorded)
def recorded(state: N, event: e.InspectionRecorded, _meta: Meta) -> N:
    """Held; the newest result holds."""
    return replace(state, stage=Stage.RECORDED, recorded=event)


@evolves(e.SurveyRun)
def surveyed(state: N, event: e.SurveyRun, _meta: Meta) -> N:
    """Asked."""
    return replace(state, stage=Stage.RECORDED, surveys=(*state.surveys, event))


@evolves(e.IssueOpened)
def issue_opened(state: N, event: e.IssueOpened, _meta: Meta) -> N:
    """One more."""
    return replace(state, issues=(*state.issues, Issue(event.number, event.question, event.what, event.due)))


@evolves(e.IssueClosed)
def issue_closed(state: N, event: e.IssueClosed, _meta: Meta) -> N:
    """Put right."""
    return with_issue(state, replace(state.issues[event.number - 1], closed=event.how, evidence=event.evidence))


@evolves(e.IssueReopened)
def issue_reopened(state: N, event: e.IssueReopened, _meta: Meta) -> N:
    """Not put right after all."""
    return with_issue(state, replace(state.issues[event.number - 1], closed="", evidence="", due=event.due, missed=False))


@evolves(e.IssueOverdue)
def issue_overdue(state: N, event: e.IssueOverdue, _meta: Meta) -> N:
    """Late."""
    return with_issue(state, replace(state.issues[event.number - 1], missed=True))


@evolves(e.RectificationOrdered)
def ordered(state: N, event: e.RectificationOrdered, _meta: Meta) -> N:
    """One more; its day is that of its problems."""
    issues = tuple(replace(one, due=event.due, missed=False) if one.number in event.issues else one for one in state.issues)
    return replace(
        state, issues=issues, orders=(*state.orders, Order(event.number, event.issues, event.demand, event.due, event.document))
    )  # fmt: skip


@evolves(e.RectificationDone)
def done(state: N, event: e.RectificationDone, meta: Meta) -> N:
    """Reported."""
    return with_order(state, replace(state.orders[event.number - 1], report=event.report, done_by=tuple(sorted(meta.actor.persons))))


@evolves(e.RectificationReturned)
def returned(state: N, event: e.RectificationReturned, _meta: Meta) -> N:
    """Owed again, by another day."""
    order = state.orders[event.number - 1]
    issues = tuple(
        replace(one, due=event.due, missed=False) if one.number in order.issues and not one.closed else one for one in state.issues
    )  # fmt: skip
    return with_order(replace(state, issues=issues), replace(order, report="", done_by=(), due=event.due, missed=False))


@evolves(e.RectificationOverdue)
def order_overdue(state: N, event: e.RectificationOverdue, _meta: Meta) -> N:
    """Late."""
    return with_order(state, replace(state.orders[event.number - 1], missed=True))


@evolves(e.CriticismCirculated)
def criticised(state: N, event: e.CriticismCirculated, _meta: Meta) -> N:
    """In a circular."""
    return replace(state, criticisms=(*state.criticisms, event))


@evolves(e.InspectionClosed)
def closed(state: N, event: e.InspectionClosed, _meta: Meta) -> N:
    """The end."""
    return replace(state, stage=Stage.CLOSED, conclusion=event.conclusion)


@evolves(e.InspectionReopened)
def reopened(state: N, _event: e.InspectionReopened, _meta: Meta) -> N:
    """Once more."""
    return replace(state, stage=Stage.RECORDED, conclusion="")
