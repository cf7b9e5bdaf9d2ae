"""Which days are worked, and how they are counted (X-01; law.md "Working days")."""

import time
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.law.calendar import (
    AnnouncedYear,
    ClockStopped,
    DayKind,
    OutOfCalendar,
    Span,
    WorkingCalendar,
    national_calendar,
)

chinese_calendar = import_module("chinese_calendar")  # it has no types
CALENDAR = national_calendar()
ANNOUNCED = range(2004, 2027)
DAYS = st.dates(date(2004, 2, 1), date(2026, 6, 30))
COUNTS = st.integers(1, 120)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def new_year(**changes: Any) -> AnnouncedYear:
    """A year as an agency would load it: the days that are always off, and a Sunday worked."""
    fields: dict[str, Any] = {
        "year": 2027,
        "holidays": tuple(date(2027, month, day) for month, day in ((1, 1), (1, 2), (1, 3), (5, 1), (10, 1), (10, 2), (10, 3))),
        "working_weekends": (date(2027, 1, 10),),
        "source": "国务院办公厅关于2027年部分节假日安排的通知",
    }
    return AnnouncedYear(**{**fields, **changes})


@pytest.mark.rule("X-01")
@pytest.mark.parametrize("year", ANNOUNCED)
def test_each_announced_year_agrees_day_by_day_with_the_published_calendar(year: int) -> None:
    assert [day for day in days_of(year) if CALENDAR.is_working(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize("year", ANNOUNCED)
def test_each_announced_year_names_its_notice(year: int) -> None:
    announced = CALENDAR.announced(year)
    assert announced is not None
    assert f"国务院办公厅关于{year}年部分节假日安排的通知" in announced.source
    assert announced.faults() == ()


@pytest.mark.rule("X-01")
@pytest.mark.parametrize(
    ("receipt", "working_days", "due"),
    [
        (date(2024, 2, 5), 20, date(2024, 3, 8)),
        (date(2025, 1, 20), 20, date(2025, 2, 21)),
        (date(2025, 9, 22), 20, date(2025, 10, 24)),
        (date(2025, 9, 22), 7, date(2025, 9, 30)),
    ],
)
def test_the_checks_of_the_law(receipt: date, working_days: int, due: date) -> None:
    assert CALENDAR.add_working_days(receipt, working_days) == due


def test_a_sunday_that_is_worked_is_a_swapped_day() -> None:
    assert CALENDAR.kind(date(2025, 9, 28)) is DayKind.SWAPPED
    assert CALENDAR.kind(date(2025, 9, 27)) is DayKind.WEEKEND
    assert CALENDAR.kind(date(2025, 10, 8)) is DayKind.HOLIDAY
    assert CALENDAR.kind(date(2025, 10, 9)) is DayKind.WORKING


def test_a_holiday_has_the_name_of_its_festival() -> None:
    assert CALENDAR.holiday_name(date(2024, 2, 12)) == "春节"
    assert CALENDAR.holiday_name(date(2024, 2, 19)) is None


def test_a_notice_speaks_of_the_december_before_its_year() -> None:
    assert CALENDAR.kind(date(2018, 12, 29)) is DayKind.SWAPPED
    assert CALENDAR.kind(date(2018, 12, 31)) is DayKind.HOLIDAY


@given(DAYS, COUNTS)
def test_a_deadline_is_a_working_day(start: date, n: int) -> None:
    assert CALENDAR.is_working(CALENDAR.add_working_days(start, n))


@given(DAYS, COUNTS)
def test_counting_back_gives_the_last_working_day_on_or_before_the_start(start: date, n: int) -> None:
    last = start
    while not CALENDAR.is_working(last):
        last -= timedelta(days=1)
    assert CALENDAR.subtract_working_days(CALENDAR.add_working_days(start, n), n) == last


@given(DAYS, COUNTS)
def test_between_the_start_and_the_deadline_lie_as_many_working_days(start: date, n: int) -> None:
    due = CALENDAR.add_working_days(start, n)
    one_by_one = sum(CALENDAR.is_working(start + timedelta(days=d)) for d in range(1, (due - start).days + 1))
    assert one_by_one == n == CALENDAR.working_days_between(start, due) == -CALENDAR.working_days_between(due, start)


@settings(max_examples=200)
@given(DAYS, st.integers(1, 60), st.integers(0, 40), st.integers(0, 40))
def test_suspending_and_resuming_adds_exactly_the_working_days_between(start: date, n: int, after: int, length: int) -> None:
    unsuspended = CALENDAR.add_working_days(start, n)
    suspended = min(start + timedelta(days=1 + after), unsuspended)
    resumed = suspended + timedelta(days=length)
    between = sum(CALENDAR.is_working(suspended + timedelta(days=d)) for d in range(length))
    due = CALENDAR.add_working_days(start, n, not_counted=(Span(suspended, resumed),))
    assert CALENDAR.working_days_between(unsuspended, due) == between


@given(DAYS, st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 15)), max_size=4))
def test_days_that_two_spans_share_are_left_out_once(start: date, spans: list[tuple[int, int]]) -> None:
    left_out = tuple(Span(start + timedelta(days=a), start + timedelta(days=a + b)) for a, b in spans)
    day, counted = start, 0
    while counted < 20:
        day += timedelta(days=1)
        within = any(span.start <= day and span.end is not None and day < span.end for span in left_out)
        counted += CALENDAR.is_working(day) and not within
    assert CALENDAR.add_working_days(start, 20, not_counted=left_out) == day


def test_resumed_on_the_day_of_the_suspension_nothing_is_added() -> None:
    day = date(2025, 9, 24)
    assert CALENDAR.add_working_days(date(2025, 9, 22), 7, not_counted=(Span(day, day),)) == date(2025, 9, 30)


