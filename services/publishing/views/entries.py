"""The catalogue, and the periods that came due under it."""

from datetime import date
from uuid import UUID

import msgspec
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
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class PeriodSeen(msgspec.Struct, frozen=True):
    """A period that has come due, and what became of it."""

    name: str
    ended: date
    due: date
    published_on: date | None = None
    publication: UUID | None = None
    missed: bool = False


class EntryRow(ViewRow, frozen=True):
    """An entry in the list. `since`: the day from which periods of its cadence count. `period`, `due`: the first that waits and is not known as missed, the last one if none does; `open`, `missed`: how many
    periods wait, and how many were missed.
    """

    name: str
    category: str
    sphere: str
    unit: str
    audience: str
    cadence: str
    basis: str = ""
    since: date | None = None
    retired: bool = False
    periods: tuple[PeriodSeen, ...] = ()
    period: str = ""
    due: date | None = None
    open: int = 0
    missed: int = 0
    published: int = 0
    publication: UUID | None = None


entries = TableView("publishing", "entries", "3", EntryRow, indexes=("agency, category, name", "agency, due"))


@entries.creates(EntryDefined)
def defined(id: UUID, event: EntryDefined, meta: Meta) -> EntryRow:
    """A new row."""
    return EntryRow(
        since=meta.effective_on,
        id=id,
        agency=meta.agency,
        name=event.name,
        category=event.category,
        sphere=event.sphere,
        basis=event.basis,
        unit=event.unit,
        audience=event.audience,
        cadence=event.cadence,
    )


@entries.evolves(EntryRevised)
def revised(row: EntryRow, event: EntryRevised, meta: Meta) -> EntryRow:
    """As it is from now on; another cadence counts from the day of the change."""
    return replace(
        row,
        since=row.since if row.cadence == event.cadence else meta.effective_on,
        name=event.name,
        category=event.category,
        sphere=event.sphere,
        basis=event.basis,
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
    return counted(row, (*row.periods, PeriodSeen(event.period, event.ended, event.deadline.due)))


@entries.evolves(PeriodPublished)
def published(row: EntryRow, event: PeriodPublished, meta: Meta) -> EntryRow:
    """One less waits."""
    made = counted(row, with_period(row, event.period, published_on=meta.effective_on, publication=event.publication))
    return replace(made, publication=event.publication)


@entries.evolves(PublicationMissed, PublicationMissWithdrawn)
def missed(row: EntryRow, event: PublicationMissed | PublicationMissWithdrawn, _meta: Meta) -> EntryRow:
    """One was missed, or was not after all."""
    return counted(row, with_period(row, event.period, missed=isinstance(event, PublicationMissed)))


def with_period(row: EntryRow, name: str, **changes: object) -> tuple[PeriodSeen, ...]:
    """The periods, with this one changed."""
    return tuple(replace(one, **changes) if one.name == name else one for one in row.periods)


def counted(row: EntryRow, periods: tuple[PeriodSeen, ...]) -> EntryRow:
    """What the list and the keeper ask of the periods."""
    waiting = [one for one in periods if one.published_on is None]
    first = min((one for one in waiting if not one.missed), key=lambda one: one.due, default=periods[-1])
    return replace(
        row,
        periods=periods,
        period=first.name,
        due=first.due,
        open=len(waiting),
        missed=sum(one.missed for one in periods),
        published=len(periods) - len(waiting),
    )
