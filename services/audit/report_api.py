"""What audit answers of annual reports: a year as data or document, what makes up a cell, the text to start from, and whether a replay agrees."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from fastapi import APIRouter, Query, Request, Response

from services.audit.annual_report.commands import CountAnnualReport
from services.audit.annual_report.events import BrokenCheck
from services.audit.annual_report.state import AnnualReport, annual_report
from services.audit.api import with_ledger
from services.audit.reports.cells import MOST, Opened, open_cell
from services.audit.reports.check import check_report
from services.audit.reports.documents import FORMATS, made_as
from services.audit.reports.figures import fees
from services.audit.reports.making import (
    Scope,
    Standing,
    again,
    count,
    positions_now,
    report_now,
    report_of_counted,
    reports_known,
    requests_in,
    scope_of,
    standing_of,
)
from services.audit.reports.texts import beginning, oversight, unit_texts
from shared.kernel.commands import AgencyFacts
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import Forbidden, NotFound, TooMany
from shared.kernel.jobs import Receipt
from shared.kernel.routes import PROBLEMS, answer, load, reach, signed_in
from shared.kernel.running import Running

Year = Query(ge=2008, le=2100)

REPORTS = """SELECT * FROM views.annual_reports WHERE agency = %(agency)s ORDER BY year DESC LIMIT 100"""
FIGURES = """SELECT * FROM views.report_figures WHERE agency = %(agency)s ORDER BY year DESC LIMIT 100"""
EARLIER = """SELECT * FROM views.earlier_reports WHERE agency = %(agency)s ORDER BY year DESC LIMIT 100"""


Format = Literal["json", "html", "docx", "xlsx", "pdf"]
"""What a report can be had as."""


class Asked(NamedTuple):
    """Which report is asked for: whose, of which year, by whom, with subordinates or without, and whether as it would be now."""

    who: SignedIn | None
    agency: AgencyFacts
    year: int
    rollup: bool | None
    live: bool


class Told(NamedTuple):
    """A report with where it comes from: the scope, how far it has come, whether its numbers are settled, what does not hold, other years."""

    report: dict[str, Any]
    scope: Scope
    standing: Standing
    settled: bool
    broken: tuple[BrokenCheck, ...]
    earlier: dict[int, dict[str, Any]]

    @property
    def positions(self) -> Mapping[str, int]:
        """Up to where the logs were read."""
        found: Mapping[str, int] = self.report["as_of"]
        return found


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()

    async def annual(
        request: Request, year: int = Year, agency: str | None = None, rollup: bool | None = None, live: bool = False
    ) -> Response:
        told = await tell(running, asked_for(running, reader(running, request), year, agency, rollup=rollup, live=live))
        return answer({**told.report, "settled": told.settled, "broken": msgspec.to_builtins(told.broken)})

    async def document(
        request: Request,
        year: int = Year,
        format: Format = "pdf",
        agency: str | None = None,
        rollup: bool | None = None,
        live: bool = False,
    ) -> Response:
        asked = asked_for(running, reader(running, request), year, agency, rollup=rollup, live=live)
        return await document_of(running, asked, format)

    async def cells(
        request: Request,
        table: int = Query(ge=2, le=4),
        year: int = Year,
        row: str = Query(max_length=60),
        column: str = Query(default="0", max_length=20),
        rollup: bool | None = None,
        live: bool = False,
        offset: int = Query(default=0, ge=0),
        limit: int = Query(default=100, ge=1, le=MOST),
    ) -> Response:
        asked = asked_for(running, signed_in(running, request), year, None, rollup=rollup, live=live)
        opened = await opened_cell(running, asked, table, row, column, offset, limit)
        readable = trails_of(running, asked)
        counted = [
            {
                **msgspec.to_builtins(one),
                "trail": f"/api/audit/trails/{one.case}" if one.agency in readable else None,
                "events": [{**msgspec.to_builtins(event), "receipt": event.receipt} for event in one.events],
            }
            for one in opened.counted
        ]
        return answer({**msgspec.to_builtins(opened), "counted": counted})

    async def starting_text(request: Request, year: int = Year, rollup: bool | None = None, government: bool = False) -> Response:
        asked = asked_for(running, signed_in(running, request), year, None, rollup=rollup)
        return answer(msgspec.to_builtins(await asyncio.to_thread(start_of, running, asked, government)))

    async def replayed(request: Request, year: int = Year, agency: str | None = None) -> Response:
        asked = asked_for(running, reader(running, request), year, agency)
        return answer(await asyncio.to_thread(with_ledger, running, lambda connection: replay(connection, asked)))

    async def counted(request: Request, id: UUID) -> Response:
        receipt = await count_now(running, signed_in(running, request), id)
        return answer({"id": str(id), "position": f"{running.name}:{receipt.position}"})

    def listed(statement: str, name: str) -> Callable[[Request], Any]:
        async def rows(request: Request) -> Response:
            who = signed_in(running, request)
            await reach(running, request)
            chosen = running.agency_for(who, None)
            running.doorkeeper.authorise(who, "audit.read_report", chosen)
            return answer({name: await running.query(statement, {"agency": chosen.code}, agency=chosen.code)})

        return rows

    for path, endpoint, title in (
        ("/reports/annual/cells", cells, "年度报告的一个数字由哪些事件构成"),
        ("/reports/annual/document", document, "年度报告文件：JSON、网页、DOCX、XLSX、PDF"),
        ("/reports/annual/starting-text", starting_text, "由各科室书面报告汇成的正文初稿"),
        ("/reports/annual/replay", replayed, "以审定时的日志位置重放，数字是否一致"),
        ("/reports/annual", annual, "年度报告"),
        ("/annual-reports", listed(REPORTS, "reports"), "年度报告的编制"),
        ("/report-figures", listed(FIGURES, "figures"), "表二的数字"),
        ("/earlier-reports", listed(EARLIER, "reports"), "导入的往年报告"),
    ):
        made.add_api_route(path, endpoint, methods=["GET"], summary=title, response_model=None, responses=PROBLEMS)
    made.add_api_route(
        "/annual-reports/{id}/count", counted, methods=["POST"], summary="由事件算出数字", response_model=None, responses=PROBLEMS
    )
    return made


def reader(running: Running, request: Request) -> SignedIn | None:
    """Who asks; None is the public, which may ask so often in a minute: setting a document or replaying a year is work."""
    who = signed_in(running, request)
    if who is None and not running.allow_public(request.client.host if request.client else "unknown"):
        raise TooMany("too-many", "查阅过于频繁，请稍后再试。", retry_after=60)
    return who


def asked_for(
    running: Running, who: SignedIn | None, year: int, agency: str | None, *, rollup: bool | None = None, live: bool = False
) -> Asked:
    """Which report is asked for. Officials who may read reports read their agency's; everyone else has what is public."""
    chosen = running.agency_for(who, agency)
    if who is not None:
        running.doorkeeper.authorise(who, "audit.read_report", chosen)
    return Asked(who, chosen, year, rollup, live)


