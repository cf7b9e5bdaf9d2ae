"""Reconsideration and litigation: each with its own clock, and a reply that is made again (Decree 711 Art. 51; law.md, Remedies)."""

from datetime import date

import pytest

from services.requests.disclosure_request.commands import (
    AnswerRemedy,
    ConcludeLitigation,
    ConcludeReconsideration,
    CorrectRemedyResult,
    Deliver,
    FileLitigation,
    FileReconsideration,
    MissRemedyAnswer,
    Reopen,
    VoidRemedy,
)
from services.requests.disclosure_request.events import (
    LitigationFiled,
    ReconsiderationFiled,
    RemedyAnswered,
    RemedyAnswerMissed,
    RemedyResultCorrected,
    RemedyVoided,
    RequestReopened,
)
from services.requests.disclosure_request.state import Stage
from tests.specification import Specification
from tests.unit.requests.cases import HEAD, OFFICE, SYSTEM, approved, assigned, drafted, standing

DELIVERED = date(2025, 9, 22)
MONDAY = date(2025, 10, 27)
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])

RECONSIDERATION = FileReconsideration(organ="固原市人民政府", filed_on=date(2025, 10, 20), received_on=MONDAY)
SUIT = FileLitigation(court="固原市原州区人民法院", filed_on=date(2025, 10, 20), received_on=MONDAY)


def delivered(book: str = "decree-711") -> Specification:
    """Replied to."""
    case = approved(drafted(assigned(book=book))).when(Deliver(way="post", evidence="EMS 1234567890"), by=OFFICE)
    return case.later().on(MONDAY)


def decided(result: str = "overturned", book: str = "decree-711") -> Specification:
    """A reconsideration that has come to a result."""
    case = delivered(book).when(RECONSIDERATION, by=OFFICE).later().on(date(2025, 11, 28))
    done = ConcludeReconsideration(number=1, result=result, decided_on=date(2025, 11, 27), document="固政复决〔2025〕12号")  # type: ignore[arg-type]
    return case.when(done, by=OFFICE).later()


@BOOKS
@pytest.mark.parametrize(("simple", "due"), [(False, date(2025, 11, 10)), (True, date(2025, 11, 3))])
def test_a_reconsideration_is_answered_in_ten_working_days_and_five_in_the_simple_procedure(book: str, simple: bool, due: date) -> None:
    case = delivered(book).when(RECONSIDERATION.model_copy(update={"simple": simple}), by=OFFICE)
    case.records(ReconsiderationFiled)
    (remedy,) = standing(case.later()).remedies
    assert (remedy.kind, remedy.answer.due, remedy.result) == ("reconsideration", due, None)


def test_a_court_is_answered_in_fifteen_days() -> None:
    case = delivered().when(SUIT, by=OFFICE)
    case.records(LitigationFiled)
    assert standing(case.later()).remedies[0].answer.due == date(2025, 11, 11)


def test_a_suit_after_a_decision_is_told_from_one_without() -> None:
    after = standing(decided("upheld").when(SUIT.model_copy(update={"received_on": date(2025, 11, 28)}), by=OFFICE).later()).remedies
    assert [(one.number, one.kind) for one in after] == [(1, "reconsideration"), (2, "litigation")]
    decided("upheld").when(SUIT.model_copy(update={"received_on": date(2025, 11, 28)}), by=OFFICE).then(
        LitigationFiled(2, SUIT.court, SUIT.filed_on, date(2025, 11, 28), 1, after[1].answer)
    )


def test_nothing_is_contested_before_there_is_a_reply_or_its_day_has_passed() -> None:
    early = assigned()
    early.when(RECONSIDERATION, by=OFFICE).refused("nothing-to-contest")
    early.on(MONDAY).when(RECONSIDERATION, by=OFFICE).records(ReconsiderationFiled)


def test_one_reconsideration_at_a_time_and_each_is_answered_and_decided_once() -> None:
    case = delivered().when(RECONSIDERATION, by=OFFICE).later()
    case.when(RECONSIDERATION, by=OFFICE).refused("reconsideration-pending")
    answer = AnswerRemedy(number=1, answered_on=MONDAY, document="固审批复答〔2025〕1号")
    answered = case.when(answer, by=OFFICE)
    answered.then(RemedyAnswered(1, MONDAY, "固审批复答〔2025〕1号"))
    answered.later().when(answer, by=OFFICE).refused("remedy-answered")
    case.when(answer.model_copy(update={"number": 2}), by=OFFICE).refused("no-such-remedy")
    case.when(ConcludeLitigation(number=1, result="upheld", decided_on=MONDAY, document="（2025）1号"), by=OFFICE).refused("other-remedy")
    again = ConcludeReconsideration(number=1, result="upheld", decided_on=date(2025, 11, 27), document="固政复决〔2025〕12号")
    decided().when(again, by=OFFICE).refused("remedy-concluded")


