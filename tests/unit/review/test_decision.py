"""The leader in charge decides: exactly the opinion that was seen, never one's own; requests hears which bytes may leave."""

import msgspec
import pytest

from services.review.secrecy_review import commands
from services.review.secrecy_review.commands import Approve, Consent, DirectRedactions, Escalate, RefuseConsent, Reject
from services.review.secrecy_review.events import ReviewApproved, ReviewRejected, UnitRefused, UnitsConsented
from services.review.secrecy_review.state import Stage
from shared.kernel.commands import Command
from shared.kernel.events import Actor
from shared.law.rulebook import rulebook
from tests.specification import Specification, person
from tests.unit.review.reviews import (
    CONTRACT,
    LEADER,
    LETTER,
    MAKER,
    REVIEWER,
    SERVICE,
    SUBJECT,
    UNIT_HEAD,
    approval,
    marking,
    opened,
    opined,
    opinion,
    opinions,
    standing,
    state_of,
)

REFUSAL = Reject(reason="依据不充分")
CONSENTED = Consent(unit="法规科", document="书面意见〔2025〕3号")


@pytest.mark.rule("BM-06c", "BM-03b", "X-03")
def test_an_approval_names_the_opinion_and_says_which_bytes_may_leave() -> None:
    case = opined(opinion(), opinion(LETTER, "exempt"), case=opened(CONTRACT, LETTER))
    seen = standing(case).opinion_hash()
    outcome = case.when(Approve(approves=seen), by=LEADER).then(
        ReviewApproved(source="requests", subject=SUBJECT, review=1, approves=seen, released=(CONTRACT.sha256,), withheld=(LETTER.sha256,))
    )
    assert state_of(outcome).stage is Stage.APPROVED


@pytest.mark.rule("BM-06c", "X-04")
def test_who_gave_the_opinion_does_not_decide_on_it() -> None:
    case = opined()
    case.when(approval(case), by=REVIEWER).refused("reviewer-approves")
    case.when(REFUSAL, by=REVIEWER).refused("reviewer-approves")


@pytest.mark.rule("X-04")
def test_nor_does_a_delegate_of_theirs_nor_they_as_somebodys_delegate() -> None:
    delegate = Actor(person("delegate").person, ("leader_in_charge",), principal=REVIEWER.person)
    case = opined()
    case.when(approval(case), by=delegate).refused("reviewer-approves")
    given_for = opened().when(opinions(), by=Actor(REVIEWER.person, ("reviewer",), principal=LEADER.person)).later()
    given_for.when(approval(given_for), by=LEADER).refused("reviewer-approves")


@pytest.mark.rule("X-04")
def test_who_wants_the_files_out_does_not_approve() -> None:
    case = opined()
    case.when(approval(case), by=SERVICE).refused("asker-approves")
    case.when(approval(case), by=LEADER).records(ReviewApproved)


@pytest.mark.rule("BM-06c")
@pytest.mark.parametrize(
    "change",
    [opinions(opinion(reason="另一理由")), DirectRedactions(sha256=CONTRACT.sha256, parts=("第三页",))],
    ids=["another reason", "redactions"],
)
def test_an_approval_of_what_has_changed_since_is_refused(change: Command) -> None:
    case = opined()
    seen = approval(case)
    case.when(change, by=UNIT_HEAD).later().when(seen, by=LEADER).refused("opinion-changed")


@pytest.mark.rule("BM-06c")
def test_what_is_not_approved_does_not_leave() -> None:
    outcome = opined().when(REFUSAL, by=LEADER)
    outcome.then(ReviewRejected(source="requests", subject=SUBJECT, review=1, files=(CONTRACT.sha256,), reason="依据不充分"))
    assert state_of(outcome).stage is Stage.REJECTED


