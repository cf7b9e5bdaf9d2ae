"""One log with its stream, its relays and its readers, on a real PostgreSQL and a real nats-server: a log of its own for each test, because here the
log and its stream are what is tried.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError
from psycopg import sql
from psycopg.rows import tuple_row

from shared.kernel.identity import fresh_id
from shared.kernel.log import TRACK, Log, LogRow
from shared.kernel.pipeline import Pipeline
from shared.messaging import messages
from shared.messaging.catchup import answer_on
from shared.messaging.connection import connect
from shared.messaging.inbox import Inbox
from shared.messaging.messages import Message
from shared.messaging.provisioning import StreamSpec, stream_name
from shared.messaging.relay import Relay
from shared.messaging.results import Done, Failed, Postponed, Refused, Result
from shared.messaging.share import WHOLE
from shared.platform.databases import provision
from shared.settings import Settings
from tests.services.kernel.toys import Mark, OpenTally, laws, of

READER = "press"
"""The service that reads in these tests; its inbox keeps the sources apart."""


def case_in(lane: int) -> UUID:
    """A new case of a lane."""
    return UUID(int=fresh_id().int & ~0xF | lane)


async def eventually(holds: Callable[[], bool | Awaitable[bool]], what: str, seconds: float = 15.0) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + seconds
    while True:
        held = holds()
        if held if isinstance(held, bool) else await held:
            return
        assert time.monotonic() < deadline, f"not in time: {what}"
        await asyncio.sleep(0.01)


class Line:
    """A log, its stream, its relays and readers. `name` is the log's; everything is gone when it is closed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.name = f"t{fresh_id().hex[-10:]}"
        self.dsn = settings.dsn(self.name, role=f"gongkai_{self.name}")
        self.client = Client()
        self.relays: list[Relay] = []
        self.inboxes: list[Inbox] = []
        self.owner: NatsBroker | None = None
        self._tasks: dict[Relay | Inbox, asyncio.Task[None]] = {}

    async def open(self) -> None:
        """Makes the log and connects."""
        await asyncio.to_thread(provision, self.settings, (self.name,))
        self.pipeline = self.writer()
        self.client = await connect(self.settings, name="test")

    async def close(self) -> None:
        """Stops everything in order and removes the log and its stream; what ended by a fault of the program fails the test."""
        await asyncio.gather(*(self.end(part) for part in (*self.relays, *self.inboxes)))
        await self.owner_leaves()
        with contextlib.suppress(NotFoundError):
            await self.stream.delete_stream(stream_name(self.name))
        await self.client.close()
        self.close_writer(self.pipeline)
        with psycopg.connect(self.settings.dsn("postgres"), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(f"gongkai_{self.name}")))
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(f"gongkai_{self.name}")))

    @property
    def stream(self) -> JetStreamContext:
        """JetStream."""
        return self.client.jetstream(timeout=5)

    def writer(self) -> Pipeline:
        """A pipeline that writes to the log."""
        made = Pipeline(Log(self.name, self.dsn), None, laws)
        made.start()
        return made

    @staticmethod
    def close_writer(pipeline: Pipeline) -> None:
        pipeline.stop()
        pipeline.log.close()

    async def opened(self, case: UUID) -> int:
        """Records the first event of a case; returns its position."""
        return (await self.pipeline.execute(of(OpenTally(name="计数"), case))).position

    async def marked(self, case: UUID, *marks: int) -> int:
        """Records one event for each mark; returns the last position."""
        position = 0
        for by in marks:
            position = (await self.pipeline.execute(of(Mark(by=by), case))).position
        return position

    async def many(self, count: int) -> int:
        """Records new cases in all lanes; returns the last position."""
        receipts = await asyncio.gather(*(self.pipeline.execute(of(OpenTally(name="计数"), case_in(n % 16))) for n in range(count)))
        return max(receipt.position for receipt in receipts)

    def rows(self) -> list[LogRow]:
        """The whole log."""
        return self.pipeline.log.rows.read(0, 100_000)

    def as_operator(self, statement: str) -> None:
        """What only a database administrator can do: by his role, and past the guards of the tables."""
        with psycopg.connect(self.settings.dsn(self.name), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement.encode())

    async def relay(self, **options: Any) -> Relay:
        """A relay that runs."""
        made = Relay(self.name, self.dsn, options.pop("client", self.client), **options)
        self.relays.append(made)
        self._tasks[made] = asyncio.create_task(made.run())
        return made

    async def inbox(self, handler: Any, **options: Any) -> Inbox:
        """An inbox that runs."""
        options = {"retry_seconds": (0.05, 0.1, 0.2)} | options
        made = Inbox(READER, self.name, self.settings.dsn(READER, role=f"gongkai_{READER}"), self.client, handler, **options)
        self.inboxes.append(made)
        self._tasks[made] = asyncio.create_task(made.run())
        return made

    async def end(self, part: Relay | Inbox) -> None:
        """Stops a relay or an inbox; raises what it ended with."""
        task = self._tasks.pop(part, None)
        if task is not None:
            await asyncio.wait_for(part.stop(), 10)
            await asyncio.wait_for(task, 10)

    async def kill(self, part: Inbox) -> None:
        """Ends an inbox without any warning, as the end of its process would."""
        task = self._tasks.pop(part)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def owner_comes(self) -> None:
        """From now on somebody answers for the log."""
        self.owner = NatsBroker(self.settings.nats_address, max_reconnect_attempts=-1, logger=None)
        answer_on(self.owner, self.name, self.dsn)
        await self.owner.start()

    async def owner_leaves(self) -> None:
        """Nobody answers for the log any more."""
        if self.owner is not None:
            owner, self.owner = self.owner, None
            await eventually(lambda: owner.ping(1.0), "it is connected, so that it can leave")
            await owner.stop()

    async def fill(self, positions: Iterable[int], *, deletable: bool = False) -> None:
        """Fills the stream by hand with these events, in this order, however wrong; without message ids, so that NATS drops no copy."""
        config = StreamSpec(self.name).config()
        config.deny_delete = not deletable
        await self.stream.add_stream(config)
        await self.put(positions)

    async def put(self, positions: Iterable[int]) -> None:
        """Puts these events into the stream."""
        rows = {row.position: row for row in self.rows()}
        incarnation = str(self.pipeline.log.incarnation())
        for position in positions:
            row = rows[position]
            told = messages.headers(self.name, incarnation, row)
            del told["Nats-Msg-Id"]
            await self.stream.publish(messages.subject(self.name, row), row.state, headers=told)

    async def streamed(self) -> list[int]:
        """The positions in the stream, in its order."""
        state = (await self.stream.stream_info(stream_name(self.name))).state
        found = []
        for sequence in range(max(state.first_seq, 1), state.last_seq + 1):
            message = await self.stream.get_msg(stream_name(self.name), seq=sequence)
            found.append(messages.place_of(message.headers or {})[0])
        return found


