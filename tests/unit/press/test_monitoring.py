"""Watching (YQ-03.1a): what is watched, by whom, when; what was patrolled; and what is without cover."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from services.press.monitoring_rota.commands import AddSource, DropSource, LogPatrol, PlanShift, SetRota, WithdrawShift
from services.press.monitoring_rota.coverage import Hours, coverage
from services.press.monitoring_rota.events import PatrolLogged, RotaSet, ShiftPlanned, ShiftWithdrawn, Source
from services.press.monitoring_rota.state import MonitoringRota, PatrolLog, monitoring_rota, patrol_log, patrol_log_id, rota_id
from shared.law.rulebook import rulebook
from tests.specification import AGENCY, DAY, Specification, given, person, play

OFFICE = person("office", "general_office")
MONITOR = person("monitor", "opinion_monitor")
NIGHT = person("night", "opinion_monitor")
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
BBS = {"code": "bbs", "kind": "bbs", "source_name": "市民论坛"}
WEIBO = {"code": "weibo", "kind": "weibo", "source_name": "微博"}
MIDNIGHT = datetime(2025, 9, 21, 16, tzinfo=UTC)
"""The beginning of the tests' day in Guyuan; commands are given at ten of it."""


def setting(*sources: dict[str, str], every: str = "4") -> SetRota:
    return SetRota.model_validate({"month": "2025-09-22", "sources": sources or (BBS, WEIBO), "every_hours": every})


def shift(by: Any = MONITOR, **more: Any) -> PlanShift:
    facts = {"monitor": by.person, "first": "2025-09-01", "last": "2025-09-30", "begins": 8, "ends": 20}
    return PlanShift.model_validate({**facts, **more})


def rota(book: str = "decree-711") -> Specification:
    """A month whose sources are known."""
    case = given(monitoring_rota, id=rota_id(AGENCY.code, DAY)).under(book)
    return case.when(setting(), by=OFFICE).records(RotaSet).later()


def patrol(begins: int, minutes: int = 30, source: str = "bbs", **more: Any) -> LogPatrol:
    """A patrol that begins at this hour."""
    begun = MIDNIGHT + timedelta(hours=begins)
    facts = {"watched_source": source, "begun": begun, "ended": begun + timedelta(minutes=minutes), "found": 1}
    return LogPatrol.model_validate({**facts, **more})


def patrols(book: str = "decree-711") -> Specification:
    """A day of the month, without a patrol yet."""
    return given(patrol_log, id=patrol_log_id(AGENCY.code, DAY)).under(book).beside(cast("MonitoringRota", rota(book).state))


@pytest.mark.rule("YQ-03.1a")
@BOOKS
def test_a_month_has_its_sources_and_shifts(book: str) -> None:
    case = rota(book)
    planned = case.when(shift(), by=OFFICE).then(
        ShiftPlanned(
            number=1,
            monitor=MONITOR.person,
            sources=("bbs", "weibo"),
            first=date(2025, 9, 1),
            last=date(2025, 9, 30),
            begins=8,
            ends=20,
        )
    )
    case.when(shift(begins=20, ends=8), by=OFFICE).refused("bad-hours")
    case.when(shift(last="2025-10-01"), by=OFFICE).refused("not-this-month")
    case.when(shift(first="2025-09-30", last="2025-09-01"), by=OFFICE).refused("not-this-month")
    case.when(shift(watched=("video",)), by=OFFICE).refused("no-such-source")
    after = planned.later()
    after.when(setting(WEIBO), by=OFFICE).refused("source-in-use")
    after.when(setting(BBS, BBS), by=OFFICE).refused("source-twice")
    after.when(WithdrawShift(number=2, reason="没有此班"), by=OFFICE).refused("no-such-shift")
    gone = after.when(WithdrawShift(number=1, reason="调班"), by=OFFICE).then(ShiftWithdrawn(number=1, reason="调班")).later()
    gone.when(setting(WEIBO), by=OFFICE).records(RotaSet)
    assert gone.when(shift(), by=OFFICE).records(ShiftPlanned).events[0].number == 2  # type: ignore[attr-defined]


@pytest.mark.rule("YQ-03.1a")
@BOOKS
def test_sources_come_and_go_and_the_next_month_goes_on_with_them(book: str) -> None:
    case = rota(book)
    more = AddSource(code="hotline", kind="hotline", source_name="12345 热线")
    added = case.when(more, by=OFFICE).records(RotaSet).later()
    assert [one.code for one in cast("MonitoringRota", added.state).sources] == ["bbs", "weibo", "hotline"]
    added.when(more, by=OFFICE).refused("source-twice")
    added.when(DropSource(code="video"), by=OFFICE).refused("no-such-source")
    one = added.when(DropSource(code="hotline"), by=OFFICE).later().when(DropSource(code="weibo"), by=OFFICE).later()
    one.when(DropSource(code="bbs"), by=OFFICE).refused("last-source")
    october = SetRota.model_validate({"month": "2025-10-08", "every_hours": "2"})
    later = given(monitoring_rota, id=rota_id(AGENCY.code, date(2025, 10, 1))).under(book)
    later.when(october, by=OFFICE).refused("no-sources")
    carried = later.beside(cast("MonitoringRota", added.state)).when(october, by=OFFICE).records(RotaSet)
    assert carried.events[0].month == date(2025, 10, 1)  # type: ignore[attr-defined]
    assert len(carried.events[0].sources) == 3  # type: ignore[attr-defined]


