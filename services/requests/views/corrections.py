"""The list of claims to have a record corrected. Who claims stands in the log alone, sealed."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.requests.record_correction.events import (
    ClaimantNotified,
    ClaimTransferred,
    ClaimWithdrawn,
    CorrectionClaimed,
    CorrectionDecided,
    CorrectionOverdue,
)
from services.requests.record_correction.state import Stage
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class CorrectionRow(ViewRow, frozen=True):
    """A claim in the list. `running`: its due date can still be missed."""

    stage: str
    ground: str
    channel: str
    received_on: date
    due: date
    provisional: bool = False
    running: bool = True
    missed: bool = False


corrections = TableView("requests", "corrections", "1", CorrectionRow, indexes=("agency, running, due",))


@corrections.creates(CorrectionClaimed)
def claimed(id: UUID, event: CorrectionClaimed, meta: Meta) -> CorrectionRow:
    """A new row."""
    return CorrectionRow(
        id=id,
        agency=meta.agency,
        stage=Stage.OPEN,
        ground=event.ground,
        channel=event.channel,
        received_on=meta.effective_on,
        due=event.deadline.due,
        provisional=event.deadline.provisional,
    )


@corrections.evolves(CorrectionDecided, ClaimTransferred)
def decided(row: CorrectionRow, event: CorrectionDecided | ClaimTransferred, _meta: Meta) -> CorrectionRow:
    """It has come to something; the claimant is to be told."""
    return replace(row, stage=event.decision if isinstance(event, CorrectionDecided) else Stage.TRANSFERRED, running=False)


@corrections.evolves(ClaimantNotified, ClaimWithdrawn)
def ended(row: CorrectionRow, event: ClaimantNotified | ClaimWithdrawn, _meta: Meta) -> CorrectionRow:
    """It has come to an end."""
    return replace(row, stage=Stage.NOTIFIED if isinstance(event, ClaimantNotified) else Stage.WITHDRAWN, running=False)


@corrections.evolves(CorrectionOverdue)
def late(row: CorrectionRow, _event: CorrectionOverdue, _meta: Meta) -> CorrectionRow:
    """Late, once: the keeper need not look again."""
    return replace(row, missed=True)
