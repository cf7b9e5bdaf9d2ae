"""A letter as it stands, and what may be decided about it: its number follows the last one, its words never change, its way is on record."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.requests.disclosure_request.state import DisclosureRequest
from services.requests.letter.events import (
    LetterDelivered,
    LetterDocxTemplateAdopted,
    LetterheadSet,
    LetterIssued,
    LetterReturned,
    LetterSent,
    LetterTemplateAdopted,
    LetterWithdrawn,
)
from services.requests.letter.kinds import KINDS, Kind, check_open
from services.requests.number_series.series import NumberSeries
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event, Meta
from shared.kernel.identity import derived_id
from shared.letters.template import Template, built_in
from shared.trust.personal import Personal

Events = Sequence[Event]


class Standing(StrEnum):
    """Where a letter stands."""

    ISSUED = "issued"
    SENT = "sent"
    DELIVERED = "delivered"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


STANDINGS: dict[str, str] = {
    Standing.ISSUED: "已制发，待发出",
    Standing.SENT: "已发出，待送达",
    Standing.DELIVERED: "已送达",
    Standing.RETURNED: "被退回",
    Standing.WITHDRAWN: "已撤销",
}


class Mailing(msgspec.Struct, frozen=True):
    """How a letter goes out by mail. `stage`: queued, begun or stopped (a person goes on); `tries`: attempts since it was queued or a person
    wanted it sent once more; `next_at`: the next one's time.
    """

    to: Personal
    stage: str = "queued"
    attempt: int = 0
    tries: int = 0
    next_at: datetime | None = None
    outcome: str = ""
    code: str = ""


class Letter(State, frozen=True):
    """One letter of one request. `issued` is the event that made it, which never changes."""

    never_told: ClassVar[tuple[str, ...]] = ("issued",)

    agency: str = ""
    request: UUID | None = None
    person_key: UUID | None = None
    kind: str = ""
    number: str = ""
    unit: str = ""
    words: Personal | None = None
    issued: LetterIssued | None = None
    standing: Standing = Standing.ISSUED
    issued_on: date | None = None
    sent_on: date | None = None
    delivered_on: date | None = None
    way: str = ""
    replaced_by: UUID | None = None
    mail: Mailing | None = None


class Letterhead(State, frozen=True):
    """What an agency's letters tell beside their matter, and every layout that they have had."""

    contact: str = ""
    reconsideration_organ: str = ""
    court: str = ""
    sources: tuple[str, ...] = ()
    docx: str = ""
    """SHA-256 of the layout of editable copies; '' where it is the platform's own."""

    @property
    def template(self) -> Template:
        """The layout of letters that are made now."""
        return Template(self.sources[-1]) if self.sources else built_in()

    def template_of(self, version: str) -> Template | None:
        """The layout of this version; None if it is at hand no more."""
        return next((one for one in (built_in(), *map(Template, self.sources)) if one.version == version), None)


letter: Aggregate[Letter] = Aggregate("requests.Letter", Letter)
letterhead: Aggregate[Letterhead] = Aggregate("requests.Letterhead", Letterhead)


@letter.evolves(LetterIssued)
def was_issued(state: Letter, event: LetterIssued, meta: Meta) -> Letter:
    """It has its number and its words."""
    return replace(
        state, agency=meta.agency, request=event.request, person_key=event.person_key, kind=event.kind, number=event.number,
        unit=event.unit, words=event.words, issued=event, issued_on=meta.effective_on,
    )  # fmt: skip


@letter.evolves(LetterSent)
def was_sent(state: Letter, event: LetterSent, meta: Meta) -> Letter:
    """On its way."""
    return replace(state, standing=Standing.SENT, way=event.way, sent_on=meta.effective_on, mail=None)


@letter.evolves(LetterDelivered)
def was_delivered(state: Letter, _event: LetterDelivered, meta: Meta) -> Letter:
    """Arrived."""
    return replace(state, standing=Standing.DELIVERED, delivered_on=meta.effective_on)


@letter.evolves(LetterReturned)
def was_returned(state: Letter, _event: LetterReturned, _meta: Meta) -> Letter:
    """Came back."""
    return replace(state, standing=Standing.RETURNED)


@letter.evolves(LetterWithdrawn)
def was_withdrawn(state: Letter, event: LetterWithdrawn, _meta: Meta) -> Letter:
    """Holds no more."""
    return replace(state, standing=Standing.WITHDRAWN, replaced_by=event.replaced_by, mail=None)


@letterhead.evolves(LetterheadSet)
def was_set(state: Letterhead, event: LetterheadSet, _meta: Meta) -> Letterhead:
    """Other facts from now on."""
    return replace(state, contact=event.contact, reconsideration_organ=event.reconsideration_organ, court=event.court)


