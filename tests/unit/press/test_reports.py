"""Logs, special reports, warnings and bulletins (YQ-03.2c, YQ-03.4c), and what is counted for them (YQ-03.1c)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from services.press.counting import by_unit, faults, outcome
from services.press.daily_log.commands import CountedDay, FileDailyLog, MissDailyLog
from services.press.daily_log.decisions import daily_log, daily_log_id
from services.press.daily_log.events import DailyLogFiled, DailyLogMissed, Figures
from services.press.opinion_item.events import OpinionDetected
from services.press.opinion_item.state import OpinionItem, opinion_item
from services.press.opinion_report.commands import CountedUnit, FileSpecialReport, IssueBulletin, IssueWarning, LiftWarning
from services.press.opinion_report.decisions import bulletin, special_report, total, warning
from services.press.opinion_report.events import BulletinIssued, SpecialReportFiled, UnitFigures, WarningIssued, WarningLifted
from shared.kernel.commands import commands
from shared.kernel.identity import derived_id
from shared.law.rulebook import rulebook
from tests.specification import AGENCY, DAY, given, person, play

MONITOR = person("monitor", "opinion_monitor")
OFFICE = person("office", "general_office")
SYSTEM = person("keeper", "system")
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
ITEM = derived_id("test", "item")
SEEN = OpinionDetected("forum", "https://bbs.example.cn/1", "反映窗口排队", "称窗口排队三小时", datetime(2025, 9, 22, 0, 30, tzinfo=UTC))
NOW = datetime(2025, 9, 24, 2, tzinfo=UTC)


def item() -> OpinionItem:
    return cast("OpinionItem", play(opinion_item, opinion_item.initial(ITEM), [SEEN], DAY))


@pytest.mark.rule("YQ-03.2c")
@BOOKS
def test_a_day_has_one_log_whose_figures_nobody_types(book: str) -> None:
    case = given(daily_log, id=daily_log_id(AGENCY.code, DAY)).under(book)
    command = FileDailyLog(day=DAY, figures=CountedDay(position=17, detected=3), note="平稳")
    filed = case.when(command, by=MONITOR).then(DailyLogFiled(day=DAY, figures=Figures(position=17, detected=3), note="平稳", late=False))
    filed.later().when(command, by=MONITOR).refused("filed-already")
    assert commands["press.FileDailyLog"].internal, "its figures come from the platform: there is no route to type them"
    assert commands["press.IssueBulletin"].internal
    tomorrow = FileDailyLog(day=DAY + timedelta(days=1), figures=CountedDay(position=17))
    case.when(tomorrow, by=MONITOR).refused("future-day")


@pytest.mark.rule("YQ-03.2c", "YQ-03.1c")
@BOOKS
def test_a_day_without_a_log_is_missed_and_may_be_filed_late(book: str) -> None:
    case = given(daily_log, id=daily_log_id(AGENCY.code, DAY)).under(book)
    case.when(MissDailyLog(day=DAY), by=SYSTEM).then()
    missed = case.on(DAY + timedelta(days=1)).when(MissDailyLog(day=DAY), by=SYSTEM).then(DailyLogMissed(day=DAY)).later()
    missed.on(DAY + timedelta(days=1)).when(MissDailyLog(day=DAY), by=SYSTEM).then()
    late = missed.on(DAY + timedelta(days=1)).when(FileDailyLog(day=DAY, figures=CountedDay(position=17)), by=MONITOR)
    assert late.records(DailyLogFiled).events[0].late  # type: ignore[attr-defined]
    late.later(DAY + timedelta(days=1)).when(MissDailyLog(day=DAY), by=SYSTEM).then()


@pytest.mark.rule("YQ-03.2c")
@BOOKS
def test_a_special_report_names_items_that_are_there(book: str) -> None:
    command = FileSpecialReport(title="窗口排队舆情专报", items=(ITEM, ITEM), to="市政府办公室", text="情况和建议")
    given(special_report).under(book).when(command, by=MONITOR).refused("no-such-item")
    given(special_report).under(book).beside(item()).when(command, by=MONITOR).then(
        SpecialReportFiled(title="窗口排队舆情专报", items=(ITEM,), to="市政府办公室", text="情况和建议")
    )


@pytest.mark.rule("YQ-03.2c")
@BOOKS
def test_a_warning_is_issued_early_and_lifted(book: str) -> None:
    command = IssueWarning(title="供热缴费可能引发关注", level="medium", to="综合科", text="提前公布办法")
    issued = given(warning).under(book).when(command, by=MONITOR).records(WarningIssued).later()
    lifted = issued.when(LiftWarning(reason="已平稳"), by=OFFICE).then(WarningLifted(reason="已平稳")).later()
    lifted.when(LiftWarning(reason="已平稳"), by=OFFICE).refused("lifted-already")
    unknown = IssueWarning(title="供热缴费可能引发关注", level="medium", to="综合科", text="提前公布办法", items=(ITEM,))
    given(warning).under(book).when(unknown, by=MONITOR).refused("no-such-item")


@pytest.mark.rule("YQ-03.4c")
@BOOKS
def test_a_bulletin_of_a_period_that_is_over_tells_how_each_unit_handled_its_items(book: str) -> None:
    counted = CountedUnit(unit="zonghe", items=3, on_time=1, late=1, missed=1, waiting=0, unneeded=0, omitted=1)

    def command(first: date = date(2025, 8, 1), last: date = date(2025, 8, 31)) -> IssueBulletin:
        return IssueBulletin(first=first, last=last, position=17, units=(counted,), note="请限期整改")

    case = given(bulletin).under(book)
    issued = case.when(command(), by=OFFICE).records(BulletinIssued)
    event = cast("BulletinIssued", issued.events[0])
    assert event.units == (UnitFigures("zonghe", 3, 1, 1, 1, 0, 0, 1),)
    assert total((*event.units, *event.units)).items == 6
    issued.later().when(command(), by=OFFICE).refused("issued-already")
    case.when(command(last=DAY), by=OFFICE).refused("period-runs")
    case.when(command(first=date(2025, 9, 1)), by=OFFICE).refused("bad-period")


def row(**more: Any) -> dict[str, Any]:
    """An item as the view has it."""
    facts = {
        "unit": "zonghe", "level": "ordinary", "respond": True, "until": NOW + timedelta(hours=1), "answered_on": None, "late_minutes": 0,
        "misses": 0, "report_minutes": None, "detected_at": NOW - timedelta(hours=30), "published_at": None,
    }  # fmt: skip
    return {**facts, **more}


@pytest.mark.rule("YQ-03.4c")
def test_an_item_is_on_time_late_missed_or_waiting() -> None:
    assert outcome(row(respond=False), NOW) == "unneeded"
    assert outcome(row(), NOW) == "waiting"
    assert outcome(row(until=NOW - timedelta(hours=1)), NOW) == "missed"
    assert outcome(row(misses=1), NOW) == "missed"
    assert outcome(row(answered_on=DAY), NOW) == "on_time"
    assert outcome(row(answered_on=DAY, late_minutes=5), NOW) == "late"
    assert outcome(row(answered_on=DAY, misses=1), NOW) == "late"
    units = by_unit([row(), row(unit=""), row(answered_on=DAY), row(report_minutes=24 * 60 + 1)], NOW, 24, 24)
    assert [(one.unit, one.items, one.on_time, one.waiting, one.omitted) for one in units] == [("", 1, 0, 1, 0), ("zonghe", 3, 1, 2, 1)]


@pytest.mark.rule("YQ-03.1c")
@BOOKS
def test_what_was_reported_late_or_left_out_is_seen(book: str) -> None:
    report, detect = rulebook(book).limit("opinion_report_up").days, rulebook(book).limit("opinion_detection").days
    assert faults(row(report_minutes=report * 60), NOW, report, detect) == []
    assert faults(row(report_minutes=report * 60 + 1), NOW, report, detect) == ["late_report"]
    assert faults(row(level="major"), NOW, report, detect) == ["unreported"]
    assert faults(row(level="major", detected_at=NOW - timedelta(hours=1)), NOW, report, detect) == []
    early = row(published_at=NOW - timedelta(hours=30 + detect, minutes=1))
    assert faults(early, NOW, report, detect) == ["late_detection"]
