"""An inquiry as it stands, and how each event changes it."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from msgspec.structs import replace

from services.press.inquiry import events as e
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal


class Stage(StrEnum):
    """Where an inquiry stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"


TITLES: dict[Stage, str] = {
    Stage.RECEIVED: "待交办",
    Stage.ASSIGNED: "待答复",
    Stage.ANSWERED: "已答复，待公开真实情况",
    Stage.CLOSED: "已办结",
}


class Inquiry(State, frozen=True):
    """An inquiry as it stands. `hot`: its facts are to be published; `published`: they are."""

    never_told: ClassVar[tuple[str, ...]] = ("password_hash",)
    agency: str = ""
    kind: str = ""
    channel: str = ""
    text: Personal | None = None
    name: Personal | None = None
    contact: Personal | None = None
    person_key: UUID | None = None
    tracking_number: str = ""
    password_hash: str = ""
    received_on: date | None = None
    deadline: Deadline | None = None
    unit: str = ""
    topic: str = ""
    hot: bool = False
    facts_deadline: Deadline | None = None
    answer: Personal | None = None
    answered_on: date | None = None
    published: bool = False
    facts: str = ""
    publication: UUID | None = None
    missed: tuple[str, ...] = ()
    stage: Stage = Stage.RECEIVED


inquiry: Aggregate[Inquiry] = Aggregate("press.Inquiry", Inquiry)
evolves = inquiry.evolves


@evolves(e.InquiryReceived)
def received(state: Inquiry, event: e.InquiryReceived, meta: Meta) -> Inquiry:
    """It waits for a unit."""
    return replace(
        state, agency=meta.agency, kind=event.kind, channel=event.channel, text=event.text, name=event.name, contact=event.contact,
        person_key=event.person_key, tracking_number=event.tracking_number, password_hash=event.password_hash,
        received_on=meta.effective_on, deadline=event.deadline,
    )  # fmt: skip


@evolves(e.InquiryAssigned)
def assigned(state: Inquiry, event: e.InquiryAssigned, _meta: Meta) -> Inquiry:
    """A unit is in charge."""
    return replace(
        state, unit=event.unit, topic=event.topic, hot=event.hot, facts_deadline=event.facts_deadline, stage=Stage.ASSIGNED
    )  # fmt: skip


@evolves(e.InquiryAnswered)
def answered(state: Inquiry, event: e.InquiryAnswered, meta: Meta) -> Inquiry:
    """Told; a hot topic waits for its facts."""
    return replace(
        state,
        answer=event.text,
        answered_on=meta.effective_on,
        stage=Stage.ANSWERED if state.hot and not state.published else Stage.CLOSED,
    )


@evolves(e.FactsPublished)
def facts_published(state: Inquiry, event: e.FactsPublished, _meta: Meta) -> Inquiry:
    """Everybody may know; who has asked is answered all the same."""
    return replace(
        state,
        published=True,
        facts=event.facts,
        publication=event.publication or state.publication,
        stage=Stage.CLOSED if state.stage is Stage.ANSWERED else state.stage,
    )


@evolves(e.InquiryMissed)
def missed(state: Inquiry, event: e.InquiryMissed, _meta: Meta) -> Inquiry:
    """Late, once each."""
    return replace(state, missed=(*state.missed, event.owed))
