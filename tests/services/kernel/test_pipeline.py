"""The pipeline against PostgreSQL: what is acknowledged is stored once, what is refused has changed nothing, whoever else writes."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

import psycopg
import pytest

from shared.kernel.errors import KeyReused, Overloaded, Refused, Unavailable, VersionConflict
from shared.kernel.idempotency import IdempotencyKey
from shared.kernel.identity import fresh_id
from shared.kernel.jobs import Handled, Postponed, Receipt, Step
from shared.kernel.pipeline import Pipeline
from shared.kernel.work import Work
from shared.settings import Settings
from shared.trust.sealing import KeyUnavailable, NotAtHand
from tests.services.kernel.toys import CatchUp, CloseTally, Follow, Mark, OpenTally, ReopenTally, new_pipeline, of, tally
from tests.specification import AGENCY


@pytest.fixture
def pipeline(settings: Settings) -> Iterator[Pipeline]:
    made = new_pipeline(settings)
    yield made
    made.stop()
    made.log.close()


def total(pipeline: Pipeline, id: UUID) -> int:
    return tally.fold(tally.initial(id), (row.recorded() for row in pipeline.log.rows.read_aggregate(id))).total


async def opened(pipeline: Pipeline) -> UUID:
    return (await pipeline.execute(of(OpenTally(name="计数")))).id


async def test_many_commands_of_one_batch_touch_the_same_aggregate(pipeline: Pipeline) -> None:
    id = await opened(pipeline)
    receipts = await asyncio.gather(*(pipeline.execute(of(Mark(), id)) for _ in range(100)))
    assert total(pipeline, id) == 100
    assert sorted(receipt.version for receipt in receipts) == list(range(2, 102))
    assert pipeline.batches < 100, "they were not taken together"


async def test_a_refusal_in_the_middle_of_a_batch_changes_nothing_and_harms_nobody(pipeline: Pipeline) -> None:
    id, other = await opened(pipeline), await opened(pipeline)
    steps = [Step(job=of(Mark(), id)), Step(job=of(CloseTally(), id)), Step(job=of(Mark(), id)), Step(job=of(Mark(by=7), other))]
    done = await asyncio.wrap_future(pipeline.submit(steps))
    assert [type(step.outcome) for step in done] == [Receipt, Receipt, Refused, Receipt]
    assert (total(pipeline, id), total(pipeline, other)) == (1, 7)


async def test_a_fault_of_the_program_is_not_told_and_harms_nobody(pipeline: Pipeline) -> None:
    id = await opened(pipeline)
    with pytest.raises(Unavailable) as told:
        await pipeline.execute(of(Mark(by=13), id))
    assert "fault" not in told.value.sentence
    assert (await pipeline.execute(of(Mark(), id))).version == 2


async def test_two_replicas_write_the_same_aggregate(settings: Settings) -> None:
    first, second = new_pipeline(settings), new_pipeline(settings)
    try:
        id = await opened(first)
        await asyncio.gather(*((first, second)[number % 2].execute(of(Mark(), id)) for number in range(60)))
        rows = first.log.rows.read_aggregate(id)
        assert [row.originator_version for row in rows] == list(range(1, 62))
        await first.execute(of(CloseTally(), id))
        with pytest.raises(Refused):
            await second.execute(of(Mark(), id))
    finally:
        for pipeline in (first, second):
            pipeline.stop()
            pipeline.log.close()


async def test_positions_are_dense_and_lanes_are_chained(pipeline: Pipeline) -> None:
    await asyncio.gather(*(pipeline.execute(of(OpenTally(name="甲"))) for _ in range(50)))
    rows = pipeline.log.rows.read(0, 100_000)
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    before: dict[int, int] = {}
    for row in rows:
        assert row.lane == row.case_id.int % 16
        assert row.lane_before == before.get(row.lane, 0)
        before[row.lane] = row.position


async def test_a_version_that_somebody_else_has_changed_is_a_conflict(pipeline: Pipeline) -> None:
    id = await opened(pipeline)
    await pipeline.execute(of(Mark(), id, expected_version=1))
    with pytest.raises(VersionConflict):
        await pipeline.execute(of(Mark(), id, expected_version=1))
    assert total(pipeline, id) == 1


async def test_a_key_that_comes_again_is_answered_and_not_carried_out_even_after_a_restart(settings: Settings) -> None:
    key = IdempotencyKey.of("a-key-of-mine", "scope", b"body")
    first = new_pipeline(settings)
    receipt = await first.execute(of(OpenTally(name="一次"), key=key))
    first.stop()
    second = new_pipeline(settings)
    try:
        again = await second.execute(of(OpenTally(name="一次"), key=key))
        assert (again.id, again.position, again.repeated) == (receipt.id, receipt.position, True)
        with pytest.raises(KeyReused):
            await second.execute(of(OpenTally(name="另一份"), key=IdempotencyKey.of("a-key-of-mine", "scope", b"other body")))
        both = await asyncio.gather(
            *(second.execute(of(OpenTally(name="两次"), key=IdempotencyKey.of("twin-key", "s", b"b"))) for _ in range(2))
        )
        assert both[0].id == both[1].id
    finally:
        second.stop()
        for pipeline in (first, second):
            pipeline.log.close()


def test_the_idempotency_row_shows_nothing_without_the_key(settings: Settings) -> None:
    key = IdempotencyKey.of("secret-key-123", "scope", b"body")
    sealed = key.seal({"query_password": "hunter2"})
    assert b"hunter2" not in sealed
    assert key.open(sealed) == {"query_password": "hunter2"}


async def test_a_full_queue_is_told_at_once(settings: Settings) -> None:
    pipeline = new_pipeline(settings, limit=5)
    try:
        with psycopg.connect(settings.dsn("press", role="gongkai_press"), autocommit=True) as blocker:
            blocker.execute("BEGIN; SELECT pg_advisory_xact_lock(7101)")
            waiting = [pipeline.submit([Step(job=of(OpenTally(name="等")))]) for _ in range(5)]
            with pytest.raises(Overloaded) as told:
                pipeline.submit([Step(job=of(OpenTally(name="满")))])
            assert told.value.retry_after
            blocker.execute("ROLLBACK")
        for future in waiting:
            (step,) = future.result(timeout=10)
            assert isinstance(step.outcome, Receipt)
    finally:
        pipeline.stop()
        pipeline.log.close()


class LosesTheAnswer(Pipeline):
    """Its connection is lost right after the commit, once: the outcome is unknown to it."""

    lost = False

    async def _transact(self, units: object, locked: bool, looking: bool) -> Work:
        work = await super()._transact(units, locked, looking)  # type: ignore[arg-type]
        if not self.lost and work.rows:
            self.lost = True
            raise psycopg.OperationalError("connection lost")
        return work


async def test_a_commit_whose_answer_was_lost_is_found_and_not_repeated(settings: Settings) -> None:
    whole = new_pipeline(settings)
    pipeline = LosesTheAnswer(whole.log, None, whole.laws)
    pipeline.start()
    try:
        receipt = await pipeline.execute(of(OpenTally(name="仅此一次")))
        assert pipeline.lost
        assert len(pipeline.log.rows.read_aggregate(receipt.id)) == 1
        assert (await pipeline.execute(of(Mark(), receipt.id))).version == 2
    finally:
        pipeline.stop()
        whole.stop()
        whole.log.close()


async def test_a_lane_stops_behind_an_event_that_could_not_be_handled(pipeline: Pipeline) -> None:
    id, other, incarnation = await opened(pipeline), await opened(pipeline), fresh_id()

    def step(lane: int, position: int, by: int, target: UUID) -> Step:
        handled = Handled(source="review", lane=lane, position=position, incarnation=incarnation, case_id=target, topic="review.X:1")
        return Step(job=of(Mark(by=by), target), handled=handled)

    steps = [step(3, 901, 1, id), step(3, 902, 13, id), step(3, 903, 1, id), step(4, 904, 1, other)]
    done = await asyncio.wrap_future(pipeline.submit(steps, ordered=True))
    assert [type(s.outcome) for s in done] == [Receipt, ZeroDivisionError, Postponed, Receipt]
    again = await asyncio.wrap_future(pipeline.submit([step(3, 901, 1, id), step(4, 904, 1, other)], ordered=True))
    assert all(isinstance(s.outcome, Receipt) and s.outcome.repeated for s in again)
    assert (total(pipeline, id), total(pipeline, other)) == (1, 1)


CRASH = """
import asyncio, sys
from uuid import UUID
from shared.settings import load_settings
from tests.services.kernel.toys import OpenTally, new_pipeline, of
pipeline = new_pipeline(load_settings())
asyncio.run(pipeline.execute(of(OpenTally(name="崩溃"), UUID(sys.argv[1]))))
print("acknowledged")
"""


@pytest.mark.parametrize(("place", "stored"), [("pipeline.before_commit", 0), ("pipeline.after_commit", 1)])
def test_a_crash_before_or_after_the_commit(settings: Settings, place: str, stored: int) -> None:
    id = fresh_id()
    environment = {**os.environ, **settings.environment(), "GONGKAI_FAIL_AT": place}
    ended = subprocess.run([sys.executable, "-c", CRASH, str(id)], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 70, ended.stderr
    assert "acknowledged" not in ended.stdout
    pipeline = new_pipeline(settings)
    try:
        assert len(pipeline.log.rows.read_aggregate(id)) == stored
        receipt = asyncio.run(pipeline.execute(of(OpenTally(name="之后"))))
        assert receipt.position == pipeline.log.recorder.max_notification_id()
    finally:
        pipeline.stop()
        pipeline.log.close()


def test_the_writer_survives_a_server_that_ends_its_connections(settings: Settings, pipeline: Pipeline) -> None:
    id = asyncio.run(opened(pipeline))
    stop = threading.Event()
    with psycopg.connect(settings.dsn("press", role=None), autocommit=True) as operator:
        for _ in range(3):
            operator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert asyncio.run(pipeline.execute(of(Mark(), id)))
    stop.set()
    assert total(pipeline, id) == 3


async def test_a_refusal_is_never_decided_on_an_old_memory(settings: Settings) -> None:
    first, second = new_pipeline(settings), new_pipeline(settings)
    try:
        id = await opened(first)
        await second.execute(of(CloseTally(), id))
        await second.execute(of(ReopenTally(), id))
        with pytest.raises(Refused):
            await second.execute(of(ReopenTally(), id))
        await first.execute(of(CloseTally(), id))
        assert (await second.execute(of(ReopenTally(), id))).version == 5, "what second remembers is open, but first has closed it since"
    finally:
        for pipeline in (first, second):
            pipeline.stop()
            pipeline.log.close()


async def test_a_decision_reads_what_its_state_names(settings: Settings) -> None:
    first, second = new_pipeline(settings), new_pipeline(settings)
    try:
        led, other = await opened(first), await opened(first)
        await first.execute(of(Mark(by=5), led))
        await first.execute(of(Follow(other=led), other))
        await first.execute(of(CatchUp(), other))
        assert total(first, other) == 5
        await second.execute(of(CatchUp(), other))
        await second.execute(of(Mark(by=2), led))
        await first.execute(of(CatchUp(), other))
        assert total(first, other) == 7, "what first remembers is five, but second has marked it since"
    finally:
        for pipeline in (first, second):
            pipeline.stop()
            pipeline.log.close()


@pytest.mark.parametrize("remembers", [True, False])
async def test_a_decision_reads_what_its_state_has_come_to_name_within_the_batch(settings: Settings, remembers: bool) -> None:
    first, second = new_pipeline(settings), new_pipeline(settings)
    try:
        led, other = await opened(first), await opened(first)
        await first.execute(of(Mark(by=5), led))
        steps = [Step(job=of(command, other)) for command in (Follow(other=fresh_id()), CatchUp(), Follow(other=led), CatchUp())]
        done = await asyncio.wrap_future((first if remembers else second).submit(steps))
        assert [type(step.outcome) for step in done] == [Receipt] * 4
        state = tally.fold(tally.initial(other), (row.recorded() for row in first.log.rows.read_aggregate(other)))
        assert (state.total, state.version) == (5, 5), "decided more than once, stored once"
    finally:
        for pipeline in (first, second):
            pipeline.stop()
            pipeline.log.close()


async def test_what_another_agency_has_is_not_there_for_the_state_that_names_it(pipeline: Pipeline) -> None:
    elsewhere = AGENCY.model_copy(update={"code": "other-agency"})
    theirs = (await pipeline.execute(of(OpenTally(name="他机关"), agency=elsewhere))).id
    await pipeline.execute(of(Mark(by=9), theirs, agency=elsewhere))
    own = await opened(pipeline)
    await pipeline.execute(of(Follow(other=theirs), own))
    await pipeline.execute(of(CatchUp(), own))
    assert total(pipeline, own) == 0, "an empty tally is all that it can see"


async def test_a_key_that_was_used_on_another_replica_is_answered_with_its_answer(settings: Settings) -> None:
    first, second = new_pipeline(settings), new_pipeline(settings)
    try:
        await opened(second)
        key = IdempotencyKey.of("key-of-two-replicas", "scope", b"body")
        receipt = await first.execute(of(OpenTally(name="一次"), key=key))
        await opened(second)
        before = second.log.recorder.max_notification_id()
        steps = [Step(job=of(OpenTally(name="一次"), key=key)), Step(job=of(OpenTally(name="另一件")))]
        again, other = await asyncio.wrap_future(second.submit(steps))
        assert isinstance(again.outcome, Receipt)
        assert isinstance(other.outcome, Receipt)
        assert (again.outcome.id, again.outcome.repeated, other.outcome.repeated) == (receipt.id, True, False)
        assert second.log.recorder.max_notification_id() == (before or 0) + 1
    finally:
        for pipeline in (first, second):
            pipeline.stop()
            pipeline.log.close()


async def test_the_writer_in_the_loop_of_those_who_wait(settings: Settings) -> None:
    whole = new_pipeline(settings)
    pipeline = Pipeline(whole.log, None, whole.laws)
    pipeline.start(asyncio.get_running_loop())
    receipts = await asyncio.gather(*(pipeline.execute(of(OpenTally(name="同一线程"))) for _ in range(50)))
    assert len({receipt.position for receipt in receipts}) == 50
    with pytest.raises(RuntimeError):
        pipeline.stop()
    await asyncio.to_thread(pipeline.stop)
    with pytest.raises(Unavailable):
        await pipeline.execute(of(OpenTally(name="太迟")))
    whole.stop()
    whole.log.close()


class KeysAway:
    """Keys whose database is out of reach: nothing is at hand, and nothing can be brought."""

    sent_for = 0

    def take(self, agency: str, *, wait: bool = True) -> UUID:
        raise NotAtHand(agency)

    def seal_all(self, key_id: UUID, event_id: UUID, topic: str, texts: Mapping[str, str]) -> dict[str, str]:
        raise NotAtHand(key_id)

    def bring(self, wanted: NotAtHand, persons: Iterable[UUID] = ()) -> None:
        self.sent_for += 1
        raise KeyUnavailable


async def test_keys_out_of_reach_fail_their_command_alone(settings: Settings) -> None:
    whole = new_pipeline(settings)
    keys = KeysAway()
    pipeline = Pipeline(whole.log, keys, whole.laws)
    pipeline.start()
    try:
        steps = [
            Step(job=of(OpenTally(name="无人"))),
            Step(job=of(OpenTally(name="有人", owner="张三"))),
            Step(job=of(OpenTally(name="无人"))),
        ]
        done = await asyncio.wrap_future(pipeline.submit(steps))
        assert [type(step.outcome) for step in done] == [Receipt, KeyUnavailable, Receipt]
        assert keys.sent_for, "the batch waited for them in a thread"
        assert len(whole.log.rows.read_aggregate(of_step(done[1]))) == 0
    finally:
        pipeline.stop()
        whole.stop()
        whole.log.close()


def of_step(step: Step) -> UUID:
    assert step.job is not None
    return step.job.id
