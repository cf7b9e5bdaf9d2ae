"""Fees: the processing fee of the law in force, by items or by pages, never both; under the bureau's old rules the cost alone."""

from datetime import date
from typing import cast

import pytest
from pydantic import ValidationError

from services.requests.disclosure_request.commands import AssessFee, LapseFee, RecordPayment, RequestAmendment
from services.requests.disclosure_request.events import FeeAssessed, FeeLapsed, FeePaid
from services.requests.disclosure_request.state import Stage
from tests.specification import AGENCY, Specification
from tests.unit.requests.cases import assigned, drafted, registered, standing, state_of

NOTICE_ON = date(2025, 9, 24)
THIRTY_FIVE_ITEMS = AssessFee(basis="items", count=35)


def charged() -> Specification:
    """A notice of 3,000 yuan went out."""
    return assigned().on(NOTICE_ON).when(THIRTY_FIVE_ITEMS).later()


def paid(yuan: int = 3000, payee: str = AGENCY.code) -> RecordPayment:
    """A payment, at the agency's own counter."""
    return RecordPayment(yuan=yuan, payee=payee, evidence="财政票据 0001")


@pytest.mark.rule("YS-08")
@pytest.mark.parametrize(
    ("command", "yuan"),
    [
        (AssessFee(basis="items", count=11), 100),
        (AssessFee(basis="items", count=30), 2000),
        (AssessFee(basis="items", count=35), 3000),
        (AssessFee(basis="items", count=45), 5500),
        (AssessFee(basis="items", count=1, before=30), 200),
        (AssessFee(basis="pages", count=31), 10),
        (AssessFee(basis="pages", count=72), 420),
        (AssessFee(basis="pages", count=100), 700),
        (AssessFee(basis="pages", count=250), 4700),
    ],
)
def test_the_processing_fee_follows_the_tariff(command: AssessFee, yuan: int) -> None:
    event = cast("FeeAssessed", assigned().on(NOTICE_ON).when(command).records(FeeAssessed).events[0])
    assert (event.yuan, event.basis) == (yuan, command.basis)
    assert event.deadline.due == date(2025, 10, 28), "paid within 20 working days"


@pytest.mark.rule("YS-08")
@pytest.mark.parametrize("command", [AssessFee(basis="items", count=10), AssessFee(basis="pages", count=30)])
def test_where_the_tariff_gives_nothing_no_notice_goes_out(command: AssessFee) -> None:
    assigned().when(command).refused("nothing-to-charge")


@pytest.mark.rule("YS-08")
def test_before_the_first_tariff_nothing_is_charged() -> None:
    assigned(date(2020, 6, 1)).when(THIRTY_FIVE_ITEMS).refused("no-tariff")


@pytest.mark.rule("YS-08")
def test_the_notice_goes_out_within_the_reply_period() -> None:
    assigned().on(date(2025, 10, 24)).when(THIRTY_FIVE_ITEMS).records(FeeAssessed)
    assigned().on(date(2025, 10, 27)).when(THIRTY_FIVE_ITEMS).refused("fee-notice-late")


@pytest.mark.rule("YS-08")
def test_one_request_is_charged_once_and_never_by_both_tariffs() -> None:
    case = charged().when(paid()).later()
    case.when(AssessFee(basis="pages", count=100)).refused("charged-once")
    case.when(AssessFee(basis="items", count=100)).refused("charged-once")


@pytest.mark.rule("YS-G.3", "X-02")
def test_the_law_in_force_knows_no_cost_fee_and_the_old_rules_know_no_other() -> None:
    cost, items = AssessFee(basis="cost", count=0, cost=36), AssessFee(basis="items", count=35)
    assigned().when(cost).refused("no-cost-fee")
    assert cast("FeeAssessed", assigned(book="bureau-2019").when(cost).events[0]).yuan == 36
    assigned(book="bureau-2019").when(items).refused("no-processing-fee")
    assigned(book="bureau-2019").when(AssessFee(basis="pages", count=500)).refused("no-processing-fee")


@pytest.mark.rule("YS-08")
def test_nothing_else_is_charged_for() -> None:
    with pytest.raises(ValidationError):
        AssessFee(basis="service", count=1)


@pytest.mark.rule("YS-08x.2")
@pytest.mark.parametrize("payee", ["打字复印社", "固原市某协会", "other-agency"])
def test_it_is_paid_to_the_agency_alone(payee: str) -> None:
    charged().when(paid(payee=payee)).refused("paid-elsewhere")


def test_it_is_paid_in_whole() -> None:
    charged().when(paid(yuan=2999)).refused("wrong-amount")


@pytest.mark.rule("X-01")
def test_the_reply_period_starts_anew_the_day_after_payment() -> None:
    outcome = charged().on(date(2025, 10, 9)).when(paid()).records(FeePaid)
    state = state_of(outcome)
    assert state.deadline is not None
    assert (state.deadline.due, state.stage) == (date(2025, 11, 5), Stage.ASSIGNED)


def test_not_paid_in_time_it_is_not_handled_any_further() -> None:
    charged().on(date(2025, 10, 28)).when(LapseFee()).refused("payment-still-open")
    outcome = charged().on(date(2025, 10, 29)).when(LapseFee()).then(FeeLapsed(outcome="r6_2_overdue_fee"))
    assert state_of(outcome).stage is Stage.LAPSED
    outcome.later().when(paid()).refused("case-closed")


def test_it_is_charged_after_assignment_and_before_a_draft() -> None:
    registered().when(THIRTY_FIVE_ITEMS).refused("not-chargeable")
    drafted().when(THIRTY_FIVE_ITEMS).refused("not-chargeable")
    assigned().when(paid()).refused("not-unpaid")
    assigned().when(RequestAmendment(items=("请写明年份",))).later().when(THIRTY_FIVE_ITEMS).refused("not-chargeable")


def test_while_it_waits_for_payment_the_notice_says_until_when() -> None:
    state = standing(charged())
    assert state.waiting_until is not None
    assert (state.stage, state.waiting_until.article) == (Stage.UNPAID, "国办函〔2020〕109号 第六条")
