"""Every event of the register of a year. People stand in it as person ids, units as their codes."""

from shared.kernel.events import Event, event

OWNERS = {"decree-711": "国令711 第四条", "bureau-2019": "本局党务政务公开制度（DX-02a）"}
MECHANISM = {"decree-711": "国令711 第四条", "bureau-2019": "本局党务政务公开制度（DX-02b）"}


@event("audit.RegisterOpened", title="建立责任登记", rules=("DX-02a", "DX-02b"), article=OWNERS)
class RegisterOpened(Event, frozen=True):
    """The register of a year, and the units that there are: each of them has to own its items."""

    year: int
    units: tuple[str, ...]


@event("audit.RoleAssigned", title="登记责任人", rules=("DX-02a", "DX-02b"), article=OWNERS)
class RoleAssigned(Event, frozen=True):
    """Who has a duty from now on: a person's id or a unit's code, as the duty has it. `role` is a key of roles.toml."""

    role: str
    holder: str
    reason: str = ""


@event("audit.OwnershipMapped", title="登记科室负责的事项", rules=("DX-02b",), article=MECHANISM)
class OwnershipMapped(Event, frozen=True):
    """What a unit owns from now on, and who of it answers (a person's id)."""

    unit: str
    items: tuple[str, ...]
    head: str


@event("audit.UnitsUpdated", title="更新科室", rules=("DX-02b",), article=MECHANISM)
class UnitsUpdated(Event, frozen=True):
    """The units as they are now: some were opened or closed since."""

    units: tuple[str, ...]


@event("audit.RegisterConfirmed", title="确认责任登记", rules=("DX-02a", "DX-02b"), article=OWNERS)
class RegisterConfirmed(Event, frozen=True):
    """The owners stand by it: all duties are somebody's, every unit owns its items."""
