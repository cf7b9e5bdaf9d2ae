"""Each clock under both rules, and the year as it would have been."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import msgspec
import psycopg
from psycopg.rows import tuple_row

from services.audit.replay.clocks import READ, Fold, start_then
from services.audit.replay.facts import (
    ROWS,
    SOURCES,
    STREAMED,
    TITLES,
    Clock,
    Compared,
    Replay,
    Reply,
    Row,
    World,
    rows_of,
)
from shared.kernel.errors import Invalid
from shared.law.calendar import ClockStopped, Span, WorkingCalendar, read_year
from shared.law.deadlines import Facts, deadline
from shared.law.rulebook import NoRulebook, Rulebook, rulebook


def compared(fold: Fold, year: int) -> Iterator[Compared | str]:
    """Each clock that began in the year under both rules; a sentence for one that cannot be compared."""
    for reply in fold.replies.values():
        if reply.void or reply.start is None or reply.recorded is None or reply.start.year != year:
            continue
        own = Facts(reply.start, "reply", None, reply.extension + reply.excess, tuple(reply.own))
        yield _reply_compared(fold.world, reply, own)
    for clock in fold.clocks.values():
        if not clock.void and clock.start.year == year:
            facts = Facts(clock.start, clock.limit, clock.days)
            yield _both(fold.world, clock, facts, facts, clock.ended_on)


def _reply_compared(world: World, reply: Reply, own: Facts) -> Compared | str:
    other = world.rulebook
    spans = [*(reply.asked if other.says("consultation_not_counted") else ()), *_suspensions(reply, other)]
    start = start_then(reply, other)
    assert start is not None
    assert reply.recorded is not None
    extension = min(reply.extension, other.limit("extension").days)
    excess = reply.excess if other.says("excess_may_be_questioned") else 0
    then = Facts(start, "reply", None, extension + excess, tuple(spans))
    clock = Clock(case=reply.case, limit="reply", start=own.start, recorded=reply.recorded, rulebook=reply.rulebook, number=reply.number)
    return _both(world, clock, own, then, reply.ended_on)


def _suspensions(reply: Reply, other: Rulebook) -> list[Span]:
    return reply.suspended if other.says("suspension_for_force_majeure") else []


def _both(world: World, clock: Clock, own: Facts, then: Facts, ended_on: date | None) -> Compared | str:
    try:
        made = _due(own, rulebook(clock.rulebook), world.own)
    except NoRulebook as error:
        return f"{TITLES[clock.limit]} {clock.number or clock.case}：{error}"
    stands = made is None
    if made is not None and made != clock.recorded.due:
        return (
            f"{TITLES[clock.limit]} {clock.number or clock.case}：记录的期限 {clock.recorded.due} 由记录的事实得不出（得 {made}），不作比较"
        )
    due = _due(then, world.rulebook, world.calendar)
    return Compared(
        case=clock.case,
        number=clock.number,
        limit=clock.limit,
        start=then.start,
        ended_on=ended_on,
        due=None if stands else clock.recorded.due,
        due_then=due,
        was=_mark(made, ended_on, world.today),
        would=_mark(due, ended_on, world.today),
        article=world.rulebook.limit(clock.limit).article,
    )


def _due(facts: Facts, book: Rulebook, calendar: WorkingCalendar) -> date | None:
    try:
        return deadline(facts, book, calendar).due
    except ClockStopped:
        return None


def _mark(due: date | None, ended_on: date | None, today: date) -> str:
    if due is None:
        return "kept" if ended_on is not None else "still"
    if (ended_on or today) > due:
        return "missed"
    return "kept" if ended_on is not None else "open"


def told_again(rows: Iterable[Row], agency: str, year: int, world: World) -> Replay:
    """What the other rules would have changed of these events."""
    fold = Fold(world)
    positions: dict[str, int] = {}
    for row in rows:
        fold.take(row)
        positions[row.source] = row.position
    counts: dict[str, Counter[str]] = {}
    changed, not_compared = [], []
    for one in compared(fold, year):
        if isinstance(one, str):
            not_compared.append(one)
            continue
        counts.setdefault(one.limit, Counter())[f"{one.was}→{one.would}"] += 1
        if one.due != one.due_then or one.was != one.would:
            changed.append(one)
    return Replay(
        agency=agency,
        year=year,
        rulebook=world.rulebook.id,
        calendar=world.calendar.version,
        positions=positions,
        counts={limit: dict(sorted(count.items())) for limit, count in counts.items()},
        changed=tuple(sorted(changed, key=lambda one: (one.was == one.would, one.limit, one.start))),
        steps=tuple(step for on, step in fold.steps if on.year == year),
        not_compared=tuple(not_compared),
    )


def replay(connection: psycopg.Connection[Any], agency: str, year: int, world: World) -> Replay:
    """What the other rules would have changed, read in a transaction that cannot write."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET TRANSACTION READ ONLY")
        cursor = connection.cursor(row_factory=tuple_row)
        rows = cursor.stream(ROWS, (agency, list(SOURCES), READ), binary=True, size=STREAMED)
        return told_again(rows_of(rows), agency, year, world)


def world_of(rulebook_id: str, own: WorkingCalendar, today: date, calendar: bytes | None = None) -> World:
    """The rulebook of this id, with the agency's calendar, or with a file in the form of those of this release in the place of its year.

    Raises `Invalid`.
    """
    try:
        book = rulebook(rulebook_id)
    except NoRulebook as error:
        raise Invalid("no-such-rulebook", str(error), fields=[{"field": "rulebook", "sentence": "请核对"}]) from None
    if calendar is None:
        return World(book, own, own, today)
    try:
        return World(book, own.with_years(read_year(calendar)), own, today)
    except (msgspec.DecodeError, ValueError) as error:
        sentence = f"放假安排的文件无法使用：{error}"
        raise Invalid("not-a-calendar", sentence, fields=[{"field": "calendar", "sentence": "请核对"}]) from None


def lines(found: Replay) -> list[tuple[str, int, int, int, int]]:
    """For each limit: how many clocks, how many kept that would be missed, missed that would be kept, and all those whose due date moves."""
    moved = Counter(one.limit for one in found.changed if one.due != one.due_then)
    return [
        (TITLES[limit], sum(count.values()), count.get("kept→missed", 0), count.get("missed→kept", 0), moved[limit])
        for limit, count in sorted(found.counts.items(), key=lambda item: list(TITLES).index(item[0]))
    ]
