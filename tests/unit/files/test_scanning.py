"""Where a virus scanner is configured nothing passes without its word."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from shared.files.scanning import Verdict, scan

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def clamd(content: bytes) -> bytes:
    """What clamd answers."""
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


@asynccontextmanager
async def scanner(answer: Callable[[bytes], bytes | None] = clamd, *, path: Path | None = None) -> AsyncIterator[str]:
    """A server that speaks clamd's INSTREAM; `answer` None: it never answers."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", await reader.readexactly(4))[0]:
            content += await reader.readexactly(size)
        told = answer(content)
        if told is None:
            await reader.read()
        else:
            writer.write(told)
            await writer.drain()
        writer.close()

    server = await (asyncio.start_unix_server(serve, path) if path else asyncio.start_server(serve, "127.0.0.1", 0))
    try:
        yield f"unix:{path}" if path else f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def test_a_clean_file_passes_and_eicar_does_not(tmp_path: Path) -> None:
    for path in (None, tmp_path / "clamd.sock"):
        async with scanner(path=path) as address:
            assert await scan(address, b"x" * 200_000, seconds=5) is Verdict.CLEAN
            assert await scan(address, b"x" * 100_000 + EICAR, seconds=5) is Verdict.INFECTED


@pytest.mark.parametrize("reply", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: nonsense\0", b"stream: OK but\0"])
async def test_any_other_word_is_no_verdict(reply: bytes) -> None:
    async with scanner(lambda _: reply) as address:
        assert await scan(address, b"x", seconds=5) is Verdict.NONE


async def test_a_scanner_that_is_away_or_silent_gives_no_verdict(tmp_path: Path) -> None:
    assert await scan(f"unix:{tmp_path / 'nobody'}", b"x", seconds=1) is Verdict.NONE
    assert await scan("udp://127.0.0.1:1", b"x", seconds=1) is Verdict.NONE
    async with scanner(lambda _: None) as address:
        assert await scan(address, b"x", seconds=0.2) is Verdict.NONE


async def test_without_a_scanner_nothing_is_asked() -> None:
    assert await scan("", EICAR, seconds=1) is Verdict.OFF
