"""Erasing against PostgreSQL and NATS: two persons at the command line, the services' word, and nothing left to read."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
import uvicorn
from faststream.nats import NatsBroker
from nats.aio.client import Client
from typer.testing import CliRunner

from shared.access.agency.commands import FoundAgency
from shared.access.directory import Directory
from shared.access.person.commands import EnrolPerson, GiveGrant
from shared.access.signin import SignIn
from shared.kernel.application import Front, service_app
from shared.kernel.commands import AgencyFacts, Command
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from shared.kernel.pipeline import Pipeline
from shared.kernel.running import Running
from shared.kernel.service import Service
from shared.messaging.connection import connect
from shared.platform.running import announce, withdraw
from shared.settings import Settings
from shared.trust.cli import erase as app
from shared.trust.erasure import api, checks
from shared.trust.erasure.commands import ApproveErasure, RequestErasure, erasure_id
from shared.trust.erasure.decisions import Basis, Erasure, Stage, erasure
from shared.trust.erasure.eraser import Eraser
from shared.trust.erasure.events import PersonalDataErased
from shared.trust.erasure.holdings import held, keeps
from shared.trust.erasure.views import erasures
from shared.trust.keys import ERASED, Keys
from shared.trust.master import MasterKey
from shared.trust.personal import Personal
from tests.services.kernel.toys import CloseTally, Mark, OpenTally, Tally, new_pipeline, of, tally

NAME = "张三丰〇"
PASSWORD = "Quiet-Harbour-4471"
SETUP = Actor("system:setup", ("system",))


@keeps(tally)
def why_kept(state: Tally) -> str | None:
    """A tally is kept until it is closed; the number 7 seals it."""
    if state.total == 7:
        return "案件已封存"
    return None if state.closed else "案件尚未办结"


@dataclass
class House:
    """Access with its erasures, a service that holds personal data, and the people of a new agency."""

    running: Running
    directory: Directory
    signin: SignIn
    holder: Pipeline
    client: Client
    keys: Keys
    agency: AgencyFacts
    people: dict[str, Actor]

    def eraser(self, *services: str, patience: float = 3.0) -> Eraser:
        """An eraser that asks these services, by default the one that holds data."""
        return Eraser(self.running, self.client, self.keys, services or ("press",), patience=patience)

    async def case(self, *marks: int, closed: bool = True) -> UUID:
        """A case of this agency with a person's name in it."""
        opened = await self._holds(OpenTally(name="计数", owner=NAME), None)
        for by in marks:
            await self._holds(Mark(by=by), opened)
        if closed:
            await self._holds(CloseTally(), opened)
        return opened

    async def _holds(self, command: Command, id: UUID | None) -> UUID:
        receipt = await self.holder.execute(_of_agency(command, id, self.agency))
        return receipt.id

    async def request(self, case: UUID) -> None:
        """The disclosure office requests it."""
        await self._act(RequestErasure(case=case, basis=Basis.RETENTION_OVER), None, self.people["office"])

    async def approve(self, case: UUID) -> None:
        """The leader in charge approves it."""
        await self._act(ApproveErasure(), erasure_id(self.agency.code, case), self.people["leader"])

    async def _act(self, command: Command, id: UUID | None, actor: Actor) -> None:
        receipt = await self.running.execute(command, id, actor, self.agency)
        await self.running.views.wait(receipt.position, 5)

    def state(self, case: UUID) -> Erasure:
        """The erasure of a case."""
        state, _ = self.running.load(erasure, erasure_id(self.agency.code, case))
        assert isinstance(state, Erasure)
        return state

    def name(self, case: UUID, keys: Keys | None = None) -> str:
        """The name that stands in a case, as a reader sees it."""
        state = tally.fold(tally.initial(case), (row.recorded() for row in self.holder.log.rows.read_aggregate(case)))
        assert isinstance(state.owner, Personal)
        return (keys or self.keys).show(state.owner)


def _of_agency(command: Command, id: UUID | None, agency: AgencyFacts) -> Any:
    made = of(command, id)
    made.agency = agency
    return made


@pytest.fixture
async def house(settings: Settings, keys: Keys) -> AsyncIterator[House]:
    directory = Directory(settings.dsn("access", role="gongkai_access"), idle_minutes=settings.session_idle_minutes)
    signing: list[SignIn] = []
    service = Service(
        name="access",
        title="机关、人员与权限",
        about="",
        views=(erasures,),
        routers=(lambda _running: signing[0].router(), api.router),
        reads={"access.Erasure": api.READ},
    )
    running = Running(service, settings, directory, keys)
    signing.append(SignIn(running, directory))
    directory.start()
    running.start()
    holder = new_pipeline(settings, keys)
    client = await connect(settings, name="test")
    broker = NatsBroker(settings.nats_address, logger=None)
    checks.answer_on(broker, holder.log)
    await broker.start()
    code = f"a{fresh_id().hex[-12:]}"
    agency = AgencyFacts(code=code, name="固原市行政审批服务局", rulebook="decree-711", simulated=True)
    await running.execute(FoundAgency(code=code, name=agency.name, simulated=True), None, SETUP, agency)
    people: dict[str, Actor] = {}
    for login, role in (("office", "disclosure_office"), ("leader", "leader_in_charge")):
        enrolled = await running.execute(EnrolPerson(name=login, office="职务"), None, SETUP, agency)
        granted = await running.execute(GiveGrant(role=role), enrolled.id, SETUP, agency)
        people[login] = Actor(str(enrolled.id), (role,))
        await directory.caught_up(granted.position)
    yield House(running, directory, signing[0], holder, client, keys, agency, people)
    await broker.stop()
    await client.close()
    holder.stop()
    holder.log.close()
    await asyncio.to_thread(running.stop)
    directory.stop()


