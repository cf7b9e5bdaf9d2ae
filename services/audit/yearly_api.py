"""The lists of what audit does every year, over the API: registers, units' reports, appraisals, and the scheme of appraisal."""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.audit.appraisal.scheme import SCHEME
from services.audit.unit_report.sections import SECTIONS
from shared.kernel.errors import Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, reach, signed_in
from shared.kernel.running import Running

PAGE = 50
"""Rows on a page."""

LISTS: tuple[tuple[str, str, str, str], ...] = (
    (
        "registers",
        "责任登记列表",
        "audit.read_register",
        """SELECT id, year, missing, confirmed FROM views.registers WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL
        AND (%(year)s::int IS NULL OR year = %(year)s) ORDER BY year DESC LIMIT %(limit)s OFFSET %(offset)s""",
    ),
    (
        "unit-reports",
        "科室书面报告列表",
        "audit.read_unit_report",
        """SELECT id, year, unit, due, stage, waits, misses, late_days, reminders, first_submitted_on, kept FROM views.unit_reports
        WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(year)s::int IS NULL OR year = %(year)s)
        ORDER BY year DESC, waits DESC, due, unit LIMIT %(limit)s OFFSET %(offset)s""",
    ),
    (
        "unit-appraisals",
        "科室考核列表",
        "audit.read_appraisal",
        """SELECT id, appraisal, unit, year, scope, stage, self_checked, scores, objected, total, grade, plan_due, misses
        FROM views.unit_appraisals
        WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) AND (%(year)s::int IS NULL OR year = %(year)s)
        ORDER BY year DESC, scope, unit LIMIT %(limit)s OFFSET %(offset)s""",
    ),
)
"""Path, title, capability and statement of each list."""


def router(running: Running) -> APIRouter:
    """`GET /yearly/registers`, `/yearly/unit-reports`, `/yearly/unit-appraisals?year=&page=`, `/appraisal-scheme`."""
    made = APIRouter()

    async def scheme() -> Response:
        return answer({"appraisal": msgspec.to_builtins(SCHEME), "report_sections": msgspec.to_builtins(SECTIONS)})

    for path, title, read, statement in LISTS:
        made.add_api_route(
            f"/yearly/{path}",
            listing(running, path, read, statement),
            methods=["GET"],
            summary=title,
            response_model=None,
            responses=PROBLEMS,
        )
    made.add_api_route(
        "/appraisal-scheme", scheme, methods=["GET"], summary="考核标准和书面报告内容", response_model=None, responses=PROBLEMS
    )
    return made


def listing(running: Running, path: str, read: str, statement: str) -> Callable[..., Any]:
    """The endpoint of a list; it answers the rows under its own name."""

    async def listed(
        request: Request, year: int | None = Query(default=None, ge=2008, le=2100), page: int = Query(default=1, ge=1, le=1000)
    ) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, read, agency)
        await reach(running, request)
        seen = {"agency": agency.code, "reach": None if units is None else sorted(units), "year": year}
        rows = await running.query(statement, {**seen, "limit": PAGE + 1, "offset": (page - 1) * PAGE}, agency=agency.code)
        return answer({path.replace("-", "_"): rows[:PAGE], "page": page, "more": len(rows) > PAGE})

    return listed
