"""How a request comes in, when it counts as received, which number it bears, and who has it."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

import msgspec
import pytest
from pydantic import ValidationError

from services.requests.disclosure_request.commands import (
    Acknowledge,
    Assign,
    ConfirmReceipt,
    DraftReply,
    Register,
    ReturnToOffice,
    Submit,
    VerifyIdentity,
)
from services.requests.disclosure_request.events import (
    IdentityVerified,
    ReceiptAcknowledged,
    ReceiptConfirmed,
    RequestAssigned,
    RequestReceived,
    RequestRegistered,
    RequestReturned,
)
from services.requests.disclosure_request.state import Stage, disclosure_request
from services.requests.number_series.series import NumberTaken
from shared.kernel.commands import On
from shared.trust.personal import HIDDEN
from tests.specification import given
from tests.unit.requests.cases import (
    GRANTED,
    OFFICE,
    PUBLIC,
    RECEIVED_ON,
    assigned,
    confirmed,
    received,
    registered,
    reply,
    standing,
    state_of,
    submission,
    submitted,
    with_series,
)

CLERKS_CHANNELS = ("registered_post", "ordinary_letter", "telegram", "telex", "fax", "edi", "email", "in_person", "oral")


@pytest.mark.rule("YS-05.1a")
@pytest.mark.parametrize("name", ["applicant_name", "contact", "content"])
def test_an_application_names_who_asks_how_to_reach_him_and_what_for(name: str) -> None:
    with pytest.raises(ValidationError) as error:
        Submit(**{"applicant_name": "马䶮", "contact": "13800000000", "content": "采购合同", name: ""})
    assert error.value.errors()[0]["loc"] == (name,)


@pytest.mark.rule("YS-05.1a")
def test_what_a_citizen_wrote_stands_as_personal_data_and_never_shows_itself() -> None:
    event = cast("RequestReceived", submitted(id_number="640402199001010011", address="固原市原州区").events[0])
    for field in (event.applicant_name, event.id_number, event.contact, event.address, event.content):
        assert repr(field) == str(field) == HIDDEN
    assert event.applicant_name.reveal() == "马䶮"
    assert event.person_key


@pytest.mark.rule("YS-05.1a")
@pytest.mark.parametrize("name", ["马䶮", "𠅤某", "迪丽热巴·迪力木拉提", "O'Neill"])
def test_a_rare_character_is_kept_as_it_is(name: str) -> None:
    assert cast("RequestReceived", submitted(applicant_name=name).events[0]).applicant_name.reveal() == name


@pytest.mark.rule("YS-05.1a")
@pytest.mark.parametrize("text", ["马\x00某", "马\x1b[31m某", "马\x7f某", "马\x85某", "马\u202e某", "马\n某"])
def test_a_control_character_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        submission(applicant_name=text)


@pytest.mark.rule("YS-05.1a")
def test_what_is_wanted_may_run_over_several_lines_as_a_browser_sends_them() -> None:
    event = cast("RequestReceived", submitted(content="一、采购合同\r\n二、验收单").events[0])
    assert event.content.reveal() == "一、采购合同\n二、验收单"


@pytest.mark.rule("YS-05.1b")
@pytest.mark.parametrize("channel", CLERKS_CHANNELS)
def test_a_clerk_enters_what_came_by_every_channel_of_the_rules(channel: str) -> None:
    event = cast("RequestReceived", submitted(channel=channel).events[0])
    assert (event.channel, event.received_on, event.evidence) == (channel, RECEIVED_ON, "收件登记 0001")


@pytest.mark.rule("YS-05.1b")
@pytest.mark.parametrize("channel", CLERKS_CHANNELS)
def test_the_public_submits_by_internet_alone(channel: str) -> None:
    submitted(by=PUBLIC, channel=channel).refused("channel-by-clerk")


@pytest.mark.rule("YS-05.1b")
def test_a_channel_that_the_rules_do_not_know_is_refused() -> None:
    with pytest.raises(ValidationError):
        submission(channel="pigeon")


@pytest.mark.rule("YS-05.1b")
def test_what_a_clerk_enters_has_its_evidence() -> None:
    submitted(channel="registered_post", evidence="").refused("evidence-missing")


@pytest.mark.rule("YS-05.1b")
def test_a_receipt_lies_neither_in_the_future_nor_more_than_a_year_back() -> None:
    submitted(received_on=RECEIVED_ON + timedelta(days=1)).refused("received-in-future")
    submitted(received_on=RECEIVED_ON - timedelta(days=367)).refused("received-too-long-ago")
    submitted(received_on=RECEIVED_ON - timedelta(days=366)).records(RequestReceived)


@pytest.mark.rule("YS-05.1b")
def test_the_public_does_not_choose_its_day_of_receipt() -> None:
    submitted(by=PUBLIC, channel="internet", evidence="", received_on=RECEIVED_ON - timedelta(days=1)).refused("received-not-today")


def test_the_public_writes_nothing_where_a_clerk_notes_the_evidence() -> None:
    submitted(by=PUBLIC, channel="internet", evidence="本人身份证号……").refused("evidence-by-clerk")


def test_only_the_hash_of_the_query_password_is_kept() -> None:
    outcome = submitted(by=PUBLIC, channel="internet", evidence="")
    assert outcome.decided is not None
    password = outcome.decided.reply["query_password"]
    event = cast("RequestReceived", outcome.events[0])
    assert event.password_hash == hashlib.sha256(password.encode()).hexdigest()
    assert password not in repr(event)
    assert len(password) * 6 >= 80, "80 bits or more"
    assert outcome.decided.reply["tracking_number"] == event.tracking_number


def test_two_submissions_have_neither_number_nor_password_nor_key_in_common() -> None:
    one, other = (submitted(by=PUBLIC, channel="internet", evidence="") for _ in range(2))
    assert one.decided is not None
    assert other.decided is not None
    assert not set(one.decided.reply.values()) & set(other.decided.reply.values())
    assert state_of(one).person_key != state_of(other).person_key


@pytest.mark.rule("X-01", "YS-F.1-2")
@pytest.mark.parametrize("channel", ["in_person", "oral", "registered_post", "telegram", "telex"])
def test_over_the_counter_and_by_post_the_clock_starts_with_the_receipt(channel: str) -> None:
    assert standing(received(channel=channel)).clock_start == RECEIVED_ON, "registered or not"
    received(channel=channel).on(date(2025, 10, 20)).when(ConfirmReceipt(how="电话确认")).refused("receipt-certain")
    outcome = with_series(received(channel=channel)).on(date(2025, 9, 24)).when(Register())
    state = state_of(outcome)
    assert state.clock_start == RECEIVED_ON
    assert state.deadline is not None
    assert (state.deadline.due, state.deadline.days) == (date(2025, 10, 24), 20)
    assert state.deadline.calendar.startswith("cn-")


@pytest.mark.rule("X-01", "YS-05.1b")
@pytest.mark.parametrize("channel", ["internet", "fax", "ordinary_letter", "email", "edi"])
def test_by_internet_or_fax_the_clock_waits_until_both_sides_have_confirmed(channel: str) -> None:
    waiting = registered(channel=channel)
    assert (standing(waiting).stage, standing(waiting).deadline) == (Stage.UNCONFIRMED, None)
    waiting.when(Assign(unit="综合科"), by=OFFICE).refused("not-assignable")

    outcome = waiting.on(date(2025, 9, 24)).when(ConfirmReceipt(how="电话确认")).records(ReceiptConfirmed)
    state = state_of(outcome)
    assert (state.stage, state.clock_start) == (Stage.REGISTERED, date(2025, 9, 24))
    assert state.deadline is not None
    assert state.deadline.due == date(2025, 10, 28)


@pytest.mark.rule("YS-05.1b")
def test_a_receipt_is_confirmed_once() -> None:
    confirmed(date(2025, 9, 24)).when(ConfirmReceipt(how="电话确认")).refused("receipt-certain")


@pytest.mark.rule("X-02", "KH-02.3b")
@pytest.mark.parametrize(("book", "due", "days"), [("decree-711", date(2025, 10, 24), 20), ("bureau-2019", date(2025, 10, 17), 15)])
def test_each_rulebook_has_its_own_reply_period(book: str, due: date, days: int) -> None:
    state = standing(registered(book=book))
    deadline = state.deadline
    assert deadline is not None
    assert (deadline.due, deadline.days, deadline.rulebook, state.rulebook) == (due, days, book, book)


@pytest.mark.rule("X-02")
def test_a_case_keeps_the_rulebook_of_its_receipt() -> None:
    later = with_series(received(book="bureau-2019").under("decree-711").on(date(2025, 9, 23)))
    event = cast("RequestRegistered", later.when(Register()).events[0])
    assert event.deadline is not None
    assert (event.deadline.rulebook, event.deadline.days) == ("bureau-2019", 15)


@pytest.mark.rule("X-02")
def test_the_rulebook_is_the_one_in_force_on_the_day_of_receipt() -> None:
    submitted(date(2019, 5, 20), received_on=date(2019, 5, 10)).refused("no-rulebook")
    assert standing(received(date(2019, 5, 20))).rulebook == "decree-711"


@pytest.mark.rule("X-01")
def test_in_a_year_that_is_not_announced_the_due_date_is_provisional() -> None:
    deadline = standing(registered(date(2026, 12, 21))).deadline
    assert deadline is not None
    assert deadline.provisional


def test_the_official_number_is_the_next_of_the_agency_and_year() -> None:
    outcome = with_series(received(), issued=16).when(Register())
    assert outcome.decided is not None
    registered_event, taken = outcome.decided.events
    assert isinstance(registered_event, RequestRegistered)
    assert isinstance(taken, On)
    assert taken.event == NumberTaken(number=17, request=outcome.before.state.id)
    assert registered_event.number == outcome.decided.reply["number"]
    assert "〔2025〕17号" in registered_event.number


def test_a_request_is_registered_once() -> None:
    with_series(registered()).when(Register()).refused("already-registered")


@pytest.mark.rule("YS-05.2a")
@pytest.mark.parametrize("outcome", ["r1_granted", "r2_partial"])
def test_own_records_are_given_only_to_who_proved_who_he_is(outcome: str) -> None:
    case = assigned(own_records=True)
    command: DraftReply = reply(
        outcome, GRANTED.model_copy(update={"outcome": outcome, "ground": "自身社保记录", "reason": "本人查询"}), redactions=("他人信息",)
    )
    case.when(command).refused("identity-unverified")
    proved = case.when(VerifyIdentity(how="paper", evidence="居民身份证原件")).records(IdentityVerified)
    assert proved.later().when(command).problem is None


@pytest.mark.rule("YS-05.2b")
def test_an_identity_may_be_verified_online_and_opens_this_request_alone() -> None:
    proved = assigned(own_records=True).when(VerifyIdentity(how="online", evidence="实人认证 0001")).later()
    assert standing(proved).identity_verified
    proved.when(VerifyIdentity(how="paper", evidence="居民身份证")).refused("identity-verified")
    assert not standing(assigned(own_records=True)).identity_verified


@pytest.mark.rule("X-06")
def test_the_applicant_is_given_a_receipt() -> None:
    registered().when(Acknowledge(way="当面交付回执")).then(ReceiptAcknowledged(way="当面交付回执"))


@pytest.mark.rule("YS-11")
def test_the_office_assigns_a_registered_request_to_a_unit() -> None:
    registered().when(Assign(unit="综合科"), by=OFFICE).then(RequestAssigned(unit="综合科"))
    received().when(Assign(unit="综合科"), by=OFFICE).refused("not-assignable")


@pytest.mark.rule("YS-11")
def test_a_unit_gives_back_what_is_not_its_own_and_the_office_assigns_it_anew() -> None:
    outcome = assigned().when(ReturnToOffice(reason="不属本科室职责")).records(RequestReturned)
    assert (state_of(outcome).stage, state_of(outcome).unit) == (Stage.REGISTERED, "")
    outcome.later().when(Assign(unit="法规科"), by=OFFICE).records(RequestAssigned)
    refused = registered().with_units("综合科").when(Assign(unit="法规科"), by=OFFICE).refused("no-such-unit")
    assert "法规科" in refused.sentence
    registered().when(ReturnToOffice(reason="不属本科室职责")).refused("not-assigned")


def test_to_another_agency_there_is_no_such_request() -> None:
    case = assigned()
    elsewhere = msgspec.structs.replace(standing(case), agency="other-agency")
    replace(case, state=elsewhere).when(ReturnToOffice(reason="不属本科室职责")).refused("not-found")


def test_nothing_can_be_done_with_what_was_never_received() -> None:
    given(disclosure_request).when(Register()).refused("not-found")
    given(disclosure_request).when(Assign(unit="综合科")).refused("not-found")
