"""An item of public opinion as it stands, and how each event changes it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from services.press.opinion_item import events as e
from services.press.opinion_item.scheme import SCHEME
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta


class Stage(StrEnum):
    """Where an item stands."""

    DETECTED = "detected"
    ASSESSED = "assessed"
    PROPOSED = "proposed"
    HANDLING = "handling"
    DRAFTED = "drafted"
    APPROVED = "approved"
    ANSWERED = "answered"
    CLOSED = "closed"


TITLES: dict[Stage, str] = {
    Stage.DETECTED: "待研判",
    Stage.ASSESSED: "待处置",
    Stage.PROPOSED: "处置待批",
    Stage.HANDLING: "办理中",
    Stage.DRAFTED: "回应待审",
    Stage.APPROVED: "回应待发",
    Stage.ANSWERED: "已回应",
    Stage.CLOSED: "已办结",
}


class OpinionItem(State, frozen=True):
    """An item as it stands. `owed`: until when what is owed, by kind; what was given is gone from it. `accepted`: its owner has taken it."""

    agency: str = ""
    source: str = ""
    place: str = ""
    title: str = ""
    summary: str = ""
    detected_at: datetime | None = None
    unit: str = ""
    accepted: bool = False
    joint: tuple[str, ...] = ()
    verifying: bool = False
    found: str = ""
    level: str = ""
    respond: bool = False
    approved: bool = False
    owed: dict[str, datetime] = {}
    missed: tuple[str, ...] = ()
    proposed_by: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()
    linked: str = ""
    solved: bool = False
    draft: e.ResponseDrafted | None = None
    drafted_by: tuple[str, ...] = ()
    issued: tuple[str, ...] = ()
    answered: bool = False
    conference: bool = False
    releases: tuple[UUID, ...] = ()
    fed_back: bool = False
    stage: Stage = Stage.DETECTED


opinion_item: Aggregate[OpinionItem] = Aggregate("press.OpinionItem", OpinionItem)
evolves = opinion_item.evolves
N = OpinionItem


@evolves(e.OpinionDetected)
def detected(state: N, event: e.OpinionDetected, meta: Meta) -> N:
    """Seen."""
    return replace(
        state,
        agency=meta.agency,
        source=event.source,
        place=event.place,
        title=event.title,
        summary=event.summary,
        detected_at=event.detected_at,
    )


@evolves(e.OwnerAssigned)
def owned(state: N, event: e.OwnerAssigned, _meta: Meta) -> N:
    """It has an owner."""
    return replace(state, unit=event.unit)


@evolves(e.OpinionTransferred)
def transferred(state: N, event: e.OpinionTransferred, _meta: Meta) -> N:
    """It has another owner, whose draft has to be its own."""
    return replace(
        state,
        unit=event.unit,
        accepted=False,
        fed_back=False,
        draft=None,
        drafted_by=(),
        stage=Stage.HANDLING if state.stage in (Stage.DRAFTED, Stage.APPROVED) else state.stage,
    )


@evolves(e.OpinionShared)
def shared(state: N, _event: e.OpinionShared, _meta: Meta) -> N:
    """On record alone."""
    return state


@evolves(e.VerificationRequested)
def verifying(state: N, _event: e.VerificationRequested, _meta: Meta) -> N:
    """Asked."""
    return replace(state, verifying=True)


@evolves(e.OpinionVerified)
def verified(state: N, event: e.OpinionVerified, _meta: Meta) -> N:
    """Found."""
    return replace(state, verifying=False, found=event.found)


@evolves(e.OpinionAssessed)
def assessed(state: N, event: e.OpinionAssessed, _meta: Meta) -> N:
    """Its level and its hours; assessed higher later, what was approved has to be approved for that."""
    return replace(
        state,
        level=event.level,
        respond=event.respond,
        owed={kind: until for kind, until in event.owed.items() if (not state.conference if kind == "conference" else not state.answered)},
        stage=Stage.ASSESSED if state.stage in (Stage.DETECTED, Stage.ASSESSED) else state.stage,
    )


@evolves(e.HandlingProposed)
def proposed(state: N, _event: e.HandlingProposed, meta: Meta) -> N:
    """It waits for approval."""
    return replace(state, stage=Stage.PROPOSED, proposed_by=tuple(sorted(meta.actor.persons)))


@evolves(e.HandlingApproved)
def handling_approved(state: N, _event: e.HandlingApproved, _meta: Meta) -> N:
    """It may be handled."""
    return replace(state, stage=Stage.HANDLING, approved=True)


@evolves(e.HandlingReturned)
def handling_returned(state: N, _event: e.HandlingReturned, _meta: Meta) -> N:
    """Another proposal is wanted."""
    return replace(state, stage=Stage.ASSESSED, proposed_by=())


@evolves(e.ReportedUp)
def reported(state: N, event: e.ReportedUp, _meta: Meta) -> N:
    """The level knows."""
    return replace(state, reported=(*state.reported, event.level))


@evolves(e.OpinionAccepted)
def accepted(state: N, _event: e.OpinionAccepted, _meta: Meta) -> N:
    """The unit has it; what needs no approval is handled at once."""
    return replace(
        state,
        accepted=True,
        stage=Stage.HANDLING if state.stage is Stage.ASSESSED and not SCHEME.levels[state.level].approval else state.stage,
    )


@evolves(e.HandlingFedBack)
def fed_back(state: N, _event: e.HandlingFedBack, _meta: Meta) -> N:
    """The unit has told."""
    return replace(state, fed_back=True)


@evolves(e.JointTaskAssigned)
def joined(state: N, event: e.JointTaskAssigned, _meta: Meta) -> N:
    """Another unit takes part."""
    return replace(state, joint=(*state.joint, event.unit))


@evolves(e.RealCaseLinked)
def linked(state: N, event: e.RealCaseLinked, _meta: Meta) -> N:
    """There is a matter behind it."""
    return replace(state, linked=event.what, solved=False)


@evolves(e.RealCaseSolved)
def solved(state: N, _event: e.RealCaseSolved, _meta: Meta) -> N:
    """The matter is solved."""
    return replace(state, solved=True)


@evolves(e.ResponseDrafted)
def response_drafted(state: N, event: e.ResponseDrafted, meta: Meta) -> N:
    """It waits for approval."""
    return replace(state, draft=event, drafted_by=tuple(sorted(meta.actor.persons)), stage=Stage.DRAFTED, issued=())


@evolves(e.ResponseApproved)
def response_approved(state: N, _event: e.ResponseApproved, _meta: Meta) -> N:
    """It may be said."""
    return replace(state, stage=Stage.APPROVED)


@evolves(e.ResponseIssued)
def response_issued(state: N, event: e.ResponseIssued, _meta: Meta) -> N:
    """Said: the hours of an answer are kept; a conference is owed until one was held."""
    return replace(
        state,
        issued=(*state.issued, event.channel),
        answered=True,
        conference=state.conference or event.channel == "press_conference",
        stage=Stage.ANSWERED,
        owed={kind: until for kind, until in state.owed.items() if kind == "conference" and event.channel != "press_conference"},
    )


@evolves(e.PressEventLinked)
def press_event(state: N, event: e.PressEventLinked, _meta: Meta) -> N:
    """A press conference that was held is owed no more."""
    conference = state.conference or event.form == "press_conference"
    owed = {kind: until for kind, until in state.owed.items() if kind != "conference" or not conference}
    return replace(state, releases=(*state.releases, event.release), conference=conference, owed=owed)


@evolves(e.ResponseMissed)
def response_missed(state: N, event: e.ResponseMissed, _meta: Meta) -> N:
    """Known as missed; it stays owed."""
    return replace(state, missed=(*state.missed, event.owed))


@evolves(e.ItemClosed)
def closed(state: N, _event: e.ItemClosed, _meta: Meta) -> N:
    """The end."""
    return replace(state, stage=Stage.CLOSED)
