"""The relay: carries a log into its stream, in order, from where the stream is.

It keeps no place of its own. It reads the last message of the stream and goes on after it, so that a stream that lost its tail, or was wiped, is
filled again by itself. Batches are atomic and expect the stream's last sequence: a relay that has lost its lead cannot write. One relay of
a service leads; it holds an advisory lock on a session of its own.
"""

import asyncio
import contextlib
import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError
from psycopg.rows import tuple_row

from shared.kernel.log import CHANNEL, COLUMNS, LogRow
from shared.messaging.messages import headers, place_of, subject
from shared.messaging.provisioning import Drift, StreamSpec, provision_stream, stream_name

log = structlog.get_logger("gongkai.relay")

RELAY_LOCK = 7201
POLL_SECONDS = 1.0
"""A lost notification delays the relay by this much at most."""

BUSY = 24
"""Events in a batch from which on the relay lets the next one grow."""

GATHER_SECONDS = 0.02
"""How long it lets it grow."""

ALARM_SECONDS = 10.0
"""How often a relay that has stopped looks whether an operator has mended the cause."""

STALE = (10071, 10201)
"""What NATS answers when the stream's last sequence is not the one expected, and when it holds a message of the batch already."""

FLOOD = 32
"""Events in a batch from which on it lets the next one grow for long: nobody waits for one event among thousands."""

FLOOD_SECONDS = 0.1
"""How long, then."""


class Behind(Exception):
    """The stream holds what the log does not: the log was restored from a backup, or is another one."""


class Overtaken(Exception):
    """Another relay has written to the stream: this one has lost its lead."""


