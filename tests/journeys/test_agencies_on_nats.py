"""Outside agencies on NATS: each hears and answers what is addressed to it with an account of its own, and reaches nothing else."""

import asyncio
import json
import os
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nats.errors
import pytest
from nats.aio.client import Client
from nats.js.client import JetStreamContext

from demo.office import Office
from shared.kernel.clocks import today
from shared.kernel.identity import fresh_id
from shared.messaging.agencies import nkey
from shared.messaging.connection import connect
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
            assert nkey.public_of(renewed.seed) in listed
            assert nkey.public_of(agency.seed) not in listed
            await asyncio.to_thread(command, running, "remove", code)
            await asyncio.wait_for(new.gone.wait(), 10)
    with pytest.raises(Exception, match=REFUSED):
        async with renewed.connected():
            pass


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
