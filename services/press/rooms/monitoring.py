"""Watching on pages: the rota of a month with its shifts and gaps, and the patrols of a day."""

import asyncio
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from services.press.counting import covered
from services.press.monitoring_rota.commands import LogPatrol, SetRota
from services.press.monitoring_rota.coverage import Coverage, Hours
from services.press.monitoring_rota.events import PatrolLogged, Source
from services.press.monitoring_rota.state import MonitoringRota, PatrolLog, monitoring_rota, patrol_log, rota_id
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Invalid
from shared.kernel.routes import PROBLEMS, answer, signed_in
from shared.kernel.running import Running
from shared.web.acting import agency_day
from shared.web.acts import Tried
from shared.web.forms import CHOICES
from shared.web.rendering import beijing, official, page
from shared.web.rooms import Column, Listing, Room, Shown

ROTAS = """SELECT * FROM views.rotas WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL
    ORDER BY month DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

PATROLS = """SELECT * FROM views.patrols WHERE agency = %(agency)s AND %(reach)s::text[] IS NULL
    ORDER BY day DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

LISTS = (
    Listing(
        "rotas",
        "监测值班",
        "press.read",
        ROTAS,
        (
            Column("月份", lambda row: (f"/press/monitoring-rotas/{row['id']}", f"{row['month']:%Y年%m月}")),
            Column("来源", lambda row: str(row["sources"])),
            Column("巡查间隔", lambda row: f"{row['every_hours']} 小时"),
            Column("值班安排", lambda row: str(row["shifts"]) if row["shifts"] else ("!", "没有安排")),
        ),
        room="monitoring-rotas",
        lead="每月确定监测哪些来源，安排专人全天候值班；没有人值班、没有巡查的来源和时段见“监测空档”。",
        empty="还没有确定监测范围。请先确定当月监测哪些来源。",
        links=(("/press/coverage", "监测空档"),),
    ),
    Listing(
        "patrols",
        "巡查记录",
        "press.read",
        PATROLS,
        (
            Column("日期", lambda row: (f"/press/patrol-logs/{row['id']}", str(row["day"]))),
            Column("巡查次数", lambda row: str(row["patrols"])),
            Column("来源", lambda row: "、".join(row["sources"])),
            Column("发现", lambda row: f"{row['found']} 件"),
        ),
        room="patrol-logs",
        lead="专人每次巡查一个来源后登记；发现的舆情另行逐件登记。",
        empty="还没有巡查记录。",
    ),
)


def hours(gaps: tuple[Hours, ...]) -> Any:
    """Gaps as people read them; none is nothing to see."""
    return ("!", "、".join(f"{one.begins}:00–{one.ends}:00" for one in gaps)) if gaps else "无"


def gap_rows(seen: Coverage) -> list[list[Any]]:
    """Each source of a day with its gaps."""
    return [
        [one.name, CHOICES.get(one.kind, one.kind), hours(one.unplanned), hours(one.unpatrolled), str(one.patrols), str(one.found)]
        for one in seen.sources
    ]


GAP_COLUMNS = ["来源", "类别", "没有安排值班", "没有巡查", "巡查次数", "发现"]


def name_of(sources: tuple[Source, ...], code: str) -> str:
    """A source by its name."""
    return next((one.name for one in sources if one.code == code), code)


async def show_rota(
    running: Running, _request: Request, state: MonitoringRota, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A month: what is watched, who does it when, and today's gaps if today is in it."""
    assert state.month is not None
    today = agency_day(running, agency)
    shifts = [
        [
            str(one.number), running.doorkeeper.name_of(one.monitor), f"{one.first} 至 {one.last}", f"{one.begins}:00–{one.ends}:00",
            "、".join(name_of(state.sources, code) for code in one.sources),
        ]
        for one in state.shifts
    ]  # fmt: skip
    sources = [[one.code, one.name, CHOICES.get(one.kind, one.kind), one.place] for one in state.sources]
    sections: list[Shown] = [
        {"title": "值班安排", "columns": ["序号", "监测员", "日期", "时段", "来源"], "rows": shifts, "empty": "还没有安排值班。"},
        {"title": "监测来源", "columns": ["代码", "名称", "类别", "网址或者位置"], "rows": sources},
    ]
    if today.replace(day=1) == state.month:
        seen, _ = await covered(running, agency, today)
        sections.insert(0, {"title": f"今天（{today}）的空档", "columns": GAP_COLUMNS, "rows": gap_rows(seen)})
    return {
        "title": f"{state.month:%Y年%m月}监测值班",
        "next": "监测员每次巡查后登记；空档补上值班或者巡查。" if state.shifts else "安排值班，做到全天候有人监测。",
        "facts": [("巡查间隔", f"每个来源至少 {state.every_hours} 小时一次"), ("监测空档", (f"/press/coverage?day={today}", "按天查看"))],
        "sections": sections,
    }


async def show_patrols(
    running: Running, _request: Request, state: PatrolLog, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A day: its patrols, in the order of time, and its gaps."""
    assert state.day is not None
    seen, _ = await covered(running, agency, state.day)
    rota, _ = await asyncio.to_thread(running.load, monitoring_rota, rota_id(agency.code, state.day))
    assert isinstance(rota, MonitoringRota)

    def row(one: PatrolLogged) -> list[Any]:
        who = running.doorkeeper.name_of(one.by)
        return [name_of(rota.sources, one.source), beijing(one.begun), beijing(one.ended), who, str(one.found), one.note]

    patrols = [row(one) for one in sorted(state.patrols, key=lambda one: one.begun)]
    return {
        "title": f"{state.day} 巡查记录",
        "facts": [("巡查次数", str(len(state.patrols))), ("发现", f"{sum(one.found for one in state.patrols)} 件")],
        "sections": [
            {"title": "巡查", "columns": ["来源", "开始", "结束", "巡查人", "发现", "说明"], "rows": patrols},
            {"title": "空档", "columns": GAP_COLUMNS, "rows": gap_rows(seen)},
        ],
    }


ROOMS = (
    Room("monitoring-rotas", "监测值班", monitoring_rota, "press.read", show_rota, SetRota),
    Room("patrol-logs", "巡查记录", patrol_log, "press.read", show_patrols, LogPatrol),
)


def chosen_day(text: str | None, otherwise: date) -> date:
    """The day that is asked for."""
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise Invalid("bad-date", "日期应写作 2026-09-22。", fields=[{"field": "day", "sentence": "应写作 2026-09-22"}]) from None


def api(running: Running) -> APIRouter:
    """`GET /coverage?day=`: sources and hours without cover."""
    made = APIRouter()

    async def coverage(request: Request, day: str | None = None) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.reach(who, "press.read", agency)
        seen, _ = await covered(running, agency, chosen_day(day, agency_day(running, agency)))
        return answer({"coverage": seen, "complete": seen.complete})

    made.add_api_route("/coverage", coverage, methods=["GET"], summary="监测空档", response_model=None, responses=PROBLEMS)
    return made


def pages(running: Running) -> APIRouter:
    """The page of the gaps of a day."""
    made = APIRouter(prefix="/press")

    async def coverage(request: Request, day: str | None = None) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        running.doorkeeper.reach(who, "press.read", agency)
        seen, _ = await covered(running, agency, chosen_day(day, agency_day(running, agency)))
        return page(
            running,
            request,
            "press/templates/coverage.html",
            seen=seen,
            columns=GAP_COLUMNS,
            rows=gap_rows(seen),
            unwatched=hours(seen.unwatched),
        )

    made.add_api_route("/coverage", coverage, methods=["GET"], response_model=None)
    return made
