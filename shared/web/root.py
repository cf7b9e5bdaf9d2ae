"""What stands at the root beside the services: the portal, signing in and out, how pages are displayed, the style sheet."""

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse

from shared.access.signin import SignIn
from shared.kernel.application import Endpoint, Scope, problem_answer, unexpected
from shared.kernel.errors import Invalid, NotFound, Problem
from shared.kernel.running import Running
from shared.web import password, permissions
from shared.web.about import ABOUT
from shared.web.rendering import COOKIE, moved, own_path, page, posted, problem_page, style, visitor

YEAR_SECONDS = 31_536_000

CLOSED = ("/api/access/", "/signin", "/access", "/password", "/requests/", "/publishing/portal/receipts")
"""Where search engines have nothing to look for: what is behind a sign-in, and what is one person's own."""


def mount(root: FastAPI, program: Any) -> None:
    """Adds the pages of the root."""
    running: Running = program.access.running
    signin: SignIn = program.access.signin

    async def portal(request: Request) -> Response:
        services = [(one.service.title, f"/{one.name}/", ABOUT.get(one.name, one.service.about)) for one in program.running]
        return page(running, request, "portal.html", services=services)

    async def sign_in_page(request: Request) -> Response:
        known = program.access.directory.agencies()
        code = running.settings.default_agency or (known[0].code if known else "")
        return page(
            running, request, "signin.html", problem="", next=request.query_params.get("next", "/requests/"), agency_code=code, login=""
        )

    async def sign_in(request: Request) -> Response:
        fields = await posted(request)
        agency, login, typed, next_path = (fields.get(name, [""])[0] for name in ("agency", "login", "password", "next"))
        try:
            token, session = await signin.sign_in(agency, login, typed, request.client.host if request.client else "unknown")
        except Problem as problem:
            return page(
                running,
                request,
                "signin.html",
                status=problem.status,
                problem=problem.sentence,
                next=next_path,
                agency_code=agency,
                login=login,
            )
        answer = moved("/password" if signin.password_due(session) else own_path(next_path, "/requests/"))
        secure = request.url.scheme == "https" or running.settings.public_https
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
        return answer

    async def sign_out(request: Request) -> Response:
        await posted(request)
        if (session := visitor(running, request)) is not None:
            await signin.sign_out(session)
        answer = moved("/")
        answer.delete_cookie(COOKIE, path="/")
        return answer

    async def display(request: Request) -> Response:
        fields = await posted(request)
        path = fields.get("next", ["/"])[0]
        answer = moved(own_path(path, "/"))
        for name in ("larger", "contrast"):
            if name in fields:
                answer.set_cookie(
                    f"gk_{name}", "1" if fields[name] == ["1"] else "0", max_age=YEAR_SECONDS, samesite="strict", httponly=True
                )
        return answer

    async def sheet(request: Request) -> Response:
        name, content = style()
        if request.path_params["name"] != name:
            raise NotFound("no-such-file", "没有这个文件。")
        return Response(
            content,
            media_type="text/css",
            headers={"Cache-Control": f"public, max-age={YEAR_SECONDS}, immutable", "X-Content-Type-Options": "nosniff"},
        )

    async def robots(_request: Request) -> Response:
        public = any(one.name == "publishing" for one in program.running)
        origin = running.settings.public_url or running.settings.base_url
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Allow: /"]
        return PlainTextResponse("\n".join([*lines, *([f"Sitemap: {origin}/publishing/portal/sitemap.xml"] if public else []), ""]))

    for path, endpoint, method in (
        ("/", portal, "GET"),
        ("/robots.txt", robots, "GET"),
        ("/signin", sign_in_page, "GET"),
        ("/signin", sign_in, "POST"),
        ("/signout", sign_out, "POST"),
        ("/password", password.shown(running, signin), "GET"),
        ("/password", password.changed(running, signin), "POST"),
        ("/display", display, "POST"),
        ("/access", permissions.shown(running, program.access.directory), "GET"),
        ("/static/{name}", sheet, "GET"),
    ):
        root.add_route(path, _telling(running, endpoint), methods=[method])
    problem_pages(root, running)


def _telling(running: Running, endpoint: Endpoint) -> Endpoint:
    """At the root, problems are documents for programs; those of pages are pages here too."""

    async def told(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Problem as problem:
            return problem_page(running, request, problem)

    return told


FOR_PROGRAMS = ("/api/", "/livez", "/readyz", "/metrics")
"""Where programs ask, not people: there a problem is a document."""


def problem_for(running: Running, scope: Scope, problem: Problem) -> Response:
    """A problem as who asked can read it: a page for people, a document for programs."""
    request = Request(scope)
    if request.url.path.startswith(FOR_PROGRAMS):
        return problem_answer(problem, request.url.path)
    return problem_page(running, request, problem)


def problem_pages(app: FastAPI, running: Running) -> None:
    """Problems of pages are pages."""

    async def told(request: Request, error: Exception) -> Response:
        if request.url.path.startswith(FOR_PROGRAMS):
            unknown = NotFound("no-such-page", "没有这个地址，请核对。")
            return problem_answer(error if isinstance(error, Problem) else unknown, request.url.path)
        if isinstance(error, Problem):
            return problem_page(running, request, error)
        if isinstance(error, RequestValidationError):
            return problem_page(running, request, Invalid("invalid", "地址有误，请从列表进入。"))
        if not isinstance(error, HTTPException):
            return problem_page(running, request, unexpected())
        if error.status_code != NotFound.status:
            return problem_page(running, request, Invalid("bad-request", "提交的内容无法识别，没有办理；请返回上一页重新填写。"))
        return problem_page(running, request, NotFound("no-such-page", "没有这个页面，请核对地址。"))

    for kind in (Problem, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, told)
