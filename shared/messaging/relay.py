"""The relay: carries a log into its stream, in order, from where the stream is.

It keeps no place of its own. It reads the last message of the stream and goes on after it, so that a stream that lost its tail, or was wiped, is
filled again by itself. Batches are atomic and expect the stream's last sequence: a relay that has lost its lead cannot write. One relay of
a service leads; it holds an advisory lock on a session of its own.
"""

import asyncio
import contextlib
import json
from typing import Any
from uuid import uuid4

import psycopg
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError
from psycopg.rows import tuple_row

from shared.kernel.log import CHANNEL, COLUMNS, LogRow
from shared.messaging.messages import headers, place_of, subject
from shared.messaging.provisioning import StreamSpec, provision_stream, stream_name

log = structlog.get_logger("gongkai.relay")

RELAY_LOCK = 7201
POLL_SECONDS = 1.0
"""A lost notification delays the relay by this much at most."""

BUSY = 8
"""Events in a batch from which on the relay lets the next one grow."""

GATHER_SECONDS = 0.02
"""How long it lets it grow."""

STALE = 10071
"""What NATS answers when the stream's last sequence is not the one expected."""


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
            await asyncio.wait_for(self._stopped.wait(), 5)

    async def run(self) -> None:
        """Leads when it can; survives the loss of either side, with growing delay."""
        self._loop = asyncio.get_running_loop()
        delay = 0.1
        try:
            while not self._stopping:
                try:
                    await self._lead()
                    delay = 0.1
                except Behind as alarm:
                    if self.alarm is None:
                        log.error("the relay has stopped", service=self.service, alarm=str(alarm))
                    self.alarm = str(alarm)
                    await self._pause(10)
                except (psycopg.Error, NatsError, OSError, Overtaken, TimeoutError) as error:
                    log.warning("the relay was interrupted", service=self.service, error=type(error).__name__)
                    await self._pause(delay)
                    delay = min(delay * 2, 3.0)
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
                if len(rows) >= BUSY:
                    # Under load a moment's wait makes fewer and larger batches: one sync, one delivery, one transaction of each reader.
                    await asyncio.sleep(GATHER_SECONDS)
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
        if last:
            found = (await stream.get_msg(self.spec.name, seq=last)).headers or {}
            position, told = place_of(found)
            if told != incarnation:
                raise Behind(
                    f"流 {self.spec.name} 属于另一份日志（incarnation 不同）：日志可能是从备份恢复的。请核对后删除该流，平台会按现有日志重新填充。"
                )
            if position > end:
                raise Behind(
                    f"流 {self.spec.name} 已到第 {position} 条，日志只有 {end} 条：日志比流旧，可能恢复了较早的备份。请用更新的备份恢复日志，"
                    "或确认缺失后换用新的 incarnation 并删除该流。"
                )
            self.position = position
        self.alarm = None
        return int(last)

    async def _last_sequence(self) -> int:
        try:
            return int((await self.client.jetstream(timeout=5).stream_info(self.spec.name)).state.last_seq)
        except NotFoundError:
            return -1

    async def _publish(self, rows: list[LogRow], incarnation: str, sequence: int) -> int:
        """One atomic batch: stored whole after `sequence`, or not at all. Returns the stream's new last sequence."""
        name = uuid4().hex
        size = 0
        number = 0
        for number, row in enumerate(rows, start=1):
            told = headers(self.service, incarnation, row)
            told["Nats-Batch-Id"] = name
            told["Nats-Batch-Sequence"] = str(number)
            if number == 1:
                told["Nats-Expected-Last-Sequence"] = str(sequence)
                told["Nats-Expected-Stream"] = stream_name(self.service)
            size += len(row.state)
            if number == len(rows):
                told["Nats-Batch-Commit"] = "1"
                reply = await self.client.request(subject(self.service, row), row.state, headers=told, timeout=10)
                answer = json.loads(reply.data)
                if "error" in answer:
                    if answer["error"].get("err_code") == STALE:
                        raise Overtaken
                    log.warning(
                        "nats refused a batch", service=self.service, code=answer["error"].get("err_code"), events=len(rows), bytes=size
                    )
                    raise NatsError
                return int(answer["seq"])
            await self.client.publish(subject(self.service, row), row.state, headers=told)
        return sequence + number

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
