"""The toys' service on the worker's PostgreSQL, its views made anew for each test."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import tuple_row

from shared.kernel.pipeline import Pipeline
from shared.kernel.views import EVERY_AGENCY
from shared.settings import Settings
from tests.services.kernel.toys import Mark, OpenTally, new_pipeline, of
from tests.specification import AGENCY


@pytest.fixture
def dsn(settings: Settings) -> Iterator[str]:
    dsn = settings.dsn("press", role="gongkai_press")
    forget_views(dsn)
    yield dsn
    forget_views(dsn)


@pytest.fixture
def pipeline(settings: Settings) -> Iterator[Pipeline]:
    made = new_pipeline(settings)
    yield made
    made.stop()
    made.log.close()


def forget_views(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for name in ("tallies", "sums"):
            connection.execute(f"DROP VIEW IF EXISTS views.{name}")
            versions = connection.execute("DELETE FROM views.progress WHERE view = %s RETURNING version", (name,)).fetchall()
            for version in {version for (version,) in versions}:
                connection.execute(f"DROP TABLE IF EXISTS views.{name}__{version}")
            connection.execute("DELETE FROM views.parked WHERE view = %s", (name,))


def seen(dsn: str, sql: str, *parameters: Any, agency: str | None = EVERY_AGENCY) -> list[tuple[Any, ...]]:
    """What a session of an agency sees; with None it names none."""
    with psycopg.connect(dsn, row_factory=tuple_row, autocommit=True) as connection:
        if agency is not None:
            connection.execute("SELECT set_config('gongkai.agency', %s, false)", (agency,))
        return connection.execute(sql, parameters).fetchall()


def rows(dsn: str) -> dict[str, int]:
    """The tallies' totals by their ids."""
    return dict(seen(dsn, "SELECT id::text, total FROM views.tallies"))  # type: ignore[arg-type]


async def marked(pipeline: Pipeline, *marks: int, agency: Any = AGENCY) -> tuple[str, int]:
    """A new tally with these marks: its id, and the position of the last."""
    receipt = await pipeline.execute(of(OpenTally(name="计数"), agency=agency))
    id = receipt.id
    for by in marks:
        receipt = await pipeline.execute(of(Mark(by=by), id, agency=agency))
    return str(id), receipt.position


async def toy_runner(act: str, dsn: str, number: str, *, fail_at: str = "") -> Process:
    """A process of its own that keeps or builds the tallies."""
    environment = {**os.environ, "GONGKAI_FAIL_AT": fail_at}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.services.kernel.toy_runner", act, dsn, number, env=environment, stdout=PIPE
    )
