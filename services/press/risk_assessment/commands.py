"""The commands of a risk assessment."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.press.risk_assessment import decisions, events
from services.press.risk_assessment.decisions import RiskAssessment, risk_assessment
from shared.kernel.commands import Command, Decision, Given, command, handles

R = RiskAssessment
ARTICLE = "国办发〔2016〕61号"
RULES = ("YQ-03.2b",)
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Line = Annotated[str, Field(min_length=2, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)]


@command(
    of=risk_assessment,
    verb="open",
    title="提出舆情风险评估",
    capability="press.assess_risk",
    creates=True,
    rules=RULES,
    article=ARTICLE,
    events=(events.RiskAssessmentOpened,),
)
class OpenRiskAssessment(Command):
    """涉及群众切身利益的重大决策，出台前评估舆情风险。平台上的重要事项自动列入，其他决策在此提出。"""

    title: Line = Field(title="决策事项")
    unit: str = Field(title="承办科室", min_length=1, max_length=40)


@handles(OpenRiskAssessment)
def open_own(command: OpenRiskAssessment, state: R, given: Given) -> Decision:
    """Press's own."""
    opening = events.RiskAssessmentOpened(source="press", subject=state.id, title=command.title, unit=command.unit)
    return decisions.open_own(given, opening)


@command(
    of=risk_assessment,
    verb="open-for",
    title="收到需要评估的决策",
    capability="press.keep_time",
    creates=True,
    internal=True,
    identity=lambda command, _agency, _day: decisions.risk_id(command.source, command.subject),
    rules=RULES,
    article=ARTICLE,
    events=(events.RiskAssessmentOpened,),
)
class OpenFor(Command):
    """其他服务提出的重大决策涉及群众切身利益。"""

    source: str = Field(title="来源", max_length=40)
    subject: UUID = Field(title="事项")
    title: str = Field(title="决策事项", max_length=500)
    unit: str = Field(title="承办科室", max_length=40)


@handles(OpenFor)
def open_for(command: OpenFor, state: R, _given: Given) -> Decision:
    """Once."""
    opening = events.RiskAssessmentOpened(source=command.source, subject=command.subject, title=command.title, unit=command.unit)
    return decisions.open_assessment(state, opening)


@command(
    of=risk_assessment,
    verb="settle",
    title="承办处已经评估",
    capability="press.keep_time",
    internal=True,
    rules=RULES,
    article=ARTICLE,
    events=(events.RiskSettledElsewhere,),
)
class SettleRisk(Command):
    """重要事项中已经登记评估。"""


@handles(SettleRisk)
def settle(_command: SettleRisk, state: R, _given: Given) -> Decision:
    """Where it is still owed."""
    return decisions.settle(state)


@command(
    of=risk_assessment,
    verb="draft",
    title="起草评估",
    capability="press.assess_risk",
    rules=RULES,
    article=ARTICLE,
    opens=decisions.own,
    events=(events.RiskDrafted,),
)
class DraftRisk(Command):
    """通过跟踪、抽样、走访、会商等方式评估，确定等级和处置预案；可以修改后重新报批。"""

    methods: tuple[Literal["tracking", "sampling", "visits", "joint_study"], ...] = Field(title="评估方式", min_length=1, max_length=4)
    findings: Text = Field(title="评估情况")
    level: Literal["low", "medium", "high"] = Field(title="风险等级")
    plan: Text = Field(title="处置预案")


@handles(DraftRisk)
def draft(command: DraftRisk, _state: R, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.draft(command.methods, command.findings, command.level, command.plan)


@command(
    of=risk_assessment,
    verb="return",
    title="退回评估",
    capability="press.approve_risk",
    rules=RULES,
    article=ARTICLE,
    opens=decisions.waiting,
    events=(events.RiskReturned,),
)
class ReturnRisk(Command):
    """评估需要修改。"""

    reason: Line = Field(title="修改意见")


@handles(ReturnRisk)
def return_risk(command: ReturnRisk, _state: R, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.RiskReturned(reason=command.reason)]


@command(
    of=risk_assessment,
    verb="approve",
    title="批准评估",
    capability="press.approve_risk",
    rules=RULES,
    article=ARTICLE,
    opens=decisions.waiting,
    events=(events.RiskAssessed,),
)
class ApproveRisk(Command):
    """批准的就是看到的评估；批准后作为出台的前置条件。"""

    approves: str = Field(title="评估（SHA-256）", pattern="^[0-9a-f]{64}$")


@handles(ApproveRisk)
def approve(command: ApproveRisk, state: R, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.approve(state, given, command.approves)
