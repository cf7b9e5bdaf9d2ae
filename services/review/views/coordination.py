"""Coordinations as the asking agency sees them, and letters as their addressees do: each row of a letter is its addressee's, and nobody else's."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.review.coordination.events import (
    Confirmed,
    CoordinationConcluded,
    CoordinationOpened,
    CoordinationWithdrawn,
    EscalatedForRuling,
    LetterClosed,
    LetterSent,
    Objected,
    ReplyOverdue,
    ReplyOverdueWithdrawn,
    ResolvedByCompetence,
    RulingIssued,
)
from services.review.coordination.state import Answer, Stage, letter_id
from shared.kernel.events import Event, Meta, Recorded
from shared.kernel.views import TableView, ViewRow


class CoordinationRow(ViewRow, frozen=True):
    """A coordination in the list; `due` is the last day of its letters, `answers` what each agency has said."""

    stage: str
    source: str
    subject: UUID
    round: int
    item: str
    unit: str = ""
    urgent: bool = False
    due: date | None = None
    answers: dict[str, str] = {}
    names: dict[str, str] = {}
    concluded_on: date | None = None


coordinations = TableView("review", "coordinations", "1", CoordinationRow, indexes=("agency, stage, due", "subject"))

AGREEING = (Answer.CONFIRMED, Answer.CONSENTED)


@coordinations.creates(CoordinationOpened)
def opened(id: UUID, event: CoordinationOpened, meta: Meta) -> CoordinationRow:
    """A new row."""
    return CoordinationRow(
        id=id,
        agency=meta.agency,
        stage=Stage.WAITING,
        source=event.source,
        subject=event.subject,
        round=event.round,
        item=event.item,
        unit=event.unit,
        urgent=event.urgent,
    )


@coordinations.evolves(LetterSent)
def asked(row: CoordinationRow, event: LetterSent, _meta: Meta) -> CoordinationRow:
    """One more agency."""
    names = {**row.names, event.addressee: event.name}
    return replace(row, answers={**row.answers, event.addressee: Answer.WAITING}, names=names, due=event.deadline.due)


@coordinations.evolves(Confirmed, Objected, ReplyOverdue)
def answered(row: CoordinationRow, event: Confirmed | Objected | ReplyOverdue, _meta: Meta) -> CoordinationRow:
    """What an agency has said, or not said."""
    answers = {**row.answers, event.addressee: answer_of(event)}
    waiting = Answer.WAITING in answers.values()
    agreed = all(answer in AGREEING for answer in answers.values())
    return replace(row, answers=answers, stage=Stage.WAITING if waiting else Stage.UNAPPROVED if agreed else Stage.DISPUTED)


def answer_of(event: Confirmed | Objected | ReplyOverdue) -> Answer:
    """What has become of the letter."""
    if isinstance(event, ReplyOverdue):
        return Answer.CONSENTED if event.consents else Answer.SILENT
    return Answer.CONFIRMED if isinstance(event, Confirmed) else Answer.OBJECTED


STAGES: dict[type[Event], Stage] = {
    ResolvedByCompetence: Stage.UNAPPROVED,
    EscalatedForRuling: Stage.ESCALATED,
    RulingIssued: Stage.RULED,
}


@coordinations.evolves(*STAGES)
def moved_on(row: CoordinationRow, event: Event, _meta: Meta) -> CoordinationRow:
    """One stage on."""
    return replace(row, stage=STAGES[type(event)])


@coordinations.evolves(CoordinationConcluded, CoordinationWithdrawn)
def ended(row: CoordinationRow, event: CoordinationConcluded | CoordinationWithdrawn, meta: Meta) -> CoordinationRow:
    """It has come to an end."""
    stage = Stage.WITHDRAWN
    if isinstance(event, CoordinationConcluded):
        stage = Stage.AGREED if event.agreed else Stage.REFUSED
    return replace(row, stage=stage, concluded_on=meta.effective_on)


class LetterRow(ViewRow, frozen=True):
    """A letter in its addressee's list, or what its department is to decide (`ruling`). `agency` is the addressee, `asker` who has asked."""

    coordination: UUID
    asker: str
    addressee: str
    number: str
    item: str
    hash: str = ""
    sent_on: date | None = None
    due: date | None = None
    urgent: bool = False
    ruling: bool = False
    answer: str = Answer.WAITING
    closed: bool = False
    outcome: str | None = None


def letter_of(recorded: Recorded) -> UUID:
    """The letter that an event is about; what a department is to decide goes by the department."""
    addressee = getattr(recorded.event, "addressee", None)
    return letter_id(recorded.originator_id, addressee if addressee is not None else getattr(recorded.event, "department", ""))


letters = TableView(
    "review", "letters", "1", LetterRow, indexes=("agency, closed, due", "asker, due"), key=letter_of, whole_log=False
)  # all events of a letter are filed in one case


@letters.creates(LetterSent)
def letter_sent(id: UUID, event: LetterSent, meta: Meta) -> LetterRow:
    """A new row, the addressee's."""
    return LetterRow(
        id=id,
        agency=event.addressee,
        coordination=coordination_of(event),
        asker=meta.agency,
        addressee=event.addressee,
        number=event.number,
        item=event.item,
        hash=event.hash,
        sent_on=meta.effective_on,
        due=event.deadline.due,
        urgent=event.urgent,
    )


def coordination_of(event: LetterSent | EscalatedForRuling) -> UUID:
    """The coordination that it belongs to."""
    assert event.coordination is not None
    return event.coordination


@letters.creates(EscalatedForRuling)
def ruling_asked(id: UUID, event: EscalatedForRuling, meta: Meta) -> LetterRow:
    """A new row, the department's; nobody's where it is not on this platform."""
    return LetterRow(
        id=id,
        agency=event.department,
        coordination=coordination_of(event),
        asker=meta.agency,
        addressee=event.department,
        number="",
        item=event.item,
        sent_on=meta.effective_on,
        ruling=True,
    )


@letters.evolves(Confirmed, Objected, ReplyOverdue)
def letter_answered(row: LetterRow, event: Confirmed | Objected | ReplyOverdue, _meta: Meta) -> LetterRow:
    """What its agency has said, or not said."""
    return replace(row, answer=answer_of(event))


@letters.evolves(ReplyOverdueWithdrawn)
def in_time(row: LetterRow, _event: ReplyOverdueWithdrawn, _meta: Meta) -> LetterRow:
    """The answer, which was recorded just before, stands."""
    return row


@letters.evolves(RulingIssued)
def ruled(row: LetterRow, _event: RulingIssued, _meta: Meta) -> LetterRow:
    """Decided."""
    return replace(row, answer=Answer.CONFIRMED)


@letters.evolves(LetterClosed)
def letter_closed(row: LetterRow, event: LetterClosed, _meta: Meta) -> LetterRow:
    """It needs no answer any more."""
    return replace(row, closed=True, outcome=event.outcome)
