"""Whether a process may be given work. Web = its own database; worker = NATS, consumers, lag: a NATS outage stops no web page."""

import asyncio
from typing import TYPE_CHECKING, Any

from prometheus_client import Gauge

if TYPE_CHECKING:
    from shared.kernel.program import Program
    from shared.kernel.running import Running

POSITION = Gauge("gongkai_log_position", "Last position of a service's log", ["service"])
QUEUE = Gauge("gongkai_pipeline_waiting", "Commands that wait in the pipeline", ["service"])
VIEW_LAG = Gauge("gongkai_view_lag_events", "Events that the slowest view of a service has not read", ["service"])
RELAY_LAG = Gauge("gongkai_relay_lag_events", "Events of a log that are not in its stream yet", ["service"])
INBOX_LAG = Gauge("gongkai_inbox_lag_events", "Events of a source that a service has not handled", ["service", "source"])
PARTS_DOWN = Gauge("gongkai_parts_down", "Parts of the program that ended with an error")


class Health:
    """What `/readyz` and `/metrics` tell of a program."""

    def __init__(self, program: "Program") -> None:
        self.program = program
        self.parts_down: dict[str, str] = {}

    def failed(self, part: str, error: str) -> None:
        """A part of the program has ended and will not come back by itself."""
        self.parts_down[part] = error

    async def report(self) -> dict[str, Any]:
        """Each check with whether it is well, and whether all is ready."""
        checks: dict[str, Any] = {}
        for running in self.program.everything:
            checks[f"database {running.name}"] = await asyncio.to_thread(self._database, running)
        nats = self.program.nats
        checks["nats"] = {"ok": nats is not None and nats.is_connected, "web": True}
        for relay in self.program.relays:
            checks[f"relay {relay.service}"] = {"ok": relay.alarm is None, "lag": relay.lag, "alarm": relay.alarm, "web": True}
        for inbox in self.program.inboxes:
            checks[f"inbox {inbox.service} from {inbox.source}"] = {"ok": inbox.healthy, "lag": inbox.lag, "web": True}
        for part, error in self.parts_down.items():
            checks[part] = {"ok": False, "error": error}
        # A web page needs only its database: what is marked `web` is shown, and does not take the process out of service.
        ready = all(check["ok"] for check in checks.values() if not check.pop("web", False))
        return {"ready": ready, "well": all(check["ok"] for check in checks.values()), "checks": checks}

    def measure(self) -> None:
        """Brings the gauges up to date."""
        for running in self.program.everything:
            pipeline = running.pipeline
            POSITION.labels(running.name).set(max(pipeline.last, 0))
            QUEUE.labels(running.name).set(pipeline.waiting)
            if running.service.views:
                VIEW_LAG.labels(running.name).set(max(pipeline.last - running.views.position(), 0))
        for relay in self.program.relays:
            RELAY_LAG.labels(relay.service).set(relay.lag)
        for inbox in self.program.inboxes:
            INBOX_LAG.labels(inbox.service, inbox.source).set(inbox.lag)
        PARTS_DOWN.set(len(self.parts_down))

    @staticmethod
    def _database(running: "Running") -> dict[str, Any]:
        try:
            running.query_now("SELECT 1 AS one")
        except Exception as error:
            return {"ok": False, "error": type(error).__name__}
        return {"ok": True}
