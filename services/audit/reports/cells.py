"""What makes up a cell: the requests, remedies, documents and facts that it counts, each with the events that put it there.

Beside the fold of the tables and not in it: whoever opens a cell waits a moment longer than whoever makes a report. The count of what opens equals the number.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import tuple_row

from services.audit.reports.figures import At, Figure
from services.audit.reports.form import TABLE_TWO, form
from services.audit.reports.making import Scope, figures_of, reports_known, requests_in
from services.audit.reports.tables import ENDS, KINDS, REMEDIES, RESULTS, Request
from services.audit.titles import title_of
from shared.kernel.errors import Invalid

MOST = 500
"""What is told at once."""

TOTAL = 6
"""The last column of table three."""

OF_CASES = """SELECT position, originator_id, topic, agency, state FROM ledger
    WHERE source = 'requests' AND case_id = ANY(%s) AND position <= %s ORDER BY position"""

AT = "SELECT position, originator_id, topic, agency, state, case_id FROM ledger WHERE source = %s AND position = ANY(%s) ORDER BY position"

RECEIVED = ("requests.RequestReceived", "requests.FactsCorrected")


class CellEvent(msgspec.Struct, frozen=True):
    """An event behind a cell: where it stands, what it is, and where its inclusion proof is."""

    position: str
    id: UUID
    type: str
    title: str
    effective_on: date

    @property
    def receipt(self) -> str:
        """Where the proof that it stands in the log is given."""
        return f"/api/audit/receipts/{self.position}?id={self.id}"


class Counted(msgspec.Struct, frozen=True):
    """One thing that a cell counts: its case, whose it is, its official number if it has one, and its events."""

    case: UUID
    agency: str
    number: str
    events: tuple[CellEvent, ...]


class Opened(msgspec.Struct, frozen=True):
    """A cell: its number as written, how many things make it up, and some of them from `offset` on."""

    title: str
    value: str | None
    count: int
    offset: int
    counted: tuple[Counted, ...]


class _Data(msgspec.Struct, frozen=True):
    number: Any = None
    outcome: str | None = None


class _Event(msgspec.Struct, frozen=True):
    effective_on: date
    data: _Data


_decoder = msgspec.json.Decoder(_Event)


def rows_for(request: Request, year: int) -> Iterator[str]:
    """The rows of table three in which a request stands, in a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    ended = request.concluded_on
    if not request.counts or request.received_on > last or (ended is not None and ended < first):
        return
    yield "new_received" if request.received_on >= first else "carried_over"
    if ended is None or ended > last:
        yield "carried_forward"
    else:
        assert request.outcome is not None
        yield request.outcome
        yield "r7_total"


