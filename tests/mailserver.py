"""A mail server on this machine, which answers as a test wants it to."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any

from aiosmtpd.controller import Controller


class Server:
    """A mail server that answers as it is told; `taken` is what it has."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.rcpt = ""
        self.data = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - the library names it
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the library names it
        if self.data == "lost":
            self.taken.append(envelope.content)
            server.transport.abort()
            return "250 OK"
        if not self.data:
            self.taken.append(envelope.content)
        return self.data or "250 OK"


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[Server, str]]:
    """The server, and its address as the settings have it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = Server()
    controller = Controller(told, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield told, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
