"""The command that takes a report of an earlier year over."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.audit.earlier_report import decisions
from services.audit.earlier_report.decisions import EarlierReport, earlier_id, earlier_report
from services.audit.earlier_report.events import EarlierReportImported
from shared.kernel.commands import Command, Decision, Given, command, handles

CHARACTERS = 400_000
"""The longest file."""


@command(
    of=earlier_report,
    verb="import",
    title="导入往年的年度报告",
    capability="audit.record_figures",
    creates=True,
    rules=("NB-04a",),
    article="国办公开办函〔2021〕30号",
    identity=lambda command, agency, _day: earlier_id(agency.code, command.year),
    events=(EarlierReportImported,),
)
class ImportEarlierReport(Command):
    """导入以后用于核对两年的衔接、与往年比较；同一文件再次导入没有影响。"""

    year: int = Field(title="年度", ge=2008, le=2100)
    report: Annotated[str, StringConstraints(strip_whitespace=False)] = Field(
        title="年度报告（JSON）", min_length=2, max_length=CHARACTERS, json_schema_extra={"widget": "textarea"}
    )
    reason: str = Field(default="", title="替换理由", description="替换已经导入的报告时填写", max_length=300)


@handles(ImportEarlierReport)
def take_over(command: ImportEarlierReport, state: EarlierReport, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.take_over(state, given, command.year, command.report, command.reason)
