"""What stands around a message: CloudEvents 1.0 attributes as its specification says, the trace, the place; and nothing personal."""

import re
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest

from shared.kernel.events import read_envelope
from shared.kernel.identity import fresh_id
from shared.kernel.log import Log
from shared.kernel.pipeline import Pipeline
from shared.messaging import messages
from shared.messaging.catchup import Wanted, fetch
from shared.messaging.provisioning import stream_name
from shared.settings import Settings
from shared.trust.keys import Keys
from tests.services.kernel.toys import OpenTally, laws, of
from tests.services.messaging.line import Line, eventually
from tests.specification import AGENCY

NAME = "张三丰"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def sealed(line: Line, keys: Keys, settings: Settings) -> Iterator[Pipeline]:
    """Writes to the log with the keys of personal data."""
    made = Pipeline(Log(line.name, line.dsn), keys, laws)
    made.start()
    yield made
    made.stop()
    made.log.close()


async def test_a_message_bears_the_attributes_of_cloudevents(line: Line, sealed: Pipeline) -> None:
    relay = await line.relay()
    case = fresh_id()
    await sealed.execute(of(OpenTally(name="计数", owner=NAME), case, trace=TRACE))
    await sealed.execute(of(OpenTally(name="计数")))
    await eventually(lambda: relay.position == 2, "both were sent")
    row, second = line.rows()
    raw = await line.stream.get_msg(stream_name(line.name), seq=1)
    told = raw.headers or {}
    attributes = {name.removeprefix("ce-"): value for name, value in told.items() if name.startswith("ce-")}
    assert {"id", "source", "specversion", "type"} <= attributes.keys(), "the four that are required"
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in attributes), "names of attributes are lower case letters and digits"
    assert all(re.fullmatch("[!-$&-~ ]+", value) for value in told.values()), "printable ASCII, so that nothing need be escaped"
    assert attributes["specversion"] == "1.0"
    assert attributes["id"] == str(row.event_id), "source and id name one event for ever, also when the log was restored from a backup"
    assert attributes["source"] == f"gongkai/{line.name}"
    assert attributes["type"] == row.topic == "press.TallyOpened:1"
    assert attributes["subject"] == str(case)
    assert datetime.fromisoformat(attributes["time"]) == read_envelope(row.state).recorded_at
    assert datetime.fromisoformat(attributes["time"]).tzinfo is not None
    assert told["traceparent"] == TRACE
    assert raw.data == row.state, "the body is the stored bytes"
    other = (await line.stream.get_msg(stream_name(line.name), seq=2)).headers or {}
    assert "traceparent" not in other
    assert told["Nats-Msg-Id"] != other["Nats-Msg-Id"]
    assert second.lane_before in (0, 1)


async def test_nothing_personal_stands_around_a_message_nor_in_the_clear_within_it(line: Line, sealed: Pipeline) -> None:
    relay = await line.relay()
    case = fresh_id()
    await sealed.execute(of(OpenTally(name="计数", owner=NAME), case))
    await eventually(lambda: relay.position == 1, "it was sent")
    (row,) = line.rows()
    raw = await line.stream.get_msg(stream_name(line.name), seq=1)
    assert raw.subject == f"gk.{line.name}.{case.int % 16}.{AGENCY.code}.TallyOpened"
    incarnation = line.pipeline.log.incarnation()
    expected = [row.position, row.lane, row.lane_before, incarnation, row.event_id, case, 1, AGENCY.code]
    headers = raw.headers or {}
    assert headers["gk-log"].split(" ") == [str(part) for part in expected], "places and ids, nothing else"
    assert headers["Nats-Msg-Id"] == f"{line.name}:{str(incarnation)[:8]}:1"
    assert headers.keys() <= {
        *("ce-id", "ce-source", "ce-specversion", "ce-type", "ce-subject", "ce-time", "gk-log"),
        *("Nats-Msg-Id", "Nats-Batch-Id", "Nats-Batch-Sequence", "Nats-Batch-Commit"),
        *("Nats-Expected-Last-Sequence", "Nats-Expected-Stream"),
    }
    assert NAME not in str(headers) + str(raw.subject)
    assert NAME.encode() not in (raw.data or b"")
    assert b"\\u5f20" not in (raw.data or b"")


async def test_a_reader_gets_the_same_message_from_the_stream_and_from_the_owner(line: Line) -> None:
    relay = await line.relay()
    await line.owner_comes()
    last = await line.many(20)
    await eventually(lambda: relay.position == last, "all was sent")
    fetched = await fetch(line.client, line.name, Wanted(0, last))
    assert (fetched.last, fetched.incarnation) == (last, line.pipeline.log.incarnation())
    streamed = []
    for sequence in range(1, last + 1):
        raw = await line.stream.get_msg(stream_name(line.name), seq=sequence)
        streamed.append(messages.from_headers(line.name, raw.headers or {}, raw.data or b""))
    assert streamed == list(fetched.messages)
    lane = await fetch(line.client, line.name, Wanted(0, last, 3))
    assert [message.position for message in lane.messages] == [row.position for row in line.rows() if row.lane == 3]
    assert all(isinstance(message.case_id, UUID) for message in fetched.messages)
