"""The commands about a person."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from shared.access.agency.commands import Code, agency_id
from shared.access.agency.decisions import Agency, agency
from shared.access.agency.events import SoleRoleFilled, SoleRoleVacated
from shared.access.guards import own
from shared.access.person import decisions
from shared.access.person.decisions import Person, Wanted, person
from shared.access.person.events import GrantGiven, GrantRevoked, PersonEnrolled
from shared.kernel.aggregates import Aggregate
from shared.kernel.clocks import civil_day
from shared.kernel.commands import AgencyFacts, Command, Decision, Given, command, handles
from shared.kernel.identity import derived_id


def with_agency(_command: Command, facts: AgencyFacts, _day: date, _state: Person) -> list[tuple[Aggregate[Any], UUID]]:
    """The agency, whose units a decision asks for."""
    return [(agency, agency_id(facts.code))]


def the_agency(given: Given) -> Agency:
    """The agency that was named in `also`."""
    found = given.others[agency_id(given.agency.code)]
    assert isinstance(found, Agency)
    return found


@command(
    of=person, verb="enrol", title="登记人员", capability="access.enrol_person", creates=True, also=with_agency, events=(PersonEnrolled,)
)
class EnrolPerson(Command):
    """登记一名工作人员。"""

    name: str = Field(title="姓名", min_length=1, max_length=40)
    office: str = Field(title="职务", min_length=1, max_length=60)
    unit: Code | None = Field(default=None, title="科室代码")


@handles(EnrolPerson)
def enrol(command: EnrolPerson, _state: Person, given: Given) -> Decision:
    """Enrols it."""
    return decisions.enrol(the_agency(given), command.name, command.office, command.unit)


def with_principal(command: "GiveGrant", facts: AgencyFacts, day: date, state: Person) -> list[tuple[Aggregate[Any], UUID]]:
    """The agency and, where it is a delegation, the principal."""
    return with_agency(command, facts, day, state) + ([(person, command.principal)] if command.principal else [])


@command(
    of=person,
    verb="give-grant",
    title="授予角色",
    capability="access.give_grant",
    rules=("YS-11", "BM-06b"),
    also=with_principal,
    opens=own,
    events=(GrantGiven, SoleRoleFilled),
)
class GiveGrant(Command):
    """授予一个角色；代理他人时写明被代理人。"""

    role: str = Field(title="角色", max_length=40)
    unit: Code | None = Field(default=None, title="限于科室")
    since: date | None = Field(default=None, title="自")
    until: date | None = Field(default=None, title="至")
    principal: UUID | None = Field(default=None, title="被代理人")


@handles(GiveGrant)
def give(command: GiveGrant, state: Person, given: Given) -> Decision:
    """Gives it, from the real day on if no other is named: who may act is no part of a simulation."""
    principal = given.others[command.principal] if command.principal else None
    assert principal is None or isinstance(principal, Person)
    wanted = Wanted(role=command.role, unit=command.unit, since=command.since, until=command.until, principal=principal)
    id = derived_id("grant", given.command_id)
    return decisions.give(state, given.actor, the_agency(given), id, wanted, civil_day(given.now))


@command(
    of=person,
    verb="revoke-grant",
    title="撤销角色",
    capability="access.revoke_grant",
    also=with_agency,
    opens=own,
    events=(GrantRevoked, SoleRoleVacated),
)
class RevokeGrant(Command):
    """撤销一项授权，立即生效。"""

    grant: UUID = Field(title="授权编号")
    reason: str = Field(title="理由", min_length=2, max_length=200)


@handles(RevokeGrant)
def revoke(command: RevokeGrant, state: Person, given: Given) -> Decision:
    """Revokes it."""
    return decisions.revoke(state, given.actor, the_agency(given), command.grant, command.reason)