def remedies_for(request: Request, year: int) -> Iterator[tuple[int, str, int]]:
    """The remedies of a request that stand in table four, in a year: their number, row and column."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    for number, remedy in request.remedies.items() if request.counts else ():
        decided = remedy.decided_on
        if remedy.filed_on <= last and (decided is None or decided >= first):
            yield number, remedy.row, 3 if decided is None or decided > last else RESULTS.index(remedy.result or "")


def column_of(table: int, column: str) -> int:
    """The number of a column, by its title or its number from 0 on; raises `Invalid`."""
    titles = form()["columns"] if table == 3 else form()["table4"]["columns"]
    if column in titles:
        return int(titles.index(column))
    if column.isascii() and column.isdecimal() and int(column) < len(titles):
        return int(column)
    raise Invalid(
        "no-such-cell", "没有这一列，请从报告的表格中打开。", fields=[{"field": "column", "sentence": f"应为{'、'.join(titles)}"}]
    )


def open_cell(
    connection: psycopg.Connection[Any],
    scope: Scope,
    year: int,
    upto: Mapping[str, int],
    table: int,
    row: str,
    column: str,
    *,
    offset: int = 0,
    limit: int = 100,
) -> Opened:
    """A cell of table two, three or four as the logs were at these positions; raises `Invalid` where there is none."""
    if table == 2:
        return _second(connection, scope, year, upto, row, offset, min(limit, MOST))
    at = column_of(table, column)
    requests = requests_in(connection, scope.members, upto["requests"])
    if table == 3:
        labels = {one["key"]: one["label"] for one in form()["table3"]}
        inside = [(id, 0) for id, one in requests.items() if at in (TOTAL, KINDS.index(one.kind)) and row in rows_for(one, year)]
        title, named = labels.get(row), form()["columns"][at]
    else:
        names = [name for name in form()["table4"] if name != "columns"]
        inside = [
            (id, number) for id, one in requests.items() for number, of, stands in remedies_for(one, year) if of == row and at in (4, stands)
        ]  # fmt: skip
        title, named = row.replace("_", "，") if row in names else None, form()["table4"]["columns"][at]
    if title is None:
        raise Invalid("no-such-cell", "没有这一行，请从报告的表格中打开。", fields=[{"field": "row", "sentence": "请核对"}])
    page = inside[offset : offset + min(limit, MOST)]
    ending = row.startswith(("r1", "r2", "r3", "r4", "r5", "r6", "r7"))
    told = _of_requests(connection, page, upto["requests"], ending=ending)
    return Opened(f"{title} × {named}", str(len(inside)), len(inside), offset, told)


def _of_requests(connection: psycopg.Connection[Any], page: Sequence[tuple[UUID, int]], upto: int, *, ending: bool) -> tuple[Counted, ...]:
    """These requests (or their remedies of a number) with the events that make them count."""
    events: dict[UUID, list[tuple[CellEvent, _Event]]] = {id: [] for id, _ in page}
    agencies: dict[UUID, str] = {}
    numbers: dict[UUID, str] = {}
    rows = connection.cursor(row_factory=tuple_row).execute(OF_CASES, (list(events), upto), binary=True)
    for position, id, topic, agency, state in rows:
        type_ = topic.rpartition(":")[0]
        if id not in events:
            continue
        agencies[id] = agency
        if type_ == "requests.RequestRegistered":
            numbers[id] = str(_decoder.decode(bytes(state)).data.number or "")
        elif type_ in ENDS or type_ in REMEDIES or type_ in RECEIVED:
            event = _decoder.decode(bytes(state))
            events[id].append((CellEvent(f"requests:{position}", id, type_, title_of(type_), event.effective_on), event))
    made = []
    for id, remedy in page:
        if remedy:
            chosen = [cell for cell, event in events[id] if cell.type in REMEDIES and event.data.number == remedy]
        else:
            chosen = [cell for cell, _ in events[id] if cell.type in RECEIVED]
            chosen += [cell for cell, _ in events[id] if cell.type in ENDS][:1] if ending else []
        made.append(Counted(id, agencies.get(id, ""), numbers.get(id, ""), tuple(chosen)))
    return tuple(made)


def _second(
    connection: psycopg.Connection[Any], scope: Scope, year: int, upto: Mapping[str, int], row: str, offset: int, limit: int
) -> Opened:
    if row not in TABLE_TWO:
        raise Invalid("no-such-cell", "没有这一项，请从报告的表格中打开。", fields=[{"field": "row", "sentence": "请核对"}])
    before = reports_known(connection, scope.code, upto["audit"]).get(year - 1)
    figure = figures_of(connection, scope.members, year, upto, before["written"] if before else {}).get(row, Figure(None))
    return Opened(TABLE_TWO[row].title, figure.value, len(figure.of), offset, _facts(connection, figure.of[offset : offset + limit], row))


def _facts(connection: psycopg.Connection[Any], of: Sequence[At], cell: str) -> tuple[Counted, ...]:
    """These events of a cell of table two: of publishing where the platform has counted documents, of audit where a fact was recorded."""
    places = {(one.position, one.id) for one in of}
    made = []
    for source in ("audit", "publishing") if cell.startswith("normative") else ("audit",):
        found = connection.cursor(row_factory=tuple_row).execute(AT, (source, [one.position for one in of]), binary=True)
        for position, id, topic, agency, state, case in found:
            if (position, id) in places:
                type_ = topic.rpartition(":")[0]
                event = CellEvent(f"{source}:{position}", id, type_, title_of(type_), _decoder.decode(bytes(state)).effective_on)
                made.append(Counted(case, agency, "", (event,)))
    return tuple(made)
