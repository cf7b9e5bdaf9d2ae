"""The commands of a comment."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.publishing.comment import decisions, events
from services.publishing.comment.decisions import Comment, comment
from services.publishing.comment_register.events import CommentNumbered
from services.publishing.comment_register.state import CommentRegister, comment_register, register_id
from services.publishing.consultation.state import Consultation, consultation
from shared.kernel.commands import Command, Decided, Decision, Given, command, handles

TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Text = Annotated[str, Field(min_length=2, max_length=5000, json_schema_extra=TEXTAREA)]
ARTICLE = "国令713 第十五条、第十八条"


@command(
    of=comment,
    verb="submit",
    title="提出意见",
    capability="publishing.comment",
    creates=True,
    public=True,
    rules=("JC-01a", "JC-03a"),
    article=ARTICLE,
    also=lambda command, _agency, _day, _state: [
        (consultation, command.consultation),
        (comment_register, register_id(command.consultation)),
    ],
    events=(events.CommentReceived, CommentNumbered),
)
class SubmitComment(Command):
    """任何人都可以对公布的草案提出意见；个人信息加密保存。"""

    consultation: UUID = Field(title="征求意见的事项")
    text: Text = Field(title="意见")
    name: str = Field(default="", title="姓名或者名称", max_length=100)
    contact: str = Field(default="", title="联系方式", max_length=200)
    representative: bool = Field(default=False, title="作为公众代表提出")


@handles(SubmitComment)
def submit_comment(command: SubmitComment, _state: Comment, given: Given) -> Decision:
    """Filed in the case of its matter."""
    draft = given.others[command.consultation]
    assert isinstance(draft, Consultation)
    register = given.others[register_id(command.consultation)]
    assert isinstance(register, CommentRegister)
    made = decisions.receive(given, draft, register, command.text, command.name, command.contact, command.representative)
    return Decided(made, case=command.consultation)


@command(
    of=comment,
    verb="examine",
    title="论证意见",
    capability="publishing.consult",
    rules=("JC-06d",),
    article=ARTICLE,
    opens=decisions.unanswered,
    events=(events.CommentExamined,),
)
class ExamineComment(Command):
    """对合理意见充分论证，记录在案。"""

    reasonable: bool = Field(title="意见合理")
    argument: Text = Field(title="论证", description="不要写入个人信息")


@handles(ExamineComment)
def examine_comment(command: ExamineComment, _state: Comment, _given: Given) -> Decision:
    """With its argument."""
    return decisions.examine(command.reasonable, command.argument)


@command(
    of=comment,
    verb="answer",
    title="决定是否采纳",
    capability="publishing.consult",
    rules=("JC-03b",),
    article=ARTICLE,
    opens=decisions.was_examined,
    events=(events.CommentAnswered,),
)
class AnswerComment(Command):
    """合理意见应当采纳；未采纳的说明理由。"""

    adopted: bool = Field(title="采纳")
    reason: str = Field(default="", title="未采纳的理由", max_length=2000, json_schema_extra=TEXTAREA)


@handles(AnswerComment)
def answer_comment(command: AnswerComment, _state: Comment, _given: Given) -> Decision:
    """Each."""
    return decisions.answer(command.adopted, command.reason)


@command(
    of=comment,
    verb="send-reasons",
    title="书面说明理由",
    capability="publishing.consult",
    rules=("JC-06b",),
    article=ARTICLE,
    opens=decisions.owed_reasons,
    events=(events.ReasonsSent,),
)
class SendReasons(Command):
    """未采纳公众代表意见的，书面说明理由。"""

    document: str = Field(title="文号", min_length=2, max_length=200)


@handles(SendReasons)
def send_reasons(command: SendReasons, _state: Comment, _given: Given) -> Decision:
    """In writing."""
    return decisions.send_reasons(command.document)
