"""The commands of an annual report."""

from typing import Annotated, Any, Literal

from pydantic import Field

from services.audit.annual_report import decisions, events
from services.audit.annual_report.state import AnnualReport, annual_report, annual_report_id
from shared.kernel.commands import Command, Decision, Given, command, handles

N = AnnualReport
ARTICLE = "国令711 第四十九条"
RULES = ("NB-04a",)
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Text = Annotated[str, Field(max_length=60_000, json_schema_extra=TEXTAREA)]
Line = Annotated[str, Field(min_length=2, max_length=500)]
Kind = Literal["own_agency", "whole_government"]


@command(
    of=annual_report,
    verb="open",
    title="启动年度报告编制",
    capability="audit.draft_report",
    creates=True,
    rules=RULES,
    article=ARTICLE,
    identity=lambda command, agency, _day: annual_report_id(agency.code, command.year),
    events=(events.AnnualReportOpened,),
)
class OpenAnnualReport(Command):
    """每年一份；本机关的和本级政府的各有公布期限（条例第四十九条）。"""

    year: int = Field(title="报告年度", ge=2008, le=2100)
    kind: Kind = Field(default="own_agency", title="谁的报告")


@handles(OpenAnnualReport)
def open_(command: OpenAnnualReport, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.open_report(state, given, command.year, command.kind)


@command(
    of=annual_report,
    verb="draft",
    title="起草正文",
    capability="audit.draft_report",
    rules=(*RULES, "NB-03.1"),
    article="国令711 第五十条",
    opens=decisions.draftable,
    events=(events.AnnualReportDrafted, events.AnnualReportMissWithdrawn),
)
class DraftAnnualReport(Command):
    """一、五、六部分的文字；开始时已汇入各科室提交的书面报告，请整理成文。数字由事件算出，不在这里填写。"""

    general: Text = Field(title="一、总体情况", description="主动公开、依申请公开、政府信息管理、平台建设、监督保障")
    problems: Text = Field(title="五、存在的主要问题及改进情况")
    other: Text = Field(default="", title="六、其他需要报告的事项", description="收取信息处理费的必须说明；没有的写“无”")
    kind: Kind = Field(default="own_agency", title="谁的报告")


@handles(DraftAnnualReport)
def draft(command: DraftAnnualReport, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.draft(state, given, events.Sections(command.general, command.problems, command.other), command.kind)


@command(
    of=annual_report,
    verb="count",
    title="由事件算出数字",
    capability="audit.draft_report",
    internal=True,
    rules=(*RULES, "X-07"),
    article="国办公开办函〔2021〕30号",
    opens=decisions.draftable,
    events=(events.AnnualReportCounted,),
)
class CountAnnualReport(Command):
    """重放全部日志得出的数字；由本平台填写，任何人都不能填写。"""

    made: Any = Field(title="数字")


@handles(CountAnnualReport)
def count(command: CountAnnualReport, _state: N, _given: Given) -> Decision:
    """As the replay has it."""
    assert isinstance(command.made, events.AnnualReportCounted)
    return [command.made]


@command(
    of=annual_report,
    verb="freeze",
    title="审定年度报告",
    capability="audit.approve_report",
    rules=(*RULES, "X-07"),
    article=ARTICLE,
    opens=decisions.freezable,
    events=(events.AnnualReportFrozen,),
)
class FreezeAnnualReport(Command):
    """审定看到的文字和数字，日志位置就此固定；有核对不合格的不能审定。起草人不能审定。"""

    approves: str = Field(title="审定的内容（SHA-256）", pattern="^[0-9a-f]{64}$")


@handles(FreezeAnnualReport)
def freeze(command: FreezeAnnualReport, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.freeze(state, given, command.approves)


@command(
    of=annual_report,
    verb="return",
    title="退回修改",
    capability="audit.approve_report",
    rules=RULES,
    article=ARTICLE,
    opens=decisions.returnable,
    events=(events.AnnualReportReturned,),
)
class ReturnAnnualReport(Command):
    """还没有公布的，退回修改。"""

    reason: Line = Field(title="修改意见")


@handles(ReturnAnnualReport)
def return_(command: ReturnAnnualReport, _state: N, _given: Given) -> Decision:
    """With the reason."""
    return [events.AnnualReportReturned(reason=command.reason)]


@command(
    of=annual_report,
    verb="publish",
    title="登记公布",
    capability="audit.draft_report",
    rules=RULES,
    article=ARTICLE,
    opens=decisions.publishable,
    events=(events.AnnualReportPublished, events.AnnualReportMissWithdrawn),
)
class PublishAnnualReport(Command):
    """审定的报告已向主管部门提交并公布。"""

    evidence: Line = Field(title="凭据", description="公布的网址、报送的文号等")


@handles(PublishAnnualReport)
def publish(command: PublishAnnualReport, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.make_public(state, given, command.evidence)


@command(
    of=annual_report,
    verb="correct",
    title="更正已公布的报告",
    capability="audit.draft_report",
    rules=RULES,
    article="国令711 第六条",
    opens=decisions.correctable,
    events=(events.AnnualReportCorrected,),
)
class CorrectAnnualReport(Command):
    """公布过的版本留存；写明理由以后重新起草、算数、审定和公布。"""

    reason: Line = Field(title="更正理由")


@handles(CorrectAnnualReport)
def correct(command: CorrectAnnualReport, state: N, _given: Given) -> Decision:
    """With the reason."""
    return [events.AnnualReportCorrected(reason=command.reason, version=state.published)]


@command(
    of=annual_report,
    verb="remind",
    title="提醒公布年度报告",
    capability="audit.keep_report_time",
    internal=True,
    rules=RULES,
    article=ARTICLE,
    events=(events.AnnualReportReminded,),
)
class RemindAnnualReport(Command):
    """公布日期临近。"""


@handles(RemindAnnualReport)
def remind(_command: RemindAnnualReport, state: N, given: Given) -> Decision:
    """Once."""
    return decisions.remind(state, given)


@command(
    of=annual_report,
    verb="miss",
    title="记录逾期未公布年度报告",
    capability="audit.keep_report_time",
    internal=True,
    rules=RULES,
    article=ARTICLE,
    events=(events.AnnualReportMissed,),
)
class MissAnnualReport(Command):
    """公布日期已过。"""


@handles(MissAnnualReport)
def miss(_command: MissAnnualReport, state: N, given: Given) -> Decision:
    """Once."""
    return decisions.miss(state, given)
