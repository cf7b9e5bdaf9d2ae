"""What press answers beyond its commands: the list of public opinion, what is owed first at its head, and the scheme of assessment."""

from typing import Any

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.press.opinion_item.scheme import SCHEME
from services.press.opinion_item.state import TITLES, Stage
from shared.kernel.errors import Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, reach, signed_in
from shared.kernel.running import Running

OPINIONS = """SELECT id, title, source, place, detected_at, unit, level, stage, until, misses FROM views.opinions
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (NOT %(missed)s OR misses > 0)
    ORDER BY stage = 'closed', until NULLS LAST, detected_at DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

PAGE = 50
"""Rows on a page."""


def router(running: Running) -> APIRouter:
    """`GET /opinions?stage=&missed=&page=`, `GET /opinion-scheme`."""
    made = APIRouter()

    async def opinions(
        request: Request, stage: Stage | None = None, missed: bool = False, page: int = Query(default=1, ge=1, le=1000)
    ) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "press.read", agency)
        await reach(running, request)
        seen = {"agency": agency.code, "reach": None if units is None else sorted(units), "stage": stage, "missed": missed}
        rows: list[dict[str, Any]] = await running.query(OPINIONS, {**seen, "limit": PAGE, "offset": (page - 1) * PAGE}, agency=agency.code)
        found = [{**row, "stage_title": TITLES[Stage(row["stage"])]} for row in rows]
        return answer({"opinions": found, "page": page, "more": len(found) == PAGE})

    async def scheme() -> Response:
        return answer(msgspec.to_builtins(SCHEME))

    for path, endpoint, summary in (("/opinions", opinions, "舆情列表"), ("/opinion-scheme", scheme, "研判标准")):
        made.add_api_route(path, endpoint, methods=["GET"], summary=summary, response_model=None, responses=PROBLEMS)
    return made