async def test_what_a_service_holds_is_read_from_its_log(house: House) -> None:
    case = await house.case(closed=False)
    found = held(house.holder.log, case, house.agency.code)
    assert (len(found.keys), found.why_kept) == (1, "案件尚未办结")
    assert held(house.holder.log, case, "another-agency").keys == ()


async def test_two_persons_erase_and_nobody_reads_it_again(house: House, settings: Settings) -> None:
    case, other = await house.case(), await house.case()
    before = [row.state for row in house.holder.log.rows.read_aggregate(case)]
    eraser = house.eraser()
    await house.request(case)
    await eraser.look()
    assert house.state(case).stage is Stage.CHECKED
    assert house.name(case) == NAME, "one person alone erases nothing"
    await house.approve(case)
    assert await eraser.look() == 1
    assert house.state(case).stage is Stage.ERASED
    assert house.name(case) == ERASED
    assert house.name(other) == NAME
    assert [row.state for row in house.holder.log.rows.read_aggregate(case)] == before, "no event changes, so every proof holds"
    restarted = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path), block=8)
    assert house.name(case, restarted) == ERASED
    restarted.close()
    eraser.close()


async def test_the_log_of_the_erasure_is_filed_in_the_case_and_holds_nothing_personal(house: House, settings: Settings) -> None:
    case = await house.case()
    eraser = house.eraser()
    await house.request(case)
    await eraser.look()
    await house.approve(case)
    await eraser.look()
    rows = house.running.log.rows.read_case(case)
    assert [row.topic.rpartition(".")[2] for row in rows] == [
        "ErasureRequested:1",
        "ErasureChecked:1",
        "ErasureApproved:1",
        "PersonalDataErased:1",
    ]
    assert isinstance(rows[-1].recorded().event, PersonalDataErased)
    assert not any(NAME.encode() in row.state for row in [*rows, *house.holder.log.rows.read_case(case)])
    with psycopg.connect(settings.dsn("keys", role="gongkai_keys")) as connection:
        who = connection.execute(
            "SELECT requested_by, approved_by, basis FROM person_key WHERE id = ANY(%s)", (list(house.state(case).keys),)
        ).fetchall()
    assert who == [(house.people["office"].person, house.people["leader"].person, "停止提供产品或者服务，或者保存期限已届满")]
    eraser.close()


@pytest.mark.parametrize(("marks", "closed", "why"), [((), False, "press：案件尚未办结"), ((7,), True, "press：案件已封存")])
async def test_an_open_or_sealed_case_is_refused(house: House, marks: Sequence[int], closed: bool, why: str) -> None:
    case = await house.case(*marks, closed=closed)
    await house.request(case)
    await house.eraser().look()
    assert (house.state(case).stage, house.state(case).why_not) == (Stage.REFUSED, why)
    assert house.name(case) == NAME


async def test_no_answer_is_a_refusal(house: House) -> None:
    case = await house.case()
    await house.request(case)
    await house.eraser("press", "silent", patience=0.5).look()
    assert house.state(case).stage is Stage.REFUSED
    assert "silent 没有答复" in (house.state(case).why_not or "")


async def test_a_case_without_personal_data_is_refused(house: House) -> None:
    case = fresh_id()
    await house.request(case)
    await house.eraser().look()
    assert "没有找到" in (house.state(case).why_not or "")


async def test_a_case_that_was_sealed_after_the_approval_is_not_erased(house: House) -> None:
    case = await house.case(7, closed=False)
    await house._holds(Mark(by=1), case)
    await house._holds(CloseTally(), case)
    await house.request(case)
    await house.eraser().look()
    await house.approve(case)
    keeps(tally)(lambda _state: "案件已封存")
    try:
        await house.eraser().look()
    finally:
        keeps(tally)(why_kept)
    assert house.state(case).stage is Stage.REFUSED
    assert house.name(case) == NAME


async def test_an_approved_erasure_waits_while_a_service_is_silent(house: House) -> None:
    case = await house.case()
    await house.request(case)
    await house.eraser().look()
    await house.approve(case)
    await house.eraser("press", "silent", patience=0.5).look()
    assert house.state(case).stage is Stage.APPROVED
    assert await house.eraser().look() >= 1
    assert house.name(case) == ERASED


