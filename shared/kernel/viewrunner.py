"""Keeps the views of a service up to date: reads the log in batches, folds, and stores rows and position in one transaction.

Supervised: a lost connection is tried again with growing delay. An event that a view can't take parks its case in that view, with everything
that follows it; the others go on. Replicas may run side by side: the progress row is locked while a batch is applied.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg
import structlog
from psycopg.rows import tuple_row

from shared.kernel.log import CHANNEL, LogRow, read_rows
from shared.kernel.places import place
from shared.kernel.views import TableView

log = structlog.get_logger("gongkai.views")

POLL_SECONDS = 1.0
"""A lost notification delays a view by this much at most."""

GATHER_SECONDS = 0.002
"""How long a runner lets commits gather before it reads them as one batch."""

BUSY = 8
"""Events in a batch from which on it lets more gather."""

BUSY_SECONDS = 0.03
"""How long, then."""


class Building:
    """One version of a view as it stands in the database: its table, and how far it has read."""

    def __init__(self, view: TableView[Any], version: str) -> None:
        self.view = view
        self.version = version
        self.table = f"{view.name}__{version}"
        self.types = view.types_read
        self.parked: set[UUID] = set()
        self._kept: dict[UUID, Any] = {}

    def apply(self, connection: psycopg.Connection[Any], rows: Sequence[LogRow], *, remember: int = 0) -> None:
        """Folds rows into the table, in the transaction of the caller. `remember`: rows kept between batches, for a rebuild."""
        relevant = [row for row in rows if row.topic.rpartition(":")[0] in self.types]
        recorded = []
        for row in relevant:
            if row.case_id in self.parked:
                self._park(connection, row, "behind a parked event")
                continue
            try:
                recorded.append((row, row.recorded()))
            except Exception as error:
                self._fault(connection, row, error)
        keys: dict[UUID, bool] = {}
        for _, event in recorded:
            # What begins in this batch was not there before: it need not be looked for.
            keys.setdefault(self.view.key(event), self.view.begins(event))
        missing = [key for key, begins in keys.items() if not begins and key not in self._kept]
        current: dict[UUID, Any] = {key: self._kept[key] for key in keys if key in self._kept}
        if missing:
            current.update(self.view.load(connection, self.table, missing))
        changed: dict[UUID, Any] = {}
        for row, event in recorded:
            if row.case_id in self.parked:
                self._park(connection, row, "behind a parked event")
                continue
            key = self.view.key(event)
            try:
                folded = self.view.fold(current.get(key), event)
            except Exception as error:
                self._fault(connection, row, error)
                continue
            if folded is not None:
                current[key] = changed[key] = folded
        if remember:
            self.view.store(connection, self.table, [row for key, row in changed.items() if keys[key]], fresh=True)
            changed_before = [row for key, row in changed.items() if not keys[key]]
            self.view.store(connection, self.table, changed_before)
        elif changed:
            self.view.store(connection, self.table, changed.values())
        if remember:
            self._kept.update(changed)
            while len(self._kept) > remember:
                del self._kept[next(iter(self._kept))]

    def load_parked(self, connection: psycopg.Connection[Any]) -> None:
        """The cases that are parked in this version."""
        found = connection.cursor(row_factory=tuple_row).execute(
            "SELECT DISTINCT case_id FROM views.parked WHERE view = %s AND version = %s", (self.view.name, self.version)
        )
        self.parked = {row[0] for row in found}

    def forget(self) -> None:
        """Drops what was kept between batches; after a transaction that failed it may be wrong."""
        self._kept.clear()

    def _fault(self, connection: psycopg.Connection[Any], row: LogRow, error: Exception) -> None:
        log.error("a view parked a case", view=self.view.name, position=row.position, error=type(error).__name__, at=place(error))
        self.parked.add(row.case_id)
        self._park(connection, row, type(error).__name__)

    def _park(self, connection: psycopg.Connection[Any], row: LogRow, error: str) -> None:
        connection.execute(
            "INSERT INTO views.parked (view, version, case_id, position, error) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            (self.view.name, self.version, row.case_id, row.position, error),
        )


class ViewRunner:
    """The thread that keeps the serving versions of a service's views up to date."""

    def __init__(self, service: str, dsn: str, views: Sequence[TableView[Any]], *, batch: int = 1000) -> None:
        self.service = service
        self.dsn = dsn
        self.views = list(views)
        self.batch = batch
        self.reached: dict[str, int] = {view.name: 0 for view in views}
        self.failures = 0
        self._moved: list[Callable[[], None]] = []
        self._stopping = False
        self._follows = False
        self._reader: psycopg.Connection[Any] | None = None
        self._reading = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=f"views-{service}", daemon=True)

    def start(self, *, follow: bool = False) -> None:
        """Starts the thread. `follow`: another process keeps the views; this one only reads how far they are, when somebody waits."""
        self._follows = follow
        if follow:
            with psycopg.connect(self.dsn, autocommit=True) as connection:
                for view in self.views:
                    serving(connection, view)
        else:
            self._thread.start()

    def stop(self) -> None:
        """Ends after the batch under way."""
        self._stopping = True
        if self._thread.is_alive():
            self._thread.join()
        if self._reader is not None:
            self._reader.close()

    async def wait(self, position: int, timeout: float = 2.0, view: str | None = None) -> int:
        """Waits until the views (or one) have read up to a position, at most `timeout` seconds; returns how far they are."""
        deadline = time.monotonic() + timeout
        if self._follows:
            return await self._wait_for_others(position, deadline, view)
        loop = asyncio.get_running_loop()
        moved = asyncio.Event()

        def signal() -> None:
            loop.call_soon_threadsafe(moved.set)

        self._moved.append(signal)
        try:
            while True:
                reached = self.position(view)
                remaining = deadline - time.monotonic()
                if reached >= position or remaining <= 0 or not self.views:
                    return reached
                moved.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(moved.wait(), remaining)
        finally:
            self._moved.remove(signal)

    async def _wait_for_others(self, position: int, deadline: float, view: str | None) -> int:
        pause = 0.002
        while True:
            await asyncio.to_thread(self._read_progress)
            reached = self.position(view)
            if reached >= position or time.monotonic() > deadline or not self.views:
                return reached
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 0.05)

    def _read_progress(self) -> None:
        with self._reading:
            if self._reader is None or self._reader.closed:
                self._reader = psycopg.connect(self.dsn, autocommit=True, row_factory=tuple_row)
            for name, position in self._reader.execute("SELECT view, position FROM views.progress WHERE serving"):
                self.reached[name] = position

    def position(self, view: str | None = None) -> int:
        """How far one view, or the slowest of all, has read."""
        return self.reached[view] if view else min(self.reached.values(), default=0)

    def _run(self) -> None:
        delay = 0.1
        while not self._stopping:
            try:
                with psycopg.connect(self.dsn, autocommit=True) as connection:
                    # A view can be built again: it need not wait for the disk.
                    connection.execute("SET synchronous_commit = off")
                    self._follow(connection)
                delay = 0.1
            except Exception as error:
                if self._stopping:
                    return
                self.failures += 1
                log.warning("the views were interrupted", service=self.service, error=type(error).__name__, at=place(error))
                time.sleep(delay)
                delay = min(delay * 2, 5.0)

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        buildings = [serving(connection, view) for view in self.views]
        connection.execute(f"LISTEN {CHANNEL}")
        while not self._stopping:
            busy, most = False, 0
            for number, view in enumerate(self.views):
                with connection.transaction():
                    current = (
                        connection.cursor(row_factory=tuple_row)
                        .execute("SELECT version, position FROM views.progress WHERE view = %s AND serving FOR UPDATE", (view.name,))
                        .fetchone()
                    )
                    if current is None:
                        raise LookupError(f"{view.name} has no serving version")
                    version, position = current
                    if version != buildings[number].version:
                        buildings[number] = Building(view, version)
                        buildings[number].load_parked(connection)
                    rows = read_rows(connection, position, self.batch)
                    if rows:
                        buildings[number].apply(connection, rows)
                        position = rows[-1].position
                        connection.execute(
                            "UPDATE views.progress SET position = %s WHERE view = %s AND version = %s", (position, view.name, version)
                        )
                        busy, most = busy or len(rows) == self.batch, max(most, len(rows))
                self.reached[view.name] = position
            for signal in list(self._moved):
                signal()
            if not busy and not self._notified(connection, BUSY_SECONDS if most >= BUSY else GATHER_SECONDS):
                self._poll(connection)

    def _notified(self, connection: psycopg.Connection[Any], moment: float) -> bool:
        """Waits a moment, so that a burst of commits is one batch; tells whether one came meanwhile."""
        time.sleep(moment)
        return any(True for _ in connection.notifies(timeout=0, stop_after=1))

    def _poll(self, connection: psycopg.Connection[Any]) -> None:
        waited = 0.0
        while not self._stopping and waited < POLL_SECONDS:
            if any(True for _ in connection.notifies(timeout=0.2, stop_after=1)):
                return
            waited += 0.2


def serving(connection: psycopg.Connection[Any], view: TableView[Any]) -> Building:
    """The version that serves; on the first start the declared one is made. Readers use the SQL view `views.<name>`."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"view {view.name}",))
        found = (
            connection.cursor(row_factory=tuple_row)
            .execute("SELECT version FROM views.progress WHERE view = %s AND serving", (view.name,))
            .fetchone()
        )
        if found is None:
            building = Building(view, view.version)
            view.create(connection, building.table)
            connection.execute("INSERT INTO views.progress VALUES (%s, %s, 0, true)", (view.name, view.version))
            serve(connection, building)
            return building
    building = Building(view, found[0])
    building.load_parked(connection)
    return building


def serve(connection: psycopg.Connection[Any], building: Building) -> None:
    """Lets the readers see this version from now on."""
    connection.execute(f"DROP VIEW IF EXISTS views.{building.view.name}")
    connection.execute(f"CREATE VIEW views.{building.view.name} AS SELECT * FROM views.{building.table}")
    connection.execute("UPDATE views.progress SET serving = (version = %s) WHERE view = %s", (building.version, building.view.name))
