"""The figures: unit by unit, of a period, and the cases behind each."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from services.audit.figures import Figure
from services.audit.measures.fold import MEASURES, READERS, Fold, Kept, Matter

ROWS = """SELECT source, position, originator_id, case_id, topic, state FROM ledger
    WHERE agency = %s AND source = ANY(%s) AND split_part(topic, ':', 1) = ANY(%s) ORDER BY source, position"""

BATCH = 2000
"""Rows that are fetched at a time: the ledger of an agency need not fit into memory."""


def folded(connection: psycopg.Connection[Any], agency: str, on: date) -> Fold:
    """The matters of an agency as of the end of a day (by effect). Blocks: call it in a thread."""
    sources = sorted({type_.partition(".")[0] for type_ in READERS})
    with connection.transaction(), connection.cursor("measures", row_factory=tuple_row) as cursor:
        cursor.itersize = BATCH
        cursor.execute(ROWS, (agency, sources, sorted(READERS)), binary=True)
        return Fold().read(((*row[:5], bytes(row[5])) for row in cursor), on)


def figures(fold: Fold, since: date, until: date) -> dict[str, dict[str, Figure]]:
    """Unit → measure → figure of a period, both days included. What is no unit's yet stands under ''."""
    counted: dict[tuple[str, str], dict[str, int]] = {}

    def count(unit: str, measure: str, *what: str, times: int = 1) -> None:
        figure = counted.setdefault((unit, measure), {})
        for one in what:
            figure[one] = figure.get(one, 0) + times

    for measure in MEASURES:
        for matter in fold.all(measure, since, until):
            kept = matter.kept(until)
            count(matter.unit, measure, kept.value, *(("reasoned",) if kept is Kept.LATE and matter.reasoned else ()))
    for key, matter in fold.matters.items():
        if key[0] == "publications" and matter.done is not None and matter.counts and since <= matter.done <= until:
            count(matter.unit, "channels", "on_time" if len(fold.published[key[1]]) > 1 else "missed")  # type: ignore[index]
    for entry in fold.entries.values():
        if not entry.retired:
            count(entry.unit, "catalogue", "on_time" if entry.touched >= since else "missed")
    for share in fold.shares.values():
        if since <= share.on <= until:
            count(share.unit, share.measure, "on_time", times=share.good)
            count(share.unit, share.measure, "missed", times=share.all - share.good)
    for complaint in fold.complaints.values():
        if complaint.founded_on is not None and since <= complaint.founded_on <= until:
            count(complaint.unit, "complaints", "missed")
    made: dict[str, dict[str, Figure]] = {}
    for (unit, measure), figure in counted.items():
        made.setdefault(unit, {})[measure] = Figure(measure=measure, positions=dict(fold.positions), **figure)
    return made


def total(found: Iterable[Figure | None], measure: str) -> Figure:
    """Figures of several units as one."""
    added = [one for one in found if one is not None]
    return Figure(
        measure=measure,
        on_time=sum(one.on_time for one in added),
        late=sum(one.late for one in added),
        reasoned=sum(one.reasoned for one in added),
        missed=sum(one.missed for one in added),
        open=sum(one.open for one in added),
        positions=added[0].positions if added else {},
    )


def cases(fold: Fold, measure: str, unit: str | None, since: date, until: date) -> Sequence[tuple[Matter, Kept]]:
    """The matters behind a figure, the missed ones first, then by their day."""
    order = (Kept.MISSED, Kept.LATE, Kept.OPEN, Kept.ON_TIME)
    found = [(matter, matter.kept(until)) for matter in fold.all(measure, since, until) if unit is None or matter.unit == unit]
    return sorted(found, key=lambda one: (order.index(one[1]), one[0].due or until, one[0].title))
