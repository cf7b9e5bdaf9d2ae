"""A due date that passes is recorded once; one that an announced calendar moves is recorded with both dates."""

from datetime import date
from typing import cast

import msgspec
import pytest

from services.requests.disclosure_request.commands import (
    ApproveExtension,
    AssessFee,
    CorrectFacts,
    Deliver,
    MissDeadline,
    RecomputeDeadline,
    RemindDeadline,
    RequestAmendment,
    RequestExtension,
    Suspend,
    Withdraw,
)
from services.requests.disclosure_request.events import (
    DeadlineApproaching,
    DeadlineMissed,
    DeadlineMissWithdrawn,
    DeadlineRecomputed,
    FactsCorrected,
    ReplyDelivered,
)
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given, decide
from shared.law.calendar import AnnouncedYear, WorkingCalendar, national_calendar
from shared.law.deadlines import explain
from shared.law.rulebook import rulebook
from tests.specification import AGENCY, Specification
from tests.unit.requests.cases import DRAFTER, HEAD, SYSTEM, approved, assigned, drafted, received, registered, standing

DUE = date(2025, 10, 24)
DAY_AFTER = date(2025, 10, 25)
SENT = Deliver(way="post", evidence="EMS 1234567890")

pytestmark = pytest.mark.rule("KH-02.3b", "X-01")


def test_it_is_missed_the_day_after_the_due_date_and_not_on_it() -> None:
    assigned().on(DUE).when(MissDeadline(), by=SYSTEM).then()
    assigned().on(DAY_AFTER).when(MissDeadline(), by=SYSTEM).then(DeadlineMissed(due=DUE))


def test_it_is_recorded_once() -> None:
    missed = assigned().on(DAY_AFTER).when(MissDeadline(), by=SYSTEM).later()
    missed.when(MissDeadline(), by=SYSTEM).then()
    missed.on(date(2025, 12, 1)).when(MissDeadline(), by=SYSTEM).then()


@pytest.mark.parametrize("case", [registered, assigned, drafted, approved], ids=lambda case: case.__name__)
def test_it_is_missed_wherever_the_case_lies(case: object) -> None:
    case().on(DAY_AFTER).when(MissDeadline(), by=SYSTEM).then(DeadlineMissed(due=DUE))  # type: ignore[operator]


def test_an_extended_one_is_missed_after_the_extended_date() -> None:
    case = assigned().when(RequestExtension(working_days=20, reason="需要查阅档案"), by=DRAFTER).later()
    case = case.when(ApproveExtension(), by=HEAD).later()
    case.on(DAY_AFTER).when(MissDeadline(), by=SYSTEM).then()
    case.on(date(2025, 11, 22)).when(MissDeadline(), by=SYSTEM).then(DeadlineMissed(due=date(2025, 11, 21)))


def test_while_the_applicant_is_waited_for_or_the_clock_stands_still_nothing_is_missed() -> None:
    waiting = [
        assigned().when(RequestAmendment(items=("请写明年份",))),
        assigned().when(AssessFee(basis="items", count=35)),
        assigned(book="bureau-2019").when(Suspend(reason="洪灾")),
    ]
    for outcome in waiting:
        outcome.later(date(2025, 12, 1)).when(MissDeadline(), by=SYSTEM).then()


def test_before_both_sides_confirmed_there_is_nothing_to_miss() -> None:
    registered(channel="internet").on(date(2025, 12, 1)).when(MissDeadline(), by=SYSTEM).then()


def test_after_the_end_nothing_is_missed() -> None:
    for outcome in (approved().when(SENT), assigned().when(Withdraw(), by=DRAFTER)):
        outcome.later(date(2025, 12, 1)).when(MissDeadline(), by=SYSTEM).then()


def test_a_reply_recorded_later_that_was_in_time_takes_the_miss_back() -> None:
    missed = approved().on(DAY_AFTER).when(MissDeadline(), by=SYSTEM).later()
    outcome = missed.on(DUE).when(SENT).records(ReplyDelivered, DeadlineMissWithdrawn)
    assert cast("DisclosureRequest", outcome.state).missed == ()


def test_a_late_reply_says_why_and_is_a_miss_also_where_nobody_had_looked_yet() -> None:
    case = approved().on(date(2025, 10, 27))
    problem = case.when(SENT).refused("overdue-reason-missing")
    assert problem.remedy
    late = case.when(SENT.model_copy(update={"overdue_reason": "档案调阅延误"})).records(ReplyDelivered, DeadlineMissed)
    assert cast("ReplyDelivered", late.events[0]).overdue_reason == "档案调阅延误"
    assert cast("DisclosureRequest", late.state).missed == (DUE,)
    missed = approved().on(DAY_AFTER).when(MissDeadline(), by=SYSTEM).later(date(2025, 10, 27))
    missed.when(SENT.model_copy(update={"overdue_reason": "档案调阅延误"})).records(ReplyDelivered)


