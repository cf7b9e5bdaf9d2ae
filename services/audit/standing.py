"""How the units keep their duties as of a day: the table, and the cases behind each number; over the API and on a page."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.audit.measures import COUNTED, DUTIES, KEPT, MEASURES, Fold, Kept, Matter, cases, figures, folded, total
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Invalid, Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, signed_in
from shared.kernel.running import Running
from shared.web.rendering import official, page

READ = "audit.read_standing"

MOST = 500
"""Cases that are listed behind a number."""

OUTLOOK = (*DUTIES, "inspections", "complaints", "satisfaction", "catalogue", "channels")
"""What the table shows."""


class Standing(msgspec.Struct, frozen=True):
    """The figures of a period as of its last day: unit → measure → figure, the units that the reader may see."""

    since: date
    until: date
    units: dict[str, dict[str, Any]]
    totals: dict[str, Any]
    positions: dict[str, int]


def standing(fold: Fold, since: date, until: date, known: Sequence[str], reach: frozenset[str] | None) -> Standing:
    """The figures of all units that there are, also of those that have nothing to do; without a reach, of what is nobody's too."""
    counted = figures(fold, since, until)
    shown = [unit for unit in (*known, *sorted(set(counted) - set(known))) if reach is None or unit in reach]
    totals = {measure: total((counted.get(unit, {}).get(measure) for unit in shown), measure) for measure in OUTLOOK}
    return Standing(since, until, {unit: counted.get(unit, {}) for unit in shown}, totals, dict(fold.positions))


def period(today: date, since: date | None, on: date | None) -> tuple[date, date]:
    """From when to when: by default the year of the day, up to the day; raises `Invalid`."""
    until = on or today
    start = since or date(until.year, 1, 1)
    if until > today:
        raise Invalid("future-date", "只能查看到今天为止的情况。", fields=[{"field": "on", "sentence": "不得晚于今天"}])
    if start > until:
        raise Invalid("bad-period", "起始日期不能晚于截止日期。", fields=[{"field": "since", "sentence": "请核对"}])
    return start, until


def read(running: Running, agency: str, until: date) -> Fold:
    """The matters of an agency as of a day. Blocks: call it in a thread."""
    with running.log.datastore.get_connection() as connection:
        return folded(connection, agency, until)


def told(matter: Matter, kept: Kept) -> dict[str, Any]:
    """A case as JSON."""
    return {
        "case": str(matter.case), "unit": matter.unit, "measure": matter.measure, "title": matter.title, "due": matter.due,
        "done": matter.done, "kept": kept, "kept_title": KEPT[kept], "reasoned": matter.reasoned, "minutes": matter.minutes,
        "position": matter.position,
    }  # fmt: skip


def check(kind: str | None) -> None:
    """That it is a measure; raises `Invalid`."""
    if kind is not None and kind not in MEASURES:
        raise Invalid("no-such-measure", f"没有“{kind}”这项指标。", fields=[{"field": "kind", "sentence": "请核对"}])


def units_of(running: Running, agency: AgencyFacts) -> list[str]:
    """The codes of the agency's open units."""
    directory: Any = running.doorkeeper
    return [one.code for one in directory.units(agency.code)]


def api(running: Running) -> APIRouter:
    """`GET /standing?on=&since=&unit=&kind=`: the figures; with a kind, the cases behind them."""
    made = APIRouter()

    async def asked(
        request: Request, on: date | None = None, since: date | None = None, unit: str | None = None, kind: str | None = None
    ) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        reach = running.doorkeeper.reach(who, READ, agency)
        check(kind)
        start, until = period(running.doorkeeper.today(agency), since, on)
        fold = await asyncio.to_thread(read, running, agency.code, until)
        found = standing(fold, start, until, units_of(running, agency), reach)
        content = {
            "agency": agency.code, "since": start, "on": until, "measures": {key: MEASURES[key] for key in OUTLOOK},
            "units": found.units, "totals": found.totals, "positions": found.positions,
        }  # fmt: skip
        if kind is not None:
            seen = [one for one in cases(fold, kind, unit, start, until) if reach is None or one[0].unit in reach]
            content["cases"] = [told(*one) for one in seen[:MOST]]
            content["more"] = len(seen) > MOST
        return answer(content)

    made.add_api_route("/standing", asked, methods=["GET"], summary="科室履职情况", response_model=None, responses=PROBLEMS)
    return made


def router(running: Running) -> APIRouter:
    """The page `/audit/standing`."""
    made = APIRouter(prefix="/audit")

    async def shown(
        request: Request, on: str = "", since: str = "", unit: str = "", kind: str = Query(default="", max_length=40)
    ) -> Response:
        who = official(running, request)
        agency = running.doorkeeper.agency(who.agency)
        reach = running.doorkeeper.reach(who, READ, agency)
        check(kind or None)
        start, until = period(running.doorkeeper.today(agency), day(since, "since"), day(on, "on"))
        fold = await asyncio.to_thread(read, running, agency.code, until)
        found = standing(fold, start, until, units_of(running, agency), reach)
        seen = [one for one in cases(fold, kind, unit or None, start, until) if reach is None or one[0].unit in reach] if kind else []
        return page(
            running,
            request,
            "audit/templates/standing.html",
            standing=found,
            measures={key: MEASURES[key] for key in OUTLOOK},
            duties=DUTIES,
            counted=COUNTED,
            kept=KEPT,
            kind=kind,
            unit=unit,
            cases=seen[:MOST],
            more=len(seen) > MOST,
        )

    made.add_api_route("/standing", shown, methods=["GET"], response_model=None)
    return made


def day(text: str, field: str) -> date | None:
    """A day that was typed; raises `Invalid`."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("bad-date", "日期应写作 2025-09-22。", fields=[{"field": field, "sentence": "应为日期"}]) from None
