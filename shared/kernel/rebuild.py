"""Builds a view again beside the one that serves, then lets it take its place: nobody sees an empty page while it lasts."""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from shared.kernel.log import read_rows
from shared.kernel.viewrunner import Building, serve, serving
from shared.kernel.views import TableView

BATCH = 5000
"""Events folded in one transaction while rebuilding."""

KEPT = 200_000
"""Rows kept in memory between batches, so that a thing that changes often is read once."""

Progress = Callable[[int, int], None]


def rebuild(dsn: str, view: TableView[Any], progress: Progress = lambda done, total: None) -> int:
    """Builds `view` anew from position 1 and serves it; returns how many events were read. The version before is dropped afterwards."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        before = serving(connection, view)
        building = Building(view, next_version(before.version, view.version))
        connection.execute(f"DROP TABLE IF EXISTS views.{building.table}")
        connection.execute("DELETE FROM views.progress WHERE view = %s AND version = %s", (view.name, building.version))
        connection.execute("DELETE FROM views.parked WHERE view = %s AND version = %s", (view.name, building.version))
        view.create(connection, building.table)
        connection.execute("INSERT INTO views.progress VALUES (%s, %s, 0, false)", (view.name, building.version))
        position = _catch_up(connection, building, 0, progress)
        with connection.transaction():
            # The serving version's row is what the runner locks: while we hold it, no batch is applied to the old table.
            connection.execute("SELECT FROM views.progress WHERE view = %s AND serving FOR UPDATE", (view.name,))
            position = _catch_up(connection, building, position, progress)
            serve(connection, building)
            connection.execute(f"DROP TABLE views.{before.table}")
            connection.execute("DELETE FROM views.progress WHERE view = %s AND version = %s", (view.name, before.version))
            connection.execute("DELETE FROM views.parked WHERE view = %s AND version = %s", (view.name, before.version))
        return position


def next_version(serving: str, declared: str) -> str:
    """The name of the version to be built: the declared one, or its next build where that one already serves."""
    base, _, build = serving.partition("_b")
    return f"{declared}_b{int(build or 0) + 1}" if base == declared else declared


def _catch_up(connection: psycopg.Connection[Any], building: Building, position: int, progress: Progress) -> int:
    row = connection.cursor(row_factory=tuple_row).execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
    total = int(row[0]) if row else 0
    while rows := read_rows(connection, position, BATCH):
        with connection.transaction():
            building.apply(connection, rows, remember=KEPT)
            position = rows[-1].position
            connection.execute(
                "UPDATE views.progress SET position = %s WHERE view = %s AND version = %s", (position, building.view.name, building.version)
            )
        progress(position, max(total, position))
    return position
