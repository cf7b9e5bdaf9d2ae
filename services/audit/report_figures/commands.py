"""The commands of the figures of a year."""

from typing import Annotated, Literal

from pydantic import Field

from services.audit.report_figures import decisions, events
from services.audit.report_figures.decisions import ReportFigures, figures_id, report_figures
from shared.kernel.commands import Command, Decision, Given, command, handles

N = ReportFigures
ARTICLE = "国办公开办函〔2021〕30号"
RULES = ("X-07",)
Line = Annotated[str, Field(min_length=2, max_length=300)]
Cell = Literal[
    "rules_made", "rules_ended", "rules_valid", "normative_made", "normative_ended", "normative_valid", "licences", "penalties", "compulsion",
    "charges",
]  # fmt: skip


@command(
    of=report_figures,
    verb="record",
    title="登记表二的数字",
    capability="audit.record_figures",
    creates=True,
    rules=RULES,
    article=ARTICLE,
    identity=lambda command, agency, _day: figures_id(agency.code, command.year),
    events=(events.FigureRecorded,),
)
class RecordFigure(Command):
    """许可、处罚、强制、收费等由其他系统产生的数字，连同来源和凭据登记；0、空白和“/”是三回事。"""

    year: int = Field(title="年度", ge=2008, le=2100)
    cell: Cell = Field(title="表二的项目")
    value: str = Field(title="数字", description="整数；收费为万元，可有小数；没有这项职权的填“/”", min_length=1, max_length=24)
    source: Line = Field(title="来源", description="产生数字的系统或者单位")
    evidence: Line = Field(title="凭据", description="报表、函件的文号等")


@handles(RecordFigure)
def record(command: RecordFigure, state: N, given: Given) -> Decision:
    """As the decision has it."""
    fact = events.FigureRecorded(
        year=command.year, cell=command.cell, value=command.value, source=command.source, evidence=command.evidence
    )  # fmt: skip
    return decisions.record(state, given, fact)


@command(
    of=report_figures,
    verb="correct",
    title="更正表二的数字",
    capability="audit.record_figures",
    rules=RULES,
    article=ARTICLE,
    opens=decisions.own,
    events=(events.FigureCorrected,),
)
class CorrectFigure(Command):
    """以新的事实更正；原来登记的留存。"""

    cell: Cell = Field(title="表二的项目")
    value: str | None = Field(default=None, title="数字", description="不填则恢复为空白", max_length=24)
    source: Line = Field(title="来源")
    evidence: Line = Field(title="凭据")
    reason: Line = Field(title="更正理由")


@handles(CorrectFigure)
def correct(command: CorrectFigure, state: N, _given: Given) -> Decision:
    """As the decision has it."""
    fact = events.FigureCorrected(
        year=state.year, cell=command.cell, value_before="", value=command.value or None, source=command.source, evidence=command.evidence,
        reason=command.reason,
    )  # fmt: skip
    return decisions.correct(state, fact)
