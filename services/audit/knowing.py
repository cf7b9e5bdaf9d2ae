"""Who knew what when: who has read a case, from the readings on record, and who could have read it on a day, from the grants of the access log."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.audit.trail import Trail
from shared.law.rulebook import Rulebook

GRANTS = """SELECT originator_id AS person, topic, state FROM ledger WHERE source = 'access' AND agency = %s
    AND split_part(topic, ':', 1) = ANY(%s) ORDER BY position"""
"""What the access log says of an agency's grants."""

GRANT_TYPES = ["access.GrantGiven", "access.GrantRevoked"]

READ_BY = {
    "requests": "requests.read",
    "review": "review.read",
    "publishing": "publishing.read",
    "press": "press.read",
    "audit": "audit.read_complaint",
}
"""The capability that reading a service's part of a case needs."""


class _Data(msgspec.Struct, frozen=True):
    grant: UUID
    role: str = ""
    since: date | None = None
    until: date | None = None
    unit: str | None = None
    principal: str | None = None


class _Event(msgspec.Struct, frozen=True):
    effective_on: date
    data: _Data


_decoder = msgspec.json.Decoder(_Event)


class Held(msgspec.Struct, frozen=True):
    """A grant as it was: who held which role, for which unit (None: all), from and to which day; `revoked` is the day on which it was ended."""

    person: str
    role: str
    unit: str | None
    since: date
    until: date | None
    principal: str | None
    revoked: date | None = None

    def on(self, day: date) -> bool:
        """Whether it held on this day; on the day on which it was revoked it had held until then."""
        return self.since <= day and (self.until is None or day <= self.until) and (self.revoked is None or day <= self.revoked)


class Could(msgspec.Struct, frozen=True):
    """Somebody who could read a service's part of the case, and by which role."""

    name: str
    person: str
    role: str
    unit: str | None
    services: tuple[str, ...]
    principal: str | None


def grants_held(rows: Iterable[dict[str, Any]]) -> list[Held]:
    """Every grant of the access log's rows, in their order, with the day of its revocation."""
    held: dict[UUID, Held] = {}
    for row in rows:
        event = _decoder.decode(bytes(row["state"]))
        data = event.data
        if row["topic"].startswith("access.GrantGiven:"):
            assert data.since is not None
            held[data.grant] = Held(str(row["person"]), data.role, data.unit, data.since, data.until, data.principal)
        elif data.grant in held:
            held[data.grant] = msgspec.structs.replace(held[data.grant], revoked=event.effective_on)
    return list(held.values())


def could_read(trail: Trail, held: Sequence[Held], rulebook: Rulebook, day: date, name_of: Callable[[str], str]) -> tuple[Could, ...]:
    """Who could read which services' parts of this case on a day, by the roles that the rulebook lets read; a unit's grant reaches its own cases."""
    services = sorted({entry.service for entry in trail.entries if entry.service in READ_BY})
    unit = unit_of(trail)
    found = []
    for grant in held:
        if not grant.on(day) or (grant.unit is not None and unit is not None and grant.unit != unit):
            continue
        open_to = tuple(service for service in services if grant.role in rulebook.grantees(READ_BY[service]).roles)
        if open_to:
            found.append(Could(name_of(grant.person), grant.person, grant.role, grant.unit, open_to, grant.principal))
    return tuple(sorted(found, key=lambda one: (one.role, one.name)))


def unit_of(trail: Trail) -> str | None:
    """The unit that was responsible last, as far as the trail reaches; None before there was one."""
    units = [entry.content["unit"] for entry in trail.entries if isinstance(entry.content.get("unit"), str) and entry.content["unit"]]
    return units[-1] if units else None
