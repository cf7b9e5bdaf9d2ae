"""Commands at a steady rate, over a few connections of the load generator: what is sent is made beforehand, so that it takes next to nothing of
the machine whose latency is measured.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit

from bench.load import Connection


class Paced(Connection):
    """A connection that sends each request when its time has come."""

    def ask(self) -> None:
        """Sends the next request at its time; closes when none is left."""
        assert self.transport is not None
        steady = cast("Steady", self.load)
        if not steady.waiting:
            self.transport.close()
            return
        at, request = steady.waiting.popleft()
        asyncio.get_running_loop().call_at(at, self.transport.write, request)


class Steady:
    """Requests (whole, as bytes) sent at `rate` a second; `failed` counts the answers that were no success, and broken connections."""

    def __init__(self, url: str, requests: Sequence[bytes], *, rate: float, connections: int = 32) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.requests = list(requests)
        self.rate = rate
        self.connections = connections
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.failed = 0
        self._open = connections
        self._done = asyncio.Event()

    def answered(self, status: int, seconds: float) -> None:
        """One more answer; how long it took (s) is not what is measured here."""
        self.failed += status >= 300

    def lost(self, error: Exception | None) -> None:
        """A connection has ended."""
        self.failed += error is not None
        self._open -= 1
        if not self._open:
            self._done.set()

    async def go(self) -> float:
        """Sends them; returns how many seconds it took until the last answer."""
        loop = asyncio.get_running_loop()
        begun = loop.time() + 0.2
        self.waiting.extend((begun + number / self.rate, request) for number, request in enumerate(self.requests))
        await asyncio.gather(*(loop.create_connection(lambda: Paced(self), self.host, self.port) for _ in range(self.connections)))  # type: ignore[arg-type]
        async with asyncio.timeout(len(self.requests) / self.rate + 60):
            await self._done.wait()
        return loop.time() - begun
