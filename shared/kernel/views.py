"""Views: what people see and search, as tables that are folds of the service's own log and can be built again at any time.

    class CaseRow(ViewRow):
        stage: str
        due: date | None = None

    cases = TableView("requests", "cases", "1", CaseRow, indexes=("agency, stage",))

    @cases.evolves(RequestAssigned)
    def assigned(row: CaseRow, event: RequestAssigned, meta: Meta) -> CaseRow: ...

A view is declared with its version: raise it whenever its folds change. What a table looks like is part of its name besides, so that no program
ever writes into a table of another shape. A rebuild fills another table beside the one that serves and then takes its place. Personal data
stands in a view only sealed, as `Personal.reference()`.

Every row belongs to an agency, and the table shows a session only the rows of the agency that it names (`gongkai.agency`): a query that names none
sees nothing, whatever its WHERE says. What works for all agencies alike says so: `EVERY_AGENCY`.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_type_hints
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from shared.kernel.events import Event, Meta, Recorded
from shared.kernel.identity import LANES

SQL_TYPES: dict[type, str] = {
    UUID: "uuid",
    str: "text",
    int: "bigint",
    bool: "boolean",
    date: "date",
    datetime: "timestamptz",
}

SHARES = 4
"""Shares of lanes of a view: as many processes may keep it up to date side by side. A divisor of the lanes."""

EVERY_AGENCY = "*"
"""What a session names that works for all agencies: the runner, a rebuild, the eraser. No agency has such a code."""

POLICY = """agency = (SELECT current_setting('gongkai.agency', true)) OR (SELECT current_setting('gongkai.agency', true)) = '*'"""
"""Which rows a session sees. In sub-selects, so that the setting is read once a query and not once a row."""


class ViewRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of a view's rows: the thing's id, its agency, and the position of the last event in it."""

    id: UUID
    agency: str
    position: int = 0


R = TypeVar("R", bound=ViewRow)
F = TypeVar("F", bound=Callable[..., Any])
Evolve = Callable[[Any, Any, Meta], Any]


def _aggregate(recorded: Recorded) -> UUID:
    return recorded.originator_id


