"""Outside channels, by page and by API: which there are, what each was told, and first of all what waits for a person."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.publishing.delivery.commands import SettleDelivery
from services.publishing.delivery.decisions import ACTS, OUTCOMES, TITLES, Stage
from services.publishing.outside_channel.commands import CloseChannel, OpenChannel
from services.publishing.outside_channel.decisions import KINDS
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.errors import Invalid, NotFound, Problem, Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, signed_in
from shared.kernel.running import Running
from shared.web.acting import simulated_day
from shared.web.forms import faults_of, fields_of, parse
from shared.web.rendering import may, moved, official, page, posted

PAGE = 50

CHANNELS = "SELECT * FROM views.channels WHERE agency = %(agency)s ORDER BY closed, title, id LIMIT 500"

DELIVERIES = """SELECT d.*, c.title AS channel_title FROM views.deliveries d JOIN views.channels c ON c.id = d.channel
    WHERE d.agency = %(agency)s ORDER BY d.stage = 'uncertain' DESC, d.follows DESC, d.id LIMIT %(limit)s OFFSET %(offset)s"""

ACTED: dict[str, type[Command]] = {"close": CloseChannel, "settle": SettleDelivery}


def api(running: Running) -> APIRouter:
    """`GET /channels`, `GET /deliveries?page=`."""
    made = APIRouter()

    def read(request: Request) -> AgencyFacts:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        running.doorkeeper.reach(who, "publishing.settle_delivery", agency)
        return agency

    async def channels(request: Request) -> Response:
        return answer({"channels": await channels_of(running, read(request))})

    async def deliveries(request: Request, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        rows = await deliveries_of(running, read(request), page)
        return answer({"deliveries": rows, "page": page, "more": len(rows) == PAGE})

    for path, endpoint, summary in (("/channels", channels, "对外通道"), ("/deliveries", deliveries, "对外通道的投递")):
        made.add_api_route(path, endpoint, methods=["GET"], summary=summary, response_model=None, responses=PROBLEMS)
    return made


def router(running: Running) -> APIRouter:
    """The page."""
    made = APIRouter(prefix="/publishing")

    async def listed(request: Request, number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        return await channels_page(running, request, number=number)

    async def opened(request: Request) -> Response:
        typed = await posted(request)
        command, wrong = parse(OpenChannel, typed)
        if command is None:
            return await channels_page(running, request, typed=typed, wrong=wrong)
        try:
            await done(running, request, command, None, typed)
        except Problem as problem:
            wrong = {one["field"]: one["sentence"] for one in problem.fields}
            return await channels_page(running, request, typed=typed, wrong=wrong, problem=problem)
        return moved("/publishing/channels")

    async def acted(request: Request, id: UUID, verb: str) -> Response:
        typed = await posted(request)
        if verb not in ACTED:
            raise NotFound("no-such-act", "没有这项办理，请从页面上选择。")
        command, wrong = parse(ACTED[verb], typed)
        try:
            if command is None:
                raise Invalid("channel-form", "；".join(wrong.values()))
            await done(running, request, command, id, typed)
        except Problem as problem:
            return await channels_page(running, request, problem=problem)
        return moved("/publishing/channels")

    for path, endpoint, method in (
        ("/channels", listed, "GET"),
        ("/channels", opened, "POST"),
        ("/channels/{id}/{verb}", acted, "POST"),
    ):
        made.add_api_route(path, endpoint, methods=[method], response_model=None)
    return made


async def done(running: Running, request: Request, command: Command, id: UUID | None, typed: dict[str, list[str]]) -> None:
    """Carries out what an official does here."""
    who = official(running, request)
    agency = running.doorkeeper.agency(who.agency)
    actor = running.doorkeeper.authorise(who, command.spec.capability, agency)
    receipt = await running.execute(command, id, actor, agency, today=simulated_day(agency, typed))
    await running.views.wait(receipt.position, running.settings.view_wait_seconds)


async def channels_page(
    running: Running,
    request: Request,
    *,
    number: int = 1,
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """The channels, the form for another one, and the deliveries; what was typed stays, the secret alone does not."""
    who = official(running, request)
    agency = running.doorkeeper.agency(who.agency)
    running.doorkeeper.reach(who, "publishing.settle_delivery", agency)
    rows = await deliveries_of(running, agency, number)
    kept = {name: value for name, value in (typed or {}).items() if name != "secret"}
    return page(
        running,
        request,
        "publishing/templates/channels.html",
        status=problem.status if problem else 422 if wrong else 200,
        channels=await channels_of(running, agency),
        rows=rows,
        number=number,
        more=len(rows) == PAGE,
        keeps=may(running, who, "publishing.keep_channels"),
        fields=fields_of(OpenChannel, kept, wrong),
        closing=fields_of(CloseChannel, only=("reason",)),
        settling=fields_of(SettleDelivery, only=("decision", "reason")),
        wrong=faults_of(OpenChannel, wrong or {}),
        problem=problem.sentence if problem else "",
    )


async def channels_of(running: Running, agency: AgencyFacts) -> list[dict[str, Any]]:
    """The channels of an agency, the open ones first."""
    rows = await running.query(CHANNELS, {"agency": agency.code}, agency=agency.code)
    return [{**row, "kind_title": KINDS[row["kind"]]} for row in rows]


async def deliveries_of(running: Running, agency: AgencyFacts, number: int) -> list[dict[str, Any]]:
    """What was told, or is to be; first what a person has to find out."""
    asked = {"agency": agency.code, "limit": PAGE, "offset": (number - 1) * PAGE}
    rows = await running.query(DELIVERIES, asked, agency=agency.code)
    return [
        {
            **row,
            "stage_title": TITLES[Stage(row["stage"])],
            "act_title": ACTS[row["act"]],
            "outcome_title": OUTCOMES.get(row["outcome"], ""),
        }
        for row in rows
    ]