def test_a_span_without_an_end_leaves_no_deadline_unless_it_begins_after_it() -> None:
    start = date(2025, 9, 22)
    with pytest.raises(ClockStopped):
        CALENDAR.add_working_days(start, 7, not_counted=(Span(date(2025, 9, 30), None),))
    assert CALENDAR.add_working_days(start, 7, not_counted=(Span(date(2025, 10, 1), None),)) == date(2025, 9, 30)


def test_calendar_days_end_on_a_working_day() -> None:
    assert CALENDAR.add_calendar_days(date(2025, 9, 1), 30) == date(2025, 10, 9)
    assert CALENDAR.add_calendar_days(date(2025, 9, 1), 10) == date(2025, 9, 11)
    span = Span(date(2025, 9, 5), date(2025, 9, 8))
    assert CALENDAR.add_calendar_days(date(2025, 9, 1), 8, not_counted=(span,)) == date(2025, 9, 12)


def test_no_days_after_a_day_is_that_day_and_fewer_are_an_error() -> None:
    assert CALENDAR.add_working_days(date(2025, 10, 1), 0) == date(2025, 10, 1)
    with pytest.raises(ValueError, match="不得为负"):
        CALENDAR.add_working_days(date(2025, 10, 1), -1)


def test_the_next_working_day_after_a_holiday() -> None:
    assert CALENDAR.next_working_day(date(2025, 10, 1)) == date(2025, 10, 9)
    assert CALENDAR.next_working_day(date(2025, 10, 9)) == date(2025, 10, 9)


def test_a_year_without_a_notice_is_provisional_and_has_its_statutory_holidays_only() -> None:
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert all(CALENDAR.is_provisional(day) for day in days_of(2027))
    assert CALENDAR.kind(date(2027, 10, 1)) is DayKind.HOLIDAY
    assert CALENDAR.holiday_name(date(2027, 2, 8)) == "春节"
    assert not any(CALENDAR.kind(day) is DayKind.SWAPPED for day in days_of(2027))
    assert CALENDAR.add_working_days(date(2026, 12, 30), 2) == date(2027, 1, 4)


def test_counting_back_from_a_provisional_year_to_one_before_the_first() -> None:
    due = CALENDAR.add_working_days(date(2003, 12, 30), 6000)
    assert due.year == 2028
    assert CALENDAR.subtract_working_days(due, 6000) == date(2003, 12, 30)


@pytest.mark.parametrize("beyond", [date(1949, 10, 1), date(2101, 1, 1), date.max])
def test_a_day_that_no_calendar_reaches(beyond: date) -> None:
    with pytest.raises(OutOfCalendar, match="超出日历范围"):
        CALENDAR.is_working(beyond)
    with pytest.raises(OutOfCalendar):
        CALENDAR.add_working_days(beyond, 1)


def test_a_number_of_days_that_no_calendar_reaches() -> None:
    with pytest.raises(OutOfCalendar):
        CALENDAR.add_working_days(date(2025, 1, 1), 1_000_000)


def test_an_agency_loads_an_announced_year_before_a_release_has_it() -> None:
    own = CALENDAR.with_years(new_year())
    assert own.kind(date(2027, 1, 10)) is DayKind.SWAPPED
    assert not own.is_provisional(date(2027, 6, 1))
    assert CALENDAR.is_provisional(date(2027, 6, 1)), "the national calendar is not touched"
    assert own.announced(2027) == new_year()


def test_a_notice_may_move_the_december_before_it() -> None:
    own = CALENDAR.with_years(new_year(holidays=(date(2026, 12, 31), *new_year().holidays), working_weekends=(date(2026, 12, 27),)))
    assert own.kind(date(2026, 12, 31)) is DayKind.HOLIDAY
    assert own.kind(date(2026, 12, 27)) is DayKind.SWAPPED


def test_a_corrected_notice_replaces_the_first() -> None:
    own = CALENDAR.with_years(new_year()).with_years(new_year(working_weekends=(date(2027, 1, 9),)))
    assert own.kind(date(2027, 1, 10)) is DayKind.WEEKEND
    assert own.kind(date(2027, 1, 9)) is DayKind.SWAPPED


def test_the_version_names_the_content() -> None:
    own = CALENDAR.with_years(new_year())
    assert CALENDAR.version.startswith("cn-2004-2026-")
    assert own.version.startswith("cn-2004-2027-")
    assert own.version == CALENDAR.with_years(new_year(source="另一份同样内容的通知")).version
    assert own.version != CALENDAR.with_years(new_year(working_weekends=())).version
    assert CALENDAR.version == WorkingCalendar(CALENDAR.years).version


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"source": " "}, "文号"),
        ({"working_weekends": (date(2027, 1, 11),)}, "星期六或者星期日"),
        ({"working_weekends": (date(2027, 1, 2),)}, "既放假又上班"),
        ({"working_weekends": (date(2027, 1, 10), date(2027, 1, 10))}, "重复"),
        ({"working_weekends": (date(2028, 1, 8),)}, "本年度"),
        ({"holidays": (date(2027, 1, 1),)}, "国庆节"),
        ({"names": ("元旦",)}, "一一对应"),
    ],
)
def test_an_announcement_with_a_fault_is_refused_with_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    assert any(sentence in fault for fault in new_year(**wrong).faults())
    with pytest.raises(ValueError, match=sentence):
        CALENDAR.with_years(new_year(**wrong))


def test_thousands_of_deadlines_cost_next_to_nothing() -> None:
    start = time.perf_counter()
    for _ in range(10_000):
        CALENDAR.add_working_days(date(2025, 9, 22), 20)
    assert time.perf_counter() - start < 0.5, "half a microsecond each when written; 50 are far too many"
