"""The commands of the log of a day. Both are the platform's own: a person says which day and what to note, the platform counts."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.press.daily_log import decisions, events
from services.press.daily_log.decisions import DailyLog, daily_log, daily_log_id
from shared.kernel.commands import AgencyFacts, Command, Decision, Given, command, handles

ARTICLE = "国办发〔2016〕61号"


class CountedDay(BaseModel):
    """Figures, as the platform has counted them."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    position: int = Field(title="日志位置", ge=0)
    detected: int = Field(default=0, title="发现", ge=0)
    major: int = Field(default=0, title="其中重大", ge=0)
    sensitive: int = Field(default=0, title="其中敏感", ge=0)
    answered: int = Field(default=0, title="回应", ge=0)
    reported: int = Field(default=0, title="报送", ge=0)
    closed: int = Field(default=0, title="办结", ge=0)
    open: int = Field(default=0, title="在办", ge=0)
    overdue: int = Field(default=0, title="逾时未回应", ge=0)
    patrols: int = Field(default=0, title="巡查次数", ge=0)
    found: int = Field(default=0, title="巡查发现", ge=0)
    uncovered: int = Field(default=0, title="有空档的来源", ge=0)
    inquiries: int = Field(default=0, title="咨询投诉", ge=0)


def log_of_day(command: "FileDailyLog | MissDailyLog", agency: AgencyFacts, _day: date) -> UUID:
    """One an agency and day."""
    return daily_log_id(agency.code, command.day)


@command(
    of=daily_log,
    verb="file",
    title="填报舆情日志",
    capability="press.file_reports",
    creates=True,
    internal=True,
    identity=log_of_day,
    rules=("YQ-03.2c",),
    article=ARTICLE,
    events=(events.DailyLogFiled,),
)
class FileDailyLog(Command):
    """每天一份；数字由平台统计，不由人填写。"""

    day: date = Field(title="日期")
    figures: CountedDay = Field(title="数字")
    note: str = Field(default="", title="情况说明", max_length=5000)


@handles(FileDailyLog)
def file(command: FileDailyLog, state: DailyLog, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.file(state, given, command.day, events.Figures(**command.figures.model_dump()), command.note)


@command(
    of=daily_log,
    verb="miss",
    title="记录舆情日志缺报",
    capability="press.keep_time",
    creates=True,
    internal=True,
    identity=log_of_day,
    rules=("YQ-03.2c", "YQ-03.1c"),
    article=ARTICLE,
    events=(events.DailyLogMissed,),
)
class MissDailyLog(Command):
    """当天结束而没有日志。"""

    day: date = Field(title="日期")


@handles(MissDailyLog)
def miss(command: MissDailyLog, state: DailyLog, given: Given) -> Decision:
    """Once."""
    return decisions.miss(state, given, command.day)
