"""The list of volunteer supervisors; an outsider's name stands in it sealed."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.supervisor.events import SupervisorAppointed, SupervisorEnded, SupervisorRenewed
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class SupervisorRow(ViewRow, frozen=True):
    """A supervisor in the list."""

    number: str
    sphere: str
    since: date
    until: date
    name: str | None = None
    person: UUID | None = None
    ended_on: date | None = None


supervisors = TableView("audit", "supervisors", "1", SupervisorRow, indexes=("agency, until",))


@supervisors.creates(SupervisorAppointed)
def appointed(id: UUID, event: SupervisorAppointed, meta: Meta) -> SupervisorRow:
    """A new row."""
    return SupervisorRow(
        id=id, agency=meta.agency, number=event.number, sphere=event.sphere, since=event.since, until=event.until,
        name=event.name.reference() if event.name else None, person=event.person,
    )  # fmt: skip


@supervisors.evolves(SupervisorRenewed)
def renewed(row: SupervisorRow, event: SupervisorRenewed, _meta: Meta) -> SupervisorRow:
    """Longer."""
    return replace(row, until=event.until)


@supervisors.evolves(SupervisorEnded)
def ended(row: SupervisorRow, _event: SupervisorEnded, meta: Meta) -> SupervisorRow:
    """No longer."""
    return replace(row, ended_on=meta.effective_on)
