"""The pipeline: one writer for each service in a process. It takes the commands that wait, brings the touched aggregates up to date, decides one
by one, and stores the events, the idempotency rows and the inbox positions of all of them in one transaction.

A refusal has changed nothing, because decisions only return events. The events take the positions after the last one that was seen: if another
replica has written meanwhile, these are taken, nothing is stored, and the batch is decided again under the log's lock; so an old state never
decides (docs/decisions/0006). When the connection is lost while committing, the outcome is unknown: the pipeline
looks for its own event ids before it tries again. A full queue answers 503 at once.

The writer is a task of an event loop: of the program's own, where it shares the thread with those who wait for it (a second thread spent a third
of its time waiting for the interpreter's lock), or of one in a thread of its own.
"""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from typing import Any

import psycopg
import structlog

from shared.kernel.clocks import instant
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Overloaded, Problem, Unavailable, VersionConflict
from shared.kernel.failpoints import failpoint
from shared.kernel.jobs import Job, Place, Receipt, Sealer, Step, Unit
from shared.kernel.log import APPEND_LOCK, LAST_OF_LANES, Log
from shared.kernel.places import place
from shared.kernel.states import States
from shared.kernel.work import NotRead, Work
from shared.trust.sealing import NotAtHand

log = structlog.get_logger("gongkai.pipeline")

LOCK = f"BEGIN; SELECT pg_advisory_xact_lock({APPEND_LOCK})"
"""For a batch that another replica was quicker than: it waits for its turn, and then nobody else can be quicker."""

POSITIONS = "events_pkey"
"""What is violated by a batch whose positions another replica has taken."""

