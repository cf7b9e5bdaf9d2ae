"""The virus scanner: clamd, asked by its INSTREAM command over TCP or a UNIX socket.

Where one is configured nothing passes without its word: a scanner that is away, slow or in trouble gives no verdict, and a file without one is
held and shown, and never given out.
"""

import asyncio
import contextlib
import struct
from enum import StrEnum
from urllib.parse import urlsplit

import structlog

log = structlog.get_logger("gongkai.files")

CHUNK_BYTES = 65_536
REPLY_BYTES = 4096


class Verdict(StrEnum):
    """What is known of a file."""

    CLEAN = "clean"
    INFECTED = "infected"
    NONE = "none"
    """The scanner gave no verdict: the file is held."""
    OFF = "off"
    """No scanner is configured."""


PASSED = (Verdict.CLEAN, Verdict.OFF)


async def scan(address: str, content: bytes, *, seconds: float) -> Verdict:
    """The verdict of the scanner at `tcp://host:port` or `unix:/path` ('' for none), within so many seconds."""
    if not address:
        return Verdict.OFF
    try:
        reply = await asyncio.wait_for(_asked(address, content), seconds)
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
        log.warning("the virus scanner gave no verdict", error=type(error).__name__)
        return Verdict.NONE
    if reply == b"stream: OK":
        return Verdict.CLEAN
    if reply.startswith(b"stream: ") and reply.endswith(b" FOUND"):
        log.warning("the virus scanner found something", signature=reply[8:-6].decode("ascii", "replace")[:100])
        return Verdict.INFECTED
    log.warning("the virus scanner gave no verdict", reply=reply.decode("ascii", "replace")[:100])
    return Verdict.NONE


async def _asked(address: str, content: bytes) -> bytes:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        reader, writer = await asyncio.open_unix_connection(parts.path)
    elif parts.scheme == "tcp" and parts.hostname and parts.port:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    else:
        raise ValueError("not the address of a scanner")
    try:
        # A scanner that has heard enough answers and closes: what it said counts, not that it stopped listening.
        with contextlib.suppress(ConnectionError):
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK_BYTES):
                chunk = content[start : start + CHUNK_BYTES]
                writer.write(struct.pack(">I", len(chunk)) + chunk)
                await writer.drain()
            writer.write(struct.pack(">I", 0))
            await writer.drain()
        reply = await reader.read(REPLY_BYTES)
        return reply.rstrip(b"\0\n")
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
