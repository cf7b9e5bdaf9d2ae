"""Letters: numbered without gaps, of a kind that the case calls for, in the words of the case, and each with the evidence of its way (X-06)."""

from datetime import date
from typing import Any, cast

import msgspec
import pytest

from services.requests.disclosure_request.commands import AssessFee, Deliver, RequestAmendment, RequestExtension, Resume, Suspend
from services.requests.disclosure_request.commands.extension import ApproveExtension
from services.requests.disclosure_request.events import ReplyDelivered
from services.requests.letter.commands import IssueLetter, RecordLetterDelivery, RecordLetterReturn, SendLetter, WithdrawLetter
from services.requests.letter.decisions import Letter, Letterhead, letter, letter_series_id, letterhead, letterhead_id
from services.requests.letter.events import (
    LetterDelivered,
    LetterIssued,
    LetterMailBegun,
    LetterMailFailed,
    LetterMailQueued,
    LetterMailSettled,
    LetterReturned,
    LetterSent,
    LetterWithdrawn,
)
from services.requests.letter.kinds import KINDS, OPEN, open_kinds
from services.requests.letter.mail_commands import BeginLetterMail, ConcludeLetterMail, MailLetter, SettleLetterMail
from services.requests.letter.wording import Revealed, letter_words
from services.requests.number_series.series import NumberTaken, number_series
from shared.kernel.commands import On
from shared.kernel.identity import derived_id
from shared.letters.content import LetterContent
from tests.specification import AGENCY, DAY, Outcome, Specification, given, person
from tests.unit.requests.cases import (
    GRANTED,
    HEAD,
    LEADER,
    LEADING_GROUP,
    OFFICE,
    WITHHELD,
    approved,
    assigned,
    drafted,
    registered,
    reply,
    standing,
)
from tests.unit.requests.test_third_parties import CONSENT, OVERRIDE, consulted, objection

SYSTEM = person("courier", "system")

WORDS = LetterContent(agency=AGENCY.name, title="t", number="n", addressee="马䶮", paragraphs=("特此告知。",), dated=DAY)


def issue(case: Specification, kind: str = "acknowledgement", sequence: int = 1, last: int = 0, **more: Any) -> Outcome:
    """A letter is issued in this case, when so many of its kind had been."""
    request = standing(case)
    series = number_series.initial(letter_series_id(AGENCY.code, kind, case.day.year))
    fields: dict[str, Any] = {
        "request": request.id, "kind": kind, "sequence": sequence, "words": msgspec.json.encode(WORDS).decode(), "sha256": "ab" * 32,
        "size": 9, "kept_sha256": "cd" * 32, "kept": 61, "file": derived_id("file"), "template": "ef" * 32,
    }  # fmt: skip
    fresh = given(letter, id=derived_id("letter", kind, sequence), day=case.day)
    return fresh.beside(request, msgspec.structs.replace(series, last=last, version=last)).when(
        IssueLetter(**{**fields, **more}), by=OFFICE
    )


def issued(kind: str = "acknowledgement") -> Specification:
    """A letter that was made."""
    return issue(registered(), kind).later()


def said(case: Specification, kind: str, head: Letterhead | None = None, party: int = 0, history: tuple[Any, ...] = ()) -> str:
    """What the letter of this kind says in this case."""
    revealed = Revealed("马䶮", content="采购合同", reply="现将有关信息提供给你。")
    words = letter_words(
        KINDS[kind], standing(case), history, revealed, party, head or letterhead.initial(letterhead_id(AGENCY.code)),
        agency=AGENCY.name, number="n", dated=case.day,
    )  # fmt: skip
    return "\n".join(words.paragraphs)


@pytest.mark.rule("X-06")
def test_a_letter_takes_the_next_number_of_its_kind_and_year() -> None:
    outcome = issue(registered(), sequence=8, last=7)
    (event,) = outcome.events
    assert isinstance(event, LetterIssued)
    assert (event.number, event.sha256, event.unit) == (f"{AGENCY.code}依申请回执〔2025〕8号", "ab" * 32, "")
    assert outcome.decided is not None
    (taken,) = [one for one in outcome.decided.events if isinstance(one, On)]
    assert isinstance(taken.event, NumberTaken)
    assert taken.event.number == 8
    assert outcome.decided.case == standing(registered()).id


