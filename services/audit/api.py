"""What audit answers: the decision trail of a case, how the ledger stands, and the annual report."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.audit.annual_report import annual_report
from services.audit.ledger import STANDING
from services.audit.trail import ROWS, Trail, make_trail
from shared.kernel.errors import Forbidden, NotFound
from shared.kernel.routes import PROBLEMS, answer, signed_in
from shared.kernel.running import Running

BY_NUMBER = """SELECT case_id FROM ledger WHERE source = 'requests' AND agency = %s AND topic LIKE 'requests.RequestRegistered:%%'
    AND convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'number' = %s LIMIT 1"""


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()

    async def trail(request: Request, id: str) -> Response:
        who = signed_in(running, request)
        found = await trail_of(running, id, who.agency if who else "")
        running.doorkeeper.authorise(who, "audit.read_trail", running.doorkeeper.agency(found.agency))
        return answer(msgspec.to_builtins(found))

    async def ledger(request: Request) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Forbidden("sign-in", "请先登录后再查看。")
        running.doorkeeper.authorise(who, "audit.read_trail", running.doorkeeper.agency(who.agency))
        return answer({"logs": await running.query(STANDING)})

    async def annual(request: Request, year: int = Query(ge=2008, le=2100), agency: str | None = None) -> Response:
        who = signed_in(running, request)
        chosen = running.agency_for(who, agency)
        running.doorkeeper.authorise(who, "audit.read_report", chosen)
        return answer(await asyncio.to_thread(report_of, running, chosen.code, chosen.name, year))

    for path, endpoint, title in (
        ("/trails/{id}", trail, "一件事的办理全过程"),
        ("/ledger", ledger, "总账现状"),
        ("/reports/annual", annual, "年度报告"),
    ):
        made.add_api_route(path, endpoint, methods=["GET"], summary=title, response_model=None, responses=PROBLEMS)
    return made


async def trail_of(running: Running, id: str, agency: str) -> Trail:
    """The trail of a case, by its id or its official number; raises `NotFound`."""
    rows = await running.query(ROWS, (await case_of(running, id, agency),))
    if not rows:
        raise NotFound("no-such-case", "总账中没有这件事，请核对编号；刚刚办理的，稍后再查。")
    return make_trail(rows[0]["case_id"], rows, running.doorkeeper.name_of)


async def case_of(running: Running, id: str, agency: str) -> UUID:
    """The case of an id or an official number; raises `NotFound`."""
    try:
        return UUID(id)
    except ValueError:
        found = await running.query(BY_NUMBER, (agency, id))
        if not found:
            raise NotFound("no-such-case", "总账中没有这个编号，请核对。") from None
        case: UUID = found[0]["case_id"]
        return case


def report_of(running: Running, agency: str, name: str, year: int) -> dict[str, Any]:
    """The annual report by replay of the ledger. Blocks: call it in a thread."""
    with running.log.datastore.get_connection() as connection:
        return annual_report(connection, agency, name, year)
