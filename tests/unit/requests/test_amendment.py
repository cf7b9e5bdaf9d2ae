"""Amendment: once, every item at one time; then the clock starts anew, or the request is given up (YS-06.3; Decree 711 Art. 30)."""

import hashlib
from datetime import date
from typing import cast

import pytest
from pydantic import ValidationError

from services.requests.disclosure_request.commands import LapseAmendment, RecordAmendment, Register, RequestAmendment
from services.requests.disclosure_request.events import AmendmentLapsed, AmendmentRequested, RequestAmended
from services.requests.disclosure_request.state import Stage
from shared.trust.personal import HIDDEN
from tests.unit.requests.cases import PUBLIC, assigned, drafted, received, registered, state_of, submitted, with_series

pytestmark = pytest.mark.rule("YS-06.3")

ASK = RequestAmendment(items=("请写明文件的年份", "请附身份证明"))
ASKED_ON = date(2025, 9, 24)


def test_every_item_is_told_at_once_with_the_day_until_which_to_amend() -> None:
    event = cast("AmendmentRequested", assigned().on(ASKED_ON).when(ASK).records(AmendmentRequested).events[0])
    assert event.items == ("请写明文件的年份", "请附身份证明")
    assert (event.deadline.due, event.deadline.days) == (date(2025, 10, 21), 15)


def test_an_agency_may_give_another_reasonable_period() -> None:
    command = RequestAmendment(items=("请写明文件的年份",), working_days=10)
    event = cast("AmendmentRequested", assigned().on(ASKED_ON).when(command).events[0])
    assert event.deadline.due == date(2025, 10, 14)


def test_without_an_item_there_is_nothing_to_amend() -> None:
    with pytest.raises(ValidationError):
        RequestAmendment(items=())


def test_it_is_asked_for_once() -> None:
    amended = assigned().on(ASKED_ON).when(ASK).later().when(RecordAmendment(content="2024年的合同")).later()
    amended.when(ASK).refused("amended-once")


def test_the_notice_goes_out_within_seven_working_days() -> None:
    assigned().on(date(2025, 9, 30)).when(ASK).records(AmendmentRequested)
    assigned().on(date(2025, 10, 9)).when(ASK).refused("amendment-notice-late")


def test_it_may_be_amended_on_the_spot() -> None:
    outcome = assigned().when(ASK).later().when(RecordAmendment(content="2024年的合同")).records(RequestAmended)
    assert state_of(outcome).deadline == state_of(assigned().when(ASK)).deadline


@pytest.mark.rule("X-01")
def test_the_reply_period_starts_anew_when_the_amended_request_arrives() -> None:
    outcome = assigned().on(ASKED_ON).when(ASK).later(date(2025, 10, 9)).when(RecordAmendment(content="2024年的合同"))
    event = cast("RequestAmended", outcome.events[0])
    assert event.deadline.due == date(2025, 11, 5)
    assert event.content.reveal() == "2024年的合同"
    assert (state_of(outcome).clock_start, state_of(outcome).stage) == (date(2025, 10, 9), Stage.ASSIGNED)


def test_before_it_was_assigned_it_goes_back_to_the_office() -> None:
    outcome = registered().when(ASK).later().when(RecordAmendment(content="2024年的合同"))
    assert state_of(outcome).stage is Stage.REGISTERED


def test_not_amended_in_time_it_is_given_up() -> None:
    case = assigned().on(ASKED_ON).when(ASK).later()
    case.on(date(2025, 10, 21)).when(LapseAmendment()).refused("amendment-still-open")
    outcome = case.on(date(2025, 10, 22)).when(LapseAmendment()).then(AmendmentLapsed(outcome="r6_1_overdue_correction"))
    assert (state_of(outcome).stage, state_of(outcome).outcome) == (Stage.LAPSED, "r6_1_overdue_correction")
    outcome.later().when(RecordAmendment(content="2024年的合同")).refused("case-closed")


def test_with_good_reason_it_is_not_given_up() -> None:
    case = assigned().on(ASKED_ON).when(ASK).later(date(2025, 10, 22))
    case.when(LapseAmendment(good_reason=True)).refused("good-reason")
    problem = case.when(RecordAmendment(content="2024年的合同")).refused("amendment-late")
    assert problem.remedy
    outcome = case.when(RecordAmendment(content="2024年的合同", good_reason="住院治疗")).records(RequestAmended)
    excuse = cast("RequestAmended", outcome.events[0]).good_reason
    assert excuse is not None
    assert repr(excuse) == HIDDEN, "what a citizen wrote is personal"


def test_what_to_amend_is_told_in_letters_that_can_be_seen() -> None:
    with pytest.raises(ValidationError):
        RequestAmendment(items=("请写\x00明年份",))


def test_it_is_asked_for_after_registration_and_before_a_draft() -> None:
    received().when(ASK).refused("not-amendable")
    drafted().when(ASK).refused("not-amendable")
    assigned().when(RecordAmendment(content="2024年的合同")).refused("not-amending")


def test_the_applicant_amends_with_the_password_of_his_own_request_alone() -> None:
    outcome = submitted()
    assert outcome.decided is not None
    password = outcome.decided.reply["query_password"]
    assert state_of(outcome).password_hash == hashlib.sha256(password.encode()).hexdigest()
    case = with_series(outcome.later()).when(Register()).later().when(ASK).later()
    case.when(RecordAmendment(content="2024年的合同", query_password="x" * 16), by=PUBLIC).refused("wrong-password")
    case.when(RecordAmendment(content="2024年的合同"), by=PUBLIC).refused("wrong-password")
    case.when(RecordAmendment(content="2024年的合同", query_password=password), by=PUBLIC).records(RequestAmended)
