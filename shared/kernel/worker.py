"""The worker of a program: everything that nobody waits for. Relays, inboxes, timers, erasures; it needs NATS, and the pages do not.

It may run in the process of the pages, or in one of its own beside it: the pipelines of both share the logs as replicas do.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

import structlog
from faststream import AckPolicy
from faststream.nats import NatsBroker
from faststream.security import BaseSecurity
from nats.aio.client import Client

from shared.kernel.inboxing import ReactionHandler
from shared.kernel.keeper import Keeper
from shared.kernel.places import place
from shared.kernel.running import Running
from shared.kernel.service import Duty
from shared.messaging.catchup import answer_on
from shared.messaging.connection import authority, connect
from shared.messaging.inbox import Inbox
from shared.messaging.provisioning import Drift, provision
from shared.messaging.relay import Relay
from shared.settings import Settings
from shared.trust.erasure import checks
from shared.trust.erasure.eraser import Eraser
from shared.trust.keys import Keys

log = structlog.get_logger("gongkai.worker")

WELL_AFTER = 5.0
"""A part that failed and has run for so long again is well, in seconds."""

CALM_SECONDS = 60.0
"""After running for so long, the delay before a part is started again begins anew, in seconds."""


class Worker:
    """The worker of these services. `access` is the running access log; `logs` names every log of the platform."""

    def __init__(self, settings: Settings, services: Sequence[Running], access: Running, keys: Keys, logs: Sequence[str]) -> None:
        self.settings = settings
        self.services = list(services)
        self.access = access
        self.keys = keys
        self.logs = tuple(logs)
        self.client: Client | None = None
        self.broker: NatsBroker | None = None
        self.eraser: Eraser | None = None
        self.relays: list[Relay] = []
        self.inboxes: list[Inbox] = []
        self.duties: dict[str, Duty] = {}
        self.keepers = [Keeper(running) for running in self.everything]
        self.parts_down: dict[str, str] = {}
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def everything(self) -> list[Running]:
        """The services and access."""
        return [*self.services, self.access]

    def start(self) -> None:
        """Brings it up; what needs NATS comes when NATS is there."""
        for keeper in self.keepers:
            self._spawn(f"keeper {keeper.running.name}", keeper.run)
        for running in self.services:
            for name, make in running.service.duties.items():
                duty = self.duties[f"{running.name} {name}"] = make(running)
                self._spawn(f"{running.name} {name}", duty.run)
        self._spawn("messaging", self._messaging)

    async def drained(self) -> None:
        """Waits until what is in the logs has been sent, as far as this process leads."""
        while any(relay.lag for relay in self.relays):
            await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """Ends in order: what was recorded is sent, then relays, inboxes, answers, NATS."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self.drained()
        await asyncio.gather(*(relay.stop() for relay in self.relays))
        await asyncio.gather(*(inbox.stop() for inbox in self.inboxes))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for keeper in self.keepers:
            keeper.close()
        if self.eraser is not None:
            self.eraser.close()
        for closing in (self.broker.stop if self.broker else None, self.client.close if self.client else None):
            if closing is not None:
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(5):
                        await closing()

    async def _messaging(self) -> None:
        """Connects, compares the streams, and starts what travels; tried again until it succeeds once, then each part mends itself."""
        delay = 0.5
        while True:
            try:
                if self.client is None:
                    self.client = await connect(self.settings, name="gongkai")
                await provision(self.client, self.logs, self.settings)
                self.broker = await self._answering()
                break
            except Drift as drift:
                self.parts_down["streams"] = str(drift)
                log.error("a stream is not as it should be", told=str(drift))
                delay = 30.0
            except Exception as error:
                log.warning("nats is out of reach; pages work, events wait in their logs", error=type(error).__name__)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 10.0)
        self.parts_down.pop("streams", None)
        for running in self.everything:
            relay = Relay(running.name, running.dsn, self.client, replicas=self.settings.stream_replicas)
            running.pipeline.committed.append(relay.wake)
            self.relays.append(relay)
            self._spawn(f"relay {running.name}", relay.run)
        for running in self.services:
            for inbox in self._inboxes(running, self.client):
                self.inboxes.append(inbox)
                self._spawn(f"inbox {running.name} from {inbox.source}", inbox.run)
        self.eraser = eraser = Eraser(self.access, self.client, self.keys, [name for name in self.logs if name != self.access.name])
        self.access.pipeline.committed.append(lambda _last: eraser.wake())
        self._spawn("eraser", eraser.run)

    async def _answering(self) -> NatsBroker:
        """Where this process answers requests over NATS: what the readers of its logs have missed, and what its services hold of a person."""
        broker = NatsBroker(
            self.settings.nats_address,
            security=BaseSecurity(ssl_context=authority(self.settings)),
            ack_policy=AckPolicy.NACK_ON_ERROR,
            max_reconnect_attempts=-1,
            logger=None,
        )
        for running in self.everything:
            answer_on(broker, running.name, running.dsn)
        for running in self.services:
            checks.answer_on(broker, running.log)
        await broker.start()
        return broker

    def _inboxes(self, running: Running, client: Client) -> list[Inbox]:
        retry, shares = self.settings.inbox_retry_seconds, self.settings.inbox_shares
        made = []
        # Who keeps the ledger supervises: what it does about an event, nobody waits for.
        patient = running.service.ledger is not None
        for source in running.service.hears:
            handler = ReactionHandler(running, source)
            made.append(Inbox(running.name, source, running.dsn, client, handler, patient=patient, shares=shares, retry_seconds=retry))
        if running.service.ledger is not None:
            for source in self.logs:
                writer = running.service.ledger(source, running.dsn)
                made.append(Inbox(running.name, source, running.dsn, client, writer, whole_log=True, retry_seconds=retry))
        return made

    def _spawn(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        self._tasks.append(asyncio.create_task(self._supervised(name, run), name=name))

    async def _supervised(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """A part that ends by a fault of the program is started again, and counted until it has run well for a while."""
        delay = 0.5
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            mended = loop.call_later(WELL_AFTER, self.parts_down.pop, name, None)
            try:
                await run()
            except asyncio.CancelledError:
                mended.cancel()
                raise
            except Exception as error:
                mended.cancel()
                if loop.time() - began > CALM_SECONDS:
                    delay = 0.5
                self.parts_down[name] = type(error).__name__
                log.error("a part of the worker failed and is started again", part=name, error=type(error).__name__, at=place(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, 30.0)
            else:
                mended.cancel()
                self.parts_down.pop(name, None)
                return
