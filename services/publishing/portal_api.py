"""What the public's pages show, for programs: nobody signs in for it."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.publishing.portal import (
    agency_shown,
    counts_of,
    explanation_of,
    give_file,
    item_shown,
    matter_shown,
    matters,
    receipt_shown,
)
from services.publishing.portal_export import Download, as_csv, as_json
from services.publishing.search import PAGE, Wanted, lit, search
from shared.kernel.routes import PROBLEMS, answer, reach
from shared.kernel.running import Running

Kind = Literal["", "normative", "policy", "budget", "procedure", "notice", "guide", "institution", "annual_report", "other"]
Category = Literal["", "decisions", "ideology", "organisation", "conduct", "rules", "functions", "policy", "finance"]
Validity = Literal["", "in_force", "amended", "expired", "repealed"]


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/portal")

    async def items(
        request: Request,
        q: str = Query(default="", max_length=200),
        kind: Kind = "",
        category: Category = "",
        validity: Validity = "",
        since: date | None = None,
        until: date | None = None,
        agency: str = "",
        page: int = Query(default=1, ge=1, le=1000),
    ) -> Response:
        await reach(running, request)
        facts = agency_shown(running, agency)
        found = await search(running, facts.code, Wanted(q, kind, category, validity, since, until), page)
        rows = [{**row, "title_marked": lit(row["title"], found.terms), "excerpt": lit(row["excerpt"], found.terms)} for row in found.items]
        more = page * PAGE < found.total
        return answer({"agency": facts.code, "items": rows, "total": found.total, "exact": found.exact, "page": page, "more": more})

    async def item(request: Request, id: UUID) -> Response:
        await reach(running, request)
        return answer({**await item_shown(running, id), "interpretation": await explanation_of(running, id)})

    async def file(id: UUID, sha256: str) -> Response:
        return await give_file(running, id, sha256)

    async def counts(agency: str = "") -> Response:
        return answer(await counts_of(running, agency_shown(running, agency).code))

    async def consultations(
        request: Request, agency: str = "", open: bool = False, page: int = Query(default=1, ge=1, le=1000)
    ) -> Response:
        await reach(running, request)
        return answer({"consultations": await matters(running, agency_shown(running, agency), open_only=open, page=page), "page": page})

    async def consultation(request: Request, id: UUID) -> Response:
        await reach(running, request)
        return answer(await matter_shown(running, id))

    async def receipt(request: Request, id: UUID) -> Response:
        await reach(running, request)
        return answer(await receipt_shown(running, id))

    async def all_json(agency: str = "") -> Response:
        code = agency_shown(running, agency).code
        return Download(running, as_json(running, code), f"{code}.json", "application/json")

    async def all_csv(agency: str = "") -> Response:
        code = agency_shown(running, agency).code
        return Download(running, as_csv(running, code), f"{code}.csv", "text/csv; charset=utf-8")

    def read(path: str, endpoint: Any, summary: str) -> None:
        made.add_api_route(path, endpoint, methods=["GET"], summary=summary, response_model=None, responses=PROBLEMS)

    read("/items", items, "检索公开的信息（公众）")
    read("/items.json", all_json, "下载全部公开的信息（JSON）")
    read("/items.csv", all_csv, "下载全部公开的信息（CSV）")
    read("/items/{id}", item, "一件公开的信息（公众）")
    read("/items/{id}/files/{sha256}", file, "下载公开的附件（公众）")
    read("/counts", counts, "公开的信息有多少件")
    read("/consultations", consultations, "征求意见的事项（公众）")
    read("/consultations/{id}", consultation, "一件征求意见的事项（公众）")
    read("/receipts/{id}", receipt, "凭回执查看意见的办理情况")
    return made
