"""The list of complaints. Who complains, and its words, stand in the log alone, sealed."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.complaint.decisions import Stage
from services.audit.complaint.events import (
    ComplainantTold,
    ComplaintAccepted,
    ComplaintConcluded,
    ComplaintDeclined,
    ComplaintLinked,
    ComplaintOverdue,
    ComplaintReceived,
    ComplaintReferred,
    ComplaintReopened,
    ComplaintTriaged,
)
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class ComplaintRow(ViewRow, frozen=True):
    """A complaint in the list. `running`: its due date can still be missed; `reachable`: somebody waits to be told; `about_case`: what it concerns."""

    stage: str
    kind: str
    channel: str
    tracking_number: str
    received_on: date
    due: date
    anonymous: bool
    reachable: bool
    about_unit: str = ""
    about_case: UUID | None = None
    severity: str = ""
    finding: str = ""
    referred: UUID | None = None
    running: bool = True
    misses: int = 0


complaints = TableView("audit", "complaints", "1", ComplaintRow, indexes=("agency, running, due", "tracking_number"))


@complaints.creates(ComplaintReceived)
def received(id: UUID, event: ComplaintReceived, meta: Meta) -> ComplaintRow:
    """A new row."""
    return ComplaintRow(
        id=id, agency=meta.agency, stage=Stage.RECEIVED, kind=event.kind, channel=event.channel, tracking_number=event.tracking_number,
        received_on=meta.effective_on, due=event.deadline.due, anonymous=event.anonymous,
        reachable=event.contact is not None or bool(event.password_hash), about_unit=event.about_unit, about_case=event.case,
    )  # fmt: skip


@complaints.evolves(ComplaintAccepted)
def accepted(row: ComplaintRow, event: ComplaintAccepted, _meta: Meta) -> ComplaintRow:
    """Another day counts."""
    return replace(row, stage=Stage.ACCEPTED, due=event.deadline.due, running=True)


@complaints.evolves(ComplaintDeclined)
def declined(row: ComplaintRow, _event: ComplaintDeclined, _meta: Meta) -> ComplaintRow:
    """Not here."""
    return replace(row, stage=Stage.DECLINED if row.reachable else Stage.CLOSED, running=False)


@complaints.evolves(ComplaintTriaged)
def triaged(row: ComplaintRow, event: ComplaintTriaged, _meta: Meta) -> ComplaintRow:
    """Weighed."""
    return replace(row, stage=Stage.TRIAGED, severity=event.severity, about_unit=event.about_unit)


@complaints.evolves(ComplaintLinked)
def linked(row: ComplaintRow, event: ComplaintLinked, _meta: Meta) -> ComplaintRow:
    """What it concerns."""
    return replace(row, about_case=event.case)


@complaints.evolves(ComplaintConcluded)
def concluded(row: ComplaintRow, event: ComplaintConcluded, _meta: Meta) -> ComplaintRow:
    """It has come to something."""
    return replace(row, stage=Stage.CONCLUDED if row.reachable else Stage.CLOSED, finding=event.finding, running=False)


@complaints.evolves(ComplaintReferred)
def referred(row: ComplaintRow, event: ComplaintReferred, _meta: Meta) -> ComplaintRow:
    """There is a case."""
    return replace(row, referred=event.case)


@complaints.evolves(ComplainantTold)
def told(row: ComplaintRow, _event: ComplainantTold, _meta: Meta) -> ComplaintRow:
    """The end."""
    return replace(row, stage=Stage.CLOSED)


@complaints.evolves(ComplaintReopened)
def reopened(row: ComplaintRow, event: ComplaintReopened, _meta: Meta) -> ComplaintRow:
    """Once more."""
    stage = Stage.TRIAGED if row.severity else Stage.ACCEPTED
    return replace(row, stage=stage, due=event.deadline.due, running=True, finding="")


@complaints.evolves(ComplaintOverdue)
def late(row: ComplaintRow, event: ComplaintOverdue, _meta: Meta) -> ComplaintRow:
    """Late; a day that came with its acceptance still runs."""
    return replace(row, misses=row.misses + 1, running=row.due != event.due)