KEYS = "idempotency_pkey"
"""What is violated by a batch that has not looked, with a command that was carried out before."""


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
        self._counting = threading.Lock()
        self.commands = 0
        self.batches = 0
        self.tracked: dict[Place, int] = {}
        """How far the lanes of other logs have been handled, as this replica knows; only the writer may touch it."""
        self._states = States(cached)
        self._lanes: dict[int, int] = {}
        self._queue: deque[Unit] = deque()
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._attempted: Work | None = None
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop
        self._writer: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._host = 0
        self._ended = threading.Event()

    def start(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Starts the writer: in `loop`, in whose thread this is called, or else in a loop and a thread of its own."""
        if loop is not None:
            self._begin(loop)
            return
        own = asyncio.new_event_loop()
        begun = threading.Event()

        def host() -> None:
            asyncio.set_event_loop(own)
            self._begin(own)
            begun.set()
            assert self._writer is not None
            own.run_until_complete(self._writer)
            own.close()

        threading.Thread(target=host, name=f"pipeline-{self.log.service}", daemon=True).start()
        begun.wait()

    def stop(self) -> None:
        """Carries out what waits, then ends. Blocks: never call it in the thread of the loop that hosts the writer."""
        if self._writer is None or self._ended.is_set():
            return
        if threading.get_ident() == self._host:
            raise RuntimeError("the pipeline cannot wait for itself")
        self._stopping = True
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._wake.set)
        self._ended.wait(self.patience + 10)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._host = threading.get_ident()
        self._writer = loop.create_task(self._write(), name=f"pipeline-{self.log.service}")

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
        with self._counting:
            self.waiting += len(unit.steps)
        self._queue.append(unit)
        if threading.get_ident() == self._host:
            self._wake.set()
        else:
            self._loop.call_soon_threadsafe(self._wake.set)

    async def _write(self) -> None:
        try:
            while True:
                if not self._queue:
                    if self._stopping:
                        break
                    self._wake.clear()
                    await self._wake.wait()
                    continue
                units = [self._queue.popleft()]
                count = len(units[0].steps)
                while self._queue and count < self.batch:
                    units.append(self._queue.popleft())
                    count += len(units[-1].steps)
                await self._carry_out(units)
                with self._counting:
                    self.waiting -= count
                self._finish(units)
        finally:
            await self._disconnect()
            self._ended.set()

    def _finish(self, units: Sequence[Unit]) -> None:
        """Tells everyone who waits: one call into each further event loop for the whole batch."""
        loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
        for unit in units:
            if isinstance(unit.done, asyncio.Future):
                loops.setdefault(unit.done.get_loop(), []).append(unit.done)
            elif not unit.done.cancelled():
                with contextlib.suppress(InvalidStateError):
                    unit.done.set_result(unit.steps)
        for loop, waiting in loops.items():
            if loop is self._loop:
                resolve(waiting)
                continue
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(resolve, waiting)
        for wake in self.committed:
            wake(self.last)

    async def _carry_out(self, units: Sequence[Unit], *, locked: bool = False) -> None:
        """One transaction for all; if that meets a conflict, one for each; if the database is out of reach, until patience ends."""
        deadline = time.monotonic() + self.patience
        attempt = 0
        looking = False
        self._attempted = None
        while True:
            try:
                work = await self._stored_already() or await self._transact(units, locked, looking)
            except psycopg.errors.UniqueViolation as error:
                self._attempted = None
                if error.diag.constraint_name == POSITIONS and not locked:
                    locked = True
                    continue
                if error.diag.constraint_name == KEYS and not (looking or locked):
                    looking = True
                    continue
                self._forget()
                if len(units) == 1:
                    self._fail(units, VersionConflict("conflict", "该事项刚被他人更新，请刷新后重试。"))
                    return
                for unit in units:
                    await self._carry_out([unit], locked=True)
                return
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                await self._disconnect()
                log.warning("the log is out of reach", service=self.log.service, error=type(error).__name__, attempt=attempt)
                if time.monotonic() > deadline:
                    self._fail(units, Unavailable("log-unreachable", "数据库暂时无法访问，没有保存任何内容，请稍后重试。", retry_after=10))
                    return
                await asyncio.sleep(min(0.1 * 2**attempt, 2.0))
                attempt += 1
            except Exception as error:
                await self._disconnect()
                log.error("a batch failed", service=self.log.service, error=type(error).__name__, at=place(error))
                if len(units) == 1:
                    self._fail(units, error)
                    return
                for unit in units:
                    await self._carry_out([unit])
                return
            else:
                work.settle()
                return

    def _fail(self, units: Sequence[Unit], error: Problem | Exception) -> None:
        for unit in units:
            for step in unit.steps:
                step.outcome = error

    async def _transact(self, units: Sequence[Unit], locked: bool, looking: bool) -> Work:
        connection = await self._connected()
        work = Work(self, connection, units, instant())
        try:
            if locked:
                await connection.execute(LOCK)
            if locked or looking or self.last < 0:
                await work.look_up()
            else:
                await work.recall()
            await self._decide(work)
            if not work.looked and not work.proves_itself:
                await work.look_up()
                await self._decide(work)
            self._attempted = work
            failpoint("pipeline.before_commit")
            await work.store()
            if locked:
                await connection.execute("COMMIT")
        except BaseException:
            self._states.drop_working()
            if locked:
                with contextlib.suppress(psycopg.Error):
                    await connection.execute("ROLLBACK")
            raise
        failpoint("pipeline.after_commit")
        self.last = work.last
        self._lanes = work.lanes
        self._states.keep_working()
        work.remember_tracked()
        self.batches += 1
        return work

    async def _decide(self, work: Work) -> None:
        while True:
            try:
                work.decide()
                return
            except NotAtHand as wanted:
                await work.bring(wanted)
            except NotRead as missing:
                await work.read(missing)

    async def _stored_already(self) -> Work | None:
        """The attempt before, if it turns out to have committed although its connection was lost: its events are there, all or none."""
        attempted = self._attempted
        if attempted is None or not attempted.rows:
            return None
        first = attempted.rows[0].event_id
        connection = await self._connected()
        found = await (await connection.execute("SELECT FROM events WHERE event_id = %s", (first,))).fetchone()
        return attempted if found is not None else None

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(self.log.datastore.dsn, autocommit=True, prepare_threshold=1)
            self.last = -1
            self._forget()
        return self._connection

    async def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                await self._connection.close()
        self._connection = None
        self._forget()

    def _forget(self) -> None:
        self.last = -1
        self._states.clear()
        self.tracked.clear()

    async def catch_up(self, connection: psycopg.AsyncConnection[Any], last: int) -> None:
        """Where another replica has written since, what is remembered of the aggregates that it touched is dropped. For the batch under way."""
        if last == self.last:
            return
        self.tracked.clear()
        if 0 <= self.last < last and last - self.last <= 10_000:
            touched = await connection.execute("SELECT DISTINCT originator_id FROM events WHERE position > %s", (self.last,))
            self._states.forget([row[0] for row in await touched.fetchall()])
        else:
            self._states.clear()
        self._lanes = dict(await (await connection.execute(LAST_OF_LANES)).fetchall())
        self.last = last

    @property
    def states(self) -> States:
        """The remembered aggregates; only the writer may touch them."""
        return self._states

    @property
    def lanes(self) -> dict[int, int]:
        """The last position of each lane; only the writer may touch it."""
        return self._lanes


def resolve(waiting: Sequence[asyncio.Future[None]]) -> None:
    """Wakes those who wait; runs in their event loop."""
    for future in waiting:
        if not future.done():
            future.set_result(None)
