"""The list of cases of accountability: one row a case, with what is owed by when. No person stands here by name."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.audit.accountability_case import events as e
from services.audit.accountability_case.state import AccountabilityCase, Stage, accountability_case
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class CaseRow(ViewRow, frozen=True):
    """A case in the list: what people see of it, and what its stage follows from."""

    source: str
    title: str
    reference: str
    subject_unit: str
    opened_on: date
    lead: UUID | None = None
    press_item: UUID | None = None
    level: str = ""
    unit: str = ""
    found: str = ""
    severity: str = ""
    conclusion: str = ""
    withdrawn: bool = False
    stage: str = Stage.OPENED
    owed: str = ""
    due: date | None = None
    missed: tuple[str, ...] = ()
    misses: int = 0
    sanctions: tuple[e.Sanction, ...] = ()
    granted: tuple[e.Sanction, ...] = ()
    notified: dict[str, date] = {}
    appeals: dict[str, str] = {}
    excellence: e.ExcellenceRevoked | None = None


SAME = tuple(name for name in CaseRow.__struct_fields__ if name in AccountabilityCase.__struct_fields__ and name not in ("id", "stage"))
"""What a row has of its case, under the same name."""

accountability_cases = TableView("audit", "accountability_cases", "1", CaseRow, indexes=("agency, stage, due", "due"))


@accountability_cases.creates(e.CaseOpened)
def opened(id: UUID, event: e.CaseOpened, meta: Meta) -> CaseRow:
    """A new row."""
    return CaseRow(
        id=id, agency=meta.agency, source=event.source, title=event.title, reference=event.reference, subject_unit=event.unit,
        opened_on=meta.effective_on, lead=event.lead, press_item=event.press_item, owed="triage", due=event.deadline.due,
    )  # fmt: skip


@accountability_cases.evolves(*(cls for cls in accountability_case.events if cls is not e.CaseOpened))
def changed(row: CaseRow, event: Event, meta: Meta) -> CaseRow:
    """As the case itself changes."""
    known: dict[str, Any] = {name: getattr(row, name) for name in SAME}
    case = accountability_case.apply(AccountabilityCase(id=row.id, stage=Stage(row.stage), **known), event, meta)
    now: dict[str, Any] = {name: getattr(case, name) for name in SAME}
    return replace(row, **now, stage=case.stage, misses=len(case.missed))