@pytest.mark.rule("X-06")
def test_a_number_is_neither_left_out_nor_given_twice() -> None:
    for sequence in (7, 9):
        issue(registered(), sequence=sequence, last=7).refused("letter-number-taken")


def test_the_day_on_a_letter_is_the_day_on_which_it_is_made() -> None:
    issue(registered().on(date(2025, 9, 23))).refused("letter-dated")


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_has_its_condition_and_a_fresh_request_fulfils_none(kind: str) -> None:
    assert kind in OPEN
    fresh = given(letter)
    assert not OPEN[kind][0](standing(Specification(registered().aggregate, registered().aggregate.initial(fresh.state.id))), 0)


def test_a_letter_that_the_case_does_not_call_for_is_not_made() -> None:
    refusal = issue(registered(), "amendment").refused("letter-not-open")
    assert refusal.remedy
    issue(registered(), "acknowledgement", party=1).refused("letter-not-open")
    issue(registered(), "greeting").refused("letter-kind")


@pytest.mark.rule("YS-06.3")
def test_the_amendment_notice_names_every_item_and_until_when() -> None:
    case = assigned().when(RequestAmendment(items=("写明文号", "写明年份")), by=OFFICE).later()
    text = said(case, "amendment")
    assert "1. 写明文号\n2. 写明年份" in text
    waiting = standing(case).waiting_until
    assert waiting is not None
    assert f"{waiting.due.year}年{waiting.due.month}月{waiting.due.day}日前一次性补正" in text
    assert ("amendment", 0, KINDS["amendment"].title) in open_kinds(standing(case))


@pytest.mark.rule("YS-F.3")
@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
def test_the_extension_notice_tells_the_reason_in_writing(book: str) -> None:
    asked = assigned(book=book).when(RequestExtension(working_days=10, reason="涉及多个科室。"), by=OFFICE)
    approver = HEAD if book == "decree-711" else LEADING_GROUP
    case = asked.later().when(ApproveExtension(), by=approver).later()
    text = said(case, "extension", history=tuple(asked.events))
    assert "因涉及多个科室，需要延长答复期限" in text
    assert "延长答复期限10个工作日" in text
    assert ("第三十三条" in text) == (book == "decree-711")


@pytest.mark.rule("YS-08")
def test_the_fee_notice_says_that_the_agency_alone_is_paid_and_tells_no_remedy() -> None:
    outcome = assigned().when(AssessFee(basis="pages", count=72), by=OFFICE)
    text = said(outcome.later(), "fee", history=tuple(outcome.events))
    assert "按量计收，共72页，应收取费用人民币420元" in text
    assert "不委托任何企业、中介代收" in text
    assert "复议" not in text


@pytest.mark.rule("YS-07.3", "X-05")
def test_the_reply_to_who_was_refused_tells_reconsideration_first_with_the_agency_s_own_organ_and_court() -> None:
    head = Letterhead(id=letterhead_id(AGENCY.code), reconsideration_organ="固原市人民政府", court="原州区人民法院")
    refused = said(approved(drafted(command=reply("r3_1_state_secret", WITHHELD))), "reply", head)
    assert "应当自知道之日起六十日内先申请行政复议" in refused
    assert "行政复议机关为固原市人民政府，有管辖权的人民法院为原州区人民法院。" in refused
    assert "依据国令711 第十四条，属于国家秘密，已标明密级，在保密期限内。" in refused
    granted = said(approved(drafted(command=reply("r1_granted", GRANTED))), "reply", head)
    assert "或者在六个月内向人民法院提起行政诉讼" in granted


def test_what_a_citizen_wrote_is_never_filled_again() -> None:
    case = registered()
    words = letter_words(
        KINDS["acknowledgement"], standing(case), (), Revealed("马䶮", content="{case_number} {0}"), 0,
        letterhead.initial(letterhead_id(AGENCY.code)), agency=AGENCY.name, number="n", dated=DAY,
    )  # fmt: skip
    assert "申请内容为：{case_number} {0}。" in words.paragraphs[0]


@pytest.mark.rule("X-06")
def test_its_way_is_on_record_with_evidence() -> None:
    sent = issued().when(SendLetter(way="post", evidence="挂号 1"), by=OFFICE)
    sent.then(LetterSent(way="post", evidence="挂号 1"))
    arrived = sent.later(date(2025, 9, 25)).when(RecordLetterDelivery(evidence="回执签收"), by=OFFICE)
    arrived.then(LetterDelivered(evidence="回执签收"))
    state = cast("Letter", arrived.state)
    assert (state.sent_on, state.delivered_on) == (DAY, date(2025, 9, 25))
    arrived.later().when(SendLetter(way="post", evidence="挂号 2"), by=OFFICE).refused("letter-standing")


