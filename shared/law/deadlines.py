"""Deadlines: pure functions of the facts, the rulebook and the calendar, and their explanation day by day.

A deadline is a civil date in Asia/Shanghai and ends with its day. It is set once, stored in an event with its rulebook
and the version of its calendar, and never asked for again by replay; `changes.py` tells which ones an announced
calendar moves.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from shared.law.calendar import ClockStopped, DayKind, Span, WorkingCalendar
from shared.law.rulebook import Limit, Rulebook, Unit

__all__ = [
    "ClockStopped",
    "DayExplained",
    "Deadline",
    "Facts",
    "Span",
    "deadline",
    "due_at",
    "explain",
]

_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
_STANDS = {"suspended": "期限中止", "consulting": "征求意见期间"}


class Facts(msgspec.Struct, frozen=True):
    """What a deadline follows from: the day its clock starts (the receipt), which limit, what happened to it since.

    `limit` names a limit of the rulebook; `days` puts another number in its place (an agency's stricter internal
    target, a period that was granted), in the same unit. `extension_days` is what was approved. Spans tell the days
    that are not counted.
    """

    start: date
    limit: str = "reply"
    days: int | None = None
    extension_days: int = 0
    not_counted: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.start, datetime):
            raise TypeError("a clock starts on a civil date, not at an instant")


class Deadline(msgspec.Struct, frozen=True):
    """A due date with what it rests on.

    `days`: the days counted, an extension included. `provisional` (暂定): a notice may still move it.
    """

    due: date
    calendar: str
    rulebook: str
    article: str
    provisional: bool
    days: int


class DayExplained(msgspec.Struct, frozen=True):
    """One day of a clock.

    `kind`: start, counted, weekend, holiday, swapped (a weekend day worked: it counts), suspended, consulting, or
    rolled (a limit of calendar days whose last day is not worked moves on to the next that is).

    `count` is the number of days counted so far, this day included.
    """

    day: date
    kind: str
    count: int
    sentence: str
    provisional: bool = False


def deadline(facts: Facts, rulebook: Rulebook, calendar: WorkingCalendar) -> Deadline:
    """The due date of these facts.

    Raises `ClockStopped` while a span has no end, `ValueError` if the limit counts hours (see `due_at`).
    """
    limit = rulebook.limit(facts.limit)
    days = _days(facts, limit)
    add = calendar.add_working_days if limit.unit is Unit.WORKING else calendar.add_calendar_days
    due = add(_day_zero(facts, rulebook), days, not_counted=facts.not_counted)
    return Deadline(
        due=due,
        calendar=calendar.version,
        rulebook=rulebook.id,
        article=limit.article,
        provisional=_provisional(facts.start, due, calendar),
        days=days,
    )


def due_at(start: datetime, limit: Limit) -> datetime:
    """The instant at which a limit of hours ends (public opinion).

    `start` is aware; `ValueError` if the limit counts days.
    """
    if limit.unit is not Unit.HOURS:
        raise ValueError("该期限按日计算，不按小时计算。")
    return start + timedelta(hours=limit.days)


def explain(
    facts: Facts,
    rulebook: Rulebook,
    calendar: WorkingCalendar,
    *,
    until: date | None = None,
) -> list[DayExplained]:
    """Every day of the clock from its start to the due date: what `deadline` says, so that it can be checked by hand.

    While the clock stands still there is no due date: the days are told up to `until` (today), or up to the day on
    which it stopped.
    """
    limit = rulebook.limit(facts.limit)
    days = _days(facts, limit)
    day = _day_zero(facts, rulebook)
    told = [_start(day, calendar)] if day == facts.start else []
    count = 0
    while count < days or (days and limit.unit is Unit.CALENDAR and not calendar.is_working(day)):
        day += _DAY
        worked = calendar.is_working(day)
        span = _span_of(day, facts.not_counted) if count < days else None
        if span is not None and (worked or limit.unit is Unit.CALENDAR):
            told.append(_not_counted(day, span, count, calendar))
            if span.end is None and day >= (until or day):
                return told
            continue
        counted = count < days and (worked or limit.unit is Unit.CALENDAR)
        count += counted
        told.append(_told(day, counted, count, limit.unit, calendar))
    if days:
        told[-1] = msgspec.structs.replace(told[-1], sentence=f"{told[-1].sentence.rstrip('。')}，期限届满。")
    return told


def _days(facts: Facts, limit: Limit) -> int:
    if limit.unit is Unit.HOURS:
        raise ValueError("该期限按小时计算，不按日计算。")
    return (limit.days if facts.days is None else facts.days) + facts.extension_days


def _day_zero(facts: Facts, rulebook: Rulebook) -> date:
    """The day after which the first day can count."""
    return facts.start if rulebook.day_one_after_receipt else facts.start - _DAY


def _provisional(start: date, due: date, calendar: WorkingCalendar) -> bool:
    return any(calendar.announced(year) is None for year in range(start.year, due.year + 1))


def _span_of(day: date, spans: Sequence[Span]) -> Span | None:
    return next(
        (span for span in spans if span.start <= day and (span.end is None or day < span.end)),
        None,
    )


def _named(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def _start(day: date, calendar: WorkingCalendar) -> DayExplained:
    return DayExplained(
        day,
        "start",
        0,
        f"{_named(day)}：起算日，次日为第1日。",
        calendar.is_provisional(day),
    )


def _not_counted(day: date, span: Span, count: int, calendar: WorkingCalendar) -> DayExplained:
    sentence = f"{_named(day)}：{_STANDS.get(span.why, '期限停止计算')}，不计入期限。"
    return DayExplained(day, span.why, count, sentence, calendar.is_provisional(day))


def _told(day: date, counted: bool, count: int, unit: Unit, calendar: WorkingCalendar) -> DayExplained:
    kind = calendar.kind(day)
    provisional = calendar.is_provisional(day)
    off = {
        DayKind.WEEKEND: "周末",
        DayKind.HOLIDAY: f"{calendar.holiday_name(day)}放假",
    }.get(kind)
    if unit is Unit.CALENDAR:
        why = f"第{count}日" if counted else f"{off}，末日顺延" if off else "顺延至下一个工作日"
        kind_told = "counted" if counted else "rolled"
    else:
        number = f"第{count}个工作日"
        why = {DayKind.WORKING: number, DayKind.SWAPPED: f"调休上班，{number}"}.get(kind, f"{off}，不计入期限")
        kind_told = "counted" if kind is DayKind.WORKING else str(kind)
    tail = "（暂定，本年度放假安排尚未公布）" if provisional else ""
    return DayExplained(day, kind_told, count, f"{_named(day)}：{why}{tail}。", provisional)
