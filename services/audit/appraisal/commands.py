"""The commands of an appraisal: the leading group's, and its office's."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.audit.appraisal import decisions, events
from services.audit.appraisal.state import Appraisal, appraisal
from services.audit.service_register.commands import OfUnits
from services.audit.unit_appraisal.commands import Barring
from services.audit.unit_appraisal.events import GradeAssigned, UnitAppraisalCancelled, UnitAppraisalOpened
from services.audit.unit_appraisal.state import UnitAppraisal, unit_appraisal, unit_appraisal_id
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, Decision, Given, command, handles
from shared.kernel.identity import derived_id

A = Appraisal
ARTICLE = "国令711 第四十六条"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Text = Annotated[str, Field(min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)]
UnitCode = Annotated[str, Field(min_length=1, max_length=40)]
GradeKey = Literal["excellent", "good", "passed", "failed"]


def appraisal_id(agency: str, year: int, scope: str) -> UUID:
    """The appraisal of an agency, year and scope."""
    return derived_id("appraisal", agency, year, scope)


def of_year(command: "OpenAppraisal", agency: AgencyFacts, _day: date) -> UUID:
    """Its id."""
    return appraisal_id(agency.code, command.year, command.scope)


def each_unit(_command: Command, _agency: AgencyFacts, _day: date, state: A) -> Iterable[tuple[Aggregate[Any], UUID]]:
    """The appraisals of the units."""
    return [(unit_appraisal, unit_appraisal_id(state.id, unit)) for unit in state.units]


def ids_of(state: A) -> dict[str, UUID]:
    """Unit → its appraisal."""
    return {unit: unit_appraisal_id(state.id, unit) for unit in state.units}


@command(
    of=appraisal,
    verb="open",
    title="启动考核",
    capability="audit.lead_appraisal",
    creates=True,
    identity=of_year,
    rules=("KH-01",),
    article=ARTICLE,
    events=(events.AppraisalOpened,),
)
class OpenAppraisal(Command):
    """只有领导小组可以启动考核。"""

    year: int = Field(title="年份", ge=2019, le=2100)
    scope: Literal["full", "focused"] = Field(title="考核范围")
    purpose: str = Field(default="", title="考核重点", max_length=2000, description="重点考核必须填写")


@handles(OpenAppraisal)
def open_appraisal(command: OpenAppraisal, state: A, given: Given) -> Decision:
    """By the group."""
    return decisions.open_appraisal(state, given, command.year, command.scope, command.purpose)


@command(
    of=appraisal,
    verb="set-scope",
    title="确定考核对象",
    capability="audit.lead_appraisal",
    rules=("KH-05",),
    article=ARTICLE,
    opens=decisions.preparing,
    events=(events.AppraisalScopeSet,),
)
class SetScope(OfUnits):
    """普遍考核的对象是全部科室；重点考核由领导小组确定。"""

    units: tuple[UnitCode, ...] = Field(default=(), title="科室", max_length=200, description="重点考核选择，普遍考核不选")
    reason: str = Field(default="", title="理由", max_length=500)


@handles(SetScope)
def set_scope(command: SetScope, state: A, given: Given) -> Decision:
    """By the group."""
    return decisions.set_scope(state, given, command.units, command.units_now, command.reason)


@command(
    of=appraisal,
    verb="plan",
    title="制定考核方案",
    capability="audit.run_appraisal",
    rules=("KH-01",),
    article=ARTICLE,
    opens=decisions.scoped,
    events=(events.AppraisalPlanned,),
)
class PlanAppraisal(Command):
    """考核小组、内容、方法和时间安排。"""

    plan: Text = Field(title="方案")
    team: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = Field(default=(), title="考核小组", max_length=20)
    self_check_by: date = Field(title="自查截止日期")


@handles(PlanAppraisal)
def plan(command: PlanAppraisal, state: A, given: Given) -> Decision:
    """By the office, for the group."""
    return decisions.plan(state, given, command.plan, command.team, command.self_check_by)


@command(
    of=appraisal,
    verb="notify",
    title="发出考核通知",
    capability="audit.run_appraisal",
    rules=("KH-01",),
    article=ARTICLE,
    also=each_unit,
    opens=decisions.planned,
    events=(events.AppraisalNotified, UnitAppraisalOpened),
)
class NotifyUnits(Command):
    """通知考核对象自查。"""


@handles(NotifyUnits)
def notify(_command: NotifyUnits, state: A, _given: Given) -> Decision:
    """All at once."""
    return decisions.notify(state, ids_of(state))


class GradeIn(BaseModel):
    """A grade that differs from what the total gives."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    unit: UnitCode = Field(title="科室")
    grade: GradeKey = Field(title="等次")
    reason: str = Field(title="理由", min_length=2, max_length=2000)


@command(
    of=appraisal,
    verb="settle",
    title="审定考核等次",
    capability="audit.lead_appraisal",
    rules=("KH-01", "KH-03", "ZR-06.4"),
    article=ARTICLE,
    also=each_unit,
    opens=decisions.scoring,
    events=(events.GradesSettled, GradeAssigned),
)
class SettleGrades(Barring):
    """由领导小组审定。等次按总分确定，需要调整的写明理由；本年度被取消评优资格的，不能评为优秀。"""

    changes: tuple[GradeIn, ...] = Field(default=(), title="调整", max_length=200)


@handles(SettleGrades)
def settle(command: SettleGrades, state: A, given: Given) -> Decision:
    """By the group."""
    units = [one for id in ids_of(state).values() if isinstance(one := given.others[id], UnitAppraisal)]
    return decisions.settle(state, units, {one.unit: (one.grade, one.reason) for one in command.changes}, command.revoked)


@command(
    of=appraisal,
    verb="cancel",
    title="取消考核",
    capability="audit.lead_appraisal",
    rules=("KH-01",),
    article=ARTICLE,
    also=each_unit,
    opens=decisions.unsettled,
    events=(events.AppraisalCancelled, UnitAppraisalCancelled),
)
class CancelAppraisal(Command):
    """审定以前可以取消。"""

    reason: Text = Field(title="理由")


@handles(CancelAppraisal)
def cancel(command: CancelAppraisal, state: A, _given: Given) -> Decision:
    """By the group."""
    return decisions.cancel(state, ids_of(state), command.reason)
