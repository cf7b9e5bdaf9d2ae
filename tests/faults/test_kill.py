"""The program is killed without warning under load, and NATS loses everything: what was acknowledged is there once, and every service agrees."""

import asyncio
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
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
from tests.platform.conftest import found, start

pytestmark = pytest.mark.faults

ROUNDS = int(os.environ.get("GONGKAI_FAULT_ROUNDS", "3"))
WRITERS = 8


class Load:
    """Citizens who submit and a clerk who registers, each command with a key of its own; remembers what was acknowledged."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.acknowledged: dict[str, str] = {}
        self.numbers: set[str] = set()

    async def run(self, url: str, seconds: float) -> None:
        """Works against a platform until the time is over or it is gone."""
        async with httpx.AsyncClient(base_url=url, timeout=5, trust_env=False) as client:
            until = time.monotonic() + seconds
            await asyncio.gather(*(self._write(client, until) for _ in range(WRITERS)))

    async def _write(self, client: httpx.AsyncClient, until: float) -> None:
        while time.monotonic() < until:
            key = str(fresh_id())
            body = {"applicant_name": f"申请人{key[-6:]}", "contact": "13900000000", "content": f"预算 {key}"}
            made = await self._send(
                client, f"/api/requests/disclosure-requests?agency={self.office.agency}", body, {"Idempotency-Key": key}, until
            )
            if made is None:
                return
            self.acknowledged[key] = made["id"]
            headers = {"Idempotency-Key": f"r-{key}", "Authorization": f"Bearer {self.office.tokens['clerk']}"}
            registered = await self._send(client, f"/api/requests/disclosure-requests/{made['id']}/register", {}, headers, until)
            if registered is None:
                return
            self.numbers.add(registered["number"])

    @staticmethod
    async def _send(
        client: httpx.AsyncClient, path: str, body: dict[str, Any], headers: dict[str, str], until: float
    ) -> dict[str, Any] | None:
        """What was acknowledged; None once the platform is gone."""
        while time.monotonic() < until:
            try:
                answer = await client.post(path, json=body, headers=headers)
            except httpx.HTTPError:
                return None
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
    assert len(load.acknowledged) > 20 * ROUNDS
    child.send_signal(signal.SIGINT)
    child.wait(60)


def test_nats_is_killed_and_wiped_under_load(directory: Path) -> None:
    log = directory / "program.log"
    child, url = start(directory, log)
    code, accounts, settings = found(directory)
    load = Load(Office(url, code, accounts))
    asyncio.run(sign_in(load.office))

    async def harm() -> None:
        loading = asyncio.create_task(load.run(url, 5))
        await asyncio.sleep(1.5)
        nats = running(directory / "nats.pid", "nats-server")
        assert nats is not None
        arguments, folder = nats.cmdline(), nats.cwd()
        nats.kill()
        while nats.is_running() and nats.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.02)
        shutil.rmtree(directory / "nats")
        await asyncio.sleep(0.5)
        again = psutil.Popen(arguments, cwd=folder, stdout=-3, stderr=-3, start_new_session=True)
        (directory / "nats.pid").write_text(str(again.pid), encoding="ascii")
        try:
            await loading
            await asyncio.to_thread(settled, url, settings)
            check(settings, load)
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(60)
            again.terminate()
            again.wait(10)

    asyncio.run(harm())
    assert len(load.acknowledged) > 50


async def sign_in(office: Office) -> None:
    """Signs the officials in; the tokens outlive the program."""
    async with office:
        pass
