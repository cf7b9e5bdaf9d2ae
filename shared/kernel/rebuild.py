"""Builds a view again beside the one that serves, then lets it take its place: nobody sees an empty page while it lasts.

The log is dealt out to child processes by lanes. Each folds its lanes in memory and copies the rows that come of it into a table that has no
indexes yet. Then come the indexes, what was recorded meanwhile, and the swap: under the lock of every share, so that nothing is lost and nothing
folded twice. Building a view again is also how parked cases get another chance once the fold has been mended.
"""

import contextlib
import gc
import importlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, cast
from uuid import UUID

import msgspec
import psycopg
import structlog
from psycopg.rows import tuple_row

from shared.kernel.building import REFUSED_BY_DATABASE, Building, begin, of_content, open_session, serve, serving_version
from shared.kernel.identity import LANES
from shared.kernel.log import read_rows
from shared.kernel.places import place
from shared.kernel.views import TableView, views

log = structlog.get_logger("gongkai.views")

BATCH = 5000
"""Positions of the log that are read at once."""

KEPT = 100_000
"""Rows that a process keeps in memory; beyond it they are written, and read again when an event concerns them."""

WORTH_A_CHILD = 10_000
"""Events for which a process of its own is worth its start."""

REBUILD_LOCK = 7223

Progress = Callable[[int, int], None]


class AlreadyRebuilding(RuntimeError):
    """Another process builds this view."""


class ChildFailed(RuntimeError):
    """A child process could not build its lanes."""


class Work(msgspec.Struct, frozen=True):
    """What one process builds: these lanes of the log up to a position, into a table that is not read yet."""

    dsn: str
    module: str
    service: str
    view: str
    version: str
    lanes: tuple[int, ...]
    until: int


def rebuild(
    dsn: str,
    view: TableView[Any],
    progress: Progress = lambda done, total: None,
    *,
    processes: int | None = None,
    only_if_older: bool = False,
) -> int:
    """Builds `view` anew from position 1 and serves it; returns the position that it has then read. The version before is dropped.

    `processes`: how many build side by side; by default as many as are worth their start and the machine has cores. `only_if_older`: does nothing
    if a version of this shape serves already. Raises `AlreadyRebuilding`.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        open_session(connection)
        with _alone(connection, view, patient=only_if_older):
            before = serving_version(connection, view)
            if only_if_older and of_content(before, view.content):
                return 0
            version = next_version(before, view.content)
            building = begin(connection, view, version)
            end = _end(connection)
            try:
                _build(connection, dsn, building, end, processes or _worth(view, end), progress)
            except (*REFUSED_BY_DATABASE, ChildFailed):
                # A row that the database does not take: only the slow way finds out whose it is.
                building, end = begin(connection, view, version), 0
            view.finish(connection, building.table)
            end = _catch_up(connection, building, end, progress)
            with connection.transaction():
                # While we hold the rows of the serving version, no runner applies a batch to it.
                connection.execute("SELECT FROM views.progress WHERE view = %s AND serving ORDER BY view, share FOR UPDATE", (view.name,))
                end = _catch_up(connection, building, end, progress)
                connection.execute("UPDATE views.progress SET position = %s WHERE view = %s AND version = %s", (end, view.name, version))
                serve(connection, building)
                connection.execute(f"DROP TABLE IF EXISTS views.{Building(view, before).table}")
                connection.execute("DELETE FROM views.progress WHERE view = %s AND version = %s", (view.name, before))
                connection.execute("DELETE FROM views.parked WHERE view = %s AND version = %s", (view.name, before))
            return end


def parked_cases(dsn: str, view: TableView[Any]) -> int:
    """The cases that are parked in the serving version."""
    with psycopg.connect(dsn, autocommit=True, row_factory=tuple_row) as connection:
        row = connection.execute(
            "SELECT count(DISTINCT case_id) FROM views.parked JOIN views.progress USING (view, version) WHERE view = %s AND serving",
            (view.name,),
        ).fetchone()
        return int(row[0]) if row else 0


def next_version(serving: str, content: str) -> str:
    """The name of the version to be built: the declared one, or its next build where one of its builds serves already."""
    if not of_content(serving, content):
        return content
    return f"{content}_b{int(serving.removeprefix(content).removeprefix('_b') or 0) + 1}"


@contextlib.contextmanager
def _alone(connection: psycopg.Connection[Any], view: TableView[Any], *, patient: bool) -> Iterator[None]:
    if patient:
        connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", (REBUILD_LOCK, view.name))
    else:
        row = (
            connection.cursor(row_factory=tuple_row)
            .execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", (REBUILD_LOCK, view.name))
            .fetchone()
        )
        if not row or not row[0]:
            raise AlreadyRebuilding(f"视图 {view.service}.{view.name} 正在由另一个进程重建，请等它完成。")
    # The lock ends with the session.
    yield


def _worth(view: TableView[Any], events: int) -> int:
    return 1 if view.shares == 1 else max(1, min(os.cpu_count() or 1, events // WORTH_A_CHILD))


def _end(connection: psycopg.Connection[Any]) -> int:
    row = connection.cursor(row_factory=tuple_row).execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
    return int(row[0]) if row else 0


def _build(connection: psycopg.Connection[Any], dsn: str, building: Building, end: int, processes: int, progress: Progress) -> None:
    view = building.view
    if processes == 1:
        with _no_collections():
            build_lanes(connection, building, range(LANES), end, lambda done: progress(done, end))
        return
    dealt = [tuple(lane for lane in range(LANES) if lane % processes == number) for number in range(processes)]
    # A fork starts at once, but takes threads along that don't run in the child.
    context: Any = multiprocessing.get_context("fork" if threading.active_count() == 1 else "spawn")
    children: dict[Any, Any] = {}
    for lanes in dealt:
        receiver, sender = context.Pipe(duplex=False)
        work = Work(dsn, view.row.__module__, view.service, view.name, building.version, lanes, end)
        child = context.Process(target=_child, args=(work, sender), daemon=True)
        child.start()
        sender.close()
        children[receiver] = child
    done = dict.fromkeys(children, 0)
    failed = ""
    try:
        while children:
            for receiver in wait(list(children)):
                try:
                    done[receiver] = cast("Connection[Any, Any]", receiver).recv()
                    progress(min(done.values()), end)
                except EOFError:
                    child = children.pop(receiver)
                    child.join()
                    failed = failed or ("" if child.exitcode == 0 else f"exit code {child.exitcode}")
    finally:
        for child in children.values():
            child.terminate()
            child.join()
    if failed:
        raise ChildFailed(failed)
    building.load_parked(connection)


@contextlib.contextmanager
def _no_collections() -> Iterator[None]:
    """Without the collector of reference cycles: folding makes none, and looking for them among all rows took longer than folding."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _child(work: Work, told: "Connection[Any, Any]") -> None:
    """One of several processes that build a view."""
    importlib.import_module(work.module)
    view = views[(work.service, work.view)]
    try:
        with psycopg.connect(work.dsn, autocommit=True) as connection:
            open_session(connection)
            gc.disable()
            build_lanes(connection, Building(view, work.version), work.lanes, work.until, told.send)
    except Exception as error:
        # Its text may hold what stands in a row: only its type is told.
        log.error("a part of a rebuild failed", view=work.view, error=type(error).__name__, at=place(error))
        sys.exit(1)


