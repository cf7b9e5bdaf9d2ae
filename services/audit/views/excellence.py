"""Who is out of a year's choice of the best (ZR-06.4): one row a case; appraisal reads it."""

from uuid import UUID

from msgspec.structs import replace

from services.audit.accountability_case import events as e
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class ExcellenceRow(ViewRow, frozen=True):
    """A revocation; its id is the case's. `revoked`: it still holds for somebody."""

    unit: str
    year: int
    persons: tuple[str, ...]
    revoked: bool = True


excellence = TableView("audit", "excellence", "1", ExcellenceRow, indexes=("agency, year",))


@excellence.creates(e.ExcellenceRevoked)
def revoked(id: UUID, event: e.ExcellenceRevoked, meta: Meta) -> ExcellenceRow:
    """A new row."""
    return ExcellenceRow(id=id, agency=meta.agency, unit=event.unit, year=event.year, persons=event.persons)


@excellence.evolves(e.ExcellenceRestored)
def restored(row: ExcellenceRow, event: e.ExcellenceRestored, _meta: Meta) -> ExcellenceRow:
    """Not for these any more."""
    left = tuple(one for one in row.persons if one not in event.persons)
    return replace(row, persons=left, revoked=bool(left))
