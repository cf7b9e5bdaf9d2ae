"""A catalogue entry as it stands, and how each event changes it."""

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
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta


class Period(msgspec.Struct, frozen=True):
    """A period or stage that has ended: by when it was to be published, and when and by what it was."""

    name: str
    ended: date
    due: date
    published_on: date | None = None
    publication: UUID | None = None
    missed: bool = False


class CatalogueEntry(State, frozen=True):
    """An entry as it stands. `since`: the day from which periods of its cadence count."""

    name: str = ""
    category: str = ""
    sphere: str = ""
    basis: str = ""
    unit: str = ""
    audience: str = "external"
    cadence: str = "at_once"
    channels: tuple[str, ...] = ()
    since: date | None = None
    retired: bool = False
    periods: tuple[Period, ...] = ()

    def period(self, name: str) -> Period | None:
        """The period of this name, once it has ended."""
        return next((period for period in self.periods if period.name == name), None)


catalogue_entry: Aggregate[CatalogueEntry] = Aggregate("publishing.CatalogueEntry", CatalogueEntry)
evolves = catalogue_entry.evolves
E = CatalogueEntry


def with_period(state: E, name: str, **changes: object) -> E:
    """With this period changed."""
    return replace(state, periods=tuple(replace(one, **changes) if one.name == name else one for one in state.periods))


@evolves(EntryDefined, EntryRevised)
def described(state: E, event: EntryDefined | EntryRevised, meta: Meta) -> E:
    """What the entry is; another cadence counts from the day of the change."""
    since = state.since if state.since and state.cadence == event.cadence else meta.effective_on
    return replace(
        state,
        name=event.name,
        category=event.category,
        sphere=event.sphere,
        basis=event.basis,
        unit=event.unit,
        audience=event.audience,
        cadence=event.cadence,
        channels=event.channels,
        since=since,
    )


@evolves(EntryRetired)
def retired(state: E, _event: EntryRetired, _meta: Meta) -> E:
    """Nothing more comes due."""
    return replace(state, retired=True)


@evolves(PublicationDue)
def due(state: E, event: PublicationDue, _meta: Meta) -> E:
    """One more period."""
    return replace(state, periods=(*state.periods, Period(event.period, event.ended, event.deadline.due)))


@evolves(PeriodPublished)
def published(state: E, event: PeriodPublished, meta: Meta) -> E:
    """Done for this period."""
    return with_period(state, event.period, published_on=meta.effective_on, publication=event.publication)


@evolves(PublicationMissed)
def missed(state: E, event: PublicationMissed, _meta: Meta) -> E:
    """Missed for this period."""
    return with_period(state, event.period, missed=True)


@evolves(PublicationMissWithdrawn)
def miss_withdrawn(state: E, event: PublicationMissWithdrawn, _meta: Meta) -> E:
    """It was in time after all."""
    return with_period(state, event.period, missed=False)
