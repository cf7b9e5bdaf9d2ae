"""The commands of a piece of feedback."""

import base64
import hashlib
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.audit.feedback import decisions, events
from services.audit.feedback.decisions import Feedback, feedback
from services.audit.supervisor.decisions import Supervisor, supervisor
from shared.kernel.commands import Command, Decided, Decision, Given, command, handles
from shared.randomness import random_bytes
from shared.trust.personal import Personal

F = Feedback
ARTICLE = "国令711 第四十六条"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Text = Annotated[str, Field(min_length=2, max_length=5000, json_schema_extra=TEXTAREA)]
Line = Annotated[str, Field(min_length=2, max_length=200)]


@command(
    of=feedback,
    verb="receive",
    title="登记意见建议",
    capability="audit.give_feedback",
    creates=True,
    public=True,
    rules=("DX-10a", "DX-10b"),
    article=ARTICLE,
    also=lambda command, _agency, _day, _state: [(supervisor, command.supervisor)] if command.supervisor else [],
    events=(events.FeedbackReceived,),
)
class ReceiveFeedback(Command):
    """意见箱、热线、征求意见和建议表、监督员、座谈会、走访收到的意见建议，每一条都登记；姓名、联系方式和内容加密保存。"""

    kind: Literal["suggestion", "criticism", "question"] = Field(default="suggestion", title="类别")
    text: Text = Field(title="意见建议的内容")
    name: str = Field(default="", title="姓名或者名称", max_length=100, description="可以不填")
    contact: str = Field(default="", title="联系方式", max_length=200, description="可以不填；填写的，按此答复")
    channel: Literal["form", "box", "hotline", "supervisor", "forum", "visits"] = Field(default="form", title="渠道")
    supervisor: UUID | None = Field(default=None, title="监督员", description="监督员反映的填写")
    evidence: str = Field(default="", title="凭据", max_length=200, description="如：意见箱开箱记录、通话记录的编号")


@handles(ReceiveFeedback)
def receive_feedback(command: ReceiveFeedback, _state: F, given: Given) -> Decision:
    """Who submits it itself gets a number and a password, of which only the hash is kept."""
    tracking, password = random_bytes(6).hex().upper(), base64.urlsafe_b64encode(random_bytes(12)).decode("ascii")
    public = given.actor.person == "public"
    said = events.FeedbackReceived(
        channel=command.channel,
        kind=command.kind,
        text=Personal.plain(command.text),
        person_key=given.new_person(),
        tracking_number=tracking,
        password_hash=hashlib.sha256(password.encode()).hexdigest() if public else "",
        deadline=decisions.due(given),
        name=Personal.plain(command.name) if command.name else None,
        contact=Personal.plain(command.contact) if command.contact else None,
        supervisor=command.supervisor,
        evidence=command.evidence,
    )
    known = given.others[command.supervisor] if command.supervisor else None
    assert known is None or isinstance(known, Supervisor)
    made = decisions.receive(given, said, known)
    return Decided(made, {"tracking_number": tracking, **({"query_password": password} if public else {})})


@command(
    of=feedback,
    verb="assign",
    title="分派承办科室",
    capability="audit.assign_feedback",
    rules=("DX-10b",),
    article=ARTICLE,
    opens=decisions.unanswered,
    events=(events.FeedbackAssigned,),
)
class AssignFeedback(Command):
    """由一个科室办理；可以改派。"""

    unit: str = Field(title="承办科室", min_length=1, max_length=40)
    reason: str = Field(default="", title="改派的理由", max_length=500)


@handles(AssignFeedback)
def assign_feedback(command: AssignFeedback, state: F, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.assign(state, given, command.unit, command.reason)


@command(
    of=feedback,
    verb="answer",
    title="答复",
    capability="audit.answer_feedback",
    rules=("DX-10b",),
    article=ARTICLE,
    opens=decisions.assigned_already,
    events=(events.FeedbackAnswered, events.FeedbackOverdue),
)
class AnswerFeedback(Command):
    """把处理结果答复提出人。"""

    outcome: Literal["adopted", "partly_adopted", "not_adopted", "explained"] = Field(title="处理结果")
    measures: Text = Field(title="处理情况", description="供内部查看，不要写入个人信息")
    text: Text = Field(title="答复内容")
    way: Literal["online", "email", "post", "by_phone", "face_to_face", "notice_board"] = Field(title="答复方式")


@handles(AnswerFeedback)
def answer_feedback(command: AnswerFeedback, state: F, given: Given) -> Decision:
    """As the decision has it."""
    made = events.FeedbackAnswered(
        outcome=command.outcome, measures=command.measures, text=Personal.plain(command.text), way=command.way
    )  # fmt: skip
    return decisions.answer(state, given, made)


@command(
    of=feedback,
    verb="close",
    title="办结",
    capability="audit.assign_feedback",
    rules=("DX-10b",),
    article=ARTICLE,
    opens=decisions.closable,
    events=(events.FeedbackClosed,),
)
class CloseFeedback(Command):
    """核实已经处理并答复，予以办结。"""

    note: Line = Field(title="办结说明")


@handles(CloseFeedback)
def close_feedback(command: CloseFeedback, _state: F, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.FeedbackClosed(note=command.note)]


@command(
    of=feedback,
    verb="reopen",
    title="重新办理",
    capability="audit.assign_feedback",
    rules=("DX-10b",),
    article=ARTICLE,
    opens=decisions.reopenable,
    events=(events.FeedbackReopened,),
)
class ReopenFeedback(Command):
    """答复不全面、处理没有落实的，由原科室重新办理，另计期限。"""

    reason: Line = Field(title="理由")


@handles(ReopenFeedback)
def reopen_feedback(command: ReopenFeedback, _state: F, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.reopen(given, command.reason)


@command(
    of=feedback,
    verb="miss",
    title="记录意见建议逾期",
    capability="audit.keep_time",
    internal=True,
    rules=("DX-10b",),
    article=ARTICLE,
    events=(events.FeedbackOverdue,),
)
class MissFeedback(Command):
    """答复的期限届满。"""


@handles(MissFeedback)
def miss_feedback(_command: MissFeedback, state: F, given: Given) -> Decision:
    """Once."""
    return decisions.miss(state, given)
