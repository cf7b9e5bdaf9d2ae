"""Whether a process may be given work. Web = its own database; worker = NATS, consumers, lag: a NATS outage stops no web page."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx
from prometheus_client import Gauge

if TYPE_CHECKING:
    from shared.kernel.program import Program
    from shared.kernel.running import Running

DATABASE_SECONDS = 3.0
"""A database that has not answered for so long is out of reach: who asks for readiness does not wait longer."""

POSITION = Gauge("gongkai_log_position", "Last position of a service's log", ["service"])
QUEUE = Gauge("gongkai_pipeline_waiting", "Commands that wait in the pipeline", ["service"])
VIEW_LAG = Gauge("gongkai_view_lag_events", "Events that the slowest view of a service has not read", ["service"])
RELAY_LAG = Gauge("gongkai_relay_lag_events", "Events of a log that are not in its stream yet", ["service"])
INBOX_LAG = Gauge("gongkai_inbox_lag_events", "Events of a source that a service has not handled", ["service", "source"])
DUTY_LAG = Gauge("gongkai_duty_lag", "What waits for a duty of a service's worker", ["duty"])
DUTY_WELL = Gauge("gongkai_duty_well", "Whether a duty of a service's worker is well (1) or not (0)", ["duty"])
PARTS_DOWN = Gauge("gongkai_parts_down", "Parts of the program that ended with an error")


class Health:
    """What `/readyz` and `/metrics` tell of a program."""

    def __init__(self, program: "Program") -> None:
        self.program = program

    async def report(self) -> dict[str, Any]:
        """Each check with whether it is well. `ready` rests on the databases alone: a NATS outage stops no web page; `well` on everything."""
        everything = self.program.everything
        databases = await asyncio.gather(*(self._database(running) for running in everything))
        checks: dict[str, Any] = {f"database {running.name}": found for running, found in zip(everything, databases, strict=True)}
        ready = all(check["ok"] for check in checks.values())
        worker = self.program.worker
        if worker is not None:
            checks["nats"] = {"ok": worker.client is not None and worker.client.is_connected}
            for relay in worker.relays:
                checks[f"relay {relay.service}"] = {"ok": relay.alarm is None, "leads": relay.leads, "lag": relay.lag, "alarm": relay.alarm}
            for inbox in worker.inboxes:
                checks[f"inbox {inbox.service} from {inbox.source}"] = {"ok": inbox.healthy, "lag": inbox.lag, "alarm": inbox.alarm}
            for name, duty in worker.duties.items():
                checks[name] = duty.condition
            for part, error in worker.parts_down.items():
                checks[part] = {"ok": False, "error": error}
        elif self.program.sibling is not None:
            told = await self.of_sibling("/readyz")
            checks["worker"] = {"ok": told is not None}
            if told is not None:
                checks.update({name: check for name, check in json.loads(told)["checks"].items() if not name.startswith("database")})
        return {"ready": ready, "well": all(check["ok"] for check in checks.values()), "checks": checks}

    async def of_sibling(self, path: str) -> bytes | None:
        """What the worker beside this program answers; None if it does not."""
        if self.program.sibling is None:
            return None
        try:
            transport = httpx.AsyncHTTPTransport(uds=self.program.sibling)
            async with httpx.AsyncClient(transport=transport, timeout=5) as client:
                return (await client.get(f"http://worker{path}")).content
        except httpx.HTTPError:
            return None

    def measure(self) -> None:
        """Brings the gauges up to date."""
        for running in self.program.everything:
            pipeline = running.pipeline
            POSITION.labels(running.name).set(max(pipeline.last, 0))
            QUEUE.labels(running.name).set(pipeline.waiting)
        worker = self.program.worker
        if worker is None:
            return
        for running in self.program.everything:
            if running.service.views:
                VIEW_LAG.labels(running.name).set(max(running.pipeline.last - running.views.position(), 0))
        for relay in worker.relays:
            RELAY_LAG.labels(relay.service).set(relay.lag)
        for inbox in worker.inboxes:
            INBOX_LAG.labels(inbox.service, inbox.source).set(inbox.lag)
        for name, duty in worker.duties.items():
            condition = duty.condition
            DUTY_LAG.labels(name).set(condition.get("lag") or 0)
            DUTY_WELL.labels(name).set(condition["ok"])
        PARTS_DOWN.set(len(worker.parts_down))

    @staticmethod
    async def _database(running: "Running") -> dict[str, Any]:
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                await running.query("SELECT 1 AS one")
        except Exception as error:
            return {"ok": False, "error": type(error).__name__}
        return {"ok": True}
