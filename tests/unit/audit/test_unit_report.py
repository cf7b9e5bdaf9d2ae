"""The units' written reports: called at once, due on 20 December, figures counted and not typed, late keeps both (NB)."""

from datetime import date, timedelta
from typing import Any, cast, get_args

import pytest

from services.audit.figures import Figure
from services.audit.report_round.commands import CallReports, round_id
from services.audit.report_round.decisions import report_round
from services.audit.report_round.events import UnitReportsCalled
from services.audit.unit_report import commands
from services.audit.unit_report.commands import (
    AcceptReport,
    MissReport,
    RecordMissing,
    RemindInTime,
    RemindUnit,
    ReturnReport,
    SubmitReport,
)
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
from services.audit.unit_report.sections import SECTIONS
from services.audit.unit_report.state import Stage, UnitReport, report_id, unit_report
from shared.kernel.commands import On
from tests.specification import AGENCY, Specification, given, person

OFFICE = person("office", "disclosure_office")
HEAD = person("head", "unit_head")
KEEPER = person("keeper", "system")
UNITS = ("zonghe", "shenpi")
CALLED_ON = date(2025, 11, 24)
DUE = date(2025, 12, 20)
FIGURES = (Figure("requests", on_time=9, late=1, positions={"requests": 88}),)
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])


def report(state: Any) -> UnitReport:
    return cast("UnitReport", state)


def the_call(year: int = 2025, **more: Any) -> CallReports:
    return CallReports.model_validate({"year": year, **more}).among(UNITS)


def round_on(day: date = CALLED_ON, book: str = "decree-711") -> Specification:
    return given(report_round).under(book).with_units(*UNITS, "xinxi").on(day)


def owed(book: str = "decree-711") -> Specification:
    """A report that was called for."""
    called = ReportCalled(year=2025, unit="zonghe", due=DUE, remind_on=date(2025, 12, 15))
    return given(unit_report, called, day=CALLED_ON).under(book).on(date(2025, 12, 1))


def text(**more: Any) -> SubmitReport:
    said = {"organisation": "无", "information": "清理12条", "disclosure": "按期", "withheld": "无", "media": "网站改版", **more}
    return SubmitReport.model_validate(said).counting(FIGURES)


def submitted(day: date = DUE, book: str = "decree-711", **more: Any) -> Specification:
    return owed(book).on(day).when(text(**more), by=HEAD).records(UnitReportSubmitted).later()


@pytest.mark.rule("NB-01")
@BOOKS
def test_one_call_reaches_every_unit_and_the_day_is_20_december(book: str) -> None:
    made = round_on(book=book).when(the_call(), by=OFFICE)
    made.then(UnitReportsCalled(year=2025, due=DUE, units=UNITS))
    assert made.decided is not None
    each = [one for one in made.decided.events if isinstance(one, On)]
    assert [one.id for one in each] == [report_id(AGENCY.code, 2025, unit) for unit in UNITS]
    expected = [ReportCalled(year=2025, unit=unit, due=DUE, remind_on=date(2025, 12, 12)) for unit in UNITS]
    assert [one.event for one in each] == expected
    again = made.later().when(the_call(), by=OFFICE)
    again.refused("called-already")
    later = made.later().when(CallReports(year=2025).among((*UNITS, "xinxi")), by=OFFICE)
    later.then(UnitReportsCalled(year=2025, due=DUE, units=("xinxi",)))
    assert round_id(AGENCY.code, 2025) != round_id(AGENCY.code, 2026)


@pytest.mark.rule("NB-01")
def test_the_day_may_be_earlier_and_later_only_where_it_is_over() -> None:
    earlier = round_on().when(the_call(until="2025-12-10"), by=OFFICE)
    earlier.then(UnitReportsCalled(year=2025, due=date(2025, 12, 10), units=UNITS))
    round_on().when(the_call(until="2025-12-21"), by=OFFICE).refused("until-out")
    after = round_on(date(2025, 12, 24))
    after.when(the_call(), by=OFFICE).refused("until-missing")
    after.when(the_call(until="2025-12-31"), by=OFFICE).then(UnitReportsCalled(year=2025, due=date(2025, 12, 31), units=UNITS))
    round_on().when(the_call(2022), by=OFFICE).refused("year-far")
    round_on().when(the_call(units=["caiwu"]), by=OFFICE).refused("no-such-unit")


@pytest.mark.rule("NB-01")
@BOOKS
def test_on_the_day_is_in_time_and_the_day_after_is_late_with_a_reason(book: str) -> None:
    in_time = report(submitted(DUE, book).state)
    assert (in_time.late_days, in_time.stage) == (0, Stage.SUBMITTED)
    late = owed(book).on(DUE + timedelta(1))
    late.when(text(), by=HEAD).refused("overdue-reason-missing")
    made = late.when(text(overdue_reason="人员调整"), by=HEAD).records(UnitReportSubmitted)
    assert report(made.state).late_days == 1


