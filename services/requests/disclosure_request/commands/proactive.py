"""The commands with which what was given on request moves to what is published."""

from typing import Literal

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.applicant import by_applicant
from services.requests.disclosure_request.commands.fields import Line, Reason
from services.requests.disclosure_request.decisions import proactive
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="suggest-proactive",
    title="建议纳入主动公开",
    capability="requests.suggest_proactive",
    public=True,
    opens=guards.publishable,
    events=(events.ProactiveSuggested,),
)
class SuggestProactive(Command):
    """申请人认为所获取的信息涉及公众利益调整、需要公众广泛知晓或者参与决策的，建议纳入主动公开的范围。"""

    reason: Reason = Field(title="理由")
    query_password: str | None = Field(default=None, title="查询密码", max_length=100, description="申请人自行提出时填写")


@handles(SuggestProactive)
def suggest(command: SuggestProactive, state: R, given: Given) -> Decision:
    """One at a time."""
    by_applicant(state, given, command.query_password)
    return proactive.suggest(state, given, command.reason)


@command(
    of=disclosure_request,
    verb="decline-proactive",
    title="不纳入主动公开",
    capability="requests.move_to_proactive",
    opens=guards.publishable,
    events=(events.ProactiveDeclined,),
)
class DeclineProactive(Command):
    """经审核不属于主动公开范围的，告知申请人并说明理由。"""

    reason: Reason = Field(title="理由", description="不要写入申请人的个人信息")


@handles(DeclineProactive)
def decline(command: DeclineProactive, state: R, _given: Given) -> Decision:
    """With its reason."""
    return proactive.decline(state, command.reason)


@command(
    of=disclosure_request,
    verb="move-to-proactive",
    title="纳入主动公开",
    capability="requests.move_to_proactive",
    opens=guards.publishable,
    events=(events.MovedToProactive,),
)
class MoveToProactive(Command):
    """多人申请相同信息、申请人建议或者本机关认为应当公开的，纳入主动公开，由主动公开按其程序审核、发布。"""

    title: Line = Field(title="信息名称", min_length=2, max_length=200, description="公开后使用的名称，不要写入申请人的个人信息")
    ground: Literal["asked_by_many", "suggested", "own_motion"] = Field(title="缘由")
    reason: Reason = Field(title="理由", description="不要写入申请人的个人信息")


@handles(MoveToProactive)
def move(command: MoveToProactive, state: R, _given: Given) -> Decision:
    """Publishing takes it up."""
    return proactive.move(state, command.title, command.ground, command.reason)
