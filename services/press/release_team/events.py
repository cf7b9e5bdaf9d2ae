"""Every event of the organisation that speaks for the agency. Officials stand in them by their ids."""

from uuid import UUID

import msgspec

from shared.kernel.events import Event, event

CIRCULAR = "国办发〔2016〕61号"


def told_in(rule: str) -> dict[str, str]:
    """The article of each rulebook for a rule of the bureau's press system."""
    return {"decree-711": CIRCULAR, "bureau-2019": f"本局新闻发布制度（{rule}）"}


class Member(msgspec.Struct, frozen=True):
    """A member of the leading group: the person, its rank, and its duty (head, lead or member)."""

    person: UUID
    rank: str
    duty: str = "member"


@event("press.GroupConstituted", title="成立新闻发布工作领导小组", rules=("XW-03", "XW-04b"), article=told_in("XW-03"))
class GroupConstituted(Event, frozen=True):
    """The leading group with all its members, by this document; another one takes the place of the one before."""

    members: tuple[Member, ...]
    document: str


@event("press.SpokespersonAppointed", title="确定新闻发言人", rules=("XW-04b",), article=told_in("XW-04b"))
class SpokespersonAppointed(Event, frozen=True):
    """An official of this rank speaks for the agency."""

    person: UUID
    rank: str
    document: str


@event("press.SpokespersonDismissed", title="免去新闻发言人", rules=("XW-04b",), article=told_in("XW-04b"))
class SpokespersonDismissed(Event, frozen=True):
    """No longer speaks for the agency."""

    person: UUID
    reason: str


@event("press.LiaisonAppointed", title="配备联络员", rules=("XW-04c",), article=told_in("XW-04c"))
class LiaisonAppointed(Event, frozen=True):
    """Does the office work of releases."""

    person: UUID


@event("press.LiaisonDismissed", title="调整联络员", rules=("XW-04c",), article=told_in("XW-04c"))
class LiaisonDismissed(Event, frozen=True):
    """No longer a liaison officer."""

    person: UUID
    reason: str


@event("press.NetworkJoined", title="加入新闻发布工作网络", rules=("XW-08.3",), article=told_in("XW-08.3"))
class NetworkJoined(Event, frozen=True):
    """Who collects and tells for this unit; another one takes the place of the one before."""

    unit: str
    person: UUID


@event("press.NetworkLeft", title="退出新闻发布工作网络", rules=("XW-08.3",), article=told_in("XW-08.3"))
class NetworkLeft(Event, frozen=True):
    """Nobody does for this unit."""

    unit: str
    reason: str


@event("press.TrainingHeld", title="举办新闻发布培训", rules=("XW-08.3",), article=told_in("XW-08.3"))
class TrainingHeld(Event, frozen=True):
    """What was taught, who came, and the evidence of it."""

    topic: str
    attended: tuple[UUID, ...]
    evidence: str


@event(
    "press.ResponseUnitDesignated",
    title="明确负责引导和回应的科室",
    rules=("YQ-03.5a",),
    article={"decree-711": CIRCULAR, "bureau-2019": "本局政务舆情回应制度（YQ-03.5a）"},
)
class ResponseUnitDesignated(Event, frozen=True):
    """The one unit that guides and responds, and its people who do; nobody else issues a response."""

    unit: str
    people: tuple[UUID, ...]
    document: str
