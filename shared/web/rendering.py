"""Pages: templates of the house and of each service, with who is signed in, and the headers that keep a page safe."""

import hashlib
import hmac
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from shared.access.directory import Session
from shared.kernel.clocks import LEGAL_ZONE
from shared.kernel.errors import Forbidden, Problem, Unauthenticated
from shared.kernel.running import Running
from shared.law.roles import ROLES
from shared.web.titles import TITLES

COOKIE = "gk_session"

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@cache
def templates() -> Environment:
    """The house's templates, and each service's below its own name: `requests/case.html`."""
    house = Path(str(files("shared.web"))) / "templates"
    services = Path(str(files("services")))
    loaders = [FileSystemLoader(house), FileSystemLoader(services)]
    made = Environment(loader=ChoiceLoader(loaders), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["beijing"] = beijing
    made.globals["style"] = f"/static/{style()[0]}"
    made.globals["service_title"] = lambda name: TITLES.get(name, name)
    made.globals["role_title"] = lambda role: ROLES[role].title if role in ROLES else role
    return made


def beijing(moment: datetime) -> str:
    """An instant as people here read it."""
    return moment.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def own_path(path: str, otherwise: str) -> str:
    """A path of this platform, to go on to; a browser takes `//host` and `/\\host` for another one."""
    safe = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if safe else otherwise


@cache
def style() -> tuple[str, bytes]:
    """The style sheet: its name, which changes with its content, and its bytes."""
    content = (Path(str(files("shared.web"))) / "static" / "style.css").read_bytes()
    return f"style-{hashlib.sha256(content).hexdigest()[:12]}.css", content


def visitor(running: Running, request: Request) -> Session | None:
    """Who visits; None is the public."""
    token = request.cookies.get(COOKIE)
    found = running.doorkeeper.session(token) if token else None
    return found if isinstance(found, Session) else None


def official(running: Running, request: Request) -> Session:
    """The official who visits; raises `Unauthenticated`, which leads to the sign-in page."""
    found = visitor(running, request)
    if found is None:
        raise Unauthenticated("sign-in", "请先登录后再查看。")
    return found


def form_token(request: Request) -> str:
    """What a form carries to show that it came from this platform's own page."""
    return hmac.digest((request.cookies.get(COOKIE) or "public").encode(), b"form", "sha256").hex()


def from_own_page(request: Request) -> None:
    """Raises `Forbidden` for a form that was not sent from a page of this platform."""
    origin = request.headers.get("origin")
    if origin not in (None, "null") and urlsplit(str(origin)).netloc != request.headers.get("host"):
        raise Forbidden("cross-site", "这个表单不是从本平台的页面提交的，没有办理。")
    if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
        raise Forbidden("cross-site", "这个表单不是从本平台的页面提交的，没有办理。")


def check_token(request: Request, token: str) -> None:
    """Raises `Forbidden` for a form that does not carry what this platform's own page gave it."""
    if not hmac.compare_digest(token.encode(), form_token(request).encode()):
        raise Forbidden("form-expired", "页面已过期，请返回上一页刷新后重新提交。")


async def posted(request: Request) -> dict[str, list[str]]:
    """The fields of a form that was sent from a page of this platform; raises `Forbidden` for any other."""
    from_own_page(request)
    form = await request.form(max_fields=400, max_files=0)
    fields: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        fields.setdefault(name, []).append(str(value).replace("\r\n", "\n"))
    check_token(request, fields.pop("_token", [""])[0])
    return fields


def may(running: Running, who: Session, capability: str) -> bool:
    """Whether this person holds a capability in the own agency, for all of it or for a unit."""
    try:
        running.doorkeeper.reach(who, capability, running.doorkeeper.agency(who.agency))
    except Forbidden:
        return False
    return True


def page(running: Running, request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page."""
    who = visitor(running, request)
    directory: Any = running.doorkeeper
    person = directory.person(who.person) if who is not None else None
    content = (
        templates()
        .get_template(template)
        .render(
            request_path=request.url.path,
            who=person,
            agency=running.doorkeeper.agency(who.agency) if who is not None else None,
            unit_name=lambda code: directory.unit_name(who.agency, code) if who is not None else code,
            token=form_token(request),
            nav=[one for one in running.service.nav if may(running, who, one.read)] if who is not None else [],
            larger=request.cookies.get("gk_larger") == "1",
            contrast=request.cookies.get("gk_contrast") == "1",
            **context,
        )
    )
    return HTMLResponse(content, status, HEADERS)


def moved(path: str) -> Response:
    """Goes on to another page, after a form."""
    return RedirectResponse(path, 303, HEADERS)


def problem_page(running: Running, request: Request, problem: Problem) -> Response:
    """A problem as a page; who has to sign in, or to change the password first, is led there."""
    if isinstance(problem, Unauthenticated) and request.method == "GET":
        return moved(f"/signin?next={quote(request.url.path)}")
    if problem.code == "password-due":
        return moved("/password")
    first = request.url.path.split("/", 2)[1]
    back = f"/{first}/" if first in TITLES and request.url.path != f"/{first}/" and visitor(running, request) is not None else ""
    answer = page(running, request, "problem.html", status=problem.status, problem=problem, back=back, sent=request.method == "POST")
    if problem.retry_after:
        answer.headers["Retry-After"] = str(problem.retry_after)
    return answer