def scope_for(running: Running, asked: Asked) -> Scope:
    """Whose events count."""
    directory: Any = running.doorkeeper
    return scope_of(directory.agencies(), asked.agency, rollup=asked.rollup)


async def tell(running: Running, asked: Asked) -> Told:
    """A report: as it was approved or published, or else as it is now; raises `Forbidden` where it is not public yet."""
    return await asyncio.to_thread(with_ledger, running, lambda connection: told_of(connection, asked, scope_for(running, asked)))


async def document_of(running: Running, asked: Asked, format: Format) -> Response:
    """A report as a file; raises as `tell`."""
    told = await tell(running, asked)
    content = await made_as(format, told.report, told.earlier)
    name = f"annual-report-{asked.agency.code}-{asked.year}.{format}"
    way = "inline" if format in ("html", "json") else "attachment"
    headers = {
        "Content-Disposition": f'{way}; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=FORMATS[format], headers=headers)


def told_of(connection: psycopg.Connection[Any], asked: Asked, scope: Scope) -> Told:
    """The same, from the ledger."""
    standing = standing_of(connection, asked.agency.code, asked.year)
    version = standing.published if asked.who is None else standing.settled
    if asked.who is None and (version is None or asked.live or asked.rollup is not None):
        raise Forbidden("not-published", "这一年的年度报告还没有公布。")
    positions = positions_now(connection)
    known = reports_known(connection, asked.agency.code, positions["audit"])
    earlier = {year: one for year, one in known.items() if year < asked.year}
    if version is not None and not asked.live and asked.rollup is None:
        counted = version.counted
        report = report_of_counted(asked.agency.code, asked.agency.name, asked.year, counted, version.sections)
        scope = Scope(asked.agency.code, asked.agency.name, counted.agencies)
        return Told(report, scope, standing, settled=True, broken=counted.broken, earlier=earlier)
    report = report_now(connection, scope, asked.year, positions, standing.sections)
    broken = tuple(BrokenCheck(one.check, one.cells, one.told, one.fails) for one in check_report(report, earlier.get(asked.year - 1)))
    return Told(report, scope, standing, settled=False, broken=broken, earlier=earlier)


async def opened_cell(running: Running, asked: Asked, table: int, row: str, column: str, offset: int, limit: int) -> Opened:
    """A cell of that very report, for officials."""
    if asked.who is None:
        raise Forbidden("sign-in", "请先登录后再查看。")

    def ask(connection: psycopg.Connection[Any]) -> Opened:
        scope, positions = scope_for(running, asked), None
        settled = standing_of(connection, asked.agency.code, asked.year).settled
        if settled is not None and not asked.live and asked.rollup is None:
            scope = scope._replace(members=settled.counted.agencies)
            positions = settled.counted.positions
        upto = positions or positions_now(connection)
        return open_cell(connection, scope, asked.year, upto, table, row, column, offset=offset, limit=limit)

    return await asyncio.to_thread(with_ledger, running, ask)


def trails_of(running: Running, asked: Asked) -> frozenset[str]:
    """The codes of the agencies whose trails this person may read."""
    try:
        running.doorkeeper.authorise(asked.who, "audit.read_trail", asked.agency)
    except Forbidden:
        return frozenset()
    return frozenset({asked.agency.code})


def start_of(running: Running, asked: Asked, government: bool) -> Any:
    """The text to start from: what the units of these agencies have written. Blocks: call it in a thread."""
    directory: Any = running.doorkeeper
    scope = scope_for(running, asked)

    def ask(connection: psycopg.Connection[Any]) -> Any:
        upto = positions_now(connection)
        told = oversight(connection, scope.members, asked.year, upto["audit"]) if government else ""
        texts = unit_texts(connection, asked.agency.code, asked.year, upto["audit"])
        paid = fees(requests_in(connection, scope.members, upto["requests"]).values(), asked.year)
        return beginning(texts, paid, {unit.code: unit.name for unit in directory.units(asked.agency.code)}, told)

    return with_ledger(running, ask)


def replay(connection: psycopg.Connection[Any], asked: Asked) -> dict[str, Any]:
    """Whether the logs, replayed up to the positions that were frozen, still give the numbers that were approved."""
    standing = standing_of(connection, asked.agency.code, asked.year)
    version = standing.published if asked.who is None else standing.settled
    if version is None:
        raise NotFound("not-frozen", "这一年的年度报告还没有审定，没有固定的日志位置。")
    found = again(connection, version, asked.agency.code, asked.year)
    return {
        "positions": version.counted.positions,
        "recorded": version.counted.hash,
        "replayed": found,
        "same": found == version.counted.hash,
    }


async def count_now(running: Running, who: SignedIn | None, id: UUID, expected_version: int | None = None) -> Receipt:
    """Counts a report's numbers by replay and puts them on record, for an official who may draft it."""
    state, agency = await load(running, annual_report, id)
    assert isinstance(state, AnnualReport)
    actor = running.doorkeeper.authorise(who, CountAnnualReport.spec.capability, agency)
    scope = scope_for(running, Asked(who, agency, state.year, None, live=False))
    made = await asyncio.to_thread(with_ledger, running, lambda connection: count(connection, scope, state.year, state.sections))
    expected = state.version if expected_version is None else expected_version
    return await running.execute(CountAnnualReport(made=made), id, actor, agency, expected_version=expected)
