"""A web server on this machine, which answers as a test wants it to: at once, late, with an error, or not at all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass
class Heard:
    """What was posted."""

    headers: dict[str, str]
    content: bytes


@dataclass
class WebServer:
    """`status`: what it answers; 0: it takes the message and breaks off without a word. `heard`: everything it got."""

    port: int = 0
    status: int = 204
    seconds: float = 0.0
    heard: list[Heard] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            lines = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
            content = await asyncio.wait_for(reader.readexactly(int(headers.get("content-length", "0"))), 10)
            self.heard.append(Heard(headers, content))
            await asyncio.sleep(self.seconds)
            if self.status:
                writer.write(f"HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def web_server() -> AsyncIterator[WebServer]:
    """The server, until the end of the test."""
    made = WebServer()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