@pytest.mark.rule("YQ-03.1a", "XW-08.2")
@BOOKS
def test_a_patrol_is_logged_by_who_made_it(book: str) -> None:
    case = patrols(book)
    made = case.when(patrol(8), by=MONITOR).then(
        PatrolLogged(
            source="bbs",
            begun=MIDNIGHT + timedelta(hours=8),
            ended=MIDNIGHT + timedelta(hours=8, minutes=30),
            by=MONITOR.person,
            found=1,
        )
    )
    case.when(patrol(8, source="video"), by=MONITOR).refused("no-such-source")
    case.when(patrol(10), by=MONITOR).refused("bad-moment")
    case.when(patrol(8, minutes=0), by=MONITOR).refused("bad-moment")
    case.when(patrol(-1, minutes=120), by=MONITOR).refused("two-days")
    case.when(patrol(-1, minutes=60), by=MONITOR).records(PatrolLogged)
    made.later().when(patrol(8, minutes=10), by=MONITOR).refused("patrol-twice")
    made.later().when(patrol(8, minutes=10), by=NIGHT).records(PatrolLogged)
    given(patrol_log, id=patrol_log_id(AGENCY.code, DAY)).when(patrol(8), by=MONITOR).refused("no-rota")


@pytest.mark.rule("YQ-03.1a")
def test_dedicated_monitors_alone_patrol() -> None:
    for book in ("decree-711", "bureau-2019"):
        assert set(rulebook(book).grantees("press.patrol").roles) == {"opinion_monitor"}


@pytest.mark.rule("YQ-03.1a")
@BOOKS
def test_a_source_or_an_hour_without_cover_is_shown(book: str) -> None:
    planned = rota(book).when(shift(), by=OFFICE).later().when(shift(NIGHT, begins=20, ends=24, watched=("bbs",)), by=OFFICE).later()
    month = cast("MonitoringRota", planned.state)
    day = patrols(book).when(patrol(0), by=NIGHT).later().when(patrol(9, source="weibo", found=3), by=MONITOR).later()
    log = cast("PatrolLog", day.state)
    seen = coverage(month, log.patrols, DAY, MIDNIGHT + timedelta(hours=13))
    bbs, weibo = seen.sources
    assert seen.unwatched == (Hours(0, 8),)
    assert (bbs.unplanned, weibo.unplanned) == ((Hours(0, 8),), (Hours(0, 8), Hours(20, 24)))
    assert (bbs.unpatrolled, weibo.unpatrolled) == ((Hours(4, 12),), (Hours(0, 8),))
    assert (weibo.patrols, weibo.found, seen.complete) == (1, 3, False)
    other = coverage(month, (), date(2025, 9, 23), MIDNIGHT + timedelta(hours=13))
    assert [one.unpatrolled for one in other.sources] == [(), ()], "a day to come has no patrols yet, and its plan is known"


@pytest.mark.rule("YQ-03.1a")
def test_around_the_clock_there_is_no_gap() -> None:
    planned = rota().when(shift(begins=0, ends=24), by=OFFICE).later()
    every = tuple(
        PatrolLogged(source, MIDNIGHT + timedelta(hours=hour), MIDNIGHT + timedelta(hours=hour + 1), MONITOR.person, 0)
        for source in ("bbs", "weibo")
        for hour in range(0, 24, 4)
    )
    assert coverage(cast("MonitoringRota", planned.state), every, DAY, MIDNIGHT + timedelta(days=2)).complete
    unset = coverage(MonitoringRota(id=UUID(int=1)), (), DAY, MIDNIGHT)
    assert (unset.rota, unset.complete, unset.unwatched) == (False, False, (Hours(0, 24),))


def test_no_month_and_no_day_grows_beyond_what_an_aggregate_may_hold() -> None:
    """The most patrols of a day that are taken are fewer than a thousand events; a year of days is many aggregates."""
    source = Source("bbs", "bbs", "市民论坛")
    shifts = [
        ShiftPlanned(number, MONITOR.person, ("bbs",), date(2025, 9, 1), date(2025, 9, 1), 0, 1) for number in range(1, 900)
    ]  # fmt: skip
    full = play(
        monitoring_rota, monitoring_rota.initial(rota_id(AGENCY.code, DAY)), [RotaSet(date(2025, 9, 1), (source,), 4), *shifts], DAY
    )
    Specification(monitoring_rota, full).when(shift(watched=("bbs",)), by=OFFICE).refused("rota-full")
    Specification(monitoring_rota, full).when(setting(BBS), by=OFFICE).refused("rota-full")
    begun = [MIDNIGHT + timedelta(seconds=number) for number in range(900)]
    events = [PatrolLogged("bbs", one, one + timedelta(seconds=1), MONITOR.person, 0) for one in begun]
    log = play(patrol_log, patrol_log.initial(patrol_log_id(AGENCY.code, DAY)), events, DAY)
    Specification(patrol_log, log).beside(cast("MonitoringRota", rota().state)).when(patrol(8), by=MONITOR).refused("log-full")
