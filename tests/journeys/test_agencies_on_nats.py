"""Outside agencies on NATS: each hears and answers what is addressed to it with an account of its own, and reaches nothing else."""

import asyncio
import json
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nats.errors
import psycopg
import pytest
from nats.aio.client import Client
from nats.js.client import JetStreamContext

from demo.office import Office
from shared.kernel.clocks import today
from shared.kernel.identity import fresh_id
from shared.messaging.agencies import nkey
from shared.messaging.connection import connect
from shared.platform.certificates import certificate
from shared.platform.nats import find_server
from shared.platform.processes import free_port
from shared.settings import load_settings
from tests.journeys.test_life import trail_of
from tests.town import Running, founded

ROOT = Path(__file__).parents[2]

REFUSED = r"(?i)authorization|nats"
"""What a client says that may not connect."""


@dataclass
class Outside:
    """An agency whose own system connects: its code, and the file of its key."""

    code: str
    key: Path
    running: Running

    @property
    def seed(self) -> str:
        """Its secret."""
        return self.key.read_text(encoding="ascii").strip()

    @property
    def server(self) -> str:
        """Where it connects to."""
        assert self.running.settings.nats_url is not None
        return f"tls://127.0.0.1:{urlsplit(self.running.settings.nats_url.get_secret_value()).port}"

    @property
    def authority(self) -> Path:
        """Who issued the server's certificate."""
        return self.running.data / "nats-ca.pem"

    @asynccontextmanager
    async def connected(self, seed: str | None = None) -> AsyncIterator["Line"]:
        """Its connection; `seed`: with another key."""
        line = Line(self, seed or self.seed)
        try:
            await line.open()
            yield line
        finally:
            await line.close()


