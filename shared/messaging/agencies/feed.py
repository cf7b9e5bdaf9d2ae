"""What agencies are told: a duty of a service's worker, which sends what its log says of them to the stream of the agencies, in order, with a stable id.

How far it has come stands in the stream's own last message, so that a stream that was lost is filled again from the log. An agency's durable consumer
is made here; what is sent while the agency is away waits for it. A message names a letter and its hash; the content is asked for.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
import psycopg
import structlog
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError
from psycopg.rows import tuple_row

from shared.kernel.events import Event, Recorded
from shared.kernel.log import COLUMNS, LogRow
from shared.kernel.running import Running
from shared.messaging.agencies.accounts import STREAM
from shared.messaging.connection import connect
from shared.settings import Settings

log = structlog.get_logger("gongkai.agencies")

FEED_LOCK = 7401

LOOK_SECONDS = 2.0
"""How often the accounts and the stream are looked at, and the log besides being woken by a commit."""

GATHER_SECONDS = 0.1
"""How long commits gather: nobody is kept waiting by it, and a flood of them is read in batches."""

BATCH = 500

ACK_WAIT = 60.0
"""After this an agency gets a message again that it has not acknowledged, in seconds."""


CODE = re.compile("[a-z][a-z0-9-]{1,30}")
"""How the code of an agency on this platform is written."""

CONSUMERS_SECONDS = 20.0
"""How often it is looked whether the agencies' consumers are still there, and no others."""

LAG_SECONDS = 30.0
"""So long events may wait to be told before it is an alarm."""


class Told(NamedTuple):
    """What one agency is told by one event: its code, the kind, and what stands in the message."""

    agency: str
    kind: str
    content: msgspec.Struct


Tells = Mapping[type[Event], Callable[[Recorded], list[Told]]]
"""What each kind of event tells, and to whom."""


