"""Important matters: in which stage each stands, and until when the public may comment."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.publishing.consultation.events import (
    CommentsCollated,
    ConsultationOpened,
    DecisionLinked,
    FeedbackPublished,
    HearingAnnounced,
    HearingHeld,
    MatterProposed,
    ReportFiled,
    ResultPublished,
    RiskRecorded,
)
from services.publishing.consultation.state import Stage
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class ConsultationRow(ViewRow, frozen=True):
    """A matter in the list. `until`: the last day for comments; `hearing_on`: the day of a meeting that was not held yet; `report_owed`: after it."""

    title: str
    unit: str
    impact: str
    touches_interests: bool
    stage: str = Stage.PROPOSED
    risk: str = ""
    until: date | None = None
    hearing_on: date | None = None
    report_owed: bool = False
    collated: int | None = None
    fed_back: bool = False


consultations = TableView("publishing", "consultations", "1", ConsultationRow, indexes=("agency, stage, until",))


@consultations.creates(MatterProposed)
def proposed(id: UUID, event: MatterProposed, meta: Meta) -> ConsultationRow:
    """A new row."""
    return ConsultationRow(
        id=id, agency=meta.agency, title=event.title, unit=event.unit, impact=event.impact, touches_interests=event.touches_interests
    )


@consultations.evolves(RiskRecorded)
def assessed(row: ConsultationRow, event: RiskRecorded, _meta: Meta) -> ConsultationRow:
    """How high the risk is."""
    return replace(row, risk=event.level)


@consultations.evolves(ConsultationOpened)
def opened(row: ConsultationRow, event: ConsultationOpened, _meta: Meta) -> ConsultationRow:
    """Comments are taken."""
    return replace(row, stage=Stage.CONSULTING, until=event.until)


@consultations.evolves(HearingAnnounced)
def announced(row: ConsultationRow, event: HearingAnnounced, _meta: Meta) -> ConsultationRow:
    """A meeting is to come."""
    return replace(row, hearing_on=event.on)


@consultations.evolves(HearingHeld)
def held(row: ConsultationRow, _event: HearingHeld, _meta: Meta) -> ConsultationRow:
    """Its report is owed."""
    return replace(row, hearing_on=None, report_owed=True)


@consultations.evolves(ReportFiled)
def reported(row: ConsultationRow, _event: ReportFiled, _meta: Meta) -> ConsultationRow:
    """The report is there."""
    return replace(row, report_owed=False)


@consultations.evolves(CommentsCollated)
def collated(row: ConsultationRow, event: CommentsCollated, _meta: Meta) -> ConsultationRow:
    """How many opinions there were."""
    return replace(row, stage=Stage.COLLATED, collated=event.count)


@consultations.evolves(FeedbackPublished)
def fed_back(row: ConsultationRow, _event: FeedbackPublished, _meta: Meta) -> ConsultationRow:
    """The public was told."""
    return replace(row, fed_back=True)


@consultations.evolves(DecisionLinked)
def decided(row: ConsultationRow, _event: DecisionLinked, _meta: Meta) -> ConsultationRow:
    """The decision is public."""
    return replace(row, stage=Stage.DECIDED)


@consultations.evolves(ResultPublished)
def resulted(row: ConsultationRow, _event: ResultPublished, _meta: Meta) -> ConsultationRow:
    """The result is public."""
    return replace(row, stage=Stage.RESULT)