@pytest.mark.rule("BM-09")
def test_what_several_units_made_waits_for_the_written_consent_of_each() -> None:
    case = opined(joint_units=("法规科", "监管科"))
    assert "法规科、监管科" in case.when(approval(case), by=LEADER).refused("consent-missing").sentence
    case = case.when(CONSENTED, by=UNIT_HEAD).then(UnitsConsented(unit="法规科", document="书面意见〔2025〕3号")).later()
    assert "尚缺：监管科" in case.when(approval(case), by=LEADER).refused("consent-missing").sentence
    case = case.when(Consent(unit="监管科", document="书面意见〔2025〕4号"), by=UNIT_HEAD).later()
    case.when(approval(case), by=LEADER).records(ReviewApproved)


@pytest.mark.rule("BM-09")
def test_a_unit_may_consent_before_the_opinion_and_consents_once() -> None:
    early = opened().when(CONSENTED, by=UNIT_HEAD).later()
    case = opined(case=early, joint_units=("法规科",))
    case.when(CONSENTED, by=UNIT_HEAD).refused("consented-already")
    case.when(approval(case), by=LEADER).records(ReviewApproved)


@pytest.mark.rule("BM-09")
def test_a_unit_that_refuses_stops_it_until_it_consents() -> None:
    no = RefuseConsent(unit="法规科", reason="数据尚未核定")
    case = opined(joint_units=("法规科", "监管科")).when(Consent(unit="监管科", document="书面意见〔2025〕4号"), by=UNIT_HEAD).later()
    refused = case.when(no, by=UNIT_HEAD).then(UnitRefused(unit="法规科", reason="数据尚未核定")).later()
    assert "法规科" in refused.when(approval(refused), by=LEADER).refused("consent-refused").sentence
    refused.when(no, by=UNIT_HEAD).refused("refused-already")
    refused.when(RefuseConsent(unit="财务科", reason="不同意公开"), by=UNIT_HEAD).refused("not-joint")
    agreed = refused.when(CONSENTED, by=UNIT_HEAD).later()
    agreed.when(approval(agreed), by=LEADER).records(ReviewApproved)
    again = agreed.when(no, by=UNIT_HEAD).later()
    again.when(approval(again), by=LEADER).refused("consent-refused")


@pytest.mark.rule("BM-09")
def test_a_later_opinion_does_not_drop_a_unit_that_made_it() -> None:
    case = opined(case=opined(joint_units=("法规科",)))
    case.when(approval(case), by=LEADER).refused("consent-missing")


def test_not_to_approve_needs_nobodys_consent() -> None:
    opined(joint_units=("法规科",)).when(REFUSAL, by=LEADER).records(ReviewRejected)


def decided() -> list[Specification]:
    """A review that was approved, and one that was not."""
    case = opined()
    return [case.when(approval(case), by=LEADER).later(), case.when(REFUSAL, by=LEADER).later()]


@pytest.mark.rule("BM-03b", "X-03")
@pytest.mark.parametrize("case", decided(), ids=["approved", "rejected"])
@pytest.mark.parametrize(
    "command",
    [opinions(), marking("none"), CONSENTED, REFUSAL, Escalate(to="superior", reason="不明确"), Approve(approves="00" * 32)],
    ids=lambda command: type(command).__name__,
)
def test_nothing_happens_to_a_review_that_was_decided(case: Specification, command: Command) -> None:
    case.when(command, by=MAKER).refused("review-decided")


@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
def test_only_the_leader_in_charge_may_decide(book: str) -> None:
    for command in (commands.Approve, commands.Reject):
        assert rulebook(book).capabilities[command.spec.capability].roles == ("leader_in_charge",)


def test_an_answer_carries_what_requests_reads_of_it() -> None:
    case = opined()
    (answer,) = case.when(approval(case), by=LEADER).events
    sent = msgspec.json.decode(msgspec.json.encode(answer))
    assert {"subject", "review", "released"} <= sent.keys()
    (refusal,) = case.when(REFUSAL, by=LEADER).events
    assert {"subject", "review", "files"} <= msgspec.json.decode(msgspec.json.encode(refusal)).keys()
