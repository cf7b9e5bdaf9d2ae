"""The keeper of a service: its leader looks at intervals for what has come due, and sends the commands that say so.

A command that a timer sends has a deterministic id, so that two keepers, or one that was restarted, record a missed deadline once.
"""

import asyncio
import time
from collections.abc import Mapping
from datetime import date
from typing import Any

import psycopg
import structlog

from shared.kernel import idempotency
from shared.kernel.errors import Problem
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id
from shared.kernel.places import place
from shared.kernel.running import Running
from shared.kernel.service import Due, Timer

log = structlog.get_logger("gongkai.keeper")

KEEPER_LOCK = 7202

FORGET_EVERY_SECONDS = 3600.0
"""How often idempotency rows that are over their days are removed."""


class Keeper:
    """Runs a service's timers in the one process that holds its keeper's lock."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.leads = False
        self.sent = 0
        self._forget_at = 0.0
        self._connection: psycopg.Connection[Any] | None = None

    async def run(self) -> None:
        """Looks every `keeper_seconds` until cancelled."""
        while True:
            try:
                self.leads = await asyncio.to_thread(self._lead)
                if self.leads:
                    await self.look()
            except (psycopg.Error, OSError) as error:
                self._connection = None
                log.warning("the keeper was interrupted", service=self.running.name, error=type(error).__name__, at=place(error))
            await asyncio.sleep(self.running.settings.keeper_seconds)

    async def look(self) -> int:
        """Sends what is due now; returns how many commands were carried out."""
        running = self.running
        agencies = {agency.code: running.doorkeeper.today(agency) for agency in running.doorkeeper.agencies()}
        carried_out = 0
        for timer in running.service.timers:
            for due in await asyncio.to_thread(list_due, timer, running, agencies):
                agency = running.doorkeeper.agency(due.agency)
                try:
                    await running.execute(
                        due.command,
                        due.id,
                        Actor("system:keeper", ("system",)),
                        agency,
                        today=agencies[due.agency],
                        command_id=derived_id("timer", running.name, due.once),
                    )
                    carried_out += 1
                except Problem as problem:
                    # Answered in the meantime, or recorded by another keeper: the view was behind the log.
                    log.info("a timer's command was refused", service=running.name, command=due.command.spec.name, code=problem.code)
        self.sent += carried_out
        return carried_out

    def _lead(self) -> bool:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.running.dsn, autocommit=True)
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (KEEPER_LOCK,)).fetchone()
        if row and row[0]:
            if time.monotonic() > self._forget_at:
                self._forget_at = time.monotonic() + FORGET_EVERY_SECONDS
                self._connection.execute(idempotency.FORGET, (self.running.settings.idempotency_days,))
            return True
        return False

    def close(self) -> None:
        """Gives up the lead."""
        if self._connection is not None:
            self._connection.close()


def list_due(timer: Timer, running: Running, today: Mapping[str, date]) -> list[Due]:
    """What a timer finds due. Blocks: call it in a thread."""
    return list(timer(running, today))
