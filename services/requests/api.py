"""What requests answers beyond its commands: the list of cases, the clock of a case explained, and following up by the public."""

import asyncio
import hashlib
import hmac
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.requests.application_form import form_text
from services.requests.disclosure_request.commands import Submit
from services.requests.disclosure_request.state import TITLES, DisclosureRequest, Stage, disclosure_request
from services.requests.next_step import CASES, MINE, OVERDUE, WEEK, Waits, open_to, told
from shared.kernel.commands import AgencyFacts
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import NotFound, TooMany
from shared.kernel.routes import PROBLEMS, answer, invalid, load, reach, signed_in
from shared.kernel.running import Running
from shared.kernel.views import EVERY_AGENCY
from shared.law.calendar import ClockStopped
from shared.law.deadlines import deadline, explain
from shared.law.outcomes import OUTCOMES
from shared.trust.personal import Personal

LIST = f"""SELECT * FROM {CASES}
    WHERE (%(stage)s::text IS NULL OR stage = %(stage)s) AND (%(unit)s::text IS NULL OR unit = %(unit)s)
    AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    AND (%(number)s::text IS NULL OR number = %(number)s) AND (NOT %(open)s OR concluded_on IS NULL)
    AND (NOT %(overdue)s OR {OVERDUE}) AND (NOT %(week)s OR {WEEK})
    AND (%(waits)s::text IS NULL OR step = %(waits)s) AND (NOT %(mine)s OR {MINE})
    ORDER BY concluded_on IS NOT NULL, due NULLS LAST, received_on, id LIMIT %(limit)s OFFSET %(offset)s"""

COUNTS = """SELECT stage, count(*) AS cases FROM views.cases WHERE agency = %(agency)s
    AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s)) GROUP BY stage"""

IN_HAND = f"""SELECT count(*) FILTER (WHERE {MINE}) AS mine, count(*) FILTER (WHERE {WEEK}) AS week, count(*) FILTER (WHERE {OVERDUE}) AS overdue
    FROM {CASES} WHERE concluded_on IS NULL AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))"""

FOLLOWED = "SELECT id FROM views.cases WHERE tracking_number = %s"

PAGE = 50
"""Cases on a page."""


class FollowUp(BaseModel):
    """How the public finds its request again."""

    model_config = ConfigDict(extra="forbid")
    tracking_number: str = Field(title="查询编号", max_length=40)
    query_password: str = Field(title="查询密码", max_length=100)


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()

    async def cases(
        request: Request,
        stage: Stage | None = None,
        unit: str | None = None,
        number: str | None = None,
        open_only: bool = Query(default=False, alias="open"),
        overdue: bool = False,
        week: bool = False,
        waits: Waits | None = None,
        mine: bool = False,
        page: int = Query(default=1, ge=1, le=1000),
    ) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, request.query_params.get("agency"))
        units = running.doorkeeper.reach(who, "requests.read", agency)
        await reach(running, request)
        position = await running.views.read_position()
        found = await list_cases(
            running,
            agency.code,
            units,
            stage=stage,
            unit=unit,
            number=number,
            open_only=open_only,
            overdue=overdue,
            week=week,
            waits=waits,
            mine=open_to(running, who, agency) if mine and who is not None else None,
            page=page,
        )
        note_names_seen(running, who, agency, found)
        return answer({"cases": found, "page": page, "more": len(found) == PAGE, "position": f"requests:{position}"})

    async def clock(request: Request, id: UUID) -> Response:
        who = signed_in(running, request)
        state, agency = await load(running, disclosure_request, id)
        running.doorkeeper.authorise(who, "requests.read", agency, unit=state.responsible_unit)
        assert isinstance(state, DisclosureRequest)
        return answer(explained(running, state, agency.code))

    async def follow_up(request: Request) -> Response:
        if not running.allow_public(request.client.host if request.client else "unknown"):
            raise TooMany("too-many", "查询过于频繁，请稍后再试。", retry_after=60)
        try:
            given = FollowUp.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise invalid(error) from None
        await reach(running, request)
        state = await followed(running, given.tracking_number, given.query_password)
        return answer(progress(state))

    async def application_form(request: Request) -> Response:
        agency = running.agency_for(None, request.query_params.get("agency"))
        return Response(
            form_text(agency.name, Submit),
            media_type="text/plain; charset=utf-8",
            headers={"Content-Disposition": f"inline; filename*=UTF-8''{quote('政府信息公开申请书')}.txt"},
        )

    made.add_api_route(
        "/application-form", application_form, methods=["GET"], summary="申请书格式文本", response_model=None, responses=PROBLEMS
    )
    made.add_api_route("/disclosure-requests", cases, methods=["GET"], summary="申请列表", response_model=None, responses=PROBLEMS)
    made.add_api_route(
        "/disclosure-requests/{id}/clock", clock, methods=["GET"], summary="逐日说明答复期限", response_model=None, responses=PROBLEMS
    )
    made.add_api_route(
        "/follow-up", follow_up, methods=["POST"], summary="凭查询编号和密码查询进度", response_model=None, responses=PROBLEMS
    )
    return made


