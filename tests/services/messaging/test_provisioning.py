"""Streams and consumers: what is missing is made, what is there is compared, and a difference is named, never rewritten."""

from typing import Any

import pytest

from shared.messaging.inbox import Inbox
from shared.messaging.provisioning import ConsumerSpec, Drift, StreamSpec, provision, provision_consumer, provision_stream, stream_name
from tests.services.messaging.line import Heard, Line, eventually, in_order


async def test_a_missing_stream_and_its_consumers_are_made_and_found_again(line: Line) -> None:
    spec = StreamSpec(line.name)
    for _ in range(2):
        await provision(line.client, [line.name], line.settings)
    made = (await line.stream.stream_info(spec.name)).config
    assert made.subjects == [f"gk.{line.name}.>"]
    assert (made.deny_delete, made.deny_purge, made.allow_atomic) == (True, True, True)
    for shares in (1, 2, 4, 8, 16):
        for share in range(shares):
            for _ in range(2):
                await provision_consumer(line.stream, ConsumerSpec("review", line.name, share, shares))
    for _ in range(2):
        await provision_consumer(line.stream, ConsumerSpec("audit", line.name, whole_log=True))
    assert len(await line.stream.consumers_info(spec.name)) == 32


@pytest.mark.parametrize(
    ("setting", "value", "wanted", "found"),
    [
        ("max_msgs", 10, "未设置", "10"),
        ("max_age", 3600, "未设置", "3600"),
        ("deny_purge", False, "True", "未设置"),
        ("discard", "old", "new", "old"),
    ],
)
async def test_a_stream_that_differs_is_named_and_left_alone(line: Line, setting: str, value: Any, wanted: str, found: str) -> None:
    spec = StreamSpec(line.name)
    config = spec.config()
    setattr(config, setting, value)
    await line.stream.add_stream(config)
    with pytest.raises(Drift) as told:
        await provision_stream(line.stream, spec)
    assert f"数据流 {spec.name} 的设置 {setting} 应为 {wanted}，现为 {found}" in str(told.value)
    assert "请由运维人员核对后更正" in str(told.value)
    assert getattr((await line.stream.stream_info(spec.name)).config, setting) == value


@pytest.mark.parametrize(
    ("setting", "value", "wanted", "found"),
    [
        ("max_deliver", 3, "未设置", "3"),
        ("ack_wait", 5.0, "60.0", "5.0"),
        ("filter_subject", "gk.{}.3.>", "未设置", "gk.{}.3.>"),
        ("headers_only", True, "未设置", "True"),
        ("ack_policy", "explicit", "all", "explicit"),
    ],
)
async def test_a_consumer_that_differs_is_named_and_left_alone(line: Line, setting: str, value: Any, wanted: str, found: str) -> None:
    await provision(line.client, [line.name], line.settings)
    spec = ConsumerSpec("review", line.name)
    config = spec.config()
    value = value.format(line.name) if isinstance(value, str) else value
    setattr(config, setting, value)
    await line.stream.add_consumer(stream_name(line.name), config)
    with pytest.raises(Drift) as told:
        await provision_consumer(line.stream, spec)
    assert f"的消费者 review-0of1 的设置 {setting} 应为 {wanted}，现为 {found.format(line.name)}" in str(told.value)
    assert getattr((await line.stream.consumer_info(stream_name(line.name), spec.name)).config, setting) == value


async def test_a_reader_and_a_relay_that_meet_a_difference_say_so_and_go_on_when_it_is_mended(line: Line, heard: Heard) -> None:
    config = StreamSpec(line.name).config()
    config.max_msgs = 1000
    await line.stream.add_stream(config)
    consumer = ConsumerSpec("press", line.name).config()
    consumer.max_deliver = 3
    await line.stream.add_consumer(stream_name(line.name), consumer)
    await line.many(3)
    relay, inbox = await line.relay(), await line.inbox(heard)
    await eventually(lambda: relay.alarm is not None and inbox.alarm is not None, "both have stopped")
    assert "max_msgs" in str(relay.alarm)
    assert "max_deliver" in str(inbox.alarm)
    assert not inbox.healthy
    assert await line.streamed() == []
    await line.stream.delete_stream(stream_name(line.name))
    await heard.has(3)
    await eventually(lambda: relay.alarm is None and inbox.alarm is None and inbox.healthy, "both go on")


async def test_a_consumer_that_is_deleted_is_noticed_and_made_again(line: Line, heard: Heard) -> None:
    await line.relay()
    inbox = await line.inbox(heard)
    await line.many(5)
    await heard.has(5)
    await eventually(lambda: inbox.healthy, "it reads")
    await line.stream.delete_consumer(stream_name(line.name), "press-0of1")
    await eventually(lambda: not inbox.healthy, "readiness tells it")
    await line.many(5)
    await heard.has(10)
    assert in_order(line, heard.positions())
    await eventually(lambda: inbox.healthy, "it reads again")


async def test_a_reader_without_a_stream_is_not_well_until_there_is_one(line: Line, heard: Heard) -> None:
    inbox: Inbox = await line.inbox(heard)
    await line.many(2)
    await eventually(lambda: not inbox.healthy, "it says that it cannot read")
    assert heard.positions() == []
    await line.relay()
    await heard.has(2)
    await eventually(lambda: inbox.healthy, "it reads")
