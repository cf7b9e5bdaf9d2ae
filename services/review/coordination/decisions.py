"""The decisions about a coordination: from its state and what is asked to events, or a refusal that says which article and what would help.

What waits for it goes on when every agency has confirmed, or was silent where the rulebook takes silence as consent (Article 34), or was
overruled by the competent agency or the competent department; and when the approval that it needs is there (Article 11).
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from services.review.coordination.events import (
    Confirmed,
    CoordinationConcluded,
    CoordinationOpened,
    CoordinationWithdrawn,
    EscalatedForRuling,
    File,
    LetterClosed,
    LetterSent,
    Objected,
    PanelConvened,
    Participant,
    PublicationAuthorised,
    ReplyOverdue,
    ReplyOverdueWithdrawn,
    ResolvedByCompetence,
    RulingConfirmed,
    RulingIssued,
)
from services.review.coordination.guards import book_of, letters_to_answer
from services.review.coordination.state import Answer, Coordination, Letter, Stage, limit_of, with_letter
from services.review.letter_series.series import LetterNumbersTaken, LetterSeries, letter_number, letter_series, series_id
from shared.kernel.commands import Given, On
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Facts, deadline

C = Coordination
Events = Sequence[Event | On]


class Addressee(NamedTuple):
    """An agency that is asked: its code and name; `outside` is one that is not on this platform."""

    code: str
    name: str
    outside: bool


class Asked(NamedTuple):
    """What is to be confirmed."""

    source: str
    subject: UUID
    round: int
    item: str
    text: str
    files: tuple[File, ...]
    addressees: tuple[Addressee, ...]
    urgent: bool
    co_made: bool
    unit: str
    approval_by: str


def check_addressees(given: Given, addressees: tuple[Addressee, ...]) -> None:
    """Each once, not oneself, and known to the platform unless it answers on paper."""
    for number, one in enumerate(addressees):
        field = f"addressees.{number}.code"
        if one.code == given.agency.code:
            raise Invalid("asks-itself", "协调函不能发给本机关。", fields=[{"field": field, "sentence": "请填写其他机关"}])
        if one.code in [other.code for other in addressees[:number]]:
            raise Invalid("asked-twice", "同一机关只发一份协调函。", fields=[{"field": field, "sentence": "重复"}])
        if one.outside is given.knows_agency(one.code) and given.is_agency is not None:
            told = "该机关在本平台上，由其自行答复" if one.outside else "平台上没有这个机关；不在平台上的请勾选“书面答复”"
            raise Invalid("wrong-addressee", f"{one.name or one.code}：{told}。", fields=[{"field": field, "sentence": told}])


def open_coordination(state: C, given: Given, asked: Asked) -> Events:
    """Opened once, and each agency has its letter the same day: to be answered in the rulebook's working days, or at once where it is urgent."""
    if state.exists:
        return []
    check_addressees(given, asked.addressees)
    limit = limit_of(asked.co_made)
    due = deadline(Facts(start=given.today, limit=limit, days=0 if asked.urgent else None), given.rulebook, given.calendar)
    year = given.today.year
    series = given.others[series_id(given.agency.code, year)]
    assert isinstance(series, LetterSeries)
    letters = [
        LetterSent(
            addressee=one.code,
            name=one.name,
            number=letter_number(given.agency.code, year, series.last + 1 + number),
            item=asked.item,
            text=asked.text,
            hash=letter_hash(asked, one),
            deadline=due,
            files=asked.files,
            urgent=asked.urgent,
            co_made=asked.co_made,
            outside=one.outside,
            coordination=state.id,
        )
        for number, one in enumerate(asked.addressees)
    ]
    opened = CoordinationOpened(
        source=asked.source,
        subject=asked.subject,
        round=asked.round,
        item=asked.item,
        urgent=asked.urgent,
        co_made=asked.co_made,
        files=asked.files,
        unit=asked.unit,
        approval_by=asked.approval_by,
    )
    taken = LetterNumbersTaken(first=series.last + 1, last=series.last + len(letters), coordination=state.id)
    return [opened, *letters, On(letter_series, series.id, taken)]


