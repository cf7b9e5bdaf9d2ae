"""One version of a view as it stands in the database: its table, the cases that are parked in it, how events are folded into it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import psycopg
import structlog
from psycopg.rows import tuple_row

from shared.kernel.events import Recorded
from shared.kernel.log import LogRow
from shared.kernel.places import place
from shared.kernel.views import EVERY_AGENCY, TableView

log = structlog.get_logger("gongkai.views")

BEHIND = "behind a parked event"

REFUSED_BY_DATABASE = (psycopg.DataError, psycopg.IntegrityError, UnicodeError)
"""What a row raises that the database does not take (a NUL, a number too large): the case is at fault, not the connection."""


class Building:
    """A version of a view: the one that serves, or one that is being built beside it."""

    def __init__(self, view: TableView[Any], version: str) -> None:
        self.view = view
        self.version = version
        self.table = f"{view.name}__{version}"
        self.types = view.types_read
        self.parked: set[UUID] = set()

    @property
    def own(self) -> bool:
        """Whether it is of the shape that this program declares; it can't write into any other."""
        return of_content(self.version, self.view.content)

    def apply_searching(self, connection: psycopg.Connection[Any], rows: Sequence[LogRow]) -> None:
        """As `apply`, but finds out which row the database refuses, by halves and in order, and parks its case."""
        parked = set(self.parked)
        try:
            with connection.transaction():
                self.apply(connection, rows)
        except REFUSED_BY_DATABASE as error:
            self.parked = parked
            if len(rows) == 1:
                self._fault(connection, rows[0], error)
                return
            half = len(rows) // 2
            self.apply_searching(connection, rows[:half])
            self.apply_searching(connection, rows[half:])

    def apply(self, connection: psycopg.Connection[Any], rows: Sequence[LogRow]) -> None:
        """Folds rows into the table, in the transaction of the caller; raises one of `REFUSED_BY_DATABASE` if one of them is refused."""
        recorded = self.read(connection, rows)
        # What begins in this batch is written anew: it need not be looked for.
        begun: dict[UUID, bool] = {}
        for _, event, key in recorded:
            begun.setdefault(key, self.view.begins(event))
        missing = [key for key, begins in begun.items() if not begins]
        current = self.view.load(connection, self.table, missing) if missing else {}
        changed = self.fold(connection, recorded, current)
        if changed:
            self.view.store(connection, self.table, [current[key] for key in changed])

    def read(self, connection: psycopg.Connection[Any], rows: Iterable[LogRow]) -> list[tuple[LogRow, Recorded, UUID]]:
        """The events among these rows that this view reads, each with the key of its row; one that can't be read parks its case."""
        recorded = []
        key_of = self.view.key
        for row in rows:
            if row.topic.rpartition(":")[0] not in self.types:
                continue
            if row.case_id in self.parked:
                self._park(connection, row, BEHIND)
                continue
            try:
                event = row.recorded()
                recorded.append((row, event, key_of(event)))
            except Exception as error:
                self._fault(connection, row, error)
        return recorded

    def fold(
        self, connection: psycopg.Connection[Any], recorded: Iterable[tuple[LogRow, Recorded, UUID]], current: dict[UUID, Any]
    ) -> dict[UUID, None]:
        """Brings the rows in `current` up to date; returns the keys of those that changed, in order. An event that can't be taken parks its case."""
        changed: dict[UUID, None] = {}
        parked, fold = self.parked, self.view.fold
        for row, event, key in recorded:
            if parked and row.case_id in parked:
                self._park(connection, row, BEHIND)
                continue
            try:
                folded = fold(current.get(key), event)
            except Exception as error:
                self._fault(connection, row, error)
                continue
            if folded is not None:
                current[key] = folded
                changed[key] = None
        return changed

    def load_parked(self, connection: psycopg.Connection[Any]) -> None:
        """The cases that are parked in this version, whoever parked them."""
        found = connection.cursor(row_factory=tuple_row).execute(
            "SELECT DISTINCT case_id FROM views.parked WHERE view = %s AND version = %s", (self.view.name, self.version)
        )
        self.parked = {row[0] for row in found}

    def _fault(self, connection: psycopg.Connection[Any], row: LogRow, error: Exception) -> None:
        log.error("a view parked a case", view=self.view.name, position=row.position, error=type(error).__name__, at=place(error))
        self.parked.add(row.case_id)
        self._park(connection, row, type(error).__name__)

    def _park(self, connection: psycopg.Connection[Any], row: LogRow, error: str) -> None:
        connection.execute(
            "INSERT INTO views.parked (view, version, case_id, position, error) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (self.view.name, self.version, row.case_id, row.position, error),
        )


def of_content(version: str, content: str) -> bool:
    """Whether a version, or one of its rebuilds, is of this content."""
    return version == content or version.startswith(f"{content}_b")


def open_session(connection: psycopg.Connection[Any]) -> None:
    """Makes a session one that keeps views: for all agencies, and without waiting for the disk, as a view can be built again."""
    connection.execute("SET synchronous_commit = off")
    connection.execute("SELECT set_config('gongkai.agency', %s, false)", (EVERY_AGENCY,))


def serving_version(connection: psycopg.Connection[Any], view: TableView[Any]) -> str:
    """The version that serves. On the first start the declared one is made: readers use the SQL view `views.<name>`."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"view {view.name}",))
        found = (
            connection.cursor(row_factory=tuple_row)
            .execute("SELECT version FROM views.progress WHERE view = %s AND serving LIMIT 1", (view.name,))
            .fetchone()
        )
        if found is not None:
            return str(found[0])
        building = begin(connection, view, view.content)
        view.finish(connection, building.table)
        serve(connection, building)
        return building.version


def begin(connection: psycopg.Connection[Any], view: TableView[Any], version: str) -> Building:
    """A version that holds nothing yet, its shares at the beginning of the log. What was left of an earlier attempt is dropped."""
    building = Building(view, version)
    connection.execute(f"DROP TABLE IF EXISTS views.{building.table}")
    connection.execute("DELETE FROM views.progress WHERE view = %s AND version = %s", (view.name, version))
    connection.execute("DELETE FROM views.parked WHERE view = %s AND version = %s", (view.name, version))
    view.create(connection, building.table)
    connection.execute(
        "INSERT INTO views.progress (view, version, share, position, serving) SELECT %s, %s, share, 0, false FROM generate_series(0, %s) AS share",
        (view.name, version, view.shares - 1),
    )
    return building


def serve(connection: psycopg.Connection[Any], building: Building) -> None:
    """Lets the readers see this version from now on. The SQL view asks as its reader, so that the table's policy holds for whoever reads."""
    name = building.view.name
    connection.execute(f"DROP VIEW IF EXISTS views.{name}")
    connection.execute(f"CREATE VIEW views.{name} WITH (security_invoker = true) AS SELECT * FROM views.{building.table}")
    connection.execute("UPDATE views.progress SET serving = (version = %s) WHERE view = %s", (building.version, name))
