"""How a case ends otherwise: withdrawn, voided, merged; and how what was entered wrongly is corrected, both values on record."""

from datetime import date, timedelta
from typing import cast

import msgspec
import pytest

from services.requests.disclosure_request.commands import (
    ConfirmReceipt,
    CorrectFacts,
    Deliver,
    Merge,
    Register,
    RequestAmendment,
    Suspend,
    Void,
    Withdraw,
)
from services.requests.disclosure_request.events import (
    DuplicateMerged,
    FactsCorrected,
    RequestMerged,
    RequestVoided,
    RequestWithdrawn,
)
from services.requests.disclosure_request.state import DisclosureRequest, Stage, disclosure_request
from shared.kernel.commands import On
from shared.kernel.identity import derived_id
from shared.trust.personal import HIDDEN
from tests.specification import Specification, given
from tests.unit.requests.cases import (
    DRAFTER,
    OFFICE,
    PUBLIC,
    RECEIVED_ON,
    approved,
    assigned,
    drafted,
    received,
    registered,
    standing,
    state_of,
    submission,
    submitted,
    with_series,
)

OTHER_ID = derived_id("test", "other case")


def other(case: Specification) -> DisclosureRequest:
    """The same point of life, as another request."""
    return msgspec.structs.replace(standing(case), id=OTHER_ID)


@pytest.mark.parametrize("case", [received, registered, assigned, drafted, approved], ids=lambda case: case.__name__)
def test_the_applicant_withdraws_at_any_time_before_the_reply(case: object) -> None:
    outcome = case().when(Withdraw(reason="不再需要"), by=DRAFTER).records(RequestWithdrawn)  # type: ignore[operator]
    assert (state_of(outcome).stage, state_of(outcome).outcome) == (Stage.WITHDRAWN, "r6_3_other")
    outcome.later().when(Withdraw()).refused("case-closed")


def test_why_he_withdraws_is_his_own_matter_and_personal() -> None:
    event = cast("RequestWithdrawn", assigned().when(Withdraw(reason="已另行取得"), by=DRAFTER).events[0])
    assert event.reason is not None
    assert repr(event.reason) == HIDDEN


def test_he_withdraws_himself_with_the_password_of_this_request_alone() -> None:
    mine, anothers = (submitted(by=PUBLIC, channel="internet", evidence="") for _ in range(2))
    assert mine.decided is not None
    assert anothers.decided is not None
    withdraw = Withdraw(query_password=anothers.decided.reply["query_password"])
    mine.later().when(withdraw, by=PUBLIC).refused("wrong-password")
    mine.later().when(Withdraw(), by=PUBLIC).refused("wrong-password")
    withdraw = Withdraw(query_password=mine.decided.reply["query_password"])
    mine.later().when(withdraw, by=PUBLIC).records(RequestWithdrawn)


def test_after_the_reply_nothing_can_be_withdrawn_voided_or_merged() -> None:
    answered = approved().when(Deliver(way="post", evidence="EMS 1234567890")).later()
    for command in (Withdraw(), Void(reason="误登记"), Merge(into=OTHER_ID, reason="重复登记")):
        answered.beside(other(registered())).when(command).refused("case-closed")


def test_what_was_entered_by_mistake_is_voided_and_its_number_stays_used() -> None:
    outcome = registered().when(Void(reason="误登记"), by=OFFICE).then(RequestVoided(reason="误登记"))
    assert state_of(outcome).stage is Stage.VOIDED
    assert state_of(outcome).outcome is None, "it does not count in the report"
    assert state_of(outcome).number


def test_a_duplicate_goes_on_as_the_other_case_and_both_say_so() -> None:
    target = other(assigned())
    outcome = registered().beside(target).when(Merge(into=OTHER_ID, reason="同一申请登记了两次"))
    outcome.then(RequestMerged(into=OTHER_ID, reason="同一申请登记了两次"))
    assert outcome.decided is not None
    beside = [item for item in outcome.decided.events if isinstance(item, On)]
    assert [(item.id, item.event) for item in beside] == [(OTHER_ID, DuplicateMerged(duplicate=outcome.before.state.id))]
    assert state_of(outcome).merged_into == OTHER_ID


def test_it_is_not_merged_into_itself_nor_into_nothing_nor_into_what_was_voided() -> None:
    case = registered()
    itself = case.beside(cast("DisclosureRequest", case.state))
    itself.when(Merge(into=case.state.id, reason="重复登记")).refused("merge-target")
    case.beside(disclosure_request.initial(OTHER_ID)).when(Merge(into=OTHER_ID, reason="重复登记")).refused("merge-target")
    voided = other(case.when(Void(reason="误登记")).later())
    case.beside(voided).when(Merge(into=OTHER_ID, reason="重复登记")).refused("merge-target")


