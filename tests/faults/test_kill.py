"""The program, its worker, PostgreSQL or NATS is killed without warning under load: what was acknowledged is there once, and every service agrees."""

import asyncio
import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import pytest

from demo.office import Office
from services.audit.ledger import compare
from shared.kernel.identity import fresh_id
from shared.platform.databases import LOGS
from shared.platform.processes import running
from shared.settings import Settings
from tests.directories import temporary
from tests.town import found, settled, start, stop, well

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("GONGKAI_FAULT_ROUNDS", "3"))
SERVER_ROUNDS = int(os.environ.get("GONGKAI_FAULT_ROUNDS", "1"))
"""How often a server or the worker is killed: each time the program is started anew, which takes a while."""

WRITERS = 8
RECOVERY_SECONDS = 90.0
"""How long a round may take until what was killed is back and commands are carried out again: on a busy disk a crash is recovered slowly."""


class Load:
    """Citizens who submit and a clerk who registers, each command with a key of its own; remembers what was acknowledged.

    `patient`: who gets no answer asks again, with the same key, until the time is over; else a writer ends there.
    """

    def __init__(self, office: Office, *, patient: bool = False) -> None:
        self.office = office
        self.patient = patient
        self.acknowledged: dict[str, str] = {}
        self.numbers: set[str] = set()
        self.until = 0.0

    async def run(self, url: str, seconds: float) -> None:
        """Works against a platform until the time is over (`until` may be brought forward) or it is gone."""
        async with httpx.AsyncClient(base_url=url, timeout=5, trust_env=False) as client:
            self.until = time.monotonic() + seconds
            await asyncio.gather(*(self._write(client) for _ in range(WRITERS)))

    async def _write(self, client: httpx.AsyncClient) -> None:
        while time.monotonic() < self.until:
            key = str(fresh_id())
            body = {"applicant_name": f"申请人{key[-6:]}", "contact": "13900000000", "content": f"预算 {key}"}
            made = await self._send(
                client, f"/api/requests/disclosure-requests?agency={self.office.agency}", body, {"Idempotency-Key": key}
            )
            if made is None:
                return
            self.acknowledged[key] = made["id"]
            headers = {"Idempotency-Key": f"r-{key}", "Authorization": f"Bearer {self.office.tokens['clerk']}"}
            registered = await self._send(client, f"/api/requests/disclosure-requests/{made['id']}/register", {}, headers)
            if registered is None:
                return
            self.numbers.add(registered["number"])

    async def _send(self, client: httpx.AsyncClient, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any] | None:
        """What was acknowledged; None once the platform is gone, or the time is over."""
        while time.monotonic() < self.until:
            try:
                answer = await client.post(path, json=body, headers=headers)
            except httpx.HTTPError:
                if not self.patient:
                    return None
                await asyncio.sleep(0.1)
                continue
            if answer.status_code in (200, 201):
                found_: dict[str, Any] = answer.json()
                return found_
            await asyncio.sleep(0.05)
        return None


@pytest.fixture
def directory() -> Iterator[Path]:
    made = temporary("fault")
    yield made
    shutil.rmtree(made, ignore_errors=True)


def check(settings: Settings, load: Load) -> None:
    """Everything that must hold, whatever happened."""
    with psycopg.connect(settings.dsn("requests", role="gongkai_requests")) as log:
        log.execute("SELECT set_config('gongkai.agency', %s, false)", (load.office.agency,))
        stored = log.execute(
            "SELECT originator_id::text, count(*) FROM events WHERE topic LIKE 'requests.RequestReceived:%%' AND agency = %s GROUP BY 1",
            (load.office.agency,),
        ).fetchall()
        assert all(count == 1 for _, count in stored)
        assert set(load.acknowledged.values()) <= {id for id, _ in stored}, "an acknowledged command is missing"
        taken = log.execute(
            "SELECT (convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'number')::int FROM events WHERE topic LIKE 'requests.NumberTaken:%%' AND agency = %s "
            "ORDER BY position",
            (load.office.agency,),
        ).fetchall()
        assert [number for (number,) in taken] == list(range(1, len(taken) + 1)), "numbers have a gap"
        given = {
            row[0] for row in log.execute("SELECT number FROM views.cases WHERE agency = %s AND number IS NOT NULL", (load.office.agency,))
        }
        assert load.numbers <= given
        assert len(given) == len(taken)
    with psycopg.connect(settings.dsn("audit", role="gongkai_audit")) as ledger:
        for source in LOGS:
            with psycopg.connect(settings.dsn(source, role=f"gongkai_{source}")) as log:
                row = log.execute("SELECT count(*), coalesce(max(position), 0) FROM events").fetchone()
                assert row is not None
                assert row[0] == row[1], f"{source} has a gap"
                agreeing, differences = compare(ledger, log, source)
                assert (agreeing, differences) == (row[0], [])


