"""Five processes, one a service, against the same PostgreSQL and NATS, do what the one program does."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from demo.office import Office
from shared.kernel.clocks import today
from shared.kernel.program import SERVICES
from shared.platform.processes import answers, free_port
from shared.platform.running import Servers
from shared.settings import Settings
from tests.directories import temporary
from tests.platform.test_one_request import trail_of
from tests.town import QUIET, found


class Spread(httpx.AsyncBaseTransport):
    """Sends each request to the process of its service, as a gateway would."""

    def __init__(self, ports: dict[str, int]) -> None:
        self.ports = ports
        self.inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        service = request.url.path.split("/")[2]
        port = self.ports.get(service, self.ports["requests"])
        request.url = request.url.copy_with(host="127.0.0.1", port=port)
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


@pytest.fixture
def spread() -> Iterator[tuple[Path, dict[str, int]]]:
    """Five processes on one PostgreSQL and one NATS, and the port of each."""
    data = temporary("five")
    servers = Servers(Settings(data=data), quick=True)
    environment = {**os.environ, **QUIET, **servers.start().environment()}
    ports = {service: free_port() for service in SERVICES}
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "shared.cli", "serve", service, "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
        )
        for service, port in ports.items()
    ]
    deadline = time.monotonic() + 60
    for port in ports.values():
        while not answers(port):
            assert time.monotonic() < deadline, "a service did not start"
            time.sleep(0.1)
    yield data, ports
    for child in children:
        child.send_signal(signal.SIGTERM)
    for child in children:
        child.wait(30)
    servers.stop()
    shutil.rmtree(data, ignore_errors=True)


async def test_five_processes_do_what_one_program_does(spread: tuple[Path, dict[str, int]]) -> None:
    data, ports = spread
    code, accounts, _ = await asyncio.to_thread(found, data)
    gateway = httpx.AsyncClient(base_url="http://gateway", transport=Spread(ports), timeout=30)
    async with Office("http://gateway", code, accounts, client=gateway) as office:
        case = await office.receive("natural_person", today())
        files = await office.review(case, today())
        await office.reply(case, "r1_granted", today(), files=files)
        entries = await trail_of(office, case, "requests.ReplyDelivered")
        assert len(entries) == 12
        assert {entry["service"] for entry in entries} == {"requests", "review"}
