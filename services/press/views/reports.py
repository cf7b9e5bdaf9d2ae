"""Daily logs by day; special reports, warnings and bulletins; risk assessments."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.press.daily_log.decisions import daily_log_id
from services.press.daily_log.events import DailyLogFiled, DailyLogMissed
from services.press.opinion_report.events import BulletinIssued, SpecialReportFiled, WarningIssued, WarningLifted
from services.press.risk_assessment import events as r
from services.press.risk_assessment.decisions import Stage
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class LogRow(ViewRow, frozen=True):
    """A day: whether its log is there, or was missed."""

    day: date
    filed: bool = False
    late: bool = False
    missed: bool = False
    detected: int = 0
    open: int = 0
    overdue: int = 0


class ReportRow(ViewRow, frozen=True):
    """A special report, a warning or a bulletin."""

    kind: str
    title: str
    to_whom: str
    issued_on: date
    level: str = ""
    lifted: bool = False


class RiskRow(ViewRow, frozen=True):
    """An assessment. `owed`: the decision may not be taken before it is approved."""

    title: str
    unit: str
    source: str
    subject: UUID
    opened_on: date
    stage: str = Stage.OWED
    level: str = ""
    assessed_on: date | None = None


daily_logs = TableView("press", "daily_logs", "1", LogRow, indexes=("agency, day",))
reports = TableView("press", "reports", "1", ReportRow, indexes=("agency, kind, issued_on",))
risks = TableView("press", "risks", "1", RiskRow, indexes=("agency, stage",))


@daily_logs.gathers(DailyLogFiled, DailyLogMissed)
def day_logged(row: LogRow | None, event: DailyLogFiled | DailyLogMissed, meta: Meta) -> LogRow:
    """Filed, missed, or first missed and then filed."""
    begun = row or LogRow(id=daily_log_id(meta.agency, event.day), agency=meta.agency, day=event.day)
    if isinstance(event, DailyLogMissed):
        return replace(begun, missed=True)
    counted = event.figures
    return replace(begun, filed=True, late=event.late, detected=counted.detected, open=counted.open, overdue=counted.overdue)


@reports.creates(SpecialReportFiled)
def report_filed(id: UUID, event: SpecialReportFiled, meta: Meta) -> ReportRow:
    """A special report."""
    return ReportRow(id=id, agency=meta.agency, kind="special", title=event.title, to_whom=event.to, issued_on=meta.effective_on)


@reports.creates(WarningIssued)
def warned(id: UUID, event: WarningIssued, meta: Meta) -> ReportRow:
    """A warning."""
    return ReportRow(
        id=id, agency=meta.agency, kind="warning", title=event.title, to_whom=event.to, issued_on=meta.effective_on, level=event.level
    )  # fmt: skip


@reports.creates(BulletinIssued)
def bulletin_issued(id: UUID, event: BulletinIssued, meta: Meta) -> ReportRow:
    """A bulletin goes to every unit."""
    title = f"{event.first} 至 {event.last} 舆情办理情况"
    return ReportRow(id=id, agency=meta.agency, kind="bulletin", title=title, to_whom="各科室", issued_on=meta.effective_on)


@reports.evolves(WarningLifted)
def lifted(row: ReportRow, _event: WarningLifted, _meta: Meta) -> ReportRow:
    """It holds no more."""
    return replace(row, lifted=True)


@risks.creates(r.RiskAssessmentOpened)
def risk_opened(id: UUID, event: r.RiskAssessmentOpened, meta: Meta) -> RiskRow:
    """A new row."""
    return RiskRow(
        id=id, agency=meta.agency, title=event.title, unit=event.unit, source=event.source, subject=event.subject,
        opened_on=meta.effective_on,
    )  # fmt: skip


@risks.evolves(r.RiskDrafted)
def risk_drafted(row: RiskRow, _event: r.RiskDrafted, _meta: Meta) -> RiskRow:
    """It waits for approval."""
    return replace(row, stage=Stage.DRAFTED)


@risks.evolves(r.RiskReturned)
def risk_returned(row: RiskRow, _event: r.RiskReturned, _meta: Meta) -> RiskRow:
    """Another draft is wanted; what was approved holds."""
    return replace(row, stage=Stage.ASSESSED if row.assessed_on else Stage.OWED)


@risks.evolves(r.RiskAssessed)
def risk_assessed(row: RiskRow, event: r.RiskAssessed, meta: Meta) -> RiskRow:
    """It holds."""
    return replace(row, stage=Stage.ASSESSED, level=event.level, assessed_on=meta.effective_on)


@risks.evolves(r.RiskSettledElsewhere)
def risk_settled(row: RiskRow, _event: r.RiskSettledElsewhere, _meta: Meta) -> RiskRow:
    """Nothing is owed."""
    return replace(row, stage=Stage.SETTLED)
