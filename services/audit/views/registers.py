"""The registers of the years: what each lacks, and whether it was confirmed."""

from uuid import UUID

from msgspec.structs import replace

from services.audit.service_register import events as e
from services.audit.service_register.state import Owned, ServiceRegister, service_register
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class RegisterRow(ViewRow, frozen=True):
    """A register in the list. `missing`: how many duties and units are nobody's."""

    year: int
    units: tuple[str, ...] = ()
    roles: dict[str, str] = {}
    owned: tuple[str, ...] = ()
    missing: int = 0
    confirmed: bool = False


registers = TableView("audit", "registers", "1", RegisterRow, indexes=("agency, year",))


def counted(row: RegisterRow, state: ServiceRegister) -> RegisterRow:
    """The row of a register."""
    missing = len(state.missing_roles) + len(state.missing_units)
    return replace(row, units=state.units, roles=state.roles, owned=tuple(state.owned), missing=missing, confirmed=state.confirmed)


@registers.creates(e.RegisterOpened)
def opened(id: UUID, event: e.RegisterOpened, meta: Meta) -> RegisterRow:
    """A new row, with everything missing."""
    return counted(
        RegisterRow(id=id, agency=meta.agency, year=event.year), ServiceRegister(id=id, year=event.year, units=event.units)
    )  # fmt: skip


@registers.evolves(*(cls for cls in service_register.events if cls is not e.RegisterOpened))
def changed(row: RegisterRow, event: Event, meta: Meta) -> RegisterRow:
    """As the register itself changes."""
    before = ServiceRegister(
        id=row.id, year=row.year, units=row.units, roles=row.roles, owned={unit: Owned((), "") for unit in row.owned},
        confirmed=row.confirmed,
    )  # fmt: skip
    return counted(row, service_register.apply(before, event, meta))
