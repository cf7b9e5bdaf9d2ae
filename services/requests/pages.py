"""The pages of requests: the public applies and follows up; officials see what is due, and act."""

import asyncio
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.requests.alike import company_of
from services.requests.api import COUNTS, PAGE, explained, followed, in_hand, list_cases, note_names_seen, progress
from services.requests.application_form import PUBLIC_FIELDS
from services.requests.attachments import attachments_in
from services.requests.attachments_pages import following_files, typed_files
from services.requests.disclosure_request.commands import Submit, SuggestProactive, Withdraw
from services.requests.disclosure_request.state import TITLES, DisclosureRequest, Stage, disclosure_request
from services.requests.letters import letters_in
from services.requests.next_step import CASES, STEPS, Waits, open_to
from services.requests.next_step import told as next_told
from services.requests.notices import count_unread
from shared.kernel.commands import Command, CommandSpec, commands
from shared.kernel.errors import Invalid, NotFound, Problem, TooMany
from shared.kernel.routes import load, open_commands
from shared.kernel.running import Running
from shared.law.outcomes import OUTCOMES
from shared.web.acting import act, act_form, agency_day, days_left, heading, kept, told, why_closed
from shared.web.forms import CHOICES, as_choice, faults_of, fields_of, parse
from shared.web.public_forms import addressed
from shared.web.rendering import moved, official, page, posted

