"""All open cases of a unit go to another in one act: units were merged, or their duties have changed. Each case records it for itself."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.requests.disclosure_request.commands import HandOver
from services.requests.disclosure_request.commands.fields import Line, Reason
from shared.kernel.commands import AgencyFacts
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import Invalid, Problem
from shared.kernel.routes import PROBLEMS, answer, invalid, signed_in
from shared.kernel.running import Running
from shared.web.rendering import official, page, posted

OPEN = """SELECT id FROM views.cases WHERE agency = %s AND unit = %s AND concluded_on IS NULL
    AND stage NOT IN ('delivered', 'lapsed', 'withdrawn', 'voided', 'merged') ORDER BY id"""

COUNTS = """SELECT unit, count(*) AS cases FROM views.cases WHERE agency = %s AND unit <> '' AND concluded_on IS NULL
    AND stage NOT IN ('delivered', 'lapsed', 'withdrawn', 'voided', 'merged') GROUP BY unit ORDER BY unit"""

HAND_OVER = HandOver.spec.capability


class Handover(BaseModel):
    """From which unit (it may be closed by now) to which, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    before: Line = Field(title="原承办科室", min_length=1, max_length=40)
    unit: Line = Field(title="接办科室", min_length=1, max_length=40)
    reason: Reason = Field(title="理由")


def api(running: Running) -> APIRouter:
    """`POST /handovers`: how many cases went over, and which did not, each with the reason."""
    made = APIRouter()

    async def handed_over(request: Request) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, HAND_OVER, agency)
        assert who is not None
        try:
            wanted = Handover.model_validate_json(await request.body())
        except ValidationError as error:
            problem: Invalid = invalid(error)
            raise problem from None
        return answer(await hand_over(running, who, agency, wanted))

    made.add_api_route(
        "/handovers", handed_over, methods=["POST"], summary="一个科室在办的申请整体移交", response_model=None, responses=PROBLEMS
    )
    return made


async def hand_over(running: Running, who: SignedIn, agency: AgencyFacts, wanted: Handover) -> dict[str, Any]:
    """Hands every open case of a unit over, one by one; what is refused stays and is told. Once more does the rest."""
    check(running, agency, wanted)
    actor = running.doorkeeper.authorise(who, HAND_OVER, agency)
    command = HandOver(unit=wanted.unit, reason=wanted.reason)
    await running.views.wait(running.pipeline.last, running.settings.view_wait_seconds)
    done, refused, position = 0, [], 0
    for row in await running.query(OPEN, (agency.code, wanted.before), agency=agency.code):
        id: UUID = row["id"]
        try:
            position = (await running.execute(command, id, actor, agency)).position
            done += 1
        except Problem as problem:
            refused.append({"id": str(id), "code": problem.code, "sentence": problem.sentence})
    await running.views.wait(position, running.settings.view_wait_seconds)
    return {"handed_over": done, "refused": refused, "position": f"requests:{position}"}


def check(running: Running, agency: AgencyFacts, wanted: Handover) -> None:
    """That the other unit is open, and another one; raises `Invalid`."""
    if wanted.before == wanted.unit:
        raise Invalid("same-unit", "接办科室就是原承办科室，请另选。", fields=[{"field": "unit", "sentence": "请另选一个科室"}])
    if wanted.unit not in open_units(running, agency.code):
        raise Invalid(
            "no-such-unit", f"本机关没有“{wanted.unit}”这个科室，请选择现有科室。", fields=[{"field": "unit", "sentence": "请重新选择"}]
        )


def open_units(running: Running, code: str) -> Sequence[str]:
    """The codes of an agency's open units."""
    directory: Any = running.doorkeeper
    return [unit.code for unit in directory.units(code)]


def router(running: Running) -> APIRouter:
    """The page."""
    made = APIRouter(prefix="/requests")

    async def asked(request: Request) -> Response:
        return await shown(running, request)

    async def done(request: Request) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.authorise(who, HAND_OVER, agency)
        typed = {name: values[0] for name, values in (await posted(request)).items() if name in Handover.model_fields}
        try:
            try:
                wanted = Handover.model_validate(typed)
            except ValidationError as error:
                problem: Invalid = invalid(error)
                raise problem from None
            told = await hand_over(running, who, agency, wanted)
        except Problem as refused:
            return await shown(running, request, typed, refused)
        return await shown(running, request, {}, None, told)

    made.add_api_route("/handover", asked, methods=["GET"], response_model=None)
    made.add_api_route("/handover", done, methods=["POST"], response_model=None)
    return made


async def shown(
    running: Running,
    request: Request,
    typed: dict[str, str] | None = None,
    problem: Problem | None = None,
    told: dict[str, Any] | None = None,
) -> Response:
    """The form, with what was typed and what is wrong, or with what was done."""
    who = official(running, request)
    agency = running.doorkeeper.agency(who.agency)
    running.doorkeeper.authorise(who, HAND_OVER, agency)
    directory: Any = running.doorkeeper
    return page(
        running,
        request,
        "requests/templates/handover.html",
        status=problem.status if problem is not None else 200,
        counts=await running.query(COUNTS, (agency.code,), agency=agency.code),
        units=directory.units(agency.code),
        typed=typed or {},
        problem=problem,
        wrong={one["field"]: one["sentence"] for one in problem.fields} if problem is not None else {},
        told=told,
    )
