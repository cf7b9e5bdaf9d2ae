"""The pages of annual reports: a year in the national form, each of whose numbers opens, and the button that counts them."""

from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.audit.annual_report.state import annual_report, annual_report_id
from services.audit.report_api import Format, asked_for, count_now, document_of, opened_cell, tell, trails_of
from services.audit.reports.charts import svg
from services.audit.reports.documents import content_of
from services.audit.rooms import BENCH
from services.audit.rooms.annual_reports import REPORT_ROOM
from shared.kernel.errors import Problem
from shared.kernel.running import Running
from shared.web.acting import version_seen
from shared.web.rendering import moved, official, page, posted
from shared.web.rooms import thing_page

PAGE = 100
"""Things of a cell on a page."""


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/audit")

    async def report(request: Request, year: int, rollup: bool | None = None, live: bool = False) -> Response:
        asked = asked_for(running, official(running, request), year, None, rollup=rollup, live=live)
        told = await tell(running, asked)
        chosen = {} if rollup is None else {"rollup": str(rollup).lower()}
        chosen |= {"live": "true"} if live else {}

        def link(table: int, row: str, column: object) -> str:
            return f"/audit/reports/{year}/cells?{urlencode({'table': table, 'row': row, 'column': column, **chosen})}"

        state, _ = running.load(annual_report, annual_report_id(asked.agency.code, year))
        standing = (
            "数字和文字已经审定，日志位置已经固定。" if told.settled else f"由事件重放得出，截至依申请公开日志第 {told.positions['requests']} 条。"
        )  # fmt: skip
        members = len(told.scope.members)
        other = None
        if members > 1:
            standing += f"汇总本机关和 {members - 1} 个下级机关。"
            other = (f"/audit/reports/{year}?rollup=false", "只看本机关")
        elif rollup is False:
            other = (f"/audit/reports/{year}", "汇总下级机关")
        return page(
            running,
            request,
            "audit/templates/report.html",
            content=content_of(told.report, told.earlier),
            svg=svg,
            link=link,
            standing=standing,
            broken=told.broken,
            rest="".join(f"&{name}={value}" for name, value in chosen.items()),
            report_path=f"/audit/annual-reports/{state.id}" if state.exists else "",
            other_scope=other,
        )

    async def document(request: Request, year: int, format: Format, rollup: bool | None = None, live: bool = False) -> Response:
        return await document_of(running, asked_for(running, official(running, request), year, None, rollup=rollup, live=live), format)

    async def cell(
        request: Request,
        year: int,
        table: int = Query(ge=2, le=4),
        row: str = Query(max_length=60),
        column: str = Query(default="0", max_length=20),
        rollup: bool | None = None,
        live: bool = False,
        offset: int = Query(default=0, ge=0),
    ) -> Response:
        asked = asked_for(running, official(running, request), year, None, rollup=rollup, live=live)
        opened = await opened_cell(running, asked, table, row, column, offset, PAGE)
        readable = trails_of(running, asked)
        chosen = {} if rollup is None else {"rollup": str(rollup).lower()}
        chosen |= {"live": "true"} if live else {}
        rows = [
            {
                "case": one.case,
                "number": one.number,
                "agency": running.doorkeeper.agency(one.agency).name,
                "events": one.events,
                "readable": one.agency in readable,
            }
            for one in opened.counted
        ]
        return page(
            running,
            request,
            "audit/templates/report_cell.html",
            opened=opened,
            year=year,
            rows=rows,
            limit=PAGE,
            back=f"/audit/reports/{year}?{urlencode(chosen)}",
            again=f"/audit/reports/{year}/cells?{urlencode({'table': table, 'row': row, 'column': column, **chosen})}",
        )

    async def counted(request: Request, id: UUID) -> Response:
        who = official(running, request)
        typed = await posted(request)
        try:
            receipt = await count_now(running, who, id, version_seen(typed))
            await running.views.wait(receipt.position, running.settings.view_wait_seconds)
        except Problem as problem:
            return await thing_page(running, request, BENCH, REPORT_ROOM, id, None, problem)
        return moved(f"/audit/annual-reports/{id}")

    made.add_api_route("/reports/{year}", report, methods=["GET"], response_model=None)
    made.add_api_route("/reports/{year}/document", document, methods=["GET"], response_model=None)
    made.add_api_route("/reports/{year}/cells", cell, methods=["GET"], response_model=None)
    made.add_api_route("/annual-reports/{id}/count", counted, methods=["POST"], response_model=None)
    return made
