"""The list of inspections: one row each, with what is open and the next day by which something is to be put right."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.inspection import events as e
from services.audit.inspection.state import Stage
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class InspectionRow(ViewRow, frozen=True):
    """An inspection in the list. `open`: the days of what is not put right, by `issue/N` and `order/N`; `late`: which of them are known as missed."""

    name: str
    kind: str
    subject: str
    unit: str
    planned_on: date
    year: int
    stage: str = Stage.PLANNED
    total: int | None = None
    issues: int = 0
    open_issues: int = 0
    open: dict[str, date] = {}
    late: tuple[str, ...] = ()
    orders: dict[str, tuple[int, ...]] = {}
    due: date | None = None
    misses: int = 0
    asked: int = 0
    aware: int = 0
    satisfied: int = 0


inspections = TableView("audit", "inspections", "1", InspectionRow, indexes=("agency, stage, due", "agency, year, unit"))


@inspections.creates(e.InspectionPlanned)
def planned(id: UUID, event: e.InspectionPlanned, meta: Meta) -> InspectionRow:
    """A new row."""
    return InspectionRow(
        id=id, agency=meta.agency, name=event.name, kind=event.kind, subject=event.subject, unit=event.unit, planned_on=event.on, year=event.year
    )  # fmt: skip


def with_open(row: InspectionRow, days: dict[str, date], *, gone: str = "", known: str = "") -> InspectionRow:
    """With these days set, this one gone, or this one known as missed; the next day that can still be missed is found anew."""
    open_now = {name: day for name, day in {**row.open, **days}.items() if name != gone}
    late = tuple(name for name in row.late if name in open_now and name not in days) + ((known,) if known else ())
    due = min((day for name, day in open_now.items() if name not in late), default=None)
    count = sum(name.startswith("issue/") for name in open_now)
    return replace(row, open=open_now, late=late, due=due, open_issues=count, misses=row.misses + bool(known))


@inspections.evolves(e.InspectionApproved)
def approved(row: InspectionRow, _event: e.InspectionApproved, _meta: Meta) -> InspectionRow:
    """It may be held."""
    return replace(row, stage=Stage.APPROVED)


@inspections.evolves(e.InspectionCancelled)
def cancelled(row: InspectionRow, _event: e.InspectionCancelled, _meta: Meta) -> InspectionRow:
    """It is not held."""
    return replace(row, stage=Stage.CANCELLED)


@inspections.evolves(e.InspectionRecorded)
def recorded(row: InspectionRow, event: e.InspectionRecorded, _meta: Meta) -> InspectionRow:
    """Held."""
    return replace(row, stage=Stage.RECORDED, total=event.total)


@inspections.evolves(e.SurveyRun)
def surveyed(row: InspectionRow, event: e.SurveyRun, _meta: Meta) -> InspectionRow:
    """So many in all."""
    return replace(
        row, stage=Stage.RECORDED, asked=row.asked + event.asked, aware=row.aware + event.aware, satisfied=row.satisfied + event.satisfied
    )  # fmt: skip


@inspections.evolves(e.IssueOpened)
def issue_opened(row: InspectionRow, event: e.IssueOpened, _meta: Meta) -> InspectionRow:
    """One more."""
    return with_open(replace(row, issues=row.issues + 1), {f"issue/{event.number}": event.due})


@inspections.evolves(e.IssueClosed)
def issue_closed(row: InspectionRow, event: e.IssueClosed, _meta: Meta) -> InspectionRow:
    """One less."""
    return with_open(row, {}, gone=f"issue/{event.number}")


@inspections.evolves(e.IssueReopened)
def issue_reopened(row: InspectionRow, event: e.IssueReopened, _meta: Meta) -> InspectionRow:
    """Once more."""
    return with_open(row, {f"issue/{event.number}": event.due})


@inspections.evolves(e.IssueOverdue)
def issue_late(row: InspectionRow, event: e.IssueOverdue, _meta: Meta) -> InspectionRow:
    """Late."""
    return with_open(row, {}, known=f"issue/{event.number}")


@inspections.evolves(e.RectificationOrdered)
def ordered(row: InspectionRow, event: e.RectificationOrdered, _meta: Meta) -> InspectionRow:
    """The day of the order is that of its problems."""
    order = f"order/{event.number}"
    return with_open(
        replace(row, orders={**row.orders, order: event.issues}),
        {order: event.due, **{f"issue/{number}": event.due for number in event.issues}},
    )


@inspections.evolves(e.RectificationDone)
def done(row: InspectionRow, event: e.RectificationDone, _meta: Meta) -> InspectionRow:
    """Reported."""
    return with_open(row, {}, gone=f"order/{event.number}")


@inspections.evolves(e.RectificationReturned)
def returned(row: InspectionRow, event: e.RectificationReturned, _meta: Meta) -> InspectionRow:
    """Owed again."""
    order = f"order/{event.number}"
    open_still = [f"issue/{number}" for number in row.orders[order] if f"issue/{number}" in row.open]
    return with_open(row, {order: event.due, **dict.fromkeys(open_still, event.due)})


@inspections.evolves(e.RectificationOverdue)
def order_late(row: InspectionRow, event: e.RectificationOverdue, _meta: Meta) -> InspectionRow:
    """Late."""
    return with_open(row, {}, known=f"order/{event.number}")


@inspections.evolves(e.InspectionClosed)
def closed(row: InspectionRow, _event: e.InspectionClosed, _meta: Meta) -> InspectionRow:
    """The end."""
    return replace(row, stage=Stage.CLOSED)


@inspections.evolves(e.InspectionReopened)
def reopened(row: InspectionRow, _event: e.InspectionReopened, _meta: Meta) -> InspectionRow:
    """Once more."""
    return replace(row, stage=Stage.RECORDED)
