"""The commands of reconsideration and litigation."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Line, Reason
from services.requests.disclosure_request.decisions import remedies
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest

Number = Annotated[int, Field(title="第几件复议、诉讼", ge=1, le=1000)]
Result = Literal["upheld", "overturned", "other_result"]
Document = Annotated[Line, Field(title="文号", min_length=2, max_length=100)]


@command(
    of=disclosure_request,
    verb="file-reconsideration",
    title="登记行政复议",
    capability="requests.record_remedy",
    opens=guards.remediable,
    events=(events.ReconsiderationFiled,),
)
class FileReconsideration(Command):
    """收到行政复议机关发来的申请书副本；答复期限从收到之次日起算。"""

    organ: Line = Field(title="行政复议机关", min_length=2, max_length=100)
    filed_on: date = Field(title="申请人提出日期")
    received_on: date = Field(title="本机关收到副本日期")
    simple: bool = Field(default=False, title="适用简易程序")


@handles(FileReconsideration)
def file_reconsideration(command: FileReconsideration, state: R, given: Given) -> Decision:
    """One pending at a time."""
    return remedies.file_reconsideration(state, given, command.organ, command.filed_on, command.received_on, simple=command.simple)


@command(
    of=disclosure_request,
    verb="file-litigation",
    title="登记行政诉讼",
    capability="requests.record_remedy",
    opens=guards.remediable,
    events=(events.LitigationFiled,),
)
class FileLitigation(Command):
    """收到人民法院发来的起诉状副本；先有行政复议决定的，自动登记为复议后起诉。"""

    court: Line = Field(title="人民法院", min_length=2, max_length=100)
    filed_on: date = Field(title="起诉日期")
    received_on: date = Field(title="本机关收到副本日期")


@handles(FileLitigation)
def file_litigation(command: FileLitigation, state: R, given: Given) -> Decision:
    """After a reconsideration, or without one."""
    return remedies.file_litigation(state, given, command.court, command.filed_on, command.received_on)


@command(
    of=disclosure_request,
    verb="answer-remedy",
    title="登记复议答复、诉讼答辩",
    capability="requests.record_remedy",
    opens=guards.remedy_recorded,
    events=(events.RemedyAnswered, events.RemedyAnswerMissed),
)
class AnswerRemedy(Command):
    """本机关已向复议机关提交答复，或者向法院提交答辩。"""

    number: Number
    answered_on: date = Field(title="提交日期")
    document: Document


@handles(AnswerRemedy)
def answer(command: AnswerRemedy, state: R, given: Given) -> Decision:
    """Once."""
    return remedies.answer(state, given, command.number, command.answered_on, command.document)


@command(
    of=disclosure_request,
    verb="conclude-reconsideration",
    title="登记行政复议结果",
    capability="requests.record_remedy",
    opens=guards.remedy_recorded,
    events=(events.ReconsiderationConcluded,),
)
class ConcludeReconsideration(Command):
    """行政复议决定：维持、纠正（撤销、变更、确认违法、责令履行）或者其他结果（驳回、终止等）。"""

    number: Number
    result: Result = Field(title="结果")
    decided_on: date = Field(title="决定日期")
    document: Document


@handles(ConcludeReconsideration)
def conclude_reconsideration(command: ConcludeReconsideration, state: R, given: Given) -> Decision:
    """Its result."""
    return remedies.conclude(state, given, "reconsideration", command.number, command.result, command.decided_on, command.document)


@command(
    of=disclosure_request,
    verb="conclude-litigation",
    title="登记行政诉讼结果",
    capability="requests.record_remedy",
    opens=guards.remedy_recorded,
    events=(events.LitigationConcluded,),
)
class ConcludeLitigation(Command):
    """生效的判决、裁定：维持、纠正或者其他结果（驳回起诉、撤诉等）。"""

    number: Number
    result: Result = Field(title="结果")
    decided_on: date = Field(title="判决、裁定日期")
    document: Document


@handles(ConcludeLitigation)
def conclude_litigation(command: ConcludeLitigation, state: R, given: Given) -> Decision:
    """Its result."""
    return remedies.conclude(state, given, "litigation", command.number, command.result, command.decided_on, command.document)


@command(
    of=disclosure_request,
    verb="correct-remedy-result",
    title="更正复议、诉讼结果",
    capability="requests.record_remedy",
    opens=guards.remedy_recorded,
    events=(events.RemedyResultCorrected,),
)
class CorrectRemedyResult(Command):
    """结果或者日期登记错误的，更正并写明理由；原来的和更正后的都留存。"""

    number: Number
    result: Result = Field(title="结果")
    decided_on: date = Field(title="决定、判决、裁定日期")
    reason: Reason = Field(title="理由")


@handles(CorrectRemedyResult)
def correct_result(command: CorrectRemedyResult, state: R, given: Given) -> Decision:
    """Both stand on record."""
    return remedies.correct_result(state, given, command.number, command.result, command.decided_on, command.reason)


@command(
    of=disclosure_request,
    verb="miss-remedy-answer",
    title="记录复议答复、诉讼答辩逾期",
    capability="requests.miss_deadline",
    internal=True,
    events=(events.RemedyAnswerMissed,),
)
class MissRemedyAnswer(Command):
    """向复议机关答复、向法院答辩的期限届满。"""

    number: Number


@handles(MissRemedyAnswer)
def miss_answer(command: MissRemedyAnswer, state: R, given: Given) -> Decision:
    """Once."""
    return remedies.miss_answer(state, command.number, given.today)


@command(
    of=disclosure_request,
    verb="void-remedy",
    title="作废误登记的复议、诉讼",
    capability="requests.record_remedy",
    opens=guards.remedy_recorded,
    events=(events.RemedyVoided,),
)
class VoidRemedy(Command):
    """误登记的，作废并写明理由；不计入年度报告。"""

    number: Number
    reason: Reason = Field(title="理由")


@handles(VoidRemedy)
def void(command: VoidRemedy, state: R, _given: Given) -> Decision:
    """It never was."""
    return remedies.void(state, command.number, command.reason)


@command(
    of=disclosure_request,
    verb="reopen",
    title="依复议决定、判决重新答复",
    capability="requests.reopen",
    opens=guards.reopenable,
    events=(events.RequestReopened,),
)
class Reopen(Command):
    """复议决定、判决责令重新答复的，申请重新办理；期限从收到决定、判决之次日起算。"""

    number: Number
    reason: Reason = Field(title="决定、判决的要求")
    since: date = Field(title="收到决定、判决日期")
    days: int | None = Field(default=None, title="决定、判决规定的工作日数", ge=1, le=120, description="没有规定的不填，按通常的答复期限")


@handles(Reopen)
def reopen(command: Reopen, state: R, given: Given) -> Decision:
    """Once for each result."""
    return remedies.reopen(state, given, command.number, command.reason, command.since, command.days)
