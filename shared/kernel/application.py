"""One ASGI application for any set of services: the first part of the path tells which, so that no service's routes slow another's down.

Around it stands what every request needs: a bounded body, a span, counters, and the promise that whatever goes wrong becomes a problem document.
"""

import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from starlette.exceptions import HTTPException

from shared import telemetry
from shared.kernel.errors import Invalid, NotFound, Problem, TooLarge
from shared.kernel.places import place
from shared.kernel.routes import add_commands, body_schema, thing_router
from shared.kernel.running import Running

log = structlog.get_logger("gongkai.http")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUESTS = Counter("gongkai_http_requests", "HTTP requests by service, method and status class", ["service", "method", "status"])
SECONDS = Histogram(
    "gongkai_http_seconds", "Time to answer, in seconds", ["service"], buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
)

UPLOADS = "/attachments"
"""How the path of an upload ends: it may carry a file; everything else is small."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False)
"""The framework's own telemetry is off: `Front` has one span and two counters a request."""

PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457。code 稳定不变，detail 是可据以办理的一句话。",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "article": {"type": "string"},
        "remedy": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": {"type": "string"}, "sentence": {"type": "string"}}},
        },
    },
}


def problem_answer(problem: Problem, path: str | None = None) -> Response:
    """A problem as an answer."""
    headers = {"Retry-After": str(problem.retry_after)} if problem.retry_after else None
    body = json.dumps(problem.document(path), ensure_ascii=False).encode()
    return Response(body, problem.status, headers, media_type="application/problem+json")


def service_app(running: Running) -> FastAPI:
    """The API of a service, under `/api/<service>`."""
    service = running.service
    app = FastAPI(
        title=f"公开 · {service.title}",
        version="1",
        description=service.about,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
    )
    specs = service.commands
    add_commands(app, running, specs)
    for make in service.routers:
        app.include_router(make(running))
    for aggregate in service.aggregates:
        read = service.reads.get(aggregate.name)
        if read is not None:
            own = [spec for spec in specs if spec.aggregate is aggregate]
            app.include_router(thing_router(running, aggregate, own, read))

    async def openapi(_request: Request) -> Response:
        document = app.openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM_SCHEMA
        for spec in specs:
            schemas.update(body_schema(spec)[1])
        document["servers"] = [{"url": f"/api/{service.name}"}]
        return Response(json.dumps(document, ensure_ascii=False), media_type="application/json")

    app.add_route("/openapi.json", openapi, methods=["GET"])
    handle_problems(app)
    return app


def handle_problems(app: FastAPI) -> None:
    """Whatever is raised becomes a problem document."""

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return problem_answer(error, request.url.path)

    async def not_fitting(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        fields = [{"field": ".".join(str(part) for part in item["loc"][1:]), "sentence": "格式有误"} for item in error.errors()][:50]
        return problem_answer(Invalid("invalid", "地址或参数有误，请核对后重试。", fields=fields), request.url.path)

    async def plain(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return problem_answer(NotFound("no-such-page", "没有这个地址，请核对。"), request.url.path)
        document = {
            "type": "about:blank",
            "title": "请求有误",
            "status": error.status_code,
            "code": f"http-{error.status_code}",
            "detail": "请求方式有误，请核对地址和方法。",
        }
        return Response(json.dumps(document, ensure_ascii=False), error.status_code, error.headers, media_type="application/problem+json")

    async def failed(request: Request, _error: Exception) -> Response:
        return problem_answer(unexpected(), request.url.path)

    app.add_exception_handler(Exception, failed)
    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(RequestValidationError, not_fitting)
    app.add_exception_handler(HTTPException, plain)


Endpoint = Callable[[Request], Awaitable[Response]]


def _straight(endpoint: Endpoint) -> App:
    """The busiest routes, without the framework's layers around them: what these do, `Front` does. The routes themselves stand in the framework too."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await endpoint(Request(scope, receive))
        await response(scope, receive, send)

    return app


class Front:
    """The root: `/api/<service>/…` and `/<service>/…` go to their apps, the rest to `root` (health, metrics, portal, sign-in, static files)."""

    def __init__(
        self,
        apis: dict[str, App],
        pages: dict[str, App],
        root: App,
        *,
        body_limit: int,
        upload_limit: int | None = None,
        direct: dict[str, tuple[str, Endpoint]] | None = None,
        told: Callable[[Scope, Problem], Response] | None = None,
    ) -> None:
        self.direct = direct or {}
        self.apis = apis
        self.pages = pages
        self.root = root
        self.body_limit = body_limit
        self.upload_limit = upload_limit or body_limit
        self.told = told or _document

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http":
            await self.root(scope, receive, send)
            return
        path: str = scope["path"]
        straight = self.direct.get(path) if scope["method"] == "POST" else None
        parts = path.split("/", 3)
        if straight is not None:
            name, app, cut = straight[0], _straight(straight[1]), ""
        elif len(parts) > 3 and parts[1] == "api" and parts[2] in self.apis:
            name, app, cut = parts[2], self.apis[parts[2]], f"/api/{parts[2]}"
        elif len(parts) > 1 and parts[1] in self.pages:
            name, app, cut = parts[1], self.pages[parts[1]], ""
        else:
            name, app, cut = "root", self.root, ""
        if cut:
            scope = dict(scope, root_path=scope.get("root_path", "") + cut)
        started = time.perf_counter()
        status = 500
        begun = ended = False

        async def counted(message: MutableMapping[str, Any]) -> None:
            nonlocal status, begun, ended
            if message["type"] == "http.response.start":
                status = message["status"]
                begun = True
            await send(message)
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)

        parent = next((value.decode("latin-1") for key, value in scope["headers"] if key == b"traceparent"), None)
        with telemetry.span(f"{scope['method']} {name}", parent=parent):
            try:
                await app(scope, self._bounded(scope, receive), counted)
            except Problem as problem:
                if not begun:
                    await self.told(scope, problem)(scope, receive, counted)
            except Exception as error:
                log.error("a request failed", service=name, method=scope["method"], error=type(error).__name__, at=place(error))
                if begun and not ended:
                    raise
                if not begun:
                    await self.told(scope, unexpected())(scope, receive, counted)
        count(name, scope["method"], status, time.perf_counter() - started)

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        limit = self.upload_limit if scope["path"].endswith(UPLOADS) else self.body_limit
        for key, value in scope["headers"]:
            if key == b"content-length" and value.isdigit() and int(value) > limit:
                raise too_large(limit)
        taken = 0

        async def bounded() -> MutableMapping[str, Any]:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > limit:
                    raise too_large(limit)
            return message

        return bounded


@cache
def _counter(service: str, method: str, status: str) -> Counter:
    return REQUESTS.labels(service, method, status)


@cache
def _histogram(service: str) -> Histogram:
    return SECONDS.labels(service)


def count(service: str, method: str, status: int, seconds: float) -> None:
    """Counts an answer."""
    _counter(service, method if method in METHODS else "other", f"{status // 100}xx").inc()
    _histogram(service).observe(seconds)


def unexpected() -> Problem:
    """What is told of an error that nobody foresaw."""
    return Problem("internal", "系统出现意外错误，没有保存任何内容；请稍后重试，仍不成功请联系运维人员。")


def _document(scope: Scope, problem: Problem) -> Response:
    return problem_answer(problem, scope["path"])


def too_large(limit: int) -> TooLarge:
    """The body is over its limit (bytes)."""
    return TooLarge("too-large", f"提交的内容超过 {limit // 1024} KB 的上限，请精简；附件请单独上传。")


def metrics_answer() -> Response:
    """What Prometheus reads."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
