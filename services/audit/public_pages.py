"""The public's own pages: it gives feedback, complains, and follows what came of it, without signing in."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.audit.complaint.commands import ReceiveComplaint
from services.audit.feedback.commands import ReceiveFeedback
from services.audit.following import followed, progress
from shared.kernel.errors import Problem, TooMany
from shared.kernel.running import Running
from shared.web.public_forms import PublicForm
from shared.web.rendering import page, posted

REPLIES = (("tracking_number", "查询编号"), ("query_password", "查询密码"))
"""What is told once."""

FEEDBACK = PublicForm(
    "feedback",
    ReceiveFeedback,
    ("kind", "text", "name", "contact"),
    title="向{agency}提出意见建议",
    lead="对公开工作的意见和建议。姓名和联系方式可以不填，所填内容加密保存。要投诉举报的，请点上方的“投诉举报”。",
    received="已收到您的意见建议",
    thanks="{agency}对每一条意见建议都办理并答复；留下联系方式的按联系方式答复，也可以凭编号和密码查看。",
    replies=REPLIES,
    follow="/audit/follow",
)

COMPLAIN = PublicForm(
    "complain",
    ReceiveComplaint,
    ("kind", "text", "anonymous", "name", "contact"),
    title="向{agency}投诉举报",
    lead="认为本机关没有依法公开、不依法答复、违规收费，或者工作人员敷衍刁难的，可以投诉举报；可以匿名。涉及某件申请的，请在事实中写明它的编号。所填内容加密保存，被投诉举报的科室看不到您的信息。",
    received="已收到您的投诉举报",
    thanks="{agency}的监察室会决定是否受理，调查核实，并把结论告知您；也可以凭编号和密码查看。",
    replies=REPLIES,
    follow="/audit/follow",
)


def router(running: Running) -> APIRouter:
    """The page on which it is followed."""
    made = APIRouter(prefix="/audit")

    async def follow(request: Request) -> Response:
        return page(running, request, "audit/templates/follow.html", told=None, problem="", tracking="")

    async def found(request: Request) -> Response:
        typed = await posted(request)
        if not running.allow_public(request.client.host if request.client else "unknown"):
            raise TooMany("too-many", "查询过于频繁，请稍后再试。", retry_after=60)
        tracking, password = typed.get("tracking_number", [""])[0], typed.get("query_password", [""])[0]
        shown: dict[str, Any] | None = None
        problem, status = "", 200
        try:
            shown = await progress(running, await followed(running, tracking, password))
        except Problem as refused:
            problem, status = refused.sentence, refused.status
        return page(running, request, "audit/templates/follow.html", status=status, told=shown, problem=problem, tracking=tracking)

    made.add_api_route("/follow", follow, methods=["GET"], response_model=None)
    made.add_api_route("/follow", found, methods=["POST"], response_model=None)
    return made
