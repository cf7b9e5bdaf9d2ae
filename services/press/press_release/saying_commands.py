"""The commands with which a release is said: the event, the journalists, the statement, and what is public of it."""

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.press.opinion_item.events import PressEventLinked
from services.press.press_release import decisions, events, guards
from services.press.press_release.commands import ORGANISE, Line, R, Text, found_clearance, found_item, found_team, saying_named
from services.press.press_release.state import press_release
from services.press.release_team.events import CIRCULAR
from shared.kernel.commands import Command, Decision, Given, command, handles

Media = Literal["city_daily", "city_broadcast", "city_website", "county_media", "provincial_media", "central_media", "other_media"]
Form = Literal["press_conference", "journalists_met"]


class AnsweredIn(BaseModel):
    """What was asked, and what was answered."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    question: Line = Field(title="提问", description="不填写提问人的姓名")
    answer: Text = Field(title="回答")


@command(
    of=press_release,
    verb="plan-event",
    title="安排发布活动",
    capability=ORGANISE,
    rules=("XW-04a", "XW-02"),
    article=CIRCULAR,
    opens=guards.plannable,
    events=(events.EventPlanned,),
)
class PlanEvent(Command):
    """以综合科名义组织新闻发布会或者约见记者。"""

    form: Form = Field(title="形式")
    at: AwareDatetime = Field(title="时间")
    place: Line = Field(title="地点")


@handles(PlanEvent)
def plan(command: PlanEvent, _state: R, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.plan(given, command.form, utc(command.at), command.place)


def utc(moment: datetime) -> datetime:
    """An instant as it is stored."""
    return moment.astimezone(UTC)


@command(
    of=press_release,
    verb="postpone-event",
    title="发布活动改期",
    capability=ORGANISE,
    rules=("XW-04a",),
    article=CIRCULAR,
    opens=guards.planned,
    events=(events.EventPostponed,),
)
class PostponeEvent(Command):
    """改变时间或者地点；已经邀请的记者由综合科通知。"""

    at: AwareDatetime = Field(title="时间")
    place: Line = Field(title="地点")
    reason: Line = Field(title="理由")


@handles(PostponeEvent)
def postpone(command: PostponeEvent, state: R, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.postpone(state, given, utc(command.at), command.place, command.reason)


@command(
    of=press_release,
    verb="cancel-event",
    title="取消发布活动",
    capability=ORGANISE,
    rules=("XW-04a",),
    article=CIRCULAR,
    opens=guards.planned,
    events=(events.EventCancelled,),
)
class CancelEvent(Command):
    """不举行这次活动；可以另行安排。"""

    reason: Line = Field(title="理由")


@handles(CancelEvent)
def cancel_event(command: CancelEvent, _state: R, _given: Given) -> Decision:
    """Before it was held."""
    return [events.EventCancelled(reason=command.reason)]


@command(
    of=press_release,
    verb="invite-journalists",
    title="邀请记者",
    capability="press.invite_journalists",
    rules=("XW-07.5",),
    article=CIRCULAR,
    opens=guards.planned,
    events=(events.JournalistsInvited,),
)
class InviteJournalists(Command):
    """由综合科统一邀请，一般邀请本市媒体；不登记记者姓名。"""

    media: tuple[Media, ...] = Field(title="媒体", min_length=1, max_length=7)
    reason: str = Field(default="", title="理由", max_length=200, description="邀请本市以外的媒体时必填")


@handles(InviteJournalists)
def invite(command: InviteJournalists, state: R, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.invite(state, command.media, command.reason)


@command(
    of=press_release,
    verb="hold-event",
    title="登记发布活动",
    capability="press.record_event",
    rules=("XW-02", "XW-04a", "XW-05", "XW-06", "YQ-04.2c"),
    article=CIRCULAR,
    opens=guards.holdable,
    also=saying_named,
    events=(events.EventHeld, PressEventLinked),
)
class HoldEvent(Command):
    """发言人代表本机关发布并答问以后登记；回应舆情的，该舆情的发布会随之登记。"""

    questions: tuple[AnsweredIn, ...] = Field(default=(), title="答问记录", max_length=100)
    evidence: Line = Field(title="凭据", description="签到表、录像编号等")


@handles(HoldEvent)
def hold(command: HoldEvent, state: R, given: Given) -> Decision:
    """As the decision has it."""
    questions = tuple(events.Answered(one.question, one.answer) for one in command.questions)
    item = found_item(given, state.opinion)
    return decisions.hold(state, given, found_team(given), found_clearance(state, given), item, questions, command.evidence)


@command(
    of=press_release,
    verb="issue-statement",
    title="发布新闻稿",
    capability="press.issue_statement",
    rules=("XW-05", "XW-06", "YQ-03.5b"),
    article=CIRCULAR,
    opens=guards.authorised,
    also=saying_named,
    events=(events.StatementIssued,),
)
class IssueStatement(Command):
    """逐个渠道登记审定的发布稿；门户网站由主动公开按程序发布，平台自动转去。"""

    channel: Literal["press_conference", "journalists_met", "weibo", "wechat", "newspaper", "radio"] = Field(title="渠道")
    evidence: Line = Field(title="凭据", description="网址、截图编号、版面等")


@handles(IssueStatement)
def issue(command: IssueStatement, state: R, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.issue(state, given, found_team(given), found_clearance(state, given), command.channel, command.evidence)


@command(
    of=press_release,
    verb="cancel",
    title="取消发布",
    capability="press.cancel_release",
    rules=("XW-07.3a", "XW-07.3b"),
    article=CIRCULAR,
    opens=guards.unsaid,
    events=(events.ReleaseCancelled,),
)
class CancelRelease(Command):
    """不再发布；已经发布的不能取消。"""

    reason: Line = Field(title="理由")


@handles(CancelRelease)
def cancel(command: CancelRelease, _state: R, _given: Given) -> Decision:
    """Before anything was said."""
    return [events.ReleaseCancelled(reason=command.reason)]


@command(
    of=press_release,
    verb="link-publication",
    title="收到对应的公开信息",
    capability="press.keep_time",
    internal=True,
    rules=("YQ-03.5b",),
    article=CIRCULAR,
    events=(events.PublicationLinked,),
)
class LinkPublication(Command):
    """主动公开已经核对并关联。"""

    publication: UUID = Field(title="公开信息")
    edition: int = Field(title="版本", ge=1)


@handles(LinkPublication)
def link(command: LinkPublication, state: R, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.link(state, command.publication, command.edition)
