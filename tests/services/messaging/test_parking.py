"""A technical failure: tried again with growing delay while other lanes go on, then parked with all that follows; released in order."""

import asyncio
import itertools
import json
import os
import subprocess
import sys
from uuid import UUID

import psycopg

from shared.settings import Settings
from tests.services.messaging.line import READER, Heard, Line, case_in, eventually, in_order


async def gongkai(settings: Settings, *arguments: str) -> str:
    """What the command line answers."""
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "shared.cli", *arguments, "--data", str(settings.data)],
        env={**os.environ, **settings.environment()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


async def test_a_failure_is_tried_again_with_growing_delay_while_other_lanes_go_on(line: Line, heard: Heard) -> None:
    await line.relay()
    broken = await line.opened(case_in(1))
    heard.broken.add(broken)
    await line.inbox(heard, retry_seconds=(0.05, 0.15, 0.45))
    await eventually(lambda: bool(heard.tries), "it was tried")
    other = await line.opened(case_in(2))
    await heard.has(1)
    assert heard.positions() == [other]
    assert heard.parked() == [], "the other lane went on before the case was parked"
    await eventually(lambda: bool(heard.parked()), "it is parked")
    moments = [moment for position, moment in heard.tries if position == broken]
    delays = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert len(delays) == 3
    assert all(delay >= least for delay, least in zip(delays, (0.05, 0.15, 0.45), strict=True)), delays
    assert heard.parked() == [(broken, "ZeroDivisionError")]


async def test_a_failure_that_is_mended_in_time_parks_nothing_and_keeps_the_order(line: Line, heard: Heard) -> None:
    await line.relay()
    case = case_in(1)
    broken = await line.opened(case)
    heard.broken.add(broken)
    await line.inbox(heard, retry_seconds=(0.05, 0.1, 0.1, 10.0))
    last = await line.marked(case, 1, 1)
    await line.opened(case_in(1))
    await eventually(lambda: len(heard.tries) >= 3, "it was tried again")
    assert heard.positions() == []
    heard.broken.clear()
    await heard.has(last + 1)
    assert in_order(line, heard.positions())
    assert heard.parked() == []


async def test_a_parked_case_holds_back_what_follows_it_and_no_other_case_of_its_lane(line: Line, heard: Heard) -> None:
    await line.relay()
    case, neighbour = case_in(1), case_in(1)
    broken = await line.opened(case)
    heard.broken.add(broken)
    inbox = await line.inbox(heard)
    await eventually(lambda: heard.parked() == [(broken, "ZeroDivisionError")], "it is parked")
    behind = await line.marked(case, 1)
    passed = await line.opened(neighbour)
    await heard.has(1)
    assert heard.positions() == [passed]
    assert heard.parked() == [(broken, "ZeroDivisionError"), (behind, "behind a parked event")]
    await line.end(inbox)
    heard.broken.clear()
    await line.inbox(heard)
    later = await line.marked(case, 1)
    await line.marked(neighbour, 1)
    await heard.has(2)
    assert [position for position, _ in heard.parked()] == [broken, behind, later], "a new reader knows what is parked"
    listed = await gongkai(line.settings, "parked", "list", READER)
    assert str(case) in listed
    assert f"来自 {line.name}，自第 {broken} 条起 3 个事件" in listed
    assert "原因 ZeroDivisionError" in listed
    shown = json.loads(await gongkai(line.settings, "parked", "show", READER, str(case)))
    assert [row["position"] for row in shown] == [str(broken), str(behind), str(later)]
    assert [row["error"] for row in shown] == ["ZeroDivisionError", "排在搁置的事件之后", "排在搁置的事件之后"]
    assert "已放行 3 个事件" in await gongkai(line.settings, "parked", "release", READER, str(case))
    await heard.has(5)
    assert [position for position in heard.positions() if position in (broken, behind, later)] == [broken, behind, later]
    newest = await line.marked(case, 1)
    await heard.has(6)
    assert heard.positions()[-1] == newest
    assert heard.parked() == []
    assert str(case) not in await gongkai(line.settings, "parked", "list", READER)
    assert "没有这件搁置的事项" in await gongkai(line.settings, "parked", "release", READER, str(case))


def release(line: Line, case: UUID) -> None:
    """As `gongkai parked release` does."""
    with psycopg.connect(line.settings.dsn(READER, role=f"gongkai_{READER}"), autocommit=True) as connection:
        connection.execute("UPDATE inbox_parked SET released_at = now() WHERE case_id = %s", (case,))


async def test_what_comes_while_a_case_is_being_released_follows_it_without_a_second_release(line: Line, heard: Heard) -> None:
    await line.relay()
    case = case_in(1)
    broken = await line.opened(case)
    heard.broken.add(broken)
    inbox = await line.inbox(heard)
    await eventually(lambda: bool(heard.parked()), "it is parked")
    await line.end(inbox)
    heard.broken.clear()
    release(line, case)
    newer = await line.marked(case, 1)
    # The reader meets what is newer before it looks for what was released.
    await line.inbox(heard)
    await heard.has(2)
    assert heard.positions() == [broken, newer]
    await eventually(lambda: heard.parked() == [], "nothing is left behind")
    await line.marked(case, 1)
    await heard.has(3)


async def test_a_release_that_fails_again_parks_the_whole_case_once_more(line: Line, heard: Heard) -> None:
    await line.relay()
    case = case_in(1)
    await line.opened(case)
    broken = await line.marked(case, 1)
    heard.broken.add(broken)
    await line.inbox(heard)
    await eventually(lambda: bool(heard.parked()), "it is parked")
    behind = await line.marked(case, 1)
    await eventually(lambda: len(heard.parked()) == 2, "what follows is parked")
    tried = len(heard.tries)
    release(line, case)
    await eventually(lambda: len(heard.tries) > tried, "it was tried")
    assert heard.positions() == [1]
    assert [position for position, _ in heard.parked()] == [broken, behind]
    heard.broken.clear()
    heard.refused.add(broken)
    release(line, case)
    await heard.has(2)
    assert heard.positions() == [1, behind]
    assert refusals(line) == [(broken, "closed")], "refused by a rule after its release: recorded, and the case goes on"


def refusals(line: Line) -> list[tuple[int, str]]:
    with psycopg.connect(line.settings.dsn(READER, role=f"gongkai_{READER}")) as connection:
        return connection.execute("SELECT position, code FROM inbox_refused WHERE source = %s ORDER BY position", (line.name,)).fetchall()


async def test_the_inbox_of_the_ledger_never_parks(line: Line, whole: Heard) -> None:
    await line.relay()
    await line.many(3)
    whole.broken.add(2)
    await line.inbox(whole, whole_log=True, retry_seconds=(0.02, 0.05))
    await eventually(lambda: len([1 for position, _ in whole.tries if position == 2]) > 8, "it was tried many times")
    assert whole.positions() == [1]
    assert whole.parked() == []
    whole.broken.clear()
    await whole.has(3)
    assert whole.positions() == [1, 2, 3]
