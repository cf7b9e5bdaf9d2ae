"""What is new for an official: things that happened to requests which it may take further, by others, since it last looked (YS-11)."""

import asyncio
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.requests.notice_board.board import MarkNoticesRead, NoticeBoard, board_id, notice_board
from services.requests.views.notices import NEWS
from shared.kernel.commands import AgencyFacts
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import Forbidden, Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, invalid, reach, signed_in
from shared.kernel.running import Running
from shared.web.rendering import moved, official, page, posted

DAYS = 30
"""So many days what was read stays on the page."""

PAGE = 100
"""Notices on a page."""

NEW = """SELECT n.id, n.request, n.what, n.day, n.position, c.number, c.unit, c.due, c.stage FROM views.notices n
    JOIN views.cases c ON c.id = n.request AND c.agency = n.agency
    WHERE n.agency = %(agency)s AND n.by <> %(person)s AND (n.wants = ANY(%(whole)s) OR n.wants || '/' || coalesce(c.unit, '') = ANY(%(units)s))
    UNION ALL SELECT c.id, c.id, '收到新的申请', c.received_on AS day, c.position, c.number, c.unit, c.due, c.stage FROM views.cases c
    WHERE c.agency = %(agency)s AND c.stage = 'received' AND 'requests.register' = ANY(%(whole)s)"""

LISTED = f"""SELECT * FROM ({NEW}) AS news WHERE day >= %(since)s AND (NOT %(unread)s OR position > %(read)s)
    ORDER BY position DESC LIMIT %(limit)s OFFSET %(offset)s"""

UNREAD = f"SELECT count(*) AS unread FROM ({NEW} LIMIT 1000) AS news WHERE position > %(read)s AND day >= %(since)s"


class Reading(BaseModel):
    """How far was read."""

    model_config = ConfigDict(extra="forbid")
    up_to: int = Field(title="位置", ge=0)


def api(running: Running) -> APIRouter:
    """`GET /notices?unread=&page=`, `POST /notices/read` with how far."""
    made = APIRouter()

    async def listed(request: Request, unread: bool = False, page: int = Query(default=1, ge=1, le=100)) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        await reach(running, request)
        rows, board = await news(running, who, agency, unread=unread, page_number=page)
        found = [
            {**row, "unread": row["position"] > board.up_to, "href": f"/api/requests/disclosure-requests/{row['request']}"} for row in rows
        ]
        return answer({"notices": found, "page": page, "more": len(found) == PAGE, "read": board.up_to})

    async def read(request: Request) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再办理。")
        try:
            told = Reading.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise invalid(error) from None
        return answer({"read": await mark(running, who, running.agency_for(who, None), told.up_to)})

    for path, endpoint, method, summary in (
        ("/notices", listed, "GET", "与我有关的新情况"),
        ("/notices/read", read, "POST", "标为已阅"),
    ):
        made.add_api_route(path, endpoint, methods=[method], summary=summary, response_model=None, responses=PROBLEMS)
    return made


def router(running: Running) -> APIRouter:
    """The page."""
    made = APIRouter(prefix="/requests")

    async def listed(request: Request, unread: str = "", number: int = Query(default=1, alias="page", ge=1, le=100)) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.reach(who, "requests.read", agency)
        rows, board = await news(running, who, agency, unread=bool(unread), page_number=number)
        return page(
            running,
            request,
            "requests/templates/notices.html",
            rows=rows,
            read=board.up_to,
            newest=max((row["position"] for row in rows), default=board.up_to),
            unread=unread,
            waiting=await count_unread(running, who, agency),
            page_number=number,
            more=len(rows) == PAGE,
            days=DAYS,
        )

    async def marked(request: Request) -> Response:
        who = official(running, request)
        typed = await posted(request)
        up_to = typed.get("up_to", ["0"])[0]
        await mark(running, who, running.doorkeeper.agency(who.agency), int(up_to) if up_to.isdecimal() else 0)
        return moved("/requests/notices")

    for path, endpoint, method in (("/notices", listed, "GET"), ("/notices", marked, "POST")):
        made.add_api_route(path, endpoint, methods=[method], response_model=None)
    return made


async def news(
    running: Running, who: SignedIn, agency: AgencyFacts, *, unread: bool, page_number: int
) -> tuple[list[dict[str, Any]], NoticeBoard]:
    """A page of what is new for this official, the newest first, and how far it has read."""
    board = await board_of(running, who, agency)
    wanted = {**concerning(running, who, agency), "read": board.up_to, "unread": unread, "limit": PAGE, "offset": (page_number - 1) * PAGE}
    return await running.query(LISTED, wanted, agency=agency.code), board


async def count_unread(running: Running, who: SignedIn, agency: AgencyFacts) -> int:
    """How much is new for this official; what is beyond a thousand is not counted."""
    board = await board_of(running, who, agency)
    rows = await running.query(UNREAD, {**concerning(running, who, agency), "read": board.up_to}, agency=agency.code)
    return int(rows[0]["unread"])


async def board_of(running: Running, who: SignedIn, agency: AgencyFacts) -> NoticeBoard:
    """How far this official has read."""
    found, _ = await asyncio.to_thread(running.load, notice_board, board_id(agency.code, who.person))
    assert isinstance(found, NoticeBoard)
    return found


async def mark(running: Running, who: SignedIn, agency: AgencyFacts, up_to: int) -> int:
    """Everything up to there was read; returns how far it is now. Never beyond what the log has."""
    units = running.doorkeeper.reach(who, "requests.read", agency)
    actor = running.doorkeeper.authorise(who, "requests.read", agency, unit=min(units) if units else None)
    reached = min(up_to, max(running.pipeline.last, 0))
    await running.execute(MarkNoticesRead(person=who.person, up_to=reached), None, actor, agency)
    return (await board_of(running, who, agency)).up_to


def concerning(running: Running, who: SignedIn, agency: AgencyFacts) -> dict[str, Any]:
    """What this official may take further, as parameters: capabilities in the whole agency, and as capability/unit."""
    whole, units = [], []
    for wants in sorted({wants for _, wants in NEWS.values()} | {"requests.register"}):
        try:
            found = running.doorkeeper.reach(who, wants, agency)
        except Forbidden:
            continue
        if found is None:
            whole.append(wants)
        else:
            units += [f"{wants}/{unit}" for unit in sorted(found)]
    since = running.doorkeeper.today(agency) - timedelta(days=DAYS)
    return {"agency": agency.code, "person": who.person, "whole": whole, "units": units, "since": since}
