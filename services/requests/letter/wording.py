"""What a letter says, made from the facts of its case. Facts are filled in as text; nothing in them is read as a place to fill again."""

import string
from collections.abc import Sequence
from datetime import date

import msgspec

from services.requests.disclosure_request.events import (
    ClockSuspended,
    ExtensionRequested,
    FeeAssessed,
    PublicInterestOverrode,
    ReasonsAsked,
    ReasonsWeighed,
)
from services.requests.disclosure_request.state import DisclosureRequest
from services.requests.letter.decisions import Letterhead
from services.requests.letter.kinds import Kind
from shared.kernel.events import Event
from shared.law.outcomes import OUTCOMES, remedy
from shared.letters.content import LetterContent

Fact = str | tuple[str, ...]


class Revealed(msgspec.Struct, frozen=True):
    """The personal parts of a letter as text: to whom it goes, what was asked, and what the reply says."""

    addressee: str
    content: str = ""
    reply: str = ""


def chinese_day(day: date | None) -> str:
    """2025年9月22日; empty for no day."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def letter_words(
    kind: Kind, request: DisclosureRequest, history: Sequence[Event], revealed: Revealed, party: int, head: Letterhead, *,
    agency: str, number: str, dated: date,
) -> LetterContent:  # fmt: skip
    """The letter of this kind, as the case stands. `history` holds the events of the request."""
    facts = facts_of(kind, request, history, revealed, party, head, dated)
    enclosures: tuple[str, ...] = ()
    if "{reply_text}" in kind.paragraphs and request.draft is not None:
        enclosures = tuple(file.name for file in request.draft.files)
    paragraphs = [said for paragraph in kind.paragraphs for said in _filled(paragraph, facts)]
    return LetterContent(
        agency=agency, title=kind.title, number=number, addressee=revealed.addressee, paragraphs=tuple(paragraphs), dated=dated,
        enclosures=enclosures, contact=head.contact,
    )  # fmt: skip


def facts_of(
    kind: Kind, request: DisclosureRequest, history: Sequence[Event], revealed: Revealed, party: int, head: Letterhead, dated: date
) -> dict[str, Fact]:
    """Everything that a paragraph may name, by name; what the case does not have is empty."""
    book = request.rulebook or ""
    due = chinese_day(request.deadline.due) if request.deadline else ""
    facts: dict[str, Fact] = {
        "received_on": chinese_day(request.received_on),
        "content": revealed.content,
        "case_number": request.number,
        "basis": kind.basis.get(book) or next(iter(kind.basis.values())),
        "due": due,
        "due_sentence": f"答复期限至{due}止。" if due else "",
        "waiting_until": chinese_day(request.waiting_until.due) if request.waiting_until else "",
        "items": tuple(f"{number}. {item}" for number, item in enumerate(request.amendment_items, start=1)),
        "extension_days": str(request.extension_days),
        "excess_days": str(request.excess_days),
        "fee": str(request.fee or 0),
    }
    for event in history:
        facts |= _told_by(event, party)
    resumed = [span for span in request.not_counted if span.why == "suspended" and span.end is not None]
    facts["resumed_on"] = chinese_day(resumed[-1].end) if resumed else ""
    if any(one.number == party for one in request.third_parties):
        asked = next(one for one in request.third_parties if one.number == party)
        facts["touches"] = TOUCHES.get(asked.touches, asked.touches)
        facts["party_due"] = chinese_day(asked.deadline.due)
        facts["silence_sentence"] = SILENCE.get(book, "")
        facts["remedy"] = _remedy("other", dated, head).replace("本答复", "本决定")
        facts["party_said"] = SAID.get(asked.stands, "")
        facts["result"] = OUTCOMES[request.draft.outcome].group if request.draft is not None else ""
    if request.draft is not None and request.draft.other_agency:
        facts["other_agency"] = _other_agency(request.draft.other_agency)
    if "{reply_text}" in kind.paragraphs and request.draft is not None:
        facts |= _reply(request, revealed, head, dated)
    return facts


TOUCHES = {"trade_secret": "商业秘密", "privacy": "个人隐私"}
FEES = {"items": "按件计收，共{}件", "pages": "按量计收，共{}页", "cost": "收取检索、复制、邮寄等成本费用"}
SAID = {"consented": "您表示同意公开。", "objected": "您表示不同意公开，并说明了理由。", "silent": "您在规定期限内没有提出意见。"}
SILENCE = {"decree-711": "逾期未提出意见的，由本机关依照《中华人民共和国政府信息公开条例》的规定决定是否公开。"}


def _told_by(event: Event, party: int) -> dict[str, Fact]:
    match event:
        case ExtensionRequested():
            return {"extension_reason": _clause(event.reason)}
        case FeeAssessed():
            return {"fee_basis": FEES[event.basis].format(event.count)}
        case ReasonsAsked():
            return {"excess_found": _clause(event.found)}
        case ReasonsWeighed():
            return {"excess_finding": _clause(event.finding)}
        case ClockSuspended():
            return {"suspension_reason": _clause(event.reason), "suspended_since": chinese_day(event.since)}
        case PublicInterestOverrode() if event.number == party:
            return {"override_reason": _clause(event.reason)}
    return {}


def _reply(request: DisclosureRequest, revealed: Revealed, head: Letterhead, dated: date) -> dict[str, Fact]:
    draft = request.draft
    assert draft is not None
    grounds = []
    for ground in draft.grounds:
        parts = [f"{ground.part}：" if ground.part else "", f"依据{ground.article}" if ground.article else ""]
        why = "，".join(part for part in (_clause(ground.ground), _clause(ground.reason)) if part)
        grounds.append("".join(parts) + (f"，{why}。" if why else "。"))
    return {
        "reply_text": tuple(line for line in revealed.reply.splitlines() if line.strip()),
        "grounds": tuple(grounds),
        "redactions": tuple(f"区分处理：{_clause(one)}。" for one in draft.redactions),
        "other_agency": _other_agency(draft.other_agency) if draft.other_agency else "",
        "remedy": _remedy(OUTCOMES[draft.outcome].remedy, dated, head),
    }


def _other_agency(told: str) -> str:
    return f"负责公开该信息的机关及其联系方式：{_clause(told)}。"


def _remedy(kind: str, dated: date, head: Letterhead) -> str:
    where = ""
    if head.reconsideration_organ:
        where = f"行政复议机关为{head.reconsideration_organ}，有管辖权的人民法院为{head.court}。"
    return remedy(kind, dated).text + where


def _clause(text: str) -> str:
    return text.strip().rstrip("。；，.;,").replace("\n", "，")


def _filled(paragraph: str, facts: dict[str, Fact]) -> list[str]:
    pieces = list(string.Formatter().parse(paragraph))
    if len(pieces) == 1 and not pieces[0][0] and pieces[0][1]:
        alone = facts.get(pieces[0][1], "")
        return [alone] if isinstance(alone, str) and alone else [one for one in alone if one] if isinstance(alone, tuple) else []
    said = "".join(before + (str(facts.get(name, "")) if name else "") for before, name, _form, _conversion in pieces)
    return [said] if said else []
