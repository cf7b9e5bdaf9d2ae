"""A record about oneself that is wrong is put right, or the claim goes to who may put it right (YS-09a, YS-09b; Decree 711 Art. 41)."""

from datetime import date
from typing import Any, cast

import pytest

from services.requests.record_correction.commands import (
    ClaimCorrection,
    DecideCorrection,
    MissCorrection,
    NotifyClaimant,
    TransferClaim,
    VerifyClaimant,
    WithdrawClaim,
)
from services.requests.record_correction.events import (
    ClaimantNotified,
    ClaimantVerified,
    ClaimTransferred,
    ClaimWithdrawn,
    CorrectionClaimed,
    CorrectionDecided,
    CorrectionOverdue,
)
from services.requests.record_correction.state import RecordCorrection, Stage, record_correction
from shared.law.rulebook import rulebook
from tests.specification import Outcome, Specification, given
from tests.unit.requests.cases import DRAFTER, OFFICE, PUBLIC, RECEIVED_ON, SYSTEM

BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
VERIFY = VerifyClaimant(how="paper", evidence="居民身份证原件")
CORRECT = DecideCorrection(decision="corrected", reason="经核对档案，出生日期登记有误", document="更正通知〔2025〕3号")
TRANSFER = TransferClaim(how="transferred", agency="固原市自然资源局", contact="0954-2030000", document="转送函〔2025〕1号")
TELL = NotifyClaimant(way="post", evidence="EMS 1234567890", text="您的记录已更正。")


def claim(by: Any = DRAFTER, book: str = "decree-711", **changes: Any) -> Outcome:
    """A claim handed in at the counter."""
    fields: dict[str, Any] = {
        "claimant_name": "马䶮",
        "contact": "13800000000",
        "record": "营业执照登记的出生日期",
        "wanted": "改为1990年1月1日",
        "proof": "居民户口簿",
        "channel": "in_person",
        "receipt": "收件登记 0001",
    }
    return given(record_correction, day=RECEIVED_ON).under(book).when(ClaimCorrection(**{**fields, **changes}), by=by)


def verified(book: str = "decree-711") -> Specification:
    """The claimant is who it says."""
    return claim(book=book).later().when(VERIFY, by=DRAFTER).later()


def stage(case: Specification) -> Stage:
    """Where it stands."""
    return cast("RecordCorrection", case.state).stage


@pytest.mark.rule("YS-09a", "X-02")
@pytest.mark.parametrize(("book", "due"), [("decree-711", date(2025, 10, 24)), ("bureau-2019", date(2025, 10, 17))])
def test_a_claim_has_a_clock_and_its_words_are_personal(book: str, due: date) -> None:
    (event,) = claim(book=book).events
    assert isinstance(event, CorrectionClaimed)
    assert (event.deadline.due, event.deadline.article) == (due, rulebook(book).limit("correction").article)
    assert "马䶮" not in repr(event) and "户口簿" not in repr(event) and "1990" not in repr(event)


@pytest.mark.rule("YS-09a", "X-02")
@pytest.mark.parametrize("ground", ["inaccurate", "incomplete", "out_of_date", "irrelevant"])
def test_the_old_rules_know_four_grounds_and_the_decree_one(ground: str) -> None:
    claim(book="bureau-2019", ground=ground).records(CorrectionClaimed)
    if ground == "inaccurate":
        claim(ground=ground).records(CorrectionClaimed)
    else:
        claim(ground=ground).refused("no-such-ground")


@pytest.mark.rule("YS-09a", "X-02")
def test_the_decree_asks_for_evidence_and_the_old_rules_do_not() -> None:
    claim(proof="").refused("proof-missing")
    claim(book="bureau-2019", proof="").records(CorrectionClaimed)


