"""What the kernel asks of access (shared.access): who is behind a session, whether they may, and under which law their agency stands."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

import msgspec

from shared.kernel.commands import AgencyFacts
from shared.kernel.events import Actor
from shared.law.calendar import WorkingCalendar
from shared.law.rulebook import Rulebook


class Laws(msgspec.Struct, frozen=True):
    """The law of an agency: its rulebook now, any rulebook by id (a case keeps its own), the working days as announced, who else is an agency, and
    whether an agency has an open unit of a code or an official of an id.
    """

    rulebook: Rulebook
    calendar: WorkingCalendar
    rulebook_of: Callable[[str], Rulebook]
    is_agency: Callable[[str], bool] | None = None
    is_unit: Callable[[str, str], bool] | None = None
    is_person: Callable[[str, UUID], bool] | None = None


class SignedIn(Protocol):
    """A person with a session: one identity within one agency."""

    person: str
    agency: str


class Doorkeeper(Protocol):
    """The directory that every process keeps of the access log."""

    def session(self, token: str) -> SignedIn | None:
        """Who is behind a session's token; None if it is unknown, ended or expired."""
        ...

    def authorise(self, who: SignedIn | None, capability: str, agency: AgencyFacts, *, unit: str | None = None) -> Actor:
        """The actor to be recorded; raises `Unauthenticated` or `Forbidden`. Nobody signed in is the public.

        `unit` is the unit of the thing acted on; None where the thing is no unit's: then a grant for one unit does not do (`other-unit`).
        """
        ...

    def reach(self, who: SignedIn | None, capability: str, agency: AgencyFacts) -> frozenset[str] | None:
        """The units whose things it may have: None is all of the agency's. Raises as `authorise` where there are none at all."""
        ...

    def agency(self, code: str) -> AgencyFacts:
        """An agency by its code; raises `NotFound`."""
        ...

    def name_of(self, actor: str) -> str:
        """How an actor is called."""
        ...

    def agencies(self) -> Sequence[AgencyFacts]:
        """All agencies."""
        ...

    def feed_accounts(self) -> Mapping[str, Sequence[str]]:
        """The public keys with which agencies' own systems may connect to NATS, by the agencies' codes."""
        ...

    def laws(self, agency: AgencyFacts) -> Laws:
        """Its law."""
        ...

    def today(self, agency: AgencyFacts) -> date:
        """Its civil day: real, or as set where it is simulated."""
        ...
