"""What outside agencies hear of coordination over NATS, and what they can ask and answer there: the same as by page and by API (XT-05a, XT-05b)."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.review.coordination.commands import ConfirmLetter, ObjectToLetter
from services.review.coordination.events import EscalatedForRuling, LetterClosed, LetterSent, ReplyOverdue, RulingConfirmed
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


class Listing(BaseModel):
    """A page of the letters, those that wait first."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    open: bool = Field(default=True, title="只列待答复的")
    page: int = Field(default=1, ge=1, le=1000, title="第几页")


class OfMatter(msgspec.Struct, frozen=True, kw_only=True, rename={"asker": "from"}):
    """What every message names: the letter, its coordination, who asks (its code), and the civil date of what happened."""

    letter: UUID
    coordination: UUID
    asker: str
    on: date


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


KINDS: dict[str, type[OfMatter]] = {
    "letter": LetterTold,
    "closed": ClosedTold,
    "overdue": OverdueTold,
    "ruling-wanted": RulingWantedTold,
    "ruling": RulingTold,
}
"""The kinds of messages, and what stands in each; never the text of a letter."""

VERBS: dict[str, type[BaseModel]] = {
    "letters.list": Listing,
    "letters.get": OfLetter,
    "letters.clock": OfLetter,
    "letters.confirm": Confirming,
    "letters.object": Objecting,
}
"""What an agency can ask, by the end of the subject."""


def tells() -> Tells:
    """What each event tells, and to whom."""

    def matter(recorded: Recorded, addressee: str) -> dict[str, Any]:
        id = recorded.originator_id
        return {"letter": letter_id(id, addressee), "coordination": id, "asker": recorded.meta.agency, "on": recorded.meta.effective_on}

    def sent(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, LetterSent)
        if event.outside:
            return []
        of = matter(recorded, event.addressee)
        content = LetterTold(**of, number=event.number, hash=event.hash, due=event.deadline.due, urgent=event.urgent)
        return [Told(event.addressee, "letter", content)]

    def closed(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, LetterClosed)
        return [Told(event.addressee, "closed", ClosedTold(**matter(recorded, event.addressee), outcome=event.outcome))]

    def overdue(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, ReplyOverdue)
        content = OverdueTold(**matter(recorded, event.addressee), due=event.due, consents=event.consents)
        return [Told(event.addressee, "overdue", content)]

    def escalated(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, EscalatedForRuling)
        content = RulingWantedTold(**matter(recorded, event.department))
        return [Told(event.department, "ruling-wanted", content)] if event.department else []

    def ruled(recorded: Recorded) -> list[Told]:
        event = recorded.event
        assert isinstance(event, RulingConfirmed)
        return [Told(event.addressee, "ruling", RulingTold(**matter(recorded, event.addressee), document=event.document))]

    return {LetterSent: sent, LetterClosed: closed, ReplyOverdue: overdue, EscalatedForRuling: escalated, RulingConfirmed: ruled}


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

    async def answered(code: str, said: Confirming | Objecting, command: Command, content: dict[str, Any]) -> dict[str, Any]:
        state, asker = await letter_state(running, code, said.letter)
        body = repr(sorted(content.items())).encode()
        actor = Actor(f"agency:{code}", (ROLE,), agency=code)
        receipt = await running.execute(command, state.id, actor, asker, idempotency_key=said.id, body=body)
        return {"position": f"review:{receipt.position}", "repeated": receipt.repeated}

    return dict(zip(VERBS, (listed, shown, clock, confirm, object_to), strict=True))


M = TypeVar("M", bound=BaseModel)


def read(model: type[M], content: dict[str, Any]) -> M:
    """The content as the model wants it; raises `Invalid` that names what is wrong."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problem: Invalid = invalid(error)
        raise problem from None


def feed(running: Running) -> Callable[[], Awaitable[None]]:
    """The duty that tells the agencies."""
    return Feed(running, tells()).run


def intake(running: Running) -> Callable[[], Awaitable[None]]:
    """The duty that answers them."""
    return Intake(running, verbs(running)).run