class Feed:
    """Tells the agencies what the log of `running` says of them."""

    def __init__(self, running: Running, tells: Tells) -> None:
        self.running = running
        self.tells = tells
        self.types = [event.spec.type for event in tells]
        self.leads = False
        self.lag = 0
        """Events of the log that were not read yet, by the one who leads."""
        self._wake = asyncio.Event()
        self._consumers: set[str] = set()
        self._sent = 0
        self._heard: set[str] = set()
        """What the last told event has told already, when this one begins to lead."""
        self._level = time.monotonic()

    @property
    def condition(self) -> dict[str, Any]:
        """Whether it keeps up."""
        late = self.leads and self.lag > 0 and time.monotonic() > self._level + LAG_SECONDS
        return {"ok": not late, "leads": self.leads, "lag": self.lag, "alarm": f"有 {self.lag} 个事件还没有告知其他机关" if late else None}

    async def run(self) -> None:
        """Leads or waits, until cancelled; ends by the error where NATS or the database fails, and is started again by the worker."""
        loop = asyncio.get_running_loop()
        settings = self.running.settings

        def wake(_last: int) -> None:
            loop.call_soon_threadsafe(self._wake.set)

        self.running.pipeline.committed.append(wake)
        try:
            await self._in_turn(settings)
        finally:
            self.running.pipeline.committed.remove(wake)
            self.leads = False

    async def _in_turn(self, settings: Settings) -> None:
        """Waits until nobody else leads, and leads."""
        async with await psycopg.AsyncConnection.connect(self.running.dsn, autocommit=True) as connection:
            await connection.execute("SELECT pg_advisory_lock(%s)", (FEED_LOCK,))
            client = await connect(settings, name="gongkai agencies")
            try:
                await self._lead(connection, client.jetstream(timeout=10))
            finally:
                await client.close()

    async def _lead(self, connection: psycopg.AsyncConnection[Any], stream: JetStreamContext) -> None:
        self.leads = True
        await self._provision(stream)
        position = await self._resumed(stream)
        looked = there = 0.0
        while True:
            self._wake.clear()
            if time.monotonic() > looked + LOOK_SECONDS:
                if time.monotonic() > there + CONSUMERS_SECONDS:
                    self._consumers = await self._consumers_there(stream)
                    there = time.monotonic()
                await self._consumers_made(stream, set(self.running.doorkeeper.feed_accounts()))
                try:
                    reached = await self._reached(stream)
                except NotFoundError:
                    await self._provision(stream)
                    reached = 0
                if reached < self._sent:
                    log.warning("the agencies' stream has lost what it was told; it is told again")
                    self._sent = 0
                    position = await self._resumed(stream)
                looked = time.monotonic()
            position = await self._told(connection, stream, position)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()
                await asyncio.sleep(GATHER_SECONDS)

    async def _provision(self, stream: JetStreamContext) -> None:
        self._consumers = set()
        try:
            await stream.stream_info(STREAM)
        except NotFoundError:
            await stream.add_stream(
                StreamConfig(
                    name=STREAM,
                    description="gongkai: what outside agencies are told",
                    subjects=["agency.*.>"],
                    storage=StorageType.FILE,
                    discard=DiscardPolicy.NEW,
                    num_replicas=self.running.settings.stream_replicas,
                    deny_delete=True,
                    deny_purge=True,
                    duplicate_window=120,
                )
            )

    async def _reached(self, stream: JetStreamContext) -> int:
        """The position of the last event that was told."""
        info = await stream.stream_info(STREAM)
        if not info.state.messages:
            return 0
        return (await self._told_last(stream, info.state.last_seq))[0]

    @staticmethod
    async def _told_last(stream: JetStreamContext, sequence: int) -> tuple[int, str]:
        """The position and the id of what was told there."""
        headers = (await stream.get_msg(STREAM, sequence)).headers or {}
        return int(headers.get("Gongkai-Position", 0)), headers.get("Nats-Msg-Id", "")

    async def _resumed(self, stream: JetStreamContext) -> int:
        """The position after which to go on: before the last told event, since it may tell several agencies, of which not all have heard; those that
        have are not told again."""
        self._heard = set()
        info = await stream.stream_info(STREAM)
        last = 0
        for sequence in range(info.state.last_seq, info.state.last_seq - info.state.messages, -1):
            position, id = await self._told_last(stream, sequence)
            last = last or position
            if position != last:
                break
            self._heard.add(id)
        return max(last - 1, 0)

    @staticmethod
    async def _consumers_there(stream: JetStreamContext) -> set[str]:
        """The durable consumers that the stream has."""
        found: set[str] = set()
        while names := {str(consumer.name) for consumer in await stream.consumers_info(STREAM, offset=len(found))} - found:
            found |= names
        return found

    async def _consumers_made(self, stream: JetStreamContext, accounts: set[str]) -> None:
        """Each agency with an account has its durable consumer; of one whose account was removed, it goes."""
        for code in accounts - self._consumers:
            await stream.add_consumer(
                STREAM,
                ConsumerConfig(
                    durable_name=code,
                    ack_policy=AckPolicy.EXPLICIT,
                    ack_wait=ACK_WAIT,
                    max_deliver=-1,
                    max_ack_pending=256,
                    filter_subject=f"agency.{code}.>",
                ),
            )
        for code in self._consumers - accounts:
            with contextlib.suppress(NotFoundError):
                await stream.delete_consumer(STREAM, code)
        self._consumers = accounts

    async def _told(self, connection: psycopg.AsyncConnection[Any], stream: JetStreamContext, position: int) -> int:
        """Tells what has been recorded since; returns how far it has come."""
        while True:
            head = await (await connection.execute("SELECT coalesce(max(position), 0) FROM events")).fetchone()
            last = head[0] if head else 0
            self.lag = last - position
            found = await connection.cursor(row_factory=tuple_row).execute(
                f"SELECT {COLUMNS} FROM events WHERE position > %s AND position <= %s AND split_part(topic, ':', 1) = ANY(%s) "
                "ORDER BY position LIMIT %s",
                (position, last, self.types, BATCH),
                binary=True,
            )
            rows = [LogRow(*values) for values in await found.fetchall()]
            for row in rows:
                recorded = row.recorded()
                for told in self.tells[type(recorded.event)](recorded):
                    if not CODE.fullmatch(told.agency):
                        # Nobody on this platform: what a clerk writes for an agency that answers on paper is no code of ours, and never a subject.
                        continue
                    await self._send(stream, row, told)
                    self._sent = row.position
                position = row.position
                self.lag = last - position
            if len(rows) < BATCH:
                self.lag, self._level = 0, time.monotonic()
                return int(last)

    async def _send(self, stream: JetStreamContext, row: LogRow, told: Told) -> None:
        message = f"{row.event_id}:{told.agency}:{told.kind}"
        if message in self._heard:
            return
        await stream.publish(
            f"agency.{told.agency}.{told.kind}",
            msgspec.json.encode({"id": message, "kind": told.kind, **msgspec.to_builtins(told.content)}),
            headers={"Nats-Msg-Id": message, "Gongkai-Position": str(row.position)},
        )
