"""The states of reports, warnings and bulletins, and what may be decided about them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.press.opinion_item.state import OpinionItem
from services.press.opinion_report.events import BulletinIssued, SpecialReportFiled, UnitFigures, WarningIssued, WarningLifted
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event, Meta
from shared.kernel.identity import derived_id

Events = Sequence[Event]


class SpecialReport(State, frozen=True):
    """A special report."""

    agency: str = ""
    filed: SpecialReportFiled | None = None
    filed_on: date | None = None


class EarlyWarning(State, frozen=True):
    """An early warning."""

    agency: str = ""
    issued: WarningIssued | None = None
    issued_on: date | None = None
    lifted: str = ""


class Bulletin(State, frozen=True):
    """A bulletin of a period."""

    agency: str = ""
    issued: BulletinIssued | None = None
    issued_on: date | None = None


special_report: Aggregate[SpecialReport] = Aggregate("press.SpecialReport", SpecialReport)
warning: Aggregate[EarlyWarning] = Aggregate("press.EarlyWarning", EarlyWarning)
bulletin: Aggregate[Bulletin] = Aggregate("press.Bulletin", Bulletin)


def bulletin_id(agency: str, first: date, last: date) -> UUID:
    """The bulletin of an agency and period."""
    return derived_id("press", "bulletin", agency, first.isoformat(), last.isoformat())


@special_report.evolves(SpecialReportFiled)
def report_filed(state: SpecialReport, event: SpecialReportFiled, meta: Meta) -> SpecialReport:
    """It has gone."""
    return replace(state, agency=meta.agency, filed=event, filed_on=meta.effective_on)


@warning.evolves(WarningIssued)
def warned(state: EarlyWarning, event: WarningIssued, meta: Meta) -> EarlyWarning:
    """It holds."""
    return replace(state, agency=meta.agency, issued=event, issued_on=meta.effective_on)


@warning.evolves(WarningLifted)
def lifted(state: EarlyWarning, event: WarningLifted, _meta: Meta) -> EarlyWarning:
    """It holds no more."""
    return replace(state, lifted=event.reason)


@bulletin.evolves(BulletinIssued)
def bulletin_issued(state: Bulletin, event: BulletinIssued, meta: Meta) -> Bulletin:
    """Everybody knows."""
    return replace(state, agency=meta.agency, issued=event, issued_on=meta.effective_on)


def check_items(given: Given, items: Sequence[UUID]) -> None:
    """Items of this agency, which are there."""
    for id in items:
        item = given.others.get(id)
        if not isinstance(item, OpinionItem) or not item.exists or item.agency != given.agency.code:
            raise Invalid("no-such-item", f"没有找到舆情 {id}，请核对编号。", fields=[{"field": "items", "sentence": "请核对编号"}])


def file_report(given: Given, report: SpecialReportFiled) -> Events:
    """About items that are there."""
    check_items(given, report.items)
    return [report]


def warn(given: Given, made: WarningIssued) -> Events:
    """On items that are there, if on any."""
    check_items(given, made.items)
    return [made]


def holding(state: EarlyWarning, given: Given) -> None:
    """Its agency's, and not lifted."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    if state.lifted:
        raise Refused("lifted-already", "该预警已经解除。")


def issue_bulletin(state: Bulletin, given: Given, made: BulletinIssued) -> Events:
    """Of a period that is over, once."""
    if made.first > made.last:
        raise Invalid("bad-period", "起始日期不能晚于截止日期。", fields=[{"field": "first", "sentence": "请核对"}])
    if made.last >= given.today:
        raise Invalid("period-runs", "通报的期间应当已经结束。", fields=[{"field": "last", "sentence": "应早于今天"}])
    if state.exists:
        raise Refused("issued-already", "该期间已经通报。")
    return [made]


def total(units: Sequence[UnitFigures]) -> UnitFigures:
    """All units together."""
    names = ("items", "on_time", "late", "missed", "waiting", "unneeded", "omitted")
    return UnitFigures(unit="", **{name: sum(getattr(one, name) for one in units) for name in names})
