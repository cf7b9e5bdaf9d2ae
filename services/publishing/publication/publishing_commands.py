"""The commands that publish what was approved, and what follows: feedback, withdrawal, validity, the missed day."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from services.publishing.catalogue_entry.commands import Channel
from services.publishing.interpretation.events import MaterialDue
from services.publishing.interpretation.state import interpretation, interpretation_id
from services.publishing.publication import decisions, events, guards
from services.publishing.publication.commands import CLOCK, STEPS, Line, P, Text, entry_of
from services.publishing.publication.state import publication
from shared.kernel.commands import Command, Decision, Given, command, handles


@command(
    of=publication,
    verb="publish",
    title="登记公开",
    capability="publishing.publish",
    rules=("DX-05a", "DX-05b", "KH-02.3a", "KH-02.3c", "ZJ-04a"),
    article=CLOCK,
    opens=guards.approved,
    also=lambda _command, _agency, _day, state: [*entry_of(state.entry), (interpretation, interpretation_id(state.id))],
    events=(events.Published, events.CorrectionPublished, events.DeadlineMissWithdrawn, MaterialDue),
)
class Publish(Command):
    """逐个载体公开并留存证据；规范性文件首先在门户网站公开。"""

    channel: Channel = Field(title="载体")
    evidence: Line = Field(title="证据", description="网址、照片、记录或者会议纪要")
    overdue_reason: str = Field(default="", title="超期理由", max_length=500)


@handles(Publish)
def publish(command: Publish, state: P, given: Given) -> Decision:
    """One channel."""
    return decisions.publish_by(state, given, command.channel, command.evidence, command.overdue_reason)


@command(
    of=publication,
    verb="record-feedback",
    title="登记反馈",
    capability="publishing.draft",
    rules=("KH-02.3c",),
    article=STEPS,
    opens=guards.published,
    events=(events.FeedbackRecorded,),
)
class RecordFeedback(Command):
    """公开以后的反馈及处理；不要写入个人信息。"""

    feedback: Text = Field(title="反馈")
    handling: Text = Field(title="处理")


@handles(RecordFeedback)
def record_feedback(command: RecordFeedback, _state: P, _given: Given) -> Decision:
    """The fourth step."""
    return decisions.record_feedback(command.feedback, command.handling)


@command(
    of=publication,
    verb="link-related",
    title="关联新闻发布、舆情回应",
    capability="publishing.draft",
    rules=("YQ-03.5b",),
    article=events.RELATED,
    opens=guards.published,
    events=(events.RelatedLinked,),
)
class LinkRelated(Command):
    """公开、发布、回应相协调：核对口径一致后关联；内容更正后须重新核对。"""

    kind: Literal["statement", "press_event", "response"] = Field(title="种类")
    thing: UUID = Field(title="新闻发布或者回应的编号")
    title: Line = Field(title="标题")


@handles(LinkRelated)
def link_related(command: LinkRelated, state: P, _given: Given) -> Decision:
    """With the version that holds."""
    return decisions.link(state, command.kind, command.thing, command.title)


@command(
    of=publication,
    verb="withdraw",
    title="撤下",
    capability="publishing.approve",
    article=guards.SECRECY,
    opens=guards.published,
    events=(events.Withdrawn,),
)
class WithdrawPublication(Command):
    """不应公开的，从所有载体撤下。"""

    reason: Text = Field(title="理由")


@handles(WithdrawPublication)
def withdraw(command: WithdrawPublication, _state: P, _given: Given) -> Decision:
    """With its reason."""
    return decisions.withdraw(command.reason)


@command(
    of=publication,
    verb="change-validity",
    title="调整有效性",
    capability="publishing.approve",
    rules=("DX-04.5",),
    article="国令711 第二十条",
    opens=guards.published,
    events=(events.ValidityChanged,),
)
class ChangeValidity(Command):
    """现行有效、已修改、失效或者废止。"""

    validity: Literal["in_force", "amended", "expired", "repealed"] = Field(title="有效性")
    basis: Line = Field(title="依据")


@handles(ChangeValidity)
def change_validity(command: ChangeValidity, state: P, _given: Given) -> Decision:
    """By its basis."""
    return decisions.change_validity(state, command.validity, command.basis)


@command(
    of=publication,
    verb="miss-deadline",
    title="记录逾期未主动公开",
    capability="publishing.keep_time",
    internal=True,
    rules=("KH-02.3a",),
    events=(events.DeadlineMissed,),
)
class MissDeadline(Command):
    """公开期限届满而没有公开。"""


@handles(MissDeadline)
def miss_deadline(_command: MissDeadline, state: P, given: Given) -> Decision:
    """Once."""
    return decisions.miss(state, given)
