"""Figures of public opinion, counted from press's own views: a day for its log, a period for its bulletin, and what was reported late or left out."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from services.press.daily_log.commands import CountedDay
from services.press.monitoring_rota.coverage import Coverage, coverage
from services.press.monitoring_rota.state import MonitoringRota, PatrolLog, monitoring_rota, patrol_log, patrol_log_id, rota_id
from services.press.opinion_report.commands import CountedUnit
from shared.kernel.clocks import instant
from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running

DAY = """SELECT count(*) FILTER (WHERE detected_on = %(day)s) AS detected,
    count(*) FILTER (WHERE detected_on = %(day)s AND level = 'major') AS major,
    count(*) FILTER (WHERE detected_on = %(day)s AND level = 'sensitive') AS sensitive,
    count(*) FILTER (WHERE answered_on = %(day)s) AS answered, count(*) FILTER (WHERE reported_on = %(day)s) AS reported,
    count(*) FILTER (WHERE closed_on = %(day)s) AS closed,
    count(*) FILTER (WHERE detected_on <= %(day)s AND (closed_on IS NULL OR closed_on > %(day)s)) AS open,
    count(*) FILTER (WHERE closed_on IS NULL AND answered_on IS NULL AND respond AND until < %(now)s) AS overdue
    FROM views.handlings WHERE agency = %(agency)s"""

ASKED = "SELECT count(*) AS inquiries FROM views.inquiries WHERE agency = %s AND received_on = %s"

PERIOD = "SELECT * FROM views.handlings WHERE agency = %s AND detected_on BETWEEN %s AND %s"

LATE = """SELECT * FROM views.handlings WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    AND (report_minutes > %(report)s * 60
      OR (report_minutes IS NULL AND level IN ('major', 'sensitive') AND detected_at + make_interval(hours => %(report)s) < %(now)s)
      OR published_at + make_interval(hours => %(detect)s) < detected_at)
    ORDER BY detected_at DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

Row = Mapping[str, Any]


async def covered(running: Running, agency: AgencyFacts, day: date) -> tuple[Coverage, PatrolLog]:
    """The gaps of a day, and its patrols."""
    rota, _ = await asyncio.to_thread(running.load, monitoring_rota, rota_id(agency.code, day))
    log, _ = await asyncio.to_thread(running.load, patrol_log, patrol_log_id(agency.code, day))
    assert isinstance(rota, MonitoringRota)
    assert isinstance(log, PatrolLog)
    return coverage(rota, log.patrols, day, instant()), log


async def count_day(running: Running, agency: AgencyFacts, day: date) -> CountedDay:
    """The figures of a day as they stand now."""
    position = await running.views.read_position()
    wanted = {"agency": agency.code, "day": day, "now": instant()}
    (counted,) = await running.query(DAY, wanted, agency=agency.code)
    (asked,) = await running.query(ASKED, (agency.code, day), agency=agency.code)
    seen, log = await covered(running, agency, day)
    return CountedDay(
        position=position,
        patrols=len(log.patrols),
        found=sum(one.found for one in log.patrols),
        uncovered=sum(bool(one.unplanned or one.unpatrolled) for one in seen.sources),
        **counted,
        **asked,
    )


async def count_period(running: Running, agency: AgencyFacts, first: date, last: date) -> tuple[int, tuple[CountedUnit, ...]]:
    """The position up to which was counted, and the figures of each unit."""
    position = await running.views.read_position()
    rows = await running.query(PERIOD, (agency.code, first, last), agency=agency.code)
    return position, by_unit(rows, instant(), *limits(running, agency))


async def late_reports(running: Running, agency: AgencyFacts, units: frozenset[str] | None, number: int, size: int) -> list[dict[str, Any]]:
    """What was reported or detected late, or not reported, the newest first; each with what is the matter (YQ-03.1c)."""
    report, detect = limits(running, agency)
    now = instant()
    wanted = {
        "agency": agency.code, "reach": None if units is None else sorted(units), "report": report, "detect": detect, "now": now,
        "limit": size, "offset": (number - 1) * size,
    }  # fmt: skip
    rows = await running.query(LATE, wanted, agency=agency.code)
    return [{**row, "faults": faults(row, now, report, detect)} for row in rows]


def limits(running: Running, agency: AgencyFacts) -> tuple[int, int]:
    """Hours from detection to the report up, and from publication to detection."""
    book = running.doorkeeper.laws(agency).rulebook
    return book.limit("opinion_report_up").days, book.limit("opinion_detection").days


def faults(row: Row, now: datetime, report: int, detect: int) -> list[str]:
    """What is the matter with the reporting of an item: `late_report`, `unreported`, `late_detection`."""
    found = []
    if row["report_minutes"] is not None and row["report_minutes"] > report * 60:
        found.append("late_report")
    if row["report_minutes"] is None and row["level"] in ("major", "sensitive") and row["detected_at"] + timedelta(hours=report) < now:
        found.append("unreported")
    if row["published_at"] is not None and row["published_at"] + timedelta(hours=detect) < row["detected_at"]:
        found.append("late_detection")
    return found


def outcome(row: Row, now: datetime) -> str:
    """How an item was answered: `on_time`, `late`, `missed`, `waiting` or `unneeded`."""
    if not row["respond"]:
        return "unneeded"
    if row["answered_on"] is not None:
        return "late" if row["late_minutes"] or row["misses"] else "on_time"
    return "missed" if row["misses"] or (row["until"] is not None and row["until"] < now) else "waiting"


def by_unit(rows: Iterable[Row], now: datetime, report: int, detect: int) -> tuple[CountedUnit, ...]:
    """The figures of each unit; items without a unit stand under ''."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["unit"], []).append(row)
    return tuple(_unit(unit, grouped[unit], now, report, detect) for unit in sorted(grouped))


def _unit(unit: str, rows: Sequence[Row], now: datetime, report: int, detect: int) -> CountedUnit:
    kinds = [outcome(row, now) for row in rows]
    counted = {kind: kinds.count(kind) for kind in ("on_time", "late", "missed", "waiting", "unneeded")}
    return CountedUnit(unit=unit, items=len(rows), omitted=sum(bool(faults(row, now, report, detect)) for row in rows), **counted)