def test_killed_at_random_moments_under_load(directory: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print("seed", seed)
    draw = random.Random(seed)
    log = directory / "program.log"
    child, url = start(directory, log)
    code, accounts, settings = found(directory)
    load = Load(Office(url, code, accounts))
    asyncio.run(sign_in(load.office))
    for _ in range(ROUNDS):
        moment = draw.uniform(0.4, 2.0)

        async def one(url: str = url, child: Any = child, moment: float = moment) -> None:
            loading = asyncio.create_task(load.run(url, moment + 3))
            await asyncio.sleep(moment)
            child.kill()
            child.wait()
            await loading

        asyncio.run(one())
        child, url = start(directory, log)
    settled(url, settings)
    check(settings, load)
    assert len(load.acknowledged) > 5 * ROUNDS
    stop(child)


def postgres_of(directory: Path) -> psutil.Process:
    """The server that runs in a directory."""
    cluster = directory / "postgres"
    found = running(cluster / "postmaster.pid", "postgres", str(cluster))
    assert found is not None
    return found


def nats_of(directory: Path) -> psutil.Process:
    """The server that runs in a directory."""
    found = running(directory / "nats.pid", "nats-server", str(directory / "nats.conf"))
    assert found is not None
    return found


def worker_of(directory: Path) -> psutil.Process:
    """The worker beside the program of a directory."""
    socket = str(directory / "worker.sock")
    return next(process for process in psutil.process_iter(["cmdline"]) if socket in (process.info["cmdline"] or ()))


async def killed(server: psutil.Process) -> None:
    """Ends a server without warning."""
    server.kill()
    async with asyncio.timeout(20):
        while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.02)


def back(find: Callable[[Path], psutil.Process], directory: Path, before: int) -> bool:
    """Whether another process stands in the place of a server."""
    try:
        return find(directory).pid != before
    except (AssertionError, StopIteration):
        return False


def harm(directory: Path, find: Callable[[Path], psutil.Process], title: str, *, wipe: str | None = None) -> None:
    """Kills a server under load, wipes its directory if one is named; the program starts it again and lives through it."""
    draw = random.Random(seed := random.SystemRandom().randrange(10**6))
    print("seed", seed)
    log = directory / "program.log"
    child, url = start(directory, log)
    code, accounts, settings = found(directory)
    load = Load(Office(url, code, accounts), patient=True)
    asyncio.run(sign_in(load.office))

    async def one(url: str, child: "subprocess.Popen[bytes]") -> None:
        loading = asyncio.create_task(load.run(url, RECOVERY_SECONDS))
        await asyncio.sleep(draw.uniform(0.4, 2.0))
        server = find(directory)
        await killed(server)
        if wipe is not None:
            shutil.rmtree(directory / wipe)
        while not back(find, directory, server.pid):
            assert not loading.done(), "it was not started again"
            await asyncio.sleep(0.05)
        then = len(load.numbers)
        while len(load.numbers) < then + 10 * WRITERS:
            assert not loading.done(), "what came after the outage was not carried out"
            await asyncio.sleep(0.05)
        load.until = 0.0
        await loading
        await asyncio.to_thread(settled, url, settings)
        assert child.poll() is None
        await asyncio.to_thread(well, url)

    for number in range(SERVER_ROUNDS):
        if number:
            child, url = start(directory, log)
        try:
            asyncio.run(one(url, child))
            check(settings, load)
        finally:
            stop(child)
    told = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    events = [line["event"] for line in told if line.get("part") == title]
    assert (
        events == ["a part of the platform has ended by itself; it is started again", "a part of the platform runs again"] * SERVER_ROUNDS
    )


def test_postgresql_is_killed_under_load(directory: Path) -> None:
    harm(directory, postgres_of, "PostgreSQL")


def test_nats_is_killed_and_wiped_under_load(directory: Path) -> None:
    harm(directory, nats_of, "NATS", wipe="nats")


def test_the_worker_is_killed_under_load(directory: Path) -> None:
    harm(directory, worker_of, "worker")


async def sign_in(office: Office) -> None:
    """Signs the officials in; the tokens outlive the program."""
    async with office:
        pass
