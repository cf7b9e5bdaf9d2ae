"""The list of reconsiderations and suits: one row for each, with until when it is answered and what came of it."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.requests.disclosure_request.decisions.remedies import remedy_id
from services.requests.disclosure_request.events import (
    LitigationConcluded,
    LitigationFiled,
    ReconsiderationConcluded,
    ReconsiderationFiled,
    RemedyAnswered,
    RemedyAnswerMissed,
    RemedyResultCorrected,
    RemedyVoided,
)
from shared.kernel.events import Meta, Recorded
from shared.kernel.views import TableView, ViewRow


class RemedyRow(ViewRow, frozen=True):
    """A reconsideration or suit. `running`: its day of answer can still be missed."""

    request: UUID
    number: int
    kind: str
    forum: str
    filed_on: date
    received_on: date
    due: date
    after: int | None = None
    running: bool = True
    missed: bool = False
    answered_on: date | None = None
    result: str | None = None
    decided_on: date | None = None
    voided: bool = False


def remedy_of(recorded: Recorded) -> UUID:
    """The reconsideration or suit that an event is about."""
    return remedy_id(recorded.originator_id, getattr(recorded.event, "number", 0))


remedies = TableView(
    "requests", "remedies", "1", RemedyRow, indexes=("agency, running, due", "request"), key=remedy_of, whole_log=False
)  # all events of a remedy are filed in one case


@remedies.creates(ReconsiderationFiled, LitigationFiled)
def filed(id: UUID, event: ReconsiderationFiled | LitigationFiled, meta: Meta) -> RemedyRow:
    """A new row."""
    sued = isinstance(event, LitigationFiled)
    return RemedyRow(
        id=id,
        agency=meta.agency,
        request=meta.case,
        number=event.number,
        kind="litigation" if sued else "reconsideration",
        forum=event.court if isinstance(event, LitigationFiled) else event.organ,
        filed_on=event.filed_on,
        received_on=event.received_on,
        due=event.answer.due,
        after=event.after if isinstance(event, LitigationFiled) else None,
    )


@remedies.evolves(RemedyAnswered)
def answered(row: RemedyRow, event: RemedyAnswered, _meta: Meta) -> RemedyRow:
    """The agency has said what it has to say."""
    return replace(row, answered_on=event.answered_on, running=False)


@remedies.evolves(RemedyAnswerMissed)
def missed(row: RemedyRow, _event: RemedyAnswerMissed, _meta: Meta) -> RemedyRow:
    """Late, once."""
    return replace(row, missed=True)


@remedies.evolves(ReconsiderationConcluded, LitigationConcluded, RemedyResultCorrected)
def concluded(row: RemedyRow, event: ReconsiderationConcluded | LitigationConcluded | RemedyResultCorrected, _meta: Meta) -> RemedyRow:
    """It has come to a result."""
    return replace(row, result=event.result, decided_on=event.decided_on, running=False)


@remedies.evolves(RemedyVoided)
def voided(row: RemedyRow, _event: RemedyVoided, _meta: Meta) -> RemedyRow:
    """It never was."""
    return replace(row, voided=True, running=False)
