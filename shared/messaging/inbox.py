"""The inbox: carries the events of a source to a handler, in order in each lane, exactly once in effect.

The position handled is stored in the transaction of the effect, so a message again is nothing. What is missing shows by the position before it
in its lane, and is fetched from the owner before going on. A technical failure is tried again with growing delay while the other lanes go on;
then the case is parked with everything that follows it. The ledger's inbox (`whole_log`) reads the log as one lane, and never parks.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from shared.messaging import parking
from shared.messaging.catchup import Wanted, fetch
from shared.messaging.messages import Message, from_headers
from shared.messaging.provisioning import ConsumerSpec, provision_consumer, stream_name
from shared.messaging.results import Done, Failed, Handler, Postponed, Refused, Result

log = structlog.get_logger("gongkai.inbox")

WHOLE = -1
"""The lane under which a reader of the whole log keeps its position."""

FETCH = 500
"""Messages taken from a consumer at once."""

IDLE_SECONDS = 2.0
"""How long a fetch waits; after each idle one the consumer and the released cases are looked at."""

SHARE_LOCK = 7210

END = 2**62
"""A position that no log reaches."""


class AnotherLog(Exception):
    """The source's log is not the one whose events were handled so far (restored from a backup)."""


class Waiting(msgspec.Struct):
    """A lane that stands still behind an event that failed."""

    messages: deque[Message]
    attempts: int = 0
    again_at: float = 0.0


class Share:
    """The lanes of one share as this process reads them."""

    def __init__(self, inbox: "Inbox", number: int) -> None:
        self.inbox = inbox
        self.spec = ConsumerSpec(inbox.service, inbox.source, number, inbox.shares, inbox.whole_log)
        self.lanes = [WHOLE] if inbox.whole_log else self.spec.lanes
        self.tracked: dict[int, int] = {}
        self.taken: dict[int, int] = {}
        self.incarnation: UUID | None = None
        self.waiting: dict[int, Waiting] = {}
        self.parked: set[UUID] = set()
        self.pending = 0
        self.consumer_seen = False

    def lane(self, message: Message) -> int:
        """The lane that a message counts in for this reader."""
        return WHOLE if self.inbox.whole_log else message.lane

    def before(self, message: Message) -> int:
        """The position that should have come before it."""
        return message.position - 1 if self.inbox.whole_log else message.lane_before


