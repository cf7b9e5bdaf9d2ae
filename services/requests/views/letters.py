"""The list of letters: one row a letter, with where it stands. Nothing personal stands in it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from services.requests.letter.decisions import Standing
from services.requests.letter.events import (
    LetterDelivered,
    LetterIssued,
    LetterMailBegun,
    LetterMailFailed,
    LetterMailQueued,
    LetterMailSettled,
    LetterReturned,
    LetterSent,
    LetterWithdrawn,
)
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class LetterRow(ViewRow, frozen=True):
    """A letter in the list of its request."""

    request: UUID
    kind: str
    number: str
    party: int
    standing: str
    sha256: str
    size: int
    issued_on: date | None = None
    way: str = ""
    evidence: str = ""
    sent_on: date | None = None
    delivered_on: date | None = None
    reason: str = ""
    mail: str = ""
    """How its mail stands: queued, begun or stopped; '' where none is on its way."""
    mail_at: datetime | None = None
    mail_outcome: str = ""
    mail_code: str = ""


letters = TableView("requests", "letters", "2", LetterRow, indexes=("agency, request", "mail, mail_at"))


@letters.creates(LetterIssued)
def issued(id: UUID, event: LetterIssued, meta: Meta) -> LetterRow:
    """A new row."""
    return LetterRow(
        id=id, agency=meta.agency, request=event.request, kind=event.kind, number=event.number, party=event.party,
        standing=Standing.ISSUED, sha256=event.sha256, size=event.size, issued_on=meta.effective_on,
    )  # fmt: skip


@letters.evolves(LetterSent)
def sent(row: LetterRow, event: LetterSent, meta: Meta) -> LetterRow:
    """On its way."""
    return replace(row, standing=Standing.SENT, way=event.way, evidence=event.evidence, sent_on=meta.effective_on, mail="", mail_at=None)


@letters.evolves(LetterDelivered)
def delivered(row: LetterRow, event: LetterDelivered, meta: Meta) -> LetterRow:
    """Arrived."""
    return replace(row, standing=Standing.DELIVERED, evidence=event.evidence, delivered_on=meta.effective_on)


@letters.evolves(LetterReturned, LetterWithdrawn)
def ended(row: LetterRow, event: LetterReturned | LetterWithdrawn, _meta: Meta) -> LetterRow:
    """Came back, or holds no more."""
    standing = Standing.RETURNED if isinstance(event, LetterReturned) else Standing.WITHDRAWN
    return replace(row, standing=standing, reason=event.reason, mail="", mail_at=None)


@letters.evolves(LetterMailQueued)
def queued(row: LetterRow, _event: LetterMailQueued, meta: Meta) -> LetterRow:
    """To go out at once."""
    return replace(row, mail="queued", mail_at=meta.recorded_at, mail_outcome="", mail_code="")


@letters.evolves(LetterMailBegun)
def begun(row: LetterRow, _event: LetterMailBegun, _meta: Meta) -> LetterRow:
    """It may be on its way."""
    return replace(row, mail="begun", mail_at=None)


@letters.evolves(LetterMailFailed)
def failed(row: LetterRow, event: LetterMailFailed, meta: Meta) -> LetterRow:
    """Once more after a while, or a person goes on."""
    told = replace(row, mail_outcome=event.outcome, mail_code=event.code)
    if event.wait_ms is None:
        return replace(told, mail="stopped", mail_at=None)
    return replace(told, mail="queued", mail_at=meta.recorded_at + timedelta(milliseconds=event.wait_ms))


@letters.evolves(LetterMailSettled)
def settled(row: LetterRow, event: LetterMailSettled, meta: Meta) -> LetterRow:
    """As a person wants it."""
    again = event.decision == "again"
    return replace(row, mail="queued" if again else "", mail_at=meta.recorded_at if again else None)
