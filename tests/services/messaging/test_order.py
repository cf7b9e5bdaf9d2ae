"""Nothing lost, nothing twice, in order: whatever the stream brings, and whenever the reader dies."""

import pytest

from tests.services.messaging.line import Heard, Line, case_in, eventually, in_order


async def test_every_event_has_effect_once_in_the_order_of_its_lane(line: Line, heard: Heard, whole: Heard) -> None:
    await line.relay(batch=7)
    lanes = await line.inbox(heard)
    ledger = await line.inbox(whole, whole_log=True)
    await line.many(60)
    await heard.has(60)
    await whole.has(60)
    assert in_order(line, heard.positions())
    assert whole.positions() == list(range(1, 61)), "a reader of the whole log has the order of the log"
    assert (lanes.healed, ledger.healed) == (0, 0), "the stream brought all of it"
    await eventually(lambda: lanes.lag == 0, "the lag is gone")


async def test_the_lanes_are_shared_among_workers(line: Line, heard: Heard) -> None:
    await line.relay()
    await line.inbox(heard, shares=4)
    await line.inbox(heard, shares=4)
    await line.many(48)
    await heard.has(48)
    assert in_order(line, heard.positions())


async def test_the_same_message_again_has_no_effect(line: Line, heard: Heard, whole: Heard) -> None:
    last = await line.many(6)
    await line.fill([1, 2, 2, 3, 1, 2, 3, 4, 5, 4, 6, 6])
    inboxes = [await line.inbox(heard), await line.inbox(whole, whole_log=True)]
    await heard.has(last)
    await whole.has(last)
    for inbox in inboxes:
        await eventually(lambda inbox=inbox: inbox.lag == 0 and inbox.healthy, "all of the stream was read")
    assert in_order(line, heard.positions())
    assert whole.positions() == [1, 2, 3, 4, 5, 6]


async def test_a_message_that_comes_too_early_waits_for_what_is_before_it(line: Line, heard: Heard, whole: Heard) -> None:
    case = case_in(3)
    await line.opened(case)
    last = await line.marked(case, 1, 1, 1)
    await line.fill([1, 4, 3, 2])
    await line.owner_comes()
    await line.inbox(heard)
    await line.inbox(whole, whole_log=True)
    await heard.has(last)
    await whole.has(last)
    assert heard.positions() == whole.positions() == [1, 2, 3, 4]


async def test_what_was_deleted_from_the_stream_is_fetched_from_its_owner(line: Line, heard: Heard, whole: Heard) -> None:
    case, other = case_in(3), case_in(4)
    await line.opened(case)
    await line.opened(other)
    last = await line.marked(case, 1, 1, 1)
    await line.fill(range(1, last + 1), deletable=True)
    for sequence in (1, 3, 4):
        assert await line.stream.delete_msg(f"GK_{line.name.upper()}", sequence)
    await line.owner_comes()
    lanes = await line.inbox(heard)
    ledger = await line.inbox(whole, whole_log=True)
    await heard.has(last)
    await whole.has(last)
    assert in_order(line, heard.positions())
    assert whole.positions() == [1, 2, 3, 4, 5]
    assert (lanes.healed, ledger.healed) == (3, 3)


@pytest.mark.parametrize("whole_log", [False, True])
async def test_while_the_owner_is_away_a_reader_waits_and_passes_nothing_over(
    line: Line, heard: Heard, whole: Heard, whole_log: bool
) -> None:
    reader = whole if whole_log else heard
    case = case_in(3)
    await line.opened(case)
    await line.marked(case, 1)
    await line.fill([1, 2])
    inbox = await line.inbox(reader, whole_log=whole_log)
    await reader.has(2)
    last = await line.marked(case, 1, 1, 1)
    await line.put([4, 5])
    await eventually(lambda: not inbox.healthy, "it is told that the reader stands still")
    assert reader.positions() == [1, 2]
    await line.owner_comes()
    await reader.has(last)
    assert reader.positions() == [1, 2, 3, 4, 5]
    await eventually(lambda: inbox.healthy, "it reads again")


async def test_a_reader_begins_again_although_the_owner_is_away(line: Line, heard: Heard) -> None:
    await line.relay()
    first = await line.inbox(heard)
    await line.many(16)
    await heard.has(16)
    await line.end(first)
    await line.many(16)
    await line.inbox(heard)
    await heard.has(32)
    assert in_order(line, heard.positions())


@pytest.mark.parametrize("whole_log", [False, True])
@pytest.mark.parametrize("before", [0, 1])
async def test_what_was_acknowledged_and_not_handled_when_the_reader_died_is_handled_by_the_next(
    line: Line, heard: Heard, whole: Heard, before: int, whole_log: bool
) -> None:
    """Also where it was the first of its lane, so that no position tells of it, and nothing comes after it in the lane."""
    reader = whole if whole_log else heard
    await line.owner_comes()
    await line.relay()
    case = case_in(5)
    last = await line.opened(case)
    if before:
        last = await line.marked(case, 1)
    reader.broken.add(last)
    first = await line.inbox(reader, whole_log=whole_log, retry_seconds=(30.0,))
    await eventually(lambda: last in [position for position, _ in reader.tries], "it was tried")
    if not whole_log:
        await line.opened(case_in(6))
        await reader.has(before + 1)
    consumer = f"press-{'ledger' if whole_log else '0of1'}"

    stored = len(line.rows())

    async def acknowledged() -> bool:
        info = await line.stream.consumer_info(f"GK_{line.name.upper()}", consumer)
        return info.ack_floor is not None and info.ack_floor.stream_seq == stored

    await eventually(acknowledged, "all is acknowledged")
    await line.kill(first)
    reader.broken.clear()
    await line.inbox(reader, whole_log=whole_log)
    await reader.has(stored)
    assert in_order(line, reader.positions())


async def test_a_message_that_is_no_event_is_passed_over(line: Line, heard: Heard) -> None:
    relay = await line.relay()
    await line.inbox(heard)
    await line.many(3)
    await heard.has(3)
    await line.stream.publish(f"gk.{line.name}.1.nobody.Nothing", b"{", headers={"gk-log": "no place at all"})
    await line.stream.publish(f"gk.{line.name}.1.nobody.Nothing", b"{")
    await line.many(3)
    await heard.has(6)
    assert in_order(line, heard.positions())
    assert relay.alarm is None
