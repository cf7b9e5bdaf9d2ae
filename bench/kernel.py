"""Benchmarks without HTTP: the pipeline against stock saves, and rebuilding a view against the stock projection runner."""

import asyncio
import time
from typing import Any
from uuid import UUID

import uvloop
from eventsourcing.application import Application
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Identifier

from bench.peers import Stock, StockRequest, stock_environment
from services.requests.disclosure_request.commands import Submit
from services.requests.service import service
from services.requests.views.cases import cases
from shared.access.service import open_access
from shared.kernel.events import Actor
from shared.kernel.program import collect_seldom
from shared.kernel.rebuild import rebuild
from shared.kernel.running import Running
from shared.settings import Settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey

PUBLIC = Actor("public", ("public",))


def body(number: int) -> Submit:
    """A request."""
    return Submit(applicant_name=f"申请人{number}", contact="13900000000", content="申请公开部门预算")


def pipeline_rate(settings: Settings, agency: str, count: int, at_once: int = 256) -> float:
    """Commands a second through the pipeline: decided, encrypted, stored. Nothing else runs."""
    keys = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
    access = open_access(settings, keys)
    access.directory.read_once()
    running = Running(service, settings, access.directory, keys)
    facts = access.directory.agency(agency)

    async def go() -> float:
        running.pipeline.start(asyncio.get_running_loop())
        collect_seldom()

        async def one_after_another(many: int) -> None:
            for number in range(many):
                await running.execute(body(number), None, PUBLIC, facts)

        await asyncio.gather(*(one_after_another(2) for _ in range(at_once)))
        started = time.perf_counter()
        await asyncio.gather(*(one_after_another(count // at_once) for _ in range(at_once)))
        rate = count // at_once * at_once / (time.perf_counter() - started)
        await asyncio.to_thread(running.pipeline.stop)
        return rate

    rate = uvloop.run(go())
    running.log.close()
    keys.close()
    return rate


def stock_saves(count: int) -> float:
    """Saves a second by the stock application, one after another."""
    application = Stock(stock_environment())
    for number in range(20):
        application.receive(body(number))
    started = time.perf_counter()
    for number in range(count):
        application.receive(body(number))
    rate = count / (time.perf_counter() - started)
    application.close()
    return rate


class StockView(PostgresTrackingRecorder):
    """A table with one row a request, kept by the stock runner."""

    def __init__(self, datastore: PostgresDatastore, **options: Any) -> None:
        super().__init__(datastore, **options)
        self.sql_create_statements.append(
            SQL("CREATE TABLE IF NOT EXISTS {0}.{1} (id uuid PRIMARY KEY, kind text, position bigint)").format(
                Identifier(self.datastore.schema), Identifier("stock_requests")
            )
        )

    def put(self, id: UUID, kind: str, tracking: Tracking) -> None:
        """Row and position in one transaction."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "INSERT INTO stock_requests VALUES (%s, %s, %s) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind",
                (id, kind, tracking.notification_id),
            )


class StockProjection(Projection[StockView]):
    """What the stock runner does with each event."""

    name = "stockprojection"
    topics: tuple[str, ...] = ()

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        """A new row."""
        self.view.put(domain_event.originator_id, domain_event.applicant_kind, tracking)


def stock_rebuild(count: int) -> float:
    """Events a second by the stock projection runner, from the first to the last."""
    environment = stock_environment()
    application: Application[UUID] = Stock(environment)
    for start in range(0, count, 500):
        made = [StockRequest("natural_person", f"申请人{number}", "139", "申请") for number in range(start, min(start + 500, count))]
        application.save(*made)
    last = application.recorder.max_notification_id()
    application.close()
    started = time.perf_counter()
    with ProjectionRunner(application_class=Stock, projection_class=StockProjection, view_class=StockView, env=environment) as runner:
        runner.wait(last, timeout=120)
    return count / (time.perf_counter() - started)


def rebuild_rate(settings: Settings, processes: int | None = None) -> tuple[float, int]:
    """Events a second while the list of cases is built again, by as many processes or as many as the machine is worth; and how many events."""
    started = time.perf_counter()
    count = rebuild(settings.dsn("requests", role="gongkai_requests"), cases, processes=processes)
    return count / (time.perf_counter() - started), count
