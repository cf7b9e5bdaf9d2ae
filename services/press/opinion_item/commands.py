"""The commands of an item of public opinion: seen, verified, assessed, handled, closed. Those of its response stand beside."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from services.press.opinion_item import decisions, events
from services.press.opinion_item.state import OpinionItem, opinion_item
from shared.kernel.commands import Command, Decision, Given, command, handles

N = OpinionItem
ARTICLE = "国办发〔2016〕61号"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Line = Annotated[str, Field(min_length=2, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)]
Points = Annotated[int, Field(ge=0, le=3)]
Body = Literal["portal", "hotline", "weibo", "wechat", "city_office"]


@command(
    of=opinion_item,
    verb="detect",
    title="登记舆情",
    capability="press.monitor",
    creates=True,
    rules=("YQ-03.1a", "XW-08.2"),
    article=ARTICLE,
    events=(events.OpinionDetected,),
)
class DetectOpinion(Command):
    """专人巡查发现的舆情：来源、位置和时间。不填写发布人的姓名、账号。"""

    source: Literal["website", "forum", "weibo", "wechat", "video", "newspaper", "broadcast", "hotline", "visit", "other"] = Field(
        title="来源"
    )
    place: str = Field(title="网址或者位置", min_length=2, max_length=500)
    title: Line = Field(title="标题")
    summary: Text = Field(title="摘要", description="不填写发布人的姓名、账号")
    detected_at: AwareDatetime = Field(title="发现时间")
    published_at: AwareDatetime | None = Field(default=None, title="发布时间")


@handles(DetectOpinion)
def detect(command: DetectOpinion, _state: N, given: Given) -> Decision:
    """Its clock begins at this moment."""
    seen = events.OpinionDetected(
        source=command.source, place=command.place, title=command.title, summary=command.summary,
        detected_at=utc(command.detected_at), published_at=utc(command.published_at) if command.published_at else None,
    )  # fmt: skip
    return decisions.detect(given, seen)


def utc(moment: datetime) -> datetime:
    """An instant as it is stored."""
    return moment.astimezone(UTC)


@command(
    of=opinion_item,
    verb="miss-response",
    title="记录逾时未回应",
    capability="press.keep_time",
    internal=True,
    rules=("YQ-03.1c",),
    article=ARTICLE,
    events=(events.ResponseMissed,),
)
class MissResponse(Command):
    """限时已过而没有回应。"""


@handles(MissResponse)
def miss(_command: MissResponse, state: N, given: Given) -> Decision:
    """Each once."""
    return decisions.miss(state, given)


@command(
    of=opinion_item,
    verb="assign-owner",
    title="确定主管科室",
    capability="press.manage",
    rules=("YQ-02.2",),
    article=ARTICLE,
    opens=decisions.unowned,
    events=(events.OwnerAssigned,),
)
class AssignOwner(Command):
    """谁主管、谁负责：确定一个主管科室。"""

    unit: str = Field(title="主管科室", min_length=1, max_length=40)


@handles(AssignOwner)
def assign_owner(command: AssignOwner, _state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.assign_owner(given, command.unit)


@command(
    of=opinion_item,
    verb="share",
    title="互通共享",
    capability="press.monitor",
    rules=("YQ-03.1d",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.OpinionShared,),
)
class ShareOpinion(Command):
    """与门户网站、政府热线、政务微博微信的机构互通舆情信息。"""

    bodies: tuple[Body, ...] = Field(title="机构", min_length=1, max_length=5)
    note: Line = Field(title="说明")


@handles(ShareOpinion)
def share(command: ShareOpinion, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.OpinionShared(bodies=command.bodies, note=command.note)]


@command(
    of=opinion_item,
    verb="request-verification",
    title="请求核实",
    capability="press.monitor",
    rules=("YQ-03.1b",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.VerificationRequested,),
)
class RequestVerification(Command):
    """对疑虑、误解、歪曲、谣言，迅速请有关机构核实。"""

    of: Body = Field(title="向谁核实")
    question: Text = Field(title="核实的问题")


@handles(RequestVerification)
def request_verification(command: RequestVerification, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.VerificationRequested(of=command.of, question=command.question)]


@command(
    of=opinion_item,
    verb="record-verification",
    title="登记核实结果",
    capability="press.monitor",
    rules=("YQ-03.1b",),
    article=ARTICLE,
    opens=decisions.verifying,
    events=(events.OpinionVerified,),
)
class RecordVerification(Command):
    """核实的结果和事实。"""

    found: Literal["true", "partly", "misunderstood", "distorted", "rumour"] = Field(title="结果")
    facts: Text = Field(title="事实")


@handles(RecordVerification)
def record_verification(command: RecordVerification, _state: N, _given: Given) -> Decision:
    """What was asked."""
    return [events.OpinionVerified(found=command.found, facts=command.facts)]


@command(
    of=opinion_item,
    verb="assess",
    title="研判",
    capability="press.manage",
    rules=("YQ-03.2a",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.OpinionAssessed,),
)
class AssessOpinion(Command):
    """按标准评分，定等级，判断是否回应；可以调高等级，不能调低。"""

    content: Points = Field(title="舆情内容（0–3）")
    public: Points = Field(title="公众反应（0–3）")
    media: Points = Field(title="媒体介入（0–3）")
    level: Literal["", "major", "sensitive", "ordinary"] = Field(default="", title="等级", description="不填则按得分")
    respond: bool = Field(title="需要回应")
    reason: Line = Field(title="理由")


@handles(AssessOpinion)
def assess(command: AssessOpinion, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.assess(
        state,
        given,
        {"content": command.content, "public": command.public, "media": command.media},
        command.level,
        respond=command.respond,
        reason=command.reason,
    )


@command(
    of=opinion_item,
    verb="propose-handling",
    title="提出处置意见",
    capability="press.manage",
    rules=("YQ-03.2d",),
    article=ARTICLE,
    opens=decisions.proposable,
    events=(events.HandlingProposed,),
)
class ProposeHandling(Command):
    """评估性质、走势和风险，提出预控和处置意见，按程序报审。"""

    nature: Line = Field(title="性质")
    trend: Line = Field(title="走势")
    risk: Line = Field(title="风险")
    measures: Text = Field(title="处置意见")


@handles(ProposeHandling)
def propose_handling(command: ProposeHandling, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.HandlingProposed(nature=command.nature, trend=command.trend, risk=command.risk, measures=command.measures)]


@command(
    of=opinion_item,
    verb="approve-handling",
    title="批准处置意见",
    capability="press.approve_handling",
    rules=("YQ-03.2d",),
    article=ARTICLE,
    opens=decisions.proposed,
    events=(events.HandlingApproved,),
)
class ApproveHandling(Command):
    """批准以后按意见处置。"""


@handles(ApproveHandling)
def approve_handling(_command: ApproveHandling, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.approve_handling(state, given)


@command(
    of=opinion_item,
    verb="return-handling",
    title="退回处置意见",
    capability="press.approve_handling",
    rules=("YQ-03.2d",),
    article=ARTICLE,
    opens=decisions.proposed,
    events=(events.HandlingReturned,),
)
class ReturnHandling(Command):
    """处置意见需要修改。"""

    reason: Line = Field(title="修改意见")


@handles(ReturnHandling)
def return_handling(command: ReturnHandling, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.HandlingReturned(reason=command.reason)]


@command(
    of=opinion_item,
    verb="report-up",
    title="归口报送",
    capability="press.manage",
    rules=(
        "YQ-03.3",
        "YQ-03.1c",
    ),
    article=ARTICLE,
    opens=decisions.reportable,
    events=(events.ReportedUp,),
)
class ReportUp(Command):
    """归口报送本级和上级机关，记录用时。"""

    to: Line = Field(title="报送机关")
    level: Literal["same", "higher"] = Field(title="级别")
    way: Line = Field(title="方式")


@handles(ReportUp)
def report_up(command: ReportUp, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.report(state, given, command.to, command.level, command.way)


@command(
    of=opinion_item,
    verb="accept",
    title="受理",
    capability="press.handle",
    rules=("YQ-03.4b",),
    article=ARTICLE,
    opens=decisions.acceptable,
    events=(events.OpinionAccepted,),
)
class AcceptOpinion(Command):
    """主管科室受理。"""


@handles(AcceptOpinion)
def accept(_command: AcceptOpinion, _state: N, _given: Given) -> Decision:
    """By its owner, after it was assessed."""
    return [events.OpinionAccepted()]


@command(
    of=opinion_item,
    verb="transfer",
    title="转办",
    capability="press.manage",
    rules=("YQ-03.4b",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.OpinionTransferred,),
)
class TransferOpinion(Command):
    """不属于该科室主管的，转另一科室。"""

    unit: str = Field(title="主管科室", min_length=1, max_length=40)
    reason: Line = Field(title="理由")


@handles(TransferOpinion)
def transfer(command: TransferOpinion, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.transfer(state, given, command.unit, command.reason)


@command(
    of=opinion_item,
    verb="feed-back",
    title="反馈办理结果",
    capability="press.handle",
    rules=("YQ-03.4b",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.HandlingFedBack,),
)
class FeedBack(Command):
    """主管科室反馈办理结果。"""

    result: Text = Field(title="办理结果")


@handles(FeedBack)
def feed_back(command: FeedBack, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.HandlingFedBack(result=command.result)]


@command(
    of=opinion_item,
    verb="assign-joint-task",
    title="分派协同任务",
    capability="press.manage",
    rules=("YQ-03.4d",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.JointTaskAssigned,),
)
class AssignJointTask(Command):
    """各科室协同处置。"""

    unit: str = Field(title="协同科室", min_length=1, max_length=40)
    task: Line = Field(title="任务")


@handles(AssignJointTask)
def assign_joint_task(command: AssignJointTask, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.join(state, given, command.unit, command.task)


@command(
    of=opinion_item,
    verb="link-case",
    title="关联实际事项",
    capability="press.handle",
    rules=("YQ-03.4a",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.RealCaseLinked,),
)
class LinkRealCase(Command):
    """舆情处置与事件处置结合：指明要解决的实际事项。"""

    what: Line = Field(title="实际事项")
    case: UUID | None = Field(default=None, title="本平台的案件编号")


@handles(LinkRealCase)
def link_case(command: LinkRealCase, _state: N, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.RealCaseLinked(what=command.what, case=command.case)]


@command(
    of=opinion_item,
    verb="solve-case",
    title="实际事项已解决",
    capability="press.handle",
    rules=("YQ-03.4a",),
    article=ARTICLE,
    opens=decisions.unsolved,
    events=(events.RealCaseSolved,),
)
class SolveRealCase(Command):
    """实际事项怎样解决。"""

    how: Line = Field(title="解决情况")


@handles(SolveRealCase)
def solve_case(command: SolveRealCase, _state: N, _given: Given) -> Decision:
    """The matter that was linked."""
    return [events.RealCaseSolved(how=command.how)]


@command(
    of=opinion_item,
    verb="close",
    title="办结",
    capability="press.manage",
    rules=("YQ-03.4b",),
    article=ARTICLE,
    opens=decisions.closable,
    events=(events.ItemClosed,),
)
class CloseItem(Command):
    """回应、解决和反馈都已完成。"""

    reason: Line = Field(title="办结情况")


@handles(CloseItem)
def close(command: CloseItem, _state: N, _given: Given) -> Decision:
    """When all was done."""
    return [events.ItemClosed(reason=command.reason)]
