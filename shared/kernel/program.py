"""Any set of services as one program: everything on one machine at one port, or one service alone; the same parts, paths and pages.

A program has two parts: the *web*, which answers people and needs its databases alone, and the *worker*, which does what nobody waits for. They
may share a process or stand side by side. It stops in the opposite order of its start, so that what was accepted is carried out and what was
recorded is sent.
"""

import asyncio
import contextlib
import gc
import importlib
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import FastAPI, Request, Response

from shared.access.service import open_access
from shared.files.intake import AROUND_BYTES
from shared.kernel.application import NO_TELEMETRY, App, Front, Scope, handle_problems, metrics_answer, service_app
from shared.kernel.errors import Problem
from shared.kernel.health import Health
from shared.kernel.onewrite import OneWrite
from shared.kernel.routes import answer
from shared.kernel.running import Running
from shared.kernel.service import Service
from shared.settings import Settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey

if TYPE_CHECKING:
    from shared.kernel.worker import Worker

SERVICES = ("requests", "review", "publishing", "press", "audit")
LOGS = (*SERVICES, "access")

IDLE_SECONDS = 75
"""How long an idle connection is kept: longer than the balancers and browsers before us keep theirs (60 s), so that it is they who close it."""


def load_service(name: str) -> Service:
    """A service by its name; importing it registers its commands, events and reactions."""
    service: Service = importlib.import_module(f"services.{name}.service").service
    return service


class Program:
    """The services of one process. `work`: whether it is (also) their worker; `sibling`: the socket of the worker that stands beside it;
    `web`: whether it answers people, else just how well it is.
    """

    def __init__(
        self, settings: Settings, names: Sequence[str] = SERVICES, *, work: bool = True, sibling: str | None = None, web: bool = True
    ) -> None:
        self.settings = settings
        self.sibling = sibling
        self.services = [load_service(name) for name in names]
        self.keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
        self.access = open_access(settings, self.keys)
        self.running = [Running(service, settings, self.access.directory, self.keys) for service in self.services]
        self.worker = self._worker() if work else None
        self.health = Health(self)
        self.app = self._application(web)

    @property
    def everything(self) -> list[Running]:
        """The services and access."""
        return [*self.running, self.access.running]

    async def start(self) -> None:
        """Brings everything up. NATS may be away: pages work without it, and what is recorded is sent when it is back."""
        sys.setswitchinterval(0.0005)
        collect_seldom()
        for running in self.everything:
            running.follows_views = self.worker is None
        loop = asyncio.get_running_loop()
        self.access.start(loop)
        for running in self.running:
            running.start(loop)
        if self.worker is not None:
            self.worker.start()

    async def stop(self) -> None:
        """Ends everything in order: pipelines, worker, logs."""
        for running in self.everything:
            await asyncio.to_thread(running.pipeline.stop)
        if self.worker is not None:
            await self.worker.stop()
        for running in self.running:
            await asyncio.to_thread(running.stop)
        await asyncio.to_thread(self.access.stop)
        self.keys.close()

    def _worker(self) -> "Worker":
        # What talks to NATS takes 25 MB, and the web has a worker beside it.
        from shared.kernel.worker import Worker

        return Worker(self.settings, self.running, self.access.running, self.keys, LOGS)

    def _application(self, web: bool) -> Front:
        apis: dict[str, App] = {}
        pages: dict[str, App] = {}
        for running in self.everything if web else ():
            apis[running.name] = service_app(running)
            if running.service.pages:
                pages[running.name] = pages_app(running)
        uploads = self.settings.file_limit_bytes + AROUND_BYTES
        direct = {path: (running.name, endpoint) for running in self.everything for path, endpoint in running.direct.items()}
        return Front(
            apis, pages, self._root(web), body_limit=self.settings.body_limit_bytes, upload_limit=uploads, direct=direct, told=self._told
        )

    def _told(self, scope: Scope, problem: Problem) -> Response:
        told: Response = importlib.import_module("shared.web.root").problem_for(self.access.running, scope, problem)
        return told

    def _root(self, web: bool) -> FastAPI:
        root = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, telemetry=NO_TELEMETRY)

        async def livez(_request: Request) -> Response:
            return answer({"status": "alive"})

        async def readyz(_request: Request) -> Response:
            report = await self.health.report()
            return answer(report, 200 if report["ready"] else 503)

        async def metrics(_request: Request) -> Response:
            self.health.measure()
            return metrics_answer()

        async def worker_metrics(_request: Request) -> Response:
            return Response(await self.health.of_sibling("/metrics") or b"", media_type="text/plain; version=0.0.4")

        root.add_route("/livez", livez)
        root.add_route("/readyz", readyz)
        root.add_route("/metrics", metrics)
        root.add_route("/metrics/worker", worker_metrics)
        handle_problems(root)
        if web:
            importlib.import_module("shared.web.root").mount(root, self)
        return root


def collect_seldom() -> None:
    """What has been imported stays: otherwise a full collection looks at half a million objects and stops the program for 150 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


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


async def serve(
    program: Program,
    host: str,
    port: int,
    *,
    socket: str | None = None,
    ready: Callable[[], None] | None = None,
    until: asyncio.Event | None = None,
) -> None:
    """Runs a program until SIGINT, SIGTERM or `until`; on a socket in the file system where one is named. `ready` is called when it answers."""
    await program.start()
    config = uvicorn.Config(
        program.app,
        host=host,
        port=port,
        uds=socket,
        loop="uvloop",
        http=OneWrite,
        lifespan="off",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=IDLE_SECONDS,
        server_header=False,
        proxy_headers=bool(program.settings.trusted_proxies),
        forwarded_allow_ips=list(program.settings.trusted_proxies),
        backlog=2048,
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    serving = asyncio.create_task(server.serve())
    watching = asyncio.create_task(_when(until, end)) if until is not None else None
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    if ready is not None and server.started:
        ready()
    try:
        await serving
    finally:
        if watching is not None:
            watching.cancel()
        await program.stop()


async def _when(event: asyncio.Event, then: Callable[[], None]) -> None:
    await event.wait()
    then()
