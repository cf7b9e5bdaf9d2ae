"""The commands of a unit's report."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr

from services.audit.figures import Figure
from services.audit.unit_report import decisions, events
from services.audit.unit_report.sections import SECTIONS
from services.audit.unit_report.state import UnitReport, unit_report
from shared.kernel.commands import Command, Decision, Given, command, handles

U = UnitReport
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
CALL = "国令711 第四十九条"
CHASE = "国令711 第四十六条"
Text = Annotated[str, Field(min_length=1, max_length=20_000, json_schema_extra=TEXTAREA)]
Key = Literal["organisation", "information", "disclosure", "withheld", "media"]


@command(
    of=unit_report,
    verb="submit",
    title="提交书面报告",
    capability="audit.submit_report",
    rules=("NB-01", "NB-03.1"),
    article=CALL,
    opens=decisions.owed,
    events=(events.UnitReportSubmitted, events.UnitReportOverdueWithdrawn),
)
class SubmitReport(Command):
    """五项必备内容都要填写，没有情况的写“无”；数字由系统从事件得出，不用填写。"""

    organisation: Text = Field(title=SECTIONS["organisation"].title, description=SECTIONS["organisation"].asks)
    information: Text = Field(title=SECTIONS["information"].title, description=SECTIONS["information"].asks)
    disclosure: Text = Field(title=SECTIONS["disclosure"].title, description=SECTIONS["disclosure"].asks)
    withheld: Text = Field(title=SECTIONS["withheld"].title, description=SECTIONS["withheld"].asks)
    media: Text = Field(title=SECTIONS["media"].title, description=SECTIONS["media"].asks)
    overdue_reason: str = Field(default="", title="逾期原因", max_length=2000, description="超过提交日期的填写")
    _figures: tuple[Figure, ...] | None = PrivateAttr(default=None)

    def counting(self, figures: tuple[Figure, ...]) -> Self:
        """With the unit's figures from the ledger; no body and no form can name them."""
        made = self.model_copy()
        made._figures = figures
        return made

    @property
    def figures(self) -> tuple[Figure, ...] | None:
        """What the ledger tells of the unit."""
        return self._figures


@handles(SubmitReport)
def submit(command: SubmitReport, state: U, given: Given) -> Decision:
    """Texts by the unit, figures by the ledger."""
    sections = {key: getattr(command, key) for key in SECTIONS}
    return decisions.submit(state, given, sections, command.figures, command.overdue_reason)


@command(
    of=unit_report,
    verb="remind",
    title="督促提交",
    capability="audit.call_reports",
    rules=("NB-04b",),
    article=CHASE,
    opens=decisions.owed,
    events=(events.UnitReportReminded,),
)
class RemindUnit(Command):
    """督促还没有提交的科室。"""

    note: str = Field(default="", title="说明", max_length=500)


@handles(RemindUnit)
def remind(command: RemindUnit, state: U, given: Given) -> Decision:
    """By hand."""
    return decisions.remind(state, given, command.note)


@command(
    of=unit_report,
    verb="remind-in-time",
    title="到期前提醒",
    capability="audit.keep_dates",
    internal=True,
    rules=("NB-04b",),
    article=CHASE,
    events=(events.UnitReportReminded,),
)
class RemindInTime(Command):
    """提交日期将到而没有提交。"""


@handles(RemindInTime)
def remind_in_time(_command: RemindInTime, state: U, given: Given) -> Decision:
    """Once."""
    return decisions.remind_in_time(state, given)


@command(
    of=unit_report,
    verb="miss",
    title="记录书面报告逾期",
    capability="audit.keep_dates",
    internal=True,
    rules=("NB-01", "NB-04b"),
    article=CALL,
    events=(events.UnitReportOverdue,),
)
class MissReport(Command):
    """提交日期已过而没有提交。"""


@handles(MissReport)
def miss(_command: MissReport, state: U, given: Given) -> Decision:
    """Once for each day."""
    return decisions.miss(state, given)


@command(
    of=unit_report,
    verb="return",
    title="退回补充",
    capability="audit.call_reports",
    rules=("NB-03.1", "NB-04b"),
    article=CHASE,
    opens=decisions.submitted,
    events=(events.UnitReportReturned,),
)
class ReturnReport(Command):
    """内容不完整的，退回补充，写明哪几项、什么时候再报。"""

    sections: tuple[Key, ...] = Field(title="需要补充的内容", min_length=1, max_length=5)
    reason: Text = Field(title="理由")
    until: date = Field(title="再次提交的日期")


@handles(ReturnReport)
def send_back(command: ReturnReport, state: U, given: Given) -> Decision:
    """With its reason."""
    return decisions.send_back(state, given, command.sections, command.reason, command.until)


@command(
    of=unit_report,
    verb="accept",
    title="接收书面报告",
    capability="audit.call_reports",
    rules=("NB-01", "NB-04b"),
    article=CALL,
    opens=decisions.submitted,
    events=(events.UnitReportAccepted, events.UnitComplianceRecorded),
)
class AcceptReport(Command):
    """接收并登记执行情况：按时或者逾期、督促几次、退回几次。"""

    note: str = Field(default="", title="说明", max_length=500)


@handles(AcceptReport)
def accept(command: AcceptReport, state: U, given: Given) -> Decision:
    """By the office."""
    return decisions.accept(state, given, command.note)


@command(
    of=unit_report,
    verb="record-missing",
    title="登记未提交",
    capability="audit.call_reports",
    rules=("NB-04b",),
    article=CHASE,
    opens=decisions.missing,
    events=(events.UnitComplianceRecorded,),
)
class RecordMissing(Command):
    """提交日期已过仍未提交的，登记执行情况；以后补交的，接收时另行登记。"""

    note: str = Field(default="", title="说明", max_length=500)


@handles(RecordMissing)
def record_missing(command: RecordMissing, state: U, _given: Given) -> Decision:
    """Nothing came."""
    return decisions.record_missing(state, command.note)
