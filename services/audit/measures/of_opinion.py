"""Public opinion: hours, told as days of Beijing."""

from datetime import datetime, timedelta

import msgspec

from services.audit.measures.fold import Fold, Row, WithUnit, reads
from shared.kernel.clocks import LEGAL_ZONE


class _Detected(msgspec.Struct, frozen=True):
    title: str
    detected_at: datetime


@reads(_Detected, "press.OpinionDetected")
def detected(fold: Fold, row: Row, data: _Detected) -> None:
    """It was seen; whether an answer is owed, its assessment tells."""
    fold.open(row, "opinions", row.thing, title=data.title, counts=False)
    fold.detected[row.thing] = data.detected_at


@reads(WithUnit, "press.OwnerAssigned", "press.OpinionTransferred")
def owner_assigned(fold: Fold, row: Row, data: WithUnit) -> None:
    """Who answers for it."""
    for measure in ("opinions", "opinion_reports"):
        matter = fold.of(measure, row.thing)
        if matter is not None:
            matter.unit = data.unit


class _Assessed(msgspec.Struct, frozen=True):
    level: str
    respond: bool
    owed: dict[str, datetime] = {}


@reads(_Assessed, "press.OpinionAssessed")
def assessed(fold: Fold, row: Row, data: _Assessed) -> None:
    """By when an answer is owed; what is more than ordinary has to be reported by then as well (YQ-03.1c: no omission)."""
    matter = fold.of("opinions", row.thing)
    if matter is None:
        return
    first = min(data.owed.values(), default=None)
    matter.counts = data.respond and first is not None
    matter.due = first.astimezone(LEGAL_ZONE).date() if first else None
    if first is None or (data.level == "ordinary" and fold.of("opinion_reports", row.thing) is None):
        return
    report = fold.of("opinion_reports", row.thing)
    if report is None:
        fold.open(row, "opinion_reports", row.thing, unit=matter.unit, title=matter.title, due=matter.due)
        report = fold.matters[("opinion_reports", row.thing)]
    report.due = matter.due
    if report.minutes is not None:
        report.late = report.minutes > minutes(fold.detected[row.thing], first)


def minutes(since: datetime, until: datetime) -> int:
    """Whole minutes from one instant to another."""
    return int((until - since) / timedelta(minutes=1))


class _Reported(msgspec.Struct, frozen=True):
    minutes: int


@reads(_Reported, "press.ReportedUp")
def reported_up(fold: Fold, row: Row, data: _Reported) -> None:
    """The first report keeps the time: so many minutes after it was detected."""
    matter = fold.of("opinion_reports", row.thing)
    if matter is None:
        item = fold.of("opinions", row.thing)
        unit, title = (item.unit, item.title) if item is not None else ("", "")
        fold.open(row, "opinion_reports", row.thing, unit=unit, title=title)
        matter = fold.matters[("opinion_reports", row.thing)]
    if matter.done is None:
        matter.done, matter.minutes = row.on, data.minutes
        matter.late = matter.due is not None and row.on > matter.due


class _Issued(msgspec.Struct, frozen=True):
    late_minutes: int = 0


@reads(_Issued, "press.ResponseIssued")
def response_issued(fold: Fold, row: Row, data: _Issued) -> None:
    """The first answer keeps the hours."""
    matter = fold.of("opinions", row.thing)
    if matter is not None and matter.done is None:
        matter.done, matter.late = row.on, data.late_minutes > 0


class _Missed(msgspec.Struct, frozen=True):
    owed: str = ""


@reads(_Missed, "press.ResponseMissed")
def response_missed(fold: Fold, row: Row, data: _Missed) -> None:
    """The hours have passed."""
    matter = fold.of("opinions", row.thing)
    if matter is not None and data.owed != "conference":
        matter.missed = True
