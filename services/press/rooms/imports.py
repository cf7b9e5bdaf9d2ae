"""Detections from a file, over the API and on a page."""

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from services.press.importing import COLUMNS, FILE_BYTES, ITEMS, SOURCES, Imported, import_file, refusal, shown
from shared.kernel.errors import Invalid, Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, signed_in
from shared.kernel.running import Running
from shared.web.rendering import check_token, from_own_page, official, page

SOURCE_NAMES = {value: title for title, value in SOURCES.items()}


def known_source(source: str) -> str:
    """What a feed is."""
    if source not in SOURCE_NAMES:
        raise Invalid("bad-source", f"来源应为：{'、'.join(SOURCE_NAMES)}。", fields=[{"field": "source", "sentence": "请选择"}])
    return source


def api(running: Running) -> APIRouter:
    """`POST /opinion-items/import?source=&dry_run=`: the bytes of a CSV, RSS or Atom file."""
    made = APIRouter()

    async def imported(request: Request, source: str = "website", dry_run: bool = False) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再办理。")
        agency = running.agency_for(who, None)
        actor = running.doorkeeper.authorise(who, "press.monitor", agency)
        done = await import_file(running, agency, actor, await request.body(), source=known_source(source), dry_run=dry_run)
        if done.wrong:
            raise refusal(done.wrong)
        return answer({"new": done.new, "known": done.known, "dry_run": dry_run}, 200 if dry_run or not done.new else 201)

    bytes_of = {"schema": {"type": "string", "format": "binary"}}
    body = {"required": True, "content": dict.fromkeys(("text/csv", "application/rss+xml", "application/atom+xml"), bytes_of)}
    made.add_api_route(
        "/opinion-items/import", imported, methods=["POST"], summary="导入舆情（CSV、RSS、Atom）", response_model=None, responses=PROBLEMS,
        openapi_extra={"requestBody": body},
    )  # fmt: skip
    return made


def pages(running: Running) -> APIRouter:
    """The page to upload a file."""
    made = APIRouter(prefix="/press")

    def shown_page(request: Request, *, problem: str = "", lines: tuple[str, ...] = (), done: Imported | None = None) -> Response:
        who = official(running, request)
        running.doorkeeper.authorise(who, "press.monitor", running.doorkeeper.agency(who.agency))
        return page(
            running,
            request,
            "press/templates/import.html",
            status=422 if problem else 200,
            problem=problem,
            lines=lines,
            done=done,
            sources=SOURCE_NAMES,
            columns="、".join(COLUMNS),
            words="、".join(SOURCES),
            most=ITEMS,
            kilobytes=FILE_BYTES // 1000,
        )

    async def opened(request: Request) -> Response:
        return shown_page(request)

    async def uploaded(request: Request) -> Response:
        who = official(running, request)
        from_own_page(request)
        async with request.form(max_fields=10, max_files=1) as form:
            check_token(request, str(form.get("_token", "")))
            file, source = form.get("file"), known_source(str(form.get("source", "website")))
            content = await file.read() if isinstance(file, UploadFile) and file.filename else None
        if content is None:
            return shown_page(request, problem="请选择一个文件。")
        agency = running.doorkeeper.agency(who.agency)
        actor = running.doorkeeper.authorise(who, "press.monitor", agency)
        done = await import_file(running, agency, actor, content, source=source)
        if done.wrong:
            return shown_page(request, problem=refusal(done.wrong).sentence, lines=tuple(shown(done.wrong[:200])))
        return shown_page(request, done=done)

    made.add_api_route("/import", opened, methods=["GET"], response_model=None)
    made.add_api_route("/import", uploaded, methods=["POST"], response_model=None)
    return made
