"""The list of letters: one row a letter, with where it stands. Nothing personal stands in it."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.requests.letter.decisions import Standing
from services.requests.letter.events import LetterDelivered, LetterIssued, LetterReturned, LetterSent, LetterWithdrawn
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


letters = TableView("requests", "letters", "1", LetterRow, indexes=("agency, request",))


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
    return replace(row, standing=Standing.SENT, way=event.way, evidence=event.evidence, sent_on=meta.effective_on)


@letters.evolves(LetterDelivered)
def delivered(row: LetterRow, event: LetterDelivered, meta: Meta) -> LetterRow:
    """Arrived."""
    return replace(row, standing=Standing.DELIVERED, evidence=event.evidence, delivered_on=meta.effective_on)


@letters.evolves(LetterReturned, LetterWithdrawn)
def ended(row: LetterRow, event: LetterReturned | LetterWithdrawn, _meta: Meta) -> LetterRow:
    """Came back, or holds no more."""
    standing = Standing.RETURNED if isinstance(event, LetterReturned) else Standing.WITHDRAWN
    return replace(row, standing=standing, reason=event.reason)