class TableView(Generic[R]):
    """A table with one row a thing, folded from events. `key` tells which thing an event is about; by default its aggregate.

    Order is kept for each case. A row that gathers the events of several cases needs the order of the whole log: `whole_log=True`.
    A view with a key of its own has to say which of the two it is.
    """

    def __init__(
        self,
        service: str,
        name: str,
        version: str,
        row: type[R],
        *,
        indexes: Sequence[str] = (),
        key: Callable[[Recorded], UUID] = _aggregate,
        whole_log: bool | None = None,
    ) -> None:
        if whole_log is None and key is not _aggregate:
            raise TypeError(f"{service}.{name}: its key is its own, so say whether a row gathers several cases (whole_log=True or False)")
        self.service = service
        self.name = name
        self.version = version
        self.row = row
        self.indexes = tuple(indexes)
        self.key = key
        self.shares = 1 if whole_log else SHARES
        self._evolve: dict[type[Event], Evolve] = {}
        self._creates: set[type[Event]] = set()
        self._gathers: set[type[Event]] = set()
        self.columns = row.__struct_fields__
        self.types = {name: _sql_type(hint) for name, hint in get_type_hints(row).items()}
        self._json = tuple(number for number, column in enumerate(self.columns) if self.types[column] == "jsonb")
        self._values: Callable[[R], tuple[Any, ...]] = attrgetter(*self.columns)
        views[(service, name)] = self

    @cached_property
    def content(self) -> str:
        """The version as tables are named after it: the declared one and a digest of what the table looks like."""
        shape = repr((list(self.types.items()), self.indexes, self.shares, POLICY))
        return f"{self.version}_{hashlib.sha256(shape.encode()).hexdigest()[:8]}"

    def lanes(self, share: int) -> frozenset[int]:
        """The lanes of a share."""
        return frozenset(lane for lane in range(LANES) if lane % self.shares == share)

    def creates(self, *events: type[Event]) -> Callable[[F], F]:
        """Declares how a row begins: `(id, event, meta) -> row`."""

        def declare(function: F) -> F:
            for cls in events:
                self._evolve[cls] = function
                self._creates.add(cls)
            return function

        return declare

    def evolves(self, *events: type[Event]) -> Callable[[F], F]:
        """Declares how a row changes: `(row, event, meta) -> row`."""

        def declare(function: F) -> F:
            for cls in events:
                self._evolve[cls] = function
            return function

        return declare

    def gathers(self, *events: type[Event]) -> Callable[[F], F]:
        """Declares how a row comes of many things, the first of which begins it: `(row or None, event, meta) -> row`."""

        def declare(function: F) -> F:
            self.evolves(*events)(function)
            self._gathers.update(events)
            return function

        return declare

    @property
    def types_read(self) -> frozenset[str]:
        """The event types that this view reads."""
        return frozenset(cls.spec.type for cls in self._evolve)

    def fold(self, row: R | None, recorded: Recorded) -> R | None:
        """The row after one more event."""
        function = self._evolve.get(type(recorded.event))
        if function is None:
            return row
        if type(recorded.event) in self._creates:
            made: R = function(self.key(recorded), recorded.event, recorded.meta)
        elif row is None and type(recorded.event) not in self._gathers:
            raise LookupError(f"{self.name} has no row for {recorded.event.spec.type}")
        else:
            made = function(row, recorded.event, recorded.meta)
        return msgspec.structs.replace(made, position=recorded.position)

    def begins(self, recorded: Recorded) -> bool:
        """Whether a row begins with this event."""
        return type(recorded.event) in self._creates

    def create(self, connection: psycopg.Connection[Any], table: str) -> None:
        """Makes the bare table of a version: rows can be copied into it, nobody reads it yet."""
        columns = ", ".join(f"{name} {self.types[name]}{' PRIMARY KEY' if name == 'id' else ''}" for name in self.columns)
        connection.execute(f"CREATE TABLE views.{table} ({columns}) WITH (fillfactor = 80)")

    def finish(self, connection: psycopg.Connection[Any], table: str) -> None:
        """Makes a table fit to be read: its indexes, and its rows shown to their own agency alone."""
        for number, index in enumerate(self.indexes):
            connection.execute(f"CREATE INDEX {table}_{number} ON views.{table} ({index})")
        connection.execute(f"ALTER TABLE views.{table} ENABLE ROW LEVEL SECURITY")
        connection.execute(f"ALTER TABLE views.{table} FORCE ROW LEVEL SECURITY")
        connection.execute(f"CREATE POLICY own_agency ON views.{table} USING ({POLICY})")
        connection.execute(f"ANALYZE views.{table}")

    def load(self, connection: psycopg.Connection[Any], table: str, ids: Sequence[UUID]) -> dict[UUID, R]:
        """The rows of these things as they stand."""
        cursor = connection.cursor(row_factory=tuple_row)
        found = cursor.execute(f"SELECT {', '.join(self.columns)} FROM views.{table} WHERE id = ANY(%s)", (list(ids),))
        return {row.id: row for row in (self.from_columns(values) for values in found.fetchall())}

    def store(self, connection: psycopg.Connection[Any], table: str, rows: Sequence[R]) -> None:
        """Writes rows as they now are, in one statement. They travel as one JSON text: column by column it took a third of the runner's time."""
        columns = ", ".join(self.columns)
        shape = ", ".join(f"{name} {self.types[name]}" for name in self.columns)
        updates = ", ".join(f"{name} = excluded.{name}" for name in self.columns if name != "id")
        connection.execute(
            f"INSERT INTO views.{table} ({columns}) SELECT {columns} FROM json_to_recordset(%s::json) AS u({shape}) "
            f"ON CONFLICT (id) DO UPDATE SET {updates}",
            (msgspec.json.encode(rows).decode(),),
        )

    def copy(self, connection: psycopg.Connection[Any], table: str, rows: Iterable[R]) -> None:
        """Writes rows that are all new into a table that nobody reads yet (COPY knows nothing of agencies)."""
        with connection.cursor().copy(f"COPY views.{table} ({', '.join(self.columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(self.to_columns(row))

    def to_columns(self, row: R) -> tuple[Any, ...]:
        """A row as values for the database."""
        values = self._values(row)
        if not self._json:
            return values
        changed = list(values)
        for number in self._json:
            if changed[number] is not None:
                changed[number] = msgspec.json.encode(changed[number]).decode()
        return tuple(changed)

    def from_columns(self, values: Sequence[Any]) -> R:
        """A row from what the database gave."""
        return msgspec.convert(
            {name: value.obj if isinstance(value, Jsonb) else value for name, value in zip(self.columns, values, strict=True)},
            self.row,
        )


views: dict[tuple[str, str], TableView[Any]] = {}
"""Every view of this program by (service, name)."""


def _sql_type(hint: Any) -> str:
    kinds = [kind for kind in get_args(hint) if kind is not NoneType] if NoneType in get_args(hint) else [hint]
    kind = kinds[0]
    if isinstance(kind, type) and issubclass(kind, str):
        return "text"
    return SQL_TYPES.get(kind, "jsonb")
