"""The real program in a process of its own, with its PostgreSQL and NATS; one agency, whose officials sign in once and work over HTTP."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from demo.bureau import DemoAccount, set_up
from demo.cli import access_of
from demo.office import Office
from shared.kernel.identity import fresh_id
from shared.platform.processes import free_port
from shared.platform.running import attached, base_url
from shared.settings import Settings, load_settings
from tests.directories import temporary

START_SECONDS = 90.0


@dataclass(frozen=True)
class Running:
    """The program as it runs: where its pages are, and the settings that reach its servers."""

    base: str
    settings: Settings


@dataclass(frozen=True)
class Bureau:
    """An agency, its accounts, and the tokens of everyone who has signed in."""

    code: str
    accounts: list[DemoAccount]
    tokens: dict[str, str]


@pytest.fixture(scope="session")
def program() -> Iterator[Running]:
    """`gongkai run` on a fresh data directory."""
    directory = temporary("journey")
    log = directory / "program.log"
    with log.open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "shared.cli", "run", "--no-demo", "--data", str(directory), "--port", str(free_port())],
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "GONGKAI_LOG_LEVEL": "WARNING", "GONGKAI_PUBLIC_REQUESTS_PER_MINUTE": "10000"},
        )
    try:
        base = wait_for(directory, child, log)
        with attached(directory, load_settings(data=directory)) as platform:
            yield Running(base, platform.settings)
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)
        shutil.rmtree(directory, ignore_errors=True)


def wait_for(directory: Path, child: subprocess.Popen[bytes], log: Path) -> str:
    """The address of the program as soon as it is ready."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        if (found := base_url(directory)) is not None:
            return found
        time.sleep(0.05)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-2000:])


LOGINS = ("clerk", "office", "head", "unit", "reviewer", "leader", "auditor", "secadmin")
"""Who signs in: as few as are needed, since an address may only sign in so often a minute."""


def new_bureau(program: Running, *logins: str) -> Bureau:
    """An agency of its own, with these people signed in. Blocks, and runs a loop of its own."""
    code = f"lu{fresh_id().hex[-10:]}"
    with access_of(program.settings) as access:
        accounts = asyncio.run(set_up(access, code, "某某市审批局（测试）"))
    tokens = {}
    with httpx.Client(base_url=program.base, trust_env=False, timeout=60) as client:
        for account in accounts:
            if account.login in logins:
                body = {"agency": code, "login": account.login, "password": account.password}
                answer = client.post("/api/access/sessions", json=body)
                assert answer.status_code == 201, answer.text
                tokens[account.login] = answer.json()["token"]
    return Bureau(code, accounts, tokens)


@pytest.fixture(scope="session")
def bureau(program: Running) -> Bureau:
    """The agency that these journeys share."""
    return new_bureau(program, *LOGINS)


@pytest.fixture(scope="session")
def neighbour(program: Running) -> Bureau:
    """Another agency on the same platform."""
    return new_bureau(program, "office")


@pytest.fixture
async def office(program: Running, bureau: Bureau) -> AsyncIterator[Office]:
    """The officials of the agency at work."""
    made = Office(program.base, bureau.code, bureau.accounts)
    made.tokens.update(bureau.tokens)
    yield made
    await made.client.aclose()