def test_what_came_over_the_counter_is_missed_even_if_nobody_registered_it() -> None:
    received().on(DAY_AFTER).when(MissDeadline(), by=SYSTEM).then(DeadlineMissed(due=DUE))


def test_a_corrected_receipt_takes_the_miss_of_the_old_date_back() -> None:
    missed = assigned().on(DAY_AFTER).when(MissDeadline(), by=SYSTEM).later()
    outcome = missed.when(CorrectFacts(reason="收件章日期看错", received_on=date(2025, 10, 9)))
    outcome.records(FactsCorrected, DeadlineMissWithdrawn)
    assert cast("DisclosureRequest", outcome.state).missed == ()


def test_a_corrected_receipt_shows_that_a_reply_was_late() -> None:
    answered = approved().on(DUE).when(SENT).later()
    outcome = answered.when(CorrectFacts(reason="收件章日期看错", received_on=date(2025, 9, 15)))
    outcome.records(FactsCorrected, DeadlineMissed)


def announced_2027() -> WorkingCalendar:
    """2027 as it might be announced: the statutory holidays, and Sunday 3 January worked for a day of the new year."""
    days = [(1, 1), (1, 4), *((2, day) for day in range(5, 12)), (4, 5), *((5, day) for day in range(1, 6)), (6, 9), (9, 15)]
    off = tuple(date(2027, month, day) for month, day in (*days, *((10, day) for day in range(1, 8))))
    year = AnnouncedYear(year=2027, holidays=off, working_weekends=(date(2027, 1, 3),), source="国办发明电〔2026〕示例")
    return national_calendar().with_years(year)


def recompute(case: Specification, calendar: WorkingCalendar) -> list[object]:
    """What comes of recomputing under this calendar."""
    book = rulebook(case.book)
    facts = Given(case.state.id, case.state.id, SYSTEM, AGENCY, None, case.day, book, calendar, rulebook)  # type: ignore[arg-type]
    return list(decide(RecomputeDeadline(), case.state, facts).events)


def test_an_announced_calendar_moves_a_provisional_due_date_with_both_dates_on_record() -> None:
    case = assigned(date(2026, 12, 21))
    before = standing(case).deadline
    assert before is not None
    assert before.provisional
    (event,) = recompute(case, announced_2027())
    assert isinstance(event, DeadlineRecomputed)
    assert event.before == before
    assert not event.deadline.provisional
    assert event.deadline.calendar != before.calendar


def test_an_announced_calendar_leaves_what_it_does_not_touch() -> None:
    assert recompute(assigned(), announced_2027()) == []
    assert recompute(registered(date(2026, 12, 21), channel="internet"), announced_2027()) == []
    ended = assigned(date(2026, 12, 21)).when(Withdraw(), by=DRAFTER).later()
    assert recompute(ended, announced_2027()) == []


@pytest.mark.rule("X-01")
def test_the_clock_explains_itself_to_the_day_that_it_says() -> None:
    case = standing(
        assigned()
        .when(RequestExtension(working_days=7, reason="需要查阅档案"), by=DRAFTER)
        .later()
        .when(ApproveExtension(), by=HEAD)
        .later()
    )
    facts = case.clock()
    assert facts is not None
    assert case.deadline is not None
    days = explain(facts, rulebook("decree-711"), national_calendar())
    assert (days[-1].day, days[-1].count) == (case.deadline.due, 27)
    assert {day.kind for day in days} >= {"start", "counted", "weekend", "holiday", "swapped"}
    assert msgspec.to_builtins(days[0])["kind"] == "start"


def test_who_works_on_it_is_reminded_once_of_each_due_date() -> None:
    near = date(2025, 10, 21)
    told = assigned().on(near).when(RemindDeadline(), by=SYSTEM).then(DeadlineApproaching(due=DUE, left=3)).later()
    told.when(RemindDeadline(), by=SYSTEM).then()
    longer = (
        told.when(RequestExtension(working_days=20, reason="需要查阅档案"), by=DRAFTER).later().when(ApproveExtension(), by=HEAD).later()
    )
    longer.on(date(2025, 11, 21)).when(RemindDeadline(), by=SYSTEM).then(DeadlineApproaching(due=date(2025, 11, 21), left=0))
    assigned().on(DAY_AFTER).when(RemindDeadline(), by=SYSTEM).then()
    assigned(book="bureau-2019").when(Suspend(reason="洪灾"), by=DRAFTER).later().on(DUE).when(RemindDeadline(), by=SYSTEM).then()
