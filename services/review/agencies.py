"""What outside agencies hear of coordination over NATS, and what they can ask and answer there: the same as by page and by API (XT-05a, XT-05b)."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.review.coordination.commands import (
    ConfirmLetter,
    ConfirmRuling,
    ConvenePanel,
    IssueRuling,
    ObjectToLetter,
    ParticipantIn,
)
from services.review.coordination.events import (
    Confirmed,
    CoordinationConcluded,
    EscalatedForRuling,
    LetterClosed,
    LetterSent,
    Objected,
    ReplyOverdue,
    ReplyOverdueWithdrawn,
    RulingConfirmed,
)
from services.review.coordination.state import letter_id
from services.review.coordination_api import explained, letter_content, letter_state, list_letters
from shared.kernel.commands import Command
from shared.kernel.errors import Invalid
from shared.kernel.events import Actor, Recorded
from shared.kernel.routes import invalid
from shared.kernel.running import Running
from shared.messaging.agencies.feed import Feed, Tells, Told
from shared.messaging.agencies.intake import Asked, Intake

ROLE = "agency_system"
"""In which role an agency's own system acts."""


class OfLetter(BaseModel):
    """Which letter."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    letter: UUID = Field(title="函的编号")


class Confirming(OfLetter):
    """The agency confirms. `hash`: of the letter that it has seen. `id`: the answer's own, by which a repetition is known."""

    id: str = Field(title="答复自己的编号", min_length=8, max_length=100)
    hash: str = Field(title="函件内容（SHA-256）", pattern="^[0-9a-f]{64}$")
    remark: str = Field(default="", title="说明", max_length=2000)


class Objecting(OfLetter):
    """The agency objects, with its basis."""

    id: str = Field(title="答复自己的编号", min_length=8, max_length=100)
    hash: str = Field(title="函件内容（SHA-256）", pattern="^[0-9a-f]{64}$")
    opinion: str = Field(title="意见", min_length=2, max_length=2000)
    basis: str = Field(title="依据", min_length=2, max_length=200)


class Convening(OfLetter):
    """The competent department has had it studied: by whom, and what they found. `letter`: as `ruling-wanted` names it."""

    id: str = Field(title="自己的编号", min_length=8, max_length=100)
    participants: tuple[ParticipantIn, ...] = Field(title="参加研究的", min_length=1, max_length=50)
    minutes: str = Field(title="研究意见", min_length=2, max_length=2000)


class Ruling(OfLetter):
    """The competent department decides whether it may be published."""

    id: str = Field(title="自己的编号", min_length=8, max_length=100)
    publish: bool = Field(title="可以发布")
    document: str = Field(title="决定文号", min_length=2, max_length=200)
    reason: str = Field(title="理由", min_length=2, max_length=2000)


class ConfirmingRuling(OfLetter):
    """The competent department confirms its decision in writing to everyone concerned."""

    id: str = Field(title="自己的编号", min_length=8, max_length=100)
    document: str = Field(title="书面回复的文号", min_length=2, max_length=200)


Answering = Confirming | Objecting | Convening | Ruling | ConfirmingRuling
"""What has an id of its own, by which a repetition is known."""


