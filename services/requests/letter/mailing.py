"""A letter that goes out by mail: an attempt counts once, nothing is sent twice without a person's word, and nothing is given up in silence."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from msgspec.structs import replace

from services.requests.letter.decisions import STANDINGS, Letter, Mailing, Standing, letter
from services.requests.letter.events import LetterMailBegun, LetterMailFailed, LetterMailQueued, LetterMailSettled, LetterSent
from shared.kernel.commands import Given
from shared.kernel.errors import Refused
from shared.kernel.events import Event, Meta
from shared.trust.personal import Personal

Events = Sequence[Event]

AGAIN = ("unreached", "error")
"""After these the same message may be tried again: the server has not taken it."""


@letter.evolves(LetterMailQueued)
def queued(state: Letter, event: LetterMailQueued, meta: Meta) -> Letter:
    """At once."""
    return replace(state, mail=Mailing(to=event.to, next_at=meta.recorded_at))


@letter.evolves(LetterMailBegun)
def begun(state: Letter, event: LetterMailBegun, _meta: Meta) -> Letter:
    """It may be on its way."""
    mail = _mail(state)
    return replace(state, mail=replace(mail, stage="begun", attempt=event.attempt, tries=mail.tries + 1, next_at=None))


@letter.evolves(LetterMailFailed)
def failed(state: Letter, event: LetterMailFailed, meta: Meta) -> Letter:
    """Once more after a while, or a person goes on."""
    waits = event.wait_ms is not None
    next_at = meta.recorded_at + timedelta(milliseconds=event.wait_ms) if event.wait_ms is not None else None
    mail = replace(_mail(state), stage="queued" if waits else "stopped", next_at=next_at, outcome=event.outcome, code=event.code)
    return replace(state, mail=mail)


@letter.evolves(LetterMailSettled)
def settled(state: Letter, event: LetterMailSettled, meta: Meta) -> Letter:
    """As a person wants it."""
    again = replace(_mail(state), stage="queued", tries=0, next_at=meta.recorded_at)
    return replace(state, mail=again if event.decision == "again" else None)


def queue(state: Letter, to: str) -> Events:
    """To this mailbox, if it has not left yet and is not on its way."""
    if state.standing not in (Standing.ISSUED, Standing.RETURNED):
        raise Refused("letter-standing", f"文书{STANDINGS[state.standing]}，不能这样办理。")
    if state.mail is not None:
        raise Refused("letter-in-mail", "这份文书已经在以邮件发送。")
    assert state.person_key is not None
    return [LetterMailQueued(to=Personal.plain(to), person_key=state.person_key)]


def begin(state: Letter, given: Given) -> Events:
    """The next attempt, where its time has come."""
    if state.mail is None or state.mail.stage != "queued" or state.mail.next_at is None or given.now < state.mail.next_at:
        raise Refused("not-due", "这份邮件现在不用发送。")
    return [LetterMailBegun(attempt=state.mail.attempt + 1)]


def conclude(state: Letter, attempt: int, outcome: str, code: str, evidence: str, waits: Sequence[int]) -> Events:
    """What came of an attempt; of one that was concluded already, nothing. `waits`: milliseconds before each further attempt."""
    mail = state.mail
    if mail is None or mail.stage != "begun" or mail.attempt != attempt:
        return []
    if outcome == "sent":
        return [LetterSent(way="email", evidence=evidence)]
    again = outcome in AGAIN and mail.tries <= len(waits)
    return [LetterMailFailed(attempt=attempt, outcome=outcome, code=code, wait_ms=waits[mail.tries - 1] if again else None)]


def settle(state: Letter, decision: str, reason: str) -> Events:
    """A person goes on where the platform stopped: it is sent once more, was sent (and how this is known), or goes out in another way."""
    if state.mail is None or state.mail.stage != "stopped":
        raise Refused("mail-not-stopped", "这份文书没有待确定的邮件。")
    if decision == "sent":
        return [LetterSent(way="email", evidence=reason)]
    return [LetterMailSettled(decision=decision, reason=reason)]


def mail_id(id: UUID) -> str:
    """The id of the message, the same in every attempt."""
    return f"letter-{id}"


def _mail(state: Letter) -> Mailing:
    assert state.mail is not None
    return state.mail
