"""What concerns other agencies is confirmed with them in writing before it leaves: letters, their days, confirmation, objection, silence."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.review.coordination.commands import ObjectToLetter, OpenCoordination, RecordSilence, WithdrawCoordination, coordination_id
from services.review.coordination.events import (
    Confirmed,
    CoordinationConcluded,
    CoordinationOpened,
    CoordinationWithdrawn,
    LetterClosed,
    LetterSent,
    Objected,
    ReplyOverdue,
    ReplyOverdueWithdrawn,
)
from services.review.coordination.state import Answer, Stage, letter_id
from services.review.letter_series.series import LetterNumbersTaken
from shared.kernel.commands import On
from shared.law.calendar import national_calendar
from shared.law.deadlines import explain
from shared.law.rulebook import rulebook
from tests.specification import AGENCY, person
from tests.unit.review.letters import (
    BY_REQUESTS,
    CO_MAKERS_DUE,
    COUNTY,
    DUE,
    FINANCE,
    OF_FINANCE,
    OF_WATER,
    OFFICER,
    ON_PAPER,
    SENT_ON,
    SUBJECT,
    TO_FINANCE,
    TO_WATER,
    WATER,
    asking,
    confirming,
    letter_to,
    nothing,
    objecting,
    opened,
    silent,
    standing,
    state_of,
)

BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])


@pytest.mark.rule("XT-04", "XT-05a")
def test_each_agency_has_a_numbered_letter_the_same_day() -> None:
    outcome = nothing(issued=6).when(asking(TO_FINANCE, TO_WATER), by=BY_REQUESTS)
    outcome.records(CoordinationOpened, LetterSent, LetterSent)
    state = state_of(outcome)
    assert [letter.number for letter in state.letters] == ["guyuan-spj协调函〔2025〕7号", "guyuan-spj协调函〔2025〕8号"]
    assert {letter.sent_on for letter in state.letters} == {SENT_ON}
    assert outcome.decided is not None
    taken = [item.event for item in outcome.decided.events if isinstance(item, On)]
    assert taken == [LetterNumbersTaken(first=7, last=8, coordination=state.id)]
    assert outcome.decided.case == SUBJECT, "filed in the case that waits for it"


@pytest.mark.rule("XT-05a")
def test_a_letter_is_written_it_has_a_text_and_a_hash_that_names_it() -> None:
    with pytest.raises(ValidationError):
        asking(text="")
    letters = [letter_to(FINANCE, opened(TO_FINANCE, text=text)) for text in ("请确认甲。", "请确认乙。")]
    assert all(len(letter.hash) == 64 for letter in letters)
    assert letters[0].hash != letters[1].hash


@pytest.mark.rule("XT-05b")
@BOOKS
def test_it_is_to_be_answered_in_ten_working_days(book: str) -> None:
    letter = letter_to(FINANCE, opened(book=book))
    assert (letter.deadline.due, letter.deadline.days, letter.deadline.rulebook) == (DUE, 10, book)


@pytest.mark.rule("XT-05b")
@BOOKS
def test_an_urgent_one_at_once(book: str) -> None:
    letter = letter_to(FINANCE, opened(book=book, urgent=True))
    assert (letter.deadline.due, letter.deadline.days) == (SENT_ON, 0)
    silent(opened(book=book, urgent=True), day=SENT_ON).then()
    silent(opened(book=book, urgent=True), day=date(2025, 9, 23)).then(ReplyOverdue(addressee=FINANCE, due=SENT_ON))


@pytest.mark.rule("XT-05b")
def test_co_makers_of_what_somebody_asks_for_have_fifteen_under_the_decree_and_ten_under_the_bureaus_rules() -> None:
    assert letter_to(FINANCE, opened(co_made=True)).deadline.due == CO_MAKERS_DUE
    assert letter_to(FINANCE, opened(co_made=True, book="bureau-2019")).deadline.due == DUE


@BOOKS
@pytest.mark.parametrize("more", [{}, {"urgent": True}, {"co_made": True}], ids=["ordinary", "urgent", "co-made"])
def test_the_clock_of_a_letter_explains_itself(book: str, more: dict[str, bool]) -> None:
    case = opened(book=book, **more)
    letter = letter_to(FINANCE, case)
    days = explain(standing(case).clock(letter), rulebook(book), national_calendar())
    assert days[-1].day == letter.deadline.due
    assert days[-1].count == letter.deadline.days


def test_asked_again_nothing_happens_and_each_time_is_another_coordination() -> None:
    opened().when(asking(), by=BY_REQUESTS).then()
    assert coordination_id(SUBJECT, 1) != coordination_id(SUBJECT, 2)
    assert letter_id(coordination_id(SUBJECT, 1), FINANCE) != letter_id(coordination_id(SUBJECT, 1), WATER)


def test_an_agency_is_asked_once_not_itself_and_must_be_there() -> None:
    nothing().when(asking(TO_FINANCE, TO_FINANCE), by=BY_REQUESTS).refused("asked-twice")
    own = TO_FINANCE.model_copy(update={"code": AGENCY.code})
    nothing().when(asking(own), by=BY_REQUESTS).refused("asks-itself")
    platform = nothing().among(AGENCY.code, FINANCE)
    platform.when(asking(TO_FINANCE, ON_PAPER), by=BY_REQUESTS).records(CoordinationOpened, LetterSent, LetterSent)
    platform.when(asking(TO_WATER), by=BY_REQUESTS).refused("wrong-addressee")
    answers_itself = TO_FINANCE.model_copy(update={"outside": True})
    platform.when(asking(answers_itself), by=BY_REQUESTS).refused("wrong-addressee")


@pytest.mark.rule("XT-04", "YQ-03.5d")
def test_a_release_or_a_publication_is_coordinated_by_an_official() -> None:
    command = OpenCoordination(source="press", subject=SUBJECT, item="停水情况通报", text="请确认恢复供水的时间。", addressees=(TO_WATER,))
    outcome = nothing().when(command, by=OFFICER).records(CoordinationOpened, LetterSent)
    assert state_of(outcome).source == "press"
    confirmed = outcome.later().when(confirming(), by=OF_WATER).records(Confirmed, CoordinationConcluded, LetterClosed)
    concluded = confirmed.events[1]
    assert isinstance(concluded, CoordinationConcluded)
    assert (concluded.source, concluded.subject, concluded.agreed) == ("press", SUBJECT, True)


@pytest.mark.rule("XT-04", "XT-05b", "X-03")
@BOOKS
def test_it_goes_on_when_the_last_agency_has_confirmed_and_not_before(book: str) -> None:
    case = opened(TO_FINANCE, TO_WATER, book=book)
    one = case.when(confirming(remark="内容准确"), by=OF_FINANCE).then(Confirmed(addressee=FINANCE, remark="内容准确")).later()
    assert standing(one).stage is Stage.WAITING
    last = one.when(confirming(), by=OF_WATER).records(Confirmed, CoordinationConcluded, LetterClosed, LetterClosed)
    concluded = last.events[1]
    assert isinstance(concluded, CoordinationConcluded)
    assert (concluded.agreed, concluded.how, [file.sha256 for file in concluded.files]) == (True, "confirmed", ["ab" * 32])
    assert state_of(last).stage is Stage.AGREED


@pytest.mark.rule("XT-05b")
def test_an_objection_says_what_and_on_which_basis() -> None:
    opened().when(objecting(), by=OF_FINANCE).then(Objected(addressee=FINANCE, opinion="数据与决算不一致", basis="预算法第十四条"))
    with pytest.raises(ValidationError):
        ObjectToLetter(opinion="不同意", basis="")


def test_an_objection_can_be_given_up_a_confirmation_can_not() -> None:
    case = opened(TO_FINANCE, TO_WATER)
    objected = case.when(objecting(), by=OF_FINANCE).later()
    objected.when(objecting(), by=OF_FINANCE).refused("answered-already")
    settled = objected.when(confirming(), by=OF_FINANCE).then(Confirmed(addressee=FINANCE)).later()
    settled.when(objecting(), by=OF_FINANCE).refused("answered-already")
    settled.when(confirming(), by=OF_FINANCE).refused("answered-already")


def test_an_agency_answers_its_own_letter_alone() -> None:
    case = opened(TO_FINANCE)
    case.when(confirming(), by=OF_WATER).refused("no-letter")
    opened(TO_FINANCE, TO_WATER).when(confirming(addressee=FINANCE), by=OF_WATER).refused("not-your-letter")
    case.when(confirming(addressee=FINANCE, document="函"), by=OFFICER).refused("no-letter")
    assert standing(case).shared_with == {FINANCE}


def test_a_letter_that_reads_otherwise_is_not_confirmed() -> None:
    case = opened()
    case.when(confirming(letter_hash="0" * 64), by=OF_FINANCE).refused("letter-differs")
    case.when(confirming(letter_hash=letter_to(FINANCE, case).hash), by=OF_FINANCE).records(Confirmed, CoordinationConcluded, LetterClosed)


@pytest.mark.rule("XT-05b")
def test_an_answer_on_paper_is_recorded_with_its_document() -> None:
    case = opened(ON_PAPER)
    case.when(confirming(addressee=COUNTY), by=OFFICER).refused("document-missing")
    case.when(confirming(addressee=FINANCE, document="彭政函〔2025〕2号"), by=OFFICER).refused("no-such-letter")
    made = case.when(confirming(addressee=COUNTY, document="彭政函〔2025〕2号"), by=OFFICER)
    made.records(Confirmed, CoordinationConcluded, LetterClosed)
    assert standing(case).shared_with == frozenset(), "it sees nothing on this platform"


@pytest.mark.rule("XT-05b")
@BOOKS
def test_silence_is_recorded_once_when_the_day_is_over(book: str) -> None:
    case = opened(book=book)
    silent(case, day=DUE).then()
    late = silent(case, day=date(2025, 10, 12)).then(ReplyOverdue(addressee=FINANCE, due=DUE)).later()
    silent(late).then()
    assert standing(late).stage is Stage.DISPUTED, "silence on a publication is no consent"


@pytest.mark.rule("XT-05b")
def test_an_official_may_record_a_silence_too_when_the_day_is_over() -> None:
    case = opened(TO_FINANCE, TO_WATER)
    silence = RecordSilence(addressee=FINANCE)
    case.on(DUE).when(silence, by=OFFICER).refused("nobody-silent")
    late = case.on(date(2025, 10, 13))
    late.when(silence, by=OFFICER).then(ReplyOverdue(addressee=FINANCE, due=DUE))
    late.when(RecordSilence(addressee=COUNTY), by=OFFICER).refused("not-silent")


@pytest.mark.rule("XT-05b")
def test_under_the_decree_the_silence_of_a_co_maker_is_consent() -> None:
    outcome = silent(opened(co_made=True), day=date(2025, 10, 18)).records(ReplyOverdue, CoordinationConcluded, LetterClosed)
    overdue, concluded, _ = outcome.events
    assert isinstance(overdue, ReplyOverdue)
    assert isinstance(concluded, CoordinationConcluded)
    assert (overdue.consents, concluded.agreed, concluded.how) == (True, True, "silence")


@pytest.mark.rule("XT-05b")
def test_under_the_bureaus_rules_it_is_not() -> None:
    case = silent(opened(co_made=True, book="bureau-2019")).then(ReplyOverdue(addressee=FINANCE, due=DUE)).later()
    assert letter_to(FINANCE, case).answer is Answer.SILENT


def test_a_late_answer_still_counts_where_silence_is_no_consent() -> None:
    late = silent(opened()).later()
    late.when(confirming(), by=OF_FINANCE).records(Confirmed, CoordinationConcluded, LetterClosed)
    late.when(objecting(), by=OF_FINANCE).records(Objected)


def test_where_silence_is_consent_only_an_answer_in_time_undoes_it() -> None:
    case = silent(opened(TO_FINANCE, TO_WATER, co_made=True)).later()
    assert letter_to(FINANCE, case).answer is Answer.CONSENTED
    case.when(objecting(), by=OF_FINANCE).refused("silence-consented")
    case.on(CO_MAKERS_DUE).when(objecting(), by=OF_FINANCE).then(
        Objected(addressee=FINANCE, opinion="数据与决算不一致", basis="预算法第十四条"),
        ReplyOverdueWithdrawn(addressee=FINANCE, due=CO_MAKERS_DUE),
    )
    case.on(date(2025, 9, 19)).when(objecting(), by=OF_FINANCE).refused("answered-before-sent")


def test_who_has_asked_may_give_it_up_and_nobody_need_answer_any_more() -> None:
    case = opened(TO_FINANCE, TO_WATER)
    case.when(WithdrawCoordination(reason="不再公开"), by=OF_FINANCE).refused("asking-agency-acts")
    made = case.when(WithdrawCoordination(reason="不再公开"), by=OFFICER).records(CoordinationWithdrawn, LetterClosed, LetterClosed)
    made.later().when(confirming(), by=OF_FINANCE).refused("coordination-closed")
    silent(made.later()).then()


def test_another_officials_name_is_no_agency() -> None:
    opened().when(confirming(), by=person("clerk", "clerk")).refused("no-letter")
