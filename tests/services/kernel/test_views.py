"""Views against PostgreSQL: folds of the log that keep up with it, whoever dies; one bad case does not stop the rest."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from shared.kernel.events import Recorded
from shared.kernel.identity import fresh_id
from shared.kernel.pipeline import Pipeline
from shared.kernel.viewrunner import ViewRunner
from shared.kernel.views import TableView
from shared.settings import Settings
from tests.services.kernel.conftest import marked, rows, seen, toy_runner
from tests.services.kernel.toys import Mark, SumRow, TallyRow, of, sum_view, tally_view
from tests.specification import AGENCY


@pytest.fixture
def runner(dsn: str) -> Iterator[ViewRunner]:
    made = ViewRunner("press", dsn, [tally_view()])
    made.start()
    yield made
    made.stop()


async def held(runner: ViewRunner, shares: int) -> None:
    """Waits until a runner keeps so many shares."""
    async with asyncio.timeout(10):
        while runner.shares is None or len(runner.shares.held) != shares:
            await asyncio.sleep(0.02)


async def test_a_read_waits_for_what_was_written(pipeline: Pipeline, runner: ViewRunner, dsn: str) -> None:
    id, position = await marked(pipeline, 1, 2, 3)
    assert await runner.wait(position, 5) >= position
    assert rows(dsn)[id] == 6


async def test_a_read_that_waits_in_vain_answers_and_says_how_far_it_is(runner: ViewRunner, pipeline: Pipeline) -> None:
    _, position = await marked(pipeline)
    await runner.wait(position, 5)
    assert await runner.wait(position + 1000, 0.1) >= position


async def test_a_process_that_keeps_no_view_knows_how_far_they_are(runner: ViewRunner, pipeline: Pipeline, dsn: str) -> None:
    follower = ViewRunner("press", dsn, runner.views)
    follower.start(follow=True)
    _, position = await marked(pipeline, 1)
    assert await follower.wait(position, 5) >= position
    assert await follower.read_position() >= position
    follower.stop()


async def test_an_event_that_a_view_cannot_take_parks_its_case_and_no_other(pipeline: Pipeline, runner: ViewRunner, dsn: str) -> None:
    bad, _ = await marked(pipeline, 1, 666, 5)
    good, position = await marked(pipeline, 4)
    await runner.wait(position, 5)
    assert rows(dsn)[good] == 4
    assert rows(dsn)[bad] == 1, "what follows a parked event waits behind it"
    parked = seen(dsn, "SELECT error FROM views.parked WHERE case_id = %s ORDER BY position", bad)
    assert parked == [("ValueError",), ("behind a parked event",)]


async def test_a_row_that_the_database_does_not_take_parks_its_case_and_no_other(pipeline: Pipeline, runner: ViewRunner, dsn: str) -> None:
    bad, _ = await marked(pipeline, 2**62, 2**62, 5)
    good, position = await marked(pipeline, 4)
    assert await runner.wait(position, 10) >= position
    assert rows(dsn)[good] == 4
    assert rows(dsn)[bad] == 2**62
    parked = seen(dsn, "SELECT error FROM views.parked WHERE case_id = %s ORDER BY position", bad)
    assert parked == [("NumericValueOutOfRange",), ("behind a parked event",)]


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


@pytest.mark.parametrize("place", ["views.before_commit:2", "views.after_commit:2"])
async def test_a_crash_between_batches_loses_nothing_and_folds_nothing_twice(pipeline: Pipeline, dsn: str, place: str) -> None:
    made = [await marked(pipeline, 1, 2, 3) for _ in range(5)]
    # Batches of three, so that it dies in the middle of what there is.
    crashed = await toy_runner("keep", dsn, "3", fail_at=place)
    assert await asyncio.wait_for(crashed.wait(), 60) == 70
    ((reached,),) = seen(dsn, "SELECT min(position) FROM views.progress WHERE view = 'tallies' AND serving")
    assert 0 < reached < made[-1][1]
    runner = ViewRunner("press", dsn, [tally_view()])
    runner.start()
    assert await runner.wait(made[-1][1], 10) >= made[-1][1]
    runner.stop()
    assert {rows(dsn)[id] for id, _ in made} == {6}


async def test_runners_side_by_side_divide_the_shares_and_take_over_from_one_that_ends(pipeline: Pipeline, dsn: str) -> None:
    first, second = (ViewRunner("press", dsn, [tally_view(), sum_view()]) for _ in range(2))
    first.start()
    await held(first, 5)
    second.start()
    await held(second, 2)
    assert first.shares is not None
    assert second.shares is not None
    assert not first.shares.held & second.shares.held
    assert len(first.shares.held) == 3, "a view of the whole log has one share"
    made = [await marked(pipeline, 1, 2) for _ in range(20)]
    for runner in (first, second):
        assert await runner.wait(made[-1][1], 5) >= made[-1][1]
    assert {rows(dsn)[id] for id, _ in made} == {3}
    second.stop()
    await held(first, 5)
    id, position = await marked(pipeline, 7)
    assert await first.wait(position, 5) >= position
    first.stop()
    assert rows(dsn)[id] == 7


async def test_a_killed_runner_is_succeeded_by_another(pipeline: Pipeline, dsn: str) -> None:
    child = await toy_runner("keep", dsn, "100")
    assert child.stdout is not None
    assert await child.stdout.readline() == b"started\n"
    id, position = await marked(pipeline, 1)
    runner = ViewRunner("press", dsn, [tally_view()])
    runner.start()
    assert await runner.wait(position, 10) >= position
    child.kill()
    await child.wait()
    await held(runner, 4)
    receipt = await pipeline.execute(of(Mark(by=4), UUID(id)))
    assert await runner.wait(receipt.position, 5) >= receipt.position
    runner.stop()
    assert rows(dsn)[id] == 5


async def test_a_parked_case_stays_parked_when_its_share_changes_hands(pipeline: Pipeline, dsn: str) -> None:
    first, second = (ViewRunner("press", dsn, [tally_view()]) for _ in range(2))
    first.start()
    bad, position = await marked(pipeline, 1, 666)
    await first.wait(position, 5)
    second.start()
    await held(second, 2)
    first.stop()
    await held(second, 4)
    receipt = await pipeline.execute(of(Mark(by=5), UUID(bad)))
    assert await second.wait(receipt.position, 5) >= receipt.position
    second.stop()
    assert rows(dsn)[bad] == 1


async def test_a_view_whose_rows_gather_several_cases_is_kept_in_the_order_of_the_whole_log(pipeline: Pipeline, dsn: str) -> None:
    runner = ViewRunner("press", dsn, [tally_view(), sum_view()])
    runner.start()
    agency = AGENCY.model_copy(update={"code": f"a{fresh_id().hex[-12:]}"})
    for _ in range(10):
        last, position = await marked(pipeline, 1, 2, agency=agency)
    await runner.wait(position, 5)
    runner.stop()
    assert seen(dsn, "SELECT total, last::text FROM views.sums WHERE agency = %s", agency.code) == [(30, last)]


def test_a_view_with_a_key_of_its_own_says_whether_it_needs_the_whole_log() -> None:
    def by_agency(recorded: Recorded) -> Any:
        return fresh_id()

    with pytest.raises(TypeError, match="whole_log"):
        TableView("press", "undecided", "1", SumRow, key=by_agency)


def test_the_columns_of_a_view_come_from_its_row() -> None:
    view: TableView[Any] = tally_view()
    assert view.types == {"id": "uuid", "agency": "text", "position": "bigint", "name": "text", "total": "bigint"}
    assert view.row is TallyRow
