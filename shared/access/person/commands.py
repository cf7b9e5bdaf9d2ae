"""The commands about a person."""

from datetime import date
from uuid import UUID

from pydantic import Field

from shared.access.agency.commands import Code
from shared.access.person import decisions
from shared.access.person.decisions import Person, person
from shared.access.person.events import GrantGiven, GrantRevoked, PersonEnrolled
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.identity import derived_id


@command(of=person, verb="enrol", title="登记人员", capability="access.enrol_person", creates=True, events=(PersonEnrolled,))
class EnrolPerson(Command):
    """登记一名工作人员。"""

    name: str = Field(title="姓名", min_length=1, max_length=40)
    office: str = Field(title="职务", min_length=1, max_length=60)
    unit: Code | None = Field(default=None, title="科室代码")


@handles(EnrolPerson)
def enrol(command: EnrolPerson, _state: Person, _given: Given) -> Decision:
    """Enrols it."""
    return [PersonEnrolled(name=command.name, office=command.office, unit=command.unit)]


@command(of=person, verb="give-grant", title="授予角色", capability="access.give_grant", rules=("YS-11", "BM-06b"), events=(GrantGiven,))
class GiveGrant(Command):
    """授予一个角色；代理他人时写明被代理人。"""

    role: str = Field(title="角色", max_length=40)
    unit: Code | None = Field(default=None, title="限于科室")
    since: date | None = Field(default=None, title="自")
    until: date | None = Field(default=None, title="至")
    principal: UUID | None = Field(default=None, title="被代理人")


@handles(GiveGrant)
def give(command: GiveGrant, state: Person, given: Given) -> Decision:
    """Gives it."""
    return decisions.give(
        state,
        given.actor,
        derived_id("grant", given.command_id),
        command.role,
        given.today,
        unit=command.unit,
        since=command.since,
        until=command.until,
        principal=str(command.principal) if command.principal else None,
    )


@command(of=person, verb="revoke-grant", title="撤销角色", capability="access.revoke_grant", events=(GrantRevoked,))
class RevokeGrant(Command):
    """撤销一项授权，立即生效。"""

    grant: UUID = Field(title="授权编号")
    reason: str = Field(title="理由", min_length=2, max_length=200)


@handles(RevokeGrant)
def revoke(command: RevokeGrant, state: Person, given: Given) -> Decision:
    """Revokes it."""
    return decisions.revoke(state, given.actor, command.grant, command.reason)