def letter_hash(asked: Asked, addressee: Addressee) -> str:
    """What an answer may name: the SHA-256 of the letter's content, 64 hex digits."""
    content = [addressee.code, asked.item, asked.text, asked.files, asked.urgent, asked.co_made]
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def letter_answered(state: C, given: Given, addressee: str, document: str, hash: str) -> Letter:
    """The letter that is answered: the actor's own agency's, or one on paper that its clerk names together with the written answer."""
    mine = letters_to_answer(state, given)
    if given.acting_for == state.agency:
        mine = [letter for letter in mine if letter.addressee == addressee]
        if not mine:
            raise Invalid(
                "no-such-letter", "没有发给该机关的书面协调函，请核对机关。", fields=[{"field": "addressee", "sentence": "请核对"}]
            )
        if not document:
            raise Invalid("document-missing", "登记书面答复，须写明来文的文号。", fields=[{"field": "document", "sentence": "必填"}])
    elif addressee not in ("", given.acting_for):
        raise Refused("not-your-letter", "只能答复发给本机关的协调函。")
    letter = mine[0]
    if hash and hash != letter.hash:
        raise Refused("letter-differs", "您所看到的函件内容与发出的不一致，请重新查看后再答复。")
    if given.today < letter.sent_on:
        raise Invalid("answered-before-sent", f"答复日期不能早于发函日期（{letter.sent_on}）。")
    if letter.answer is Answer.CONFIRMED:
        raise Refused("answered-already", "已经确认，不必再次答复。")
    if letter.answer is Answer.CONSENTED and given.today > letter.deadline.due:
        raise Refused(
            "silence-consented",
            f"答复期限（{letter.deadline.due}）已过，依法视为同意公开。",
            article=letter.deadline.article,
            remedy="在期限内已经答复的，请填写“事实发生日期”和补录理由。",
        )
    return letter


def confirm(state: C, given: Given, letter: Letter, remark: str, document: str) -> Events:
    """It agrees, also after an objection or late; when all agree, what waits goes on."""
    made = Confirmed(addressee=letter.addressee, remark=remark, document=document)
    after = with_letter(state, letter.addressee, answer=Answer.CONFIRMED)
    return [made, *in_time_after_all(letter, given), *conclusion(after)]


def object_to(state: C, given: Given, letter: Letter, opinion: str, basis: str, document: str) -> Events:
    """It does not agree, and says on what its opinion rests; what waits goes on waiting."""
    if letter.answer is Answer.OBJECTED:
        raise Refused("answered-already", "已经提出异议；意见改变的，可以办理“确认”。")
    made = Objected(addressee=letter.addressee, opinion=opinion, basis=basis, document=document)
    return [made, *in_time_after_all(letter, given)]


def in_time_after_all(letter: Letter, given: Given) -> list[Event]:
    """A silence on record that was none, because the answer had been given by its day."""
    if letter.overdue is None or given.today > letter.overdue:
        return []
    return [ReplyOverdueWithdrawn(addressee=letter.addressee, due=letter.overdue)]


def miss_answer(state: C, given: Given, addressee: str) -> Events:
    """Once, when the day is over and nothing was answered; what follows, the rulebook says (XT-05b; Article 34)."""
    letter = state.letter(addressee)
    if state.closed or letter is None or letter.answer is not Answer.WAITING or given.today <= letter.deadline.due:
        return []
    consents = state.co_made and book_of(state, given).says("co_maker_silence_consents")
    made = ReplyOverdue(addressee=addressee, due=letter.deadline.due, consents=consents)
    after = with_letter(state, addressee, answer=Answer.CONSENTED if consents else Answer.SILENT)
    return [made, *conclusion(after)]


def record_silence(state: C, given: Given, addressee: str) -> Events:
    """The same by an official; it says why not, where there is nothing to record."""
    made = miss_answer(state, given, addressee)
    if not made:
        raise Invalid("not-silent", "该机关已经答复、期限未满，或者没有发函。", fields=[{"field": "addressee", "sentence": "请核对"}])
    return made


def resolve(state: C, given: Given, competent: str, basis: str) -> Events:
    """The content is this agency's to decide: its opinion holds, whoever disagrees (XT-06.1)."""
    if competent == state.agency:
        name, agreed = given.agency.name, True
    else:
        letter = state.letter(competent)
        if letter is None:
            raise Invalid(
                "not-concerned", "有权机关须是涉及的机关之一。", fields=[{"field": "competent", "sentence": "不在涉及的机关之内"}]
            )
        if letter.answer is Answer.SILENT:
            raise Refused("competent-silent", f"{letter.name}没有答复，没有可依据的意见。", remedy="请报请主管部门协调决定。")
        name, agreed = letter.name, letter.agrees
    made = ResolvedByCompetence(competent=competent, name=name, basis=basis, agreed=agreed)
    return [made, *conclusion(msgspec.structs.replace(state, competence=made))]


