"""The commands of watching: set what is watched, plan shifts, log patrols."""

from datetime import UTC, date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.press.monitoring_rota import decisions, events
from services.press.monitoring_rota.state import MonitoringRota, PatrolLog, monitoring_rota, patrol_log, patrol_log_id, rota_id
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, Decision, Given, command, handles

ARTICLE = "国办发〔2016〕61号"
Code = Annotated[str, Field(pattern="^[a-z0-9-]{1,30}$")]
Line = Annotated[str, Field(min_length=2, max_length=200)]


Kind = Literal["website", "bbs", "weibo", "wechat", "video", "newspaper", "broadcast", "hotline", "visit", "other"]


class SourceIn(BaseModel):
    """A source that is watched."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    code: Code = Field(title="代码", description="小写字母、数字，如 bbs-1")
    kind: Kind = Field(title="类别")
    source_name: str = Field(title="名称", min_length=2, max_length=100)
    place: str = Field(default="", title="网址或者位置", max_length=500)


def before_of(command: "SetRota", agency: AgencyFacts, _day: date, _state: MonitoringRota) -> list[tuple[Aggregate[Any], UUID]]:
    """The rota of the month before."""
    return [(monitoring_rota, rota_id(agency.code, command.month.replace(day=1) - timedelta(days=1)))]


def month_of(command: "SetRota", agency: AgencyFacts, _day: date) -> UUID:
    """One an agency and month."""
    return rota_id(agency.code, command.month)


@command(
    of=monitoring_rota,
    verb="set",
    title="确定监测范围",
    capability="press.plan_monitoring",
    creates=True,
    identity=month_of,
    also=before_of,
    rules=("YQ-03.1a",),
    article=ARTICLE,
    events=(events.RotaSet,),
)
class SetRota(Command):
    """全覆盖：一个月内监测哪些来源，每个来源至少多少小时巡查一次。再次提交即调整。"""

    month: date = Field(title="月份", description="填写当月任何一天")
    sources: tuple[SourceIn, ...] = Field(
        default=(), title="来源", max_length=decisions.SOURCES, description="不填则沿用现有的或者上月的；以后可以逐个增加"
    )
    every_hours: Literal["1", "2", "3", "4", "6", "8", "12", "24"] = Field(title="至少多少小时巡查一次")


@handles(SetRota)
def set_rota(command: SetRota, state: MonitoringRota, given: Given) -> Decision:
    """As the decision has it."""
    before = given.others[rota_id(given.agency.code, command.month.replace(day=1) - timedelta(days=1))]
    assert isinstance(before, MonitoringRota)
    sources = tuple(events.Source(one.code, one.kind, one.source_name, one.place) for one in command.sources)
    return decisions.begin(state, before, command.month.replace(day=1), sources, int(command.every_hours))


@command(
    of=monitoring_rota,
    verb="add-source",
    title="增加来源",
    capability="press.plan_monitoring",
    rules=("YQ-03.1a",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.RotaSet,),
)
class AddSource(Command):
    """监测范围增加一个来源。"""

    code: Code = Field(title="代码", description="小写字母、数字，如 bbs-1")
    kind: Kind = Field(title="类别")
    source_name: str = Field(title="名称", min_length=2, max_length=100)
    place: str = Field(default="", title="网址或者位置", max_length=500)


@handles(AddSource)
def add_source(command: AddSource, state: MonitoringRota, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.add(state, events.Source(command.code, command.kind, command.source_name, command.place))


@command(
    of=monitoring_rota,
    verb="drop-source",
    title="不再监测来源",
    capability="press.plan_monitoring",
    rules=("YQ-03.1a",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.RotaSet,),
)
class DropSource(Command):
    """监测范围去掉一个没有值班安排的来源。"""

    code: Code = Field(title="来源代码")


@handles(DropSource)
def drop_source(command: DropSource, state: MonitoringRota, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.drop(state, command.code)


@command(
    of=monitoring_rota,
    verb="plan-shift",
    title="安排值班",
    capability="press.plan_monitoring",
    rules=("YQ-03.1a",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.ShiftPlanned,),
)
class PlanShift(Command):
    """全天候：哪些天、几点到几点，由谁监测哪些来源；一次可以安排多天。"""

    monitor: UUID = Field(title="监测员")
    watched: tuple[Code, ...] = Field(default=(), title="来源代码", max_length=100, description="每行一个；不填则为全部来源")
    first: date = Field(title="从哪天")
    last: date = Field(title="到哪天")
    begins: int = Field(title="几点开始", ge=0, le=23)
    ends: int = Field(title="几点结束", ge=1, le=24)


@handles(PlanShift)
def plan_shift(command: PlanShift, state: MonitoringRota, _given: Given) -> Decision:
    """As the decision has it."""
    shift = events.ShiftPlanned(
        number=state.planned + 1,
        monitor=str(command.monitor),
        sources=tuple(dict.fromkeys(command.watched)) or tuple(one.code for one in state.sources),
        first=command.first,
        last=command.last,
        begins=command.begins,
        ends=command.ends,
    )
    return decisions.plan(state, shift)


@command(
    of=monitoring_rota,
    verb="withdraw-shift",
    title="撤销值班",
    capability="press.plan_monitoring",
    rules=("YQ-03.1a",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.ShiftWithdrawn,),
)
class WithdrawShift(Command):
    """撤销一个值班，写明理由。"""

    number: int = Field(title="值班序号", ge=1, le=10_000)
    reason: Line = Field(title="理由")


@handles(WithdrawShift)
def withdraw_shift(command: WithdrawShift, state: MonitoringRota, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.withdraw(state, command.number, command.reason)


def day_of_patrol(command: "LogPatrol", agency: AgencyFacts, _day: date) -> UUID:
    """One an agency and day."""
    return patrol_log_id(agency.code, decisions.day_of(command.begun))


@command(
    of=patrol_log,
    verb="patrol",
    title="登记巡查",
    capability="press.patrol",
    creates=True,
    identity=day_of_patrol,
    also=lambda command, agency, _day, _log: [(monitoring_rota, rota_id(agency.code, decisions.day_of(command.begun)))],
    rules=("YQ-03.1a", "XW-08.2"),
    article=ARTICLE,
    events=(events.PatrolLogged,),
)
class LogPatrol(Command):
    """专人巡查一个来源：从何时到何时，发现多少件涉及本单位的信息。发现的舆情另行逐件登记。"""

    watched_source: Code = Field(title="来源")
    begun: AwareDatetime = Field(title="开始时间")
    ended: AwareDatetime = Field(title="结束时间")
    found: int = Field(title="发现件数", ge=0, le=10_000)
    note: str = Field(default="", title="说明", max_length=200, description="不填写发布人的姓名、账号")


@handles(LogPatrol)
def log_patrol(command: LogPatrol, state: PatrolLog, given: Given) -> Decision:
    """By who is signed in."""
    rota = given.others[rota_id(given.agency.code, decisions.day_of(command.begun))]
    assert isinstance(rota, MonitoringRota)
    made = events.PatrolLogged(
        source=command.watched_source,
        begun=command.begun.astimezone(UTC),
        ended=command.ended.astimezone(UTC),
        by=given.actor.person,
        found=command.found,
        note=command.note,
    )
    return decisions.patrol(state, given, rota, made)
