"""The commands of the organisation that speaks."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.press.release_team import decisions, events
from services.press.release_team.events import CIRCULAR
from services.press.release_team.state import ReleaseTeam, release_team, team_id
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.errors import Refused

T = ReleaseTeam
Line = Annotated[str, Field(min_length=2, max_length=200)]
Unit = Annotated[str, Field(min_length=1, max_length=40)]
Rank = Literal["bureau_head", "deputy_head", "general_office_head", "unit_head", "staff"]
KEEP = "press.keep_team"


class MemberIn(BaseModel):
    """A member of the leading group."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    person: UUID = Field(title="人员")
    rank: Rank = Field(title="职务")
    duty: Literal["head", "lead", "member"] = Field(default="member", title="职责")


class AttendeeIn(BaseModel):
    """An official who takes part."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    person: UUID = Field(title="人员")


def members_of(listed: tuple[MemberIn, ...]) -> tuple[events.Member, ...]:
    """As the event holds them."""
    return tuple(events.Member(one.person, one.rank, one.duty) for one in listed)


@command(
    of=release_team,
    verb="constitute",
    title="成立新闻发布工作领导小组",
    capability=KEEP,
    creates=True,
    identity=lambda _command, agency, _day: team_id(agency.code),
    rules=("XW-03", "XW-04b"),
    article=CIRCULAR,
    events=(events.GroupConstituted,),
)
class ConstituteGroup(Command):
    """领导小组组织实施新闻发布；由分管的副局长牵头。"""

    members: tuple[MemberIn, ...] = Field(title="成员", min_length=2, max_length=50)
    document: Line = Field(title="依据的文件")


@handles(ConstituteGroup)
def constitute(command: ConstituteGroup, state: T, given: Given) -> Decision:
    """Once; other members by a change."""
    if state.exists:
        raise Refused("group-constituted", "领导小组已经成立；成员变动请办理“调整领导小组成员”。")
    return decisions.constitute(given, members_of(command.members), command.document)


@command(
    of=release_team,
    verb="change-group",
    title="调整领导小组成员",
    capability=KEEP,
    rules=("XW-03", "XW-04b"),
    article=CIRCULAR,
    opens=decisions.own,
    events=(events.GroupConstituted,),
)
class ChangeGroup(Command):
    """填写调整以后的全部成员。"""

    members: tuple[MemberIn, ...] = Field(title="成员", min_length=2, max_length=50)
    document: Line = Field(title="依据的文件")


@handles(ChangeGroup)
def change_group(command: ChangeGroup, state: T, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.reconstitute(state, given, members_of(command.members), command.document)


@command(
    of=release_team,
    verb="appoint-spokesperson",
    title="确定新闻发言人",
    capability=KEEP,
    rules=("XW-04b",),
    article=CIRCULAR,
    opens=decisions.own,
    events=(events.SpokespersonAppointed,),
)
class AppointSpokesperson(Command):
    """由综合科负责人及以上人员担任。"""

    person: UUID = Field(title="人员")
    rank: Rank = Field(title="职务")
    document: Line = Field(title="依据的文件")


@handles(AppointSpokesperson)
def appoint(command: AppointSpokesperson, state: T, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.appoint(state, given, command.person, command.rank, command.document)


@command(
    of=release_team,
    verb="dismiss-spokesperson",
    title="免去新闻发言人",
    capability=KEEP,
    rules=("XW-04b",),
    article=CIRCULAR,
    opens=decisions.with_spokespersons,
    events=(events.SpokespersonDismissed,),
)
class DismissSpokesperson(Command):
    """不再代表本机关发布；已经授权而尚未发布的，须另行授权。"""

    person: UUID = Field(title="人员")
    reason: Line = Field(title="理由")


@handles(DismissSpokesperson)
def dismiss(command: DismissSpokesperson, state: T, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.dismiss(state, command.person, command.reason)


@command(
    of=release_team,
    verb="appoint-liaison",
    title="配备联络员",
    capability=KEEP,
    rules=("XW-04c",),
    article=CIRCULAR,
    opens=decisions.own,
    events=(events.LiaisonAppointed,),
)
class AppointLiaison(Command):
    """完成新闻发布的事务性工作。"""

    person: UUID = Field(title="人员")


@handles(AppointLiaison)
def appoint_liaison(command: AppointLiaison, state: T, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.appoint_liaison(state, given, command.person)


@command(
    of=release_team,
    verb="dismiss-liaison",
    title="调整联络员",
    capability=KEEP,
    rules=("XW-04c",),
    article=CIRCULAR,
    opens=decisions.with_liaisons,
    events=(events.LiaisonDismissed,),
)
class DismissLiaison(Command):
    """不再担任联络员。"""

    person: UUID = Field(title="人员")
    reason: Line = Field(title="理由")


@handles(DismissLiaison)
def dismiss_liaison(command: DismissLiaison, state: T, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.dismiss_liaison(state, command.person, command.reason)


@command(
    of=release_team,
    verb="join-network",
    title="确定科室联络人",
    capability=KEEP,
    rules=("XW-08.3", "XW-08.2"),
    article=CIRCULAR,
    opens=decisions.own,
    events=(events.NetworkJoined,),
)
class JoinNetwork(Command):
    """每个科室一名：收集社情和网上信息，为发布提供依据。另行确定的，接替原来的人员。"""

    unit: Unit = Field(title="科室")
    person: UUID = Field(title="人员")


@handles(JoinNetwork)
def join(command: JoinNetwork, state: T, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.join(state, given, command.unit, command.person)


@command(
    of=release_team,
    verb="leave-network",
    title="撤出科室联络人",
    capability=KEEP,
    rules=("XW-08.3",),
    article=CIRCULAR,
    opens=decisions.with_network,
    events=(events.NetworkLeft,),
)
class LeaveNetwork(Command):
    """科室合并、撤销等。"""

    unit: Unit = Field(title="科室")
    reason: Line = Field(title="理由")


@handles(LeaveNetwork)
def leave(command: LeaveNetwork, state: T, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.leave(state, command.unit, command.reason)


@command(
    of=release_team,
    verb="hold-training",
    title="登记培训",
    capability="press.record_event",
    rules=("XW-08.3",),
    article=CIRCULAR,
    opens=decisions.with_staff,
    events=(events.TrainingHeld,),
)
class HoldTraining(Command):
    """发言人、联络员和工作网络的培训；过去举办的，填写“事实发生日期”。"""

    topic: Line = Field(title="内容")
    attended: tuple[AttendeeIn, ...] = Field(title="参加人员", min_length=1, max_length=100)
    evidence: Line = Field(title="凭据", description="通知、签到表等")


@handles(HoldTraining)
def hold_training(command: HoldTraining, state: T, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.train(state, command.topic, tuple(one.person for one in command.attended), command.evidence)


@command(
    of=release_team,
    verb="designate-response-unit",
    title="明确负责引导和回应的科室",
    capability=KEEP,
    rules=("YQ-03.5a",),
    article=CIRCULAR,
    opens=decisions.own,
    events=(events.ResponseUnitDesignated,),
)
class DesignateResponseUnit(Command):
    """专门科室负责引导和回应；明确以后，只由该科室的回应人员发布回应。"""

    unit: Unit = Field(title="专门科室")
    people: tuple[AttendeeIn, ...] = Field(title="回应人员", min_length=1, max_length=20)
    document: Line = Field(title="依据的文件")


@handles(DesignateResponseUnit)
def designate(command: DesignateResponseUnit, _state: T, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.designate(given, command.unit, tuple(one.person for one in command.people), command.document)
