"""The commands of an interpretation."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.publishing.catalogue_entry.commands import Channel
from services.publishing.interpretation import decisions, events
from services.publishing.interpretation.decisions import Plan
from services.publishing.interpretation.state import Interpretation, interpretation, interpretation_id
from services.publishing.publication.state import Publication, publication
from services.publishing.units import known_unit
from shared.kernel.commands import Command, Decided, Decision, Given, command, handles

N = Interpretation
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Line = Annotated[str, Field(min_length=2, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)]
Form = Literal["article", "expert", "questions", "talk", "interview", "press_answers", "press_conference", "other"]


def document_of(given: Given, id: UUID | None) -> Publication:
    """The document that is interpreted, as the decision has it at hand."""
    assert id is not None
    document = given.others[id]
    assert isinstance(document, Publication)
    return document


@command(
    of=interpretation,
    verb="draft-plan",
    title="编制解读方案",
    capability="publishing.interpret",
    creates=True,
    rules=("ZJ-03", "ZJ-05c", "ZJ-06.0", "ZJ-06.1a", "ZJ-06.1b"),
    identity=lambda command, _agency, _day: interpretation_id(command.document),
    also=lambda command, _agency, _day, _state: [(publication, command.document)],
    events=(events.PlanDrafted,),
)
class DraftPlan(Command):
    """起草文件时同步编制解读方案：提纲、形式、途径和时间；谁起草、谁解读。"""

    document: UUID = Field(title="解读的文件")
    unit: str = Field(title="起草科室", min_length=1, max_length=40)
    outline: Text = Field(title="解读提纲")
    forms: tuple[Form, ...] = Field(title="解读形式", min_length=1, max_length=8)
    ways: tuple[Channel, ...] = Field(title="解读途径", min_length=1, max_length=12)
    planned_for: date = Field(title="解读时间")


@handles(DraftPlan)
def draft_plan(command: DraftPlan, state: N, given: Given) -> Decision:
    """Filed in the case of its document."""
    known_unit(given, command.unit)
    said = Plan(command.unit, command.outline, command.forms, command.ways, command.planned_for)
    return Decided(decisions.draft_plan(state, document_of(given, command.document), said), case=command.document)


@command(
    of=interpretation,
    verb="approve-plan",
    title="审定解读方案",
    capability="publishing.approve",
    rules=("ZJ-06.3a",),
    opens=decisions.plan_open,
    events=(events.PlanApproved,),
)
class ApprovePlan(Command):
    """解读方案由分管领导审定。"""


@handles(ApprovePlan)
def approve_plan(_command: ApprovePlan, state: N, given: Given) -> Decision:
    """Not one's own."""
    return decisions.approve_plan(state, given)


@command(
    of=interpretation,
    verb="remind",
    title="督促报送",
    capability="publishing.lead_interpretation",
    rules=("ZJ-05b",),
    opens=decisions.awaited,
    events=(events.ReminderSent,),
)
class Remind(Command):
    """牵头科室督促报送方案和材料。"""

    asks_for: Literal["plan_approval", "material"] = Field(title="督促的内容")


@handles(Remind)
def remind(command: Remind, state: N, _given: Given) -> Decision:
    """What is missing."""
    return decisions.remind(state, command.asks_for)


@command(
    of=interpretation,
    verb="submit-material",
    title="报送解读材料",
    capability="publishing.interpret",
    rules=("ZJ-05b", "ZJ-05c", "ZJ-06.3a"),
    opens=decisions.material_open,
    events=(events.MaterialSubmitted, events.MaterialOverdueWithdrawn),
)
class SubmitMaterial(Command):
    """文件公开之日起3个工作日内报送解读材料。"""

    text: Text = Field(title="解读材料")


@handles(SubmitMaterial)
def submit_material(command: SubmitMaterial, state: N, given: Given) -> Decision:
    """The text."""
    return decisions.submit(state, given, command.text)


@command(
    of=interpretation,
    verb="record-outside-review",
    title="登记外部审查",
    capability="publishing.lead_interpretation",
    rules=("ZJ-06.3b",),
    opens=decisions.with_material,
    events=(events.ExternalReviewPassed, events.ExternalReviewRejected),
)
class RecordOutsideReview(Command):
    """规范性文件的解读材料，发布前经市委、市政府办公室审查。"""

    passed: bool = Field(title="通过")
    reviewer: Line = Field(title="审查单位")
    document: Line = Field(title="审查意见的文号")
    reason: str = Field(default="", title="未通过的理由", max_length=2000, json_schema_extra=TEXTAREA)


@handles(RecordOutsideReview)
def record_outside_review(command: RecordOutsideReview, state: N, _given: Given) -> Decision:
    """Of exactly this text."""
    return decisions.review(state, command.passed, command.reviewer, command.document, command.reason)


@command(
    of=interpretation,
    verb="put-out",
    title="发布解读",
    capability="publishing.publish",
    rules=("ZJ-04a", "ZJ-04b"),
    also=lambda _command, _agency, _day, state: [(publication, state.publication)] if state.publication else [],
    opens=decisions.with_material,
    events=(events.InterpretationPublished,),
)
class PublishInterpretation(Command):
    """解读首先在门户网站发布。"""

    channel: Channel = Field(title="载体")
    evidence: Line = Field(title="证据")


@handles(PublishInterpretation)
def publish_interpretation(command: PublishInterpretation, state: N, given: Given) -> Decision:
    """One channel."""
    return decisions.publish_by(state, document_of(given, state.publication), command.channel, command.evidence)


@command(
    of=interpretation,
    verb="update-column",
    title="更新解读专栏",
    capability="publishing.lead_interpretation",
    rules=("ZJ-05a",),
    opens=decisions.in_column,
    events=(events.ColumnUpdated,),
)
class UpdateColumn(Command):
    """牵头科室更新门户网站的解读专栏。"""

    evidence: Line = Field(title="证据", description="网址或者截图")


@handles(UpdateColumn)
def update_column(command: UpdateColumn, _state: N, _given: Given) -> Decision:
    """With evidence."""
    return decisions.update_column(command.evidence)


@command(
    of=interpretation,
    verb="miss-material",
    title="记录解读材料逾期",
    capability="publishing.keep_time",
    internal=True,
    rules=("ZJ-06.3a",),
    events=(events.MaterialOverdue,),
)
class MissMaterial(Command):
    """期限届满而没有报送解读材料。"""


@handles(MissMaterial)
def miss_material(_command: MissMaterial, state: N, given: Given) -> Decision:
    """Once."""
    return decisions.miss(state, given)
