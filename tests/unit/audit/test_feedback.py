"""Every suggestion is registered, handled and answered (DX-10b), by whatever channel it came (DX-10a)."""

from datetime import date
from typing import Any, cast

import pytest

from services.audit.feedback.commands import AnswerFeedback, AssignFeedback, CloseFeedback, MissFeedback, ReceiveFeedback, ReopenFeedback
from services.audit.feedback.decisions import Feedback, Stage, feedback
from services.audit.feedback.events import (
    FeedbackAnswered,
    FeedbackAssigned,
    FeedbackClosed,
    FeedbackOverdue,
    FeedbackReceived,
    FeedbackReopened,
)
from services.audit.holdings import why_a_supervisor_is_kept, why_feedback_is_kept
from services.audit.supervisor.commands import AppointSupervisor, EndSupervisor, RenewSupervisor
from services.audit.supervisor.decisions import Supervisor, supervisor
from services.audit.supervisor.events import SupervisorAppointed, SupervisorEnded, SupervisorRenewed
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id
from tests.specification import CLERK, Outcome, Specification, given, person

PUBLIC = Actor("public", ("public",))
SYSTEM = Actor("system:keeper", ("system",))
OFFICE = person("office", "disclosure_office")
HEAD = person("head", "unit_head")
DAY = date(2025, 9, 22)
DUE = date(2025, 10, 17)
"""The 15th working day after it: the National Day holiday lies between."""

BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])


def said(book: str = "decree-711", by: Actor = PUBLIC, **more: Any) -> Outcome:
    """Somebody has said something."""
    command = ReceiveFeedback.model_validate({"kind": "suggestion", "text": "请多公开办事指南", **more})
    return given(feedback).on(DAY).under(book).with_units("zonghe", "touzi").when(command, by=by)


def received(**more: Any) -> Specification:
    return said(**more).records(FeedbackReceived).later()


def assigned(**more: Any) -> Specification:
    return received(**more).when(AssignFeedback(unit="touzi"), by=OFFICE).records(FeedbackAssigned).later()


def answer(way: str = "online") -> AnswerFeedback:
    return AnswerFeedback.model_validate({"outcome": "adopted", "measures": "已补充", "text": "已采纳。", "way": way})


def piece(case: Specification) -> Feedback:
    return cast("Feedback", case.state)


def volunteer(**more: Any) -> Outcome:
    facts = {"number": "聘1号", "sphere": "企业", "since": date(2025, 1, 1), "until": date(2025, 12, 31), "name": "丁某某", **more}
    return given(supervisor).on(DAY).when(AppointSupervisor.model_validate(facts), by=OFFICE)


@pytest.mark.rule("DX-10a", "DX-10b")
@BOOKS
def test_anybody_may_say_something_and_it_has_a_day(book: str) -> None:
    made = said(book).records(FeedbackReceived)
    state = piece(made.later())
    assert state.deadline is not None
    assert (state.deadline.due, state.deadline.rulebook, state.stage) == (DUE, book, Stage.RECEIVED)
    assert state.person_key is not None, "what a person says is sealed under a key of its own"
    assert made.decided is not None
    assert set(made.decided.reply) == {"tracking_number", "query_password"}
    assert made.decided.reply["query_password"] not in repr(made.decided.events)


@pytest.mark.rule("DX-10a")
@pytest.mark.parametrize("channel", ["form", "box", "hotline", "forum", "visits"])
def test_what_came_by_another_channel_is_noted_by_an_official(channel: str) -> None:
    noted = said(by=CLERK, channel=channel, evidence="登记簿第 3 页").records(FeedbackReceived)
    assert piece(noted.later()).channel == channel
    assert noted.decided is not None
    assert set(noted.decided.reply) == {"tracking_number"}, "only who submits it itself gets a password"
    if channel != "form":
        said(channel=channel).refused("channel-by-official")


@pytest.mark.rule("DX-10a")
def test_a_volunteer_supervisor_speaks_while_in_office() -> None:
    id = derived_id("test", "supervisor")
    in_office = given(supervisor, *volunteer().events, id=id).state
    case = given(feedback).on(DAY)
    command = ReceiveFeedback(text="公开栏更新太慢", channel="supervisor", supervisor=id)
    case.beside(in_office).when(command, by=CLERK).records(FeedbackReceived)
    case.on(date(2026, 1, 1)).beside(in_office).when(command, by=CLERK).refused("no-such-supervisor")
    case.when(command, by=CLERK).refused("no-such-supervisor")
    case.when(ReceiveFeedback(text="公开栏更新太慢", channel="supervisor"), by=CLERK).refused("supervisor-missing")