class Listing(BaseModel):
    """A page of the letters, those that wait first."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    open: bool = Field(default=True, title="只列待答复的")
    page: int = Field(default=1, ge=1, le=1000, title="第几页")


class OfCoordination(msgspec.Struct, frozen=True, kw_only=True, rename={"asker": "from"}):
    """What every message names: the coordination, who asks (its code), and the civil date of what happened."""

    coordination: UUID
    asker: str
    on: date


class OfMatter(OfCoordination, frozen=True, kw_only=True):
    """What a message to who was asked names besides: its letter."""

    letter: UUID


class LetterTold(OfMatter, frozen=True, kw_only=True):
    """A letter to this agency: its number, the hash of its content (SHA-256), and the day by which it is to be answered."""

    number: str
    hash: str
    due: date
    urgent: bool


class ClosedTold(OfMatter, frozen=True, kw_only=True):
    """The letter needs no answer any more: what the coordination came to."""

    outcome: str


class OverdueTold(OfMatter, frozen=True, kw_only=True):
    """The day of the answer has passed; `consents`: silence counts as consent."""

    due: date
    consents: bool


class RulingWantedTold(OfMatter, frozen=True, kw_only=True):
    """The agencies disagree, and this one is to decide."""


class RulingTold(OfMatter, frozen=True, kw_only=True):
    """What the competent department has decided, by its document number."""

    document: str


class InTimeTold(OfMatter, frozen=True, kw_only=True):
    """The answer had been given in time after all: it does not count as overdue."""

    due: date


class AnsweredTold(OfMatter, frozen=True, kw_only=True):
    """To who has asked: one of the agencies has answered, or not. `answer`: confirmed, objected, silent, or in-time (not silent after all)."""

    addressee: str
    answer: str


class ConcludedTold(OfCoordination, frozen=True, kw_only=True):
    """To who has asked: what it came to. `how`: confirmed, silence, competence, ruling or approval."""

    agreed: bool
    how: str


KINDS: dict[str, type[OfCoordination]] = {
    "letter": LetterTold,
    "closed": ClosedTold,
    "overdue": OverdueTold,
    "in-time": InTimeTold,
    "ruling-wanted": RulingWantedTold,
    "ruling": RulingTold,
    "answered": AnsweredTold,
    "concluded": ConcludedTold,
}
"""The kinds of messages, and what stands in each; never the text of a letter."""

VERBS: dict[str, type[BaseModel]] = {
    "letters.list": Listing,
    "letters.get": OfLetter,
    "letters.clock": OfLetter,
    "letters.confirm": Confirming,
    "letters.object": Objecting,
    "rulings.convene": Convening,
    "rulings.issue": Ruling,
    "rulings.confirm": ConfirmingRuling,
}
"""What an agency can ask, by the end of the subject."""


def tells() -> Tells:
    """What each event tells, and to whom."""

    def of(recorded: Recorded) -> dict[str, Any]:
        return {"coordination": recorded.originator_id, "asker": recorded.meta.agency, "on": recorded.meta.effective_on}

    def matter(recorded: Recorded, addressee: str) -> dict[str, Any]:
        return {"letter": letter_id(recorded.originator_id, addressee), **of(recorded)}

    def asker_told(recorded: Recorded, addressee: str, answer: str) -> Told:
        return Told(recorded.meta.agency, "answered", AnsweredTold(**matter(recorded, addressee), addressee=addressee, answer=answer))

    def sent(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, LetterSent)
        if event.outside:
            return []
        content = LetterTold(
            **matter(recorded, event.addressee), number=event.number, hash=event.hash, due=event.deadline.due, urgent=event.urgent
        )
        return [Told(event.addressee, "letter", content)]

    def closed(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, LetterClosed)
        return [Told(event.addressee, "closed", ClosedTold(**matter(recorded, event.addressee), outcome=event.outcome))]

    def overdue(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, ReplyOverdue)
        content = OverdueTold(**matter(recorded, event.addressee), due=event.due, consents=event.consents)
        return [Told(event.addressee, "overdue", content), asker_told(recorded, event.addressee, "silent")]

    def in_time(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, ReplyOverdueWithdrawn)
        content = InTimeTold(**matter(recorded, event.addressee), due=event.due)
        return [Told(event.addressee, "in-time", content), asker_told(recorded, event.addressee, "in-time")]

    def confirmed(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, Confirmed)
        return [asker_told(recorded, event.addressee, "confirmed")]

    def objected(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, Objected)
        return [asker_told(recorded, event.addressee, "objected")]

    def concluded(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, CoordinationConcluded)
        return [Told(recorded.meta.agency, "concluded", ConcludedTold(**of(recorded), agreed=event.agreed, how=event.how))]

    def escalated(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, EscalatedForRuling)
        content = RulingWantedTold(**matter(recorded, event.department))
        return [Told(event.department, "ruling-wanted", content)] if event.department else []

    def ruled(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, RulingConfirmed)
        return [Told(event.addressee, "ruling", RulingTold(**matter(recorded, event.addressee), document=event.document))]

    return {
        LetterSent: sent,
        LetterClosed: closed,
        ReplyOverdue: overdue,
        ReplyOverdueWithdrawn: in_time,
        Confirmed: confirmed,
        Objected: objected,
        EscalatedForRuling: escalated,
        RulingConfirmed: ruled,
        CoordinationConcluded: concluded,
    }


def verbs(running: Running) -> dict[str, Asked]:
    """What an agency can ask, by the end of the subject."""

    async def listed(code: str, content: dict[str, Any]) -> dict[str, Any]:
        wanted = read(Listing, content)
        return {"letters": await list_letters(running, code, open_only=wanted.open, page=wanted.page), "page": wanted.page}

    async def shown(code: str, content: dict[str, Any]) -> dict[str, Any]:
        state, asker = await letter_state(running, code, read(OfLetter, content).letter)
        return letter_content(running, state, asker, code)

    async def clock(code: str, content: dict[str, Any]) -> dict[str, Any]:
        state, asker = await letter_state(running, code, read(OfLetter, content).letter)
        return explained(running, state, asker, code)

    async def confirm(code: str, content: dict[str, Any]) -> dict[str, Any]:
        said = read(Confirming, content)
        return await answered(code, said, ConfirmLetter(letter_hash=said.hash, remark=said.remark), content)

    async def object_to(code: str, content: dict[str, Any]) -> dict[str, Any]:
        said = read(Objecting, content)
        return await answered(code, said, ObjectToLetter(letter_hash=said.hash, opinion=said.opinion, basis=said.basis), content)

    async def convene(code: str, content: dict[str, Any]) -> dict[str, Any]:
        said = read(Convening, content)
        return await answered(code, said, ConvenePanel(participants=said.participants, minutes=said.minutes), content)

    async def rule(code: str, content: dict[str, Any]) -> dict[str, Any]:
        said = read(Ruling, content)
        return await answered(code, said, IssueRuling(publish=said.publish, document=said.document, reason=said.reason), content)

    async def confirm_ruling(code: str, content: dict[str, Any]) -> dict[str, Any]:
        said = read(ConfirmingRuling, content)
        return await answered(code, said, ConfirmRuling(document=said.document), content)

    async def answered(code: str, said: Answering, command: Command, content: dict[str, Any]) -> dict[str, Any]:
        state, asker = await letter_state(running, code, said.letter)
        body = repr(sorted(content.items())).encode()
        actor = Actor(f"agency:{code}", (ROLE,), agency=code)
        receipt = await running.execute(command, state.id, actor, asker, idempotency_key=said.id, body=body)
        return {"position": f"review:{receipt.position}", "repeated": receipt.repeated}

    return dict(zip(VERBS, (listed, shown, clock, confirm, object_to, convene, rule, confirm_ruling), strict=True))


M = TypeVar("M", bound=BaseModel)


def read(model: type[M], content: dict[str, Any]) -> M:
    """The content as the model wants it; raises `Invalid` that names what is wrong."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problem: Invalid = invalid(error)
        raise problem from None


def feed(running: Running) -> Feed:
    """The duty that tells the agencies."""
    return Feed(running, tells())


def intake(running: Running) -> Intake:
    """The duty that answers them."""
    return Intake(running, verbs(running))
