"""Every event of an important matter: its risk, its three stages, its comments together and its meetings."""

from datetime import date
from uuid import UUID

import msgspec

from shared.kernel.events import Event, event

STAGES = {"decree-711": "国令713 第十二条至第十八条", "bureau-2019": "本局党务政务公开制度（DX-06）"}
DRAFT = {"decree-711": "国令713 第十五条", "bureau-2019": "本局公众参与制度（JC-01）"}
MEETING = {"decree-711": "国令713 第十六条、第十七条", "bureau-2019": "本局公众参与制度（JC-02）"}
OPINIONS = {"decree-711": "国令713 第十八条", "bureau-2019": "本局公众参与制度（JC-03）"}
DECISION = {"decree-711": "国令713 第三十二条", "bureau-2019": "本局党务政务公开制度（DX-06）"}


class Group(msgspec.Struct, frozen=True, omit_defaults=True):
    """Opinions that say the same: their gist, without anybody's personal data, and how many.

    `numbers`: which of the comments that came through the platform, in order; `on_paper`: how many more came on paper or were said aloud.
    """

    gist: str
    count: int
    numbers: tuple[int, ...] = ()
    on_paper: int = 0


@event("publishing.MatterProposed", title="提出重要事项", rules=("DX-06a",), article=STAGES)
class MatterProposed(Event, frozen=True):
    """A matter that is to be decided, how far it reaches, and whether it touches people's own interests."""

    title: str
    unit: str
    impact: str
    touches_interests: bool


@event("publishing.RiskRecorded", title="登记舆情风险评估", rules=("YQ-03.2b",), article=STAGES)
class RiskRecorded(Event, frozen=True):
    """The assessment of what the public may say of it: methods, level and contingency plan; `assessment` is press's, where press has made it."""

    methods: tuple[str, ...]
    level: str
    plan: str
    assessment: UUID | None = None


@event("publishing.StageOmitted", title="省略公开阶段", rules=("DX-06c",), article=STAGES)
class StageOmitted(Event, frozen=True):
    """A stage that is left out, with its reason."""

    stage: str
    reason: str


@event("publishing.ConsultationOpened", title="公开征求意见", rules=("JC-01a", "JC-01b", "DX-06a"), article=DRAFT)
class ConsultationOpened(Event, frozen=True):
    """The draft is published, with its explanation, how comments may be made, and until when. `short_reason` is published with it."""

    draft: str
    explanation: str
    ways: tuple[str, ...]
    until: date
    form: str
    short_reason: str = ""


@event("publishing.HearingAnnounced", title="公告听证会或者会议", rules=("JC-02",), article=MEETING)
class HearingAnnounced(Event, frozen=True):
    """A hearing or meeting, when and where; for a hearing the participants are public and have the material some days before."""

    form: str
    on: date
    place: str
    participants: tuple[str, ...]
    material_on: date


@event("publishing.HearingHeld", title="举行听证会或者会议", rules=("JC-02",), article=MEETING)
class HearingHeld(Event, frozen=True):
    """It took place; the record is signed."""

    form: str
    record: str
    signed: bool


@event("publishing.CommentsCollated", title="归纳整理意见", rules=("JC-03a",), article=OPINIONS)
class CommentsCollated(Event, frozen=True):
    """All that was said, in groups, and how many opinions there were."""

    groups: tuple[Group, ...]
    count: int


@event("publishing.ReportFiled", title="形成会议报告", rules=("JC-06a",), article=MEETING)
class ReportFiled(Event, frozen=True):
    """The report of a meeting, named by the SHA-256 of its bytes: a basis of the decision."""

    report: str


@event("publishing.DecisionLinked", title="决策公开", rules=("DX-06b", "JC-06a"), article=DECISION)
class DecisionLinked(Event, frozen=True):
    """The decision is public, with what was discussed."""

    publication: UUID
    discussion: str


@event("publishing.FeedbackPublished", title="公布采纳情况", rules=("JC-03c", "JC-06c"), article=DECISION)
class FeedbackPublished(Event, frozen=True):
    """What was adopted and what was not, with the reasons, told to everybody by these channels."""

    adopted: str
    not_adopted: str
    channels: tuple[str, ...]
    evidence: str


@event("publishing.ResultPublished", title="结果公开", rules=("DX-06c",), article=DECISION)
class ResultPublished(Event, frozen=True):
    """What came of the decision is public, open to supervision."""

    publication: UUID
