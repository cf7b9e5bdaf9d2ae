"""The units' reports: who owes one by when, who was late, who was reminded how often."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.unit_report import events as e
from services.audit.unit_report.state import Stage
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class UnitReportRow(ViewRow, frozen=True):
    """A report in the list. `waits`: the unit owes it; `overdue`: the miss of its present day is recorded; `kept`: how it kept the rule."""

    year: int
    unit: str
    due: date
    remind_on: date
    stage: str = Stage.CALLED
    waits: bool = True
    overdue: bool = False
    misses: int = 0
    reminders: int = 0
    late_days: int = 0
    first_submitted_on: date | None = None
    kept: str = ""


unit_reports = TableView("audit", "unit_reports", "1", UnitReportRow, indexes=("agency, year, unit", "agency, waits, due"))


@unit_reports.creates(e.ReportCalled)
def called(id: UUID, event: e.ReportCalled, meta: Meta) -> UnitReportRow:
    """A new row."""
    return UnitReportRow(
        id=id, agency=meta.agency, year=event.year, unit=event.unit, due=event.due, remind_on=event.remind_on
    )  # fmt: skip


@unit_reports.evolves(e.UnitReportReminded)
def reminded(row: UnitReportRow, _event: e.UnitReportReminded, _meta: Meta) -> UnitReportRow:
    """Once more."""
    return replace(row, reminders=row.reminders + 1)


@unit_reports.evolves(e.UnitReportSubmitted)
def submitted(row: UnitReportRow, event: e.UnitReportSubmitted, meta: Meta) -> UnitReportRow:
    """It is there; the first one tells how late the unit was."""
    first = row.first_submitted_on is None
    return replace(
        row,
        stage=Stage.SUBMITTED,
        waits=False,
        late_days=event.late_days if first else row.late_days,
        first_submitted_on=meta.effective_on if first else row.first_submitted_on,
    )


@unit_reports.evolves(e.UnitReportOverdue)
def overdue(row: UnitReportRow, _event: e.UnitReportOverdue, _meta: Meta) -> UnitReportRow:
    """Known as missed."""
    return replace(row, overdue=True, misses=row.misses + 1)


@unit_reports.evolves(e.UnitReportOverdueWithdrawn)
def overdue_withdrawn(row: UnitReportRow, _event: e.UnitReportOverdueWithdrawn, _meta: Meta) -> UnitReportRow:
    """It was in time."""
    return replace(row, overdue=False, misses=max(0, row.misses - 1))


@unit_reports.evolves(e.UnitReportReturned)
def returned(row: UnitReportRow, event: e.UnitReportReturned, _meta: Meta) -> UnitReportRow:
    """Owed again."""
    return replace(row, stage=Stage.RETURNED, waits=True, overdue=False, due=event.until)


@unit_reports.evolves(e.UnitReportAccepted)
def accepted(row: UnitReportRow, _event: e.UnitReportAccepted, _meta: Meta) -> UnitReportRow:
    """Taken."""
    return replace(row, stage=Stage.ACCEPTED)


@unit_reports.evolves(e.UnitComplianceRecorded)
def compliance(row: UnitReportRow, event: e.UnitComplianceRecorded, _meta: Meta) -> UnitReportRow:
    """How it was kept."""
    return replace(row, kept=event.kept)
