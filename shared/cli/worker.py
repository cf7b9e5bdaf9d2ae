"""The worker beside `gongkai run`: started by it, and ended with it, because its standard input closes when the program is gone."""

import asyncio
import sys
from pathlib import Path

import uvloop

from shared import telemetry
from shared.kernel import program
from shared.settings import load_settings


async def main(socket: Path) -> None:
    """Works until standard input closes. `/readyz` and `/metrics` are answered on the socket."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)

    async def watch() -> None:
        await reader.read()
        ended.set()

    watching = asyncio.create_task(watch())
    made = program.Program(load_settings(), work=True, web=False)
    await program.serve(made, "", 0, socket=str(socket), until=ended)
    watching.cancel()


if __name__ == "__main__":
    settings = load_settings()
    telemetry.start_logging(settings.log_level)
    telemetry.start_tracing("worker")
    Path(sys.argv[1]).unlink(missing_ok=True)
    uvloop.run(main(Path(sys.argv[1])))
