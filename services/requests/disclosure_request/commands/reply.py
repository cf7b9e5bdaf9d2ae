"""The commands of the reply."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.requests.attachment.decisions import attachments_of, check_stored
from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import TEXTAREA, FileIn, GroundIn, Line, OutcomeKey, Reason, Sha256, Text
from services.requests.disclosure_request.decisions import reply, third_party
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from services.requests.letter.decisions import check_reply_letter, letter
from shared.kernel.commands import Command, Decided, Decision, Given, command, handles

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="draft-reply",
    title="拟制答复",
    capability="requests.draft_reply",
    rules=("YS-07.3", "YS-07.4", "YS-07.5", "YS-06.2", "YS-04"),
    article="国令711 第三十六条",
    opens=guards.draftable,
    also=lambda _command, _agency, _day, state: attachments_of(state.id),
    events=(events.ReplyDrafted,),
)
class DraftReply(Command):
    """拟制答复：办理结果、每一项依据、文件和区分处理的内容。"""

    outcome: OutcomeKey = Field(title="办理结果")
    grounds: tuple[GroundIn, ...] = Field(title="依据", min_length=1, max_length=20)
    text: Text = Field(title="答复正文", min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)
    files: tuple[FileIn, ...] = Field(default=(), title="随答复提供的文件", max_length=100)
    redactions: tuple[Annotated[Text, Field(min_length=2, max_length=500)], ...] = Field(default=(), title="区分处理的内容", max_length=100)
    other_agency: Line = Field(default="", title="负责公开的机关及其联系方式", max_length=300)


@handles(DraftReply)
def draft_reply(command: DraftReply, state: R, given: Given) -> Decision:
    """Drafts it; `draft` in the answer is what an approval names."""
    grounds = tuple(ground.as_ground() for ground in command.grounds)
    files = tuple(file.file() for file in command.files)
    third_party.check_reply(state, given, command.outcome, files)
    check_stored(given, state.id, [file.sha256 for file in files])
    made = reply.draft_reply(state, given, command.outcome, grounds, command.text, files, command.redactions, command.other_agency)
    drafted = made[0]
    assert isinstance(drafted, events.ReplyDrafted)
    return Decided(made, {"draft": drafted.hash})


@command(
    of=disclosure_request,
    verb="return-reply",
    title="退回修改",
    capability="requests.return_reply",
    opens=guards.drafted,
    events=(events.ReplyReturned,),
)
class ReturnReply(Command):
    """答复需要修改，退回拟稿人。"""

    reason: Reason = Field(title="修改意见")


@handles(ReturnReply)
def return_reply(command: ReturnReply, _state: R, _given: Given) -> Decision:
    """Back to the desk."""
    return [events.ReplyReturned(reason=command.reason)]


@command(
    of=disclosure_request,
    verb="approve-reply",
    title="审批答复",
    capability="requests.approve_reply",
    rules=("X-03",),
    article="国令711 第三十六条",
    opens=guards.may_approve,
    events=(events.ReplyApproved,),
)
class ApproveReply(Command):
    """批准答复；须注明所批准的稿子，拟稿人不能批准。"""

    approves: Sha256 = Field(title="所批准的答复（散列）")


@handles(ApproveReply)
def approve_reply(command: ApproveReply, state: R, given: Given) -> Decision:
    """Approves exactly that draft."""
    assert state.draft is not None
    third_party.check_reply(state, given, state.draft.outcome, state.draft.files)
    return reply.approve_reply(state, command.approves)


@command(
    of=disclosure_request,
    verb="deliver",
    title="送达答复",
    capability="requests.deliver",
    rules=("YS-08x.2",),
    article="国令711 第四十条",
    opens=guards.approved,
    also=lambda command, _agency, _day, _state: [(letter, command.letter)] if command.letter else [],
    events=(events.ReplyDelivered, events.DeadlineMissed, events.DeadlineMissWithdrawn),
)
class Deliver(Command):
    """由本机关送达答复，并留存凭据。"""

    way: Literal["email", "post", "fax", "pick_up", "online"] = Field(title="送达方式")
    evidence: Line = Field(title="送达凭据", min_length=2, max_length=200)
    overdue_reason: Text = Field(default="", title="超期理由", max_length=500, description="超过答复期限的填写")
    letter: UUID | None = Field(default=None, title="答复书", description="随之送达的答复书")


@handles(Deliver)
def deliver(command: Deliver, state: R, given: Given) -> Decision:
    """Delivers it; a letter that is named carries exactly what was approved."""
    if command.letter is not None:
        check_reply_letter(given.others[command.letter], state)
    return reply.deliver(state, given, command.way, command.evidence, command.overdue_reason, command.letter)