def test_days_are_in_order_and_none_is_to_come() -> None:
    case = delivered()
    case.when(RECONSIDERATION.model_copy(update={"received_on": date(2025, 10, 17)}), by=OFFICE).refused("days-out-of-order")
    case.when(RECONSIDERATION.model_copy(update={"received_on": date(2025, 10, 28)}), by=OFFICE).refused("day-to-come")


def test_one_registered_by_mistake_is_voided_and_its_number_not_used_again() -> None:
    case = delivered().when(RECONSIDERATION, by=OFFICE).later().when(VoidRemedy(number=1, reason="误登记"), by=OFFICE)
    case.then(RemedyVoided(1, pending=True, reason="误登记"))
    assert standing(case.later()).remedies == ()
    again = case.later().when(RECONSIDERATION, by=OFFICE)
    assert [one.number for one in standing(again.later()).remedies] == [2]


@BOOKS
def test_a_reply_that_is_overturned_is_made_again_under_a_clock_of_its_own(book: str) -> None:
    since = date(2025, 11, 28)
    reopening = Reopen(number=1, reason="撤销原答复，责令重新答复", since=since, days=15)
    case = decided(book=book).when(reopening, by=HEAD)
    case.records(RequestReopened)
    state = standing(case.later())
    assert (state.stage, state.outcome, state.draft, state.clock_start) == (Stage.ASSIGNED, None, None, since)
    assert state.deadline is not None
    assert state.deadline.due == date(2025, 12, 19)
    ordinary = standing(decided(book=book).when(reopening.model_copy(update={"days": None}), by=HEAD).later())
    assert ordinary.deadline is not None
    assert ordinary.deadline.due == (date(2025, 12, 26) if book == "decree-711" else date(2025, 12, 19))
    open_again = case.later()
    open_again.when(reopening, by=HEAD).refused("not-reopenable")
    open_again.when(VoidRemedy(number=1, reason="误登记"), by=OFFICE).refused("remedy-used")
    done = approved(drafted(open_again)).when(Deliver(way="post", evidence="EMS 2"), by=OFFICE).later()
    assert standing(done).stage == Stage.DELIVERED
    done.when(reopening, by=HEAD).refused("not-corrected")


def test_only_what_was_overturned_is_made_again() -> None:
    decided("upheld").when(Reopen(number=1, reason="重新答复", since=date(2025, 11, 28)), by=HEAD).refused("not-corrected")
    decided("other_result").when(Reopen(number=1, reason="重新答复", since=date(2025, 11, 28)), by=HEAD).refused("not-corrected")


def test_an_organ_that_is_not_answered_in_time_is_a_miss_once() -> None:
    case = delivered().when(RECONSIDERATION, by=OFFICE).later()
    due = standing(case).remedies[0].answer.due
    case.on(due).when(MissRemedyAnswer(number=1), by=SYSTEM).then()
    late = case.on(date(2025, 11, 12))
    answer = AnswerRemedy(number=1, answered_on=date(2025, 11, 12), document="固审批复答〔2025〕1号")
    late.when(answer, by=OFFICE).records(RemedyAnswered, RemedyAnswerMissed)
    late.when(answer.model_copy(update={"answered_on": due}), by=OFFICE).records(RemedyAnswered)
    missed = late.when(MissRemedyAnswer(number=1), by=SYSTEM).then(RemedyAnswerMissed(1, due)).later()
    missed.when(MissRemedyAnswer(number=1), by=SYSTEM).then()
    missed.when(answer, by=OFFICE).records(RemedyAnswered)
    decided().when(MissRemedyAnswer(number=1), by=SYSTEM).then()


def test_a_result_that_was_registered_wrongly_is_put_right_and_both_stand() -> None:
    correction = CorrectRemedyResult(number=1, result="upheld", decided_on=date(2025, 11, 27), reason="登记错误")
    corrected = decided().when(correction, by=OFFICE)
    corrected.then(RemedyResultCorrected(1, "overturned", "upheld", date(2025, 11, 27), "登记错误"))
    assert standing(corrected.later()).remedies[0].result == "upheld"
    corrected.later().when(correction, by=OFFICE).refused("nothing-to-correct")
    corrected.later().when(Reopen(number=1, reason="重新答复", since=date(2025, 11, 28)), by=HEAD).refused("not-corrected")
    delivered().when(RECONSIDERATION, by=OFFICE).later().when(correction, by=OFFICE).refused("remedy-pending")
    again = decided().when(Reopen(number=1, reason="重新答复", since=date(2025, 11, 28)), by=HEAD).later()
    again.when(correction, by=OFFICE).refused("remedy-used")


def test_a_reconsideration_stays_while_a_suit_rests_on_it() -> None:
    sued = decided("upheld").when(SUIT.model_copy(update={"received_on": date(2025, 11, 28)}), by=OFFICE).later()
    sued.when(VoidRemedy(number=1, reason="误登记"), by=OFFICE).refused("remedy-used")
    without = sued.when(VoidRemedy(number=2, reason="误登记"), by=OFFICE).later()
    without.when(VoidRemedy(number=1, reason="误登记"), by=OFFICE).records(RemedyVoided)