class Relay:
    """The relay of a service's log."""

    def __init__(self, service: str, dsn: str, client: Client, *, batch: int = 500, replicas: int = 1) -> None:
        self.service = service
        self.dsn = dsn
        self.client = client
        self.batch = batch
        self.spec = StreamSpec(service, replicas)
        self.leads = False
        self.alarm: str | None = None
        self.relayed = 0
        self.position = 0
        self.known = 0
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._stopped = asyncio.Event()

    @property
    def lag(self) -> int:
        """Events that are known to be in the log and not yet in the stream; 0 where another relay leads."""
        return max(self.known - self.position, 0) if self.leads else 0

    def wake(self, last: int = 0) -> None:
        """There is something new in the log. May be called from any thread."""
        self.known = max(self.known, last)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    async def stop(self) -> None:
        """Ends after the batch under way."""
        self._stopping = True
        self._wake.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._stopped.wait()

    async def run(self) -> None:
        """Leads when it can; survives the loss of either side, with growing delay."""
        self._loop = asyncio.get_running_loop()
        delay = 0.1
        try:
            while not self._stopping:
                before = self.relayed
                try:
                    await self._lead()
                except (Behind, Drift) as alarm:
                    if self.alarm is None:
                        log.error("the relay has stopped", service=self.service, alarm=str(alarm))
                    self.alarm = str(alarm)
                    await self._pause(ALARM_SECONDS)
                except (psycopg.Error, NatsError, OSError, Overtaken, TimeoutError) as error:
                    log.warning("the relay was interrupted", service=self.service, error=type(error).__name__)
                    delay = 0.1 if self.relayed > before else min(delay * 2, 3.0)
                    await self._pause(delay)
                finally:
                    self.leads = False
        finally:
            self._stopped.set()

    async def _lead(self) -> None:
        async with await psycopg.AsyncConnection.connect(self.dsn, autocommit=True, row_factory=tuple_row) as session:
            while not self._stopping:
                row = await (await session.execute("SELECT pg_try_advisory_lock(%s)", (RELAY_LOCK,))).fetchone()
                if row and row[0]:
                    break
                await self._pause(POLL_SECONDS)
            if self._stopping:
                return
            self.leads = True
            await session.execute(f"LISTEN {CHANNEL}")
            hearing = asyncio.create_task(self._hear(session))
            try:
                async with await psycopg.AsyncConnection.connect(
                    self.dsn, autocommit=True, prepare_threshold=1, row_factory=tuple_row
                ) as reading:
                    await self._carry(reading, hearing)
            finally:
                hearing.cancel()
                await asyncio.gather(hearing, return_exceptions=True)

    async def _hear(self, session: psycopg.AsyncConnection[Any]) -> None:
        async for notice in session.notifies():
            self.known = max(self.known, int(notice.payload or 0))
            self._wake.set()

    async def _carry(self, reading: psycopg.AsyncConnection[Any], hearing: asyncio.Task[None]) -> None:
        row = await (await reading.execute("SELECT incarnation FROM log_identity")).fetchone()
        incarnation = str(row[0]) if row else ""
        sequence = await self._find_place(reading, incarnation)
        checked = asyncio.get_running_loop().time()
        while not self._stopping:
            self._wake.clear()
            rows = [
                LogRow(*values)
                for values in await (
                    await reading.execute(
                        f"SELECT {COLUMNS} FROM events WHERE position > %s ORDER BY position LIMIT %s",
                        (self.position, self.batch),
                        binary=True,
                    )
                ).fetchall()
            ]
            if rows:
                sequence = await self._publish(rows, incarnation, sequence)
                self.position = rows[-1].position
                self.known = max(self.known, self.position)
                self.relayed += len(rows)
                if len(rows) >= BUSY and len(rows) < self.batch:
                    # Under load a moment's wait makes fewer and larger batches: one sync, one delivery, one transaction of each reader.
                    await asyncio.sleep(FLOOD_SECONDS if len(rows) >= FLOOD else GATHER_SECONDS)
                continue
            if hearing.done():
                raise psycopg.OperationalError("the session that held the lead has ended")
            now = asyncio.get_running_loop().time()
            if now - checked > 2 * POLL_SECONDS:
                checked = now
                if await self._last_sequence() != sequence:
                    # The stream is not as this relay left it: wiped, rolled back, or made again. Find the place anew.
                    sequence = await self._find_place(reading, incarnation)
                    continue
            await self._pause(POLL_SECONDS)

    async def _find_place(self, reading: psycopg.AsyncConnection[Any], incarnation: str) -> int:
        stream = self.client.jetstream(timeout=5)
        await provision_stream(stream, self.spec)
        last = (await stream.stream_info(self.spec.name)).state.last_seq
        row = await (await reading.execute("SELECT coalesce(max(position), 0) FROM events")).fetchone()
        end = int(row[0]) if row else 0
        self.known = max(self.known, end)
        self.position = 0
        tail = await self._tail(stream, last)
        if tail is not None:
            position, told, event_id = tail
            if told != incarnation:
                raise Behind(
                    f"数据流 {self.spec.name} 属于另一份日志（incarnation 为 {told}，日志现为 {incarnation}）：日志可能是从备份恢复的。"
                    "请核对恢复的日志，确认后删除该数据流，平台会按现有日志重新填充。"
                )
            if position > end:
                raise Behind(
                    f"数据流 {self.spec.name} 已到第 {position} 条，日志只有 {end} 条：日志比数据流旧，可能恢复了较早的备份。{self._remedy()}"
                )
            row = await (await reading.execute("SELECT event_id FROM events WHERE position = %s", (position,))).fetchone()
            if row is None or row[0] != event_id:
                raise Behind(
                    f"数据流 {self.spec.name} 的第 {position} 条与日志的第 {position} 条不是同一事件：日志恢复过较早的备份，之后又有新增。{self._remedy()}"
                )
            self.position = position
        self.alarm = None
        return int(last)

    def _remedy(self) -> str:
        return (
            f"请用更新的备份恢复日志；确认无法恢复的，由数据库管理员在 gongkai_{self.service} 执行 UPDATE log_identity SET incarnation = gen_random_uuid()，"
            "然后删除该数据流，平台会按现有日志重新填充。"
        )

    async def _tail(self, stream: JetStreamContext, last: int) -> tuple[int, str, UUID] | None:
        """The place of the stream's last event; what others have put behind it is no event and is passed over."""
        for sequence in range(last, 0, -1):
            try:
                return place_of((await stream.get_msg(self.spec.name, seq=sequence)).headers or {})
            except NotFoundError:
                continue
            except (KeyError, ValueError):
                log.error("a message that is no event stands in the stream", stream=self.spec.name, sequence=sequence)
        return None

    async def _last_sequence(self) -> int:
        try:
            return int((await self.client.jetstream(timeout=5).stream_info(self.spec.name)).state.last_seq)
        except NotFoundError:
            return -1

    async def _publish(self, rows: list[LogRow], incarnation: str, sequence: int) -> int:
        """Stores rows whole after `sequence`, or not at all; returns the stream's new last sequence.

        One row is a message of its own: the server lays an atomic batch down in a file apart before it takes it over, which takes it ten times as long.
        """
        batch = uuid4().hex if len(rows) > 1 else None
        for number, row in enumerate(rows, start=1):
            told = headers(self.service, incarnation, row)
            if batch is not None:
                told["Nats-Batch-Id"] = batch
                told["Nats-Batch-Sequence"] = str(number)
            if number == 1:
                told["Nats-Expected-Last-Sequence"] = str(sequence)
                told["Nats-Expected-Stream"] = stream_name(self.service)
            if number < len(rows):
                await self.client.publish(subject(self.service, row), row.state, headers=told)
                continue
            if batch is not None:
                told["Nats-Batch-Commit"] = "1"
            reply = await self.client.request(subject(self.service, row), row.state, headers=told, timeout=10)
        answer = json.loads(reply.data)
        if "error" in answer:
            code = answer["error"].get("err_code")
            if code in STALE:
                raise Overtaken
            log.warning(
                "nats refused a batch", service=self.service, code=code, events=len(rows), bytes=sum(len(row.state) for row in rows)
            )
            raise NatsError
        return int(answer["seq"])

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