SHOWN = {
    "number": "编号", "stage": "状态", "applicant_name": "申请人", "applicant_kind": "申请人类别", "id_number": "身份证明号码", "contact": "联系方式",
    "address": "通信地址", "content": "所需信息", "channel": "收到渠道", "received_on": "收到日期", "form": "获取形式", "delivery": "获取途径",
    "unit": "承办科室", "rulebook": "规则集", "outcome": "办理结果", "concluded_on": "办结日期", "tracking_number": "查询编号",
}  # fmt: skip
"""What stands on the page of a case, in this order."""


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/requests")
    attachments = attachments_in(running)

    async def apply(request: Request) -> Response:
        agency = addressed(running, request)
        return page(
            running, request, "requests/templates/apply.html", fields=fields_of(Submit, only=PUBLIC_FIELDS), to=agency, wrong=[], problem=""
        )

    async def applied(request: Request) -> Response:
        agency = addressed(running, request)
        typed = await posted(request)
        if not running.allow_public(request.client.host if request.client else "unknown"):
            raise TooMany("too-many", "提交过于频繁，请稍后再试。", retry_after=60)
        command, wrong = parse(Submit, {name: value for name, value in typed.items() if name in PUBLIC_FIELDS})
        problem, status = "", 422
        if command is not None:
            try:
                receipt = await running.execute(command, None, running.doorkeeper.authorise(None, "requests.submit", agency), agency)
                # The number that is told here can be looked up at once.
                await running.views.wait(receipt.position, running.settings.view_wait_seconds)
                return page(running, request, "requests/templates/applied.html", status=201, told=receipt.reply, to=agency)
            except Problem as refused:
                problem, status = refused.sentence, refused.status
        fields = fields_of(Submit, typed, wrong, only=PUBLIC_FIELDS)
        return page(
            running,
            request,
            "requests/templates/apply.html",
            status=status,
            fields=fields,
            to=agency,
            wrong=faults_of(Submit, wrong),
            problem=problem,
        )

    async def follow(request: Request) -> Response:
        return page(running, request, "requests/templates/follow.html", told=None, problem="", tracking="", password="", files=[])

    async def follow_up(request: Request) -> Response:
        typed = await posted(request)
        if not running.allow_public(request.client.host if request.client else "unknown"):
            raise TooMany("too-many", "查询过于频繁，请稍后再试。", retry_after=60)
        tracking, password = typed.get("tracking_number", [""])[0], typed.get("query_password", [""])[0]
        told, problem, state = None, "", None
        try:
            state = await followed(running, tracking, password)
            if await done_by_applicant(running, state, password, typed):
                state = await followed(running, tracking, password)
            told = progress(state)
        except Problem as refused:
            problem = refused.sentence
        status = 422 if problem else 200
        return page(
            running,
            request,
            "requests/templates/follow.html",
            status=status,
            told=told,
            problem=problem,
            tracking=tracking,
            password=password,
            **await following_files(running, attachments, state),
        )

    async def cases(
        request: Request,
        stage: str = "",
        unit: str = "",
        number: str = "",
        overdue: str = "",
        week: str = "",
        waits: str = "",
        mine: str = "",
        number_page: int = Query(default=1, alias="page", ge=1, le=1000),
    ) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        reach = running.doorkeeper.reach(who, "requests.read", agency)
        chosen = Stage(stage) if stage in TITLES else None
        steps = open_to(running, who, agency)
        found = await list_cases(
            running,
            agency.code,
            reach,
            stage=chosen,
            unit=unit or None,
            number=number.strip() or None,
            overdue=bool(overdue),
            week=bool(week),
            waits=Waits(waits) if waits in STEPS else None,
            mine=steps if mine else None,
            page=number_page,
        )
        note_names_seen(running, who, agency, found)
        counted = {"agency": agency.code, "reach": None if reach is None else sorted(reach)}
        counts = {row["stage"]: row["cases"] for row in await running.query(COUNTS, counted, agency=agency.code)}
        units: Any = running.doorkeeper
        return page(
            running,
            request,
            "requests/templates/cases.html",
            cases=[with_days(running, agency.code, row) for row in found],
            counts=counts,
            stages=TITLES,
            stage=stage,
            unit=unit,
            number=number,
            overdue=overdue,
            week=week,
            waits=waits,
            mine=mine,
            steps=STEPS,
            unread=await count_unread(running, who, agency),
            in_hand=await in_hand(running, agency.code, reach, steps),
            asked=asked(request),
            units=units.units(agency.code),
            page_number=number_page,
            more=len(found) == PAGE,
            may_hand_over=Waits.OFFICE in steps["steps"],
            kinds=CHOICES,
            outcomes=OUTCOMES,
        )

    async def case(request: Request, id: UUID) -> Response:
        return await case_page(running, request, id)

    async def acted(request: Request, id: UUID, verb: str) -> Response:
        who = official(running, request)
        state, agency = await load(running, disclosure_request, id)
        running.doorkeeper.authorise(who, "requests.read", agency, unit=state.responsible_unit)
        typed = await posted(request)
        spec = command_of(verb)
        problem, wrong = await act(running, who, agency, spec, id, typed)
        if problem is None and not wrong:
            return moved(f"/requests/cases/{id}")
        return await case_page(running, request, id, verb=verb, typed=typed, wrong=wrong, problem=problem)

    for path, endpoint, methods in (
        ("/", cases, ["GET"]),
        ("/apply", apply, ["GET"]),
        ("/apply", applied, ["POST"]),
        ("/follow", follow, ["GET"]),
        ("/follow", follow_up, ["POST"]),
        ("/cases/{id}", case, ["GET"]),
        ("/cases/{id}/{verb}", acted, ["POST"]),
    ):
        made.add_api_route(path, endpoint, methods=methods, response_model=None)
    return made


async def done_by_applicant(running: Running, state: DisclosureRequest, password: str, typed: dict[str, list[str]]) -> bool:
    """What the applicant does on the page of its request: withdraws it, or suggests that what it was given be published (Article 44).

    Whether it did anything; raises `Problem`.
    """
    command: Command | None
    if typed.get("withdraw"):
        command = Withdraw(query_password=password)
    elif typed.get("suggest"):
        command, wrong = parse(SuggestProactive, {"reason": typed.get("reason", []), "query_password": [password]})
        if command is None:
            raise Invalid("reason-missing", f"理由：{wrong.get('reason', '请填写')}。")
    else:
        return False
    agency = running.doorkeeper.agency(state.agency)
    await running.execute(command, state.id, running.doorkeeper.authorise(None, command.spec.capability, agency), agency)
    return True


