"""The state of a person, and which roles it may hold."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from shared.access.agency.decisions import Agency, fill, open_one, vacate
from shared.access.agency.decisions import agency as agencies
from shared.access.person.events import GrantGiven, GrantRevoked, PersonEnrolled
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import On
from shared.kernel.errors import Refused
from shared.kernel.events import Actor, Event, Meta
from shared.law.roles import ROLES, incompatible


class Grant(msgspec.Struct, frozen=True):
    """A role that a person holds."""

    id: UUID
    role: str
    unit: str | None
    since: date
    until: date | None
    principal: str | None

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


class Person(State, frozen=True):
    """An official."""

    agency: str = ""
    name: str = ""
    office: str = ""
    unit: str | None = None
    grants: tuple[Grant, ...] = ()

    def holds_itself(self, role: str, day: date) -> bool:
        """Whether it holds a role in its own right on a day: only that can be delegated."""
        return any(grant.role == role and grant.principal is None and grant.holds(day) for grant in self.grants)


person: Aggregate[Person] = Aggregate("access.Person", Person)


@person.evolves(PersonEnrolled)
def enrolled(state: Person, event: PersonEnrolled, meta: Meta) -> Person:
    """Agency, name and office."""
    return replace(state, agency=meta.agency, name=event.name, office=event.office, unit=event.unit)


@person.evolves(GrantGiven)
def granted(state: Person, event: GrantGiven, _meta: Meta) -> Person:
    """One more role."""
    return replace(state, grants=(*state.grants, Grant(event.grant, event.role, event.unit, event.since, event.until, event.principal)))


@person.evolves(GrantRevoked)
def revoked(state: Person, event: GrantRevoked, _meta: Meta) -> Person:
    """One role less."""
    return replace(state, grants=tuple(grant for grant in state.grants if grant.id != event.grant))


def enrol(agency: Agency, name: str, office: str, unit: str | None) -> Sequence[Event]:
    """An official, of a unit that is open."""
    open_one(agency, unit)
    return [PersonEnrolled(name=name, office=office, unit=unit)]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A grant that is asked for. Without `since` it begins today; without `until` it lasts; `principal` is whom it stands in for."""

    role: str
    unit: str | None = None
    since: date | None = None
    until: date | None = None
    principal: Person | None = None


def give(state: Person, by: Actor, agency: Agency, grant: UUID, wanted: Wanted, today: date) -> Sequence[Event | On]:
    """A role that exists, in a unit that is open, not to oneself, never two of the three administrators in one person, and a role that one
    person alone holds never to two (who stands in for its holder does not count).
    """
    role, unit = wanted.role, wanted.unit
    if role not in ROLES or role in ("public", "system"):
        raise Refused("no-such-role", f"没有角色 {role}，或该角色不能授予工作人员。")
    if str(state.id) in by.persons:
        raise Refused("grant-to-oneself", "不能给自己授权，请由另一位安全管理员办理。")
    open_one(agency, unit)
    start = wanted.since or today
    if wanted.until is not None and wanted.until < start:
        raise Refused("grant-ends-before-it-begins", "授权的截止日期早于开始日期，请更正。")
    principal = delegated(state, wanted.principal, role, start) if wanted.principal is not None else None
    held = {held.role for held in state.grants if held.until is None or held.until >= today}
    clash = incompatible({*held, role})
    if clash:
        raise Refused("incompatible-roles", "这些角色不能由同一人担任：" + "、".join(sorted(ROLES[name].title for name in clash)) + "。")
    if any(held.role == role and held.unit == unit and held.principal == principal and held.holds(today) for held in state.grants):
        raise Refused("already-granted", "该人员已经有这个角色。")
    sole = fill(agency, role, state.id, grant, start, wanted.until) if principal is None else []
    given = GrantGiven(grant=grant, role=role, unit=unit, since=start, until=wanted.until, principal=principal)
    return [given, *(On(agencies, agency.id, event) for event in sole)]


def delegated(state: Person, principal: Person, role: str, start: date) -> str:
    """The principal of a delegation: another person of the same agency, who holds the role in its own right when it begins."""
    if principal.id == state.id:
        raise Refused("delegated-to-oneself", "代理人和被代理人不能是同一人。")
    if principal.agency != state.agency:
        raise Refused("no-such-principal", "没有这名被代理人，请核对人员编号。")
    if not principal.holds_itself(role, start):
        raise Refused("principal-without-role", f"被代理人在授权开始之日没有“{ROLES[role].title}”的角色，不能由他人代理。")
    return str(principal.id)


def revoke(state: Person, by: Actor, agency: Agency, grant: UUID, reason: str) -> Sequence[Event | On]:
    """A grant that the person holds."""
    if not any(held.id == grant for held in state.grants):
        raise Refused("no-such-grant", "该人员没有这项授权，请刷新后核对。")
    if str(state.id) in by.persons:
        raise Refused("revoke-from-oneself", "不能撤销自己的授权，请由另一位安全管理员办理。")
    return [GrantRevoked(grant=grant, reason=reason), *(On(agencies, agency.id, event) for event in vacate(agency, grant))]
