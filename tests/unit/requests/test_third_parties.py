"""Third parties are asked in writing and heard; what they rightly refuse stays undisclosed, unless the public interest weighs more (YS-07.6; Decree 711 Art. 32)."""

from datetime import date
from typing import cast

import pytest
from pydantic import ValidationError

from services.requests.disclosure_request.commands import (
    ConsultThirdParty,
    FileIn,
    MissDeadline,
    OverrideThirdParty,
    PassOverSilence,
    RecordThirdPartyConsent,
    RecordThirdPartyObjection,
    RecordThirdPartySilence,
    RequestExtension,
)
from services.requests.disclosure_request.events import (
    PublicInterestOverrode,
    ReplyApproved,
    ReplyDrafted,
    ThirdPartyConsented,
    ThirdPartyConsulted,
    ThirdPartyObjected,
    ThirdPartySilent,
)
from shared.law.calendar import national_calendar
from tests.specification import Specification
from tests.unit.requests.cases import (
    CONTRACT,
    DRAFTER,
    GRANTED,
    LEADER,
    LETTER,
    PARTIAL,
    SYSTEM,
    approval,
    assigned,
    drafted,
    reply,
    reviewed,
    standing,
    state_of,
)

BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
ASKED_ON = date(2025, 9, 25)
ASK = ConsultThirdParty(touches="trade_secret", third_party="固原市甲公司", contact="0954-2080000")
CONSENT = RecordThirdPartyConsent(number=1, evidence="复函 1 号")
SILENCE = RecordThirdPartySilence(number=1)
OVERRIDE = OverrideThirdParty(number=1, reason="涉及公众饮水安全，不公开将造成重大影响", notice="告知书 2025-1，已寄出")


def objection(*, reasonable: bool | None = True, number: int = 1) -> RecordThirdPartyObjection:
    return RecordThirdPartyObjection(number=number, why="合同含有本公司的报价明细", reasonable=reasonable)


def consulted(book: str = "decree-711", case: Specification | None = None, command: ConsultThirdParty = ASK) -> Specification:
    """Asked on 25 September, three working days into the period."""
    return (case or assigned(book=book)).on(ASKED_ON).when(command, by=DRAFTER).later()


@pytest.mark.rule("YS-07.6")
@BOOKS
def test_it_is_asked_in_writing_and_has_fifteen_working_days(book: str) -> None:
    outcome = assigned(book=book).on(ASKED_ON).when(ASK, by=DRAFTER).records(ThirdPartyConsulted)
    event = cast("ThirdPartyConsulted", outcome.events[0])
    assert event.deadline.due == national_calendar().add_working_days(ASKED_ON, 15) == date(2025, 10, 22)
    assert event.third_party.reveal() == "固原市甲公司"
    assert event.person_key != standing(assigned(book=book)).person_key, "another person, another key"


@pytest.mark.rule("YS-07.6")
def test_the_days_do_not_count_for_the_reply_and_with_the_last_answer_it_goes_on() -> None:
    case = consulted()
    assert standing(case).consulting
    case.on(date(2025, 12, 1)).when(MissDeadline(), by=SYSTEM).then()
    case.on(date(2025, 9, 26)).when(RequestExtension(working_days=5, reason="需要查阅档案"), by=DRAFTER).refused("clock-not-running")
    two = case.when(ASK.model_copy(update={"third_party": "乙某"}), by=DRAFTER).later()
    one_left = two.on(date(2025, 9, 29)).when(CONSENT, by=DRAFTER).records(ThirdPartyConsented)
    assert cast("ThirdPartyConsented", one_left.events[0]).reply is None, "another is still to answer"
    answered = one_left.later().on(date(2025, 10, 9)).when(objection(number=2), by=DRAFTER).records(ThirdPartyObjected)
    after = state_of(answered)
    assert not after.consulting
    # 25, 26, 28, 29, 30 September were not counted: the 20th working day moves from 24 to 31 October.
    assert after.deadline is not None
    assert after.deadline.due == date(2025, 10, 31)


@pytest.mark.rule("YS-07.6")
def test_under_the_old_rules_the_days_count() -> None:
    case = consulted("bureau-2019")
    assert not standing(case).consulting
    before = standing(case).deadline
    answered = case.on(date(2025, 10, 9)).when(CONSENT, by=DRAFTER).records(ThirdPartyConsented)
    assert state_of(answered).deadline == before


@pytest.mark.rule("YS-07.6")
@BOOKS
def test_nothing_is_given_out_while_it_may_still_answer(book: str) -> None:
    case = consulted(book)
    case.when(reply(), by=DRAFTER).refused("third-party-waiting")
    case.when(SILENCE, by=SYSTEM).refused("third-party-still-open")
    silent = case.on(date(2025, 10, 23)).when(SILENCE, by=SYSTEM).records(ThirdPartySilent)
    drafted(silent.later()).when(approval(drafted(silent.later())), by=LEADER).records(ReplyApproved)


