"""From a commit in one service to another service's view: requests asks for secrecy reviews at a steady rate, review's list is watched."""

import asyncio
import json
import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg

from bench.steady import Steady
from demo.bureau import DemoAccount
from demo.office import Office
from shared.kernel.clocks import instant, today
from shared.settings import Settings


async def commit_to_view(
    settings: Settings, url: str, agency: str, accounts: list[DemoAccount], *, count: int, rate: float
) -> dict[str, Any]:
    """p50 and p99 (ms) from the instant at which an event was recorded to its row being there, at `rate` commands a second."""
    async with Office(url, agency, accounts, connections=64) as office:
        cases: list[str] = []
        for start in range(0, count, 20):
            cases += await asyncio.gather(
                *(office.receive("natural_person", today(), channel="in_person") for _ in range(min(20, count - start)))
            )
        watcher = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        watching = asyncio.get_running_loop().run_in_executor(watcher, watch, settings, agency, cases, 60.0)
        await asyncio.sleep(2)
        steady = Steady(url, [asks(office, case, number) for number, case in enumerate(cases)], rate=rate)
        took = await steady.go()
        if steady.failed:
            raise RuntimeError(f"{steady.failed} of {len(cases)} commands were not carried out")
        seen = await watching
        watcher.shutdown()
    recorded = recorded_at(settings)
    delays = sorted((seen[case] - recorded[case]) * 1000 for case in cases if case in seen)
    return {
        "commands": len(cases),
        "rate": round(len(cases) / took, 1),
        "seen": len(delays),
        "p50_ms": round(delays[len(delays) // 2], 2),
        "p99_ms": round(delays[min(len(delays) - 1, int(len(delays) * 0.99))], 2),
    }


def asks(office: Office, case: str, number: int) -> bytes:
    """The request, as bytes, by which a unit asks for a secrecy review of a case's file."""
    body = json.dumps({"files": [{"name": "a.pdf", "sha256": f"{number:064x}", "size": 1}]})
    return (
        f"POST /api/requests/disclosure-requests/{case}/request-review HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {office.tokens['unit']}\r\n"
        f"Gongkai-Today: {today().isoformat()}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def watch(settings: Settings, agency: str, cases: Sequence[str], seconds: float) -> dict[str, float]:
    """When the row of each case is there (seconds since the epoch). It runs in a process of its own, so that it waits for nobody, and asks for the
    oldest few that are not there yet, so that it takes little of the machine that it measures."""
    deadline = time.monotonic() + seconds
    seen: dict[str, float] = {}
    missing = list(cases)
    with psycopg.connect(settings.dsn("review", role="gongkai_review"), autocommit=True, prepare_threshold=1) as connection:
        connection.execute("SELECT set_config('gongkai.agency', %s, false)", (agency,))
        while missing and time.monotonic() < deadline:
            rows = connection.execute("SELECT subject::text FROM views.reviews WHERE subject = ANY(%s::uuid[])", (missing[:32],)).fetchall()
            now = time.time()
            if rows:
                seen.update((subject, now) for (subject,) in rows)
                missing = [case for case in missing if case not in seen]
            time.sleep(0.002)
    return seen


def recorded_at(settings: Settings) -> dict[str, float]:
    """When requests recorded that it asked for each review (seconds since the epoch)."""
    since = instant() - timedelta(hours=1)
    with psycopg.connect(settings.dsn("requests", role="gongkai_requests")) as connection:
        rows = connection.execute(
            "SELECT case_id::text, extract(epoch FROM (convert_from(state, 'UTF8')::jsonb ->> 'recorded_at')::timestamptz)::float8 FROM events "
            "WHERE topic LIKE 'requests.SecrecyReviewRequested:%%' AND (convert_from(state, 'UTF8')::jsonb ->> 'recorded_at')::timestamptz > %s",
            (since,),
        )
        return dict(rows.fetchall())
