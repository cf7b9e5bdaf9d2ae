"""Two ways (YQ-02.4): inquiries and complaints are answered in working days, and the facts of hot topics become public."""

from datetime import date
from typing import Any, cast

import pytest

from services.press.holdings import why_kept
from services.press.inquiry.commands import AnswerInquiry, AssignInquiry, MissInquiry, PublishFacts, ReceiveInquiry
from services.press.inquiry.events import FactsPublished, InquiryAnswered, InquiryAssigned, InquiryMissed, InquiryReceived
from services.press.inquiry.state import Inquiry, Stage, inquiry
from shared.kernel.events import Actor
from shared.law.rulebook import rulebook
from tests.specification import DAY, Outcome, Specification, given, person

PUBLIC = Actor("public", ("public",))
OFFICE = person("office", "general_office")
HANDLER = person("handler", "unit_head")
SYSTEM = person("keeper", "system")
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
DUE = date(2025, 9, 28)
"""Five working days after Monday 22 September 2025: Sunday 28 September is worked for the holiday that follows."""
FACTS_DUE = date(2025, 9, 24)


def standing(case: Specification) -> Inquiry:
    """The inquiry as it stands."""
    return cast("Inquiry", case.state)


def asked(book: str = "decree-711", by: Actor = PUBLIC, **more: Any) -> Outcome:
    facts = {"kind": "consult", "text": "窗口几点开门", "contact": "13800000000"}
    return given(inquiry).under(book).with_units("zonghe", "shenpi").when(ReceiveInquiry.model_validate({**facts, **more}), by=by)


def assigned(book: str = "decree-711", *, hot: bool = False, **more: Any) -> Specification:
    case = asked(book, **more).records(InquiryReceived).later()
    return case.when(AssignInquiry(unit="zonghe", topic="窗口服务时间", hot=hot), by=OFFICE).records(InquiryAssigned).later()


ANSWER = AnswerInquiry(way="telephone", text="九点开门")
FACTS = PublishFacts(facts="窗口九点开门", evidence="门户网站截图")


@pytest.mark.rule("YQ-02.4")
@BOOKS
def test_the_public_asks_and_gets_a_receipt(book: str) -> None:
    made = asked(book)
    assert made.decided is not None
    assert set(made.decided.reply) == {"tracking_number", "query_password"}
    state = standing(made.later())
    assert state.deadline is not None
    assert (state.deadline.due, state.stage, state.contact is not None) == (DUE, Stage.RECEIVED, True)
    assert state.deadline.rulebook == rulebook(book).id
    assert state.person_key is not None, "what a citizen writes is sealed under a key of its own"
    assert "窗口" not in repr(state)
    asked(book, channel="telephone").refused("channel-by-official")
    asked(book, by=OFFICE, channel="telephone").records(InquiryReceived)


@pytest.mark.rule("YQ-02.4")
@BOOKS
def test_one_unit_answers_in_time_or_late(book: str) -> None:
    received = asked(book).later()
    received.when(ANSWER, by=HANDLER).refused("not-answerable")
    received.when(AssignInquiry(unit="nobody", topic="窗口服务时间"), by=OFFICE).refused("no-such-unit")
    case = assigned(book)
    case.when(AssignInquiry(unit="zonghe", topic="窗口服务时间"), by=OFFICE).refused("nothing-changed")
    case.when(AssignInquiry(unit="shenpi", topic="窗口服务时间"), by=OFFICE).records(InquiryAssigned)
    done = case.on(DUE).when(ANSWER, by=HANDLER).records(InquiryAnswered)
    assert done.events[0].late_days == 0  # type: ignore[attr-defined]
    closed = done.later()
    assert (standing(closed).stage, why_kept(standing(closed)), why_kept(standing(case))) == (Stage.CLOSED, None, "咨询投诉尚未办结")
    closed.when(ANSWER, by=HANDLER).refused("not-answerable")
    closed.when(AssignInquiry(unit="shenpi", topic="窗口服务时间"), by=OFFICE).refused("answered-already")
    late = case.on(date(2025, 9, 30)).when(ANSWER, by=HANDLER).records(InquiryMissed, InquiryAnswered)
    assert late.events[1].late_days == 2  # type: ignore[attr-defined]
    silent = assigned(book, contact="")
    silent.when(ANSWER, by=HANDLER).refused("no-contact")
    silent.when(AnswerInquiry(way="online", text="九点开门"), by=HANDLER).records(InquiryAnswered)


@pytest.mark.rule("YQ-02.4")
@BOOKS
def test_a_missed_day_is_recorded_once(book: str) -> None:
    case = assigned(book)
    case.on(DUE).when(MissInquiry(), by=SYSTEM).then()
    missed = case.on(date(2025, 9, 29)).when(MissInquiry(), by=SYSTEM).then(InquiryMissed(owed="answer", due=DUE)).later()
    missed.on(date(2025, 9, 30)).when(MissInquiry(), by=SYSTEM).then()
    missed.when(ANSWER, by=HANDLER).records(InquiryAnswered)


@pytest.mark.rule("YQ-02.4")
@BOOKS
def test_the_facts_of_a_hot_topic_become_public(book: str) -> None:
    assigned(book).when(FACTS, by=OFFICE).refused("not-hot")
    hot = assigned(book, hot=True)
    state = standing(hot)
    assert state.facts_deadline is not None
    assert state.facts_deadline.due == FACTS_DUE
    answered = hot.when(ANSWER, by=HANDLER).later()
    assert standing(answered).stage is Stage.ANSWERED
    told = answered.when(FACTS, by=OFFICE).then(FactsPublished(facts="窗口九点开门", evidence="门户网站截图", late_days=0)).later()
    assert standing(told).stage is Stage.CLOSED
    told.when(FACTS, by=OFFICE).refused("published-already")
    first = hot.when(FACTS, by=OFFICE).later()
    assert standing(first).stage is Stage.ASSIGNED
    first.when(AssignInquiry(unit="zonghe", topic="窗口服务时间"), by=OFFICE).refused("published-already")
    assert standing(first.when(ANSWER, by=HANDLER).later()).stage is Stage.CLOSED
    late = hot.on(date(2025, 9, 25)).when(FACTS, by=OFFICE).records(InquiryMissed, FactsPublished)
    assert (late.events[0].owed, late.events[1].late_days) == ("facts", 1)  # type: ignore[attr-defined]
    both = hot.on(date(2025, 9, 29)).when(MissInquiry(), by=SYSTEM).records(InquiryMissed, InquiryMissed)
    assert [one.owed for one in both.events] == ["answer", "facts"]  # type: ignore[attr-defined]
    assert DAY < FACTS_DUE < DUE
