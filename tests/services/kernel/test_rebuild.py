"""A view built again beside the one that serves: readers see the one or the other, and every event counts once, whoever writes meanwhile."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.requests.views.cases import cases
from shared.kernel.building import Building, serving_version
from shared.kernel.pipeline import Pipeline
from shared.kernel.rebuild import REBUILD_LOCK, AlreadyRebuilding, next_version, parked_cases, rebuild
from shared.kernel.viewrunner import ViewRunner
from shared.kernel.views import TableView
from shared.platform.databases import provision, statements
from shared.settings import Settings
from tests.services.kernel import toys
from tests.services.kernel.conftest import marked, rows, seen, toy_runner
from tests.services.kernel.toys import Mark, NotedRow, of, tally_view


@pytest.fixture
def runner(dsn: str) -> Iterator[ViewRunner]:
    made = ViewRunner("press", dsn, [tally_view()])
    made.start()
    yield made
    made.stop()


def serving(dsn: str) -> str:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return serving_version(connection, tally_view())


async def test_a_view_is_built_again_beside_the_one_that_serves(pipeline: Pipeline, runner: ViewRunner, dsn: str) -> None:
    id, position = await marked(pipeline, 1, 2)
    await runner.wait(position, 5)
    seen(dsn, f"UPDATE views.tallies__{serving(dsn)} SET total = 99 RETURNING id")
    told: list[tuple[int, int]] = []
    read = await asyncio.to_thread(rebuild, dsn, runner.views[0], lambda done, total: told.append((done, total)))
    assert read >= position
    assert told[-1][0] == told[-1][1]
    assert rows(dsn)[id] == 3
    other, position = await marked(pipeline, 8)
    await runner.wait(position, 5)
    assert rows(dsn)[other] == 8, "the runner goes on with the new version"
    assert seen(dsn, "SELECT count(*)::int FROM pg_tables WHERE schemaname = 'views' AND tablename LIKE 'tallies%%'") == [(1,)]


@pytest.mark.parametrize("processes", ["1", "2", "3"])
async def test_nothing_is_lost_or_folded_twice_while_commands_go_on(
    pipeline: Pipeline, runner: ViewRunner, dsn: str, processes: str
) -> None:
    made = [await marked(pipeline, 1) for _ in range(20)]
    rebuilding = await toy_runner("rebuild", dsn, processes)
    ended = asyncio.create_task(rebuilding.wait())
    before = serving(dsn)
    expected = dict.fromkeys((id for id, _ in made), 1)
    position = 0
    while not ended.done():
        for id in expected:
            receipt = await pipeline.execute(of(Mark(by=1), UUID(id)))
            expected[id] += 1
            position = receipt.position
    assert await ended == 0
    assert serving(dsn) != before
    assert await runner.wait(position, 10) >= position
    found = rows(dsn)
    assert {id: found[id] for id in expected} == expected


async def test_a_log_that_never_rests_does_not_keep_a_rebuild_from_its_end(
    pipeline: Pipeline, runner: ViewRunner, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, _ = await marked(pipeline, 1)
    loop, made = asyncio.get_running_loop(), [1]
    folded, finished = Building.apply, TableView.finish

    def one_more() -> None:
        if threading.current_thread().name != f"views-{runner.service}":
            made.append(1)
            asyncio.run_coroutine_threadsafe(pipeline.execute(of(Mark(by=1), UUID(id))), loop).result(5)

    def finish(view: TableView[Any], *arguments: Any) -> None:
        finished(view, *arguments)
        one_more()

    def apply(building: Building, *arguments: Any) -> None:
        folded(building, *arguments)
        one_more()

    monkeypatch.setattr(TableView, "finish", finish)
    monkeypatch.setattr(Building, "apply", apply)
    await asyncio.wait_for(asyncio.to_thread(rebuild, dsn, runner.views[0]), 20)
    monkeypatch.undo()
    receipt = await pipeline.execute(of(Mark(by=1), UUID(id)))
    await runner.wait(receipt.position, 10)
    assert rows(dsn)[id] == len(made) + 1
    assert len(made) < 10


async def test_a_rebuilt_view_is_the_same_as_the_one_that_grew(pipeline: Pipeline, runner: ViewRunner, dsn: str) -> None:
    position = 0
    for _ in range(5):
        _, position = await marked(pipeline, 1, 666, 1)
    await marked(pipeline, 2**62, 2**62, 1)
    _, position = await marked(pipeline, 1)
    await runner.wait(position, 10)
    everything = "SELECT * FROM views.tallies ORDER BY id"
    parked = "SELECT case_id, position, error FROM views.parked WHERE view = 'tallies' ORDER BY position"
    grown = seen(dsn, everything), seen(dsn, parked)
    await asyncio.to_thread(rebuild, dsn, runner.views[0])
    assert (seen(dsn, everything), seen(dsn, parked)) == grown
    assert await (await toy_runner("rebuild", dsn, "2")).wait() == 0
    assert (seen(dsn, everything), seen(dsn, parked)) == grown


async def test_more_rows_than_fit_in_memory_are_written_on_the_way(
    pipeline: Pipeline, runner: ViewRunner, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [await marked(pipeline, 1) for _ in range(10)]
    for id, _ in made:
        receipt = await pipeline.execute(of(Mark(by=2), UUID(id)))
    await runner.wait(receipt.position, 5)
    monkeypatch.setattr("shared.kernel.rebuild.KEPT", 3)
    monkeypatch.setattr("shared.kernel.rebuild.BATCH", 7)
    await asyncio.to_thread(rebuild, dsn, runner.views[0])
    assert {rows(dsn)[id] for id, _ in made} == {3}


async def test_a_parked_case_is_released_by_building_the_view_again_once_its_fold_is_mended(
    pipeline: Pipeline, runner: ViewRunner, dsn: str
) -> None:
    bad, position = await marked(pipeline, 1, 666, 5)
    await runner.wait(position, 5)
    assert rows(dsn)[bad] == 1
    still = parked_cases(dsn, runner.views[0])
    assert still >= 1
    toys.REFUSED_MARKS.clear()
    try:
        await asyncio.to_thread(rebuild, dsn, runner.views[0])
        assert rows(dsn)[bad] == 672
        assert parked_cases(dsn, runner.views[0]) < still
        receipt = await pipeline.execute(of(Mark(by=1), UUID(bad)))
        await runner.wait(receipt.position, 5)
        assert rows(dsn)[bad] == 673, "its case goes on"
    finally:
        toys.REFUSED_MARKS.add(666)


async def test_two_do_not_build_the_same_view(runner: ViewRunner, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, hashtext('tallies'))", (REBUILD_LOCK,))
        with pytest.raises(AlreadyRebuilding):
            await asyncio.to_thread(rebuild, dsn, runner.views[0])


async def test_a_program_with_a_view_of_another_shape_builds_its_own_beside_the_one_that_serves(pipeline: Pipeline, dsn: str) -> None:
    older = ViewRunner("press", dsn, [tally_view("1")])
    older.start()
    id, position = await marked(pipeline, 1, 2)
    await older.wait(position, 5)
    newer = ViewRunner("press", dsn, [tally_view("2", NotedRow)])
    newer.start()
    async with asyncio.timeout(20):
        while not Building(newer.views[0], serving(dsn)).own:
            await asyncio.sleep(0.02)
    receipt = await pipeline.execute(of(Mark(by=4), UUID(id)))
    assert await newer.wait(receipt.position, 5) >= receipt.position
    assert seen(dsn, "SELECT total, notes FROM views.tallies WHERE id = %s", UUID(id)) == [(7, [])]
    older.stop()
    again = ViewRunner("press", dsn, [tally_view("1")])
    again.start()
    assert await again.wait(receipt.position, 5) >= receipt.position, "the older program leaves it to the newer, and reads it"
    again.stop()
    newer.stop()
    assert serving(dsn).startswith("2_")


def test_a_database_made_before_views_had_shares_is_brought_up_to_date(settings: Settings) -> None:
    with psycopg.connect(settings.dsn("press")) as connection:
        connection.execute("DELETE FROM views.progress WHERE share > 0")
        connection.execute("ALTER TABLE views.progress DROP COLUMN share, ADD PRIMARY KEY (view, version)")
        connection.execute("INSERT INTO views.progress VALUES ('old', '1', 5, true)")
        connection.execute(statements("press").encode())
        assert connection.execute("SELECT share, position FROM views.progress WHERE view = 'old'").fetchone() == (0, 5)
        connection.rollback()


async def test_provisioning_again_leaves_the_views_alone(pipeline: Pipeline, runner: ViewRunner, dsn: str, settings: Settings) -> None:
    id, position = await marked(pipeline, 3)
    await runner.wait(position, 5)
    with psycopg.connect(settings.dsn("postgres"), autocommit=True) as server:
        server.execute("COMMENT ON DATABASE gongkai_press IS 'an older schema'")
    assert provision(settings)
    assert rows(dsn)[id] == 3


def test_the_version_that_is_built() -> None:
    content = tally_view().content
    assert next_version("1", content) == content, "made by a program whose tables were not named after their shape"
    assert next_version(content, content) == f"{content}_b1"
    assert next_version(f"{content}_b7", content) == f"{content}_b8"
    assert next_version(f"{content}_b7", tally_view("2").content) == tally_view("2").content
    assert tally_view("1", NotedRow).content != content, "another shape has another name"


async def test_a_program_with_threads_builds_in_processes_that_are_not_forks_of_it(settings: Settings) -> None:
    dsn = settings.dsn("requests", role="gongkai_requests")
    with psycopg.connect(dsn, autocommit=True) as connection:
        before = serving_version(connection, cases)
        await asyncio.to_thread(rebuild, dsn, cases, processes=2)
        assert serving_version(connection, cases) == next_version(before, cases.content)
