"""A coordination as it stands, and how each event changes it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

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
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id
from shared.law.deadlines import Deadline, Facts


class Stage(StrEnum):
    """Where a coordination stands."""

    WAITING = "waiting"
    DISPUTED = "disputed"
    UNAPPROVED = "unapproved"
    ESCALATED = "escalated"
    RULED = "ruled"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


TITLES: dict[Stage, str] = {
    Stage.WAITING: "待有关机关答复",
    Stage.DISPUTED: "意见不一或者逾期未答复",
    Stage.UNAPPROVED: "待批准",
    Stage.ESCALATED: "报请主管部门决定中",
    Stage.RULED: "已决定，待书面确认",
    Stage.AGREED: "协调一致，可以公开",
    Stage.REFUSED: "不予公开",
    Stage.WITHDRAWN: "已撤回",
}

CLOSED = frozenset({Stage.AGREED, Stage.REFUSED, Stage.WITHDRAWN})


class Answer(StrEnum):
    """What has become of a letter."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    OBJECTED = "objected"
    SILENT = "silent"
    CONSENTED = "consented"


ANSWERS: dict[Answer, str] = {
    Answer.WAITING: "待答复",
    Answer.CONFIRMED: "已确认",
    Answer.OBJECTED: "有异议",
    Answer.SILENT: "逾期未答复",
    Answer.CONSENTED: "逾期未答复，视为同意",
}


class Letter(msgspec.Struct, frozen=True):
    """A letter and its answer. `sent_on` and `answered_on` are civil dates; `ruling` is the document that told its agency the decision."""

    addressee: str
    name: str
    number: str
    text: str
    hash: str
    sent_on: date
    deadline: Deadline
    outside: bool = False
    answer: Answer = Answer.WAITING
    answered_on: date | None = None
    opinion: str = ""
    basis: str = ""
    document: str = ""
    overdue: date | None = None
    ruling: str = ""

    @property
    def agrees(self) -> bool:
        """Whether its agency has confirmed, or is taken to have."""
        return self.answer in (Answer.CONFIRMED, Answer.CONSENTED)


class Coordination(State, frozen=True):
    """A coordination as it stands. `settled` tells what the agencies, their competence or the ruling came to; None while that is open."""

    agency: str = ""
    source: str = ""
    subject: UUID | None = None
    round: int = 0
    item: str = ""
    files: tuple[File, ...] = ()
    unit: str = ""
    urgent: bool = False
    co_made: bool = False
    rulebook: str | None = None
    opened_on: date | None = None
    opened_by: tuple[str, ...] = ()
    letters: tuple[Letter, ...] = ()
    approval_by: str = ""
    approved: bool | None = None
    approval: str = ""
    competence: ResolvedByCompetence | None = None
    escalation: EscalatedForRuling | None = None
    panel: tuple[Participant, ...] = ()
    minutes: str = ""
    ruling: RulingIssued | None = None
    ruling_confirmed: bool = False
    outcome: Stage | None = None
    concluded_on: date | None = None

    @property
    def shared_with(self) -> frozenset[str]:
        """The agencies that its letters are addressed to, and the department that decides."""
        parties = {letter.addressee for letter in self.letters if not letter.outside}
        return frozenset(parties | ({self.escalation.department} if self.escalation and self.escalation.department else set()))

    @property
    def settled(self) -> bool | None:
        """Whether it may be published as far as the agencies are concerned; None while that is open."""
        if self.ruling is not None:
            return self.ruling.publish if self.ruling_confirmed else None
        if self.competence is not None:
            return self.competence.agreed
        return True if all(letter.agrees for letter in self.letters) else None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.outcome is not None:
            return self.outcome
        if self.settled is not None:
            return Stage.UNAPPROVED
        if self.escalation is not None:
            return Stage.RULED if self.ruling else Stage.ESCALATED
        return Stage.WAITING if any(letter.answer is Answer.WAITING for letter in self.letters) else Stage.DISPUTED

    @property
    def closed(self) -> bool:
        """Whether it has come to an end."""
        return self.outcome is not None

    def letter(self, addressee: str) -> Letter | None:
        """The letter to this agency."""
        return next((letter for letter in self.letters if letter.addressee == addressee), None)

    def clock(self, letter: Letter) -> Facts:
        """The facts from which the day of a letter's answer follows."""
        return Facts(start=letter.sent_on, limit=limit_of(self.co_made), days=letter.deadline.days)


def limit_of(co_made: bool) -> str:
    """The rulebook's limit for the answer to a letter."""
    return "co_maker_opinion" if co_made else "coordination"