async def test_a_crash_between_destroying_and_recording_is_made_good(house: House) -> None:
    case = await house.case()
    await house.request(case)
    await house.eraser().look()
    await house.approve(case)
    state = house.state(case)
    house.keys.destroy(state.keys, requested_by=state.requested_by, approved_by=state.approved_by, basis="x")
    assert await house.eraser().look() == 1
    assert house.state(case).stage is Stage.ERASED


async def test_it_works_by_itself_and_only_in_one_process(house: House) -> None:
    first, second = house.eraser(), house.eraser()
    working = [asyncio.create_task(eraser.run()) for eraser in (first, second)]
    house.running.pipeline.committed.append(first.wake)
    case = await house.case()
    await house.request(case)
    await settled(lambda: house.state(case).stage is Stage.CHECKED)
    await house.approve(case)
    await settled(lambda: house.state(case).stage is Stage.ERASED)
    await settled(lambda: first.erased + second.erased == 1)
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)
    first.close()
    second.close()


async def test_no_file_of_the_platform_holds_it_in_the_clear(house: House, settings: Settings) -> None:
    canary = f"龘龘{fresh_id().hex}"
    public = f"计数{fresh_id().hex}"
    receipt = await house.holder.execute(_of_agency(OpenTally(name=public, owner=canary), None, house.agency))
    assert house.name(receipt.id) == canary
    with psycopg.connect(settings.dsn("postgres"), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    pointer = settings.data / "postgres.location"
    folders = [settings.data] + ([Path(pointer.read_text(encoding="utf-8").strip())] if pointer.exists() else [])
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert holding(files, public.encode()), "what is not personal is there to be found, or this test proves nothing"
    assert holding(files, canary.encode(), canary.encode("utf-16-le"), canary[2:].encode()) == []


def holding(files: Sequence[Path], *traces: bytes) -> list[str]:
    """The names of the files that hold one of these bytes; one that went away meanwhile holds nothing."""
    found = []
    for path in files:
        with contextlib.suppress(FileNotFoundError):
            content = path.read_bytes()
            if any(trace in content for trace in traces):
                found.append(path.name)
    return found


async def settled(condition: Callable[[], bool], seconds: float = 8) -> None:
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(condition):
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def served(house: House, settings: Settings) -> AsyncIterator[None]:
    """The API at a port, and an eraser at work: what `gongkai run` does."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]

        async def nothing(*_: Any) -> None:
            raise NotImplementedError

        front = Front({"access": service_app(house.running)}, {}, nothing, body_limit=100_000)
        server = uvicorn.Server(uvicorn.Config(front, lifespan="off", log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        eraser = house.eraser()
        house.running.pipeline.committed.append(eraser.wake)
        erasing = asyncio.create_task(eraser.run())
        await settled(lambda: server.started)
        announce(settings.data, f"http://127.0.0.1:{port}")
        try:
            yield
        finally:
            withdraw(settings.data)
            erasing.cancel()
            server.should_exit = True
            await asyncio.gather(serving, erasing, return_exceptions=True)
            eraser.close()


async def test_at_the_command_line(house: House, settings: Settings) -> None:
    for login, actor in house.people.items():
        await house.signin.open_account(SETUP, house.agency.code, UUID(actor.person), login, PASSWORD)
    case, still_open = await house.case(), await house.case(closed=False)

    def run(login: str, *arguments: str, password: str = PASSWORD) -> tuple[int, str]:
        options = ["--agency", house.agency.code, "--login", login, "--data", str(settings.data)]
        result = CliRunner().invoke(app, [*arguments, *options], env={"GONGKAI_PASSWORD": password}, catch_exceptions=False)
        return result.exit_code, result.output

    def command(login: str, *arguments: str, **more: str) -> Awaitable[tuple[int, str]]:
        return asyncio.to_thread(run, login, *arguments, **more)

    code, told = await command("office", "request", str(case), "--basis", "retention-over")
    assert (code, "没有运行" in told) == (2, True)
    async with served(house, settings):
        code, told = await command("office", "request", str(case), "--basis", "retention-over")
        assert (code, told.endswith("已核对，待另一人批准\n")) == (0, True)
        code, told = await command("office", "approve", str(case))
        assert (code, "没有“批准清除个人信息”的权限" in told) == (2, True)
        code, told = await command("leader", "approve", str(case), password="wrong-Password-1")
        assert (code, "口令不正确" in told) == (2, True)
        code, told = await command("leader", "approve", str(case))
        assert (code, told.endswith("已清除\n")) == (0, True)
        code, told = await command("office", "request", str(still_open), "--basis", "consent-withdrawn")
        assert (code, "案件尚未办结" in told) == (2, True)
        _, listed = await command("leader", "list")
        assert "已清除" in listed
        assert "案件尚未办结" in listed
    assert house.name(case) == ERASED
    assert house.name(still_open) == NAME
