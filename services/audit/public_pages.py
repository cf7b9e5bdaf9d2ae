"""The public's own pages: it gives feedback, complains, and follows what came of it, without signing in."""

from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response

from services.audit.complaint.commands import ReceiveComplaint
from services.audit.feedback.commands import ReceiveFeedback
from services.audit.following import followed, progress
from shared.kernel.commands import Command
from shared.kernel.errors import Problem, TooMany
from shared.kernel.running import Running
from shared.web.acting import heading, told
from shared.web.forms import faults_of, fields_of, parse
from shared.web.rendering import page, posted


class PublicForm(NamedTuple):
    """A form for the public: its path, title, what leads into it, the command, which of its fields, and what follows."""

    path: str
    title: str
    lead: str
    command: type[Command]
    fields: tuple[str, ...]
    after: str


FORMS = (
    PublicForm(
        "feedback",
        "提出意见建议",
        "对政务公开、政府信息公开工作的意见和建议。姓名和联系方式可以不填；所填内容加密保存。提交后请保存查询编号和密码，密码只显示一次。",
        ReceiveFeedback,
        ("kind", "text", "name", "contact"),
        "每一条意见建议都会办理并答复；留下联系方式的按联系方式答复，也可以凭编号和密码查看。",
    ),
    PublicForm(
        "complain",
        "投诉举报",
        "认为本机关没有依法公开、不依法答复、违规收费，或者工作人员敷衍刁难的，可以投诉举报；可以匿名。所填内容加密保存，被投诉举报的科室看不到您的信息。",
        ReceiveComplaint,
        ("kind", "text", "anonymous", "name", "contact", "case"),
        "监察室会决定是否受理，并把结论告知您；也可以凭编号和密码查看。",
    ),
)


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/audit")

    def add(one: PublicForm) -> None:
        async def asked(request: Request) -> Response:
            return form_page(running, request, one)

        async def sent(request: Request) -> Response:
            agency = running.agency_for(None, request.query_params.get("agency") or only_agency(running))
            typed = await posted(request)
            limited(running, request, "提交过于频繁，请稍后再试。")
            command, wrong = parse(one.command, {name: value for name, value in typed.items() if name in one.fields})
            if command is None:
                return form_page(running, request, one, typed, wrong)
            try:
                actor = running.doorkeeper.authorise(None, one.command.spec.capability, agency)
                receipt = await running.execute(command, None, actor, agency)
                # The number that is told here can be looked up at once.
                await running.views.wait(receipt.position, running.settings.view_wait_seconds)
            except Problem as problem:
                return form_page(running, request, one, typed, {each["field"]: each["sentence"] for each in problem.fields}, problem)
            return page(running, request, "audit/templates/said.html", status=201, form=one, told=receipt.reply, to=agency)

        made.add_api_route(f"/{one.path}", asked, methods=["GET"], response_model=None)
        made.add_api_route(f"/{one.path}", sent, methods=["POST"], response_model=None)

    async def follow(request: Request) -> Response:
        return page(running, request, "audit/templates/follow.html", told=None, problem="", tracking="")

    async def found(request: Request) -> Response:
        typed = await posted(request)
        limited(running, request, "查询过于频繁，请稍后再试。")
        tracking, password = typed.get("tracking_number", [""])[0], typed.get("query_password", [""])[0]
        shown: dict[str, Any] | None = None
        problem, status = "", 200
        try:
            shown = await progress(running, await followed(running, tracking, password))
        except Problem as refused:
            problem, status = refused.sentence, refused.status
        return page(running, request, "audit/templates/follow.html", status=status, told=shown, problem=problem, tracking=tracking)

    for one in FORMS:
        add(one)
    made.add_api_route("/follow", follow, methods=["GET"], response_model=None)
    made.add_api_route("/follow", found, methods=["POST"], response_model=None)
    return made


def limited(running: Running, request: Request, sentence: str) -> None:
    """Raises `TooMany` when this address sends too much."""
    if not running.allow_public(request.client.host if request.client else "unknown"):
        raise TooMany("too-many", sentence, retry_after=60)


def only_agency(running: Running) -> str | None:
    """The agency that the public can only mean."""
    agencies = running.doorkeeper.agencies()
    return agencies[0].code if len(agencies) == 1 else None


def form_page(
    running: Running,
    request: Request,
    one: PublicForm,
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """The form, with what was typed and what is wrong with it."""
    agency = running.agency_for(None, request.query_params.get("agency") or only_agency(running))
    return page(
        running,
        request,
        "audit/templates/say.html",
        status=problem.status if problem else 422 if typed else 200,
        form=one,
        to=agency,
        fields=fields_of(one.command, typed, wrong, only=one.fields),
        wrong=faults_of(one.command, wrong or {}),
        problem=told(problem),
        heading=heading(problem),
    )
