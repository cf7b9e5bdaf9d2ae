"""The year of the catalogue: what each entry had to publish, what was published in time or late, what was missed, what is still to come (DX-07, KH-02.1)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from services.publishing.catalogue_entry.classes import CADENCES, Span, period_of, periods_ended
from shared.kernel.running import Running

ENTRIES = """SELECT * FROM views.entries WHERE agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    AND (NOT %(missed)s OR missed > 0) ORDER BY retired, category, name, id LIMIT 1000"""

STATES = {"published": "已公开", "late": "逾期公开", "missed": "逾期未公开", "waiting": "待公开", "running": "周期未满"}


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


def year_of(row: Mapping[str, Any], year: int, today: date) -> list[Cell]:
    """The periods of an entry that end in this year, in order: those that came due, and the one that runs where the calendar makes it."""
    found = [one for one in row["periods"] if date.fromisoformat(one["ended"]).year == year]
    cells = [cell_of(one, today) for one in sorted(found, key=lambda one: one["ended"])]
    if row["retired"] or not CADENCES[row["cadence"]]:
        return cells
    known = {cell.period for cell in cells}
    return cells + [Cell(span.name, "running") for span in spans(row["cadence"], year) if span.last >= today and span.name not in known]


def spans(cadence: str, year: int) -> Sequence[Span]:
    """The periods that make up a year."""
    return [*periods_ended(cadence, date(year, 1, 1), date(year, 12, 31)), period_of(cadence, date(year, 12, 31))]


async def overview(
    running: Running, agency: str, units: frozenset[str] | None, year: int, today: date, *, missed: bool = False
) -> dict[str, Any]:
    """The catalogue of these units (None: of all) in this year: each entry with its periods, and how many periods there are of each state."""
    wanted = {"agency": agency, "reach": None if units is None else sorted(units), "missed": missed}
    rows = await running.query(ENTRIES, wanted, agency=agency)
    entries = [{**row, "cells": msgspec.to_builtins(year_of(row, year, today))} for row in rows]
    counts = dict.fromkeys(STATES, 0)
    for entry in entries:
        for cell in entry["cells"]:
            counts[cell["state"]] += 1
    due = sum(counts[state] for state in ("published", "late", "missed"))
    kept = counts["published"]
    return {"year": year, "entries": entries, "counts": counts, "due": due, "in_time_percent": round(100 * kept / due) if due else None}
