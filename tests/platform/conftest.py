"""A platform as people run it: `gongkai run` in a process of its own, with an agency and its officials."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from demo.bureau import DemoAccount, set_up
from demo.cli import access_of
from demo.office import Office
from shared.kernel.identity import fresh_id
from shared.platform.processes import free_port
from shared.platform.running import attached, base_url
from shared.settings import Settings, load_settings
from tests.directories import temporary

QUIET = {"GONGKAI_SIGN_INS_PER_MINUTE": "1000", "GONGKAI_LOG_LEVEL": "WARNING", "GONGKAI_PUBLIC_REQUESTS_PER_MINUTE": "100000"}


@dataclass
class Town:
    """A running platform and the agency of a test."""

    data: Path
    url: str
    settings: Settings
    agency: str
    accounts: list[DemoAccount]
    log: Path
    extra: dict[str, str] = field(default_factory=dict)


def start(data: Path, log: Path, **environment: str) -> tuple["subprocess.Popen[bytes]", str]:
    """Starts `gongkai run` on a data directory and waits until it answers."""
    port = free_port()
    with log.open("ab") as written:
        child = subprocess.Popen(
            [sys.executable, "-m", "shared.cli", "run", "--no-demo", "--data", str(data), "--port", str(port)],
            stdout=written,
            stderr=written,
            env={**os.environ, **QUIET, **environment},
            start_new_session=True,
        )
    deadline = time.monotonic() + 60
    while base_url(data) != f"http://127.0.0.1:{port}":
        assert child.poll() is None, log.read_text(encoding="utf-8")[-2000:]
        assert time.monotonic() < deadline, "the platform did not start"
        time.sleep(0.05)
    return child, f"http://127.0.0.1:{port}"


def found(data: Path) -> tuple[str, list[DemoAccount], Settings]:
    """A new agency with its officials; each test has its own."""
    code = f"j{fresh_id().hex[-10:]}"
    with attached(data, load_settings(data=data)) as platform:
        with access_of(platform.settings) as access:
            accounts = asyncio.run(set_up(access, code, "旅程测试机关"))
        return code, accounts, platform.settings


@pytest.fixture(scope="session")
def running_platform() -> Iterator[tuple[Path, str, Path]]:
    """One platform for all journeys of a worker."""
    data = temporary("journey")
    log = data / "program.log"
    child, url = start(data, log)
    yield data, url, log
    child.send_signal(signal.SIGINT)
    child.wait(60)
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture
def town(running_platform: tuple[Path, str, Path]) -> Town:
    """An agency of this test on the running platform."""
    data, url, log = running_platform
    code, accounts, settings = found(data)
    return Town(data, url, settings, code, accounts, log)


@pytest.fixture
async def office(town: Town) -> AsyncIterator[Office]:
    """Its officials, signed in."""
    async with Office(town.url, town.agency, town.accounts) as signed_in:
        yield signed_in
