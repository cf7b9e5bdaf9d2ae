"""Views: what people see and search, as tables that are folds of the service's own log and can be built again at any time.

    class CaseRow(ViewRow):
        stage: str
        due: date | None = None

    cases = TableView("requests", "cases", "1", CaseRow, indexes=("agency, stage",))

    @cases.evolves(RequestAssigned)
    def assigned(row: CaseRow, event: RequestAssigned, meta: Meta) -> CaseRow: ...

A view is declared with its version. Each version has a table of its own; a rebuild fills another beside the one that serves and then takes
its place. Personal data stands in a view only sealed, as `Personal.reference()`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_type_hints
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from shared.kernel.events import Event, Meta, Recorded

SQL_TYPES: dict[type, str] = {
    UUID: "uuid",
    str: "text",
    int: "bigint",
    bool: "boolean",
    date: "date",
    datetime: "timestamptz",
}


class ViewRow(msgspec.Struct, frozen=True, kw_only=True):
    """Base of a view's rows: the thing's id, its agency, and the position of the last event in it."""

    id: UUID
    agency: str
    position: int = 0


R = TypeVar("R", bound=ViewRow)
F = TypeVar("F", bound=Callable[..., Any])
Evolve = Callable[[Any, Any, Meta], Any]


class TableView(Generic[R]):
    """A table with one row a thing, folded from events. `key` tells which thing an event is about; by default its aggregate."""

    def __init__(
        self,
        service: str,
        name: str,
        version: str,
        row: type[R],
        *,
        indexes: Sequence[str] = (),
        key: Callable[[Recorded], UUID] = lambda recorded: recorded.originator_id,
    ) -> None:
        self.service = service
        self.name = name
        self.version = version
        self.row = row
        self.indexes = tuple(indexes)
        self.key = key
        self._evolve: dict[type[Event], Evolve] = {}
        self._creates: set[type[Event]] = set()
        self.columns = row.__struct_fields__
        self.types = {name: _sql_type(hint) for name, hint in get_type_hints(row).items()}
        views[(service, name)] = self

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
            made: R = msgspec.structs.replace(function(recorded.originator_id, recorded.event, recorded.meta), position=recorded.position)
            return made
        if row is None:
            raise LookupError(f"{self.name} has no row for {recorded.event.spec.type}")
        changed: R = msgspec.structs.replace(function(row, recorded.event, recorded.meta), position=recorded.position)
        return changed

    def begins(self, recorded: Recorded) -> bool:
        """Whether a row begins with this event."""
        return type(recorded.event) in self._creates

    def create(self, connection: psycopg.Connection[Any], table: str) -> None:
        """Makes the table of this version."""
        columns = ", ".join(f"{name} {self.types[name]}{' PRIMARY KEY' if name == 'id' else ''}" for name in self.columns)
        connection.execute(f"CREATE TABLE IF NOT EXISTS views.{table} ({columns}) WITH (fillfactor = 80)")
        for number, index in enumerate(self.indexes):
            connection.execute(f"CREATE INDEX IF NOT EXISTS {table}_{number} ON views.{table} ({index})")

    def load(self, connection: psycopg.Connection[Any], table: str, ids: Sequence[UUID]) -> dict[UUID, R]:
        """The rows of these things as they stand."""
        cursor = connection.cursor(row_factory=tuple_row)
        found = cursor.execute(f"SELECT {', '.join(self.columns)} FROM views.{table} WHERE id = ANY(%s)", (list(ids),))
        return {row.id: row for row in (self.from_columns(values) for values in found)}

    def store(self, connection: psycopg.Connection[Any], table: str, rows: Iterable[R], *, fresh: bool = False) -> None:
        """Writes rows as they now are: one statement, or COPY where all are new."""
        cursor = connection.cursor()
        if fresh:
            with cursor.copy(f"COPY views.{table} ({', '.join(self.columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(self.to_columns(row))
            return
        arrays = list(zip(*(self.to_columns(row) for row in rows), strict=True))
        if not arrays:
            return
        casts = ", ".join(f"%s::{'text' if self.types[name] == 'jsonb' else self.types[name]}[]" for name in self.columns)
        chosen = ", ".join(f"{name}::jsonb" if self.types[name] == "jsonb" else name for name in self.columns)
        updates = ", ".join(f"{name} = excluded.{name}" for name in self.columns if name != "id")
        cursor.execute(
            f"INSERT INTO views.{table} ({', '.join(self.columns)}) SELECT {chosen} FROM unnest({casts}) AS u({', '.join(self.columns)}) "
            f"ON CONFLICT (id) DO UPDATE SET {updates}",
            [list(array) for array in arrays],
        )

    def to_columns(self, row: R) -> tuple[Any, ...]:
        """A row as values for the database."""
        return tuple(
            msgspec.json.encode(getattr(row, name)).decode() if self.types[name] == "jsonb" else getattr(row, name) for name in self.columns
        )

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
