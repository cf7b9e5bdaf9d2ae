"""Daily logs, special reports, warnings, bulletins, and what was reported late: on pages and as JSON. Figures are counted here, never typed."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.press.counting import count_day, count_period, late_reports, limits
from services.press.daily_log.commands import FileDailyLog
from services.press.daily_log.decisions import DailyLog, daily_log
from services.press.daily_log.events import Figures
from services.press.opinion_item.scheme import SCHEME
from services.press.opinion_report.commands import FileSpecialReport, IssueBulletin, IssueWarning
from services.press.opinion_report.decisions import Bulletin, EarlyWarning, SpecialReport, bulletin, special_report, total, warning
from services.press.opinion_report.events import UnitFigures
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Problem, Unauthenticated
from shared.kernel.events import Actor
from shared.kernel.jobs import Receipt
from shared.kernel.routes import PROBLEMS, answer, invalid, reach, signed_in
from shared.kernel.routes import simulated_day as header_day
from shared.kernel.running import Running
from shared.web.acting import agency_day, heading, simulated_day, told
from shared.web.acts import Tried
from shared.web.forms import CHOICES, faults_of, fields_of
from shared.web.rendering import beijing, moved, official, page, posted
from shared.web.rooms import Column, Listing, Room, Shown, named

LOGS = """SELECT * FROM views.daily_logs WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL
    AND (%(missed)s::text IS NULL OR missed) ORDER BY day DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

REPORTS = """SELECT * FROM views.reports WHERE agency = %(agency)s AND (kind = 'bulletin' OR %(reach)s::text[] IS NULL)
    AND (%(kind)s::text IS NULL OR kind = %(kind)s) ORDER BY issued_on DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

PAGE = 50
"""Rows on a page."""

ROOM_OF = {"special": "special-reports", "warning": "early-warnings", "bulletin": "bulletins"}
"""Where each kind of report stands."""

FIGURES = {
    "detected": "发现", "major": "其中重大", "sensitive": "其中敏感", "answered": "回应", "reported": "归口报送", "closed": "办结", "open": "在办",
    "overdue": "逾时未回应", "patrols": "巡查次数", "found": "巡查发现", "uncovered": "有空档的来源", "inquiries": "咨询投诉",
}  # fmt: skip
"""The figures of a day."""

UNIT_FIGURES = {
    "items": "件数", "on_time": "按时回应", "late": "逾时回应", "missed": "逾时未回应", "waiting": "时限内", "unneeded": "不需回应或待研判", "omitted": "迟报漏报",
}  # fmt: skip
"""The figures of a unit."""


def log_state(row: Shown) -> Any:
    """How the log of a day stands."""
    if row["filed"]:
        return ("!", "补报") if row["late"] else "已填报"
    return ("!", "缺报")


LISTS = (
    Listing(
        "daily-logs",
        "舆情日志",
        "press.read",
        LOGS,
        (
            Column("日期", lambda row: (f"/press/daily-logs/{row['id']}", str(row["day"]))),
            Column("状态", log_state),
            Column("发现", lambda row: str(row["detected"]) if row["filed"] else ""),
            Column("在办", lambda row: str(row["open"]) if row["filed"] else ""),
            Column("逾时未回应", lambda row: (("!", str(row["overdue"])) if row["overdue"] else "0") if row["filed"] else ""),
        ),
        {"missed": ("缺报", {"1": "曾缺报"})},
        "daily-logs",
        "确定了监测范围的月份，每天填报一份日志；数字由平台统计。当天没有填报的，记为缺报，仍可补报。",
        "还没有舆情日志。",
        (("/press/daily-logs/new", "填报舆情日志"),),
    ),
    Listing(
        "reports",
        "专报、预警和通报",
        "press.read",
        REPORTS,
        (
            Column("标题", lambda row: (f"/press/{ROOM_OF[row['kind']]}/{row['id']}", row["title"])),
            Column("类别", lambda row: ("#", CHOICES[row["kind"]])),
            Column("报送、通知", lambda row: row["to_whom"]),
            Column("程度", lambda row: f"{CHOICES[row['level']]}{'（已解除）' if row['lifted'] else ''}" if row["level"] else ""),
            Column("日期", lambda row: str(row["issued_on"])),
        ),
        {"kind": ("类别", {kind: CHOICES[kind] for kind in ROOM_OF})},
        "",
        "发现重大、敏感舆情及时报送专报，苗头及时预警；办理情况定期通报各科室。",
        "还没有专报、预警和通报。",
        (
            ("/press/special-reports/new", "报送舆情专报"),
            ("/press/early-warnings/new", "发出舆情预警"),
            ("/press/bulletins/new", "通报舆情办理情况"),
        ),
    ),
)


async def show_log(running: Running, _request: Request, state: DailyLog, _agency: AgencyFacts, _made: Shown, _tried: Tried | None) -> Shown:
    """A day."""
    filed = state.filed
    facts: list[tuple[str, Any]] = [("状态", ("!", "缺报") if filed is None else ("!", "补报") if filed.late else ("#", "已填报"))]
    if filed is not None:
        facts += [(title, str(getattr(filed.figures, name))) for name, title in FIGURES.items()]
        facts.append(("统计依据", f"press:{filed.figures.position}"))
    return {
        "title": f"{state.day} 舆情日志",
        "next": "" if filed is not None else "请补报当天的日志。",
        "facts": facts,
        "sections": [{"title": "情况说明", "text": filed.note, "empty": ""}] if filed is not None and filed.note else [],
    }


def items_section(items: tuple[Any, ...]) -> Shown:
    """The items that a report names."""
    rows = [[(f"/press/opinions/{id}", str(id))] for id in items]
    return {"title": "有关舆情", "columns": ["编号"], "rows": rows, "empty": "没有指明舆情。"}


async def show_report(
    running: Running, _request: Request, state: SpecialReport, _agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A special report."""
    assert state.filed is not None
    facts = [("报送给", state.filed.to), ("文号", state.filed.number), ("日期", str(state.filed_on))]
    sections = [{"title": "情况和建议", "text": state.filed.text}, items_section(state.filed.items)]
    return {"title": state.filed.title, "facts": facts, "sections": sections}


