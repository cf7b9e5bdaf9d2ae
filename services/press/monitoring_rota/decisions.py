"""What may be decided about watching: sources are known, shifts lie in their month, patrols are of today or before and of a source of the rota."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from services.press.monitoring_rota import events as e
from services.press.monitoring_rota.state import MonitoringRota, PatrolLog, civil_of
from shared.kernel.clocks import LEGAL_ZONE
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event

Events = Sequence[Event]
ARTICLE = "国办发〔2016〕61号"

SOURCES = 100
"""The most sources of a month."""

MOST = 900
"""Events of one aggregate are fewer than a thousand: so many shifts a month and patrols a day are taken."""


def own(state: MonitoringRota | PatrolLog, given: Given) -> None:
    """A rota is its agency's alone."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")


def begin(state: MonitoringRota, before: MonitoringRota, month: date, sources: tuple[e.Source, ...], every_hours: int) -> Events:
    """With the sources that are named; with none, those that it has, or else those of the month before."""
    chosen = sources or state.sources or before.sources
    if not chosen:
        raise Invalid("no-sources", "上月没有可以沿用的监测范围，请填写来源。", fields=[{"field": "sources", "sentence": "至少一个"}])
    return set_rota(state, month, chosen, every_hours)


def set_rota(state: MonitoringRota, month: date, sources: tuple[e.Source, ...], every_hours: int) -> Events:
    """Each source once; what shifts still name stays."""
    codes = [one.code for one in sources]
    if len(set(codes)) != len(codes):
        raise Invalid("source-twice", "来源代码重复，请更正。", fields=[{"field": "sources", "sentence": "代码重复"}])
    named = {code for shift in state.shifts for code in shift.sources}
    if gone := sorted(named - set(codes)):
        raise Refused("source-in-use", f"来源 {'、'.join(gone)} 还有值班安排，请先撤销这些值班。")
    if state.version >= MOST:
        raise Refused("rota-full", "本月的安排已经太多，请从下月起调整。")
    return [e.RotaSet(month=month, sources=sources, every_hours=every_hours)]


def add(state: MonitoringRota, source: e.Source) -> Events:
    """One more source; a month watches a hundred at most."""
    assert state.month is not None
    if len(state.sources) >= SOURCES:
        raise Refused("too-many-sources", f"一个月最多监测 {SOURCES} 个来源，请合并。")
    return set_rota(state, state.month, (*state.sources, source), state.every_hours)


def drop(state: MonitoringRota, code: str) -> Events:
    """One less; one stays."""
    assert state.month is not None
    left = tuple(one for one in state.sources if one.code != code)
    if left == state.sources:
        raise Invalid("no-such-source", f"监测范围没有来源 {code}。", fields=[{"field": "code", "sentence": "请核对"}])
    if not left:
        raise Refused("last-source", "至少监测一个来源。")
    return set_rota(state, state.month, left, state.every_hours)


def plan(state: MonitoringRota, shift: e.ShiftPlanned) -> Events:
    """Of the month, on known sources."""
    assert state.month is not None
    if shift.begins >= shift.ends:
        raise Invalid("bad-hours", "结束时刻应当晚于开始时刻；跨零点的分两班安排。", fields=[{"field": "ends", "sentence": "请核对"}])
    if shift.first > shift.last or {shift.first.replace(day=1), shift.last.replace(day=1)} != {state.month}:
        raise Invalid("not-this-month", f"值班日期应在 {state.month:%Y年%m月} 之内。", fields=[{"field": "first", "sentence": "请核对"}])
    unknown = sorted(set(shift.sources) - {one.code for one in state.sources})
    if unknown:
        raise Invalid("no-such-source", f"监测范围没有来源 {'、'.join(unknown)}。", fields=[{"field": "watched", "sentence": "请核对"}])
    if state.version >= MOST:
        raise Refused("rota-full", "本月的安排已经太多，请合并值班。")
    return [shift]


def withdraw(state: MonitoringRota, number: int, reason: str) -> Events:
    """One that is planned."""
    if all(one.number != number for one in state.shifts):
        raise Refused("no-such-shift", "没有这个值班，请按页面上的序号填写。")
    return [e.ShiftWithdrawn(number=number, reason=reason)]


def patrol(state: PatrolLog, given: Given, rota: MonitoringRota, made: e.PatrolLogged) -> Events:
    """By who is signed in; over; within one day; of a source that is watched; no other patrol of the same person there and then."""
    if made.ended <= made.begun or made.ended > given.now:
        raise Invalid("bad-moment", "巡查的结束时间应当晚于开始时间，不晚于现在。", fields=[{"field": "ended", "sentence": "请核对"}])
    if (made.ended - timedelta(microseconds=1)).astimezone(LEGAL_ZONE).date() != civil_of(made):
        raise Invalid("two-days", "跨零点的巡查请分两次登记。", fields=[{"field": "ended", "sentence": "应在同一天"}])
    if not rota.exists:
        raise Refused("no-rota", "当月还没有确定监测范围，请先确定。", article=ARTICLE)
    if all(one.code != made.source for one in rota.sources):
        raise Invalid(
            "no-such-source", f"监测范围没有来源 {made.source}。", fields=[{"field": "watched_source", "sentence": "请从监测范围中选择"}]
        )
    if any(one.by == made.by and one.source == made.source and one.begun < made.ended and made.begun < one.ended for one in state.patrols):
        raise Refused("patrol-twice", "您在这段时间对该来源的巡查已经登记。")
    if state.version >= MOST:
        raise Refused("log-full", "当日的巡查记录已经太多，请合并登记。")
    return [made]


def day_of(moment: datetime) -> date:
    """The day of a moment in Asia/Shanghai."""
    return moment.astimezone(LEGAL_ZONE).date()
