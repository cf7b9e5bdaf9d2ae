"""Working days of the mainland's calendar, with the weekend days that become working days (调休).

A year that the State Council's office has announced is a file in `calendars/`, written like the notice: festival by
festival, the days off and the weekend days worked. A year that is not announced yet has its statutory holidays only
(library `holidays`), without swapped days, and is *provisional* (暂定). An agency may know an announced year before a
release has it: `with_years`.
"""

import hashlib
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FIRST_YEAR, LAST_YEAR = 1950, 2100
"""The years for which the statutory holidays of the lunar calendar are known."""

_FILES = Path(__file__).parent / "calendars" / "cn"
_DAY = timedelta(days=1)
_SATURDAY = 5
_MOST_WORKING_DAYS_OF_A_YEAR = 262


class DayKind(StrEnum):
    """What the calendar says of a day. `WORKING` and `SWAPPED` are worked, `WEEKEND` and `HOLIDAY` are not."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SWAPPED = "swapped"


class OutOfCalendar(ValueError):
    """A day outside of the years 1950 to 2100, for which no calendar can be made."""

    def __init__(self) -> None:
        super().__init__(f"日期超出日历范围，应在{FIRST_YEAR}年至{LAST_YEAR}年之间。")


class ClockStopped(ValueError):
    """The clock stands still: it is suspended, or others are being consulted, and nothing tells yet until when."""

    def __init__(self) -> None:
        super().__init__("期限正在中止，恢复计算之前没有届满日期。")


class Span(msgspec.Struct, frozen=True):
    """Days that a clock does not count: from `start` on, until `end`, the day from which it counts again.

    An `end` of None: it still stands. Suspended on Monday and resumed on Wednesday, Monday and Tuesday are not counted.
    `why` is `suspended` or `consulting`.
    """

    start: date
    end: date | None
    why: str = "suspended"


class AnnouncedYear(msgspec.Struct, frozen=True):
    """A year as its notice announces it: the days off and the weekend days worked, and the notice itself as `source`.

    A notice may also speak of the last December before its year. `names` holds the festival of each day off, in the
    same order.
    """

    year: int
    holidays: tuple[date, ...]
    working_weekends: tuple[date, ...]
    source: str
    names: tuple[str, ...] = ()

    def faults(self) -> tuple[str, ...]:
        """What is wrong with this announcement, one Chinese sentence each; empty if it can be used."""
        days = (*self.holidays, *self.working_weekends)
        always_off = [date(self.year, month, day) for month, day in ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))]
        found = {
            "请写明放假安排通知的名称和文号。": not self.source.strip(),
            "同一天不得重复列出，也不得既放假又上班。": len(set(days)) != len(days),
            "只能列出本年度和上年12月的日期。": any(day.year != self.year and (day.year, day.month) != (self.year - 1, 12) for day in days),
            "调休上班的日期应当是星期六或者星期日。": any(day.weekday() < _SATURDAY for day in self.working_weekends),
            "元旦、劳动节和国庆节的法定假日没有全部列入放假日期。": not set(always_off) <= set(self.holidays),
            "节日名称应当与放假日期一一对应。": bool(self.names) and len(self.names) != len(self.holidays),
        }
        return tuple(sentence for sentence, wrong in found.items() if wrong)


class _Window:
    """A run of whole years, counted once: so that any number of working days is added in the time of two look-ups."""

    __slots__ = ("base", "days", "first", "last", "rank")

    def __init__(self, calendar: "WorkingCalendar", first: int, last: int) -> None:
        self.first, self.last = first, last
        self.base = date(first, 1, 1).toordinal()
        self.days = array("i")
        """Ordinals of the working days."""
        self.rank = array("i")
        """For each day from `base`: how many working days there are up to it, itself included."""
        for ordinal in range(self.base, date(last, 12, 31).toordinal() + 1):
            if calendar.is_working(date.fromordinal(ordinal)):
                self.days.append(ordinal)
            self.rank.append(len(self.days))

    def rank_of(self, day: date) -> int:
        """How many working days of this window there are up to `day`, itself included."""
        return self.rank[day.toordinal() - self.base]


class WorkingCalendar:
    """Which days are worked.

    Immutable; `version` names its content, so that a stored deadline tells by which calendar it was set.
    """

    def __init__(self, years: Iterable[AnnouncedYear]) -> None:
        self._years: Mapping[int, AnnouncedYear] = {year.year: year for year in sorted(years, key=lambda year: year.year)}
        self._off: dict[date, str] = {}
        self._worked: set[date] = set()
        for year in self._years.values():
            if faults := year.faults():
                raise ValueError(f"{year.year}年放假安排有误：{''.join(faults)}")
            names = year.names or ("节假日",) * len(year.holidays)
            self._off.update(zip(year.holidays, names, strict=True))
            self._worked.update(year.working_weekends)
        self._statutory: dict[int, dict[date, str]] = {}
        self.version = self._version()
        first, last = (min(self._years), max(self._years)) if self._years else (2019, 2020)
        self._window = _Window(self, first, last)

    def _version(self) -> str:
        content = [(year.year, sorted(year.holidays), sorted(year.working_weekends)) for year in self._years.values()]
        digest = hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:12]
        return f"cn-{min(self._years, default=0)}-{max(self._years, default=0)}-{digest}"

    @property
    def years(self) -> tuple[AnnouncedYear, ...]:
        """The announced years, in order."""
        return tuple(self._years.values())

    def announced(self, year: int) -> AnnouncedYear | None:
        """The announcement of this year, or None while it is provisional."""
        return self._years.get(year)

    def with_years(self, *years: AnnouncedYear) -> "WorkingCalendar":
        """The same calendar with further announced years; a year that it already has is replaced.

        `ValueError` if one has faults.
        """
        return WorkingCalendar({**self._years, **{year.year: year for year in years}}.values())

    def is_provisional(self, day: date) -> bool:
        """Whether the year of this day is not announced, so that a notice may still change it."""
        return day.year not in self._years

    def holiday_name(self, day: date) -> str | None:
        """The festival because of which this day is off, or None."""
        if day in self._off:
            return self._off[day]
        return self._statutory_holidays(day.year).get(day) if self.is_provisional(day) else None

    def kind(self, day: date) -> DayKind:
        """What the calendar says of this day."""
        if self.holiday_name(day) is not None:
            return DayKind.HOLIDAY
        if day.weekday() < _SATURDAY:
            return DayKind.WORKING
        return DayKind.SWAPPED if day in self._worked else DayKind.WEEKEND

    def is_working(self, day: date) -> bool:
        """Whether this day is a working day."""
        return self.kind(day) in (DayKind.WORKING, DayKind.SWAPPED)

    def add_working_days(self, start: date, n: int, *, not_counted: Sequence[Span] = ()) -> date:
        """The n-th working day after `start`, leaving out the days not counted.

        The day after `start` is the first that can count. `n` ≥ 0; 0 gives `start`. Raises `ClockStopped` where a span
        without an end is reached.
        """
        return _leaving_out(start, n, not_counted, self._nth_after, self.working_days_between)

    def add_calendar_days(self, start: date, n: int, *, not_counted: Sequence[Span] = ()) -> date:
        """The n-th day after `start`, leaving out the days not counted.

        Where that is no working day, the next one (民法典 第二百零三条).
        """
        due = _leaving_out(start, n, not_counted, _nth_day_after, _days_between)
        return due if n == 0 else self.next_working_day(due)

    def subtract_working_days(self, day: date, n: int) -> date:
        """Counting back n working days from a working day.

        From a deadline, that is the last working day on or before the start of its clock.
        """
        window = self._covering(day.year, day.year)
        while (missing := n + 1 - window.rank_of(day)) > 0:
            window = self._covering(window.first - _years_at_least(missing), window.last)
        return date.fromordinal(window.days[window.rank_of(day) - n - 1])

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days come after `start`, up to and including `end`; negative if `end` is before `start`."""
        window = self._covering(min(start.year, end.year), max(start.year, end.year))
        return window.rank_of(end) - window.rank_of(start)

    def next_working_day(self, day: date) -> date:
        """This day if it is worked, else the next that is."""
        return day if self.is_working(day) else self._nth_after(day, 1)

    def _nth_after(self, start: date, n: int) -> date:
        window = self._covering(start.year, start.year)
        while (missing := window.rank_of(start) + n - len(window.days)) > 0:
            window = self._covering(window.first, window.last + _years_at_least(missing))
        return date.fromordinal(window.days[window.rank_of(start) + n - 1])

    def _covering(self, first: int, last: int) -> _Window:
        """The window that holds these years.

        It only grows, and what it says of a day never changes, so sharing it is safe.
        """
        window = self._window
        if first < window.first or last > window.last:
            if first < FIRST_YEAR or last > LAST_YEAR:
                raise OutOfCalendar
            window = self._window = _Window(self, min(first, window.first), max(last, window.last))
        return window

    def _statutory_holidays(self, year: int) -> dict[date, str]:
        if year not in self._statutory:
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise OutOfCalendar
            # Imported here: it takes longer than loading all announced years, and those hold most days asked for.
            from holidays import country_holidays

            self._statutory[year] = {
                day: name for day, name in country_holidays("CN", years=year, language="zh_CN").items() if day.year == year
            }
        return self._statutory[year]


