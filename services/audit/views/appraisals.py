"""Appraisals, and those of each unit: how far they are, what was scored, who owes a plan of rectification."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.appraisal import events as a
from services.audit.appraisal.state import Appraisal, appraisal
from services.audit.appraisal.state import Stage as Stands
from services.audit.unit_appraisal import events as e
from services.audit.unit_appraisal.state import Stage, UnitAppraisal, unit_appraisal
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class AppraisalRow(ViewRow, frozen=True):
    """An appraisal in the list."""

    year: int
    scope: str
    stage: str = Stands.OPENED
    plan: str = ""
    units: int = 0
    self_check_by: date | None = None


appraisals = TableView("audit", "appraisals", "1", AppraisalRow, indexes=("agency, year",))


@appraisals.creates(a.AppraisalOpened)
def opened(id: UUID, event: a.AppraisalOpened, meta: Meta) -> AppraisalRow:
    """A new row."""
    return AppraisalRow(id=id, agency=meta.agency, year=event.year, scope=event.scope)


@appraisals.evolves(*(cls for cls in appraisal.events if cls is not a.AppraisalOpened))
def changed(row: AppraisalRow, event: Event, meta: Meta) -> AppraisalRow:
    """As the appraisal itself changes."""
    before = Appraisal(id=row.id, year=row.year, scope=row.scope, plan=row.plan, stage=Stands(row.stage), self_check_by=row.self_check_by)
    now = appraisal.apply(before, event, meta)
    units = len(event.units) if isinstance(event, a.AppraisalScopeSet) else row.units
    return replace(row, stage=now.stage, plan="1" if now.plan else "", units=units, self_check_by=now.self_check_by)


class UnitAppraisalRow(ViewRow, frozen=True):
    """A unit's appraisal in the list. `scores`: hundredths by standard; `plan_overdue`: the miss of its present day is recorded."""

    appraisal: UUID
    unit: str
    year: int
    scope: str
    self_check_by: date
    stage: str = Stage.SELF_CHECK
    self_checked: bool = False
    scores: dict[str, int] = {}
    objected: bool = False
    total: int | None = None
    grade: str = ""
    plan_due: date | None = None
    plan_overdue: bool = False
    misses: int = 0


unit_appraisals = TableView(
    "audit", "unit_appraisals", "1", UnitAppraisalRow, indexes=("agency, year, unit", "appraisal", "agency, stage, plan_due")
)  # fmt: skip


@unit_appraisals.creates(e.UnitAppraisalOpened)
def unit_opened(id: UUID, event: e.UnitAppraisalOpened, meta: Meta) -> UnitAppraisalRow:
    """A new row."""
    return UnitAppraisalRow(
        id=id, agency=meta.agency, appraisal=event.appraisal, unit=event.unit, year=event.year, scope=event.scope,
        self_check_by=event.self_check_by,
    )  # fmt: skip


@unit_appraisals.evolves(*(cls for cls in unit_appraisal.events if cls is not e.UnitAppraisalOpened))
def unit_changed(row: UnitAppraisalRow, event: Event, meta: Meta) -> UnitAppraisalRow:
    """As the unit's appraisal itself changes."""
    before = UnitAppraisal(id=row.id, scores=row.scores, plan_due=row.plan_due, stage=Stage(row.stage), total=row.total, grade=row.grade)
    now = unit_appraisal.apply(before, event, meta)
    changed = replace(
        row, stage=now.stage, self_checked=row.self_checked or isinstance(event, e.SelfCheckSubmitted), scores=now.scores, total=now.total,
        grade=now.grade, plan_due=now.plan_due,
    )  # fmt: skip
    if isinstance(event, e.CorrectionRequested | e.CorrectionAnswered):
        return replace(changed, objected=isinstance(event, e.CorrectionRequested))
    if isinstance(event, e.RectificationPlanOverdue):
        return replace(changed, plan_overdue=True, misses=row.misses + 1)
    if isinstance(event, e.RectificationPlanOverdueWithdrawn):
        return replace(changed, plan_overdue=False, misses=max(0, row.misses - 1))
    if isinstance(event, e.RectificationPlanReturned):
        return replace(changed, plan_overdue=False)
    return changed
