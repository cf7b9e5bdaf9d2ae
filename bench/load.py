"""The load generator of the benchmarks: keep-alive HTTP connections on uvloop, each sending its next request when it has the answer.

It renders bytes and reads just enough of the answer to know that it is whole, so that it takes a few hundredths of a core beside the server
that it measures. Loopback only, bounded in time and in number.

    python -m bench.load http://127.0.0.1:8080/api/... --connections 64 --seconds 20 --body body.json [--header 'Name: value'] [--key]

prints one JSON object: requests, seconds, rate (1/s), p50/p99/max (ms), statuses.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import uvloop


class Connection(asyncio.Protocol):
    """One connection that asks again as soon as it was answered."""

    def __init__(self, load: "Load") -> None:
        self.load = load
        self.transport: asyncio.Transport | None = None
        self.buffer = b""
        self.sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Sends the first request."""
        self.transport = cast("asyncio.Transport", transport)
        self.ask()

    def ask(self) -> None:
        """Sends the next request, unless the time is over."""
        assert self.transport is not None
        if self.load.over():
            self.transport.close()
            return
        self.sent = time.perf_counter()
        self.transport.write(self.load.request())

    def data_received(self, data: bytes) -> None:
        """Reads until the answer is whole (answers carry their Content-Length)."""
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 : (head.find(b"\r\n", at) if head.find(b"\r\n", at) > 0 else len(head))]) if at >= 0 else 0
        if len(self.buffer) < end + 4 + length:
            return
        self.buffer = b""
        self.load.answered(int(head[9:12]), time.perf_counter() - self.sent)
        self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        """One connection less."""
        self.load.lost(error)


class Load:
    """A run: what is asked, for how long, over how many connections; what came back."""

    def __init__(
        self, url: str, body: bytes, *, connections: int, seconds: float, headers: dict[str, str], key: bool = False, most: int = 2_000_000
    ) -> None:
        parts = urlsplit(url)
        if parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("the load goes to loopback only")
        self.host, self.port = parts.hostname, parts.port or 80
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        fixed = {"Host": f"{self.host}:{self.port}", "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
        self.head = f"POST {path} HTTP/1.1\r\n".encode() + "".join(f"{name}: {value}\r\n" for name, value in fixed.items()).encode()
        self.body = body
        self.connections, self.seconds, self.key, self.most = connections, seconds, key, most
        self.run = f"{os.getpid():x}{time.time_ns():x}"
        self.count = 0
        self.latencies: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.errors = 0
        self._open = 0
        self._until = 0.0
        self._done = asyncio.Event()

    def over(self) -> bool:
        """Whether no more is to be asked."""
        return time.perf_counter() >= self._until or self.count >= self.most

    def request(self) -> bytes:
        """The next request; with `key`, each has an Idempotency-Key of its own."""
        self.count += 1
        if self.key:
            return b"%bIdempotency-Key: %b-%d\r\n\r\n%b" % (self.head, self.run.encode(), self.count, self.body)
        return self.head + b"\r\n" + self.body

    def answered(self, status: int, seconds: float) -> None:
        """One more answer."""
        self.statuses[status] += 1
        self.latencies.append(seconds)

    def lost(self, error: Exception | None) -> None:
        """A connection has ended."""
        self.errors += error is not None
        self._open -= 1
        if self._open == 0:
            self._done.set()

    async def go(self) -> dict[str, Any]:
        """Carries it out."""
        loop = asyncio.get_running_loop()
        started = time.perf_counter()
        self._until = started + self.seconds
        self._open = self.connections
        await asyncio.gather(*(loop.create_connection(lambda: Connection(self), self.host, self.port) for _ in range(self.connections)))
        await asyncio.wait_for(self._done.wait(), self.seconds + 30)
        took = time.perf_counter() - started
        ordered = sorted(self.latencies) or [0.0]
        return {
            "requests": len(self.latencies),
            "seconds": round(took, 3),
            "rate": round(len(self.latencies) / took, 1),
            "p50_ms": round(statistics.median(ordered) * 1000, 2),
            "p99_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000, 2),
            "max_ms": round(ordered[-1] * 1000, 2),
            "statuses": dict(self.statuses),
            "lost_connections": self.errors,
        }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--body", type=Path, required=True)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--header", action="append", default=[])
    parser.add_argument("--key", action="store_true", help="an Idempotency-Key of its own for each request")
    given = parser.parse_args()
    headers = dict(part.split(": ", 1) for part in given.header)

    async def run() -> dict[str, Any]:
        load = Load(
            given.url, given.body.read_bytes(), connections=given.connections, seconds=given.seconds, headers=headers, key=given.key
        )
        return await load.go()

    json.dump(uvloop.run(run()), sys.stdout)


if __name__ == "__main__":
    main()
