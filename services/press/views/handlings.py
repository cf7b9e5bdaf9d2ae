"""How each item was handled, and when: what daily logs, bulletins and the list of late reports are counted from."""

from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace

from services.press.opinion_item import events as e
from shared.kernel.clocks import civil_day
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class HandlingRow(ViewRow, frozen=True):
    """An item with its moments. `until`: by when an answer is owed; `report_minutes`: from detection to the first report."""

    title: str
    detected_at: datetime
    detected_on: date
    published_at: datetime | None = None
    unit: str = ""
    level: str = ""
    respond: bool = False
    until: datetime | None = None
    answered_on: date | None = None
    late_minutes: int = 0
    misses: int = 0
    reported_on: date | None = None
    report_minutes: int | None = None
    closed_on: date | None = None


handlings = TableView("press", "handlings", "1", HandlingRow, indexes=("agency, detected_on",))


@handlings.creates(e.OpinionDetected)
def detected(id: UUID, event: e.OpinionDetected, meta: Meta) -> HandlingRow:
    """A new row."""
    return HandlingRow(
        id=id, agency=meta.agency, title=event.title, detected_at=event.detected_at, detected_on=civil_day(event.detected_at),
        published_at=event.published_at,
    )  # fmt: skip


@handlings.evolves(e.OwnerAssigned, e.OpinionTransferred)
def owned(row: HandlingRow, event: e.OwnerAssigned | e.OpinionTransferred, _meta: Meta) -> HandlingRow:
    """Who answers for it."""
    return replace(row, unit=event.unit)


@handlings.evolves(e.OpinionAssessed)
def assessed(row: HandlingRow, event: e.OpinionAssessed, _meta: Meta) -> HandlingRow:
    """How high, and until when an answer is owed."""
    return replace(row, level=event.level, respond=event.respond, until=min(event.owed.values(), default=None))


@handlings.evolves(e.ReportedUp)
def reported(row: HandlingRow, event: e.ReportedUp, meta: Meta) -> HandlingRow:
    """The first report counts."""
    return row if row.reported_on else replace(row, reported_on=meta.effective_on, report_minutes=event.minutes)


@handlings.evolves(e.ResponseIssued)
def answered(row: HandlingRow, event: e.ResponseIssued, meta: Meta) -> HandlingRow:
    """The first answer counts."""
    return row if row.answered_on else replace(row, answered_on=meta.effective_on, late_minutes=event.late_minutes)


@handlings.evolves(e.ResponseMissed)
def missed(row: HandlingRow, _event: e.ResponseMissed, _meta: Meta) -> HandlingRow:
    """One more."""
    return replace(row, misses=row.misses + 1)


@handlings.evolves(e.ItemClosed)
def closed(row: HandlingRow, _event: e.ItemClosed, meta: Meta) -> HandlingRow:
    """The end."""
    return replace(row, closed_on=meta.effective_on)
