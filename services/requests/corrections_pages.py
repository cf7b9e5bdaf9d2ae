"""The list, the pages and the public form of claims to have a record corrected (Decree 711, Article 41)."""

import asyncio
from typing import Any

from fastapi import APIRouter, Query, Request, Response

from services.requests.record_correction.commands import ClaimCorrection
from services.requests.record_correction.state import GROUNDS, TITLES, RecordCorrection, Stage, record_correction
from shared.kernel.commands import AgencyFacts
from shared.kernel.routes import PROBLEMS, answer, reach, signed_in
from shared.kernel.running import Running
from shared.web.acting import days_left
from shared.web.acts import Tried
from shared.web.forms import CHOICES, Field, as_choice
from shared.web.public_forms import PublicForm
from shared.web.rendering import official, page
from shared.web.rooms import PAGE, Room, Shown, Workbench, add_room

LIST = """SELECT * FROM views.corrections WHERE agency = %(agency)s
    ORDER BY NOT running, due, id LIMIT %(limit)s OFFSET %(offset)s"""

FIELDS = ("ground", "claimant_name", "id_number", "contact", "record", "wanted", "proof")
"""What a member of the public fills in."""


def shape(running: Running, agency: AgencyFacts, fields: list[Field]) -> None:
    """The grounds are those that the agency's rulebook knows, and so is whether it needs proof."""
    book = running.doorkeeper.laws(agency).rulebook_of(agency.rulebook)
    for field in fields:
        if field.name == "ground":
            as_choice(field, [(one, GROUNDS[one]) for one in book.correction.grounds])
        if field.name == "proof":
            field.required = book.says("correction_needs_evidence")


CLAIM = PublicForm(
    "correct",
    ClaimCorrection,
    FIELDS,
    title="向{agency}申请更正与自身相关的记录",
    lead="只能申请更正与您自身相关的记录；核验身份后办理，结果书面告知您。本机关无权更正的，会转送有权更正的机关或者告诉您向谁提出。",
    received="已收到您的更正申请",
    thanks="{agency}将与您联系核验身份，办理结果书面告知您。",
    shape=shape,
)


def api(running: Running) -> APIRouter:
    """The list as JSON."""
    made = APIRouter()

    async def claims(request: Request, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, "requests.read_correction", agency)
        await reach(running, request)
        found = await list_claims(running, agency.code, page)
        position = await running.views.read_position()
        return answer({"claims": found, "page": page, "more": len(found) == PAGE, "position": f"requests:{position}"})

    made.add_api_route("/record-corrections", claims, methods=["GET"], summary="更正申请列表", response_model=None, responses=PROBLEMS)
    return made


async def list_claims(running: Running, agency: str, number: int) -> list[dict[str, Any]]:
    """A page of the claims, those whose day can still be missed first."""
    rows = await running.query(LIST, {"agency": agency, "limit": PAGE, "offset": (number - 1) * PAGE}, agency=agency)
    return [
        {
            **row,
            "stage_title": TITLES[Stage(row["stage"])],
            "ground_title": GROUNDS[row["ground"]],
            "href": f"/api/requests/record-corrections/{row['id']}",
        }
        for row in rows
    ]


async def show(
    running: Running, _request: Request, state: RecordCorrection, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A claim, its words decrypted for who may read them."""
    return {
        "shown": await asyncio.to_thread(running.shown, state),
        "title": TITLES[state.stage],
        "ground": GROUNDS.get(state.ground, state.ground),
        "channel": CHOICES.get(state.channel, state.channel),
        "left": days_left(running, agency, state.deadline.due if state.deadline else None),
    }


ROOM = Room(
    "corrections",
    "更正申请",
    record_correction,
    "requests.read_correction",
    show,
    ClaimCorrection,
    "requests/templates/correction.html",
    fields=(*FIELDS, "channel", "receipt"),
    lead="以信函等方式收到的，或者当面口头提出的，代为登记。",
    shape=shape,
)

BENCH = Workbench("requests", (ROOM,))


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/requests")

    async def claims(request: Request, number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.authorise(who, "requests.read_correction", agency)
        found = await list_claims(running, agency.code, number)
        return page(
            running,
            request,
            "requests/templates/corrections.html",
            claims=[{**row, "left": days_left(running, agency, row["due"])} for row in found],
            kinds=CHOICES,
            page_number=number,
            more=len(found) == PAGE,
        )

    made.add_api_route("/corrections", claims, methods=["GET"], response_model=None)
    add_room(made, running, BENCH, ROOM)
    return made
