"""Views against PostgreSQL: a fold of the log that can be built again beside the one that serves; one bad case does not stop the rest."""

import asyncio
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import tuple_row

from shared.kernel.pipeline import Pipeline
from shared.kernel.rebuild import next_version, rebuild
from shared.kernel.viewrunner import ViewRunner
from shared.kernel.views import TableView
from shared.settings import Settings
from tests.services.kernel.toys import Mark, OpenTally, TallyRow, new_pipeline, of, tally_view


@pytest.fixture
def dsn(settings: Settings) -> Iterator[str]:
    dsn = settings.dsn("press", role="gongkai_press")
    forget_views(dsn)
    yield dsn
    forget_views(dsn)


def forget_views(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DROP VIEW IF EXISTS views.tallies")
        for (version,) in connection.execute("DELETE FROM views.progress WHERE view = 'tallies' RETURNING version").fetchall():
            connection.execute(f"DROP TABLE IF EXISTS views.tallies__{version}")
        connection.execute("DELETE FROM views.parked WHERE view = 'tallies'")


@pytest.fixture
def pipeline(settings: Settings) -> Iterator[Pipeline]:
    made = new_pipeline(settings)
    yield made
    made.stop()
    made.log.close()


@pytest.fixture
def runner(dsn: str) -> Iterator[ViewRunner]:
    made = ViewRunner("press", dsn, [tally_view()])
    made.start()
    yield made
    made.stop()


def rows(dsn: str) -> dict[str, int]:
    with psycopg.connect(dsn, row_factory=tuple_row) as connection:
        return dict(connection.execute("SELECT id::text, total FROM views.tallies").fetchall())


async def marked(pipeline: Pipeline, *marks: int) -> tuple[str, int]:
    receipt = await pipeline.execute(of(OpenTally(name="计数")))
    id = receipt.id
    for by in marks:
        receipt = await pipeline.execute(of(Mark(by=by), id))
    return str(id), receipt.position


async def test_a_read_waits_for_what_was_written(pipeline: Pipeline, runner: ViewRunner, dsn: str) -> None:
    id, position = await marked(pipeline, 1, 2, 3)
    assert await runner.wait(position, 5) >= position
    assert rows(dsn)[id] == 6


async def test_a_read_that_waits_in_vain_answers_and_says_how_far_it_is(runner: ViewRunner, pipeline: Pipeline) -> None:
    _, position = await marked(pipeline)
    await runner.wait(position, 5)
    assert await runner.wait(position + 1000, 0.1) >= position


async def test_an_event_that_a_view_cannot_take_parks_its_case_and_no_other(pipeline: Pipeline, runner: ViewRunner, dsn: str) -> None:
    bad, _ = await marked(pipeline, 1, 666, 5)
    good, position = await marked(pipeline, 4)
    await runner.wait(position, 5)
    assert rows(dsn)[good] == 4
    assert rows(dsn)[bad] == 1, "what follows a parked event waits behind it"
    with psycopg.connect(dsn) as connection:
        parked = connection.execute("SELECT error FROM views.parked WHERE case_id = %s ORDER BY position", (bad,)).fetchall()
    assert parked == [("ValueError",), ("behind a parked event",)]


async def test_a_view_is_built_again_beside_the_one_that_serves(pipeline: Pipeline, runner: ViewRunner, dsn: str) -> None:
    id, position = await marked(pipeline, 1, 2)
    await runner.wait(position, 5)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE views.tallies__1 SET total = 99")
    seen: list[tuple[int, int]] = []
    read = await asyncio.to_thread(rebuild, dsn, runner.views[0], lambda done, total: seen.append((done, total)))
    assert read >= position
    assert seen[-1][0] == seen[-1][1]
    assert rows(dsn)[id] == 3
    other, position = await marked(pipeline, 8)
    await runner.wait(position, 5)
    assert rows(dsn)[other] == 8, "the runner goes on with the new version"


async def test_a_rebuilt_view_is_the_same_as_the_one_that_grew(pipeline: Pipeline, runner: ViewRunner, dsn: str) -> None:
    position = 0
    for _ in range(5):
        _, position = await marked(pipeline, 1, 1)
    await runner.wait(position, 5)
    grown = rows(dsn)
    await asyncio.to_thread(rebuild, dsn, runner.views[0])
    assert rows(dsn) == grown


async def test_a_runner_whose_connection_is_ended_goes_on(pipeline: Pipeline, runner: ViewRunner, dsn: str, settings: Settings) -> None:
    _, position = await marked(pipeline, 1)
    await runner.wait(position, 5)
    with psycopg.connect(settings.dsn("press", role=None), autocommit=True) as operator:
        operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    id, position = await marked(pipeline, 2)
    await runner.wait(position, 10)
    assert rows(dsn)[id] == 2


@pytest.mark.parametrize(("serving", "declared", "built"), [("1", "2", "2"), ("1", "1", "1_b1"), ("1_b1", "1", "1_b2"), ("2_b7", "3", "3")])
def test_the_version_that_is_built(serving: str, declared: str, built: str) -> None:
    assert next_version(serving, declared) == built


def test_the_columns_of_a_view_come_from_its_row() -> None:
    view: TableView[Any] = tally_view()
    assert view.types == {"id": "uuid", "agency": "text", "position": "bigint", "name": "text", "total": "bigint"}
    assert view.row is TallyRow
