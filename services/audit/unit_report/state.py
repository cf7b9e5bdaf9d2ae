"""A unit's report as it stands, and how each event changes it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from services.audit.figures import Figure
from services.audit.unit_report.events import (
    ReportCalled,
    UnitComplianceRecorded,
    UnitReportAccepted,
    UnitReportOverdue,
    UnitReportOverdueWithdrawn,
    UnitReportReminded,
    UnitReportReturned,
    UnitReportSubmitted,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id


class Stage(StrEnum):
    """Where a report stands."""

    CALLED = "called"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


TITLES: dict[Stage, str] = {
    Stage.CALLED: "待提交",
    Stage.SUBMITTED: "待公开办接收",
    Stage.RETURNED: "退回补充",
    Stage.ACCEPTED: "已接收",
}

KEPT = {"on_time": "按时提交", "late": "逾期提交", "missing": "未提交"}
"""How a unit has kept the rule."""


class UnitReport(State, frozen=True):
    """A report as it stands. `sections`: the texts by key (organisation, information, disclosure, withheld, media); `figures`: from the ledger.

    `due`: by when it is owed now; `first_due` the day of the call; `overdue`: the days that passed without it.
    """

    year: int = 0
    unit: str = ""
    note: str = ""
    first_due: date | None = None
    due: date | None = None
    remind_on: date | None = None
    sections: dict[str, str] = {}
    figures: tuple[Figure, ...] = ()
    submitted_on: date | None = None
    first_submitted_on: date | None = None
    submitted_by: tuple[str, ...] = ()
    late_days: int = 0
    overdue: tuple[date, ...] = ()
    reminders: int = 0
    returns: int = 0
    returned: UnitReportReturned | None = None
    compliance: UnitComplianceRecorded | None = None
    stage: Stage = Stage.CALLED

    @property
    def waits(self) -> bool:
        """Whether the unit owes it."""
        return self.stage in (Stage.CALLED, Stage.RETURNED)


unit_report: Aggregate[UnitReport] = Aggregate("audit.UnitReport", UnitReport)
evolves = unit_report.evolves
U = UnitReport


def report_id(agency: str, year: int, unit: str) -> UUID:
    """The report of a unit and year."""
    return derived_id("unit-report", agency, year, unit)


@evolves(ReportCalled)
def called(state: U, event: ReportCalled, _meta: Meta) -> U:
    """It is owed."""
    return replace(
        state, year=event.year, unit=event.unit, note=event.note, first_due=event.due, due=event.due, remind_on=event.remind_on
    )  # fmt: skip


@evolves(UnitReportReminded)
def reminded(state: U, _event: UnitReportReminded, _meta: Meta) -> U:
    """Once more."""
    return replace(state, reminders=state.reminders + 1)


@evolves(UnitReportSubmitted)
def submitted(state: U, event: UnitReportSubmitted, meta: Meta) -> U:
    """It waits for the office; the first submission tells whether the unit was in time."""
    return replace(
        state,
        sections=event.sections,
        figures=event.figures,
        submitted_on=meta.effective_on,
        first_submitted_on=state.first_submitted_on or meta.effective_on,
        submitted_by=tuple(sorted(meta.actor.persons)),
        late_days=state.late_days if state.first_submitted_on else event.late_days,
        returned=None,
        stage=Stage.SUBMITTED,
    )


@evolves(UnitReportOverdue)
def overdue(state: U, event: UnitReportOverdue, _meta: Meta) -> U:
    """It stays owed."""
    return replace(state, overdue=(*state.overdue, event.due))


@evolves(UnitReportOverdueWithdrawn)
def overdue_withdrawn(state: U, event: UnitReportOverdueWithdrawn, _meta: Meta) -> U:
    """It was in time."""
    return replace(state, overdue=tuple(day for day in state.overdue if day != event.due))


@evolves(UnitReportReturned)
def returned(state: U, event: UnitReportReturned, _meta: Meta) -> U:
    """It is owed again by another day."""
    return replace(state, returned=event, returns=state.returns + 1, due=event.until, stage=Stage.RETURNED)


@evolves(UnitReportAccepted)
def accepted(state: U, _event: UnitReportAccepted, _meta: Meta) -> U:
    """Taken."""
    return replace(state, stage=Stage.ACCEPTED)


@evolves(UnitComplianceRecorded)
def compliance(state: U, event: UnitComplianceRecorded, _meta: Meta) -> U:
    """How it was kept."""
    return replace(state, compliance=event)