class Heard:
    """A reader that writes down what it hears in its own database, effect and position in one transaction, as often as it is told."""

    def __init__(self, line: Line, *, whole_log: bool = False) -> None:
        self.line = line
        self.whole_log = whole_log
        self.table = f"views.heard_{line.name}{'_whole' if whole_log else ''}"
        self.broken: set[int] = set()
        self.refused: set[int] = set()
        self.tries: list[tuple[int, float]] = []
        self._connection = psycopg.connect(line.settings.dsn(READER, role=f"gongkai_{READER}"), autocommit=True, row_factory=tuple_row)
        self._connection.execute(f"CREATE TABLE {self.table} (number bigserial, position bigint, case_id uuid)")

    def close(self) -> None:
        """Removes its table and its place."""
        for statement in (
            f"DROP TABLE {self.table}",
            *(f"DELETE FROM {table} WHERE source = '{self.line.name}'" for table in ("inbox", "inbox_parked", "inbox_refused")),
        ):
            self._connection.execute(statement)
        self._connection.close()

    def interested(self, _topic: str) -> bool:
        return True

    async def __call__(self, heard: Sequence[Message]) -> Sequence[Result]:
        results: list[Result] = []
        stopped: set[int] = set()
        with self._connection.transaction():
            for message in heard:
                lane = WHOLE if self.whole_log else message.lane
                result = Postponed() if lane in stopped else self._one(message)
                results.append(result)
                if isinstance(result, Done | Refused):
                    self._connection.execute(TRACK, ([message.source], [lane], [message.position], [message.incarnation]))
                else:
                    stopped.add(lane)
        return results

    async def released(self, message: Message) -> Result:
        return self._one(message)

    def _one(self, message: Message) -> Result:
        self.tries.append((message.position, time.monotonic()))
        if message.position in self.broken:
            return Failed("ZeroDivisionError")
        if message.position in self.refused:
            return Refused("closed", "计数已经结束。")
        self._connection.execute(f"INSERT INTO {self.table} (position, case_id) VALUES (%s, %s)", (message.position, message.case_id))
        return Done()

    def positions(self, *, lane: int | None = None) -> list[int]:
        """The positions that had effect, in the order of their effect; of one lane or of all."""
        rows = self._connection.execute(f"SELECT position, case_id FROM {self.table} ORDER BY number")
        return [position for position, case in rows if lane is None or case.int % 16 == lane]

    def parked(self) -> list[tuple[int, str]]:
        """What is parked: position and error, in order."""
        return self._connection.execute(
            "SELECT position, error FROM inbox_parked WHERE source = %s ORDER BY position", (self.line.name,)
        ).fetchall()

    async def has(self, count: int, seconds: float = 15.0) -> None:
        """Waits until so many events have had effect."""
        await eventually(lambda: len(self.positions()) >= count, f"{count} events heard of {self.line.name}", seconds)


def in_order(line: Line, heard: list[int]) -> bool:
    """Whether every event of the log had effect once, in the order of its lane."""
    lanes: dict[int, list[int]] = {}
    lane_of = {row.position: row.lane for row in line.rows()}
    for position in heard:
        lanes.setdefault(lane_of[position], []).append(position)
    return sorted(heard) == sorted(lane_of) and all(positions == sorted(positions) for positions in lanes.values())