def build_lanes(
    connection: psycopg.Connection[Any], building: Building, lanes: Collection[int], until: int, told: Callable[[int], None]
) -> None:
    """Folds these lanes up to a position into the table, in one transaction; tells after each batch how far it has read."""
    view, table = building.view, building.table
    chosen = None if len(lanes) == LANES else lanes
    kept: dict[UUID, Any] = {}
    changed: dict[UUID, None] = {}
    written = False
    position = 0
    with connection.transaction():
        while position < until:
            end = min(position + BATCH, until)
            recorded = building.read(connection, read_rows(connection, position, BATCH, end, chosen))
            if written:
                missing = {key for _, event, key in recorded if key not in kept and not view.begins(event)}
                kept.update(view.load(connection, table, list(missing)))
            changed.update(building.fold(connection, recorded, kept))
            if len(kept) > KEPT:
                _write(connection, building, [kept[key] for key in changed], fresh=not written)
                kept, changed, written = {}, {}, True
            position = end
            told(position)
        _write(connection, building, [kept[key] for key in changed], fresh=not written)


def _write(connection: psycopg.Connection[Any], building: Building, rows: list[Any], *, fresh: bool) -> None:
    """All at once where nothing was written before; else what is there already is brought up to date."""
    if fresh:
        building.view.copy(connection, building.table, rows)
        return
    for start in range(0, len(rows), BATCH):
        building.view.store(connection, building.table, rows[start : start + BATCH])


def _catch_up(connection: psycopg.Connection[Any], building: Building, position: int, progress: Progress) -> int:
    """Folds what has been recorded after a position as a runner does; returns the position that has then been read.

    What is recorded while it does so is left: who runs after the end of a busy log never comes to it.
    """
    until = _end(connection)
    while rows := read_rows(connection, position, BATCH, until):
        try:
            with connection.transaction():
                building.apply(connection, rows)
        except REFUSED_BY_DATABASE:
            with connection.transaction():
                building.load_parked(connection)
                building.apply_searching(connection, rows)
        position = rows[-1].position
        progress(position, until)
    return position
