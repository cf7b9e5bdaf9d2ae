"""Inquiries on pages: the list, an inquiry with its acts, the public's form and how it follows its inquiry; and the same as JSON."""

import asyncio
import hashlib
import hmac
from typing import Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.press.inquiry.commands import ReceiveInquiry
from services.press.inquiry.state import TITLES, Inquiry, Stage, inquiry
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import NotFound, Problem, TooMany, Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, invalid, reach, signed_in
from shared.kernel.running import Running
from shared.kernel.views import EVERY_AGENCY
from shared.web.acting import days_left, heading, simulated_day, told
from shared.web.acts import Tried
from shared.web.forms import CHOICES, faults_of, fields_of, parse
from shared.web.public_forms import PublicForm, only
from shared.web.rendering import official, page, posted
from shared.web.rooms import Column, Listing, Room, Shown

LIST = """SELECT * FROM views.inquiries
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(missed)s::text IS NULL OR misses > 0)
    ORDER BY stage = 'closed', due NULLS LAST, received_on DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

FOLLOWED = "SELECT id FROM views.inquiries WHERE tracking = %s"

PAGE = 50
"""Rows on a page."""

KINDS = {key: CHOICES[key] for key in ("consult", "complain", "suggest")}

PUBLIC_FIELDS = ("kind", "text", "name", "contact")
"""What a member of the public fills in."""

OWN_FIELDS = (*PUBLIC_FIELDS, "channel")
"""What an official fills in."""


def owed(row: Shown) -> Any:
    """What is owed next, or that something was missed."""
    if row["due"] is not None:
        return str(row["due"])
    return ("!", "曾逾期") if row["misses"] else ""


LISTS = (
    Listing(
        "inquiries",
        "咨询投诉",
        "press.read_inquiry",
        LIST,
        (
            Column("编号", lambda row: (f"/press/inquiries/{row['id']}", row["tracking"])),
            Column("类别", lambda row: CHOICES.get(row["kind"], row["kind"])),
            Column("话题", lambda row: row["topic"] or ("!", "待交办")),
            Column("状态", lambda row: ("#", TITLES[Stage(row["stage"])])),
            Column("期限", owed),
            Column("主管科室", lambda row: ("@", row["unit"]) if row["unit"] else ""),
            Column("热点敏感", lambda row: "" if not row["hot"] else "已公开真实情况" if row["published"] else ("!", "待公开真实情况")),
            Column("收到", lambda row: str(row["received_on"])),
        ),
        {
            "stage": ("状态", {stage.value: title for stage, title in TITLES.items()}),
            "kind": ("类别", KINDS),
            "missed": ("逾期", {"1": "曾逾期"}),
        },
        "inquiries",
        "双向互动：快速受理咨询投诉，限期答复；热点敏感话题及时公开真实情况。公众在“咨询投诉”页面提出。",
        "没有符合条件的咨询投诉。",
    ),
)

NEXT = {
    Stage.RECEIVED: "综合科交主管科室办理；属于热点、敏感话题的，认定后限期公开真实情况。",
    Stage.ASSIGNED: "主管科室限期答复。",
    Stage.ANSWERED: "公开真实情况，写明凭据。",
    Stage.CLOSED: "",
}


async def show(running: Running, _request: Request, state: Inquiry, agency: AgencyFacts, _made: Shown, _tried: Tried | None) -> Shown:
    """An inquiry: what was asked, who answers until when, what was answered and published."""
    shown = await asyncio.to_thread(running.shown, state)
    directory: Any = running.doorkeeper
    left = days_left(running, agency, state.deadline.due) if state.deadline and state.answer is None else None
    due = f"{state.deadline.due}（{state.deadline.article}）" if state.deadline else ""
    sections: list[Shown] = [{"title": "内容", "text": shown["text"] or ""}]
    if state.answer is not None:
        sections.append({"title": f"答复（{state.answered_on}）", "text": shown["answer"]})
    if state.published:
        sections.append({"title": "公开的真实情况", "text": state.facts})
    return {
        "title": state.topic or f"{CHOICES.get(state.kind, state.kind)} {state.tracking_number}",
        "next": NEXT[state.stage],
        "facts": [
            ("状态", ("#", TITLES[state.stage])),
            ("查询编号", state.tracking_number),
            ("类别", CHOICES.get(state.kind, state.kind)),
            ("收到", f"{state.received_on}（{CHOICES.get(state.channel, state.channel)}）"),
            ("姓名", shown["name"]),
            ("联系方式", shown["contact"]),
            ("主管科室", directory.unit_name(agency.code, state.unit) if state.unit else ""),
            ("答复期限", ("!", f"{due}，已超期 {-left} 个工作日") if left is not None and left < 0 else due),
            ("真实情况公开期限", str(state.facts_deadline.due) if state.facts_deadline and not state.published else ""),
            ("曾逾期", ("!", "、".join({"answer": "答复", "facts": "公开真实情况"}[one] for one in state.missed)) if state.missed else ""),
            ("公开的信息", str(state.publication) if state.publication else ""),
        ],
        "sections": sections,
    }


ROOMS = (Room("inquiries", "咨询投诉", inquiry, "press.read_inquiry", show, ReceiveInquiry),)


ASK = PublicForm(
    "ask",
    ReceiveInquiry,
    PUBLIC_FIELDS,
    title="向{agency}咨询投诉",
    lead="{agency}限期答复咨询、投诉和建议。姓名和联系方式加密保存；不留联系方式的，凭查询编号和密码查看答复。",
    received="已收到咨询投诉",
    thanks="{agency}交主管科室办理，限期答复；属于热点、敏感话题的，及时公开真实情况。",
    replies=(("tracking_number", "查询编号"), ("query_password", "查询密码")),
    follow="/press/ask/follow",
)


class FollowUp(BaseModel):
    """How the public finds its inquiry again."""

    model_config = ConfigDict(extra="forbid")
    tracking_number: str = Field(title="查询编号", max_length=40)
    query_password: str = Field(title="查询密码", max_length=100)


async def followed(running: Running, tracking_number: str, password: str) -> Inquiry:
    """The inquiry of a tracking number and password; the same words whichever is wrong."""
    rows = await running.query(FOLLOWED, (tracking_number.strip().upper(),), agency=EVERY_AGENCY)
    shown = hashlib.sha256(password.encode()).hexdigest()
    if rows:
        state, _ = await asyncio.to_thread(running.load, inquiry, rows[0]["id"])
        if isinstance(state, Inquiry) and hmac.compare_digest(shown, state.password_hash):
            return state
    raise NotFound("no-such-inquiry", "查询编号或密码不正确，请核对提交时得到的编号和密码。")


async def progress(running: Running, state: Inquiry) -> dict[str, Any]:
    """What who has asked is told: where it stands, until when, and the answer."""
    shown = await asyncio.to_thread(running.shown, state)
    return {
        "tracking_number": state.tracking_number,
        "stage": state.stage,
        "stage_title": "正在办理" if state.answer is None else "已答复",
        "received_on": state.received_on,
        "due": state.deadline.due if state.deadline and state.answer is None else None,
        "answered_on": state.answered_on,
        "answer": shown["answer"],
        "facts": state.facts or None,
        "publication": str(state.publication) if state.publication else None,
    }


def admitted(running: Running, request: Request) -> None:
    """Raises `TooMany` where an address asks too often."""
    if not running.allow_public(request.client.host if request.client else "unknown"):
        raise TooMany("too-many", "提交过于频繁，请稍后再试。", retry_after=60)


def api(running: Running) -> APIRouter:
    """`GET /inquiries?stage=&missed=&page=`, `POST /inquiry-follow-up`."""
    made = APIRouter()

    async def listed(
        request: Request, stage: Stage | None = None, missed: bool = False, page: int = Query(default=1, ge=1, le=1000)
    ) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "press.read_inquiry", agency)
        await reach(running, request)
        wanted = {
            "agency": agency.code, "reach": None if units is None else sorted(units), "stage": stage, "kind": None,
            "missed": "1" if missed else None, "limit": PAGE, "offset": (page - 1) * PAGE,
        }  # fmt: skip
        rows = await running.query(LIST, wanted, agency=agency.code)
        found = [{**row, "stage_title": TITLES[Stage(row["stage"])]} for row in rows]
        return answer({"inquiries": found, "page": page, "more": len(found) == PAGE})

    async def follow_up(request: Request) -> Response:
        admitted(running, request)
        try:
            given = FollowUp.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise invalid(error) from None
        return answer(await progress(running, await followed(running, given.tracking_number, given.query_password)))

    made.add_api_route("/inquiries", listed, methods=["GET"], summary="咨询投诉列表", response_model=None, responses=PROBLEMS)
    body = {"required": True, "content": {"application/json": {"schema": FollowUp.model_json_schema()}}}
    made.add_api_route(
        "/inquiry-follow-up", follow_up, methods=["POST"], summary="凭查询编号和密码查看答复", response_model=None, responses=PROBLEMS,
        openapi_extra={"requestBody": body},
    )  # fmt: skip
    return made


def pages(running: Running) -> APIRouter:
    """How the public follows its inquiry, and an official's note of what came by telephone, visit or letter."""
    made = APIRouter(prefix="/press")

    async def follow(request: Request) -> Response:
        return page(running, request, "press/templates/asked_follow.html", told=None, problem="", tracking="")

    async def follow_up(request: Request) -> Response:
        typed = await posted(request)
        admitted(running, request)
        tracking, password = typed.get("tracking_number", [""])[0], typed.get("query_password", [""])[0]
        try:
            found, problem = await progress(running, await followed(running, tracking, password)), ""
        except Problem as refused:
            found, problem = {}, refused.sentence
        return page(
            running, request, "press/templates/asked_follow.html", status=422 if problem else 200, told=found, problem=problem, tracking=tracking
        )  # fmt: skip

    async def noted(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        typed = await posted(request)
        command, wrong = parse(ReceiveInquiry, only(typed, OWN_FIELDS))
        if command is None:
            return noting_page(running, request, typed, wrong)
        try:
            actor = running.doorkeeper.authorise(who, "press.ask", agency)
            receipt = await running.execute(command, None, actor, agency, today=simulated_day(agency, typed))
            await running.views.wait(receipt.position, running.settings.view_wait_seconds)
        except Problem as problem:
            return noting_page(running, request, typed, {one["field"]: one["sentence"] for one in problem.fields}, problem)
        replies = [(title, receipt.reply[name]) for name, title in ASK.replies]
        return page(
            running, request, "public_received.html", status=201, form=ASK, id=receipt.id, to=agency, told=replies, service="press"
        )  # fmt: skip

    async def new(request: Request) -> Response:
        return noting_page(running, request)

    for path, endpoint, method in (
        ("/ask/follow", follow, "GET"),
        ("/ask/follow", follow_up, "POST"),
        ("/inquiries/new", new, "GET"),
        ("/inquiries/new", noted, "POST"),
    ):
        made.add_api_route(path, endpoint, methods=[method], response_model=None)
    return made


def noting_page(
    running: Running,
    request: Request,
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """An official's form, for what came by telephone, visit or letter."""
    who = official(running, request)
    agency = running.doorkeeper.agency(who.agency)
    running.doorkeeper.reach(who, "press.ask", agency)
    return page(
        running,
        request,
        "press/templates/note_inquiry.html",
        status=problem.status if problem else 422 if typed else 200,
        simulated=agency.simulated,
        today=running.doorkeeper.today(agency),
        fields=fields_of(ReceiveInquiry, typed, wrong, only=OWN_FIELDS),
        wrong=faults_of(ReceiveInquiry, wrong or {}),
        problem=told(problem),
        heading=heading(problem),
    )
