"""The year of the catalogue: what each entry had to publish, what was published in time or late, what was missed, what is still to come (DX-07, KH-02.1)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import msgspec

from services.publishing.catalogue_entry.classes import CADENCES, Span, period_of, periods_ended
from shared.kernel.running import Running
from shared.law.deadlines import Facts, deadline

ENTRIES = """SELECT * FROM views.entries WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    ORDER BY retired, category, name, id LIMIT 1000"""

STATES = {"published": "已公开", "late": "逾期公开", "missed": "逾期未公开", "waiting": "待公开", "running": "周期未满"}

LATE = frozenset({"late", "missed"})
"""What was not public by its day."""


class Cell(msgspec.Struct, frozen=True):
    """A period of a year: its name, what became of it (a key of STATES), by when it is or was due, when and by what it was published."""

    period: str
    state: str
    due: date | None = None
    published_on: date | None = None
    publication: str | None = None


def cell_of(seen: Mapping[str, Any], today: date) -> Cell:
    """A period that has come due; what is over its day is missed, whether the keeper has recorded it yet or not."""
    due, on = date.fromisoformat(seen["due"]), seen["published_on"]
    published_on = date.fromisoformat(on) if on else None
    state = ("late" if published_on > due else "published") if published_on else "missed" if seen["missed"] or due < today else "waiting"
    return Cell(seen["name"], state, due, published_on, seen["publication"])


def year_of(row: Mapping[str, Any], year: int, today: date, due_of: Callable[[date], date]) -> list[Cell]:
    """The periods of an entry that end in this year, in order: those that came due, those that have ended and nobody has put on record yet, and the
    one that runs where the calendar makes it. `due_of` tells by when what ended on a day is to be public.
    """
    cells = [(date.fromisoformat(one["ended"]), cell_of(one, today)) for one in row["periods"]]
    if not row["retired"] and CADENCES[row["cadence"]]:
        known = {cell.period for _, cell in cells}
        cells += [
            (span.last, cell) for span in spans(row["cadence"], year) if (cell := unrecorded(span, row["since"], today, due_of, known))
        ]
    return [cell for ended, cell in sorted(cells, key=lambda one: one[0]) if ended.year == year]


def unrecorded(span: Span, since: date | None, today: date, due_of: Callable[[date], date], known: set[str]) -> Cell | None:
    """A period that the calendar makes and that is not on record: it runs, or it has ended and its day may be over already."""
    if span.name in known or since is None or span.last < since:
        return None
    if span.last >= today:
        return Cell(span.name, "running")
    due = due_of(span.last)
    return Cell(span.name, "missed" if due < today else "waiting", due)


def spans(cadence: str, year: int) -> Sequence[Span]:
    """The periods that make up a year."""
    return [*periods_ended(cadence, date(year, 1, 1), date(year, 12, 31)), period_of(cadence, date(year, 12, 31))]


async def overview(
    running: Running, agency: str, units: frozenset[str] | None, year: int, today: date, *, missed: bool = False
) -> dict[str, Any]:
    """The catalogue of these units (None: of all) in this year: each entry with its periods, and how many periods there are of each state.

    `missed`: only entries of which something was published late or not at all.
    """
    laws = running.doorkeeper.laws(running.doorkeeper.agency(agency))

    @cache
    def due_of(ended: date) -> date:
        return deadline(Facts(start=ended, limit="proactive_disclosure"), laws.rulebook, laws.calendar).due

    rows = await running.query(ENTRIES, {"agency": agency, "reach": None if units is None else sorted(units)}, agency=agency)
    entries = [{**row, "cells": msgspec.to_builtins(year_of(row, year, today, due_of))} for row in rows]
    if missed:
        entries = [entry for entry in entries if any(cell["state"] in LATE for cell in entry["cells"])]
    counts = dict.fromkeys(STATES, 0)
    for entry in entries:
        for cell in entry["cells"]:
            counts[cell["state"]] += 1
    due = sum(counts[state] for state in ("published", "late", "missed"))
    kept = counts["published"]
    return {"year": year, "entries": entries, "counts": counts, "due": due, "in_time_percent": round(100 * kept / due) if due else None}
