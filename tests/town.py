"""A platform as people run it, `gongkai run` in a process of its own, and the agencies that tests set up on it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from demo.bureau import DemoAccount, set_up
from demo.cli import access_of
from shared.kernel.identity import fresh_id
from shared.platform.processes import free_port
from shared.platform.running import attached, base_url
from shared.settings import Settings, load_settings

QUIET = {"GONGKAI_SIGN_INS_PER_MINUTE": "1000", "GONGKAI_LOG_LEVEL": "WARNING", "GONGKAI_PUBLIC_REQUESTS_PER_MINUTE": "100000"}

START_SECONDS = 90.0


@dataclass(frozen=True)
class Running:
    """The program as it runs: where its pages are, the settings that reach its servers, and what it has printed."""

    base: str
    settings: Settings
    data: Path
    log: Path
    child: "subprocess.Popen[bytes]"


@dataclass(frozen=True)
class Town:
    """A running platform and the agency of a test."""

    data: Path
    url: str
    settings: Settings
    agency: str
    accounts: list[DemoAccount]
    log: Path


def start(data: Path, log: Path, *, demo: bool = False, **environment: str) -> tuple["subprocess.Popen[bytes]", str]:
    """Starts `gongkai run` on a data directory and waits until it answers; its address. Stop it with `stop`."""
    port = free_port()
    with log.open("ab") as written:
        child = subprocess.Popen(
            [sys.executable, "-m", "shared.cli", "run", "--demo" if demo else "--no-demo", "--data", str(data), "--port", str(port)],
            stdout=written,
            stderr=written,
            env={**os.environ, **QUIET, **environment},
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while base_url(data) != f"http://127.0.0.1:{port}":
        if child.poll() is not None or time.monotonic() > deadline:
            stop(child)
            raise AssertionError(f"the platform did not start: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
        time.sleep(0.05)
    return child, f"http://127.0.0.1:{port}"


def stop(child: "subprocess.Popen[bytes]") -> None:
    """Ends a program in order."""
    child.send_signal(signal.SIGINT)
    child.wait(60)


def well(url: str, seconds: float = 30.0) -> None:
    """Waits until every part of the platform is well again."""
    deadline = time.monotonic() + seconds
    while not (report := httpx.get(f"{url}/readyz", trust_env=False, timeout=30).json())["well"]:
        assert time.monotonic() < deadline, report
        time.sleep(0.1)


def settled(url: str, settings: Settings, seconds: float = 40.0) -> None:
    """Waits until the ledger has every event and the list every case."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with psycopg.connect(settings.dsn("requests", role="gongkai_requests")) as log:
            row = log.execute(
                "SELECT coalesce(max(position), 0), (SELECT min(position) FROM views.progress WHERE serving) FROM events"
            ).fetchone()
        with psycopg.connect(settings.dsn("audit", role="gongkai_audit")) as ledger:
            copy = ledger.execute("SELECT coalesce(max(position), 0) FROM ledger WHERE source = 'requests'").fetchone()
        if row and copy and row[0] == row[1] == copy[0]:
            return
        time.sleep(0.2)
    raise AssertionError(f"not settled: log and view {row}, ledger {copy}, {httpx.get(f'{url}/readyz', trust_env=False).text[:2000]}")


@contextmanager
def started(data: Path, **environment: str) -> Iterator[Running]:
    """`gongkai run` on a data directory, for as long as it is needed."""
    log = data / "program.log"
    child, url = start(data, log, **environment)
    try:
        with attached(data, load_settings(data=data)) as platform:
            settings = platform.settings
        yield Running(url, settings, data, log, child)
    finally:
        stop(child)


def founded(settings: Settings, prefix: str, name: str) -> tuple[str, list[DemoAccount]]:
    """A new agency with its officials; each test has its own."""
    code = f"{prefix}{fresh_id().hex[-10:]}"
    with access_of(settings) as access:
        return code, asyncio.run(set_up(access, code, name))


def found(data: Path) -> tuple[str, list[DemoAccount], Settings]:
    """A new agency on the platform of a directory."""
    with attached(data, load_settings(data=data)) as platform:
        code, accounts = founded(platform.settings, "j", "旅程测试机关")
        return code, accounts, platform.settings
