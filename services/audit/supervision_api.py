"""What audit answers about feedback, complaints, inspections and their results, and how the public follows what it has said."""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.audit.complaint.decisions import TITLES as COMPLAINT_TITLES
from services.audit.complaint.decisions import Stage as ComplaintStage
from services.audit.feedback.decisions import TITLES as FEEDBACK_TITLES
from services.audit.feedback.decisions import Stage as FeedbackStage
from services.audit.following import followed, progress
from services.audit.inspection.scheme import SCHEME
from services.audit.inspection.state import TITLES as INSPECTION_TITLES
from services.audit.inspection.state import Stage as InspectionStage
from services.audit.results import as_csv, as_json, results, sha256_of
from services.audit.rooms.complaints import COMPLAINTS
from services.audit.rooms.feedback import FEEDBACKS
from services.audit.rooms.inconsistencies import INCONSISTENCIES
from services.audit.rooms.inspections import INSPECTIONS, RESULTS
from shared.kernel.errors import TooMany, Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, invalid, reach, signed_in
from shared.kernel.running import Running
from shared.web.rooms import PAGE

Rows = list[dict[str, Any]]


class FollowUp(BaseModel):
    """How the public finds again what it has said."""

    model_config = ConfigDict(extra="forbid")
    tracking_number: str = Field(title="查询编号", max_length=40)
    query_password: str = Field(title="查询密码", max_length=100)


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()

    def a_list(
        name: str, statement: str, capability: str, filters: tuple[str, ...], titles: dict[Any, str]
    ) -> Callable[..., Awaitable[Response]]:
        async def listed(request: Request, page: int = Query(default=1, ge=1, le=1000)) -> Response:
            who = signed_in(running, request)
            if who is None:
                raise Unauthenticated("sign-in", "请先登录后再查看。")
            agency = running.agency_for(who, None)
            units = running.doorkeeper.reach(who, capability, agency)
            await reach(running, request)
            wanted: dict[str, Any] = {one: request.query_params.get(one) or None for one in filters}
            wanted |= {"agency": agency.code, "reach": None if units is None else sorted(units), "limit": PAGE, "offset": (page - 1) * PAGE}
            rows: Rows = await running.query(statement, wanted, agency=agency.code)
            found = [{**row, "stage_title": titles[row["stage"]]} if titles else row for row in rows]
            return answer({name: found, "page": page, "more": len(found) == PAGE})

        return listed

    async def export(
        request: Request, year: int = Query(ge=2008, le=2999), kind: Literal["csv", "json"] = Query(default="json", alias="format")
    ) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, "audit.export_results", agency)
        await reach(running, request)
        rows = await results(running, agency.code, year)
        return given_out(year, kind, as_csv(rows) if kind == "csv" else as_json(agency.code, year, rows))

    async def scheme() -> Response:
        return answer(SCHEME)

    async def follow_up(request: Request) -> Response:
        if not running.allow_public(request.client.host if request.client else "unknown"):
            raise TooMany("too-many", "查询过于频繁，请稍后再试。", retry_after=60)
        try:
            given = FollowUp.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise invalid(error) from None
        await reach(running, request)
        return answer(await progress(running, await followed(running, given.tracking_number, given.query_password)))

    lists: tuple[tuple[str, str, str, str, tuple[str, ...], dict[Any, str]], ...] = (
        ("/feedbacks", "feedbacks", FEEDBACKS, "audit.read_feedback", ("stage", "channel", "missed"), by_value(FeedbackStage, FEEDBACK_TITLES)),
        ("/complaints", "complaints", COMPLAINTS, "audit.read_complaint", ("stage", "kind", "missed"), by_value(ComplaintStage, COMPLAINT_TITLES)),
        (
            "/inspections",
            "inspections",
            INSPECTIONS,
            "audit.read_inspection",
            ("stage", "kind", "subject", "open"),
            by_value(InspectionStage, INSPECTION_TITLES),
        ),
        ("/inspection-results", "results", RESULTS, "audit.read_inspection", (), {}),
        ("/inconsistencies", "inconsistencies", INCONSISTENCIES, "audit.read_inconsistencies", ("state",), {}),
    )  # fmt: skip
    summaries = ("意见建议列表", "投诉举报列表", "监督检查列表", "各科室检查结果", "公众反映的信息不一致")
    for (path, name, statement, capability, filters, titles), summary in zip(lists, summaries, strict=True):
        made.add_api_route(
            path, a_list(name, statement, capability, filters, titles), methods=["GET"], summary=summary, response_model=None,
            responses=PROBLEMS,
        )  # fmt: skip
    for path, endpoint, summary, method in (
        ("/inspections/export", export, "导出一年的检查结果（CSV、JSON）", "GET"),
        ("/inspection-scheme", scheme, "监督检查的标准", "GET"),
        ("/follow-up", follow_up, "凭查询编号和密码查询意见建议、投诉举报", "POST"),
    ):
        made.add_api_route(path, endpoint, methods=[method], summary=summary, response_model=None, responses=PROBLEMS)
    return made


def by_value(stages: Any, titles: Any) -> dict[Any, str]:
    """Titles by how a view writes a stage."""
    return {stage.value: titles[stage] for stage in stages}


def given_out(year: int, kind: str, content: bytes) -> Response:
    """A file with the hash that names exactly its bytes."""
    media = "text/csv; charset=utf-8" if kind == "csv" else "application/json"
    headers = {"Content-Disposition": f'attachment; filename="inspection-{year}.{kind}"', "ETag": f'"{sha256_of(content)}"'}
    return Response(content, media_type=media, headers=headers)
