"""The commands of an important matter."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.publishing.catalogue_entry.commands import Channel
from services.publishing.comment_register.state import CommentRegister, comment_register, register_id
from services.publishing.consultation import decisions, events
from services.publishing.consultation.collation import Saying
from services.publishing.consultation.decisions import Opening
from services.publishing.consultation.state import Consultation, consultation
from services.publishing.publication.state import Publication, publication
from shared.kernel.commands import Command, Decision, Given, command, handles

C = Consultation
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Line = Annotated[str, Field(min_length=2, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)]
DRAFT = "国令713 第十五条"
MEETING = "国令713 第十六条、第十七条"


class GroupIn(BaseModel):
    """Opinions that say the same: the comments by their numbers, and how many more came on paper."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    gist: str = Field(title="意见要点", min_length=2, max_length=2000, description="不要写入个人信息")
    numbers: str = Field(default="", title="意见序号", max_length=20_000, description="平台收到的意见，如 1-3、7")
    on_paper: int = Field(default=0, title="平台以外的意见条数", ge=0, le=1_000_000, description="信函、电话、当面提出而没有录入平台的")


def public_of(given: Given, id: UUID) -> Publication:
    """The publication that a stage names."""
    found = given.others[id]
    assert isinstance(found, Publication)
    return found


@command(
    of=consultation,
    verb="propose",
    title="提出重要事项",
    capability="publishing.consult",
    creates=True,
    rules=("DX-06a", "JC-02"),
    article="国令713 第十二条",
    events=(events.MatterProposed,),
)
class ProposeMatter(Command):
    """重要事项分三个阶段公开：事前征求意见、决策公开、结果公开。"""

    title: Line = Field(title="事项")
    unit: str = Field(title="承办科室", min_length=1, max_length=40)
    impact: Literal["major", "wide", "limited"] = Field(title="影响范围和程度")
    touches_interests: bool = Field(default=False, title="涉及群众切身利益")


@handles(ProposeMatter)
def propose(command: ProposeMatter, _state: C, given: Given) -> Decision:
    """What is to be decided."""
    return decisions.propose(given, command.title, command.unit, command.impact, command.touches_interests)


@command(
    of=consultation,
    verb="record-risk",
    title="登记舆情风险评估",
    capability="publishing.consult",
    rules=("YQ-03.2b",),
    opens=decisions.undecided,
    events=(events.RiskRecorded,),
)
class RecordRisk(Command):
    """出台前通过跟踪、抽样、走访、会商等方式评估，确定等级和处置预案。"""

    methods: tuple[Literal["tracking", "sampling", "visits", "joint_study"], ...] = Field(title="评估方式", min_length=1, max_length=4)
    level: Literal["low", "medium", "high"] = Field(title="风险等级")
    plan: Text = Field(title="处置预案")


@handles(RecordRisk)
def record_risk(command: RecordRisk, _state: C, _given: Given) -> Decision:
    """All three."""
    return decisions.record_risk(command.methods, command.level, command.plan)


@command(
    of=consultation,
    verb="hear-risk",
    title="收到舆情风险评估",
    capability="publishing.keep_time",
    internal=True,
    rules=("YQ-03.2b",),
    events=(events.RiskRecorded,),
)
class HearRisk(Command):
    """新闻与舆情作出的评估。"""

    assessment: UUID = Field(title="评估")
    methods: tuple[str, ...] = Field(title="评估方式", min_length=1, max_length=20)
    level: str = Field(title="风险等级", max_length=40)
    plan: str = Field(title="处置预案", max_length=20_000)


@handles(HearRisk)
def hear_risk(command: HearRisk, state: C, _given: Given) -> Decision:
    """Over NATS."""
    said = command.model_dump(include={"assessment", "methods", "level", "plan"})
    return decisions.hear_risk(state, events.RiskRecorded(**said))


@command(
    of=consultation,
    verb="omit-stage",
    title="省略公开阶段",
    capability="publishing.approve",
    rules=("DX-06c",),
    article="国令713 第十二条",
    events=(events.StageOmitted,),
)
class OmitStage(Command):
    """省略一个阶段的，登记理由。"""

    stage: Literal["comments", "decision"] = Field(title="阶段")
    reason: Text = Field(title="理由")


@handles(OmitStage)
def omit_stage(command: OmitStage, state: C, _given: Given) -> Decision:
    """With its reason."""
    return decisions.omit(state, command.stage, command.reason)


@command(
    of=consultation,
    verb="open-to-comments",
    title="公开征求意见",
    capability="publishing.consult",
    rules=("JC-01a", "JC-02", "DX-06a"),
    article=DRAFT,
    opens=decisions.unopened,
    events=(events.ConsultationOpened,),
)
class OpenToComments(Command):
    """公布草案及其说明、提出意见的方式和期限；期限一般不少于30日。"""

    draft: Sha256 = Field(title="草案（SHA-256）")
    explanation: Text = Field(title="说明")
    ways: tuple[Literal["online", "post", "email", "telephone", "in_person"], ...] = Field(
        title="提出意见的方式", min_length=1, max_length=5
    )
    until: date = Field(title="截止日期")
    form: Literal["hearing", "forum", "consultation_meeting", "open"] = Field(title="听取意见的形式")
    short_reason: str = Field(default="", title="期限较短的理由", max_length=2000, description="少于30日的填写，并向社会公布")