@pytest.mark.rule("X-06")
def test_what_came_back_is_sent_again() -> None:
    sent = issued().when(SendLetter(way="post", evidence="挂号 1"), by=OFFICE).later()
    back = sent.when(RecordLetterReturn(reason="查无此人"), by=OFFICE).then(LetterReturned(reason="查无此人")).later()
    back.when(RecordLetterDelivery(evidence="回执"), by=OFFICE).refused("letter-standing")
    back.when(SendLetter(way="pick_up", evidence="电话通知领取"), by=OFFICE).records(LetterSent)


@pytest.mark.rule("X-06")
def test_what_has_gone_out_is_withdrawn_by_a_further_letter_alone() -> None:
    issued().when(WithdrawLetter(reason="误制"), by=OFFICE).then(LetterWithdrawn(reason="误制"))
    sent = issued().when(SendLetter(way="post", evidence="挂号 1"), by=OFFICE).later()
    sent.when(WithdrawLetter(reason="日期有误"), by=OFFICE).refused("letter-replacement-missing")
    further = cast("Letter", issue(registered(), sequence=2, last=1).state)
    sent.when(WithdrawLetter(reason="日期有误", replaced_by=further.id), by=OFFICE).refused("letter-replacement")
    sent.beside(further).when(WithdrawLetter(reason="日期有误", replaced_by=further.id), by=OFFICE).records(LetterWithdrawn)
    sent.when(WithdrawLetter(reason="日期有误", replaced_by=sent.state.id), by=OFFICE).refused("letter-replacement")


@pytest.mark.rule("X-06", "X-03")
def test_a_delivery_names_the_letter_of_exactly_the_approved_reply() -> None:
    case = approved()
    carried = cast("Letter", issue(case, "reply").state)
    deliver = Deliver(way="post", evidence="EMS 1", letter=carried.id)
    (event,) = case.beside(carried).when(deliver, by=OFFICE).events
    assert isinstance(event, ReplyDelivered)
    assert event.letter == carried.id
    assert carried.issued is not None
    other = msgspec.structs.replace(carried, issued=msgspec.structs.replace(carried.issued, draft="00" * 32))
    case.beside(other).when(deliver, by=OFFICE).refused("reply-letter-stale")
    receipt = msgspec.structs.replace(cast("Letter", issued().state), id=carried.id)
    case.beside(receipt).when(deliver, by=OFFICE).refused("not-a-reply-letter")
    case.when(deliver, by=OFFICE).refused("not-a-reply-letter")


@pytest.mark.rule("YS-07.6")
@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
def test_a_third_party_is_asked_by_a_letter_of_its_own_and_only_while_it_is_to_answer(book: str) -> None:
    case = consulted(book)
    request = standing(case)
    (party,) = request.third_parties
    text = said(case, "third_party_consultation", party=1)
    assert "涉及您的商业秘密" in text
    assert f"{party.deadline.due.month}月{party.deadline.due.day}日前书面答复" in text
    assert ("逾期未提出意见" in text) == (book == "decree-711")
    fresh = {"dated": case.day}
    words = msgspec.json.encode(msgspec.structs.replace(WORDS, **fresh)).decode()
    (event,) = issue(case, "third_party_consultation", party=1, words=words).events
    assert isinstance(event, LetterIssued)
    assert (event.person_key, event.party) == (party.person_key, 1)
    assert event.person_key != request.person_key
    issue(case, "third_party_consultation", party=2, words=words).refused("letter-not-open")
    issue(case.when(CONSENT).later(), "third_party_consultation", party=1, words=words).refused("letter-not-open")


@pytest.mark.rule("YS-07.6")
def test_a_third_party_that_was_overruled_is_told_why_and_what_it_can_do() -> None:
    overruled = consulted().when(objection()).later().when(OVERRIDE, by=LEADER)
    text = said(overruled.later(), "third_party_decision", party=1, history=tuple(overruled.events))
    assert "涉及公众饮水安全，不公开将造成重大影响。本机关认为" in text
    assert "如不服本决定" in text
    assert "本答复" not in text


