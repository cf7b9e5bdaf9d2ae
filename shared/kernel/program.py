"""Any set of services as one program: everything on one machine at one port, or one service alone; the same parts, paths and pages.

It starts from the ground up (NATS, streams, directory, logs, relays, inboxes, keepers, HTTP) and stops in the opposite order, so that what was
accepted is carried out and what was recorded is sent.
"""

import asyncio
import contextlib
import gc
import importlib
import signal
import sys
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI, Request, Response
from faststream import AckPolicy
from faststream.nats import NatsBroker
from nats.aio.client import Client

from shared.access.service import open_access
from shared.kernel.application import NO_TELEMETRY, App, Front, handle_problems, metrics_answer, service_app
from shared.kernel.health import Health
from shared.kernel.inboxing import ReactionHandler
from shared.kernel.keeper import Keeper
from shared.kernel.places import place
from shared.kernel.routes import answer
from shared.kernel.running import Running
from shared.kernel.service import Service
from shared.messaging.catchup import answer_on
from shared.messaging.connection import connect
from shared.messaging.inbox import Inbox
from shared.messaging.provisioning import provision
from shared.messaging.relay import Relay
from shared.settings import Settings
from shared.trust.erasure import checks
from shared.trust.erasure.eraser import Eraser
from shared.trust.keys import Keys
from shared.trust.master import MasterKey

log = structlog.get_logger("gongkai.program")

SERVICES = ("requests", "review", "publishing", "press", "audit")
LOGS = (*SERVICES, "access")


def load_service(name: str) -> Service:
    """A service by its name; importing it registers its commands, events and reactions."""
    service: Service = importlib.import_module(f"services.{name}.service").service
    return service


