"""The relay: a stream that lost its tail, or everything, is filled again; of two relays one leads, and a stale one cannot write."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from shared.messaging import relay as relays
from shared.messaging.connection import connect
from shared.messaging.provisioning import stream_name
from shared.messaging.relay import Overtaken, Relay
from shared.platform.nats import EmbeddedNats
from shared.settings import Settings
from tests.directories import temporary
from tests.services.messaging.line import Heard, Line, eventually, in_order


@pytest.fixture
def server() -> Iterator[EmbeddedNats]:
    """A nats-server of the test's own, which may be harmed."""
    directory = temporary("nats")
    made = EmbeddedNats(directory)
    yield made
    made.stop()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
async def frail(settings: Settings, server: EmbeddedNats) -> AsyncIterator[Line]:
    """A log whose stream stands on that server."""
    made = Line(settings.model_copy(update={"nats_url": SecretStr(server.start())}))
    await made.open()
    yield made
    await made.close()


def older(store: Path, copy: Path) -> None:
    shutil.rmtree(store)
    shutil.copytree(copy, store)


def wiped(store: Path, _copy: Path) -> None:
    shutil.rmtree(store)


@pytest.mark.parametrize("harm", [older, wiped])
async def test_a_stream_that_lost_its_tail_or_everything_is_filled_again(
    frail: Line, server: EmbeddedNats, harm: Callable[[Path, Path], None]
) -> None:
    copy = server.directory / "copy"
    with contextlib.closing(Heard(frail)) as lanes, contextlib.closing(Heard(frail, whole_log=True)) as whole:
        await frail.owner_comes()
        await frail.relay()
        await frail.inbox(lanes)
        await frail.inbox(whole, whole_log=True)
        await frail.many(20)
        await whole.has(20)
        await asyncio.to_thread(server.stop)
        shutil.copytree(server.store, copy)
        await asyncio.to_thread(server.start)
        await frail.many(20)
        await whole.has(40)
        await lanes.has(40)
        await asyncio.to_thread(server.stop)
        harm(server.store, copy)
        last = await frail.many(20)
        await asyncio.to_thread(server.start)
        await whole.has(last)
        await lanes.has(last)
        assert in_order(frail, lanes.positions())
        assert whole.positions() == list(range(1, last + 1))
        assert await frail.streamed() == list(range(1, last + 1))


async def test_a_stream_that_is_wiped_under_a_relay_that_has_nothing_to_do_is_filled_again(line: Line, heard: Heard) -> None:
    relay = await line.relay(batch=4)
    await line.inbox(heard)
    last = await line.many(10)
    await heard.has(last)
    await line.stream.delete_stream(stream_name(line.name))
    await eventually(lambda: relay.relayed == 2 * last, "all was sent again")
    assert await line.streamed() == list(range(1, last + 1))
    await line.many(3)
    await heard.has(last + 3)
    assert in_order(line, heard.positions())


def end_leader(line: Line) -> None:
    """Ends the database session that holds the lead, as a server that fails over would."""
    with psycopg.connect(line.settings.dsn(line.name), autocommit=True) as operator:
        ended = operator.execute(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            "WHERE l.locktype = 'advisory' AND l.objid = %s AND l.granted AND d.datname = current_database()",
            (relays.RELAY_LOCK,),
        ).fetchall()
    assert ended == [(True,)]


def lead_is_held(line: Line) -> bool:
    """Whether a session holds the lead."""
    with psycopg.connect(line.settings.dsn(line.name), autocommit=True) as operator:
        held = operator.execute(
            "SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            "WHERE l.locktype = 'advisory' AND l.objid = %s AND l.granted AND d.datname = current_database()",
            (relays.RELAY_LOCK,),
        )
        return held.fetchone() is not None


async def test_of_two_relays_one_leads_and_the_other_takes_over_when_its_session_dies(line: Line) -> None:
    first = await line.relay()
    await eventually(lambda: first.leads, "the first leads")
    second_client = await connect(line.settings, name="second")
    second = await line.relay(client=second_client)
    try:
        await line.many(5)
        await eventually(lambda: first.relayed == 5, "the first has sent all")
        assert not second.leads
        assert second.lag == 0, "a relay that does not lead owes nothing"
        end_leader(line)
        await eventually(lambda: lead_is_held(line), "somebody has taken the lead")
        await eventually(lambda: first.leads != second.leads, "one leads, and the other knows that it does not")
        await line.many(20)
        await eventually(
            lambda: first.leads != second.leads and (first if first.leads else second).position == 25, "one leads and has sent all"
        )
        assert await line.streamed() == list(range(1, 26))
        if first.leads:
            # The one that lost the lead was quicker to come back; with it gone the other leads.
            await line.end(first)
        await line.many(5)
        await eventually(lambda: second.leads and second.position == 30, "the second leads")
        assert await line.streamed() == list(range(1, 31))
    finally:
        await line.end(second)
        await second_client.close()


async def test_two_relays_that_both_believe_to_lead_write_nothing_twice(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await line.relay(batch=5)
    await eventually(lambda: first.leads, "the first leads")
    monkeypatch.setattr(relays, "RELAY_LOCK", relays.RELAY_LOCK + 1)
    second = await line.relay(batch=5)
    await eventually(lambda: second.leads and first.leads, "both lead")
    with capture_logs() as told:
        for _ in range(10):
            await line.many(12)
        await eventually(lambda: max(first.position, second.position) == 120, "all was sent")
    assert await line.streamed() == list(range(1, 121))
    assert "Overtaken" in {entry.get("error") for entry in told}, "they never met: the test proves nothing"


async def test_a_stale_relay_is_refused_by_the_stream(line: Line) -> None:
    """It still believes that the stream ends at 3: what it would write is there already, or comes too early."""
    relay = await line.relay()
    await line.many(5)
    await eventually(lambda: relay.position == 5, "all was sent")
    await line.end(relay)
    await line.many(1)
    stale = Relay(line.name, line.dsn, line.client)
    rows, incarnation = line.rows(), str(line.pipeline.log.incarnation())
    for written in (rows[3:5], rows[5:6], rows[3:6]):
        with pytest.raises(Overtaken):
            await stale._publish(written, incarnation, 3)
    assert await line.streamed() == [1, 2, 3, 4, 5]
    assert await stale._publish(rows[5:], incarnation, 5) == 6


async def test_the_relay_goes_on_when_its_database_connections_are_ended(line: Line, heard: Heard) -> None:
    await line.relay()
    await line.inbox(heard)
    await line.many(5)
    await heard.has(5)
    with psycopg.connect(line.settings.dsn(line.name), autocommit=True) as operator:
        operator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await line.many(5)
    await heard.has(10)
    assert in_order(line, heard.positions())
