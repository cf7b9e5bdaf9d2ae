"""What audit answers: the decision trail of a case, and how the ledger stands."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

import msgspec
import psycopg
from fastapi import APIRouter, Path, Query, Request, Response

from services.audit.evidence import bundle, receipt
from services.audit.heads import key_of, newest, policy_text
from services.audit.knowing import GRANT_TYPES, GRANTS, Could, could_read, grants_held
from services.audit.ledger import STANDING
from services.audit.replay import Replay, world_of
from services.audit.replay import replay as replayed
from services.audit.trail import ROWS, By, Trail, make_trail
from services.audit.trail_pdf import trail_pdf
from services.audit.tree import read_tile
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Forbidden, NotFound
from shared.kernel.routes import PROBLEMS, answer, signed_in
from shared.kernel.running import Running
from shared.platform.databases import LOGS
from shared.trust.merkle import WIDTH

Source = Literal["requests", "review", "publishing", "press", "audit", "access"]
"""The logs."""

BY_NUMBER = """SELECT case_id FROM ledger WHERE source = 'requests' AND agency = %s AND topic LIKE 'requests.RequestRegistered:%%'
    AND convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'number' = %s LIMIT 1"""


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()

    async def trail(request: Request, id: str, as_of: date | None = None, by: By = "record") -> Response:
        who = signed_in(running, request)
        found = await trail_of(running, id, who.agency if who else "", as_of, by)
        running.doorkeeper.authorise(who, "audit.read_trail", running.doorkeeper.agency(found.agency))
        return answer({**msgspec.to_builtins(found), "could_read": msgspec.to_builtins(await could_of(running, found))})

    async def trail_as_pdf(request: Request, id: str, as_of: date | None = None, by: By = "record") -> Response:
        who = signed_in(running, request)
        found = await trail_of(running, id, who.agency if who else "", as_of, by)
        agency = running.doorkeeper.agency(found.agency)
        running.doorkeeper.authorise(who, "audit.read_trail", agency)
        content = await trail_pdf(found, await could_of(running, found), agency.name, running.doorkeeper.today(agency))
        return Response(
            content, media_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="gongkai-{found.case}.pdf"'}
        )

    async def ledger(request: Request) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Forbidden("sign-in", "请先登录后再查看。")
        running.doorkeeper.authorise(who, "audit.read_trail", running.doorkeeper.agency(who.agency))
        return answer({"logs": await running.query(STANDING)})

    async def replay(
        request: Request,
        year: int = Query(ge=2008, le=2100),
        rulebook: str = Query(max_length=60),
        agency: str | None = None,
    ) -> Response:
        who = signed_in(running, request)
        chosen = running.agency_for(who, agency)
        running.doorkeeper.authorise(who, "audit.read_report", chosen)
        return answer(msgspec.to_builtins(await replay_of(running, chosen, year, rulebook)))

    async def case_bundle(request: Request, id: str) -> Response:
        who = signed_in(running, request)
        found = await trail_of(running, id, who.agency if who else "")
        running.doorkeeper.authorise(who, "audit.read_trail", running.doorkeeper.agency(found.agency))
        content = await asyncio.to_thread(with_ledger, running, lambda connection: bundle(connection, found.case))
        return Response(
            content, media_type="application/json", headers={"Content-Disposition": f'attachment; filename="gongkai-{found.case}.json"'}
        )

    async def event_receipt(position: Annotated[str, Path(pattern=rf"^({'|'.join(LOGS)}):[1-9][0-9]{{0,17}}$")], id: UUID) -> Response:
        source, _, number = position.partition(":")
        return answer(await asyncio.to_thread(with_ledger, running, lambda connection: receipt(connection, source, int(number), id)))

    async def keys(_request: Request) -> Response:
        text = await asyncio.to_thread(
            with_ledger, running, lambda connection: policy_text(running.settings, key_of(connection, running.settings))
        )
        return Response(text, media_type="text/plain; charset=utf-8")

    async def head(source: Source) -> Response:
        found = await asyncio.to_thread(with_ledger, running, lambda connection: newest(connection, source, published=True))
        if found is None:
            raise NotFound("no-checkpoint", "这个日志还没有公布的检查点，请稍后再取。")
        return Response(found.note, media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})

    async def tile(source: Source, level: Annotated[int, Path(ge=0, le=7)], rest: str) -> Response:
        number, width = tile_named(rest)
        hashes = (await asyncio.to_thread(with_ledger, running, lambda connection: read_tile(connection, source, level, number)))[
            : width * 32
        ]
        if len(hashes) != width * 32:
            raise NotFound("no-such-tile", "没有这一块。")
        return Response(hashes, media_type="application/octet-stream", headers={"Cache-Control": "public, max-age=31536000, immutable"})

    for path, endpoint, title in (
        ("/logs/{source}/checkpoint", head, "一个日志已公布的检查点（c2sp.org/tlog-checkpoint）"),
        ("/logs/{source}/tile/{level}/{rest:path}", tile, "一个日志的散列块（c2sp.org/tlog-tiles）"),
        ("/receipts/{position}", event_receipt, "一个事件的入账回执：叶子、证明、检查点，不含内容"),
        ("/keys", keys, "核对所需的公钥（另经可信的途径核对）"),
        ("/trails/{id}/bundle", case_bundle, "一件事的证据包，可离线核对"),
        ("/trails/{id}/pdf", trail_as_pdf, "一件事的办理全过程（PDF）"),
        ("/trails/{id}", trail, "一件事的办理全过程：可截至某日，按生效或者按记录；谁看过、谁能看"),
        ("/ledger", ledger, "总账现状"),
        ("/replay", replay, "在另一规则集下重放一年的期限和步骤；不写入任何内容"),
    ):
        made.add_api_route(path, endpoint, methods=["GET"], summary=title, response_model=None, responses=PROBLEMS)
    return made


def tile_named(rest: str) -> tuple[int, int]:
    """The number and width of a tile from the end of its path (`x001/234`, `000.p/17`); raises `NotFound`."""
    name, partial, width = rest.partition(".p/")
    parts = name.split("/")
    digits = [part.removeprefix("x") for part in parts]
    right = all(len(digit) == 3 and digit.isdecimal() for digit in digits) and not parts[-1].startswith("x") and len(parts) <= 5
    if not right or (partial and not (width.isdecimal() and 0 < int(width) < WIDTH)):
        raise NotFound("no-such-tile", "没有这一块。")
    return int("".join(digits)), int(width) if partial else WIDTH


T = TypeVar("T")


def with_ledger(running: Running, ask: Callable[[psycopg.Connection[Any]], T]) -> T:
    """What a question to the ledger answers. Blocks: call it in a thread."""
    with running.log.datastore.get_connection() as connection:
        return ask(connection)


async def trail_of(running: Running, id: str, agency: str, as_of: date | None = None, by: By = "record") -> Trail:
    """The trail of a case, by its id or its official number, as of a date; raises `NotFound`."""
    rows = await running.query(ROWS, (await case_of(running, id, agency),))
    if not rows:
        raise NotFound("no-such-case", "总账中没有这件事，请核对编号；刚刚办理的，稍后再查。")
    url = running.settings.trace_url_template
    return make_trail(rows[0]["case_id"], rows, running.doorkeeper.name_of, as_of=as_of, by=by, trace_url=url)


async def could_of(running: Running, trail: Trail) -> tuple[Could, ...]:
    """Who could read the case on the day as of which its trail is told, or today."""
    agency = running.doorkeeper.agency(trail.agency)
    held = grants_held(await running.query(GRANTS, (agency.code, GRANT_TYPES)))
    day = trail.as_of or running.doorkeeper.today(agency)
    return could_read(trail, held, running.doorkeeper.laws(agency).rulebook, day, running.doorkeeper.name_of)


async def case_of(running: Running, id: str, agency: str) -> UUID:
    """The case of an id or an official number; raises `NotFound`."""
    try:
        return UUID(id)
    except ValueError:
        found = await running.query(BY_NUMBER, (agency, id))
        if not found:
            raise NotFound("no-such-case", "总账中没有这个编号，请核对。") from None
        case: UUID = found[0]["case_id"]
        return case


async def replay_of(running: Running, agency: AgencyFacts, year: int, rulebook: str) -> Replay:
    """What another rulebook would have changed in a year of an agency; raises `Invalid`."""
    world = world_of(rulebook, running.doorkeeper.laws(agency).calendar, running.doorkeeper.today(agency))
    return await asyncio.to_thread(with_ledger, running, lambda connection: replayed(connection, agency.code, year, world))
