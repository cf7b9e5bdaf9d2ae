"""The commands of a unit's appraisal."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from services.audit.figures import Figure
from services.audit.unit_appraisal import decisions, events
from services.audit.unit_appraisal.state import UnitAppraisal, unit_appraisal
from shared.kernel.commands import Command, Decision, Given, command, handles

U = UnitAppraisal
ARTICLE = "国令711 第四十六条"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Text = Annotated[str, Field(min_length=1, max_length=20_000, json_schema_extra=TEXTAREA)]
Line = Annotated[str, Field(min_length=2, max_length=200)]
StandardKey = Literal["content", "form", "system", "effect"]
JudgedKey = Literal["content_judged", "form_judged", "system_judged", "effect_judged"]


class Measured(Command):
    """A command that is given the unit's figures from the ledger."""

    _figures: dict[str, Figure] | None = PrivateAttr(default=None)

    def counting(self, figures: dict[str, Figure]) -> Self:
        """With the unit's figures by measure; no body and no form can name them."""
        made = self.model_copy()
        made._figures = figures
        return made

    @property
    def figures(self) -> dict[str, Figure] | None:
        """What the ledger tells of the unit."""
        return self._figures


class Barring(Command):
    """A command that is given who may not be excellent this year."""

    _revoked: dict[str, str] | None = PrivateAttr(default=None)

    def knowing(self, revoked: dict[str, str]) -> Self:
        """With the units and people whose excellence was revoked, each with the position in the ledger; no body and no form can name them."""
        made = self.model_copy()
        made._revoked = revoked
        return made

    @property
    def revoked(self) -> dict[str, str] | None:
        """What the ledger tells."""
        return self._revoked


@command(
    of=unit_appraisal,
    verb="self-check",
    title="提交自查",
    capability="audit.self_check",
    rules=("KH-03",),
    article=ARTICLE,
    opens=decisions.ungraded,
    events=(events.SelfCheckSubmitted,),
)
class SubmitSelfCheck(Measured):
    """对照四项标准自查；数字由系统从事件得出，附在自查后面。"""

    findings: Text = Field(title="自查情况")
    measures: Text = Field(title="存在的问题和改进措施")


@handles(SubmitSelfCheck)
def self_check(command: SubmitSelfCheck, state: U, given: Given) -> Decision:
    """By the unit."""
    figures = tuple(command.figures.values()) if command.figures is not None else None
    return decisions.self_check(state, given, command.findings, command.measures, figures)