@pytest.mark.rule("YS-F.4b")
def test_suspension_and_resumption_are_each_told_in_writing() -> None:
    suspended = assigned(book="bureau-2019").when(Suspend(reason="洪水冲毁档案库房。"), by=OFFICE)
    case = suspended.later()
    text = said(case, "suspension", history=tuple(suspended.events))
    assert "因洪水冲毁档案库房，根据本局依申请公开制度的规定，自2025年9月22日起中止" in text
    issue(case, "resumption").refused("letter-not-open")
    resumed = case.on(date(2025, 9, 24)).when(Resume(), by=OFFICE).later()
    due = standing(resumed).deadline
    assert due is not None
    text = said(resumed, "resumption", history=tuple(suspended.events))
    assert "曾自2025年9月22日起中止" in text
    assert f"自2025年9月24日起恢复计算，答复期限至2025年{due.due.month}月{due.due.day}日止" in text
    issue(resumed, "suspension").refused("letter-not-open")


def mailed(letter: Specification) -> Specification:
    """A letter that is to go out by mail."""
    return letter.when(MailLetter(to="zhang@example.cn"), by=OFFICE).records(LetterMailQueued).later()


def tried(letter: Specification, outcome: str, *waits: int) -> Outcome:
    """One more attempt, and what came of it."""
    attempt = letter.when(BeginLetterMail(), by=SYSTEM).records(LetterMailBegun).later()
    number = cast("Any", attempt.state).mail.attempt
    told = {"attempt": number, "outcome": outcome, "code": "", "evidence": "邮件编号 1", "waits": waits}
    return attempt.when(ConcludeLetterMail.model_validate(told), by=SYSTEM)


@pytest.mark.rule("X-06")
def test_a_mail_that_was_taken_is_how_the_letter_was_sent() -> None:
    sent = tried(mailed(issued()), "sent").then(LetterSent(way="email", evidence="邮件编号 1")).later()
    assert cast("Letter", sent.state).way == "email"
    sent.when(MailLetter(to="zhang@example.cn"), by=OFFICE).refused("letter-standing")
    sent.when(ConcludeLetterMail(attempt=1, outcome="error"), by=SYSTEM).then()
    assert "zhang" not in repr(sent.state)


@pytest.mark.rule("X-06")
def test_what_the_server_has_not_taken_is_tried_again_and_then_left_to_a_person() -> None:
    failed = tried(mailed(issued()), "unreached", 0, 0).then(LetterMailFailed(attempt=1, outcome="unreached", wait_ms=0)).later()
    failed.when(SendLetter(way="post", evidence="挂号 1"), by=OFFICE).refused("letter-in-mail")
    failed.when(SettleLetterMail(decision="left", reason="改寄"), by=OFFICE).refused("mail-not-stopped")
    second = tried(failed, "error", 0, 0).later()
    last = tried(second, "unreached", 0, 0).then(LetterMailFailed(attempt=3, outcome="unreached", wait_ms=None)).later()
    last.when(BeginLetterMail(), by=SYSTEM).refused("not-due")
    last.when(SettleLetterMail(decision="left", reason="改用邮寄"), by=OFFICE).records(LetterMailSettled).later().when(
        SendLetter(way="post", evidence="挂号 1"), by=OFFICE
    ).records(LetterSent)


@pytest.mark.rule("X-06")
@pytest.mark.parametrize("outcome", ["unanswered", "refused", "unfit"])
def test_nothing_is_sent_twice_where_it_may_have_arrived_and_nothing_where_it_was_refused(outcome: str) -> None:
    stopped = tried(mailed(issued()), outcome, 0, 0).then(LetterMailFailed(attempt=1, outcome=outcome, wait_ms=None)).later()
    stopped.when(BeginLetterMail(), by=SYSTEM).refused("not-due")
    stopped.when(SettleLetterMail(decision="sent", reason="电话核实已收到"), by=OFFICE).then(
        LetterSent(way="email", evidence="电话核实已收到")
    )
    again = stopped.when(SettleLetterMail(decision="again", reason="对方没有收到"), by=OFFICE).later()
    tried(again, "sent").records(LetterSent)


def test_a_letter_that_was_withdrawn_goes_nowhere() -> None:
    gone = mailed(issued()).when(WithdrawLetter(reason="误制"), by=OFFICE).later()
    gone.when(BeginLetterMail(), by=SYSTEM).refused("not-due")