@pytest.mark.rule("DX-10a")
def test_a_supervisor_is_appointed_for_a_term_renewed_and_ended() -> None:
    appointed = volunteer().records(SupervisorAppointed).later()
    state = cast("Supervisor", appointed.state)
    assert (state.in_office(DAY), state.in_office(date(2026, 1, 1))) == (True, False)
    assert state.person_key is not None
    assert why_a_supervisor_is_kept(state) is not None
    volunteer(until=date(2024, 1, 1)).refused("bad-term")
    volunteer(person=derived_id("test", "official")).refused("one-person")
    volunteer(name="", contact="").refused("one-person")
    insider = volunteer(name="", person=derived_id("test", "official")).records(SupervisorAppointed)
    assert cast("Supervisor", insider.state).person_key is None, "an official stands by its id"
    appointed.when(RenewSupervisor(until=date(2025, 6, 1)), by=OFFICE).refused("bad-term")
    renewed = appointed.when(RenewSupervisor(until=date(2026, 12, 31)), by=OFFICE).records(SupervisorRenewed).later()
    assert cast("Supervisor", renewed.state).in_office(date(2026, 1, 1))
    ended = renewed.when(EndSupervisor(reason="本人辞任"), by=OFFICE).records(SupervisorEnded).later()
    assert not cast("Supervisor", ended.state).in_office(DAY)
    assert why_a_supervisor_is_kept(cast("Supervisor", ended.state)) is None
    ended.when(RenewSupervisor(until=date(2027, 12, 31)), by=OFFICE).refused("supervisor-ended")


@pytest.mark.rule("DX-10b")
def test_a_unit_answers_and_only_then_it_is_closed() -> None:
    received().when(answer(), by=HEAD).refused("feedback-unassigned")
    received().when(AssignFeedback(unit="nowhere"), by=OFFICE).refused("no-such-unit")
    received().when(CloseFeedback(note="已处理"), by=OFFICE).refused("feedback-unanswered")
    assigned().when(AssignFeedback(unit="touzi"), by=OFFICE).refused("same-unit")
    assigned().when(AssignFeedback(unit="zonghe"), by=OFFICE).refused("reason-missing")
    assigned().when(AssignFeedback(unit="zonghe", reason="由综合科主管"), by=OFFICE).records(FeedbackAssigned)
    done = assigned().when(answer(), by=HEAD).records(FeedbackAnswered).later()
    done.when(AssignFeedback(unit="zonghe", reason="改派"), by=OFFICE).refused("feedback-answered")
    closed = done.when(CloseFeedback(note="已核实"), by=OFFICE).records(FeedbackClosed).later()
    closed.when(CloseFeedback(note="再办"), by=OFFICE).refused("feedback-closed")
    assert why_feedback_is_kept(piece(closed)) is None
    assert why_feedback_is_kept(piece(done)) is not None


@pytest.mark.rule("DX-10b")
def test_it_is_answered_by_a_way_that_reaches_the_submitter() -> None:
    assigned().when(answer("email"), by=HEAD).refused("no-contact")
    assigned(contact="13800000000").when(answer("email"), by=HEAD).records(FeedbackAnswered)
    by_box = assigned(by=CLERK, channel="box")
    by_box.when(answer("online"), by=HEAD).refused("no-password")
    by_box.when(answer("notice_board"), by=HEAD).records(FeedbackAnswered)


@pytest.mark.rule("DX-10b")
def test_what_was_not_handled_well_is_handled_again() -> None:
    assigned().when(ReopenFeedback(reason="没有落实"), by=OFFICE).refused("feedback-open")
    done = assigned().when(answer(), by=HEAD).later(date(2025, 9, 25))
    again = done.when(ReopenFeedback(reason="没有落实"), by=OFFICE).records(FeedbackReopened).later()
    state = piece(again)
    assert (state.stage, state.unit) == (Stage.ASSIGNED, "touzi")
    assert state.deadline is not None
    assert state.deadline.due > DUE
    again.when(answer(), by=HEAD).records(FeedbackAnswered)


@pytest.mark.rule("DX-10b")
@BOOKS
def test_a_missed_day_is_recorded_once(book: str) -> None:
    case = said(book).later()
    case.on(DUE).when(MissFeedback(), by=SYSTEM).then()
    after = date(2025, 10, 20)
    late = case.on(after).when(MissFeedback(), by=SYSTEM).then(FeedbackOverdue(due=DUE)).later()
    late.when(MissFeedback(), by=SYSTEM).then()
    assigned().on(after).when(answer(), by=HEAD).records(FeedbackAnswered, FeedbackOverdue)
