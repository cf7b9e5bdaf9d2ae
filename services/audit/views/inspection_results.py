"""The results of inspections by agency, year and unit, as appraisal reads them (JD-06a) and as they are exported (JD-06b)."""

from typing import Any
from uuid import UUID

from msgspec.structs import replace

from services.audit.inspection.events import InspectionRecorded, IssueClosed, IssueOpened, IssueReopened
from shared.kernel.events import Event, Meta, Recorded
from shared.kernel.identity import derived_id
from shared.kernel.views import TableView, ViewRow


class ResultRow(ViewRow, frozen=True):
    """A unit's year: how many inspections have a result, the sum of their totals, and how many problems are open."""

    year: int
    unit: str
    inspections: int = 0
    score_sum: int = 0
    open_issues: int = 0


def result_id(agency: str, year: int, unit: str) -> UUID:
    """The row of a unit's year."""
    return derived_id("audit", "inspection-results", agency, year, unit)


def key(recorded: Recorded) -> UUID:
    """The unit's year that an event is about."""
    event: Any = recorded.event
    return result_id(recorded.meta.agency, event.year, event.unit)


inspection_results = TableView("audit", "inspection_results", "1", ResultRow, indexes=("agency, year",), key=key, whole_log=True)

STEPS: dict[type[Event], int] = {IssueOpened: 1, IssueReopened: 1, IssueClosed: -1}
"""What each event does to the number of open problems."""


@inspection_results.gathers(InspectionRecorded, IssueOpened, IssueClosed, IssueReopened)
def counted(row: ResultRow | None, event: InspectionRecorded | IssueOpened | IssueClosed | IssueReopened, meta: Meta) -> ResultRow:
    """A result that was corrected counts once, with its newest total."""
    begun = row or ResultRow(
        id=result_id(meta.agency, event.year, event.unit), agency=meta.agency, year=event.year, unit=event.unit
    )  # fmt: skip
    if isinstance(event, InspectionRecorded):
        first = event.replaces is None
        return replace(begun, inspections=begun.inspections + first, score_sum=begun.score_sum + event.total - (event.replaces or 0))
    return replace(begun, open_issues=begun.open_issues + STEPS[type(event)])
