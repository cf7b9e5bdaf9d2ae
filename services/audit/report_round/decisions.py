"""The call of a year as it stands, and what is decided about it (NB-01)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.report_round.events import UnitReportsCalled
from services.audit.unit_report.events import ReportCalled
from services.audit.unit_report.state import unit_report
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given, On
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event, Meta

DATE = "unit_report"
"""The day of the rulebook by which units report."""

REMINDER = "unit_report_reminder"
"""The limit of the rulebook: so many working days before it, a unit is reminded."""


class ReportRound(State, frozen=True):
    """The call of a year: who was called, and by when they report."""

    year: int = 0
    due: date | None = None
    units: tuple[str, ...] = ()


report_round: Aggregate[ReportRound] = Aggregate("audit.ReportRound", ReportRound)


@report_round.evolves(UnitReportsCalled)
def called(state: ReportRound, event: UnitReportsCalled, _meta: Meta) -> ReportRound:
    """Those are called; called again for units that came later, the first ones stay."""
    return replace(state, year=event.year, due=event.due, units=(*state.units, *event.units))


def call(state: ReportRound, given: Given, year: int, note: str, until: date | None, reports: dict[str, UUID]) -> Sequence[Event | On]:
    """All units by the day of the rulebook; who called them before is not called again. `reports`: the report's id of each unit."""
    if not given.today.year - 1 <= year <= given.today.year:
        raise Invalid("year-far", "只能部署本年或者上年的书面报告。", fields=[{"field": "year", "sentence": "请核对年份"}])
    units = [unit for unit in reports if unit not in state.units]
    if not units:
        raise Refused("called-already", f"{year} 年的书面报告已经部署到全部科室。")
    unknown = [unit for unit in units if not given.knows_unit(unit)]
    if unknown:
        raise Invalid("no-such-unit", f"本机关没有这些科室：{'、'.join(unknown)}。", fields=[{"field": "units", "sentence": "请重新填写"}])
    due = due_day(given, year, until)
    left = given.rulebook.limit(REMINDER).days
    remind = given.calendar.subtract_working_days(due, left)
    told = [
        On(unit_report, reports[unit], ReportCalled(year=year, unit=unit, due=due, remind_on=max(remind, given.today), note=note))
        for unit in units
    ]
    return [UnitReportsCalled(year=year, due=due, units=tuple(units), note=note), *told]


def due_day(given: Given, year: int, until: date | None) -> date:
    """The rulebook's day of the year, or an earlier one that the office names; another only where that one is over already."""
    rule = given.rulebook.dates[DATE]
    day = rule.of(year)
    if given.today > day:
        if until is None or until < given.today:
            raise Invalid(
                "until-missing",
                f"{year} 年的提交日期（{day}）已过，请另定今天以后的提交日期。",
                article=rule.article,
                fields=[{"field": "until", "sentence": "请填写今天以后的日期"}],
            )
        return until
    if until is not None and not given.today <= until <= day:
        raise Invalid(
            "until-out", f"提交日期应在今天至 {day} 之间。", article=rule.article, fields=[{"field": "until", "sentence": f"不晚于 {day}"}]
        )
    return until or day