def test_it_is_not_merged_into_a_case_of_another_agency() -> None:
    elsewhere = msgspec.structs.replace(other(registered()), agency="other-agency")
    registered().beside(elsewhere).when(Merge(into=OTHER_ID, reason="重复登记")).refused("merge-target")


@pytest.mark.parametrize("case", [drafted, approved], ids=lambda case: case.__name__)
def test_a_case_with_a_reply_in_hand_is_not_merged(case: object) -> None:
    case().beside(other(registered())).when(Merge(into=OTHER_ID, reason="重复登记")).refused("reply-in-hand")  # type: ignore[operator]


@pytest.mark.rule("X-01")
def test_a_corrected_day_of_receipt_sets_the_due_date_anew_with_both_values_on_record() -> None:
    earlier = RECEIVED_ON - timedelta(days=3)
    outcome = assigned().when(CorrectFacts(reason="收件章日期看错", received_on=earlier)).records(FactsCorrected)
    event = cast("FactsCorrected", outcome.events[0])
    assert (event.received_on_before, event.received_on) == (RECEIVED_ON, earlier)
    assert event.deadline is not None
    assert event.deadline.due == date(2025, 10, 23)
    assert (state_of(outcome).received_on, state_of(outcome).clock_start) == (earlier, earlier)


@pytest.mark.rule("X-07")
def test_a_corrected_kind_of_applicant_moves_no_due_date() -> None:
    outcome = assigned().when(CorrectFacts(reason="申请人是律师事务所", applicant_kind="legal_service"))
    event = cast("FactsCorrected", outcome.events[0])
    assert (event.applicant_kind_before, event.applicant_kind, event.deadline) == ("natural_person", "legal_service", None)
    assert state_of(outcome).deadline == state_of(assigned().when(RequestAmendment(items=("请写明年份",)))).deadline


def test_where_both_sides_confirmed_on_another_day_a_corrected_receipt_moves_no_due_date() -> None:
    confirmed_later = registered(channel="internet").on(date(2025, 9, 24)).when(ConfirmReceipt(how="电话确认")).later()
    outcome = confirmed_later.when(CorrectFacts(reason="系统时间有误", received_on=date(2025, 9, 19)))
    assert cast("FactsCorrected", outcome.events[0]).deadline is None
    assert state_of(outcome).clock_start == date(2025, 9, 24)


def test_where_both_sides_confirmed_on_the_day_of_receipt_a_corrected_receipt_moves_no_due_date_either() -> None:
    confirmed_at_once = registered(channel="internet").when(ConfirmReceipt(how="电话确认")).later()
    outcome = confirmed_at_once.when(CorrectFacts(reason="系统时间有误", received_on=date(2025, 9, 19)))
    assert cast("FactsCorrected", outcome.events[0]).deadline is None
    assert state_of(outcome).clock_start == RECEIVED_ON


@pytest.mark.rule("X-07")
def test_what_counts_in_the_report_can_be_put_right_after_the_reply_too() -> None:
    answered = approved().when(Deliver(way="post", evidence="EMS 1234567890")).later()
    answered.when(CorrectFacts(reason="申请人是律师事务所", applicant_kind="legal_service")).records(FactsCorrected)
    voided = registered().when(Void(reason="误登记")).later()
    voided.when(CorrectFacts(reason="申请人是律师事务所", applicant_kind="legal_service")).refused("case-closed")


def test_while_the_clock_stands_still_its_start_is_not_corrected() -> None:
    suspended = assigned(book="bureau-2019").when(Suspend(reason="洪灾")).later()
    problem = suspended.when(CorrectFacts(reason="收件章日期看错", received_on=date(2025, 9, 19))).refused("clock-suspended")
    assert problem.remedy
    suspended.when(CorrectFacts(reason="申请人是律师事务所", applicant_kind="legal_service")).records(FactsCorrected)


def test_a_correction_changes_something_and_lies_not_in_the_future() -> None:
    assigned().when(CorrectFacts(reason="核对无误")).refused("nothing-to-correct")
    assigned().when(CorrectFacts(reason="核对无误", received_on=RECEIVED_ON)).refused("nothing-to-correct")
    tomorrow = RECEIVED_ON + timedelta(days=1)
    assigned().when(CorrectFacts(reason="收件章日期看错", received_on=tomorrow)).refused("received-in-future")


def test_each_request_has_a_state_of_its_own() -> None:
    one = with_series(given(disclosure_request, id=OTHER_ID).when(submission(), by=DRAFTER).later()).when(Register())
    assert one.before.state.id == OTHER_ID
    assert state_of(one).stage is Stage.REGISTERED
