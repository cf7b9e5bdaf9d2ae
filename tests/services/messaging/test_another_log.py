"""A log that was restored from a backup: relay and inbox stop, say what an operator must do, and go on when it is done."""

import re

import httpx
import psycopg

from shared.kernel.program import Program
from shared.messaging.inbox import Inbox
from shared.messaging.provisioning import stream_name
from shared.messaging.relay import Relay
from tests.services.messaging.line import READER, Heard, Line, eventually, in_order

RENEW = "UPDATE log_identity SET incarnation = gen_random_uuid()"


async def readiness(line: Line, relay: Relay, inbox: Inbox) -> dict[str, dict[str, object]]:
    """What `/readyz` says of this relay and this inbox, through the program that serves it."""
    program = Program(line.settings, (READER,))
    assert program.worker is not None
    program.worker.relays.append(relay)
    program.worker.inboxes.append(inbox)
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=program.app), base_url="http://gongkai") as client:
            answer = await client.get("/readyz")
        assert answer.status_code == 200, "its databases are there: the pages work"
        told = answer.json()
        assert not told["well"]
        checks: dict[str, dict[str, object]] = told["checks"]
        return checks
    finally:
        for running in program.everything:
            running.log.close()
        program.keys.close()


async def test_another_incarnation_stops_relay_and_inbox_until_an_operator_has_done_what_they_say(line: Line, heard: Heard) -> None:
    await line.owner_comes()
    relay, inbox = await line.relay(), await line.inbox(heard)
    await line.many(10)
    await heard.has(10)
    await line.end(relay)
    await line.end(inbox)
    before = str(line.pipeline.log.incarnation())
    line.as_operator(RENEW)
    now = str(line.pipeline.log.incarnation())
    await line.many(5)
    relay, inbox = await line.relay(), await line.inbox(heard)
    await eventually(lambda: relay.alarm is not None and inbox.alarm is not None, "both have stopped")
    assert f"incarnation 为 {before}，日志现为 {now}" in str(relay.alarm)
    assert "删除该数据流" in str(relay.alarm)
    assert f"incarnation 原为 {before}，现为 {now}" in str(inbox.alarm)
    checks = await readiness(line, relay, inbox)
    assert checks[f"relay {line.name}"]["alarm"] == relay.alarm
    assert not checks[f"relay {line.name}"]["ok"]
    assert checks[f"inbox {READER} from {line.name}"]["alarm"] == inbox.alarm
    assert not checks[f"inbox {READER} from {line.name}"]["ok"]
    assert len(heard.positions()) == 10, "nothing is handled meanwhile"
    assert len(await line.streamed()) == 10, "nothing is sent meanwhile"

    remedy = re.search(r"UPDATE inbox SET .*?WHERE source = '\w+'", str(inbox.alarm))
    assert remedy is not None
    with psycopg.connect(line.settings.dsn(READER), autocommit=True) as operator:
        operator.execute(remedy[0].replace("恢复到的条数", "10").encode())
    await line.stream.delete_stream(stream_name(line.name))
    await heard.has(15)
    await eventually(lambda: relay.alarm is None and inbox.alarm is None and inbox.healthy, "both go on")
    assert in_order(line, heard.positions())


async def test_a_reader_at_work_meets_another_incarnation_in_the_stream(line: Line, heard: Heard) -> None:
    relay, inbox = await line.relay(), await line.inbox(heard)
    await line.many(5)
    await heard.has(5)
    await line.end(relay)
    line.as_operator(RENEW)
    await line.stream.delete_stream(stream_name(line.name))
    await line.many(1)
    await line.relay()
    await eventually(lambda: inbox.alarm is not None, "it has stopped")
    assert len(heard.positions()) == 5


async def restored(line: Line, last: int) -> None:
    """The log as an older backup holds it, its identity included."""
    line.close_writer(line.pipeline)
    line.as_operator(f"DELETE FROM events WHERE position > {last}")
    line.pipeline = line.writer()


async def test_a_log_that_is_shorter_than_its_stream_stops_the_relay_and_its_readers(line: Line, heard: Heard) -> None:
    await line.owner_comes()
    relay, inbox = await line.relay(), await line.inbox(heard)
    await line.many(32)
    await heard.has(32)
    await line.end(relay)
    await line.end(inbox)
    await restored(line, 10)
    relay, inbox = await line.relay(), await line.inbox(heard)
    await eventually(lambda: relay.alarm is not None and inbox.alarm is not None, "both have stopped")
    assert "已到第 32 条，日志只有 10 条" in str(relay.alarm)
    assert "的日志只到第 10 条" in str(inbox.alarm)
    for alarm in (relay.alarm, inbox.alarm):
        assert RENEW in str(alarm), "what an operator must do"


async def test_a_restored_log_that_has_grown_again_is_told_from_the_one_that_was_sent(line: Line) -> None:
    """Its positions reach as far as the stream's, under the same identity; but they are other events."""
    relay = await line.relay()
    await line.many(8)
    await eventually(lambda: relay.position == 8, "all was sent")
    await line.end(relay)
    await restored(line, 5)
    await line.many(20)
    relay = await line.relay()
    await eventually(lambda: relay.alarm is not None, "it has stopped")
    assert "第 8 条与日志的第 8 条不是同一事件" in str(relay.alarm)
    assert RENEW in str(relay.alarm)
    assert len(await line.streamed()) == 8
    line.as_operator(RENEW)
    await line.stream.delete_stream(stream_name(line.name))
    await eventually(lambda: relay.alarm is None and relay.position == 25, "the log fills its stream")
    assert await line.streamed() == list(range(1, 26))
