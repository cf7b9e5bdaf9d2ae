"""Keeps the views of a service up to date: reads the log in batches, folds, and stores rows and positions in one transaction.

Each view's lanes are dealt into shares, and each share is kept by one process at a time (viewshares.py): the replicas of a service divide the work,
and take it over from one that dies. Supervised: a lost connection is tried again with growing delay. An event that a view can't take parks its
case in that view, with everything that follows it; the others go on. `gongkai rebuild` gives parked cases another chance.

A program whose view looks otherwise than the one that serves builds its own beside it, once, and lets it take over; a view that a newer program
has put in place is left to that program.
"""

import asyncio
import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import structlog
from psycopg.rows import tuple_row

from shared.kernel.building import REFUSED_BY_DATABASE, Building, open_session, serving_version
from shared.kernel.failpoints import failpoint
from shared.kernel.log import CHANNEL, read_rows
from shared.kernel.places import place
from shared.kernel.rebuild import rebuild
from shared.kernel.views import TableView
from shared.kernel.viewshares import ViewShares

log = structlog.get_logger("gongkai.views")

POLL_SECONDS = 1.0
"""A lost notification delays a view by this much at most; so long stands a share still whose runner died."""

GATHER_SECONDS = 0.002
"""How long a runner lets commits gather before it reads them as one batch."""

BUSY = 24
"""Events in a batch from which on it lets more gather."""

BUSY_SECONDS = 0.03
"""How long, then."""

LOOK_SECONDS = 0.25
"""How often one who waits asks whether others have come to share the work."""

HELD = """SELECT view, version, share, position FROM views.progress
    WHERE serving AND (view, share) IN (SELECT * FROM unnest(%s::text[], %s::smallint[])) ORDER BY view, share FOR UPDATE"""
"""Locks what this process keeps. In order, as a rebuild does that swaps: so neither waits for the other for ever."""

REACHED = """UPDATE views.progress SET position = %s
    WHERE serving AND (view, share) IN (SELECT * FROM unnest(%s::text[], %s::smallint[]))"""


