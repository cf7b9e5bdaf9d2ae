"""The command of an export."""

from typing import Literal

from pydantic import Field

from services.audit.result_export import decisions, events
from services.audit.result_export.decisions import ResultExport, result_export
from shared.kernel.commands import Command, Decision, Given, command, handles


@command(
    of=result_export,
    verb="record",
    title="登记报送检查结果",
    capability="audit.export_results",
    creates=True,
    rules=("JD-06b",),
    article="国令711 第四十六条",
    events=(events.ResultExported,),
)
class RecordExport(Command):
    """检查结果纳入年度目标管理和党风廉政责任制考核：报送了哪一年的结果，报送给谁；文件的散列值证明报送的正是这一份。"""

    year: int = Field(title="年度", ge=2008, le=2999)
    purpose: Literal["target", "integrity"] = Field(title="用于")
    to: str = Field(title="报送给", min_length=2, max_length=200)
    document: str = Field(default="", title="文号", max_length=100)
    sha256: str = Field(title="结果文件的 SHA-256", pattern="^[0-9a-f]{64}$", description="导出时给出")


@handles(RecordExport)
def record_export(command: RecordExport, _state: ResultExport, given: Given) -> Decision:
    """As the decision has it."""
    made = events.ResultExported(
        year=command.year, purpose=command.purpose, to=command.to, sha256=command.sha256, document=command.document
    )  # fmt: skip
    return decisions.export(given, made)