def letter_id(coordination: UUID, addressee: str) -> UUID:
    """The letter of a coordination to this agency."""
    return derived_id("review", "letter", coordination, addressee)


coordination: Aggregate[Coordination] = Aggregate("review.Coordination", Coordination)
evolves = coordination.evolves
C = Coordination


def with_letter(state: C, addressee: str, **changes: object) -> C:
    """With this letter changed."""
    letters = tuple(replace(letter, **changes) if letter.addressee == addressee else letter for letter in state.letters)
    return replace(state, letters=letters)


@evolves(CoordinationOpened)
def opened(state: C, event: CoordinationOpened, meta: Meta) -> C:
    """What is to be confirmed, and what waits for it."""
    return replace(
        state,
        agency=meta.agency,
        source=event.source,
        subject=event.subject,
        round=event.round,
        item=event.item,
        files=event.files,
        unit=event.unit,
        urgent=event.urgent,
        co_made=event.co_made,
        approval_by=event.approval_by,
        rulebook=meta.rulebook,
        opened_on=meta.effective_on,
        opened_by=tuple(sorted(meta.actor.persons)),
    )


@evolves(LetterSent)
def letter_sent(state: C, event: LetterSent, meta: Meta) -> C:
    """One more agency is asked."""
    made = Letter(
        event.addressee, event.name, event.number, event.text, event.hash, meta.effective_on, event.deadline, outside=event.outside
    )
    return replace(state, letters=(*state.letters, made))


@evolves(Confirmed)
def confirmed(state: C, event: Confirmed, meta: Meta) -> C:
    """One agency agrees."""
    return with_letter(
        state,
        event.addressee,
        answer=Answer.CONFIRMED,
        answered_on=meta.effective_on,
        opinion=event.remark,
        basis="",
        document=event.document,
    )


@evolves(Objected)
def objected(state: C, event: Objected, meta: Meta) -> C:
    """One agency does not agree."""
    return with_letter(
        state,
        event.addressee,
        answer=Answer.OBJECTED,
        answered_on=meta.effective_on,
        opinion=event.opinion,
        basis=event.basis,
        document=event.document,
    )


@evolves(ReplyOverdue)
def overdue(state: C, event: ReplyOverdue, _meta: Meta) -> C:
    """One agency is silent."""
    return with_letter(state, event.addressee, answer=Answer.CONSENTED if event.consents else Answer.SILENT, overdue=event.due)


@evolves(ReplyOverdueWithdrawn)
def overdue_withdrawn(state: C, event: ReplyOverdueWithdrawn, _meta: Meta) -> C:
    """It was not silent after all."""
    return with_letter(state, event.addressee, overdue=None)


@evolves(ResolvedByCompetence)
def resolved(state: C, event: ResolvedByCompetence, _meta: Meta) -> C:
    """The competent agency's opinion holds."""
    return replace(state, competence=event)


@evolves(EscalatedForRuling)
def escalated(state: C, event: EscalatedForRuling, _meta: Meta) -> C:
    """The department decides."""
    return replace(state, escalation=event)


@evolves(PanelConvened)
def convened(state: C, event: PanelConvened, _meta: Meta) -> C:
    """It was studied."""
    return replace(state, panel=event.participants, minutes=event.minutes)


@evolves(RulingIssued)
def ruled(state: C, event: RulingIssued, _meta: Meta) -> C:
    """It is decided."""
    return replace(state, ruling=event)


@evolves(RulingConfirmed)
def ruling_confirmed(state: C, event: RulingConfirmed, _meta: Meta) -> C:
    """Told in writing; once all have been told, it holds."""
    told = with_letter(state, event.addressee, ruling=event.document)
    return replace(told, ruling_confirmed=all(letter.ruling for letter in told.letters))


@evolves(PublicationAuthorised)
def authorised(state: C, event: PublicationAuthorised, _meta: Meta) -> C:
    """The approval that it needs."""
    return replace(state, approved=event.granted, approval=event.document)


@evolves(LetterClosed)
def letter_closed(state: C, _event: LetterClosed, _meta: Meta) -> C:
    """Told to its agency; the answer stays as it was."""
    return state


@evolves(CoordinationConcluded)
def concluded(state: C, event: CoordinationConcluded, meta: Meta) -> C:
    """It has come to an end."""
    return replace(state, outcome=Stage.AGREED if event.agreed else Stage.REFUSED, concluded_on=meta.effective_on)


@evolves(CoordinationWithdrawn)
def withdrawn(state: C, _event: CoordinationWithdrawn, meta: Meta) -> C:
    """Given up."""
    return replace(state, outcome=Stage.WITHDRAWN, concluded_on=meta.effective_on)