def _years_at_least(working_days: int) -> int:
    """The fewest years in which so many working days can lie."""
    return (working_days - 1) // _MOST_WORKING_DAYS_OF_A_YEAR + 1


def _nth_day_after(start: date, n: int) -> date:
    return start + timedelta(days=n)


def _days_between(start: date, end: date) -> int:
    return (end - start).days


def _leaving_out(
    start: date,
    n: int,
    spans: Sequence[Span],
    nth_after: Callable[[date, int], date],
    between: Callable[[date, date], int],
) -> date:
    """The n-th day after `start` by `nth_after`, moved on by the days (by `between`) of each span that comes before."""
    if n < 0:
        raise ValueError("天数不得为负数。")
    if n == 0:
        return start
    due = nth_after(start, n)
    skipped = 0
    for first, end in _merged(spans) if spans else ():
        first = max(first, start + _DAY)
        if first > due:
            break
        if end is None:
            raise ClockStopped
        skipped += max(0, between(first - _DAY, end - _DAY))
        due = nth_after(start, n + skipped)
    return due


def _merged(spans: Sequence[Span]) -> list[tuple[date, date | None]]:
    """The same days as disjoint spans, in order."""
    merged: list[tuple[date, date | None]] = []
    for span in sorted(spans, key=lambda span: span.start):
        last = merged[-1][1] if merged else date.min
        if last is None:
            break
        if merged and span.start <= last:
            merged[-1] = (
                merged[-1][0],
                None if span.end is None else max(last, span.end),
            )
        else:
            merged.append((span.start, span.end))
    return merged


class _Festival(msgspec.Struct, frozen=True):
    name: str
    off: tuple[date, ...]
    working: tuple[date, ...] = ()


class _YearFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    year: int
    status: Literal["announced"]
    source: str
    festivals: tuple[_Festival, ...]


def read_year(text: bytes) -> AnnouncedYear:
    """An announced year from the JSON of a calendar file; raises `msgspec.ValidationError` if it is none."""
    file = msgspec.json.decode(text, type=_YearFile)
    days = sorted((day, festival.name) for festival in file.festivals for day in festival.off)
    return AnnouncedYear(
        year=file.year,
        holidays=tuple(day for day, _ in days),
        working_weekends=tuple(sorted(day for festival in file.festivals for day in festival.working)),
        source=file.source,
        names=tuple(name for _, name in days),
    )


@cache
def national_calendar() -> WorkingCalendar:
    """The calendar of the announced years that this release has."""
    return WorkingCalendar(read_year(path.read_bytes()) for path in sorted(_FILES.glob("*.json")))
