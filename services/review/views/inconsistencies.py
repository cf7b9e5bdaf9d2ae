"""The list of inconsistency reports. What a citizen wrote stands in the log alone, sealed."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.review.inconsistency.decisions import Stage
from services.review.inconsistency.events import (
    HandlingOverdue,
    InconsistencyFound,
    InconsistencyHandled,
    InconsistencyRaised,
    InconsistencyReported,
    ReporterAnswered,
)
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class InconsistencyRow(ViewRow, frozen=True):
    """A report in the list. `running`: its due date can still be missed. `answers`: somebody waits for an answer."""

    stage: str
    by_agency: bool
    answers: bool
    published: str
    received_on: date
    due: date
    running: bool = True
    missed: bool = False


inconsistencies = TableView("review", "inconsistencies", "1", InconsistencyRow, indexes=("agency, running, due",))


@inconsistencies.creates(InconsistencyReported, InconsistencyFound)
def began(id: UUID, event: InconsistencyReported | InconsistencyFound, meta: Meta) -> InconsistencyRow:
    """A new row."""
    return InconsistencyRow(
        id=id,
        agency=meta.agency,
        stage=Stage.OPEN,
        by_agency=isinstance(event, InconsistencyFound),
        answers=isinstance(event, InconsistencyReported) and event.contact is not None,
        published="、".join(f"{one.agency}：{one.where}" for one in event.published),
        received_on=meta.effective_on,
        due=event.deadline.due,
    )


@inconsistencies.evolves(InconsistencyRaised)
def raised(row: InconsistencyRow, _event: InconsistencyRaised, _meta: Meta) -> InconsistencyRow:
    """What this agency has found is raised: that is what its day was for."""
    return replace(row, stage=Stage.RAISED, running=row.running and not row.by_agency)


@inconsistencies.evolves(InconsistencyHandled)
def handled(row: InconsistencyRow, _event: InconsistencyHandled, _meta: Meta) -> InconsistencyRow:
    """It has come to something."""
    return replace(row, stage=Stage.HANDLED if row.answers else Stage.CLOSED, running=False)


@inconsistencies.evolves(ReporterAnswered)
def answered(row: InconsistencyRow, _event: ReporterAnswered, _meta: Meta) -> InconsistencyRow:
    """Told."""
    return replace(row, stage=Stage.CLOSED)


@inconsistencies.evolves(HandlingOverdue)
def late(row: InconsistencyRow, _event: HandlingOverdue, _meta: Meta) -> InconsistencyRow:
    """Late."""
    return replace(row, missed=True, running=False)
