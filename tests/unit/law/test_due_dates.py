"""Deadlines of both rulebooks, and the explanation that agrees with each (X-01, X-02)."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.law.calendar import ClockStopped, national_calendar
from shared.law.deadlines import Facts, Span, deadline, due_at, explain
from shared.law.rulebook import Rulebook, rulebook

CALENDAR = national_calendar()
DECREE = rulebook("decree-711")
BUREAU = rulebook("bureau-2019")
RECEIVED = date(2025, 9, 22)


@pytest.mark.rule("X-02", "KH-02.3b")
def test_each_rulebook_has_its_own_deadline_and_article() -> None:
    law = deadline(Facts(RECEIVED), DECREE, CALENDAR)
    own = deadline(Facts(RECEIVED), BUREAU, CALENDAR)
    assert (law.due, law.days, law.rulebook, law.article) == (
        date(2025, 10, 24),
        20,
        "decree-711",
        "国令711 第三十三条",
    )
    assert (own.due, own.days, own.rulebook) == (date(2025, 10, 17), 15, "bureau-2019")
    assert "KH-02.3b" in own.article
    assert law.calendar == CALENDAR.version
    assert not law.provisional


@pytest.mark.rule("X-02", "YS-F.3")
def test_an_extension_counts_on_from_the_same_start() -> None:
    extended = deadline(Facts(RECEIVED, extension_days=20), DECREE, CALENDAR)
    assert extended.days == 40
    assert extended.due == CALENDAR.add_working_days(date(2025, 10, 24), 20)


def test_a_stricter_internal_target_stands_beside_the_statutory_date() -> None:
    facts = Facts(RECEIVED)
    target = deadline(msgspec.structs.replace(facts, days=10), DECREE, CALENDAR)
    assert target.due < deadline(facts, DECREE, CALENDAR).due
    assert target.article == DECREE.limit("reply").article


def test_where_the_day_of_receipt_is_day_one_it_counts_if_it_is_worked() -> None:
    at_once = msgspec.structs.replace(DECREE, day_one_after_receipt=False)
    assert deadline(Facts(RECEIVED, days=1), at_once, CALENDAR).due == RECEIVED
    assert deadline(Facts(date(2025, 10, 1), days=1), at_once, CALENDAR).due == date(2025, 10, 9)
    assert explain(Facts(RECEIVED, days=2), at_once, CALENDAR)[0].kind == "counted"


def test_a_deadline_that_reaches_an_unannounced_year_is_provisional() -> None:
    assert deadline(Facts(date(2026, 12, 20)), DECREE, CALENDAR).provisional
    assert not deadline(Facts(date(2026, 11, 2)), DECREE, CALENDAR).provisional


def test_while_the_clock_stands_there_is_no_due_date() -> None:
    facts = Facts(RECEIVED, not_counted=(Span(date(2025, 9, 25), None),))
    with pytest.raises(ClockStopped, match="没有届满日期"):
        deadline(facts, DECREE, CALENDAR)
    told = explain(facts, DECREE, CALENDAR, until=date(2025, 9, 29))
    assert [day.kind for day in told] == [*("start", "counted", "counted", "suspended", "suspended", "weekend", "suspended", "suspended")]
    assert explain(facts, DECREE, CALENDAR)[-1].day == date(2025, 9, 25)


@pytest.mark.rule("X-01")
def test_a_clock_explains_itself_day_by_day() -> None:
    told = explain(
        Facts(RECEIVED, days=7, not_counted=(Span(date(2025, 9, 25), date(2025, 9, 26), "consulting"),)),
        DECREE,
        CALENDAR,
    )
    assert [(day.day.isoformat(), day.kind, day.count) for day in told] == [
        ("2025-09-22", "start", 0),
        ("2025-09-23", "counted", 1),
        ("2025-09-24", "counted", 2),
        ("2025-09-25", "consulting", 2),
        ("2025-09-26", "counted", 3),
        ("2025-09-27", "weekend", 3),
        ("2025-09-28", "swapped", 4),
        ("2025-09-29", "counted", 5),
        ("2025-09-30", "counted", 6),
        *((f"2025-10-0{day}", "holiday", 6) for day in range(1, 9)),
        ("2025-10-09", "counted", 7),
    ]
    assert told[6].sentence == "2025年9月28日（星期日）：调休上班，第4个工作日。"
    assert told[9].sentence == "2025年10月1日（星期三）：国庆节放假，不计入期限。"
    assert told[3].sentence == "2025年9月25日（星期四）：征求意见期间，不计入期限。"
    assert told[-1].sentence == "2025年10月9日（星期四）：第7个工作日，期限届满。"


def test_a_provisional_day_says_so() -> None:
    last = explain(Facts(date(2026, 12, 22)), DECREE, CALENDAR)[-1]
    assert last.provisional
    assert "暂定" in last.sentence


def test_a_limit_of_calendar_days_moves_on_from_a_holiday() -> None:
    facts = Facts(date(2025, 9, 1), "comments")
    assert deadline(facts, DECREE, CALENDAR).due == date(2025, 10, 9)
    told = explain(facts, DECREE, CALENDAR)
    assert told[-1].day == date(2025, 10, 9)
    assert [day.kind for day in told].count("counted") == 30
    assert {day.kind for day in told[31:]} == {"rolled"}


def test_an_opinion_clock_is_an_instant() -> None:
    start = datetime(2025, 9, 30, 23, 30, tzinfo=UTC)
    assert due_at(start, DECREE.limit("opinion_authoritative")) == start + timedelta(hours=5)
    with pytest.raises(ValueError, match="按日计算"):
        due_at(start, DECREE.limit("reply"))
    with pytest.raises(ValueError, match="按小时计算"):
        deadline(Facts(RECEIVED, "opinion_authoritative"), DECREE, CALENDAR)


def test_a_clock_starts_on_a_civil_date() -> None:
    with pytest.raises(TypeError):
        Facts(datetime(2025, 9, 22, 12, tzinfo=UTC))


@given(
    start=st.dates(date(2019, 6, 1), date(2027, 6, 1)),
    limit=st.sampled_from(["reply", "amendment_notice", "third_party_opinion", "comments"]),
    extension=st.integers(0, 20),
    spans=st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 15), st.sampled_from(["suspended", "consulting"])), max_size=3),
    book=st.sampled_from([DECREE, BUREAU, msgspec.structs.replace(DECREE, day_one_after_receipt=False)]),
)
def test_the_explanation_counted_one_by_one_agrees_with_the_deadline(
    start: date, limit: str, extension: int, spans: list[tuple[int, int, str]], book: Rulebook
) -> None:
    left_out = tuple(Span(start + timedelta(days=a), start + timedelta(days=a + b), why) for a, b, why in spans)
    facts = Facts(start, limit, extension_days=extension, not_counted=left_out)
    answer = deadline(facts, book, CALENDAR)
    told = explain(facts, book, CALENDAR)
    assert told[-1].day == answer.due
    assert told[-1].count == answer.days
    assert CALENDAR.is_working(answer.due)
    assert [day.day for day in told] == [told[0].day + timedelta(days=n) for n in range(len(told))]
    assert answer.provisional == any(day.provisional for day in told)