class Program:
    """The services of one process."""

    def __init__(self, settings: Settings, names: Sequence[str] = SERVICES) -> None:
        self.settings = settings
        self.services = [load_service(name) for name in names]
        self.keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
        self.access = open_access(settings, self.keys)
        self.running = [Running(service, settings, self.access.directory, self.keys) for service in self.services]
        self.everything = [*self.running, self.access.running]
        self.nats: Client | None = None
        self.broker: NatsBroker | None = None
        self.eraser: Eraser | None = None
        self.relays: list[Relay] = []
        self.inboxes: list[Inbox] = []
        self.keepers: list[Keeper] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.health = Health(self)
        self.app = self._application()

    async def start(self) -> None:
        """Brings everything up. NATS may be away: pages work without it, and what is recorded is sent when it is back."""
        sys.setswitchinterval(0.0005)
        # What has been imported stays: without it a full collection looks at half a million objects and stops the program for 150 ms.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 100)
        self.access.start()
        for running in self.running:
            running.start()
        self.nats = await connect(self.settings, name="gongkai")
        self._spawn("messaging", self._messaging())
        for running in self.everything:
            keeper = Keeper(running)
            self.keepers.append(keeper)
            self._spawn(f"keeper {running.name}", keeper.run())

    async def stop(self) -> None:
        """Ends everything in order: pipelines, relays, inboxes, NATS, logs."""
        for running in self.everything:
            await asyncio.to_thread(running.pipeline.stop)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._drained(), 5)
        await asyncio.gather(*(relay.stop() for relay in self.relays))
        await asyncio.gather(*(inbox.stop() for inbox in self.inboxes))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for keeper in self.keepers:
            keeper.close()
        if self.eraser is not None:
            self.eraser.close()
        if self.broker is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self.broker.stop(), 5)
        if self.nats is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self.nats.close(), 5)
        for running in self.running:
            await asyncio.to_thread(running.stop)
        await asyncio.to_thread(self.access.stop)
        self.keys.close()

    async def _drained(self) -> None:
        while any(relay.lag for relay in self.relays):
            await asyncio.sleep(0.02)

    async def _messaging(self) -> None:
        assert self.nats is not None
        await provision(self.nats, LOGS, self.settings)
        self.broker = answering_broker(self.settings, self.everything)
        await self.broker.start()
        for running in self.everything:
            relay = Relay(running.name, running.dsn, self.nats)
            running.pipeline.committed.append(relay.wake)
            self.relays.append(relay)
            self._spawn(f"relay {running.name}", relay.run())
        self.eraser = Eraser(self.access.running, self.nats, self.keys, SERVICES)
        self.access.running.pipeline.committed.append(lambda _last: self.eraser.wake() if self.eraser else None)
        self._spawn("eraser", self.eraser.run())
        for running in self.running:
            for inbox in self._inboxes(running):
                self.inboxes.append(inbox)
                self._spawn(f"inbox {running.name} from {inbox.source}", inbox.run())

    def _inboxes(self, running: Running) -> list[Inbox]:
        assert self.nats is not None
        made = []
        for source in running.service.hears:
            handler = ReactionHandler(running, source)
            made.append(
                Inbox(
                    running.name,
                    source,
                    running.dsn,
                    self.nats,
                    handler,
                    shares=self.settings.inbox_shares,
                    retry_seconds=self.settings.inbox_retry_seconds,
                )
            )
        if running.service.ledger is not None:
            for source in LOGS:
                writer = running.service.ledger(source, running.dsn)
                made.append(
                    Inbox(
                        running.name,
                        source,
                        running.dsn,
                        self.nats,
                        writer,
                        whole_log=True,
                        retry_seconds=self.settings.inbox_retry_seconds,
                    )
                )
        return made

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        async def supervised() -> None:
            try:
                await work
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self.health.failed(name, type(error).__name__)
                log.error("a part of the program ended", part=name, error=type(error).__name__, at=place(error))

        self._tasks.append(asyncio.create_task(supervised(), name=name))

    def _application(self) -> Front:
        apis: dict[str, App] = {}
        pages: dict[str, App] = {}
        for running in self.everything:
            apis[running.name] = service_app(running)
            if running.service.pages:
                pages[running.name] = pages_app(running)
        return Front(apis, pages, self._root(), body_limit=self.settings.body_limit_bytes)

    def _root(self) -> FastAPI:
        root = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, telemetry=NO_TELEMETRY)

        async def livez(_request: Request) -> Response:
            return answer({"status": "alive"})

        async def readyz(_request: Request) -> Response:
            report = await self.health.report()
            return answer(report, 200 if report["ready"] else 503)

        async def metrics(_request: Request) -> Response:
            self.health.measure()
            return metrics_answer()

        root.add_route("/livez", livez)
        root.add_route("/readyz", readyz)
        root.add_route("/metrics", metrics)
        importlib.import_module("shared.web.root").mount(root, self)
        handle_problems(root)
        return root


def answering_broker(settings: Settings, everything: Sequence[Running]) -> NatsBroker:
    """Where this process answers requests over NATS: for each service, what the readers of its log have missed."""
    broker = NatsBroker(settings.nats_address, ack_policy=AckPolicy.NACK_ON_ERROR, max_reconnect_attempts=-1, logger=None)
    for running in everything:
        answer_on(broker, running.name, running.dsn)
        if running.name in SERVICES:
            checks.answer_on(broker, running.log)
    return broker


def pages_app(running: Running) -> FastAPI:
    """The pages of a service, under `/<service>`."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, telemetry=NO_TELEMETRY)
    for make in running.service.pages:
        app.include_router(make(running))
    importlib.import_module("shared.web.root").problem_pages(app, running)
    return app


class _Server(uvicorn.Server):
    """uvicorn without its signal handling: the program decides the order in which things stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


async def serve(program: Program, host: str, port: int, *, ready: Any = None) -> None:
    """Runs a program until SIGINT or SIGTERM. `ready` is called when it answers."""
    await program.start()
    config = uvicorn.Config(
        program.app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=10,
        server_header=False,
        proxy_headers=False,
        backlog=2048,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: setattr(server, "should_exit", True))
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    if ready is not None and server.started:
        ready()
    try:
        await serving
    finally:
        await program.stop()
