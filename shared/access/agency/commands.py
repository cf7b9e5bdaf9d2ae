"""The commands about an agency."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.access.agency import decisions
from shared.access.agency.decisions import Agency, agency
from shared.access.agency.events import (
    AgencyFounded,
    CalendarYearAnnounced,
    FeedKeyAdded,
    FeedKeyRemoved,
    RulebookAdopted,
    SimulatedDaySet,
    UnitClosed,
    UnitOpened,
    UnitRenamed,
)
from shared.access.guards import own
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.identity import derived_id

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,30}$", description="小写字母、数字和短横线")]


def agency_id(code: str) -> UUID:
    """The aggregate of an agency."""
    return derived_id("access", "agency", code)


@command(
    of=agency,
    verb="found",
    title="设立机关",
    capability="access.found_agency",
    creates=True,
    internal=True,
    events=(AgencyFounded,),
    identity=lambda command, _agency, _day: agency_id(command.code),
)
class FoundAgency(Command):
    """设立一个机关，并确定它适用的规则集。机关须同时有自己的三员，所以只在服务器上办理：gongkai access found。"""

    code: Code = Field(title="机关代码")
    name: str = Field(title="机关名称", min_length=2, max_length=80)
    rulebook: str = Field(default="decree-711", title="规则集", max_length=40)
    simulated: bool = Field(default=False, title="模拟机关", description="用于演示、培训，可以设定日期")
    superior: Code | None = Field(default=None, title="上级机关代码")


@handles(FoundAgency)
def found(command: FoundAgency, state: Agency, _given: Given) -> Decision:
    """Founds it."""
    return decisions.found(state, command.code, command.name, command.rulebook, simulated=command.simulated, superior=command.superior)


@command(of=agency, verb="adopt-rulebook", title="采用规则集", capability="access.found_agency", opens=own, events=(RulebookAdopted,))
class AdoptRulebook(Command):
    """此后收到的申请适用新的规则集，此前收到的不变。"""

    rulebook: str = Field(title="规则集", max_length=40)


@handles(AdoptRulebook)
def adopt(command: AdoptRulebook, state: Agency, _given: Given) -> Decision:
    """Adopts it."""
    return decisions.adopt(state, command.rulebook)


@command(of=agency, verb="open-unit", title="设立科室", capability="access.open_unit", rules=("YS-11",), opens=own, events=(UnitOpened,))
class OpenUnit(Command):
    """设立一个科室（中心）。"""

    unit: Code = Field(title="科室代码")
    name: str = Field(title="科室名称", min_length=2, max_length=60)


@handles(OpenUnit)
def open_unit(command: OpenUnit, state: Agency, _given: Given) -> Decision:
    """Opens it."""
    return decisions.open_unit(state, command.unit, command.name)


@command(of=agency, verb="rename-unit", title="更改科室名称", capability="access.open_unit", opens=own, events=(UnitRenamed,))
class RenameUnit(Command):
    """更改一个科室（中心）的名称，代码不变。"""

    unit: Code = Field(title="科室代码")
    name: str = Field(title="科室名称", min_length=2, max_length=60)


@handles(RenameUnit)
def rename_unit(command: RenameUnit, state: Agency, _given: Given) -> Decision:
    """Renames it."""
    return decisions.rename_unit(state, command.unit, command.name)


@command(of=agency, verb="close-unit", title="撤销科室", capability="access.open_unit", opens=own, events=(UnitClosed,))
class CloseUnit(Command):
    """撤销一个科室（中心）；它的代码不再使用。"""

    unit: Code = Field(title="科室代码")
    reason: str = Field(title="理由", min_length=2, max_length=200)


@handles(CloseUnit)
def close_unit(command: CloseUnit, state: Agency, _given: Given) -> Decision:
    """Closes it."""
    return decisions.close_unit(state, command.unit, command.reason)


@command(of=agency, verb="set-day", title="设定模拟日期", capability="access.found_agency", opens=own, events=(SimulatedDaySet,))
class SetSimulatedDay(Command):
    """设定模拟机关（演示、培训）的日期；不填则恢复为实际日期。"""

    day: date | None = Field(default=None, title="日期")


@handles(SetSimulatedDay)
def set_day(command: SetSimulatedDay, state: Agency, _given: Given) -> Decision:
    """Sets it."""
    return decisions.set_day(state, command.day)


@command(
    of=agency,
    verb="announce-calendar",
    title="录入放假安排",
    capability="law.announce_calendar",
    opens=own,
    events=(CalendarYearAnnounced,),
)
class AnnounceCalendar(Command):
    """录入国务院办公厅已公布的某一年放假和调休安排；在办事项的暂定期限随之重算。"""

    year: int = Field(title="年份", ge=2019, le=2100)
    holidays: tuple[date, ...] = Field(title="放假日期", max_length=60)
    working_weekends: tuple[date, ...] = Field(default=(), title="调休上班的周末", max_length=20)
    source: str = Field(title="文件名称和文号", min_length=4, max_length=200)


@handles(AnnounceCalendar)
def announce(command: AnnounceCalendar, state: Agency, _given: Given) -> Decision:
    """Records it."""
    return decisions.announce(state, command.year, command.holidays, command.working_weekends, command.source)


@command(of=agency, verb="add-feed-key", title="开通 NATS 账号", capability="access.found_agency", internal=True, events=(FeedKeyAdded,))
class AddFeedKey(Command):
    """让机关自己的系统以这把公钥连接 NATS；只在服务器上办理：gongkai agency add。"""

    key: str = Field(title="公钥", pattern="^U[A-Z2-7]{55}$")


@handles(AddFeedKey)
def add_feed_key(command: AddFeedKey, state: Agency, _given: Given) -> Decision:
    """Adds it."""
    return decisions.add_feed_key(state, command.key)


@command(
    of=agency, verb="remove-feed-key", title="停用 NATS 密钥", capability="access.found_agency", internal=True, events=(FeedKeyRemoved,)
)
class RemoveFeedKey(Command):
    """停用机关的一把 NATS 公钥；只在服务器上办理：gongkai agency remove、rotate。"""

    key: str = Field(title="公钥", pattern="^U[A-Z2-7]{55}$")
    reason: str = Field(title="理由", min_length=2, max_length=200)


@handles(RemoveFeedKey)
def remove_feed_key(command: RemoveFeedKey, state: Agency, _given: Given) -> Decision:
    """Removes it."""
    return decisions.remove_feed_key(state, command.key, command.reason)
