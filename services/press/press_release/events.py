"""Every event of a release. No journalist and no citizen stands in them by name; who speaks is an official's id."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.press.clearance.events import Addressee
from services.press.release_team.events import CIRCULAR, told_in
from shared.kernel.events import Event, event


class AnswerLine(msgspec.Struct, frozen=True):
    """A question that may come, and the line to answer it by."""

    question: str
    line: str


class Answered(msgspec.Struct, frozen=True):
    """What was asked, and what was answered."""

    question: str
    answer: str


@event("press.TopicProposed", title="提出发布主题", rules=("XW-07.3a", "XW-07.3b", "XW-07.4", "XW-08.2"), article=told_in("XW-07.3"))
class TopicProposed(Event, frozen=True):
    """What is to be released, of which class of content, proposed by a superior body, the leading group or a unit.

    `basis`: the document by which a superior or the group proposes. `unit` delivers the content. `opinion`: the item of public opinion that it
    answers; `rests_on`: the items that it takes up.
    """

    title: str
    summary: str
    content: str
    origin: str
    unit: str
    basis: str = ""
    emergency: bool = False
    opinion: UUID | None = None
    rests_on: tuple[UUID, ...] = ()


@event("press.TopicRevised", title="修改发布主题", rules=("XW-07.3b",), article=told_in("XW-07.3"))
class TopicRevised(Event, frozen=True):
    """It is reviewed anew."""

    title: str
    summary: str
    content: str


@event("press.TopicReviewed", title="审核发布主题", rules=("XW-07.3b",), article=told_in("XW-07.3"))
class TopicReviewed(Event, frozen=True):
    """Agreed to by the leader in charge (`leader`), then by the head of the agency (`head`)."""

    level: str
    opinion: str = ""


@event("press.TopicReturned", title="退回发布主题", rules=("XW-07.3b",), article=told_in("XW-07.3"))
class TopicReturned(Event, frozen=True):
    """To be thought over."""

    reason: str


@event("press.TopicAccepted", title="受理发布主题", rules=("XW-07.3b",), article=told_in("XW-07.3"))
class TopicAccepted(Event, frozen=True):
    """The general office organises it."""


@event("press.DraftPrepared", title="拟定发布稿和答问口径", rules=("XW-07.3c",), article=told_in("XW-07.3"))
class DraftPrepared(Event, frozen=True):
    """The statement and the lines to answer by; `hash` names exactly this. `concerns`: the other agencies that have to confirm it."""

    statement: str
    answers: tuple[AnswerLine, ...]
    hash: str
    concerns: tuple[Addressee, ...] = ()


@event("press.DraftReturned", title="退回发布稿", rules=("XW-07.3c",), article=told_in("XW-07.3"))
class DraftReturned(Event, frozen=True):
    """Not approved."""

    reason: str


@event("press.DraftApproved", title="审定发布稿和答问口径", rules=("XW-07.3c",), article=told_in("XW-07.3"))
class DraftApproved(Event, frozen=True):
    """Another person than who has prepared it approves exactly this."""

    hash: str


@event("press.SpokespersonAuthorised", title="授权发布", rules=("XW-06",), article=told_in("XW-06"))
class SpokespersonAuthorised(Event, frozen=True):
    """This spokesperson may speak about it: authorised by the Party committee, the government or the bureau, by this document."""

    person: UUID
    authority: str
    document: str


@event("press.AuthorisationRevoked", title="收回发布授权", rules=("XW-06",), article=told_in("XW-06"))
class AuthorisationRevoked(Event, frozen=True):
    """Nobody may speak about it until somebody is authorised again."""

    reason: str


@event("press.EventPlanned", title="安排发布活动", rules=("XW-04a",), article=told_in("XW-04"))
class EventPlanned(Event, frozen=True):
    """When, where and how (press conference, or journalists are met), organised in the name of the general office."""

    form: str
    at: datetime
    place: str
    in_name_of: str


@event("press.EventPostponed", title="发布活动改期", rules=("XW-04a",), article=told_in("XW-04"))
class EventPostponed(Event, frozen=True):
    """At another time; who was invited is told."""

    at: datetime
    place: str
    reason: str


@event("press.EventCancelled", title="取消发布活动", rules=("XW-04a",), article=told_in("XW-04"))
class EventCancelled(Event, frozen=True):
    """It is not held; another one may be planned."""

    reason: str


@event("press.JournalistsInvited", title="邀请记者", rules=("XW-07.5",), article=told_in("XW-07.5"))
class JournalistsInvited(Event, frozen=True):
    """Which kinds of media were invited; `reason`: why others than those of this city."""

    media: tuple[str, ...]
    reason: str = ""


@event("press.EventHeld", title="举行发布活动", rules=("XW-02", "XW-05", "XW-04a"), article=told_in("XW-02"))
class EventHeld(Event, frozen=True):
    """Held by this spokesperson for the agency, never for itself: what was asked and answered, and the evidence of it."""

    form: str
    speaker: UUID
    speaks_for: str
    in_name_of: str
    questions: tuple[Answered, ...]
    evidence: str


@event("press.StatementIssued", title="发布新闻稿", rules=("XW-05", "XW-06"), article=told_in("XW-05"))
class StatementIssued(Event, frozen=True):
    """Said on this channel for the agency: exactly what was approved."""

    channel: str
    evidence: str
    hash: str
    title: str
    text: str
    unit: str
    speaker: UUID
    speaks_for: str


@event("press.ReleaseCancelled", title="取消发布", rules=("XW-07.3a", "XW-07.3b"), article=told_in("XW-07.3"))
class ReleaseCancelled(Event, frozen=True):
    """Nothing is said about it."""

    reason: str


@event("press.PublicationLinked", title="关联公开信息", rules=("YQ-03.5b",), article=CIRCULAR)
class PublicationLinked(Event, frozen=True):
    """The publication that says the same, and its version that was compared with the statement."""

    publication: UUID
    edition: int
