"""An embedded server that ends by itself is started again, with growing delay; the program lives through it as through any outage."""

import asyncio
import time
from collections.abc import Awaitable

import psycopg
import structlog

from shared.platform.running import Embedded, Servers

log = structlog.get_logger("gongkai.servers")

LOOK_SECONDS = 0.5
"""How often is looked."""

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
"""How long is waited before a server is started again: the first time, and after it has doubled with every time, in seconds."""

CALM_SECONDS = 20.0
"""A server that has run for so long has mended: the delay begins anew."""


async def watch(servers: Servers) -> None:
    """Keeps the embedded servers of a program running until it is cancelled."""
    watched: list[Awaitable[None]] = [keep(servers, server) for server in servers.embedded]
    await asyncio.gather(*watched)


async def keep(servers: Servers, server: Embedded) -> None:
    """Keeps one server running."""
    delay, since = FIRST_DELAY, time.monotonic()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if server.alive():
            continue
        if time.monotonic() - since > CALM_SECONDS:
            delay = FIRST_DELAY
        log.warning("an embedded server has ended by itself; it is started again", server=server.title, in_seconds=delay)
        await asyncio.sleep(delay)
        delay = min(delay * 2, LONGEST_DELAY)
        try:
            await asyncio.to_thread(servers.revive, server)
        except (RuntimeError, OSError, psycopg.Error) as error:
            log.error("an embedded server could not be started", server=server.title, told=str(error))
        else:
            log.warning("an embedded server runs again", server=server.title)
        since = time.monotonic()
