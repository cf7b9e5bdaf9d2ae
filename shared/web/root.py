"""What stands at the root beside the services: the portal, signing in and out, how pages are displayed, the style sheet."""

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from shared.access.signin import SignIn
from shared.kernel.errors import Invalid, NotFound, Problem
from shared.kernel.running import Running
from shared.web.rendering import COOKIE, moved, page, posted, problem_page, style, visitor

YEAR_SECONDS = 31_536_000


def mount(root: FastAPI, program: Any) -> None:
    """Adds the pages of the root."""
    running: Running = program.access.running
    signin: SignIn = program.access.signin

    async def portal(request: Request) -> Response:
        services = [(one.service.title, f"/{one.name}/", one.service.about) for one in program.running]
        return page(running, request, "portal.html", services=services)

    async def sign_in_page(request: Request) -> Response:
        known = program.access.directory.agencies()
        code = known[0].code if len(known) == 1 else ""
        return page(
            running, request, "signin.html", problem="", next=request.query_params.get("next", "/requests/"), agency_code=code, login=""
        )

    async def sign_in(request: Request) -> Response:
        fields = await posted(request)
        agency, login, password, next_path = (fields.get(name, [""])[0] for name in ("agency", "login", "password", "next"))
        try:
            token, _ = await signin.sign_in(agency, login, password, request.client.host if request.client else "unknown")
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
        answer = moved(next_path if next_path.startswith("/") and not next_path.startswith("//") else "/requests/")
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")
        return answer

    async def sign_out(request: Request) -> Response:
        await posted(request)
        session = visitor(running, request)
        if session is not None:
            await signin.sign_out(session)
        answer = moved("/")
        answer.delete_cookie(COOKIE, path="/")
        return answer

    async def display(request: Request) -> Response:
        fields = await posted(request)
        path = fields.get("next", ["/"])[0]
        answer = moved(path if path.startswith("/") and not path.startswith("//") else "/")
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

    root.add_route("/", portal)
    root.add_route("/signin", sign_in_page, methods=["GET"])
    root.add_route("/signin", sign_in, methods=["POST"])
    root.add_route("/signout", sign_out, methods=["POST"])
    root.add_route("/display", display, methods=["POST"])
    root.add_route("/static/{name}", sheet)


def problem_pages(app: FastAPI, running: Running) -> None:
    """Problems of pages are pages."""

    async def told(request: Request, error: Exception) -> Response:
        if isinstance(error, Problem):
            return problem_page(running, request, error)
        if isinstance(error, RequestValidationError):
            return problem_page(running, request, Invalid("invalid", "地址有误，请从列表进入。"))
        assert isinstance(error, HTTPException)
        return problem_page(running, request, NotFound("no-such-page", "没有这个页面，请核对地址。"))

    for kind in (Problem, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, told)
