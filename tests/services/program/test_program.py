"""Any set of services as one program: what it answers, and what it still carries out when it stops."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from demo.bureau import SETUP, set_up
from services.requests.disclosure_request.commands import Submit
from shared.kernel.errors import Unavailable
from shared.kernel.identity import fresh_id
from shared.kernel.jobs import Receipt
from shared.kernel.program import SERVICES, Program
from shared.settings import Settings


@pytest.fixture
async def program(settings: Settings) -> AsyncIterator[Program]:
    """The web part of all services."""
    made = Program(settings, work=False)
    await made.start()
    yield made
    await made.stop()


def client_of(program: Program) -> httpx.AsyncClient:
    """Asks a program without a socket."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=program.app), base_url="http://gongkai")


async def test_each_service_documents_every_command_that_people_give(program: Program) -> None:
    async with client_of(program) as client:
        for service in program.services:
            document = (await client.get(f"/api/{service.name}/openapi.json")).json()
            told = {act["operationId"] for path in document["paths"].values() for act in path.values() if "x-gongkai" in act}
            assert told == {spec.name for spec in service.commands if not spec.internal}


async def test_it_is_alive_and_measures_itself(program: Program) -> None:
    async with client_of(program) as client:
        assert (await client.get("/livez")).json() == {"status": "alive"}
        assert "gongkai_http_requests" in (await client.get("/metrics")).text


@pytest.mark.parametrize("name", SERVICES)
async def test_a_service_alone_answers_for_itself_and_for_no_other(settings: Settings, name: str) -> None:
    alone = Program(settings, (name,), work=False)
    await alone.start()
    try:
        async with client_of(alone) as client:
            assert (await client.get(f"/api/{name}/openapi.json")).status_code == 200
            for other in set(SERVICES) - {name}:
                answer = await client.get(f"/api/{other}/openapi.json")
                assert answer.status_code == 404
                assert answer.headers["content-type"] == "application/problem+json"
    finally:
        await alone.stop()


async def test_a_command_is_carried_out_or_refused_but_never_lost_when_the_program_stops(settings: Settings) -> None:
    program = Program(settings, ("requests",), work=False)
    await program.start()
    code = f"p{fresh_id().hex[-10:]}"
    await set_up(program.access, code, "停机测试机关")
    agency = program.access.directory.agency(code)
    requests = program.running[0]
    command = Submit(applicant_name="王芳", contact="13900001234", content="申请公开：预算", channel="in_person", evidence="收件登记 1")
    waiting = [asyncio.create_task(requests.execute(command, None, SETUP, agency)) for _ in range(50)]
    await asyncio.sleep(0)
    await program.stop()
    ended = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 20)
    carried_out = [one for one in ended if isinstance(one, Receipt)]
    assert carried_out
    assert all(isinstance(one, Receipt | Unavailable) for one in ended)
    again = Program(settings, ("requests",), work=False)
    await again.start()
    try:
        rows = await again.running[0].query("SELECT count(*) AS stored FROM events WHERE agency = %s", (code,))
        assert rows[0]["stored"] == len(carried_out)
    finally:
        await again.stop()
