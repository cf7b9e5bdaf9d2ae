"""The rotas by month and the patrols by day."""

from datetime import date

from msgspec.structs import replace

from services.press.monitoring_rota import events as e
from services.press.monitoring_rota.state import civil_of, patrol_log_id, rota_id
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class RotaRow(ViewRow, frozen=True):
    """A month: since when it is watched, how many sources and shifts. `listed`: the sources' names by code."""

    month: date
    set_on: date
    sources: int = 0
    listed: dict[str, str] = {}
    every_hours: int = 24
    shifts: int = 0


class PatrolRow(ViewRow, frozen=True):
    """A day: how often it was patrolled, which sources, and how much was found."""

    day: date
    patrols: int = 0
    found: int = 0
    sources: tuple[str, ...] = ()


rotas = TableView("press", "rotas", "1", RotaRow, indexes=("agency, month",))
patrols = TableView("press", "patrols", "1", PatrolRow, indexes=("agency, day",))


@rotas.gathers(e.RotaSet)
def rota_set(row: RotaRow | None, event: e.RotaSet, meta: Meta) -> RotaRow:
    """A new month, or another scope."""
    begun = row or RotaRow(id=rota_id(meta.agency, event.month), agency=meta.agency, month=event.month, set_on=meta.effective_on)
    listed = {one.code: one.name for one in event.sources}
    return replace(begun, sources=len(listed), listed=listed, every_hours=event.every_hours)


@rotas.evolves(e.ShiftPlanned)
def planned(row: RotaRow, _event: e.ShiftPlanned, _meta: Meta) -> RotaRow:
    """One more shift."""
    return replace(row, shifts=row.shifts + 1)


@rotas.evolves(e.ShiftWithdrawn)
def withdrawn(row: RotaRow, _event: e.ShiftWithdrawn, _meta: Meta) -> RotaRow:
    """One less."""
    return replace(row, shifts=row.shifts - 1)


@patrols.gathers(e.PatrolLogged)
def patrolled(row: PatrolRow | None, event: e.PatrolLogged, meta: Meta) -> PatrolRow:
    """One more patrol."""
    day = civil_of(event)
    begun = row or PatrolRow(id=patrol_log_id(meta.agency, day), agency=meta.agency, day=day)
    sources = tuple(sorted({*begun.sources, event.source}))
    return replace(begun, patrols=begun.patrols + 1, found=begun.found + event.found, sources=sources)