@letterhead.evolves(LetterTemplateAdopted)
def was_adopted(state: Letterhead, event: LetterTemplateAdopted, _meta: Meta) -> Letterhead:
    """One more layout."""
    return replace(state, sources=(*state.sources, event.source))


@letterhead.evolves(LetterDocxTemplateAdopted)
def docx_adopted(state: Letterhead, event: LetterDocxTemplateAdopted, _meta: Meta) -> Letterhead:
    """Another layout of editable copies."""
    return replace(state, docx=event.sha256)


def letterhead_id(agency: str) -> UUID:
    """The letterhead of an agency."""
    return derived_id("requests", "letterhead", agency)


def letter_series_id(agency: str, kind: str, year: int) -> UUID:
    """The number series of an agency's letters of one kind in one year."""
    return derived_id("requests", "letter-series", agency, kind, year)


def letter_number(agency: str, kind: Kind, year: int, number: int) -> str:
    """How a letter's number is written, after that of its request: guyuan-spj依申请补正〔2025〕3号."""
    return f"{agency}依申请{kind.series}〔{year}〕{number}号"


def check_issue(request: DisclosureRequest, series: NumberSeries, given: Given, key: str, party: int, number: int, dated: date) -> Kind:
    """The kind of a letter that may be made now with this number and day; raises `Invalid`, `NotFound` or `Refused`."""
    if not request.exists:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    kind = check_open(key, request, party)
    if dated != given.today:
        raise Invalid("letter-dated", f"文书的落款日期应为制发当日（{given.today}）。")
    if number != series.last + 1:
        raise Refused("letter-number-taken", "这个文号刚被另一份文书使用，请重新制发。")
    return kind


def send(state: Letter, way: str, evidence: str) -> Events:
    """Sends it, or sends it again after it came back."""
    _standing(state, Standing.ISSUED, Standing.RETURNED)
    if state.mail is not None and state.mail.stage != "stopped":
        raise Refused("letter-in-mail", "这份文书正在以邮件发送，请等待结果。")
    return [LetterSent(way=way, evidence=evidence)]


def deliver(state: Letter, evidence: str) -> Events:
    """It has arrived; what is handed over in the house need not be sent first."""
    _standing(state, Standing.ISSUED, Standing.SENT)
    return [LetterDelivered(evidence=evidence)]


def come_back(state: Letter, reason: str) -> Events:
    """It could not be delivered."""
    _standing(state, Standing.SENT)
    return [LetterReturned(reason=reason)]


def withdraw(state: Letter, reason: str, further: Letter | None, replaced_by: UUID | None) -> Events:
    """Takes it back; one that has reached a person is taken back only by a further letter of the same kind, which says so."""
    if state.standing is Standing.WITHDRAWN:
        raise Refused("letter-withdrawn", "这份文书已经撤销。")
    if replaced_by is None and state.standing in (Standing.SENT, Standing.DELIVERED):
        raise Refused(
            "letter-replacement-missing",
            "已经发出的文书，须由另一份文书撤销并告知当事人。",
            remedy="请先制发新的文书，再在此填写它的标识。",
        )
    if replaced_by is not None and (
        further is None or further.id == state.id or further.request != state.request or further.kind != state.kind
        or further.standing is Standing.WITHDRAWN
    ):  # fmt: skip
        raise Invalid(
            "letter-replacement", "替代的文书应为同一申请的同种有效文书。", fields=[{"field": "replaced_by", "sentence": "请核对"}]
        )
    return [LetterWithdrawn(reason=reason, replaced_by=replaced_by)]


def check_reply_letter(state: State | None, request: DisclosureRequest) -> None:
    """Refuses a letter that is not the reply letter of exactly the draft that was approved."""
    if not isinstance(state, Letter) or state.issued is None or state.request != request.id or state.kind != "reply":
        raise Invalid("not-a-reply-letter", "这不是该申请的答复书，请核对。", fields=[{"field": "letter", "sentence": "请核对"}])
    if state.standing is Standing.WITHDRAWN or request.draft is None or state.issued.draft != request.draft.hash:
        raise Refused("reply-letter-stale", "答复书已撤销，或者与批准的答复不一致。", remedy="请按批准的答复重新制发答复书。")


def title_of(state: Letter) -> str:
    """What it is called."""
    return KINDS[state.kind].title


def _standing(state: Letter, *wanted: Standing) -> None:
    if state.standing not in wanted:
        raise Refused("letter-standing", f"文书{STANDINGS[state.standing]}，不能这样办理。")