async def show_warning(
    running: Running, _request: Request, state: EarlyWarning, _agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A warning."""
    issued = state.issued
    assert issued is not None
    facts = [
        ("状态", ("#", "已解除" if state.lifted else "预警中")), ("程度", CHOICES.get(issued.level, issued.level)), ("通知", issued.to),
        ("日期", str(state.issued_on)), ("结果", state.lifted),
    ]  # fmt: skip
    return {
        "title": issued.title,
        "next": "" if state.lifted else "关注走势；不再需要预警的，写明结果后解除。",
        "facts": facts,
        "sections": [{"title": "情况和要求", "text": issued.text}, items_section(issued.items)],
    }


def unit_rows(running: Running, agency: AgencyFacts, units: tuple[UnitFigures, ...]) -> list[list[Any]]:
    """Each unit's figures, and all together."""
    directory: Any = running.doorkeeper

    def row(name: str, one: UnitFigures) -> list[Any]:
        values = [(key, getattr(one, key)) for key in UNIT_FIGURES]
        return [name, *(("!", str(value)) if value and key in ("late", "missed", "omitted") else str(value) for key, value in values)]

    rows = [row(directory.unit_name(agency.code, one.unit) if one.unit else "（未确定主管科室）", one) for one in units]
    return [*rows, row("合计", total(units))] if rows else []


async def show_bulletin(
    running: Running, _request: Request, state: Bulletin, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A bulletin."""
    issued = state.issued
    assert issued is not None
    sections: list[Shown] = [
        {
            "title": "各科室办理情况",
            "columns": ["科室", *UNIT_FIGURES.values()],
            "rows": unit_rows(running, agency, issued.units),
            "empty": "该期间没有发现舆情。",
        }
    ]
    if issued.note:
        sections.append({"title": "说明和要求", "text": issued.note})
    facts = [("通报日期", str(state.issued_on)), ("统计依据", f"press:{issued.position}")]
    return {"title": f"{issued.first} 至 {issued.last} 舆情办理情况通报", "facts": facts, "sections": sections}


class LogDay(BaseModel):
    """填报当天的舆情日志；数字由平台统计，这里只填情况说明。"""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    day: date = Field(title="日期")
    note: str = Field(
        default="", title="情况说明", max_length=5000, description="不填写发布人的姓名、账号", json_schema_extra={"widget": "textarea"}
    )


class Period(BaseModel):
    """通报一个已经结束的期间发现的舆情怎样办理；各科室的数字由平台统计。"""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    first: date = Field(title="从")
    last: date = Field(title="到")
    note: str = Field(default="", title="说明和要求", max_length=5000, json_schema_extra={"widget": "textarea"})


def read_model(model: type[BaseModel], body: bytes) -> Any:
    """What was said; raises the problem that names each field at fault."""
    try:
        return model.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise invalid(error) from None


Day = Callable[[AgencyFacts, Actor], date | None]
"""The civil day that is named, where the agency is simulated."""


async def file_log(running: Running, who: Any, said: LogDay, day: Day) -> Receipt:
    """Counts the day, then files its log."""
    agency = running.agency_for(who, None)
    actor = running.doorkeeper.authorise(who, "press.file_reports", agency)
    command = FileDailyLog(day=said.day, figures=await count_day(running, agency, said.day), note=said.note)
    return await running.execute(command, None, actor, agency, today=day(agency, actor))


async def issue(running: Running, who: Any, said: Period, day: Day) -> Receipt:
    """Counts the period, then issues its bulletin."""
    agency = running.agency_for(who, None)
    actor = running.doorkeeper.authorise(who, "press.issue_bulletin", agency)
    position, units = await count_period(running, agency, said.first, said.last)
    command = IssueBulletin(first=said.first, last=said.last, position=position, units=units, note=said.note)
    return await running.execute(command, None, actor, agency, today=day(agency, actor))


FORMS: tuple[tuple[str, str, type[BaseModel], Callable[..., Awaitable[Receipt]], str], ...] = (
    ("daily-logs", "填报舆情日志", LogDay, file_log, "press.file_reports"),
    ("bulletins", "通报舆情办理情况", Period, issue, "press.issue_bulletin"),
)
"""What a person says a day or a period for, and the platform counts."""


def api(running: Running) -> APIRouter:
    """`POST /daily-logs`, `POST /bulletins`: what to count; `GET /figures`, `GET /late-reports`, `GET /daily-logs`, `GET /reports`."""
    made = APIRouter()

    def filing(model: type[BaseModel], carry_out: Callable[..., Awaitable[Receipt]]) -> Callable[..., Awaitable[Response]]:
        async def filed(request: Request) -> Response:
            who = signed_in(running, request)
            if who is None:
                raise Unauthenticated("sign-in", "请先登录后再办理。")
            await reach(running, request)
            said, named_day = read_model(model, await request.body()), request.headers.get("gongkai-today")
            receipt = await carry_out(running, who, said, lambda agency, actor: header_day(named_day, agency, actor))
            return answer({"id": str(receipt.id), "version": receipt.version, "position": f"press:{receipt.position}"}, 201)

        return filed

    async def reader(request: Request) -> tuple[AgencyFacts, frozenset[str] | None]:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "press.read", agency)
        await reach(running, request)
        return agency, units

    async def figures(request: Request, day: date | None = None) -> Response:
        agency, _ = await reader(request)
        counted = await count_day(running, agency, day or agency_day(running, agency))
        return answer({"figures": Figures(**counted.model_dump())})

    async def late(request: Request, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        agency, units = await reader(request)
        report, detect = limits(running, agency)
        found = await late_reports(running, agency, units, page, PAGE)
        return answer({"items": found, "report_hours": report, "detection_hours": detect, "page": page, "more": len(found) == PAGE})

    def listing(one: Listing, name: str) -> Callable[..., Awaitable[Response]]:
        async def listed(request: Request, page: int = Query(default=1, ge=1, le=1000)) -> Response:
            agency, units = await reader(request)
            wanted: Shown = {key: request.query_params.get(key) or None for key in one.filters}
            wanted |= {"agency": agency.code, "reach": None if units is None else sorted(units), "limit": PAGE, "offset": (page - 1) * PAGE}
            rows = await running.query(one.statement, wanted, agency=agency.code)
            return answer({name: rows, "page": page, "more": len(rows) == PAGE})

        return listed

    for path, title, model, carry_out, _ in FORMS:
        body = {"required": True, "content": {"application/json": {"schema": model.model_json_schema()}}}
        made.add_api_route(
            f"/{path}", filing(model, carry_out), methods=["POST"], status_code=201, summary=f"{title}（数字由平台统计）", response_model=None,
            responses=PROBLEMS, openapi_extra={"requestBody": body},
        )  # fmt: skip
    for path, endpoint, summary in (
        ("/figures", figures, "当日的数字"),
        ("/late-reports", late, "迟报、漏报的舆情"),
        ("/daily-logs", listing(LISTS[0], "logs"), "舆情日志列表"),
        ("/reports", listing(LISTS[1], "reports"), "专报、预警和通报列表"),
    ):
        made.add_api_route(path, endpoint, methods=["GET"], summary=summary, response_model=None, responses=PROBLEMS)
    return made


LATE = Listing(
    "late-reports",
    "迟报漏报",
    "press.read",
    "",
    (
        Column("标题", lambda row: (f"/press/opinions/{row['id']}", row["title"])),
        Column("问题", lambda row: ("!", "、".join(CHOICES[one] for one in row["faults"]))),
        Column("等级", lambda row: SCHEME.levels[row["level"]].title if row["level"] else "待研判"),
        Column("发布", lambda row: beijing(row["published_at"]) if row["published_at"] else ""),
        Column("发现", lambda row: beijing(row["detected_at"])),
        Column("报送用时", lambda row: f"{row['report_minutes']} 分钟" if row["report_minutes"] is not None else "未报送"),
        Column("主管科室", lambda row: ("@", row["unit"]) if row["unit"] else ""),
    ),
    empty="没有迟报、漏报的舆情。",
)


def pages(running: Running) -> APIRouter:
    """The forms of a daily log and of a bulletin, and the list of what was reported late."""
    made = APIRouter(prefix="/press")

    def form(path: str, title: str, model: type[BaseModel], capability: str) -> Callable[..., Response]:
        def shown(
            request: Request, typed: dict[str, list[str]] | None = None, wrong: dict[str, str] | None = None, problem: Problem | None = None
        ) -> Response:
            who = official(running, request)
            agency = running.doorkeeper.agency(who.agency)
            running.doorkeeper.authorise(who, capability, agency)
            today = agency_day(running, agency)
            known = {
                "day": [str(today)],
                "first": [str(first_of_last_month(today))],
                "last": [str(today.replace(day=1) - timedelta(days=1))],
            }
            return page(
                running,
                request,
                "press/templates/counted.html",
                status=problem.status if problem else 422 if wrong else 200,
                path=path,
                title=title,
                lead=model.__doc__,
                fields=fields_of(model, typed or known, wrong),
                wrong=faults_of(model, wrong or {}),
                problem=told(problem),
                heading=heading(problem),
                simulated=agency.simulated,
                today=today,
            )

        return shown

    def new(shown: Callable[..., Response]) -> Callable[..., Awaitable[Response]]:
        async def opened(request: Request) -> Response:
            return shown(request)

        return opened

    def sent(
        path: str, model: type[BaseModel], carry_out: Callable[..., Awaitable[Receipt]], shown: Callable[..., Response]
    ) -> Callable[..., Awaitable[Response]]:
        async def filed(request: Request) -> Response:
            who = official(running, request)
            typed = await posted(request)
            said = {name: "\n".join(typed[name]).strip() for name in model.model_fields if name in typed}
            try:
                command = read_model(model, msgspec.json.encode({name: value for name, value in said.items() if value}))
                receipt = await carry_out(running, who, command, lambda agency, _actor: simulated_day(agency, typed))
            except Problem as problem:
                return shown(request, typed, {one["field"]: one["sentence"] for one in problem.fields}, problem)
            await running.views.wait(receipt.position, running.settings.view_wait_seconds)
            return moved(f"/press/{path}/{receipt.id}")

        return filed

    async def late(request: Request, number: int = Query(default=1, alias="page", ge=1, le=1000)) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        units = running.doorkeeper.reach(who, "press.read", agency)
        report, detect = limits(running, agency)
        rows = await late_reports(running, agency, units, number, PAGE)
        lead = f"发现后超过 {report} 小时才报送的、重大敏感舆情超过 {report} 小时没有报送的、发布后超过 {detect} 小时才发现的。"
        return page(
            running,
            request,
            "things.html",
            listing=LATE._replace(lead=lead),
            base="/press",
            room=None,
            rows=[[named(running, agency, column.cell(row)) for column in LATE.columns] for row in rows],
            number=number,
            more=len(rows) == PAGE,
            chosen={},
        )

    for path, title, model, carry_out, capability in FORMS:
        shown = form(path, title, model, capability)
        made.add_api_route(f"/{path}/new", new(shown), methods=["GET"], response_model=None)
        made.add_api_route(f"/{path}/new", sent(path, model, carry_out, shown), methods=["POST"], response_model=None)
    made.add_api_route("/late-reports", late, methods=["GET"], response_model=None)
    return made


def first_of_last_month(today: date) -> date:
    """Where the period of a bulletin begins if nobody says otherwise."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


ROOMS = (
    Room("daily-logs", "舆情日志", daily_log, "press.read", show_log),
    Room("special-reports", "舆情专报", special_report, "press.read", show_report, FileSpecialReport),
    Room("early-warnings", "舆情预警", warning, "press.read", show_warning, IssueWarning),
    Room("bulletins", "舆情通报", bulletin, "press.read", show_bulletin),
)
