"""The pipeline: one writer for each service in a process. It takes the commands that wait, and under the log's lock brings the touched
aggregates up to date, decides one by one, and stores the events, the idempotency rows and the inbox positions of all of them in one transaction.

A refusal has changed nothing, because decisions only return events. What another replica has written is seen under the lock before anything is
decided, so that an old state never decides. When the connection is lost while committing, the outcome is unknown: the pipeline
looks for its own event ids before it tries again. A full queue answers 503 at once.
"""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from typing import Any

import psycopg
import structlog

from shared.kernel.clocks import instant
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Overloaded, Problem, Unavailable, VersionConflict
from shared.kernel.failpoints import failpoint
from shared.kernel.jobs import Job, Receipt, Sealer, Step, Unit
from shared.kernel.log import APPEND_LOCK, CHANNEL, Log, last_of_lanes
from shared.kernel.places import place
from shared.kernel.states import States
from shared.kernel.work import Work

log = structlog.get_logger("gongkai.pipeline")

NOTHING_BUT_POSITIONS = "SET LOCAL synchronous_commit = off; COMMIT"
"""Positions passed over without effect need not wait for the disk: what a power cut takes of them is handled again."""

OPEN = f"BEGIN; SELECT pg_advisory_xact_lock({APPEND_LOCK}); SELECT coalesce(max(position), 0) FROM events"
"""One journey to the server; the last statement has a snapshot of its own, so it sees what the lock waited for."""


