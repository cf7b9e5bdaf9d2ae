"""What audit answers about accountability beyond its commands: cases, leads, the scheme, and who is out of a year's choice of the best."""

from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_case.state import CONCLUSIONS, TITLES, Stage
from services.audit.accountability_lead.decisions import TITLES as LEAD_TITLES
from services.audit.accountability_lead.decisions import Stage as LeadStage
from shared.kernel.errors import Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, reach, signed_in
from shared.kernel.running import Running

CASES = """SELECT id, title, source, reference, level, unit, subject_unit, stage, owed, due, misses, opened_on, severity, conclusion, lead
    FROM views.accountability_cases WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    AND (%(stage)s::text IS NULL OR stage = %(stage)s) AND (NOT %(missed)s OR misses > 0)
    ORDER BY stage = 'closed', due NULLS LAST, opened_on DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

LEADS = """SELECT id, title, source, service, thing, stage, due, overdue, raised_on, case_id FROM views.accountability_leads
    WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL AND (%(stage)s::text IS NULL OR stage = %(stage)s)
    AND (%(thing)s::uuid IS NULL OR thing = %(thing)s::uuid)
    ORDER BY stage <> 'open', due, id LIMIT %(limit)s OFFSET %(offset)s"""

EXCELLENCE = """SELECT id AS case, unit, persons, year FROM views.excellence
    WHERE agency = %(agency)s AND year = %(year)s AND revoked AND %(reach)s::text[] IS NULL ORDER BY unit, id LIMIT %(limit)s OFFSET %(offset)s"""

PAGE = 50
"""Rows on a page."""


def router(running: Running) -> APIRouter:
    """`GET /accountability-cases`, `/accountability-leads`, `/accountability-scheme`, `/excellence/{year}`."""
    made = APIRouter()

    async def rows(request: Request, statement: str, page: int, **wanted: Any) -> list[dict[str, Any]]:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "audit.read_accountability", agency)
        await reach(running, request)
        seen = {"agency": agency.code, "reach": None if units is None else sorted(units), "limit": PAGE, "offset": (page - 1) * PAGE}
        return await running.query(statement, {**seen, **wanted}, agency=agency.code)

    async def cases(
        request: Request, stage: Stage | None = None, missed: bool = False, page: int = Query(default=1, ge=1, le=1000)
    ) -> Response:
        found = [
            {**row, "stage_title": TITLES[Stage(row["stage"])], "conclusion_title": CONCLUSIONS.get(row["conclusion"], "")}
            for row in await rows(request, CASES, page, stage=stage, missed=missed)
        ]
        return answer({"cases": found, "page": page, "more": len(found) == PAGE})

    async def leads(
        request: Request, stage: LeadStage | None = None, thing: UUID | None = None, page: int = Query(default=1, ge=1, le=1000)
    ) -> Response:
        found = [
            {**row, "stage_title": LEAD_TITLES[LeadStage(row["stage"])]}
            for row in await rows(request, LEADS, page, stage=stage, thing=thing)
        ]
        return answer({"leads": found, "page": page, "more": len(found) == PAGE})

    async def excellence(request: Request, year: int, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        found = await rows(request, EXCELLENCE, page, year=year)
        return answer({"revoked": found, "page": page, "more": len(found) == PAGE})

    async def scheme() -> Response:
        return answer(msgspec.to_builtins(SCHEME))

    for path, endpoint, summary in (
        ("/accountability-cases", cases, "责任追究案件列表"),
        ("/accountability-leads", leads, "责任追究线索列表"),
        ("/accountability-scheme", scheme, "追究情形、来源、情节和方式"),
        ("/excellence/{year}", excellence, "一年中免除评优的科室和人员"),
    ):
        made.add_api_route(path, endpoint, methods=["GET"], summary=summary, response_model=None, responses=PROBLEMS)
    return made
