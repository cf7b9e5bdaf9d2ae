"""The eraser: brings every erasure on its way, one step at a time, and goes on after a crash wherever it was.

requested → every service is asked → checked, or refused with the reason. Approved → every service is asked again → the keys are
destroyed → erased. Destroying twice changes nothing and recording is done once, so that a crash anywhere, or two erasers, do no harm.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import psycopg
import structlog
from nats.aio.client import Client

from shared.kernel.commands import Command
from shared.kernel.errors import Problem
from shared.kernel.events import Actor
from shared.kernel.failpoints import failpoint
from shared.kernel.places import place
from shared.kernel.running import Running
from shared.kernel.views import EVERY_AGENCY
from shared.trust.erasure.checks import PATIENCE_SECONDS, Asked, NoAnswer, ask
from shared.trust.erasure.commands import ConcludeCheck, ConcludeErasure, RefuseErasure
from shared.trust.erasure.decisions import BASES, Basis, Erasure, Stage, erasure
from shared.trust.erasure.holdings import Held
from shared.trust.keys import Keys, KeyUnavailable

log = structlog.get_logger("gongkai.eraser")

ERASER_LOCK = 7203
POLL_SECONDS = 1.0
PENDING = "SELECT id, agency FROM views.erasures WHERE stage IN ('requested', 'approved') ORDER BY position"
ACTOR = Actor("system:eraser", ("system",))

NOTHING_HELD = "没有找到该案件的个人信息，请核对案件编号；已清除的不必再清除。"
CHANGED = "批准以后，该案件的个人信息有变化，与所批准的不再一致，请重新申请。"


class Eraser:
    """Does its work in the one process that holds its lock. `services` are those to be asked."""

    def __init__(
        self, running: Running, client: Client, keys: Keys, services: Sequence[str], *, patience: float = PATIENCE_SECONDS
    ) -> None:
        self.running = running
        self.client = client
        self.keys = keys
        self.services = tuple(services)
        self.patience = patience
        self.erased = 0
        self._connection: psycopg.Connection[Any] | None = None
        self._woken: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self, _last: int = 0) -> None:
        """Something was recorded in the access log; the pipeline calls it after each commit. Safe for threads."""
        if self._loop is not None and self._woken is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        """Works until cancelled."""
        self._loop, self._woken = asyncio.get_running_loop(), asyncio.Event()
        while True:
            self._woken.clear()
            try:
                if await asyncio.to_thread(self._lead):
                    await self.running.views.wait(self.running.pipeline.last, 1)
                    await self.look()
            except (psycopg.Error, OSError, KeyUnavailable, Problem) as error:
                self.close()
                log.warning("the eraser was interrupted", error=type(error).__name__, at=place(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._woken.wait()

    async def look(self) -> int:
        """Brings each that is under way one step on; returns how many were erased."""
        before = self.erased
        for row in await self.running.query(PENDING, agency=EVERY_AGENCY):
            state, _ = await asyncio.to_thread(self.running.load, erasure, row["id"])
            assert isinstance(state, Erasure)
            # The view may be behind the log: only the log tells where it stands.
            if state.stage is Stage.REQUESTED:
                await self._check(state, row["agency"])
            elif state.stage is Stage.APPROVED:
                await self._erase(state, row["agency"])
        return self.erased - before

    def close(self) -> None:
        """Gives up the lead."""
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
        self._connection = None

    async def _check(self, state: Erasure, agency: str) -> None:
        try:
            answers = await self._ask(state, agency)
        except NoAnswer as silent:
            why = f"服务 {silent.service} 没有答复能否清除，请确认它正在运行，然后重新申请。"
            await self._record(RefuseErasure(why=why, service=silent.service), state, agency)
            return
        keys = _keys(answers)
        refusal = _refusal(answers) or (None if keys else RefuseErasure(why=NOTHING_HELD))
        await self._record(refusal or ConcludeCheck(keys=keys, services=self.services), state, agency)

    async def _erase(self, state: Erasure, agency: str) -> None:
        try:
            answers = await self._ask(state, agency)
        except NoAnswer as silent:
            log.warning("an approved erasure waits for an answer", erasure=str(state.id), service=silent.service)
            return
        refusal = _refusal(answers) or (None if set(_keys(answers)) == set(state.keys) else RefuseErasure(why=CHANGED))
        if refusal is not None:
            await self._record(refusal, state, agency)
            return
        failpoint("erasure.before_destroy")
        await asyncio.to_thread(
            self.keys.destroy,
            state.keys,
            requested_by=state.requested_by,
            approved_by=state.approved_by,
            basis=BASES[Basis(state.basis)],
        )
        failpoint("erasure.after_destroy")
        await self._record(ConcludeErasure(), state, agency)
        self.erased += 1
        log.info("personal data was erased", erasure=str(state.id), keys=len(state.keys))

    async def _ask(self, state: Erasure, agency: str) -> list[Held]:
        assert state.concerns is not None
        return await ask(self.client, self.services, Asked(state.concerns, agency), patience=self.patience)

    async def _record(self, command: Command, state: Erasure, agency: str) -> None:
        await self.running.execute(command, state.id, ACTOR, self.running.doorkeeper.agency(agency))

    def _lead(self) -> bool:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.running.dsn, autocommit=True)
        row = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (ERASER_LOCK,)).fetchone()
        return bool(row and row[0])


def _keys(answers: Sequence[Held]) -> tuple[UUID, ...]:
    return tuple(sorted({key for answer in answers for key in answer.keys}))


def _refusal(answers: Sequence[Held]) -> RefuseErasure | None:
    kept = [answer for answer in answers if answer.why_kept is not None]
    if not kept:
        return None
    return RefuseErasure(why="；".join(f"{answer.service}：{answer.why_kept}" for answer in kept)[:400], service=kept[0].service)
