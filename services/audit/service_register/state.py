"""The register of a year as it stands, and how each event changes it."""

import msgspec
from msgspec.structs import replace

from services.audit.service_register.events import OwnershipMapped, RegisterConfirmed, RegisterOpened, RoleAssigned, UnitsUpdated
from services.audit.service_register.roles import DUTIES
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta


class Owned(msgspec.Struct, frozen=True):
    """What a unit owns, and who of it answers."""

    items: tuple[str, ...]
    head: str


class ServiceRegister(State, frozen=True):
    """The register as it stands. `confirmed`: nothing has changed since it was."""

    year: int = 0
    units: tuple[str, ...] = ()
    roles: dict[str, str] = {}
    owned: dict[str, Owned] = {}
    confirmed: bool = False
    confirmed_by: str = ""

    @property
    def missing_roles(self) -> tuple[str, ...]:
        """Duties that have to be somebody's and are nobody's."""
        return tuple(key for key, duty in DUTIES.items() if duty.required and key not in self.roles)

    @property
    def missing_units(self) -> tuple[str, ...]:
        """Units that own nothing yet."""
        return tuple(unit for unit in self.units if unit not in self.owned)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing_roles and not self.missing_units


service_register: Aggregate[ServiceRegister] = Aggregate("audit.ServiceRegister", ServiceRegister)
evolves = service_register.evolves
R = ServiceRegister


@evolves(RegisterOpened)
def opened(state: R, event: RegisterOpened, _meta: Meta) -> R:
    """A year begins."""
    return replace(state, year=event.year, units=event.units)


@evolves(RoleAssigned)
def role_assigned(state: R, event: RoleAssigned, _meta: Meta) -> R:
    """The latest counts, and has to be confirmed."""
    return replace(state, roles={**state.roles, event.role: event.holder}, confirmed=False)


@evolves(OwnershipMapped)
def mapped(state: R, event: OwnershipMapped, _meta: Meta) -> R:
    """The latest counts, and has to be confirmed."""
    return replace(state, owned={**state.owned, event.unit: Owned(event.items, event.head)}, confirmed=False)


@evolves(UnitsUpdated)
def units_updated(state: R, event: UnitsUpdated, _meta: Meta) -> R:
    """What closed units owned is nobody's."""
    return replace(state, units=event.units, owned={unit: owned for unit, owned in state.owned.items() if unit in event.units})


@evolves(RegisterConfirmed)
def confirmed(state: R, _event: RegisterConfirmed, meta: Meta) -> R:
    """It holds."""
    return replace(state, confirmed=True, confirmed_by=meta.actor.person)