def escalate(state: C, given: Given, department: str, name: str, reason: str) -> Events:
    """To the competent department of the same level, which is none of those who disagree (XT-06.2a)."""
    field = [{"field": "department", "sentence": "请核对"}]
    if department == state.agency or state.letter(department) is not None:
        raise Invalid("party-decides", "意见不一的机关不能自己协调决定，请报同级主管部门。", fields=field)
    if department and not given.knows_agency(department):
        raise Invalid("no-such-agency", "平台上没有这个机关；不在平台上的主管部门只填写名称。", fields=field)
    return [EscalatedForRuling(department=department, name=name, reason=reason, item=state.item, coordination=state.id)]


KINDS = {"unit": "涉及单位", "authority": "业务主管部门", "expert": "专家"}
"""Who takes part in a panel."""


def convene(participants: tuple[Participant, ...], minutes: str) -> Events:
    """The units concerned, the business authority and experts, all three (XT-06.2b)."""
    missing = [title for kind, title in KINDS.items() if kind not in [one.kind for one in participants]]
    if missing:
        raise Invalid(
            "panel-incomplete",
            f"参加研究的还缺：{'、'.join(missing)}。",
            fields=[{"field": "participants", "sentence": f"还缺{'、'.join(missing)}"}],
        )
    return [PanelConvened(participants=participants, minutes=minutes)]


def confirm_ruling(state: C, given: Given, document: str) -> Events:
    """In writing, to every unit concerned, the asking one among them; then it holds (XT-06.2c)."""
    asking = RulingConfirmed(addressee=state.agency, name=given.agency.name, document=document)
    told = [RulingConfirmed(addressee=letter.addressee, name=letter.name, document=document) for letter in state.letters]
    return [asking, *told, *conclusion(msgspec.structs.replace(state, ruling_confirmed=True))]


def rule(state: C, publish: bool, document: str, reason: str) -> Events:
    """Whether it may be published."""
    assert state.escalation is not None
    return [RulingIssued(publish=publish, document=document, reason=reason, department=state.escalation.department)]


def authorise(state: C, granted: bool, document: str) -> Events:
    """The approval that the publication needs (Article 11); without it nothing is published, whoever agrees."""
    made = PublicationAuthorised(granted=granted, document=document)
    return [made, *conclusion(msgspec.structs.replace(state, approved=granted, approval=document))]


def withdraw(state: C, reason: str) -> Events:
    """Nobody need answer any more."""
    assert state.subject is not None
    disputed = any(letter.answer in (Answer.OBJECTED, Answer.SILENT) for letter in state.letters)
    made = CoordinationWithdrawn(
        source=state.source, subject=state.subject, round=state.round, reason=reason, disputed=disputed, files=state.files
    )
    return [made, *closed_letters(state, Stage.WITHDRAWN)]


def conclusion(state: C) -> list[Event]:
    """What it has come to, if it has: the last thing missing was an answer, a decision or the approval."""
    refused = state.settled is False or state.approved is False
    if not refused and (not state.settled or (state.approval_by and not state.approved)):
        return []
    assert state.subject is not None
    outcome = Stage.REFUSED if refused else Stage.AGREED
    made = CoordinationConcluded(
        source=state.source,
        subject=state.subject,
        round=state.round,
        agreed=not refused,
        how=how(state),
        files=state.files,
        opinion=opinion(state),
    )
    return [made, *closed_letters(state, outcome)]


def closed_letters(state: C, outcome: Stage) -> list[Event]:
    """Each addressee is told that it has ended, and the department that was to decide."""
    told = [letter.addressee for letter in state.letters]
    if state.escalation is not None and state.escalation.department:
        told.append(state.escalation.department)
    return [LetterClosed(addressee=one, outcome=outcome) for one in told]


def how(state: C) -> str:
    """What has decided it: approval, ruling, competence, silence or confirmed."""
    if state.approved is False:
        return "approval"
    if state.ruling is not None:
        return "ruling"
    if state.competence is not None:
        return "competence"
    return "silence" if any(letter.answer is Answer.CONSENTED for letter in state.letters) else "confirmed"


def opinion(state: C) -> str:
    """The words that it rests on, for whoever waits for it."""
    if state.approved is False:
        return f"{state.approval_by}不予批准：{state.approval}"
    if state.ruling is not None:
        return f"{state.ruling.document}：{state.ruling.reason}"
    if state.competence is not None:
        return f"依{state.competence.name}的权限认定：{state.competence.basis}"
    return ""
