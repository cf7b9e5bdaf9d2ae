"""The inbox: carries the events of a source to a handler, in order in each lane, exactly once in effect.

The position handled is stored in the transaction of the effect, so a message again is nothing. What is missing shows by the position before it
in its lane, and is fetched from the owner before going on. A technical failure is tried again with growing delay while the other lanes go on;
then the case is parked with everything that follows it. The ledger's inbox (`whole_log`) reads the log as one lane, and never parks.
"""

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import Sequence
from typing import Any

import psycopg
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.client import JetStreamContext

from shared.messaging import parking
from shared.messaging.catchup import Wanted, fetch
from shared.messaging.messages import Message, from_headers
from shared.messaging.provisioning import ConsumerSpec, Drift, provision_consumer, stream_name
from shared.messaging.pull import Pull
from shared.messaging.results import Done, Failed, Handler, Postponed, Refused, Result
from shared.messaging.share import WHOLE, AnotherLog, Share, Waiting

log = structlog.get_logger("gongkai.inbox")

FETCH = 500
"""Messages taken from a consumer at once."""

IDLE_SECONDS = 2.0
"""How long a fetch waits; as often the consumer, what is owed and the released cases are looked at."""

GATHER_SECONDS = 0.1
"""How long a patient inbox lets events gather before it takes the next: nobody waits for the ledger, and what comes together is one leaf after another."""

FLOOD = 100
"""Events in a batch from which on the ledger takes the next at once: it has to keep up."""

LEAST_DELAY = 0.2
"""How long a reader that was interrupted waits before it begins again; doubled up to three seconds until it reads."""

ALARM_SECONDS = 10.0
"""How often a reader that has stopped looks whether an operator has mended the cause."""

MOST_HELD = 20_000
"""Events held in memory behind ones that failed; from there on nothing more is fetched until they are through."""

SHARE_LOCK = 7210

END = 2**62
"""A position that no log reaches."""


