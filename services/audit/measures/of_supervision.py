"""What audit records itself: units' reports, inspections, surveys, complaints."""

from datetime import date

import msgspec

from services.audit.inspection.scheme import SCHEME
from services.audit.measures.fold import Complaint, Fold, Nothing, Row, Share, reads


class _Called(msgspec.Struct, frozen=True):
    year: int
    unit: str
    due: date


@reads(_Called, "audit.ReportCalled")
def report_called(fold: Fold, row: Row, data: _Called) -> None:
    """A unit's yearly report is owed."""
    fold.open(row, "unit_reports", row.thing, unit=data.unit, title=f"{data.year} 年书面报告", due=data.due)


class _Submitted(msgspec.Struct, frozen=True):
    overdue_reason: str = ""


@reads(_Submitted, "audit.UnitReportSubmitted")
def report_submitted(fold: Fold, row: Row, data: _Submitted) -> None:
    """The first one keeps the day; what is completed later does not make it late."""
    matter = fold.of("unit_reports", row.thing)
    if matter is not None and matter.done is None:
        matter.done, matter.reasoned = row.on, bool(data.overdue_reason)


class _Inspection(msgspec.Struct, frozen=True):
    unit: str


@reads(_Inspection, "audit.InspectionPlanned")
def inspection_planned(fold: Fold, row: Row, data: _Inspection) -> None:
    """Which unit is inspected."""
    fold.units[row.thing] = data.unit


class _Inspected(msgspec.Struct, frozen=True):
    scores: dict[str, int]
    unit: str
    total: int


@reads(_Inspected, "audit.InspectionRecorded")
def inspected(fold: Fold, row: Row, data: _Inspected) -> None:
    """Its points of the most that there are; recorded again, the latest count (JD-06a)."""
    most = SCHEME.points * len(data.scores)
    fold.shares["inspections", row.thing] = Share("inspections", data.unit, row.on, min(data.total, most), most)


class _Survey(msgspec.Struct, frozen=True):
    asked: int
    satisfied: int


@reads(_Survey, "audit.SurveyRun")
def surveyed(fold: Fold, row: Row, data: _Survey) -> None:
    """How many of those that were asked are satisfied."""
    fold.shares["satisfaction", row.position] = Share("satisfaction", fold.units.get(row.thing, ""), row.on, data.satisfied, data.asked)


class _Issue(msgspec.Struct, frozen=True):
    number: int
    unit: str = ""
    what: str = ""
    due: date | None = None


@reads(_Issue, "audit.IssueOpened")
def issue_opened(fold: Fold, row: Row, data: _Issue) -> None:
    """What was found wrong is to be put right by a day."""
    fold.open(row, "issues", row.thing, data.number, unit=data.unit, title=data.what, due=data.due)


@reads(_Issue, "audit.IssueClosed")
def issue_closed(fold: Fold, row: Row, data: _Issue) -> None:
    """It was."""
    matter = fold.of("issues", row.thing, data.number)
    if matter is not None:
        matter.done = row.on


@reads(_Issue, "audit.IssueReopened")
def issue_reopened(fold: Fold, row: Row, data: _Issue) -> None:
    """It was not, after all."""
    matter = fold.of("issues", row.thing, data.number)
    if matter is not None:
        matter.done, matter.due = None, data.due or matter.due


class _Complaint(msgspec.Struct, frozen=True):
    about_unit: str = ""


@reads(_Complaint, "audit.ComplaintReceived", "audit.ComplaintTriaged")
def complained(fold: Fold, row: Row, data: _Complaint) -> None:
    """About whom; the first look may know better."""
    known = fold.complaints.setdefault(row.thing, Complaint(data.about_unit))
    known.unit = data.about_unit or known.unit


class _Finding(msgspec.Struct, frozen=True):
    finding: str


@reads(_Finding, "audit.ComplaintConcluded")
def complaint_concluded(fold: Fold, row: Row, data: _Finding) -> None:
    """True, wholly or in part, or not."""
    if row.thing in fold.complaints:
        fold.complaints[row.thing].founded_on = row.on if data.finding in ("founded", "partly_founded") else None


@reads(Nothing, "audit.ComplaintReopened")
def complaint_reopened(fold: Fold, row: Row, _data: Nothing) -> None:
    """Nothing is found yet."""
    if row.thing in fold.complaints:
        fold.complaints[row.thing].founded_on = None
