"""The commands of a letter's mail: an official's two, and those of the platform that carries it to the mail server."""

from typing import Annotated, Any, Literal

from pydantic import Field

from services.requests.disclosure_request.commands.fields import Reason
from services.requests.letter import events, mailing
from services.requests.letter.decisions import Letter, letter
from shared.kernel.commands import Command, Decision, Given, command, handles

MAILBOX = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}


@command(
    of=letter,
    verb="mail",
    title="以邮件发送",
    capability="requests.issue_letter",
    internal=True,
    rules=("X-06",),
    events=(events.LetterMailQueued,),
)
class MailLetter(Command):
    """把文书作为附件，发到这个邮箱。"""

    to: str = Field(title="收件邮箱", max_length=200, pattern=MAILBOX)


@handles(MailLetter)
def mail(command: MailLetter, state: Letter, _given: Given) -> Decision:
    """At once."""
    return mailing.queue(state, command.to)


@command(
    of=letter,
    verb="begin-mail",
    title="开始发送邮件",
    capability="requests.carry_mail",
    internal=True,
    rules=("X-06",),
    events=(events.LetterMailBegun,),
)
class BeginLetterMail(Command):
    """发出之前先记录。"""


@handles(BeginLetterMail)
def begin(_command: BeginLetterMail, state: Letter, given: Given) -> Decision:
    """The next attempt."""
    return mailing.begin(state, given)


@command(
    of=letter,
    verb="conclude-mail",
    title="记录邮件结果",
    capability="requests.carry_mail",
    internal=True,
    rules=("X-06",),
    events=(events.LetterSent, events.LetterMailFailed),
)
class ConcludeLetterMail(Command):
    """一次发送得到了什么答复。"""

    attempt: int = Field(title="第几次", ge=1)
    outcome: Literal["sent", "unreached", "error", "refused", "unanswered", "unfit"] = Field(title="结果")
    code: str = Field(default="", title="服务器的代码", max_length=20)
    evidence: str = Field(default="", title="凭据", max_length=200)
    waits: tuple[Annotated[int, Field(ge=0)], ...] = Field(default=(), title="再试的间隔（毫秒）", max_length=20)


@handles(ConcludeLetterMail)
def conclude(command: ConcludeLetterMail, state: Letter, _given: Given) -> Decision:
    """Once for each attempt."""
    return mailing.conclude(state, command.attempt, command.outcome, command.code, command.evidence, command.waits)


@command(
    of=letter,
    verb="settle-mail",
    title="确定邮件结果",
    capability="requests.issue_letter",
    rules=("X-06",),
    article="国令711 第四十五条",
    events=(events.LetterSent, events.LetterMailSettled),
)
class SettleLetterMail(Command):
    """邮件没有确定的结果，核实以后：再发一次、确认已经发到，或者改用其他方式。"""

    decision: Literal["again", "sent", "left"] = Field(title="决定")
    reason: Reason = Field(title="核实情况", json_schema_extra=TEXTAREA)


@handles(SettleLetterMail)
def settle(command: SettleLetterMail, state: Letter, _given: Given) -> Decision:
    """With how it is known."""
    return mailing.settle(state, command.decision, command.reason)