class Inbox:
    """The inbox of `service` for the events of `source`; `shares` divides the lanes among workers. `patient`: nobody waits for what it does, so that it
    takes what has gathered; so does the one of the ledger (`whole_log`).
    """

    def __init__(
        self,
        service: str,
        source: str,
        dsn: str,
        client: Client,
        handler: Handler,
        *,
        whole_log: bool = False,
        patient: bool = False,
        shares: int = 1,
        retry_seconds: Sequence[float] = (0.2, 1.0, 5.0, 15.0),
    ) -> None:
        self.service = service
        self.source = source
        self.dsn = dsn
        self.client = client
        self.handler = handler
        self.whole_log = whole_log
        self.patient = patient or whole_log
        self.shares = 1 if whole_log else shares
        self.retry_seconds = tuple(retry_seconds)
        self.handled = 0
        self.healed = 0
        self._stopping = asyncio.Event()
        self._alarms: dict[int, str] = {}
        self._interrupted: set[int] = set()
        self._shares: list[Share] = []
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def lag(self) -> int:
        """Events of the source that this process knows of and has not handled."""
        return sum(share.pending + share.held for share in self._shares)

    @property
    def alarm(self) -> str | None:
        """Why it has stopped and what an operator must do; None while it reads."""
        return next(iter(self._alarms.values()), None)

    @property
    def healthy(self) -> bool:
        """Whether it reads: its consumers are there, nothing interrupts it, and no alarm stands."""
        return not self._alarms and not self._interrupted

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
        self._stopping.set()
        for share in self._shares:
            if share.idle:
                self._tasks[share.number].cancel()
        _, pending = await asyncio.wait(self._tasks, timeout=5) if self._tasks else (set(), set())
        for task in pending:
            task.cancel()

    async def _share(self, number: int) -> None:
        delay = LEAST_DELAY
        while not self._stopping.is_set():
            share = Share(ConsumerSpec(self.service, self.source, number, self.shares, self.whole_log))
            try:
                connection = await asyncio.to_thread(self._connect)
                with connection:
                    if not await asyncio.to_thread(self._take_share, connection, share):
                        self._well(share)
                        await self._pause(IDLE_SECONDS)
                        continue
                    self._shares.append(share)
                    await self._read(share, connection)
            except (AnotherLog, Drift) as alarm:
                if number not in self._alarms:
                    log.error("the inbox has stopped", service=self.service, source=self.source, alarm=str(alarm))
                self._alarms[number] = str(alarm)
                await self._pause(ALARM_SECONDS)
            except (psycopg.Error, NatsError, OSError, TimeoutError) as error:
                self._interrupted.add(number)
                log.warning("the inbox was interrupted", service=self.service, source=self.source, error=type(error).__name__)
                delay = LEAST_DELAY if share.reads else min(delay * 2, 3.0)
                await self._pause(delay)
            except asyncio.CancelledError:
                if not self._stopping.is_set():
                    raise
            finally:
                if share in self._shares:
                    self._shares.remove(share)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    def _well(self, share: Share) -> None:
        """This share reads, or another process reads it. An alarm stands until the owner's log has been compared."""
        share.reads = True
        self._interrupted.discard(share.number)
        if not share.owed:
            self._alarms.pop(share.number, None)

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
            share.taken[lane] = position
            share.incarnation = incarnation
        share.owed = set(share.taken)
        if not self.whole_log:
            share.parked = parking.waiting_cases(connection, self.source)
        return True

    async def _read(self, share: Share, connection: psycopg.Connection[Any]) -> None:
        stream = self.client.jetstream(timeout=5)
        pull = await self._listen(stream, share)
        clock = asyncio.get_running_loop().time
        # Each reader looks at a moment of its own: all at once they would stop the program for a moment, again and again.
        looked = clock() - random.uniform(0, IDLE_SECONDS)  # noqa: S311 - no secret
        try:
            await self._catch_up(share, connection)
            while not self._stopping.is_set():
                fetched = await self._fetch(share, pull)
                if fetched:
                    share.pending = fetched[-1].metadata.num_pending
                    await self._take(share, connection, fetched)
                    if self.patient and len(fetched) < FLOOD:
                        await self._pause(GATHER_SECONDS)
                if clock() - looked >= IDLE_SECONDS or not (fetched or share.waiting):
                    looked = clock()
                    await self._look(share, connection, stream)
                await self._retry(share, connection)
        finally:
            with contextlib.suppress(Exception):
                await pull.close()

    async def _listen(self, stream: JetStreamContext, share: Share) -> Pull:
        info = await provision_consumer(stream, share.spec)
        if info.delivered is not None and info.delivered.consumer_seq:
            # Of lanes without a position something may have been taken, too, and acknowledged with what came after it.
            share.owed.update(share.lanes)
        pull = Pull(self.client, stream_name(self.source), share.spec.name, batch=FETCH)
        await pull.open()
        return pull

    async def _fetch(self, share: Share, pull: Pull) -> list[Msg]:
        patience = self._patience(share)
        share.idle = True
        try:
            if share.held >= MOST_HELD:
                await self._pause(patience)
                return []
            return await pull.take(patience)
        finally:
            share.idle = False

    async def _look(self, share: Share, connection: psycopg.Connection[Any], stream: JetStreamContext) -> None:
        """Whether the session that holds the share and the consumer are there; then what is owed, and what operators have released."""
        await asyncio.to_thread(connection.execute, "SELECT 1")
        info = await stream.consumer_info(stream_name(self.source), share.spec.name)
        share.pending = info.num_pending or 0
        await self._catch_up(share, connection)
        await self._release(share, connection)
        self._well(share)

    async def _catch_up(self, share: Share, connection: psycopg.Connection[Any]) -> None:
        """What was taken and not stored when this reader last ended was acknowledged with what came after it: it is fetched from the owner.

        While the owner is away it stays owed, and what the stream brings is handled meanwhile as far as nothing is missing before it.
        """
        for lane in sorted(share.owed):
            until = END
            while (after := share.taken.get(lane, 0)) < until:
                try:
                    found = await fetch(self.client, self.source, Wanted(after, until, None if lane == WHOLE else lane))
                except NatsError as away:
                    if not share.alone:
                        log.warning("the owner is away", service=self.service, source=self.source, error=type(away).__name__)
                    share.alone = True
                    return
                share.alone = False
                share.compare(found.incarnation)
                if found.last < after:
                    raise share.shorter(found.last, after)
                if not found.messages:
                    break
                until = min(until, found.last)
                share.taken[lane] = found.messages[-1].position
                await self._handle(share, connection, found.messages)
            share.owed.discard(lane)

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
            share.compare(message.incarnation)
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
        missing: list[Message] = []
        while after < until:
            found = await fetch(self.client, self.source, Wanted(after, until, None if lane == WHOLE else lane))
            share.compare(found.incarnation)
            if not found.messages:
                raise share.shorter(min(found.last, after), until)
            missing.extend(found.messages)
            after = found.messages[-1].position
        self.healed += len(missing)
        return missing

    async def _handle(self, share: Share, connection: psycopg.Connection[Any], messages: Sequence[Message]) -> None:
        batch: list[Message] = []
        for message in messages:
            standing = share.waiting.get(share.lane(message))
            if standing is not None:
                standing.messages.append(message)
            elif message.case_id in share.parked and self.handler.interested(message.topic):
                await self._flush(share, batch)
                batch = []
                if share.lane(message) in share.waiting:
                    share.waiting[share.lane(message)].messages.append(message)
                else:
                    await asyncio.to_thread(parking.park, connection, message, parking.BEHIND, 0)
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
                self.handled += 1
            elif isinstance(result, Failed | Postponed):
                again_at = asyncio.get_running_loop().time() + self._delay(1)
                share.waiting[lane] = Waiting(deque([message]), reason(result), 1, again_at)
                log.warning(
                    "an event could not be handled",
                    service=self.service,
                    source=self.source,
                    position=message.position,
                    error=reason(result),
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
                await asyncio.to_thread(parking.park, connection, first, again.error, again.attempts)
                log.error("a case was parked", service=self.service, source=self.source, position=first.position, case=str(first.case_id))
                share.parked.add(first.case_id)
                del share.waiting[lane]
                standing.messages.popleft()
                await self._handle(share, connection, list(standing.messages))

    async def _release(self, share: Share, connection: psycopg.Connection[Any]) -> None:
        """Handles what operators have released: each case in its order, before anything newer of it."""
        while messages := await asyncio.to_thread(parking.released, connection, self.source, share.lanes):
            for message in messages:
                try:
                    result = await self.handler.released(message)
                except (psycopg.OperationalError, OSError):
                    raise
                except Exception as error:
                    result = Failed(type(error).__name__)
                if isinstance(result, Failed | Postponed):
                    await asyncio.to_thread(parking.repark, connection, message, reason(result))
                    continue
                refused = result if isinstance(result, Refused) else None
                if not await asyncio.to_thread(parking.unpark, connection, message, refused):
                    share.parked.discard(message.case_id)


def reason(result: Failed | Postponed) -> str:
    """Why an event was not handled, as it is kept and shown: the exception's class, never its text."""
    return result.error if isinstance(result, Failed) else "postponed"