@handles(OpenToComments)
def open_to_comments(command: OpenToComments, state: C, given: Given) -> Decision:
    """The first stage."""
    return decisions.open_consultation(state, given, Opening(*(getattr(command, field) for field in Opening._fields)))


@command(
    of=consultation,
    verb="announce-hearing",
    title="公告听证会或者会议",
    capability="publishing.consult",
    rules=("JC-02",),
    article=MEETING,
    opens=decisions.consulting,
    events=(events.HearingAnnounced,),
)
class AnnounceHearing(Command):
    """听证会公布参加人名单，材料在7日前送达。"""

    on: date = Field(title="日期")
    place: Line = Field(title="地点")
    participants: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = Field(
        default=(), title="参加人名单", max_length=100, description="依法向社会公布，如行业协会、街道代表"
    )
    material_on: date = Field(title="材料送达日期")


@handles(AnnounceHearing)
def announce_hearing(command: AnnounceHearing, state: C, given: Given) -> Decision:
    """In good time."""
    return decisions.announce(state, given, command.on, command.place, command.participants, command.material_on)


@command(
    of=consultation,
    verb="record-hearing",
    title="登记会议举行",
    capability="publishing.consult",
    rules=("JC-02",),
    article=MEETING,
    opens=decisions.announced,
    events=(events.HearingHeld,),
)
class RecordHearing(Command):
    """会议记录由参加人签字。"""

    record: Sha256 = Field(title="会议记录（SHA-256）")
    signed: bool = Field(title="参加人已签字")


@handles(RecordHearing)
def record_hearing(command: RecordHearing, state: C, given: Given) -> Decision:
    """On its day."""
    return decisions.hold(state, given, command.record, command.signed)


@command(
    of=consultation,
    verb="collate",
    title="归纳整理意见",
    capability="publishing.consult",
    rules=("JC-03a",),
    article="国令713 第十八条",
    opens=decisions.ended,
    also=lambda _command, _agency, _day, state: [(comment_register, register_id(state.id))],
    events=(events.CommentsCollated,),
)
class Collate(Command):
    """截止以后，归纳整理各方意见：平台收到的每一条都归入一个要点，条数由系统计算。"""

    groups: tuple[GroupIn, ...] = Field(title="意见", min_length=0, max_length=200)


@handles(Collate)
def collate(command: Collate, state: C, given: Given) -> Decision:
    """In groups, none left out."""
    register = given.others[register_id(state.id)]
    assert isinstance(register, CommentRegister)
    return decisions.collate([Saying(one.gist, one.numbers, one.on_paper) for one in command.groups], register)


@command(
    of=consultation,
    verb="file-report",
    title="形成会议报告",
    capability="publishing.consult",
    rules=("JC-06a",),
    article=MEETING,
    opens=decisions.held_meeting,
    events=(events.ReportFiled,),
)
class FileReport(Command):
    """会后如实、全面、及时形成报告，作为决策依据。"""

    report: Sha256 = Field(title="报告（SHA-256）")


@handles(FileReport)
def file_report(command: FileReport, _state: C, _given: Given) -> Decision:
    """After the meeting."""
    return decisions.file_report(command.report)


@command(
    of=consultation,
    verb="link-decision",
    title="登记决策公开",
    capability="publishing.consult",
    rules=("DX-06b", "JC-06a", "YQ-03.2b"),
    article="国令713 第三十二条",
    also=lambda command, _agency, _day, _state: [(publication, command.publication)],
    opens=decisions.to_decide,
    events=(events.DecisionLinked,),
)
class LinkDecision(Command):
    """决策已经公开，连同讨论情况。"""

    publication: UUID = Field(title="公开的决策")
    discussion: Text = Field(title="讨论情况")


@handles(LinkDecision)
def link_decision(command: LinkDecision, _state: C, given: Given) -> Decision:
    """The second stage."""
    return decisions.link_decision(public_of(given, command.publication), command.discussion)


@command(
    of=consultation,
    verb="tell-adoption",
    title="公布采纳情况",
    capability="publishing.consult",
    rules=("JC-03c", "JC-06c"),
    article="国令713 第三十二条",
    opens=decisions.was_collated,
    events=(events.FeedbackPublished,),
)
class TellAdoption(Command):
    """采纳情况和未采纳的理由，以适当方式向社会公布。"""

    adopted: Text = Field(title="采纳的意见")
    not_adopted: Text = Field(title="未采纳的意见和理由")
    channels: tuple[Channel, ...] = Field(title="载体", min_length=1, max_length=12)
    evidence: Line = Field(title="证据")


@handles(TellAdoption)
def tell_adoption(command: TellAdoption, _state: C, _given: Given) -> Decision:
    """To everybody."""
    said = events.FeedbackPublished(**command.model_dump(include={"adopted", "not_adopted", "channels", "evidence"}))
    return decisions.publish_feedback(said)


@command(
    of=consultation,
    verb="tell-result",
    title="登记结果公开",
    capability="publishing.consult",
    rules=("DX-06c",),
    article="国令711 第六条",
    also=lambda command, _agency, _day, _state: [(publication, command.publication)],
    opens=decisions.to_tell_result,
    events=(events.ResultPublished,),
)
class TellResult(Command):
    """结果公开，接受监督。"""

    publication: UUID = Field(title="公开的结果")


@handles(TellResult)
def tell_result(command: TellResult, _state: C, given: Given) -> Decision:
    """The third stage."""
    return decisions.publish_result(public_of(given, command.publication))
