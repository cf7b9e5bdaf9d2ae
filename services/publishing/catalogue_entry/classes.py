"""The classes, audiences, cadences and channels of the catalogue, as tables (DX-04, DX-05, DX-07, WZ-3)."""

from datetime import date, timedelta
from typing import NamedTuple

CLASSES: dict[str, tuple[str, str]] = {
    "decisions": ("DX-04.1", "重要事项与中心工作"),
    "ideology": ("DX-04.2", "思想建设"),
    "organisation": ("DX-04.3", "组织建设"),
    "conduct": ("DX-04.4", "作风建设"),
    "rules": ("DX-04.5", "制度建设"),
    "functions": ("WZ-3.1", "机构职能、办事程序和收费"),
    "policy": ("WZ-3.2", "政策执行和工程项目"),
    "finance": ("WZ-3.3", "财政预决算、资金和审计"),
}
"""Class of an entry: the rule that lists it, and its name. The last three are the classes of what goes online."""

AUDIENCES: dict[str, str] = {"external": "对外公开", "internal": "对内公开", "both": "对内对外公开"}

EXTERNAL: dict[str, str] = {
    "portal": "门户网站",
    "notice_board": "公开栏",
    "newspaper": "报刊",
    "radio": "广播电视",
    "official_account": "政务新媒体",
    "screen": "电子屏",
    "reception_day": "领导接待日",
    "telephone": "公开电话",
}
"""Channels to the public (DX-05a)."""

INTERNAL: dict[str, str] = {"staff_meeting": "职工会", "briefing": "通报会", "stage_meeting": "阶段会", "handbook": "便民手册"}
"""Channels within the body (DX-05b)."""

CHANNELS = {**EXTERNAL, **INTERNAL}

CADENCES: dict[str, int] = {"year": 12, "half_year": 6, "quarter": 3, "month": 1, "staged": 0, "at_once": 0}
"""Months of a period; 0 where no calendar makes it: a stage that ends, or the fact itself (DX-07, KH-02.3d)."""


class Span(NamedTuple):
    """A period of a cadence: its name, such as 2025-Q3, its last day."""

    name: str
    last: date


def channels_of(audience: str) -> frozenset[str]:
    """The channels that an audience may be told by."""
    return frozenset({"external": EXTERNAL, "internal": INTERNAL, "both": CHANNELS}[audience])


def period_of(cadence: str, day: date) -> Span:
    """The period of a cadence of months in which this day lies."""
    months = CADENCES[cadence]
    number = (day.month - 1) // months
    end = (number + 1) * months
    after = date(day.year + end // 12, end % 12 + 1, 1)
    name = {12: f"{day.year}", 6: f"{day.year}-H{number + 1}", 3: f"{day.year}-Q{number + 1}", 1: f"{day.year}-{day.month:02}"}[months]
    return Span(name, after - timedelta(days=1))


def span_named(cadence: str, name: str) -> Span | None:
    """The period of a cadence of months that is called this; None if none is."""
    if not CADENCES[cadence] or not name[:4].isdecimal() or not 2000 <= int(name[:4]) <= 2999:
        return None
    year = int(name[:4])
    every = (period_of(cadence, date(year, month, 1)) for month in range(1, 13))
    return next((span for span in every if span.name == name), None)


def periods_ended(cadence: str, since: date, until: date) -> list[Span]:
    """The periods that ended from `since` to the day before `until`, in order; none for a cadence that no calendar makes."""
    if not CADENCES[cadence]:
        return []
    ended = []
    span = period_of(cadence, since)
    while span.last < until:
        ended.append(span)
        span = period_of(cadence, span.last + timedelta(days=1))
    return ended
