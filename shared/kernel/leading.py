"""A duty that one process at a time does on the whole platform: who holds the lock looks again and again, the others wait for it.

class Courier(Leading):
    lock = 7411
    async def look(self) -> int: ...
"""

import asyncio
from typing import Any, ClassVar

import psycopg

from shared.kernel.running import Running


class Leading:
    """Base of such a duty. `lock`: a number of its own among the advisory locks of its database; `seconds`: how long it rests when there was nothing."""

    lock: ClassVar[int]
    seconds: ClassVar[float] = 1.0

    def __init__(self, running: Running) -> None:
        self.running = running
        self.leads = False
        self.lag = 0

    async def look(self) -> int:
        """Does what there is to do now; returns how much that was."""
        raise NotImplementedError

    @property
    def condition(self) -> dict[str, Any]:
        """What `/readyz` tells of it."""
        return {"ok": True, "leads": self.leads, "lag": self.lag, "alarm": None}

    async def run(self) -> None:
        """Leads or waits, until cancelled; ends by the error where the database fails, and is started again by the worker."""
        async with await psycopg.AsyncConnection.connect(self.running.dsn, autocommit=True) as connection:
            await connection.execute("SELECT pg_advisory_lock(%s)", (self.lock,))
            while not await self._views_serve(connection):
                await asyncio.sleep(0.1)
            self.leads = True
            try:
                while True:
                    await connection.execute("SELECT 1")  # who has lost the lock ends here
                    if not await self.look():
                        await asyncio.sleep(self.seconds)
            finally:
                self.leads = False

    async def _views_serve(self, connection: psycopg.AsyncConnection[Any]) -> bool:
        """Whether each view of the service stands: on the first start of all, the duty may be faster than what makes them."""
        wanted = {view.name for view in self.running.service.views}
        found = await connection.execute("SELECT DISTINCT view FROM views.progress WHERE serving")
        return wanted <= {view for (view,) in await found.fetchall()}
