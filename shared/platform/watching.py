"""A part of the platform that ends by itself is started again, with growing delay; the others live through it as through any outage."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

import psycopg
import structlog

from shared.platform.running import Servers

log = structlog.get_logger("gongkai.watching")

LOOK_SECONDS = 0.5
"""How often is looked."""

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
"""How long is waited before a part is started again: the first time, and after it has doubled with every time, in seconds."""

CALM_SECONDS = 20.0
"""A part that has run for so long has mended: the delay begins anew."""


class Part(Protocol):
    """A process that belongs to the platform."""

    title: str

    def alive(self) -> bool:
        """Whether it runs."""


async def watch(servers: Servers) -> None:
    """Keeps the embedded servers of a program running until it is cancelled."""
    await asyncio.gather(*(keep(server, partial(servers.revive, server)) for server in servers.embedded))


async def keep(part: Part, start: Callable[[], None]) -> None:
    """Keeps one part running until it is cancelled. `start` starts it again; it may block, and fail."""
    delay, since = FIRST_DELAY, time.monotonic()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if part.alive():
            continue
        if time.monotonic() - since > CALM_SECONDS:
            delay = FIRST_DELAY
        log.warning("a part of the platform has ended by itself; it is started again", part=part.title, in_seconds=delay)
        await asyncio.sleep(delay)
        delay = min(delay * 2, LONGEST_DELAY)
        try:
            await asyncio.to_thread(start)
        except (RuntimeError, OSError, psycopg.Error) as error:
            log.error("a part of the platform could not be started", part=part.title, told=str(error))
        else:
            log.warning("a part of the platform runs again", part=part.title)
        since = time.monotonic()
