"""The state of a volunteer supervisor, and what may be decided about it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.supervisor.events import SupervisorAppointed, SupervisorEnded, SupervisorRenewed
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event, Meta
from shared.trust.personal import Personal


class Supervisor(State, frozen=True):
    """A supervisor as it stands."""

    agency: str = ""
    number: str = ""
    sphere: str = ""
    person: UUID | None = None
    person_key: UUID | None = None
    name: Personal | None = None
    contact: Personal | None = None
    since: date | None = None
    until: date | None = None
    ended_on: date | None = None
    reason: str = ""

    def in_office(self, day: date) -> bool:
        """Whether it is appointed on this day."""
        return (
            self.since is not None
            and self.until is not None
            and self.since <= day <= self.until
            and (self.ended_on is None or day < self.ended_on)
        )


supervisor: Aggregate[Supervisor] = Aggregate("audit.Supervisor", Supervisor)
evolves = supervisor.evolves


@evolves(SupervisorAppointed)
def appointed(state: Supervisor, event: SupervisorAppointed, meta: Meta) -> Supervisor:
    """In office."""
    return replace(
        state, agency=meta.agency, number=event.number, sphere=event.sphere, person=event.person, person_key=event.person_key,
        name=event.name, contact=event.contact, since=event.since, until=event.until,
    )  # fmt: skip


@evolves(SupervisorRenewed)
def renewed(state: Supervisor, event: SupervisorRenewed, _meta: Meta) -> Supervisor:
    """Longer."""
    return replace(state, until=event.until)


@evolves(SupervisorEnded)
def ended(state: Supervisor, event: SupervisorEnded, meta: Meta) -> Supervisor:
    """No longer."""
    return replace(state, ended_on=meta.effective_on, reason=event.reason)


def not_ended(state: Supervisor, _given: Given) -> None:
    """While appointed."""
    if state.ended_on is not None:
        raise Refused("supervisor-ended", "该监督员已经解聘。")


def appoint(given: Given, made: SupervisorAppointed) -> Sequence[Event]:
    """An outsider by name, or an official by id; for a term that ends after it begins."""
    if (made.person is None) == (made.name is None):
        raise Invalid(
            "one-person", "填写外部人员的姓名，或者选择本机关的人员，二者填一项。", fields=[{"field": "name", "sentence": "二者填一项"}]
        )
    term(made.since, made.until)
    return [made]


def term(since: date | None, until: date) -> None:
    """A term ends after it begins."""
    if since is not None and until <= since:
        raise Invalid("bad-term", "聘期的最后一日须晚于第一日。", fields=[{"field": "until", "sentence": "须晚于聘期的第一日"}])


def renew(state: Supervisor, until: date) -> Sequence[Event]:
    """Beyond the term that runs."""
    if state.until is not None and until <= state.until:
        raise Invalid(
            "bad-term", f"续聘须晚于现在的聘期（至 {state.until}）。", fields=[{"field": "until", "sentence": "须晚于现在的聘期"}]
        )
    return [SupervisorRenewed(until=until)]