class ViewRunner:
    """The thread that keeps the serving versions of a service's views up to date."""

    def __init__(self, service: str, dsn: str, views: Sequence[TableView[Any]], *, batch: int = 1000) -> None:
        self.service = service
        self.dsn = dsn
        self.views = list(views)
        self.batch = batch
        self.reached: dict[str, int] = {view.name: 0 for view in views}
        self.failures = 0
        self.shares: ViewShares | None = None
        self._moved: list[Callable[[], None]] = []
        self._stopping = False
        self._follows = False
        self._refused = False
        self._buildings: dict[str, Building] = {}
        self._replacing: dict[str, threading.Thread] = {}
        self._reader: psycopg.Connection[Any] | None = None
        self._reading = threading.Lock()
        self._thread = threading.Thread(target=self._run, name=f"views-{service}", daemon=True)

    def start(self, *, follow: bool = False) -> None:
        """Starts the thread. `follow`: another process keeps the views; this one only reads how far they are, when somebody waits."""
        self._follows = follow
        if follow:
            with psycopg.connect(self.dsn, autocommit=True) as connection:
                for view in self.views:
                    serving_version(connection, view)
        else:
            self._thread.start()

    def stop(self) -> None:
        """Ends after the batch under way; a version that is being built beside is left, and begun anew by the next start."""
        self._stopping = True
        if self._thread.is_alive():
            self._thread.join()
        if self._reader is not None:
            self._reader.close()

    async def wait(self, position: int, timeout: float = 2.0, view: str | None = None) -> int:
        """Waits until the views (or one) have read up to a position, at most `timeout` seconds; returns how far they are."""
        deadline = time.monotonic() + timeout
        loop = asyncio.get_running_loop()
        moved = asyncio.Event()

        def signal() -> None:
            loop.call_soon_threadsafe(moved.set)

        self._moved.append(signal)
        pause = 0.002
        try:
            while True:
                alone = self._alone
                reached = await self.read_position(view)
                remaining = deadline - time.monotonic()
                if reached >= position or remaining <= 0 or not self.views:
                    return reached
                moved.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(remaining, LOOK_SECONDS if alone else pause)):
                        await moved.wait()
                pause = min(pause * 1.5, 0.05)
        finally:
            self._moved.remove(signal)

    @property
    def _alone(self) -> bool:
        """Whether this process keeps every share, and so knows by itself how far the views are."""
        return self.shares is not None and self.shares.whole

    def _read_progress(self) -> None:
        with self._reading:
            if self._reader is None or self._reader.closed:
                self._reader = psycopg.connect(self.dsn, autocommit=True, row_factory=tuple_row)
            self._look(self._reader)

    def _look(self, connection: psycopg.Connection[Any]) -> None:
        # A view that this program does not have, an older one's, stands still for ever: nobody waits for it.
        cursor = connection.cursor(row_factory=tuple_row)
        statement = "SELECT view, min(position) FROM views.progress WHERE serving AND view = ANY(%s) GROUP BY view"
        self.reached.update(cursor.execute(statement, ([view.name for view in self.views],)).fetchall())

    async def read_position(self, view: str | None = None) -> int:
        """How far the views (or one) are, whoever keeps them. What is read afterwards is at least as new."""
        if not self._alone:
            await asyncio.to_thread(self._read_progress)
        return self.position(view)

    def position(self, view: str | None = None) -> int:
        """How far one view, or the slowest of all, had read when this process last knew: the share that is farthest behind counts."""
        return self.reached[view] if view else min(self.reached.values(), default=0)

    def _run(self) -> None:
        delay = 0.1
        while not self._stopping:
            try:
                with psycopg.connect(self.dsn, autocommit=True) as connection:
                    open_session(connection)
                    self._follow(connection)
                delay = 0.1
            except Exception as error:
                if self._stopping:
                    return
                self.failures += 1
                # The next batch finds out which case the database does not take.
                self._refused = isinstance(error, REFUSED_BY_DATABASE)
                log.warning("the views were interrupted", service=self.service, error=type(error).__name__, at=place(error))
                time.sleep(delay)
                delay = min(delay * 2, 5.0)
            finally:
                self.shares = None

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        self._buildings = {}
        for view in self.views:
            self._replace_older(view, serving_version(connection, view))
        connection.execute(f"LISTEN {CHANNEL}")
        shares = ViewShares(connection, self.views)
        balance_at = 0.0
        while not self._stopping:
            if time.monotonic() >= balance_at:
                if shares.balance():
                    # A share that changed hands may have brought parked cases with it.
                    self._buildings = {}
                balance_at = time.monotonic() + POLL_SECONDS
            self.shares = shares
            read = self._batch(connection, shares) if shares.held else 0
            for signal in list(self._moved):
                signal()
            if read < self.batch and not self._notified(connection, BUSY_SECONDS if read >= BUSY else GATHER_SECONDS):
                self._poll(connection)

    def _batch(self, connection: psycopg.Connection[Any], shares: ViewShares) -> int:
        """Reads on from where each share that is held stands; returns how many positions the farthest behind came on."""
        with connection.transaction():
            names, numbers = [name for name, _ in shares.held], [share for _, share in shares.held]
            standing = connection.cursor(row_factory=tuple_row).execute(HELD, (names, numbers)).fetchall()
            at: dict[int, list[tuple[str, int]]] = defaultdict(list)
            for name, version, share, position in standing:
                if self._building(connection, name, version).own:
                    at[position].append((name, share))
            # Shares stand together but for a view that is new: it does not hold up the others.
            ends = {position: self._read_on(connection, position, kept, shares.whole) for position, kept in at.items()}
            failpoint("views.before_commit")
        failpoint("views.after_commit")
        if shares.whole:
            own = {(name, share) for kept in at.values() for name, share in kept}
            reached = [(name, ends[position] if (name, share) in own else position) for name, _, share, position in standing]
            self.reached.update({name: min(end for other, end in reached if other == name) for name, _ in reached})
        else:
            self._look(connection)
        self._refused = False
        return max((end - position for position, end in ends.items()), default=0)

    def _read_on(self, connection: psycopg.Connection[Any], position: int, kept: list[tuple[str, int]], whole: bool) -> int:
        """The next batch after a position for these shares; returns the position that they have then read."""
        lanes: dict[str, set[int]] = defaultdict(set)
        for name, share in kept:
            lanes[name] |= self._buildings[name].view.lanes(share)
        if whole:
            rows = read_rows(connection, position, self.batch)
            end = rows[-1].position if rows else position
        else:
            found = connection.cursor(row_factory=tuple_row).execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
            end = max(position, min(position + self.batch, found[0] if found else 0))
            rows = read_rows(connection, position, self.batch, end, set().union(*lanes.values())) if end > position else []
        for name, wanted in lanes.items():
            building, own = self._buildings[name], [row for row in rows if row.lane in wanted]
            if self._refused:
                building.apply_searching(connection, own)
            else:
                building.apply(connection, own)
        if end > position:
            connection.execute(REACHED, (end, [name for name, _ in kept], [share for _, share in kept]))
        return end

    def _building(self, connection: psycopg.Connection[Any], name: str, version: str) -> Building:
        building = self._buildings.get(name)
        if building is None or building.version != version:
            view = next(view for view in self.views if view.name == name)
            building = self._buildings[name] = Building(view, version)
            building.load_parked(connection)
        return building

    def _replace_older(self, view: TableView[Any], version: str) -> None:
        """Builds this program's own version, in a thread of its own, where an older program's serves; a newer program's is left alone."""
        if Building(view, version).own or _number(version) > _number(view.version) or view.name in self._replacing:
            return
        log.info("a view of another program serves; this one is built beside it", view=view.name, serving=version, own=view.content)
        thread = threading.Thread(target=self._replace, args=(view,), name=f"rebuild-{view.name}", daemon=True)
        self._replacing[view.name] = thread
        thread.start()

    def _replace(self, view: TableView[Any]) -> None:
        delay = 1.0
        while not self._stopping:
            try:
                rebuild(self.dsn, view, only_if_older=True)
            except Exception as error:
                log.warning("a view could not be built", view=view.name, error=type(error).__name__, at=place(error))
                time.sleep(delay)
                delay = min(delay * 2, 30.0)
            else:
                return

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


def _number(version: str) -> int:
    """The declared number of a version's name."""
    digits = version.partition("_")[0]
    return int(digits) if digits.isdigit() else 0
