"""An important matter as it stands, and how each event changes it."""

from datetime import date
from enum import StrEnum
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
    StageOmitted,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta


class Stage(StrEnum):
    """Where a matter stands."""

    PROPOSED = "proposed"
    CONSULTING = "consulting"
    COLLATED = "collated"
    DECIDED = "decided"
    RESULT = "result"


TITLES: dict[Stage, str] = {
    Stage.PROPOSED: "待征求意见",
    Stage.CONSULTING: "征求意见",
    Stage.COLLATED: "意见已归纳，待决策",
    Stage.DECIDED: "决策已公开",
    Stage.RESULT: "结果已公开",
}


class Consultation(State, frozen=True):
    """An important matter as it stands. `omitted`: stages that were left out with a reason."""

    title: str = ""
    unit: str = ""
    impact: str = ""
    touches_interests: bool = False
    risk: RiskRecorded | None = None
    omitted: frozenset[str] = frozenset()
    opened: ConsultationOpened | None = None
    opened_on: date | None = None
    hearing: HearingAnnounced | None = None
    held: bool = False
    collated: CommentsCollated | None = None
    report: str = ""
    decision: UUID | None = None
    feedback: bool = False
    result: UUID | None = None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.result is not None:
            return Stage.RESULT
        if self.decision is not None:
            return Stage.DECIDED
        if self.collated is not None:
            return Stage.COLLATED
        return Stage.CONSULTING if self.opened is not None else Stage.PROPOSED

    def takes_comments(self, day: date) -> bool:
        """Whether a comment may be made on this day."""
        return self.opened is not None and day <= self.opened.until


consultation: Aggregate[Consultation] = Aggregate("publishing.Consultation", Consultation)
evolves = consultation.evolves
C = Consultation


@evolves(MatterProposed)
def proposed(state: C, event: MatterProposed, _meta: Meta) -> C:
    """What is to be decided."""
    return replace(state, title=event.title, unit=event.unit, impact=event.impact, touches_interests=event.touches_interests)


@evolves(RiskRecorded)
def risk_recorded(state: C, event: RiskRecorded, _meta: Meta) -> C:
    """The latest assessment counts."""
    return replace(state, risk=event)


@evolves(StageOmitted)
def omitted(state: C, event: StageOmitted, _meta: Meta) -> C:
    """One stage is left out."""
    return replace(state, omitted=state.omitted | {event.stage})


@evolves(ConsultationOpened)
def opened(state: C, event: ConsultationOpened, meta: Meta) -> C:
    """The draft is public."""
    return replace(state, opened=event, opened_on=meta.effective_on)


@evolves(HearingAnnounced)
def announced(state: C, event: HearingAnnounced, _meta: Meta) -> C:
    """The public is invited."""
    return replace(state, hearing=event, held=False)


@evolves(HearingHeld)
def held(state: C, _event: HearingHeld, _meta: Meta) -> C:
    """It took place: its report is missing."""
    return replace(state, held=True, report="")


@evolves(CommentsCollated)
def collated(state: C, event: CommentsCollated, _meta: Meta) -> C:
    """All opinions together."""
    return replace(state, collated=event)


@evolves(ReportFiled)
def report_filed(state: C, event: ReportFiled, _meta: Meta) -> C:
    """A basis of the decision."""
    return replace(state, report=event.report)


@evolves(DecisionLinked)
def decided(state: C, event: DecisionLinked, _meta: Meta) -> C:
    """The second stage."""
    return replace(state, decision=event.publication)


@evolves(FeedbackPublished)
def fed_back(state: C, _event: FeedbackPublished, _meta: Meta) -> C:
    """Told to everybody."""
    return replace(state, feedback=True)


@evolves(ResultPublished)
def result_published(state: C, event: ResultPublished, _meta: Meta) -> C:
    """The third stage."""
    return replace(state, result=event.publication)