@pytest.mark.rule("NB-01", "NB-04b")
@BOOKS
def test_a_miss_is_recorded_once_and_a_late_report_keeps_both(book: str) -> None:
    owed(book).on(DUE).when(MissReport(), by=KEEPER).then()
    missed = owed(book).on(DUE + timedelta(1)).when(MissReport(), by=KEEPER).then(UnitReportOverdue(due=DUE))
    missed.later().when(MissReport(), by=KEEPER).then()
    late = missed.later(DUE + timedelta(3)).when(text(overdue_reason="出差"), by=HEAD).records(UnitReportSubmitted)
    assert (report(late.state).overdue, report(late.state).late_days) == ((DUE,), 3)
    accepted = late.later().when(AcceptReport(), by=OFFICE)
    accepted.then(UnitReportAccepted(), UnitComplianceRecorded(kept="late", late_days=3, reminders=0, returns=0))


@pytest.mark.rule("NB-01")
def test_a_report_that_is_recorded_later_but_was_in_time_takes_the_miss_back() -> None:
    missed = owed().on(DUE + timedelta(1)).when(MissReport(), by=KEEPER).later(DUE)
    made = missed.when(text(), by=HEAD).records(UnitReportSubmitted, UnitReportOverdueWithdrawn)
    assert report(made.state).overdue == ()


@pytest.mark.rule("NB-03.1")
@BOOKS
def test_the_five_sections_are_required_and_the_figures_are_counted(book: str) -> None:
    assert tuple(SECTIONS) == ("organisation", "information", "disclosure", "withheld", "media")
    with pytest.raises(ValueError, match="withheld"):
        SubmitReport.model_validate({"organisation": "无", "information": "无", "disclosure": "无", "media": "无"})
    with pytest.raises(ValueError, match="figures"):
        text(figures=[{"measure": "requests", "on_time": 99}])
    state = report(submitted(book=book).state)
    assert state.sections["media"] == "网站改版"
    assert state.figures == FIGURES
    assert state.figures[0].positions == {"requests": 88}
    owed(book).when(SubmitReport.model_validate(text().model_dump()), by=HEAD).refused("figures-missing")


@pytest.mark.rule("NB-03.1")
def test_what_is_not_complete_goes_back_with_a_reason_and_a_day() -> None:
    until = date(2025, 12, 25)
    back = ReturnReport(sections=("media",), reason="补充运行情况", until=until)
    owed().when(back, by=OFFICE).refused("not-submitted")
    submitted(DUE).when(ReturnReport(sections=("media",), reason="补充", until=CALLED_ON), by=OFFICE).refused("until-past")
    returned = submitted(DUE).when(back, by=OFFICE).then(UnitReportReturned(sections=("media",), reason="补充运行情况", until=until))
    missed = returned.later(date(2025, 12, 26)).when(MissReport(), by=KEEPER).then(UnitReportOverdue(due=until))
    assert report(missed.state).waits
    again = returned.later(until).when(text(media="网站改版，月更50条"), by=HEAD).records(UnitReportSubmitted)
    assert (report(again.state).late_days, report(again.state).first_submitted_on) == (0, DUE)
    accepted = again.later().when(AcceptReport(note="完整"), by=OFFICE)
    accepted.then(UnitReportAccepted(), UnitComplianceRecorded(kept="on_time", late_days=0, reminders=0, returns=1, note="完整"))
    accepted.later().when(text(), by=HEAD).refused("not-owed")


@pytest.mark.rule("NB-04b")
@BOOKS
def test_units_are_reminded_before_the_day_and_by_hand(book: str) -> None:
    owed(book).on(date(2025, 12, 14)).when(RemindInTime(), by=KEEPER).then()
    reminded = owed(book).on(date(2025, 12, 15)).when(RemindInTime(), by=KEEPER).then(UnitReportReminded(left=5))
    reminded.later().when(RemindInTime(), by=KEEPER).then()
    by_hand = reminded.later(DUE + timedelta(2)).when(RemindUnit(note="已过期"), by=OFFICE)
    by_hand.then(UnitReportReminded(left=-2, note="已过期"))
    submitted(book=book).when(RemindUnit(), by=OFFICE).refused("not-owed")


@pytest.mark.rule("NB-04b")
def test_how_each_unit_kept_the_rule_is_recorded_also_where_nothing_came() -> None:
    owed().on(DUE).when(RecordMissing(), by=OFFICE).refused("not-overdue")
    nothing = owed().on(DUE + timedelta(1)).when(RecordMissing(note="多次督促"), by=OFFICE)
    nothing.then(UnitComplianceRecorded(kept="missing", late_days=0, reminders=0, returns=0, note="多次督促"))
    nothing.later().when(RecordMissing(), by=OFFICE).refused("recorded-already")
    after = nothing.later().when(text(overdue_reason="补报"), by=HEAD).later()
    after.when(RecordMissing(), by=OFFICE).refused("submitted-already")
    after.when(AcceptReport(), by=HEAD).refused("submitter-accepts")
    accepted = after.when(AcceptReport(), by=OFFICE).later()
    assert report(accepted.state).compliance == UnitComplianceRecorded(kept="late", late_days=1, reminders=0, returns=0)


def test_the_sections_that_can_go_back_are_those_of_the_file() -> None:
    assert get_args(commands.Key) == tuple(SECTIONS)