class JudgedIn(BaseModel):
    """What people judge of a standard."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    criterion: JudgedKey = Field(title="指标")
    points: int = Field(title="评分（0–100）", ge=0, le=100)
    reason: str = Field(title="理由", min_length=2, max_length=2000)


@command(
    of=unit_appraisal,
    verb="score",
    title="评分",
    capability="audit.score",
    rules=("KH-02.1", "KH-02.2", "KH-02.3a", "KH-02.3b", "KH-03", "JD-06a", "YQ-04.3b", "YQ-03.1c"),
    article=ARTICLE,
    opens=decisions.scorable,
    events=(events.StandardScored,),
)
class ScoreStandard(Measured):
    """一次评一项标准。由事件得出的指标不用填写，也不能改；需要人评的写明理由。"""

    standard: StandardKey = Field(title="标准")
    judged: tuple[JudgedIn, ...] = Field(title="评分", min_length=1, max_length=4)
    corrects: str = Field(default="", title="重新评分的理由", max_length=2000, description="重新评分时填写")


@handles(ScoreStandard)
def score(command: ScoreStandard, state: U, given: Given) -> Decision:
    """Figures and judgement together."""
    judged: dict[str, tuple[int, str]] = {one.criterion: (one.points, one.reason) for one in command.judged}
    return decisions.score(state, given, command.standard, judged, command.figures, command.corrects)


@command(
    of=unit_appraisal,
    verb="request-correction",
    title="对评分提出异议",
    capability="audit.self_check",
    rules=("KH-01",),
    article=ARTICLE,
    opens=decisions.has_scores,
    events=(events.CorrectionRequested,),
)
class RequestCorrection(Command):
    """审定等次以前，科室认为评分有误的，可以提出异议。"""

    standard: StandardKey = Field(title="标准")
    reason: Text = Field(title="理由")


@handles(RequestCorrection)
def request_correction(command: RequestCorrection, state: U, _given: Given) -> Decision:
    """By the unit."""
    return decisions.request_correction(state, command.standard, command.reason)


@command(
    of=unit_appraisal,
    verb="answer-correction",
    title="答复评分异议",
    capability="audit.score",
    rules=("KH-01",),
    article=ARTICLE,
    opens=decisions.objected,
    events=(events.CorrectionAnswered,),
)
class AnswerCorrection(Command):
    """采纳的，重新评分；不采纳的，说明理由。"""

    accepted: bool = Field(title="采纳，重新评分")
    reason: Text = Field(title="理由")


@handles(AnswerCorrection)
def answer_correction(command: AnswerCorrection, state: U, given: Given) -> Decision:
    """With the reason."""
    return decisions.answer_correction(state, given, command.accepted, command.reason)


@command(
    of=unit_appraisal,
    verb="commend",
    title="通报表扬",
    capability="audit.lead_appraisal",
    rules=("KH-07a", "ZR-06.4"),
    article=ARTICLE,
    opens=decisions.excellent,
    events=(events.Commended,),
)
class Commend(Barring):
    """评为优秀的科室和先进个人，通报表扬。"""

    document: Line = Field(title="通报文号")
    people: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = Field(default=(), title="先进个人", max_length=50)


@handles(Commend)
def commend(command: Commend, _state: U, _given: Given) -> Decision:
    """By the group."""
    return decisions.commend(command.document, command.people, command.revoked)


@command(
    of=unit_appraisal,
    verb="criticise",
    title="通报批评、限期整改",
    capability="audit.lead_appraisal",
    rules=("KH-07b",),
    article=ARTICLE,
    opens=decisions.failed,
    events=(events.AppraisalCriticised,),
)
class Criticise(Command):
    """考核不合格的，通报批评；接到通报后一周内提出整改措施。"""

    document: Line = Field(title="通报文号")
    received_on: date | None = Field(default=None, title="科室接到通报的日期", description="不填为今天")


@handles(Criticise)
def criticise(command: Criticise, _state: U, given: Given) -> Decision:
    """By the group."""
    return decisions.criticise(given, command.document, command.received_on)


@command(
    of=unit_appraisal,
    verb="submit-plan",
    title="提出整改措施",
    capability="audit.self_check",
    rules=("KH-07b",),
    article=ARTICLE,
    opens=decisions.owes_plan,
    events=(events.RectificationPlanSubmitted, events.RectificationPlanOverdueWithdrawn),
)
class SubmitPlan(Command):
    """接到通报后一周内，提出整改措施报公开办。"""

    measures: Text = Field(title="整改措施")
    done_by: date = Field(title="整改完成日期")


@handles(SubmitPlan)
def submit_plan(command: SubmitPlan, state: U, given: Given) -> Decision:
    """By the unit."""
    return decisions.submit_plan(state, given, command.measures, command.done_by)


@command(
    of=unit_appraisal,
    verb="miss-plan",
    title="记录整改措施逾期",
    capability="audit.keep_dates",
    internal=True,
    rules=("KH-07b",),
    article=ARTICLE,
    events=(events.RectificationPlanOverdue,),
)
class MissPlan(Command):
    """一周已过而没有提出整改措施。"""


@handles(MissPlan)
def miss_plan(_command: MissPlan, state: U, given: Given) -> Decision:
    """Once for each day."""
    return decisions.miss_plan(state, given)


@command(
    of=unit_appraisal,
    verb="return-plan",
    title="退回整改措施",
    capability="audit.run_appraisal",
    rules=("KH-07b",),
    article=ARTICLE,
    opens=decisions.plan_waits,
    events=(events.RectificationPlanReturned,),
)
class ReturnPlan(Command):
    """整改措施不够的，退回重提。"""

    reason: Text = Field(title="理由")
    until: date = Field(title="再次提出的日期")


@handles(ReturnPlan)
def return_plan(command: ReturnPlan, _state: U, given: Given) -> Decision:
    """By the office."""
    return decisions.return_plan(given, command.reason, command.until)


@command(
    of=unit_appraisal,
    verb="accept-plan",
    title="同意整改措施",
    capability="audit.run_appraisal",
    rules=("KH-07b",),
    article=ARTICLE,
    opens=decisions.plan_waits,
    events=(events.RectificationPlanAccepted,),
)
class AcceptPlan(Command):
    """同意以后由科室整改。"""


@handles(AcceptPlan)
def accept_plan(_command: AcceptPlan, state: U, given: Given) -> Decision:
    """By the office."""
    return decisions.accept_plan(state, given)


@command(
    of=unit_appraisal,
    verb="record-rectified",
    title="登记整改完成",
    capability="audit.run_appraisal",
    rules=("KH-07b",),
    article=ARTICLE,
    opens=decisions.rectifying,
    events=(events.UnitRectified,),
)
class RecordRectified(Command):
    """公开办核实整改情况。"""

    found: Text = Field(title="核实情况")


@handles(RecordRectified)
def record_rectified(command: RecordRectified, _state: U, _given: Given) -> Decision:
    """By the office."""
    return [events.UnitRectified(found=command.found)]
