"""The commands of reports, warnings and bulletins. A bulletin's figures are the platform's own."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.press.opinion_item.state import opinion_item
from services.press.opinion_report import decisions, events
from services.press.opinion_report.decisions import Bulletin, EarlyWarning, SpecialReport, bulletin, bulletin_id, special_report, warning
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, Decision, Given, command, handles

ARTICLE = "国办发〔2016〕61号"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Line = Annotated[str, Field(min_length=2, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)]


def items_of(
    command: "FileSpecialReport | IssueWarning", _agency: AgencyFacts, _day: date, _state: object
) -> Iterable[tuple[Aggregate[Any], UUID]]:
    """The items that are named."""
    return [(opinion_item, id) for id in dict.fromkeys(command.items)]


@command(
    of=special_report,
    verb="file",
    title="报送舆情专报",
    capability="press.file_reports",
    creates=True,
    also=items_of,
    rules=("YQ-03.2c",),
    article=ARTICLE,
    events=(events.SpecialReportFiled,),
)
class FileSpecialReport(Command):
    """一件或者几件舆情的专报：报给谁，情况和建议。"""

    title: Line = Field(title="标题")
    items: tuple[UUID, ...] = Field(title="舆情编号", min_length=1, max_length=20, description="每行一个编号")
    to: Line = Field(title="报送给")
    text: Text = Field(title="情况和建议", description="不填写发布人的姓名、账号")
    number: str = Field(default="", title="文号", max_length=60)


@handles(FileSpecialReport)
def file_special_report(command: FileSpecialReport, _state: SpecialReport, given: Given) -> Decision:
    """As the decision has it."""
    items = tuple(dict.fromkeys(command.items))
    report = events.SpecialReportFiled(title=command.title, items=items, to=command.to, text=command.text, number=command.number)
    return decisions.file_report(given, report)


@command(
    of=warning,
    verb="issue",
    title="发出舆情预警",
    capability="press.file_reports",
    creates=True,
    also=items_of,
    rules=("YQ-03.2c",),
    article=ARTICLE,
    events=(events.WarningIssued,),
)
class IssueWarning(Command):
    """及时预警：哪方面可能出现舆情，程度如何，请谁做什么。"""

    title: Line = Field(title="标题")
    level: Literal["low", "medium", "high"] = Field(title="程度")
    to: Line = Field(title="通知谁")
    text: Text = Field(title="情况和要求", description="不填写发布人的姓名、账号")
    items: tuple[UUID, ...] = Field(default=(), title="有关的舆情编号", max_length=20, description="每行一个编号；没有的不填")


@handles(IssueWarning)
def issue_warning(command: IssueWarning, _state: EarlyWarning, given: Given) -> Decision:
    """As the decision has it."""
    items = tuple(dict.fromkeys(command.items))
    made = events.WarningIssued(title=command.title, level=command.level, to=command.to, text=command.text, items=items)
    return decisions.warn(given, made)


@command(
    of=warning,
    verb="lift",
    title="解除舆情预警",
    capability="press.file_reports",
    rules=("YQ-03.2c",),
    article=ARTICLE,
    opens=decisions.holding,
    events=(events.WarningLifted,),
)
class LiftWarning(Command):
    """不再需要预警的，写明结果。"""

    reason: Line = Field(title="结果")


@handles(LiftWarning)
def lift_warning(command: LiftWarning, _state: EarlyWarning, _given: Given) -> Decision:
    """With what came of it."""
    return [events.WarningLifted(reason=command.reason)]


class CountedUnit(BaseModel):
    """A unit's figures, as the platform has counted them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    unit: str = Field(title="科室", max_length=40)
    items: int = Field(title="件数", ge=0)
    on_time: int = Field(title="按时回应", ge=0)
    late: int = Field(title="逾时回应", ge=0)
    missed: int = Field(title="逾时未回应", ge=0)
    waiting: int = Field(title="时限内", ge=0)
    unneeded: int = Field(title="不需回应或待研判", ge=0)
    omitted: int = Field(title="迟报漏报", ge=0)


def bulletin_of(command: "IssueBulletin", agency: AgencyFacts, _day: date) -> UUID:
    """One an agency and period."""
    return bulletin_id(agency.code, command.first, command.last)


@command(
    of=bulletin,
    verb="issue",
    title="通报舆情办理情况",
    capability="press.issue_bulletin",
    creates=True,
    internal=True,
    identity=bulletin_of,
    rules=("YQ-03.4c",),
    article=ARTICLE,
    events=(events.BulletinIssued,),
)
class IssueBulletin(Command):
    """定期通报一个期间发现的舆情怎样办理；数字由平台统计，不由人填写。"""

    first: date = Field(title="从")
    last: date = Field(title="到")
    position: int = Field(title="日志位置", ge=0)
    units: tuple[CountedUnit, ...] = Field(title="各科室", max_length=500)
    note: str = Field(default="", title="说明和要求", max_length=5000)


@handles(IssueBulletin)
def issue_bulletin(command: IssueBulletin, state: Bulletin, given: Given) -> Decision:
    """As the decision has it."""
    units = tuple(events.UnitFigures(**one.model_dump()) for one in command.units)
    made = events.BulletinIssued(first=command.first, last=command.last, position=command.position, units=units, note=command.note)
    return decisions.issue_bulletin(state, given, made)