async def list_cases(
    running: Running,
    agency: str,
    units: frozenset[str] | None,
    *,
    stage: Stage | None = None,
    unit: str | None = None,
    number: str | None = None,
    open_only: bool = False,
    overdue: bool = False,
    week: bool = False,
    waits: Waits | None = None,
    mine: dict[str, list[str]] | None = None,
    page: int = 1,
) -> list[dict[str, Any]]:
    """A page of the cases of these units (None: of all), open ones first, by due date. Names are decrypted with one query for all keys.

    `week`: due from today to Sunday. `waits`: for whom it waits. `mine`: the steps that a person may take (`open_to`); only what waits for one of them.
    """
    facts = running.doorkeeper.agency(agency)
    parameters = {
        "agency": agency,
        "reach": None if units is None else sorted(units),
        "stage": stage,
        "unit": unit,
        "number": number,
        "open": open_only,
        "overdue": overdue,
        **days(running.doorkeeper.today(facts)),
        "week": week,
        "waits": waits,
        "mine": mine is not None,
        **(mine or {"steps": [], "unit_steps": []}),
        "limit": PAGE,
        "offset": (page - 1) * PAGE,
    }
    rows = await running.query(LIST, parameters, agency=agency)
    names = await asyncio.to_thread(running.keys.show_many, [Personal.from_reference(row["applicant"]) for row in rows])
    return [
        {
            **row,
            "applicant": name,
            "stage_title": TITLES[Stage(row["stage"])],
            "next": told(running, facts, row["step"]),
            "href": f"/api/requests/disclosure-requests/{row['id']}",
        }
        for row, name in zip(rows, names, strict=True)
    ]


def note_names_seen(running: Running, who: SignedIn | None, agency: AgencyFacts, found: list[dict[str, Any]]) -> None:
    """The list has shown this official the applicants' names."""
    for row in found:
        actor = running.doorkeeper.authorise(who, "requests.read", agency, unit=row["unit"] or None)
        running.readings.saw_listed(actor, agency, row["id"], ("applicant_name",))


async def in_hand(running: Running, agency: str, units: frozenset[str] | None, mine: dict[str, list[str]]) -> dict[str, int]:
    """How many open cases wait for this person, are due by Sunday, and are overdue."""
    today = running.doorkeeper.today(running.doorkeeper.agency(agency))
    parameters = {"agency": agency, "reach": None if units is None else sorted(units), **days(today), **mine}
    (row,) = await running.query(IN_HAND, parameters, agency=agency)
    return row


def days(today: date) -> dict[str, date]:
    """The days that a list is asked with: today, and the Sunday of this week."""
    return {"today": today, "sunday": today + timedelta(days=6 - today.weekday())}


def explained(running: Running, state: DisclosureRequest, agency_code: str) -> dict[str, Any]:
    """The reply period of a case, day by day, under the rulebook of the case and the calendar as it is announced now."""
    facts = state.clock()
    agency = running.doorkeeper.agency(agency_code)
    laws = running.doorkeeper.laws(agency)
    book = laws.rulebook_of(state.rulebook or agency.rulebook)
    told: dict[str, Any] = {"id": str(state.id), "stage": state.stage, "rulebook": book.id, "article": book.limit("reply").article}
    if facts is None:
        return {**told, "running": False, "why": "答复期限尚未起算：收到日期须由双方确认。", "days": []}
    until = None
    try:
        due = deadline(facts, book, laws.calendar)
        told |= {"due": due.due, "provisional": due.provisional, "calendar": due.calendar, "working_days": due.days}
    except ClockStopped:
        until = running.doorkeeper.today(agency)
    days = explain(facts, book, laws.calendar, until=until)
    return {
        **told,
        "running": not state.closed and state.waiting_until is None and until is None,
        "starts": facts.start,
        "extension_working_days": facts.extension_days,
        "days": msgspec.to_builtins(days),
    }


async def followed(running: Running, tracking_number: str, password: str) -> DisclosureRequest:
    """The request of a tracking number and password; the same words whichever is wrong. The number is one of all agencies' together."""
    rows = await running.query(FOLLOWED, (tracking_number.strip().upper(),), agency=EVERY_AGENCY)
    shown = hashlib.sha256(password.encode()).hexdigest()
    if rows:
        state, _ = await asyncio.to_thread(running.load, disclosure_request, rows[0]["id"])
        if isinstance(state, DisclosureRequest) and hmac.compare_digest(shown, state.password_hash):
            return state
    raise NotFound("no-such-request", "查询编号或密码不正确，请核对提交申请时得到的编号和密码。")


SUGGESTIONS = {"suggested": "已收到您的建议，正在审核", "declined": "经审核，未纳入主动公开", "moved": "已纳入主动公开"}
"""What the applicant is told of its suggestion to publish what it was given (Article 44)."""


def can_suggest(state: DisclosureRequest) -> bool:
    """Whether what was given out may be suggested for publication now."""
    given_out = state.stage is Stage.DELIVERED and state.outcome in ("r1_granted", "r2_partial")
    return given_out and not state.own_records and state.proactive in ("", "declined")


def progress(state: DisclosureRequest) -> dict[str, Any]:
    """What the applicant is told: where the request stands, until when, and what it can do now."""
    next_steps = {
        Stage.AMENDING: "请按补正通知提交补正；逾期不补正又无正当理由的，视为放弃申请。",
        Stage.UNPAID: "请按收费通知缴费；逾期不缴费的，不再处理。",
        Stage.UNCONFIRMED: "请与本机关确认收到申请，答复期限自双方确认之日起算。",
    }
    return {
        "id": str(state.id),
        "stage": state.stage,
        "stage_title": TITLES[state.stage],
        "number": state.number or None,
        "received_on": state.received_on,
        "due": state.deadline.due if state.deadline and not state.closed else None,
        "provisional": bool(state.deadline and state.deadline.provisional),
        "waiting_until": state.waiting_until.due if state.waiting_until else None,
        "amendment_items": list(state.amendment_items) if state.stage is Stage.AMENDING else [],
        "fee_yuan": state.fee if state.stage is Stage.UNPAID else None,
        "outcome": OUTCOMES[state.outcome].label if state.outcome else None,
        "concluded_on": state.concluded_on,
        "next": next_steps.get(state.stage),
        "can_withdraw": not state.closed,
        "can_suggest": can_suggest(state),
        "suggestion": SUGGESTIONS.get(state.proactive),
    }
