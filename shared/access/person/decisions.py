"""The state of a person, and which roles it may hold."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from shared.access.person.events import GrantGiven, GrantRevoked, PersonEnrolled
from shared.kernel.aggregates import Aggregate, State
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

    name: str = ""
    office: str = ""
    unit: str | None = None
    grants: tuple[Grant, ...] = ()


person: Aggregate[Person] = Aggregate("access.Person", Person)


@person.evolves(PersonEnrolled)
def enrolled(state: Person, event: PersonEnrolled, _meta: Meta) -> Person:
    """Name and office."""
    return replace(state, name=event.name, office=event.office, unit=event.unit)


@person.evolves(GrantGiven)
def granted(state: Person, event: GrantGiven, _meta: Meta) -> Person:
    """One more role."""
    return replace(state, grants=(*state.grants, Grant(event.grant, event.role, event.unit, event.since, event.until, event.principal)))


@person.evolves(GrantRevoked)
def revoked(state: Person, event: GrantRevoked, _meta: Meta) -> Person:
    """One role less."""
    return replace(state, grants=tuple(grant for grant in state.grants if grant.id != event.grant))


def give(
    state: Person, by: Actor, grant: UUID, role: str, today: date, *, unit: str | None, since: date | None, until: date | None, principal: str | None
) -> Sequence[Event]:
    """A role that exists, not to oneself, and never two of the three administrators in one person."""
    if role not in ROLES or role in ("public", "system"):
        raise Refused("no-such-role", f"没有角色 {role}，或该角色不能授予工作人员。")
    if str(state.id) in by.persons:
        raise Refused("grant-to-oneself", "不能给自己授权，请由另一位安全管理员办理。")
    held = {held.role for held in state.grants if held.until is None or held.until >= today}
    clash = incompatible({*held, role})
    if clash:
        raise Refused("incompatible-roles", "这些角色不能由同一人担任：" + "、".join(sorted(ROLES[name].title for name in clash)) + "。")
    if any(held.role == role and held.unit == unit and held.principal == principal and held.holds(today) for held in state.grants):
        raise Refused("already-granted", "该人员已经有这个角色。")
    start = since or today
    if until is not None and until < start:
        raise Refused("grant-ends-before-it-begins", "授权的截止日期早于开始日期，请更正。")
    return [GrantGiven(grant=grant, role=role, unit=unit, since=start, until=until, principal=principal)]


def revoke(state: Person, by: Actor, grant: UUID, reason: str) -> Sequence[Event]:
    """A grant that the person holds."""
    if not any(held.id == grant for held in state.grants):
        raise Refused("no-such-grant", "该人员没有这项授权，请刷新后核对。")
    if str(state.id) in by.persons:
        raise Refused("revoke-from-oneself", "不能撤销自己的授权，请由另一位安全管理员办理。")
    return [GrantRevoked(grant=grant, reason=reason)]
