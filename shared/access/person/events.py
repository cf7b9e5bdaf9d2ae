"""What is recorded of a person."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event


@event("access.PersonEnrolled", title="登记人员")
class PersonEnrolled(Event, frozen=True):
    """An official of the agency. Name and office are public."""

    name: str
    office: str
    unit: str | None = None


@event("access.GrantGiven", title="授予角色")
class GrantGiven(Event, frozen=True):
    """A role, for the agency or one unit, from a day to a day. A delegation names its principal."""

    grant: UUID
    role: str
    since: date
    unit: str | None = None
    until: date | None = None
    principal: str | None = None


@event("access.GrantRevoked", title="撤销角色")
class GrantRevoked(Event, frozen=True):
    """A grant ends at once."""

    grant: UUID
    reason: str
