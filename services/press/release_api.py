"""What press answers of releases beyond its commands: the list, the calendar of events, who speaks for the agency, and the data that forms rest on."""

from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.press.press_release.scheme import SCHEME
from services.press.press_release.state import TITLES, Stage
from services.press.release_team.ranks import RANKS
from services.press.release_team.state import team_id
from shared.kernel.errors import Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, reach, signed_in
from shared.kernel.running import Running

RELEASES = """SELECT id, title, content, origin, unit, emergency, opinion, stage, waits, form, at, place, media, held, channels FROM views.releases
    WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(waits)s::text IS NULL OR waits = %(waits)s) AND (NOT %(coming)s OR (at IS NOT NULL AND NOT held))
    ORDER BY CASE WHEN %(coming)s THEN at END, waits = '', NOT emergency, proposed_at DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

PAGE = 50
"""Rows on a page."""

Waits = Literal["leader_in_charge", "agency_head", "general_office", "unit", "spokesperson"]


def router(running: Running) -> APIRouter:
    """`GET /releases?stage=&waits=&coming=&page=`, `GET /release-team`, `GET /release-scheme`."""
    made = APIRouter()

    async def releases(
        request: Request,
        stage: Stage | None = None,
        waits: Waits | None = None,
        coming: bool = False,
        page: int = Query(default=1, ge=1, le=1000),
    ) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "press.read_releases", agency)
        await reach(running, request)
        seen = {"agency": agency.code, "reach": None if units is None else sorted(units), "stage": stage, "waits": waits, "coming": coming}
        rows: list[dict[str, Any]] = await running.query(RELEASES, {**seen, "limit": PAGE, "offset": (page - 1) * PAGE}, agency=agency.code)
        found = [{**row, "stage_title": TITLES[Stage(row["stage"])]} for row in rows]
        return answer({"releases": found, "page": page, "more": len(found) == PAGE})

    async def team(request: Request) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        running.doorkeeper.reach(who, "press.read_releases", agency)
        return answer({"id": team_id(agency.code)})

    async def scheme() -> Response:
        return answer({**msgspec.to_builtins(SCHEME), "ranks": RANKS.ranks, "spokesperson": RANKS.spokesperson, "lead": RANKS.lead})

    for path, endpoint, summary in (
        ("/releases", releases, "新闻发布列表"),
        ("/release-team", team, "新闻发布工作组织的编号"),
        ("/release-scheme", scheme, "发布的内容类别、媒体和职务"),
    ):
        made.add_api_route(path, endpoint, methods=["GET"], summary=summary, response_model=None, responses=PROBLEMS)
    return made