@pytest.mark.rule("YS-09a")
def test_the_public_claims_by_internet_and_a_clerk_says_how_it_came() -> None:
    claim(by=PUBLIC, channel="internet", receipt="").records(CorrectionClaimed)
    claim(by=PUBLIC).refused("channel-by-clerk")
    claim(receipt="").refused("evidence-missing")


@pytest.mark.rule("YS-09a")
@BOOKS
def test_only_ones_own_record_is_put_right_by_a_named_act_and_with_a_reason(book: str) -> None:
    case = claim(book=book).later()
    case.when(CORRECT, by=OFFICE).refused("identity-unverified")
    known = case.when(VERIFY, by=DRAFTER).records(ClaimantVerified).later()
    known.when(VERIFY, by=DRAFTER).refused("identity-verified")
    known.when(CORRECT.model_copy(update={"document": ""}), by=OFFICE).refused("document-missing")
    done = known.when(CORRECT, by=OFFICE).records(CorrectionDecided).later()
    assert stage(done) is Stage.CORRECTED
    done.when(CORRECT, by=OFFICE).refused("claim-decided")


@pytest.mark.rule("YS-09a", "X-05")
def test_a_refusal_has_its_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        DecideCorrection(decision="refused", reason="")
    refused = verified().when(DecideCorrection(decision="refused", reason="经核对，记录与档案一致"), by=OFFICE)
    assert stage(refused.records(CorrectionDecided).later()) is Stage.REFUSED


@pytest.mark.rule("YS-09b")
@BOOKS
def test_what_another_agency_may_correct_goes_there_by_letter_and_the_claimant_is_told(book: str) -> None:
    case = claim(book=book).later()
    case.when(TRANSFER.model_copy(update={"document": ""}), by=OFFICE).refused("document-missing")
    case.when(TELL, by=OFFICE).refused("nothing-to-notify")
    moved = case.when(TRANSFER, by=OFFICE).then(
        ClaimTransferred(how="transferred", agency="固原市自然资源局", contact="0954-2030000", document="转送函〔2025〕1号")
    )
    told = moved.later().when(TELL, by=OFFICE).records(ClaimantNotified).later()
    assert stage(told) is Stage.NOTIFIED
    told.when(TELL, by=OFFICE).refused("nothing-to-notify")


@pytest.mark.rule("YS-09b", "X-02")
def test_under_the_decree_the_claimant_may_be_told_where_to_ask_and_under_the_old_rules_not() -> None:
    told = TRANSFER.model_copy(update={"how": "told", "document": ""})
    claim().later().when(told, by=OFFICE).records(ClaimTransferred)
    claim(book="bureau-2019").later().when(told, by=OFFICE).refused("transfer-only")


@pytest.mark.rule("YS-09a")
def test_late_it_is_a_miss_once_and_the_keeper_sees_it_too() -> None:
    case = verified()
    case.on(date(2025, 10, 24)).when(MissCorrection(), by=SYSTEM).then()
    late = case.on(date(2025, 10, 27))
    late.when(CORRECT, by=OFFICE).records(CorrectionDecided, CorrectionOverdue)
    late.when(TRANSFER, by=OFFICE).records(ClaimTransferred, CorrectionOverdue)
    missed = late.when(MissCorrection(), by=SYSTEM).then(CorrectionOverdue(due=date(2025, 10, 24))).later()
    missed.when(MissCorrection(), by=SYSTEM).then()
    missed.when(CORRECT, by=OFFICE).records(CorrectionDecided)


@pytest.mark.rule("YS-09a")
def test_it_may_be_withdrawn_before_it_was_decided() -> None:
    given_up = claim().later().when(WithdrawClaim(evidence="撤回申请书"), by=DRAFTER)
    given_up.then(ClaimWithdrawn(evidence="撤回申请书")).later().when(CORRECT, by=OFFICE).refused("claim-decided")
    verified().when(CORRECT, by=OFFICE).later().when(WithdrawClaim(evidence="撤回申请书"), by=DRAFTER).refused("claim-decided")