async def case_page(
    running: Running,
    request: Request,
    id: UUID,
    *,
    verb: str = "",
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    """A case: its facts, its history, its clock, and what may be done now."""
    who = official(running, request)
    state, agency = await load(running, disclosure_request, id)
    running.readings.saw(running.doorkeeper.authorise(who, "requests.read", agency, unit=state.responsible_unit), agency, state)
    assert isinstance(state, DisclosureRequest)
    shown = await asyncio.to_thread(running.shown, state)
    rows = await asyncio.to_thread(running.log.rows.read_aggregate, id)
    history = []
    for row in rows:
        recorded = row.recorded()
        history.append(
            {
                "title": recorded.event.spec.title,
                "at": recorded.meta.recorded_at,
                "on": recorded.meta.effective_on,
                "who": running.doorkeeper.name_of(recorded.meta.actor.person),
                "article": recorded.meta.article,
            }
        )
    specs = [spec for spec in running.service.commands if spec.aggregate is disclosure_request]
    attachments = attachments_in(running)
    folder = await attachments.folder(id)
    filled = {name: await typed_files(running, attachments, state, folder, name) for name in ("request-review", "draft-reply")}
    directory: Any = running.doorkeeper
    units = [(one.code, one.name) for one in directory.units(agency.code)]
    acts = [
        act_form(
            one,
            command_of(one["verb"]).cls,
            typed if one["verb"] == verb else filled.get(one["verb"]),
            wrong if one["verb"] == verb else None,
            units,
        )
        for one in open_commands(running, specs, state, agency, who)
    ]
    for field in (field for one in acts if one["verb"] == "deliver" for field in one["fields"] if field.name == "letter"):
        as_choice(field, await letters_in(running).replies(state, agency))
    closed = why_closed(acts, verb)
    facts = [
        (title, CHOICES.get(str(shown.get(name)), shown.get(name)))
        for name, title in SHOWN.items()
        if shown.get(name) and name not in ("stage", "outcome")
    ]
    book_title = running.doorkeeper.laws(agency).rulebook_of(state.rulebook or agency.rulebook).title
    facts = [(title, directory.unit_name(agency.code, state.unit) if title == SHOWN["unit"] else value) for title, value in facts]
    facts = [(title, book_title if title == SHOWN["rulebook"] else value) for title, value in facts]
    facts.insert(1, ("状态", TITLES[state.stage]))
    asked_for = {"agency": agency.code, "today": agency_day(running, agency), "id": id}
    standing = await running.query(f"SELECT step FROM {CASES} WHERE id = %(id)s", asked_for, agency=agency.code)
    step = standing[0]["step"] if standing else None
    coming = next_told(running, agency, step)
    if step is not None:
        acts.sort(key=lambda one: command_of(one["verb"]).capability != STEPS[Waits(step)].capability)
    if coming is not None:
        facts.insert(2, ("下一步", f"{coming['waits_for']}：{coming['act']}" + (f"（{'、'.join(coming['by'])}）" if coming["by"] else "")))
    if state.outcome:
        facts.append(("办理结果", OUTCOMES[state.outcome].label))
    return page(
        running,
        request,
        "requests/templates/case.html",
        status=problem.status if problem else 422 if verb else 200,
        state=state,
        attached=len(folder.files),
        company=await company_of(running, state),
        stages=TITLES,
        outcomes=OUTCOMES,
        facts=facts,
        history=history,
        clock=explained(running, state, agency.code),
        left=days_left(running, agency, state.deadline.due if state.deadline else None),
        acts=acts,
        verb=verb,
        problem=closed or told(problem),
        heading=heading(problem),
        kept=kept(command_of(verb).cls, typed) if closed else [],
        wrong=faults_of(command_of(verb).cls, wrong or {}) if verb and not closed else [],
        simulated=agency.simulated,
        today=agency_day(running, agency),
        remedies=state.remedies,
        results=CHOICES,
        draft=msgspec.to_builtins(state.draft, enc_hook=running.reveal) if state.draft else None,
    )


def asked(request: Request) -> str:
    """What the list was asked for, without the page, to go on with on the next one."""
    return urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "page" and value])


def command_of(verb: str) -> CommandSpec:
    """The command of a verb; raises `NotFound`."""
    for spec in commands.values():
        if spec.aggregate is disclosure_request and spec.verb == verb and not spec.internal and not spec.creates:
            return spec
    raise NotFound("no-such-act", "没有这项办理，请从页面上选择。")


def with_days(running: Running, agency: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of the list with the working days that are left (negative: over)."""
    counts = row["running"] and row["concluded_on"] is None
    return {**row, "left": days_left(running, running.doorkeeper.agency(agency), row["due"]) if counts else None}
