"""The pages of the public: what is new and where it stands, the search, an item, the matters that are open to comments, the feeds and the sitemap."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.publishing import feeds
from services.publishing.catalogue_entry.classes import CLASSES
from services.publishing.comment.commands import SubmitComment
from services.publishing.consultation.decisions import FORM_NAMES, WAYS
from services.publishing.portal import (
    VALIDITIES,
    agency_shown,
    counts_of,
    explanation_of,
    explanations,
    give_file,
    item_shown,
    matter_shown,
    matters,
    receipt_shown,
)
from services.publishing.search import KINDS, PAGE, Wanted, lit, search
from shared.kernel.clocks import LEGAL_ZONE
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import NotFound, Problem, TooMany
from shared.kernel.running import Running
from shared.web.forms import faults_of, fields_of, parse
from shared.web.rendering import moved, page, posted

FOLDER = "publishing/templates/portal"

COMMENT_FIELDS = ("text", "name", "contact", "representative")
"""What somebody fills in to comment."""

NEW = 10
"""What is new, on the first page."""

FEED_SECONDS = 60
"""How long a feed may be kept by whoever stands between."""


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/publishing/portal")

    async def home(request: Request, agency: str = "") -> Response:
        to = agency_shown(running, agency)
        newest = await search(running, to.code, Wanted(), size=NEW)
        return shown(
            running,
            request,
            "home.html",
            to,
            newest=newest.items,
            total=newest.total,
            counts=await counts_of(running, to.code),
            open=await matters(running, to, open_only=True, size=NEW),
            explained=await explanations(running, to.code, size=5),
        )

    async def items(
        request: Request,
        q: str = Query(default="", max_length=200),
        kind: str = "",
        category: str = "",
        validity: str = "",
        since: str = "",
        until: str = "",
        agency: str = "",
        number: int = Query(default=1, alias="page", ge=1, le=1000),
    ) -> Response:
        to = agency_shown(running, agency)
        wanted = Wanted(
            q.strip(),
            kind if kind in KINDS else "",
            category if category in CLASSES else "",
            validity if validity in VALIDITIES else "",
            day_of(since),
            day_of(until),
        )
        found = await search(running, to.code, wanted, number)
        asked = {"q": wanted.typed, "kind": wanted.kind, "category": wanted.category, "validity": wanted.validity}
        days = {"since": str(wanted.since or ""), "until": str(wanted.until or ""), "agency": to.code}
        return shown(
            running,
            request,
            "items.html",
            to,
            column=KINDS[wanted.kind] if wanted.kind else "法定主动公开内容",
            wanted=wanted,
            found=found,
            number=number,
            size=PAGE,
            more=number * PAGE < found.total,
            rest=urlencode({name: value for name, value in {**asked, **days}.items() if value}),
            lit=lit,
        )

    async def item(request: Request, id: UUID) -> Response:
        found = await item_shown(running, id)
        to = running.doorkeeper.agency(found["agency"])
        explained = await explanation_of(running, id)
        return shown(running, request, "item.html", to, item=found, interpretation=explained, url=feeds.address(running, id))

    async def file(id: UUID, sha256: str) -> Response:
        return await give_file(running, id, sha256)

    async def interpretations(request: Request, agency: str = "", number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        to = agency_shown(running, agency)
        rows = await explanations(running, to.code, number)
        return shown(running, request, "interpretations.html", to, rows=rows, number=number, more=len(rows) == PAGE)

    async def feed(agency: str = "", kind: str = "") -> Response:
        to, of = agency_shown(running, agency), kind if kind in KINDS else ""
        rows = await feeds.newest(running, to.code, of)
        return followed(feeds.atom(running, to.code, to.name, rows, kind=of), "application/atom+xml")

    async def rss(agency: str = "", kind: str = "") -> Response:
        to, of = agency_shown(running, agency), kind if kind in KINDS else ""
        return followed(feeds.rss(running, to.code, to.name, await feeds.newest(running, to.code, of), of), "application/rss+xml")

    async def sitemap() -> Response:
        return followed(await feeds.sitemap(running) or b"", "application/xml")

    async def sitemap_part(number: int) -> Response:
        made = await feeds.sitemap(running, number) if 0 < number <= 100_000 else None
        if made is None:
            raise NotFound("no-such-page", "没有这个页面，请核对地址。")
        return followed(made, "application/xml")

    for path, endpoint in (
        ("/", home),
        ("/items", items),
        ("/items/{id}", item),
        ("/items/{id}/files/{sha256}", file),
        ("/interpretations", interpretations),
        ("/feed.atom", feed),
        ("/feed.rss", rss),
        ("/sitemap.xml", sitemap),
        ("/sitemap-{number}.xml", sitemap_part),
    ):
        made.add_api_route(path, endpoint, methods=["GET"], response_model=None)
    add_participation(made, running)
    return made


def add_participation(made: APIRouter, running: Running) -> None:
    """Where the public takes part: the matters, one of them with its form, and what has become of a comment."""

    async def consultations(request: Request, agency: str = "", number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        to = agency_shown(running, agency)
        rows = await matters(running, to, page=number)
        return shown(running, request, "consultations.html", to, rows=rows, number=number, more=len(rows) == PAGE)

    async def consultation(request: Request, id: UUID) -> Response:
        return await matter_page(running, request, id)

    async def commented(request: Request, id: UUID) -> Response:
        matter = await matter_shown(running, id)
        typed = await posted(request)
        if not running.allow_public(request.client.host if request.client else "unknown"):
            raise TooMany("too-many", "提交过于频繁，请稍后再试。", retry_after=60)
        said = {name: value for name, value in typed.items() if name in COMMENT_FIELDS}
        command, wrong = parse(SubmitComment, said, consultation=str(id))
        if command is None:
            return await matter_page(running, request, id, typed, wrong)
        agency = running.doorkeeper.agency(matter["agency"])
        try:
            actor = running.doorkeeper.authorise(None, "publishing.comment", agency)
            receipt = await running.execute(command, None, actor, agency)
        except Problem as problem:
            return await matter_page(running, request, id, typed, {}, problem)
        await running.views.wait(receipt.position, running.settings.view_wait_seconds)
        return page(running, request, f"{FOLDER}/received.html", status=201, matter=matter, receipt=receipt.id)

    async def receipts(receipt: str = Query(default="", max_length=60)) -> Response:
        try:
            return moved(f"/publishing/portal/receipts/{UUID(receipt.strip())}")
        except ValueError:
            raise NotFound("no-such-receipt", "没有这个回执编号，请核对。") from None

    async def followed_up(request: Request, id: UUID) -> Response:
        return page(running, request, f"{FOLDER}/receipt.html", told=await receipt_shown(running, id))

    for path, endpoint, method in (
        ("/consultations", consultations, "GET"),
        ("/consultations/{id}", consultation, "GET"),
        ("/consultations/{id}", commented, "POST"),
        ("/receipts", receipts, "GET"),
        ("/receipts/{id}", followed_up, "GET"),
    ):
        made.add_api_route(path, endpoint, methods=[method], response_model=None)


async def matter_page(
    running: Running,
    request: Request,
    id: UUID,
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """A matter, with the form while it takes comments; what was typed stays."""
    matter = await matter_shown(running, id)
    return shown(
        running,
        request,
        "consultation.html",
        running.doorkeeper.agency(matter["agency"]),
        status=problem.status if problem else 422 if wrong else 200,
        matter=matter,
        ways=WAYS,
        forms=FORM_NAMES,
        fields=fields_of(SubmitComment, typed, wrong, only=COMMENT_FIELDS),
        wrong=faults_of(SubmitComment, wrong or {}),
        problem=problem.sentence if problem else "",
    )


def shown(running: Running, request: Request, template: str, to: AgencyFacts, *, status: int = 200, **context: Any) -> Response:
    """A page of the portal of an agency."""
    settings = running.settings
    site = {
        "name": settings.site_name,
        "domain": urlsplit(feeds.origin(running)).netloc,
        "code": settings.site_code,
        "filing": settings.site_filing,
        "agency": to.code,
    }
    tables = {"kinds": KINDS, "classes": CLASSES, "validities": VALIDITIES, "minute": minute, "size_of": size_of}
    return page(running, request, f"{FOLDER}/{template}", status=status, to=to, site=site, **tables, **context)


def followed(content: bytes, kind: str) -> Response:
    """What programs fetch again and again."""
    headers = {"Cache-Control": f"public, max-age={FEED_SECONDS}", "X-Content-Type-Options": "nosniff"}
    return Response(content, headers=headers, media_type=f"{kind}; charset=utf-8")


def day_of(text: str) -> date | None:
    """A day that was typed; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def minute(moment: datetime) -> str:
    """An instant as the meta tags of government sites have it."""
    return moment.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M")


def size_of(size: int) -> str:
    """A size in bytes as people read it."""
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, round(size / 1024))} KB"