@pytest.mark.rule("YS-07.6")
@BOOKS
def test_the_keeper_passes_over_the_silence_of_each_once(book: str) -> None:
    two = consulted(book).on(date(2025, 9, 26)).when(ASK, by=DRAFTER).later()
    two.on(date(2025, 10, 22)).when(PassOverSilence(), by=SYSTEM).then()
    first = two.on(date(2025, 10, 23)).when(PassOverSilence(), by=SYSTEM).then(ThirdPartySilent(1, date(2025, 10, 22), None)).later()
    first.when(PassOverSilence(), by=SYSTEM).then()
    (last,) = first.on(date(2025, 10, 24)).when(PassOverSilence(), by=SYSTEM).records(ThirdPartySilent).events
    assert isinstance(last, ThirdPartySilent)
    assert (last.reply is not None) == (book == "decree-711"), "the reply period goes on where it stood still"
    both = two.on(date(2025, 10, 24)).when(PassOverSilence(), by=SYSTEM).records(ThirdPartySilent, ThirdPartySilent)
    assert not state_of(both).consulting
    answered = two.when(objection(), by=DRAFTER).later().when(objection(number=2), by=DRAFTER).later()
    answered.on(date(2025, 12, 1)).when(PassOverSilence(), by=SYSTEM).then()


@pytest.mark.rule("YS-07.6")
@BOOKS
def test_a_reasoned_objection_withholds(book: str) -> None:
    case = consulted(book).when(objection(), by=DRAFTER).later()
    case.when(reply(), by=DRAFTER).refused("third-party-objects")
    case.when(reply("r2_partial", PARTIAL, redactions=("第三页",)), by=DRAFTER).records(ReplyDrafted)


@pytest.mark.rule("YS-07.6")
def test_the_files_that_it_refuses_are_not_given_out_in_part_either() -> None:
    case = reviewed((CONTRACT, LETTER))
    asked = consulted(case=case, command=ASK.model_copy(update={"files": (CONTRACT.sha256,)}))
    refused = asked.when(objection(), by=DRAFTER).later()

    def partly(*files: FileIn) -> None:
        refused.when(reply("r2_partial", PARTIAL, files=files, redactions=("合同",)), by=DRAFTER).records(ReplyDrafted)

    problem = refused.when(reply("r2_partial", PARTIAL, files=(CONTRACT,), redactions=("合同",)), by=DRAFTER).refused("third-party-objects")
    assert CONTRACT.name in problem.sentence
    partly(LETTER)


@pytest.mark.rule("YS-07.6")
def test_a_reason_that_does_not_hold_binds_under_the_old_rules_alone() -> None:
    consulted().when(objection(reasonable=None), by=DRAFTER).refused("reason-unweighed")
    consulted().when(objection(reasonable=False), by=DRAFTER).later().when(reply(), by=DRAFTER).records(ReplyDrafted)
    old = consulted("bureau-2019").when(objection(reasonable=False), by=DRAFTER).later()
    old.when(reply(), by=DRAFTER).refused("third-party-objects")


@pytest.mark.rule("YS-07.6")
def test_the_public_interest_overrides_where_the_rulebook_knows_it() -> None:
    case = consulted().when(objection(), by=DRAFTER).later()
    overridden = case.when(OVERRIDE, by=LEADER).records(PublicInterestOverrode).later()
    overridden.when(reply("r1_granted", GRANTED), by=DRAFTER).records(ReplyDrafted)
    old = consulted("bureau-2019").when(objection(), by=DRAFTER).later()
    assert "公共利益" in old.when(OVERRIDE, by=LEADER).refused("no-override").sentence
    consulted().when(CONSENT, by=DRAFTER).later().when(OVERRIDE, by=LEADER).refused("nothing-to-override")
    with pytest.raises(ValidationError):
        OverrideThirdParty(number=1, reason="公共利益", notice="")


@pytest.mark.rule("YS-07.6")
def test_it_may_change_its_mind_until_the_reply_is_drafted() -> None:
    case = consulted().when(objection(), by=DRAFTER).later().when(CONSENT, by=DRAFTER).later()
    case.when(CONSENT, by=DRAFTER).refused("answered-already")
    drafted(case).when(objection(), by=DRAFTER).refused("drafted-already")


@pytest.mark.rule("YS-07.6")
def test_an_answer_belongs_to_a_consultation() -> None:
    assigned().when(CONSENT, by=DRAFTER).refused("nobody-consulted")
    consulted().when(RecordThirdPartyConsent(number=2, evidence="复函"), by=DRAFTER).refused("no-such-consultation")
