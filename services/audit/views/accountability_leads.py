"""The list of leads: one row a lead, with the day of its conclusion."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.accountability_lead import events as e
from services.audit.accountability_lead.decisions import Stage
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class LeadRow(ViewRow, frozen=True):
    """A lead in the list."""

    source: str
    title: str
    service: str
    thing: UUID | None
    raised_on: date
    due: date
    stage: str = Stage.OPEN
    overdue: bool = False
    case_id: UUID | None = None


accountability_leads = TableView("audit", "accountability_leads", "1", LeadRow, indexes=("agency, stage, due",))


@accountability_leads.creates(e.LeadRaised)
def raised(id: UUID, event: e.LeadRaised, meta: Meta) -> LeadRow:
    """A new row."""
    return LeadRow(
        id=id, agency=meta.agency, source=event.source, title=event.title, service=event.service, thing=event.thing,
        raised_on=meta.effective_on, due=event.deadline.due,
    )  # fmt: skip


@accountability_leads.evolves(e.LeadWithdrawn)
def withdrawn(row: LeadRow, _event: e.LeadWithdrawn, _meta: Meta) -> LeadRow:
    """Its conclusion, unless it has one."""
    return replace(row, stage=Stage.WITHDRAWN if row.stage == Stage.OPEN else row.stage)


@accountability_leads.evolves(e.LeadFollowed)
def followed(row: LeadRow, event: e.LeadFollowed, _meta: Meta) -> LeadRow:
    """A case."""
    return replace(row, stage=Stage.FOLLOWED, case_id=event.case)


@accountability_leads.evolves(e.LeadDismissed)
def dismissed(row: LeadRow, _event: e.LeadDismissed, _meta: Meta) -> LeadRow:
    """No case."""
    return replace(row, stage=Stage.DISMISSED)


@accountability_leads.evolves(e.LeadOverdue)
def was_overdue(row: LeadRow, _event: e.LeadOverdue, _meta: Meta) -> LeadRow:
    """Late."""
    return replace(row, overdue=True)