class Inbox:
    """The inbox of `service` for the events of `source`; `shares` divides the lanes among workers."""

    def __init__(
        self,
        service: str,
        source: str,
        dsn: str,
        client: Client,
        handler: Handler,
        *,
        whole_log: bool = False,
        shares: int = 1,
        retry_seconds: Sequence[float] = (0.2, 1.0, 5.0, 15.0),
    ) -> None:
        self.service = service
        self.source = source
        self.dsn = dsn
        self.client = client
        self.handler = handler
        self.whole_log = whole_log
        self.shares = 1 if whole_log else shares
        self.retry_seconds = tuple(retry_seconds)
        self.alarm: str | None = None
        self.handled = 0
        self.healed = 0
        self._stopping = False
        self._shares: list[Share] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def lag(self) -> int:
        """Events of the source that this process knows of and has not handled."""
        return sum(share.pending + sum(len(w.messages) for w in share.waiting.values()) for share in self._shares)

    @property
    def healthy(self) -> bool:
        """Whether it reads: its consumers are there, and no alarm stands."""
        return self.alarm is None and (not self._shares or all(share.consumer_seen for share in self._shares))

    async def run(self) -> None:
        """Reads the shares that it can have, until it is stopped."""
        self._tasks = [asyncio.create_task(self._share(number)) for number in range(self.shares)]
        try:
            await asyncio.gather(*self._tasks)
        finally:
            for task in self._tasks:
                task.cancel()

    async def stop(self) -> None:
        """Ends after the batch under way."""
        self._stopping = True
        done, pending = await asyncio.wait(self._tasks, timeout=5) if self._tasks else (set(), set())
        del done
        for task in pending:
            task.cancel()

    async def _share(self, number: int) -> None:
        delay = 0.2
        while not self._stopping:
            share = Share(self, number)
            try:
                connection = await asyncio.to_thread(self._connect)
                with connection:
                    if not await asyncio.to_thread(self._take_share, connection, share):
                        await asyncio.sleep(2)
                        continue
                    self._shares.append(share)
                    await self._read(share, connection)
                delay = 0.2
            except AnotherLog as alarm:
                if self.alarm is None:
                    log.error("the inbox has stopped", service=self.service, source=self.source, alarm=str(alarm))
                self.alarm = str(alarm)
                await asyncio.sleep(10)
            except (psycopg.Error, NatsError, NotFoundError, OSError, TimeoutError) as error:
                if not self._stopping:
                    log.warning("the inbox was interrupted", service=self.service, source=self.source, error=type(error).__name__)
                    await asyncio.sleep(delay)
                    delay = min(delay * 2, 3.0)
            finally:
                if share in self._shares:
                    self._shares.remove(share)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.dsn, autocommit=True)

    def _take_share(self, connection: psycopg.Connection[Any], share: Share) -> bool:
        row = connection.execute(
            "SELECT pg_try_advisory_lock(%s, hashtext(%s))", (SHARE_LOCK, f"{self.source}/{share.spec.name}")
        ).fetchone()
        if not row or not row[0]:
            return False
        for lane, position, incarnation in connection.execute(
            "SELECT lane, position, incarnation FROM inbox WHERE source = %s AND lane = ANY(%s)", (self.source, share.lanes)
        ):
            share.tracked[lane] = position
            share.incarnation = incarnation
        share.taken = dict(share.tracked)
        share.parked = parking.waiting_cases(connection, self.source)
        return True

    async def _read(self, share: Share, connection: psycopg.Connection[Any]) -> None:
        stream = self.client.jetstream(timeout=5)
        subscription = await self._subscribe(stream, share)
        await self._catch_up(share, connection)
        try:
            while not self._stopping:
                fetched: list[Msg] = []
                with contextlib.suppress(NatsTimeout, TimeoutError):
                    fetched = await subscription.fetch(FETCH, timeout=self._patience(share))
                if fetched:
                    share.pending = fetched[-1].metadata.num_pending
                    await self._take(share, connection, fetched)
                else:
                    share.pending = 0
                    await asyncio.to_thread(connection.execute, "SELECT 1")
                    info = await stream.consumer_info(stream_name(self.source), share.spec.name)
                    share.consumer_seen = True
                    share.pending = info.num_pending or 0
                    await self._release(share, connection)
                await self._retry(share, connection)
        finally:
            with contextlib.suppress(Exception):
                await subscription.unsubscribe()

    async def _catch_up(self, share: Share, connection: psycopg.Connection[Any]) -> None:
        """What was taken and not stored when this reader last ended was acknowledged with what came after it: it is fetched from the owner."""
        for lane in share.lanes:
            after = share.taken.get(lane, 0)
            if after == 0:
                continue
            while True:
                wanted = Wanted(after, END, None if lane == WHOLE else lane)
                messages, _ = await fetch(self.client, self.source, wanted)
                if not messages or messages[0].incarnation != share.incarnation:
                    break
                after = share.taken[lane] = messages[-1].position
                await self._handle(share, connection, messages)

    async def _subscribe(self, stream: JetStreamContext, share: Share) -> JetStreamContext.PullSubscription:
        await provision_consumer(stream, share.spec)
        share.consumer_seen = True
        return await stream.pull_subscribe_bind(share.spec.name, stream=stream_name(self.source))

    def _patience(self, share: Share) -> float:
        if not share.waiting:
            return IDLE_SECONDS
        now = asyncio.get_running_loop().time()
        return min(IDLE_SECONDS, max(0.05, min(waiting.again_at for waiting in share.waiting.values()) - now))

    async def _take(self, share: Share, connection: psycopg.Connection[Any], fetched: Sequence[Msg]) -> None:
        """Puts what came into order, fills what is missing, and hands it on; acknowledges when effect and position are stored."""
        ready: list[Message] = []
        for raw in fetched:
            try:
                message = from_headers(self.source, raw.headers or {}, raw.data)
            except (KeyError, ValueError) as error:
                log.error("a message that is no event was passed over", source=self.source, subject=raw.subject, error=type(error).__name__)
                continue
            lane = share.lane(message)
            if share.incarnation is None:
                share.incarnation = message.incarnation
            elif message.incarnation != share.incarnation:
                raise AnotherLog(
                    f"{self.source} 的日志换了一份（incarnation 不同），可能是从备份恢复的；请核对后用 gongkai doctor 查看处理办法，在此之前不再处理。"
                )
            taken = share.taken.get(lane, 0)
            if message.position <= taken:
                continue
            if share.before(message) > taken:
                ready.extend(await self._missing(share, lane, taken, share.before(message)))
            share.taken[lane] = message.position
            ready.append(message)
        await self._handle(share, connection, ready)
        await fetched[-1].ack()

    async def _missing(self, share: Share, lane: int, after: int, until: int) -> list[Message]:
        """What the stream has lost, from its owner; nothing is passed over, however long it takes."""
        found: list[Message] = []
        while after < until:
            messages, last = await fetch(self.client, self.source, Wanted(after, until, None if lane == WHOLE else lane))
            if not messages:
                if last < until:
                    raise AnotherLog(f"{self.source} 的日志只到第 {last} 条，而流中已有第 {until} 条：日志可能恢复了较早的备份。")
                break
            found.extend(messages)
            after = messages[-1].position
        self.healed += len(found)
        share.taken[lane] = until
        return found

    async def _handle(self, share: Share, connection: psycopg.Connection[Any], messages: Sequence[Message]) -> None:
        batch: list[Message] = []
        for message in messages:
            standing = share.waiting.get(share.lane(message))
            if standing is not None:
                standing.messages.append(message)
            elif message.case_id in share.parked and not self.whole_log and self.handler.interested(message.topic):
                await self._flush(share, batch)
                batch = []
                if share.lane(message) in share.waiting:
                    share.waiting[share.lane(message)].messages.append(message)
                else:
                    await asyncio.to_thread(parking.park, connection, message, "behind a parked event", 0)
                    share.tracked[share.lane(message)] = message.position
            else:
                batch.append(message)
        await self._flush(share, batch)

    async def _flush(self, share: Share, batch: Sequence[Message]) -> None:
        if not batch:
            return
        results: Sequence[Result]
        try:
            results = await self.handler(batch)
        except (psycopg.OperationalError, OSError):
            raise
        except Exception as error:
            results = [Failed(type(error).__name__) for _ in batch]
        for message, result in zip(batch, results, strict=True):
            lane = share.lane(message)
            standing = share.waiting.get(lane)
            if standing is not None:
                standing.messages.append(message)
            elif isinstance(result, Done | Refused):
                share.tracked[lane] = message.position
                self.handled += 1
            elif isinstance(result, Failed | Postponed):
                share.waiting[lane] = Waiting(deque([message]), 1, asyncio.get_running_loop().time() + self._delay(1))
                log.warning(
                    "an event could not be handled",
                    service=self.service,
                    source=self.source,
                    position=message.position,
                    error=result.error if isinstance(result, Failed) else "postponed",
                )

    def _delay(self, attempt: int) -> float:
        return self.retry_seconds[min(attempt, len(self.retry_seconds)) - 1]

    async def _retry(self, share: Share, connection: psycopg.Connection[Any]) -> None:
        now = asyncio.get_running_loop().time()
        for lane, standing in list(share.waiting.items()):
            if standing.again_at > now:
                continue
            del share.waiting[lane]
            first = standing.messages[0]
            await self._flush(share, [first])
            again = share.waiting.get(lane)
            if again is None:
                standing.messages.popleft()
                await self._handle(share, connection, list(standing.messages))
                continue
            again.attempts = standing.attempts + 1
            again.messages = standing.messages
            again.again_at = now + self._delay(again.attempts)
            if not self.whole_log and standing.attempts >= len(self.retry_seconds):
                await asyncio.to_thread(parking.park, connection, first, "technical failure", again.attempts)
                log.error("a case was parked", service=self.service, source=self.source, position=first.position, case=str(first.case_id))
                share.parked.add(first.case_id)
                share.tracked[lane] = first.position
                del share.waiting[lane]
                standing.messages.popleft()
                await self._handle(share, connection, list(standing.messages))

    async def _release(self, share: Share, connection: psycopg.Connection[Any]) -> None:
        """Handles what operators have released: each case in its order, before anything newer of it."""
        if self.whole_log:
            return
        while messages := await asyncio.to_thread(parking.released, connection, self.source, share.lanes):
            for message in messages:
                result = await self.handler.released(message)
                if isinstance(result, Failed | Postponed):
                    error = result.error if isinstance(result, Failed) else "postponed"
                    await asyncio.to_thread(parking.repark, connection, message, error)
                elif not await asyncio.to_thread(parking.unpark, connection, message):
                    share.parked.discard(message.case_id)