class Pipeline:
    """The writer of a service's log. `limit` commands may wait; up to `batch` are carried out in one transaction."""

    def __init__(
        self,
        log: Log,
        keys: Sealer | None,
        laws: Callable[[AgencyFacts], Any],
        *,
        limit: int = 2000,
        batch: int = 256,
        idempotency_days: int = 7,
        cached: int = 20_000,
        patience: float = 20.0,
    ) -> None:
        self.log = log
        self.keys = keys
        self.laws = laws
        self.limit = limit
        self.batch = batch
        self.idempotency_days = idempotency_days
        self.patience = patience
        self.last = 0
        self.committed: list[Callable[[int], None]] = []
        self.waiting = 0
        self.commands = 0
        self.batches = 0
        self._states = States(cached)
        self._lanes: dict[int, int] = {}
        self._queue: queue.SimpleQueue[Unit | None] = queue.SimpleQueue()
        self._connection: psycopg.Connection[Any] | None = None
        self._attempted: Work | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"pipeline-{log.service}", daemon=True)

    def start(self) -> None:
        """Starts the writer's thread."""
        self._thread.start()

    def stop(self) -> None:
        """Carries out what waits, then ends."""
        self._stopping = True
        self._queue.put(None)
        self._thread.join()
        if self._connection is not None:
            self._connection.close()

    def submit(self, steps: Sequence[Step], *, ordered: bool = False) -> Future[Sequence[Step]]:
        """Queues a unit; raises `Overloaded` when the queue is full, and then nothing was done."""
        done: Future[Sequence[Step]] = Future()
        self._enqueue(Unit(steps=steps, done=done, queued=time.monotonic(), ordered=ordered))
        return done

    async def execute(self, job: Job) -> Receipt:
        """Carries out one command; raises the problem that refused it."""
        step = Step(job=job)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._enqueue(Unit(steps=(step,), done=done, queued=time.monotonic()))
        await done
        if isinstance(step.outcome, Receipt):
            return step.outcome
        if isinstance(step.outcome, Problem):
            raise step.outcome
        raise Unavailable("failed", "系统暂时无法完成此操作，没有保存任何内容，请稍后重试。", retry_after=5)

    def _enqueue(self, unit: Unit) -> None:
        if self._stopping:
            raise Unavailable("stopping", "系统正在停止，请稍后再试。", retry_after=5)
        if self.waiting + len(unit.steps) > self.limit and self.waiting:
            raise Overloaded("queue-full", "系统繁忙，请稍候几秒再提交；您的内容没有丢失，也没有重复提交。", retry_after=2)
        self.waiting += len(unit.steps)
        self._queue.put(unit)

    def _run(self) -> None:
        ending = False
        while not ending:
            first = self._queue.get()
            if first is None:
                break
            units = [first]
            count = len(first.steps)
            while count < self.batch:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    ending = True
                    break
                units.append(following)
                count += len(following.steps)
            self._carry_out(units)
            self.waiting -= count
            self._finish(units)

    def _finish(self, units: Sequence[Unit]) -> None:
        """Tells everyone who waits: one call into each event loop for the whole batch."""
        loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
        for unit in units:
            if isinstance(unit.done, asyncio.Future):
                loops.setdefault(unit.done.get_loop(), []).append(unit.done)
            elif not unit.done.cancelled():
                with contextlib.suppress(InvalidStateError):
                    unit.done.set_result(unit.steps)
        for loop, waiting in loops.items():
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(resolve, waiting)
        for wake in self.committed:
            wake(self.last)

    def _carry_out(self, units: Sequence[Unit]) -> None:
        """One transaction for all; if that meets a conflict, one for each; if the database is out of reach, until patience ends."""
        deadline = time.monotonic() + self.patience
        attempt = 0
        self._attempted = None
        while True:
            try:
                work = self._stored_already() or self._transact(units)
            except psycopg.errors.UniqueViolation:
                self._forget()
                if len(units) > 1:
                    for unit in units:
                        self._carry_out([unit])
                    return
                if attempt:
                    self._fail(units, VersionConflict("conflict", "该事项刚被他人更新，请刷新后重试。"))
                    return
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                self._disconnect()
                log.warning("the log is out of reach", service=self.log.service, error=type(error).__name__, attempt=attempt)
                if time.monotonic() > deadline:
                    self._fail(units, Unavailable("log-unreachable", "数据库暂时无法访问，没有保存任何内容，请稍后重试。", retry_after=10))
                    return
                time.sleep(min(0.1 * 2**attempt, 2.0))
            except Exception as error:
                self._disconnect()
                log.error("a batch failed", service=self.log.service, error=type(error).__name__, at=place(error))
                if len(units) > 1:
                    for unit in units:
                        self._carry_out([unit])
                    return
                self._fail(units, error)
                return
            else:
                work.settle()
                return
            attempt += 1

    def _fail(self, units: Sequence[Unit], error: Problem | Exception) -> None:
        for unit in units:
            for step in unit.steps:
                step.outcome = error

    def _transact(self, units: Sequence[Unit]) -> Work:
        connection = self._connected()
        now = instant()
        try:
            opened = connection.execute(OPEN)
            while opened.nextset():
                pass
            (last,) = opened.fetchall()[0]
            if last != self.last:
                self._catch_up(connection, last)
            work = Work(self, connection, units, now)
            work.decide()
            self._attempted = work
            failpoint("pipeline.before_commit")
            work.store()
            connection.execute(f"NOTIFY {CHANNEL}, '{work.last}'; COMMIT" if work.changed else NOTHING_BUT_POSITIONS)
        except BaseException:
            self._states.drop_working()
            with contextlib.suppress(psycopg.Error):
                connection.execute("ROLLBACK")
            raise
        failpoint("pipeline.after_commit")
        self.last = work.last
        self._lanes = work.lanes
        self._states.keep_working()
        self.batches += 1
        return work

    def _stored_already(self) -> Work | None:
        """The attempt before, if it turns out to have committed although its connection was lost: its events are there, all or none."""
        attempted = self._attempted
        if attempted is None or not attempted.rows:
            return None
        first = attempted.rows[0].event_id
        found = self._connected().execute("SELECT FROM events WHERE event_id = %s", (first,)).fetchone()
        return attempted if found is not None else None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.log.datastore.dsn, autocommit=True, prepare_threshold=1)
            self.last = -1
            self._forget()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
        self._connection = None
        self._forget()

    def _forget(self) -> None:
        self.last = -1
        self._states.clear()

    def _catch_up(self, connection: psycopg.Connection[Any], last: int) -> None:
        """Another replica has written since: what is remembered of the aggregates that it touched is dropped."""
        if 0 <= self.last < last and last - self.last <= 10_000:
            touched = connection.execute("SELECT DISTINCT originator_id FROM events WHERE position > %s", (self.last,))
            self._states.forget(row[0] for row in touched)
        else:
            self._states.clear()
        self._lanes = last_of_lanes(connection)
        self.last = last

    @property
    def states(self) -> States:
        """The remembered aggregates; only the writer's thread may touch them."""
        return self._states

    @property
    def lanes(self) -> dict[int, int]:
        """The last position of each lane; only the writer's thread may touch it."""
        return self._lanes


def resolve(waiting: Sequence[asyncio.Future[None]]) -> None:
    """Wakes those who wait; runs in their event loop."""
    for future in waiting:
        if not future.done():
            future.set_result(None)