class Line:
    """A connection of an agency's system, which notes what the server refuses."""

    def __init__(self, agency: Outside, seed: str) -> None:
        self.agency = agency
        self.seed = seed
        self.refused: list[str] = []
        self.gone = asyncio.Event()
        self.client = Client()
        self.letters: JetStreamContext.PullSubscription

    async def open(self) -> None:
        async def refused(error: Exception) -> None:
            self.refused.append(str(error))

        async def gone() -> None:
            self.gone.set()

        self.client._public_nkey = nkey.public_of(self.seed)
        await self.client.connect(
            self.agency.server,
            signature_cb=lambda nonce: nkey.signed(self.seed, nonce),
            tls=ssl.create_default_context(cafile=str(self.agency.authority)),
            tls_hostname="localhost",
            allow_reconnect=False,
            connect_timeout=5,
            error_cb=refused,
            disconnected_cb=gone,
            closed_cb=gone,
        )
        self.letters = await self.client.jetstream().pull_subscribe_bind(self.agency.code, stream="AGENCIES")

    async def close(self) -> None:
        await closed(self.client)

    async def next(self, seconds: float = 20) -> dict[str, Any]:
        """The next message, acknowledged."""
        (message,) = await self.letters.fetch(1, timeout=seconds)
        await message.ack_sync()
        told: dict[str, Any] = json.loads(message.data)
        return told

    async def ask(self, verb: str, content: Any) -> dict[str, Any]:
        """A request; bytes are sent as they are."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        answer = await self.client.request(f"submit.{verb}", body, timeout=15)
        told: dict[str, Any] = json.loads(answer.data)
        return told


async def closed(client: Client) -> None:
    """Ends a connection, also one that was refused: of such a one nats-py leaves the socket open."""
    await client.close()
    if client._transport is not None:
        client._transport.close()
        await asyncio.sleep(0.05)


def command(running: Running, *arguments: str) -> str:
    """`gongkai agency …` on this platform."""
    line = [sys.executable, "-m", "shared.cli", "agency", *arguments, "--data", str(running.data)]
    done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def agencies(running: Running, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outside, Outside]:
    keys = tmp_path_factory.mktemp("keys")
    made = []
    for number, name in enumerate(("固原市财政局", "固原市水务局")):
        code, _ = founded(running.settings, "n", name)
        made.append(Outside(code, keys / f"{number}.nk", running))
        command(running, "add", code, "--out", str(keys / f"{number}.nk"))
    return made[0], made[1]


async def asked(office: Office, *agencies: Outside, urgent: bool = False, outside: bool = False) -> tuple[str, str]:
    """A request that waits for these agencies: the case, and the coordination that was opened for it."""
    day = today()
    case = await office.receive("natural_person", day, channel="in_person")
    addressees = [{"code": one.code, "name": "固原市某局", "outside": outside} for one in agencies]
    await office.act(
        case, "request-coordination", "unit", day, item="联合验收方案", text="请确认拟公开的方案。", addressees=addressees, urgent=urgent
    )
    for _ in range(400):
        found = (await office.get(f"/api/review/coordinations?subject={case}", "office"))["coordinations"]
        if found and len(found[0]["answers"]) == len(agencies):
            return case, found[0]["id"]
        await asyncio.sleep(0.05)
    raise AssertionError("no coordination was opened")


async def stage(office: Office, case: str, wanted: str) -> None:
    """Waits until the coordination of a case stands there."""
    found: Any = None
    for _ in range(400):
        found = (await office.get(f"/api/review/coordinations?subject={case}", "office"))["coordinations"]
        if found[0]["stage"] == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(found)


async def consumer(agency: Outside) -> None:
    """Waits until its durable consumer is there: it is made within seconds of the account."""
    client = await connect(agency.running.settings, name="test")
    try:
        for _ in range(200):
            try:
                await client.jetstream().consumer_info("AGENCIES", agency.code)
            except nats.js.errors.NotFoundError:
                await asyncio.sleep(0.1)
            else:
                return
        raise AssertionError("no consumer was made")
    finally:
        await client.close()


@pytest.mark.rule("XT-05a", "XT-05b")
async def test_an_agency_hears_of_a_letter_reads_it_and_confirms(office: Office, agencies: tuple[Outside, Outside]) -> None:
    one, _ = agencies
    await consumer(one)
    case, coordination = await asked(office, one)
    async with one.connected() as line:
        told = await line.next()
        assert (told["kind"], told["coordination"], told["from"]) == ("letter", coordination, office.agency)
        assert "请确认" not in json.dumps(told, ensure_ascii=False), "the content is asked for, not sent around"
        letter = await line.ask("letters.get", {"letter": told["letter"]})
        assert letter["letters"][0]["text"] == "请确认拟公开的方案。"
        assert (letter["letters"][0]["hash"], letter["letters"][0]["number"]) == (told["hash"], told["number"])
        clock = await line.ask("letters.clock", {"letter": told["letter"]})
        assert clock["due"] == told["due"]
        answer = {"id": str(fresh_id()), "letter": told["letter"], "hash": told["hash"], "remark": "一致"}
        first = await line.ask("letters.confirm", answer)
        assert (first["ok"], first["repeated"]) == (True, False), first
        again = await line.ask("letters.confirm", answer)
        assert (again["position"], again["repeated"]) == (first["position"], True), "after a time-out the agency asks again"
        other = await line.ask("letters.confirm", {**answer, "id": str(fresh_id())})
        assert (other["ok"], other["code"]) == (False, "coordination-closed")
        closed = await line.next()
        assert (closed["kind"], closed["outcome"]) == ("closed", "agreed")
        assert [
            row["letter"] if "letter" in row else row["id"] for row in (await line.ask("letters.list", {"open": False}))["letters"]
        ] == [told["letter"]]
    await stage(office, case, "agreed")
    trail = await trail_of(office, case, "review.CoordinationConcluded")
    confirmed = next(entry for entry in trail if entry["type"] == "review.Confirmed")
    assert confirmed["person"] == f"agency:{one.code}"


async def test_an_agency_objects_and_what_is_wrong_is_said_clearly(office: Office, agencies: tuple[Outside, Outside]) -> None:
    one, two = agencies
    await consumer(one)
    await consumer(two)
    case, coordination = await asked(office, one, two)
    async with one.connected() as line, two.connected() as other:
        told = await line.next()
        assert told["coordination"] == coordination
        assert (await other.next())["coordination"] == coordination
        right = {
            "id": str(fresh_id()),
            "letter": told["letter"],
            "hash": told["hash"],
            "opinion": "数据与本局不一致",
            "basis": "三定规定第二条",
        }
        for verb, content, code in (
            ("letters.object", b"\xff\xfe", "not-json"),
            ("letters.object", b"[1]", "not-json"),
            ("letters.burn", {}, "no-such-verb"),
            ("letters.object", {}, "invalid"),
            ("letters.object", {**right, "opinion": ""}, "invalid"),
            ("letters.object", {**right, "addressee": two.code}, "invalid"),
            ("letters.object", {**right, "hash": "0" * 64}, "letter-differs"),
            ("letters.get", {"letter": str(fresh_id())}, "not-found"),
        ):
            answer = await line.ask(verb, content)
            assert (answer["ok"], answer["code"]) == (False, code), answer
            assert answer["sentence"]
        theirs = await other.ask("letters.object", right)
        assert (theirs["ok"], theirs["code"]) == (False, "not-found"), "a letter to another agency is not there"
        assert (await line.ask("letters.object", right))["ok"]
        assert (await other.ask("letters.list", {}))["letters"][0]["coordination"] == coordination
    await office.post(f"/api/review/coordinations/{coordination}/withdraw", "office", today(), {"reason": "另行研究"})
    await stage(office, case, "withdrawn")


@pytest.mark.rule("XT-05b")
async def test_what_is_sent_while_an_agency_is_away_waits_for_it(office: Office, agencies: tuple[Outside, Outside]) -> None:
    one, two = agencies
    for agency in agencies:
        await consumer(agency)
        async with agency.connected() as line:
            while True:
                try:
                    await line.next(1.5)
                except nats.errors.TimeoutError:
                    break
    first = await asked(office, two)
    second = await asked(office, two, urgent=True)
    async with two.connected() as line:
        heard = [await line.next(), await line.next()]
        assert [(one["coordination"], one["urgent"]) for one in heard] == [(first[1], False), (second[1], True)]
        with pytest.raises(nats.errors.TimeoutError):
            await line.next(1)
    async with one.connected() as line:
        with pytest.raises(nats.errors.TimeoutError):
            await line.next(1)


async def test_what_agencies_are_told_is_there_again_when_the_stream_was_lost(office: Office, agencies: tuple[Outside, Outside]) -> None:
    one, _ = agencies
    await consumer(one)
    _, coordination = await asked(office, one)
    async with one.connected() as line:
        told = await line.next()
        while told["coordination"] != coordination:
            told = await line.next()
    client = await connect(one.running.settings, name="test")
    await client.jetstream().delete_stream("AGENCIES")
    await client.close()
    await consumer(one)
    async with one.connected() as line:
        again = await line.next()
        while again["id"] != told["id"]:
            again = await line.next()
    assert again == told


async def test_what_is_written_for_an_agency_on_paper_is_no_subject(office: Office, agencies: tuple[Outside, Outside]) -> None:
    """Its code is what a clerk types: with a blank or a point in it, it neither stops the feed nor reaches an agency whose code it begins with."""
    one, _ = agencies
    await consumer(one)
    strange = [Outside("省 财政厅", one.key, one.running), Outside(f"{one.code}.x", one.key, one.running)]
    case, coordination = await asked(office, *strange, outside=True)
    await office.post(f"/api/review/coordinations/{coordination}/withdraw", "office", today(), {"reason": "另行研究"})
    await stage(office, case, "withdrawn")
    _, wanted = await asked(office, one)
    async with one.connected() as line:
        told = await line.next()
        while told["coordination"] != wanted:
            assert told["coordination"] != coordination
            told = await line.next()


async def test_nothing_of_one_agency_is_within_reach_of_another(office: Office, agencies: tuple[Outside, Outside]) -> None:
    one, two = agencies
    await consumer(two)
    async with one.connected() as mine, two.connected() as thief:
        seen: list[str] = []

        async def saw(message: Any) -> None:
            seen.append(message.subject)

        for subject in (">", "agency.>", f"agency.{one.code}.>", "gk.>", "intake.>", "$JS.>", "_INBOX.>", "feed.>"):
            await thief.client.subscribe(subject, cb=saw)
        for subject in (
            f"$JS.API.CONSUMER.MSG.NEXT.AGENCIES.{one.code}",
            f"$JS.API.CONSUMER.INFO.AGENCIES.{one.code}",
            "$JS.API.CONSUMER.CREATE.AGENCIES",
            f"$JS.API.CONSUMER.DELETE.AGENCIES.{one.code}",
            "$JS.API.STREAM.INFO.AGENCIES",
            "$JS.API.STREAM.INFO.GK_REQUESTS",
            "$JS.API.STREAM.PURGE.AGENCIES",
            "$JS.API.STREAM.DELETE.GK_REVIEW",
            "$JS.API.STREAM.MSG.GET.AGENCIES",
            "$JS.API.INFO",
            "$SYS.REQ.SERVER.PING",
            f"intake.{one.code}.letters.list",
            f"agency.{one.code}.letter",
            f"submit.{one.code}.letters.list",
            "gk.requests.0.x.y",
        ):
            try:
                answer = await thief.client.request(subject, b"{}", timeout=0.5)
            except (nats.errors.TimeoutError, nats.errors.NoRespondersError):
                continue
            assert json.loads(answer.data)["code"] == "no-such-verb", subject
        _, coordination = await asked(office, one)
        told = await mine.next()
        while told["coordination"] != coordination:
            told = await mine.next()
        await thief.client.flush()
        # Its own questions' answers are all that it may see.
        assert [subject for subject in seen if not subject.startswith(("_INBOX", "submit"))] == []
        assert any("permissions violation" in refusal.lower() for refusal in thief.refused)
        assert (await thief.ask("letters.get", {"letter": told["letter"]}))["code"] == "not-found"


async def test_who_has_no_key_or_another_one_does_not_connect(agencies: tuple[Outside, Outside]) -> None:
    one, _ = agencies
    with pytest.raises(Exception, match=REFUSED):
        async with one.connected(nkey.new_seed()):
            pass
    for arguments in ({}, {"user": "gongkai", "password": "gongkai"}, {"user": one.code, "password": ""}):
        client = Client()
        with pytest.raises(Exception, match=REFUSED):
            await client.connect(one.server.replace("tls://", "nats://"), allow_reconnect=False, connect_timeout=3, **arguments)
        await closed(client)


async def test_a_key_is_changed_without_a_gap_and_a_removed_agency_is_cut_off_at_once(running: Running, tmp_path: Path) -> None:
    code, _ = await asyncio.to_thread(lambda: founded_apart(running))
    agency = Outside(code, tmp_path / "first.nk", running)
    await asyncio.to_thread(command, running, "add", code, "--out", str(agency.key))
    await consumer(agency)
    async with agency.connected() as old:
        renewed = Outside(code, tmp_path / "second.nk", running)
        await asyncio.to_thread(command, running, "rotate", code, "--out", str(renewed.key))
        async with renewed.connected() as new:
            assert (await old.ask("letters.list", {}))["ok"]
            assert (await new.ask("letters.list", {}))["ok"]
            await asyncio.to_thread(command, running, "rotate", code, "--finish")
            await asyncio.wait_for(old.gone.wait(), 10)
            assert (await new.ask("letters.list", {}))["ok"]
            listed = await asyncio.to_thread(command, running, "list")
            told = {line.split()[0]: line for line in listed.splitlines() if line.startswith("  U")}
            assert told[nkey.public_of(renewed.seed)].endswith("有效")
            assert told[nkey.public_of(agency.seed)].endswith("（更换密钥）")
            await asyncio.to_thread(command, running, "remove", code)
            await asyncio.wait_for(new.gone.wait(), 10)
            assert f"{code}  已停用" in await asyncio.to_thread(command, running, "list")
    with pytest.raises(Exception, match=REFUSED):
        async with renewed.connected():
            pass


async def test_a_flood_of_one_agency_is_answered_and_keeps_no_other_waiting(agencies: tuple[Outside, Outside]) -> None:
    one, two = agencies
    await consumer(two)
    async with one.connected() as flood, two.connected() as other:
        asked = [asyncio.create_task(flood.ask("letters.list", {})) for _ in range(450)]
        await asyncio.sleep(0)
        calm = await asyncio.wait_for(other.ask("letters.list", {}), 5)
        assert calm["ok"]
        answers = await asyncio.gather(*asked)
    refused = [answer["code"] for answer in answers if not answer["ok"]]
    assert set(refused) == {"too-many"}, "each is answered"
    assert len(refused) >= 150


async def test_who_asks_hears_the_answers_and_a_department_decides_from_its_own_system(
    running: Running, office: Office, agencies: tuple[Outside, Outside], tmp_path: Path
) -> None:
    one, department = agencies
    asker = Outside(office.agency, tmp_path / "asker.nk", running)
    await asyncio.to_thread(command, running, "add", office.agency, "--out", str(asker.key))
    for agency in (one, department, asker):
        await consumer(agency)
    case, coordination = await asked(office, one)
    async with one.connected() as answering, asker.connected() as asking, department.connected() as deciding:
        told = await of(answering, coordination)
        said = {"id": str(fresh_id()), "letter": told["letter"], "hash": told["hash"], "opinion": "数据与本局不一致", "basis": "三定规定"}
        assert (await answering.ask("letters.object", said))["ok"]
        heard = await of(asking, coordination)
        assert (heard["kind"], heard["addressee"], heard["answer"]) == ("answered", one.code, "objected")
        assert "数据" not in json.dumps(heard, ensure_ascii=False), "the opinion is read by page or API"
        escalation = {"department": department.code, "name": "固原市水务局", "reason": "依权限不能认定"}
        await office.post(f"/api/review/coordinations/{coordination}/escalate-for-ruling", "office", today(), escalation)
        wanted = await of(deciding, coordination)
        assert wanted["kind"] == "ruling-wanted"
        seen = await deciding.ask("letters.get", {"letter": wanted["letter"]})
        assert seen["letters"][0]["opinion"] == "数据与本局不一致"
        ruling = {
            "id": str(fresh_id()),
            "letter": wanted["letter"],
            "publish": True,
            "document": "固水函〔2026〕7号",
            "reason": "数据来源一致",
        }
        assert (await answering.ask("rulings.issue", {**ruling, "letter": told["letter"]}))["code"] == "department-decides"
        panel = [{"name": name, "kind": kind} for name, kind in (("财政局", "unit"), ("水务局", "authority"), ("王教授", "expert"))]
        convened = {"id": str(fresh_id()), "letter": wanted["letter"], "participants": panel, "minutes": "同意公开"}
        assert (await deciding.ask("rulings.convene", convened))["ok"]
        first = await deciding.ask("rulings.issue", ruling)
        assert (first["ok"], (await deciding.ask("rulings.issue", ruling))["repeated"]) == (True, True)
        confirmed = {"id": str(fresh_id()), "letter": wanted["letter"], "document": "固水函〔2026〕8号"}
        assert (await deciding.ask("rulings.confirm", confirmed))["ok"]
        kinds = {(await of(answering, coordination))["kind"], (await of(answering, coordination))["kind"]}
        assert kinds == {"ruling", "closed"}
        ended = await of(asking, coordination, "concluded")
        assert (ended["agreed"], ended["how"]) == (True, "ruling")
    await stage(office, case, "agreed")


async def of(line: Line, coordination: str, kind: str | None = None) -> dict[str, Any]:
    """The next message about a coordination (of a kind)."""
    while True:
        told = await line.next()
        if told["coordination"] == coordination and kind in (None, told["kind"]):
            return told


async def test_a_worker_that_begins_anew_tells_nothing_twice(running: Running, office: Office, agencies: tuple[Outside, Outside]) -> None:
    """One event told two agencies: neither hears it again, also when the server has forgotten which ids it had."""
    for agency in agencies:
        await consumer(agency)
    _, coordination = await asked(office, *agencies)
    for agency in agencies:
        async with agency.connected() as line:
            await of(line, coordination, "letter")
    client = await connect(running.settings, name="test")
    stream = client.jetstream()
    try:
        info = await stream.stream_info("AGENCIES")
        forgetful = replace(info.config, duplicate_window=0.1)
        await stream.update_stream(forgetful)
        await asyncio.sleep(0.3)
        last = (await stream.stream_info("AGENCIES")).state.last_seq
        with psycopg.connect(running.settings.dsn("review"), autocommit=True) as database:
            ended = database.execute(LEADER).fetchone()
            assert ended
            assert database.execute("SELECT pg_terminate_backend(%s)", ended).fetchone() == (True,)
            for _ in range(200):
                now = database.execute(LEADER).fetchone()
                if now and now != ended:
                    break
                await asyncio.sleep(0.1)
            else:
                raise AssertionError("nobody leads again")
        _, later = await asked(office, agencies[0])
        async with agencies[0].connected() as line:
            assert (await line.next())["coordination"] == later
        assert (await stream.stream_info("AGENCIES")).state.last_seq == last + 1
        await stream.update_stream(info.config)
    finally:
        await client.close()


LEADER = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 7401 AND granted"
"""The database session of the worker that tells the agencies."""


def founded_apart(running: Running) -> tuple[str, Any]:
    """A new agency, founded in a thread: it runs a loop of its own."""
    return founded(running.settings, "n", "固原市某局")


SHIM = '''
"""What nats-py wants of the package nkeys, which has no wheel: the same three calls."""
from shared.messaging.agencies import nkey
import base64

class KeyPair:
    def __init__(self, seed): self.seed = bytes(seed).decode()
    @property
    def public_key(self): return nkey.public_of(self.seed).encode()
    def sign(self, nonce): return base64.b64decode(nkey.signed(self.seed, nonce.decode()))
    def wipe(self): pass

from_seed = KeyPair
'''


async def test_the_examples_work_as_they_stand(office: Office, agencies: tuple[Outside, Outside], tmp_path: Path) -> None:
    one, _ = agencies
    await consumer(one)
    (tmp_path / "nkeys.py").write_text(SHIM, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}

    def example(name: str, *arguments: str) -> list[dict[str, Any]]:
        line = [sys.executable, str(ROOT / "examples" / "agency" / name), *arguments, "--server", one.server, "--ca", str(one.authority)]
        done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", timeout=60, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(told) for told in done.stdout.splitlines()]

    async with one.connected() as line:
        while True:
            try:
                await line.next(1.5)
            except nats.errors.TimeoutError:
                break
    case, coordination = await asked(office, one)
    (told,) = await asyncio.to_thread(example, "subscriber.py", one.code, str(one.key), "--count", "1")
    assert told["coordination"] == coordination
    letter, answer = await asyncio.to_thread(example, "answerer.py", str(one.key), told["letter"])
    assert letter["ok"]
    assert answer["ok"]
    await stage(office, case, "agreed")


async def test_a_server_of_ones_own_takes_agencies_by_tls_alone(
    running: Running, agencies: tuple[Outside, Outside], tmp_path: Path
) -> None:
    """The configuration as it is written, with a certificate of one's own: no plaintext, neither with the key nor with the password."""
    one, _ = agencies
    await asyncio.to_thread(command, running, "configuration", "--out", str(tmp_path))
    authority, server, key = certificate(tmp_path)
    port = free_port()
    configuration = tmp_path / "nats-server.conf"
    configuration.write_text(configuration.read_text(encoding="utf-8").replace("0.0.0.0:4222", f"127.0.0.1:{port}"), encoding="utf-8")
    environment = {
        "NATS_CERTIFICATE": f'"{server}"', "NATS_KEY": f'"{key}"', "NATS_STORE": f'"{tmp_path / "store"}"', "GONGKAI_NATS_PASSWORD": "wort"
    }  # fmt: skip
    child = await asyncio.create_subprocess_exec(
        str(find_server()), "-c", str(configuration), env={**os.environ, **environment}, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        settings = load_settings(data=tmp_path, nats_url=f"tls://gongkai:wort@localhost:{port}", nats_ca=authority)
        for _ in range(100):
            try:
                client = await connect(settings, name="test")
                break
            except OSError:
                await asyncio.sleep(0.1)
        assert (await client.jetstream().account_info()).streams == 0
        await client.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert json.loads((await asyncio.wait_for(reader.readline(), 5)).removeprefix(b"INFO "))["tls_required"] is True
        writer.write(b'CONNECT {"user":"gongkai","pass":"wort","verbose":false,"pedantic":false}\r\nPING\r\n')
        await writer.drain()
        assert b"PONG" not in await asyncio.wait_for(reader.read(), 10), "the right password, but in plaintext"
        writer.close()
        trusted = Client()
        trusted._public_nkey = nkey.public_of(one.seed)
        context = ssl.create_default_context(cafile=str(authority))
        await trusted.connect(
            f"tls://localhost:{port}",
            tls=context,
            allow_reconnect=False,
            connect_timeout=5,
            signature_cb=lambda nonce: nkey.signed(one.seed, nonce),
        )
        await trusted.close()
    finally:
        child.terminate()
        await asyncio.wait_for(child.wait(), 20)
