"""A release as it stands, and how each event changes it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.press.press_release import events as e
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta


class Stage(StrEnum):
    """Where a release stands."""

    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DRAFTED = "drafted"
    APPROVED = "approved"
    ISSUED = "issued"
    CANCELLED = "cancelled"


TITLES: dict[Stage, str] = {
    Stage.PROPOSED: "主题待分管领导审核",
    Stage.REVIEWED: "主题待主要领导审核",
    Stage.CONFIRMED: "主题待综合科受理",
    Stage.RETURNED: "主题退回修改",
    Stage.ACCEPTED: "待拟定发布稿",
    Stage.DRAFTED: "发布稿待审定",
    Stage.APPROVED: "待发布",
    Stage.ISSUED: "已发布",
    Stage.CANCELLED: "已取消",
}

OWN_TOPIC = "unit"
"""The origin of a topic that is reviewed twice; a superior's and the leading group's need no review."""


class Plan(msgspec.Struct, frozen=True):
    """The event that is planned or was held."""

    form: str
    at: datetime
    place: str


class PressRelease(State, frozen=True):
    """A release as it stands. `speaker`: who is authorised; `media`: who was invited; `channels`: where the statement was issued."""

    agency: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    origin: str = ""
    basis: str = ""
    unit: str = ""
    emergency: bool = False
    opinion: UUID | None = None
    rests_on: tuple[UUID, ...] = ()
    proposed_by: tuple[str, ...] = ()
    reviewed_by: tuple[str, ...] = ()
    draft: e.DraftPrepared | None = None
    drafted_by: tuple[str, ...] = ()
    speaker: UUID | None = None
    authority: str = ""
    document: str = ""
    plan: Plan | None = None
    media: tuple[str, ...] = ()
    held: e.EventHeld | None = None
    channels: tuple[str, ...] = ()
    publication: UUID | None = None
    edition: int = 0
    stage: Stage = Stage.PROPOSED

    @property
    def said(self) -> bool:
        """Whether anything was said about it."""
        return self.held is not None or bool(self.channels)


press_release: Aggregate[PressRelease] = Aggregate("press.PressRelease", PressRelease)
evolves = press_release.evolves
R = PressRelease


@evolves(e.TopicProposed)
def proposed(state: R, event: e.TopicProposed, meta: Meta) -> R:
    """A unit's waits for review; the others for the general office."""
    return replace(
        state,
        agency=meta.agency,
        title=event.title,
        summary=event.summary,
        content=event.content,
        origin=event.origin,
        basis=event.basis,
        unit=event.unit,
        emergency=event.emergency,
        opinion=event.opinion,
        rests_on=event.rests_on,
        proposed_by=tuple(sorted(meta.actor.persons)),
        stage=Stage.PROPOSED if event.origin == OWN_TOPIC else Stage.CONFIRMED,
    )


@evolves(e.TopicRevised)
def revised(state: R, event: e.TopicRevised, meta: Meta) -> R:
    """As new: a unit's is reviewed from the beginning."""
    return replace(
        state,
        title=event.title,
        summary=event.summary,
        content=event.content,
        emergency=state.emergency or event.content == "emergency",
        proposed_by=tuple(sorted({*state.proposed_by, *meta.actor.persons})),
        reviewed_by=(),
        stage=Stage.PROPOSED if state.origin == OWN_TOPIC else Stage.CONFIRMED,
    )


@evolves(e.TopicReviewed)
def reviewed(state: R, event: e.TopicReviewed, meta: Meta) -> R:
    """One review more."""
    return replace(
        state,
        reviewed_by=tuple(sorted({*state.reviewed_by, *meta.actor.persons})),
        stage=Stage.REVIEWED if event.level == "leader" else Stage.CONFIRMED,
    )


@evolves(e.TopicReturned)
def returned(state: R, _event: e.TopicReturned, _meta: Meta) -> R:
    """It waits for its unit."""
    return replace(state, reviewed_by=(), stage=Stage.RETURNED)


@evolves(e.TopicAccepted)
def accepted(state: R, _event: e.TopicAccepted, _meta: Meta) -> R:
    """It may be drafted and planned."""
    return replace(state, stage=Stage.ACCEPTED)


@evolves(e.DraftPrepared)
def prepared(state: R, event: e.DraftPrepared, meta: Meta) -> R:
    """Another draft: nothing that was approved holds for it."""
    return replace(state, draft=event, drafted_by=tuple(sorted(meta.actor.persons)), stage=Stage.DRAFTED)


@evolves(e.DraftReturned)
def draft_returned(state: R, _event: e.DraftReturned, _meta: Meta) -> R:
    """It waits for another draft."""
    return replace(state, stage=Stage.ACCEPTED)


@evolves(e.DraftApproved)
def draft_approved(state: R, _event: e.DraftApproved, _meta: Meta) -> R:
    """It may be said, by who is authorised."""
    return replace(state, stage=Stage.APPROVED)


@evolves(e.SpokespersonAuthorised)
def authorised(state: R, event: e.SpokespersonAuthorised, _meta: Meta) -> R:
    """Who may speak."""
    return replace(state, speaker=event.person, authority=event.authority, document=event.document)


@evolves(e.AuthorisationRevoked)
def revoked(state: R, _event: e.AuthorisationRevoked, _meta: Meta) -> R:
    """Nobody may."""
    return replace(state, speaker=None, authority="", document="")


@evolves(e.EventPlanned)
def planned(state: R, event: e.EventPlanned, _meta: Meta) -> R:
    """It stands in the calendar."""
    return replace(state, plan=Plan(event.form, event.at, event.place), media=())


@evolves(e.EventPostponed)
def postponed(state: R, event: e.EventPostponed, _meta: Meta) -> R:
    """At another time."""
    assert state.plan is not None
    return replace(state, plan=Plan(state.plan.form, event.at, event.place))


@evolves(e.EventCancelled)
def event_cancelled(state: R, _event: e.EventCancelled, _meta: Meta) -> R:
    """Out of the calendar."""
    return replace(state, plan=None, media=())


@evolves(e.JournalistsInvited)
def invited(state: R, event: e.JournalistsInvited, _meta: Meta) -> R:
    """All who were invited."""
    return replace(state, media=tuple(dict.fromkeys((*state.media, *event.media))))


@evolves(e.EventHeld)
def held(state: R, event: e.EventHeld, _meta: Meta) -> R:
    """The agency has spoken."""
    return replace(state, held=event, stage=Stage.ISSUED)


@evolves(e.StatementIssued)
def issued(state: R, event: e.StatementIssued, _meta: Meta) -> R:
    """One channel more."""
    return replace(state, channels=(*state.channels, event.channel), stage=Stage.ISSUED)


@evolves(e.ReleaseCancelled)
def cancelled(state: R, _event: e.ReleaseCancelled, _meta: Meta) -> R:
    """The end."""
    return replace(state, plan=None, media=(), stage=Stage.CANCELLED)


@evolves(e.PublicationLinked)
def linked(state: R, event: e.PublicationLinked, _meta: Meta) -> R:
    """The latest comparison counts."""
    return replace(state, publication=event.publication, edition=event.edition)
