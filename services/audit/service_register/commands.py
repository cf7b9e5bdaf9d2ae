"""The commands of the register of a year."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, PrivateAttr

from services.audit.service_register import decisions, events
from services.audit.service_register.state import ServiceRegister, service_register
from shared.kernel.commands import AgencyFacts, Command, Decision, Given, command, handles
from shared.kernel.identity import derived_id

R = ServiceRegister
OWNERS = "国令711 第四条"
Line = Annotated[str, Field(min_length=2, max_length=100)]


def register_id(agency: str, year: int) -> UUID:
    """The register of an agency and year."""
    return derived_id("service-register", agency, year)


class OfUnits(Command):
    """A command that is given the units which the agency has now."""

    _units: tuple[str, ...] = PrivateAttr(default=())

    @property
    def units_now(self) -> tuple[str, ...]:
        """The codes of the agency's open units."""
        return self._units

    def among(self, units: tuple[str, ...]) -> Self:
        """With the units that there are; no body and no form can name them."""
        made = self.model_copy()
        made._units = units
        return made


def of_year(command: "OpenRegister", agency: AgencyFacts, _day: date) -> UUID:
    """Its id."""
    return register_id(agency.code, command.year)


@command(
    of=service_register,
    verb="open",
    title="建立年度责任登记",
    capability="audit.keep_register",
    creates=True,
    identity=of_year,
    rules=("DX-02a",),
    article=OWNERS,
    events=(events.RegisterOpened,),
)
class OpenRegister(OfUnits):
    """每年登记党组、局长、监察室的责任和各科室负责的事项，由党组或者主要负责人确认。"""

    year: int = Field(title="年份", ge=2019, le=2100)


@handles(OpenRegister)
def open_register(command: OpenRegister, state: R, given: Given) -> Decision:
    """With the units that there are."""
    return decisions.open_register(state, given, command.year, command.units_now)


@command(
    of=service_register,
    verb="assign-role",
    title="登记责任人",
    capability="audit.keep_register",
    rules=("DX-02a", "DX-02b"),
    article=OWNERS,
    events=(events.RoleAssigned,),
)
class AssignRole(Command):
    """党组、局长负责制；监察室组织协调。"""

    role: Literal["party_group", "director", "coordinating_office", "disclosure_office"] = Field(title="责任")
    person: str = Field(default="", title="责任人", max_length=40, description="由个人承担的责任填写")
    unit: str = Field(default="", title="科室", max_length=40, description="由科室承担的责任填写")
    reason: str = Field(default="", title="更换理由", max_length=500, description="更换时填写")


@handles(AssignRole)
def assign_role(command: AssignRole, state: R, given: Given) -> Decision:
    """To who has it from now on."""
    return decisions.assign_role(state, given, command.role, command.person, command.unit, command.reason)


@command(
    of=service_register,
    verb="map-ownership",
    title="登记科室负责的事项",
    capability="audit.keep_register",
    rules=("DX-02b",),
    article=OWNERS,
    events=(events.OwnershipMapped, events.UnitsUpdated),
)
class MapOwnership(Command):
    """科室各负其责：科室负责哪些公开事项，谁负责。"""

    unit: str = Field(title="科室", min_length=1, max_length=40)
    items: tuple[Line, ...] = Field(title="负责的事项", min_length=1, max_length=100)
    head: str = Field(title="科室责任人", min_length=1, max_length=40)


@handles(MapOwnership)
def map_ownership(command: MapOwnership, state: R, given: Given) -> Decision:
    """What it owns from now on."""
    return decisions.map_ownership(state, given, command.unit, command.items, command.head)


@command(
    of=service_register,
    verb="confirm",
    title="确认责任登记",
    capability="audit.confirm_register",
    rules=("DX-02a", "DX-02b"),
    article=OWNERS,
    opens=decisions.unconfirmed,
    events=(events.RegisterConfirmed, events.UnitsUpdated),
)
class ConfirmRegister(OfUnits):
    """责任主体每年确认；登记变动以后须再次确认。"""


@handles(ConfirmRegister)
def confirm(command: ConfirmRegister, state: R, _given: Given) -> Decision:
    """When nothing is missing."""
    return decisions.confirm(state, command.units_now)
