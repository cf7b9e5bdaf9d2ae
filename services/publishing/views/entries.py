"""The catalogue, and the periods that came due under it."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.publishing.catalogue_entry.events import (
    EntryDefined,
    EntryRetired,
    EntryRevised,
    PeriodPublished,
    PublicationDue,
    PublicationMissed,
    PublicationMissWithdrawn,
)
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class EntryRow(ViewRow, frozen=True):
    """An entry in the list. `due`: the latest period's day; `open`, `missed`: how many periods wait, and how many were missed."""

    name: str
    category: str
    sphere: str
    unit: str
    audience: str
    cadence: str
    retired: bool = False
    period: str = ""
    due: date | None = None
    open: int = 0
    missed: int = 0
    published: int = 0
    publication: UUID | None = None


entries = TableView("publishing", "entries", "1", EntryRow, indexes=("agency, category, name", "agency, due"))


@entries.creates(EntryDefined)
def defined(id: UUID, event: EntryDefined, meta: Meta) -> EntryRow:
    """A new row."""
    return EntryRow(
        id=id,
        agency=meta.agency,
        name=event.name,
        category=event.category,
        sphere=event.sphere,
        unit=event.unit,
        audience=event.audience,
        cadence=event.cadence,
    )


@entries.evolves(EntryRevised)
def revised(row: EntryRow, event: EntryRevised, _meta: Meta) -> EntryRow:
    """As it is from now on."""
    return replace(
        row,
        name=event.name,
        category=event.category,
        sphere=event.sphere,
        unit=event.unit,
        audience=event.audience,
        cadence=event.cadence,
    )


@entries.evolves(EntryRetired)
def retired(row: EntryRow, _event: EntryRetired, _meta: Meta) -> EntryRow:
    """Nothing more comes due."""
    return replace(row, retired=True)


@entries.evolves(PublicationDue)
def due(row: EntryRow, event: PublicationDue, _meta: Meta) -> EntryRow:
    """One more period waits."""
    return replace(row, period=event.period, due=event.deadline.due, open=row.open + 1)


@entries.evolves(PeriodPublished)
def published(row: EntryRow, event: PeriodPublished, _meta: Meta) -> EntryRow:
    """One less waits."""
    return replace(row, open=row.open - 1, published=row.published + 1, publication=event.publication)


@entries.evolves(PublicationMissed, PublicationMissWithdrawn)
def missed(row: EntryRow, event: Event, _meta: Meta) -> EntryRow:
    """One was missed, or was not after all."""
    return replace(row, missed=row.missed + (1 if isinstance(event, PublicationMissed) else -1))
