"""The inbox with the pipeline of a service behind it: effect and position in one transaction, a refusal by rule recorded, a fault parked."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import pytest

from shared.kernel.commands import AgencyFacts
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id
from shared.kernel.inboxing import ReactionHandler
from shared.kernel.reactions import Heard as Declared
from shared.kernel.reactions import Reaction, ReactionSpec, reactions
from shared.kernel.running import Running
from shared.kernel.service import Service
from shared.messaging.parking import untold
from shared.messaging.results import Done
from shared.settings import Settings
from shared.trust.keys import Keys
from tests.services.kernel.toys import CloseTally, Mark, OpenTally, laws, of
from tests.services.messaging.line import READER, Line, case_in, eventually
from tests.specification import AGENCY, DAY

UNLUCKY = 77
"""A mark at which the reader has a fault."""

LATE = 55
"""A mark that goes to a tally that is closed."""


class MarkHeard(Declared, frozen=True):
    by: int


class Porter:
    """Knows the one agency of these tests."""

    laws = staticmethod(laws)

    def agency(self, _code: str) -> AgencyFacts:
        return AGENCY

    def today(self, _agency: AgencyFacts) -> date:
        return DAY


def copy_of(case: UUID) -> UUID:
    """The reader's own tally of a case."""
    return derived_id("copy", case)


class Desk:
    """A service that reacts: it counts each case of the line in a tally of its own."""

    def __init__(self, line: Line, settings: Settings, keys: Keys) -> None:
        self.line = line
        self.running = Running(Service(name=READER, title="读者", about=""), settings, Porter(), keys)  # type: ignore[arg-type]
        self.mended = False
        self.closed = case_in(0)
        reactions[(READER, "press.MarkMade")] = ReactionSpec(
            READER, line.name, "press.MarkMade", self.react, msgspec.json.Decoder(MarkHeard)
        )
        self.handler = ReactionHandler(self.running, line.name)
        self.running.start()

    def react(self, heard: MarkHeard, meta: Meta) -> Reaction:
        if heard.by == UNLUCKY and not self.mended:
            raise ZeroDivisionError("a fault of the program, not of the rules")
        return Reaction(Mark(by=heard.by), self.closed if heard.by == LATE else copy_of(meta.case))

    async def open(self, *cases: UUID) -> None:
        """Opens the tallies of these cases, and closes the one that is closed."""
        for id in (*map(copy_of, cases), self.closed):
            await self.running.pipeline.execute(of(OpenTally(name="副本"), id))
        await self.running.pipeline.execute(of(CloseTally(), self.closed))

    def marks(self, case: UUID) -> list[int]:
        """What was counted of a case, in the order of its effect."""
        with psycopg.connect(self.running.dsn, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT (convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'by')::int FROM events WHERE originator_id = %s "
                "AND topic LIKE 'press.MarkMade:%%' ORDER BY originator_version",
                (copy_of(case),),
            )
            return [by for (by,) in rows]

    def told(self, statement: str) -> list[tuple[Any, ...]]:
        """Rows of the reader's database, of this source."""
        with psycopg.connect(self.running.dsn, autocommit=True) as connection:
            return connection.execute(statement.encode(), (self.line.name,)).fetchall()

    @property
    def parked(self) -> list[tuple[Any, ...]]:
        return self.told("SELECT position, error FROM inbox_parked WHERE source = %s ORDER BY position")

    @property
    def refused(self) -> list[tuple[Any, ...]]:
        return self.told("SELECT position, code, sentence FROM inbox_refused WHERE source = %s ORDER BY position")

    def release(self) -> None:
        """As `gongkai parked release` does."""
        self.told("UPDATE inbox_parked SET released_at = now() WHERE source = %s RETURNING position")

    def close(self) -> None:
        del reactions[(READER, "press.MarkMade")]
        self.running.stop()
        for table in ("inbox", "inbox_parked", "inbox_refused"):
            self.told(f"DELETE FROM {table} WHERE source = %s RETURNING position")


@pytest.fixture
def desk(line: Line, settings: Settings, keys: Keys) -> Iterator[Desk]:
    made = Desk(line, settings, keys)
    yield made
    made.close()


async def test_a_refusal_by_rule_is_recorded_and_the_case_goes_on(line: Line, desk: Desk) -> None:
    case = case_in(1)
    await desk.open(case)
    await line.opened(case)
    late = await line.marked(case, 1, LATE)
    last = await line.marked(case, 2)
    await line.relay()
    await line.inbox(desk.handler)
    await eventually(lambda: desk.marks(case) == [1, 2], "what follows a refusal is handled")
    assert desk.refused == [(late, "closed", "计数已经结束。")]
    assert desk.parked == []
    assert desk.told("SELECT position FROM inbox WHERE source = %s AND lane = 1") == [(last,)]


async def test_a_fault_parks_the_case_and_its_release_has_effect_once_in_order(line: Line, desk: Desk) -> None:
    case, neighbour = case_in(1), case_in(1)
    await desk.open(case, neighbour)
    await line.relay()
    await line.inbox(desk.handler)
    await line.opened(case)
    await line.opened(neighbour)
    unlucky = await line.marked(case, 1, UNLUCKY)
    behind = await line.marked(case, 2)
    await line.marked(neighbour, 9)
    await eventually(lambda: desk.marks(neighbour) == [9], "the lane goes on after the case was parked")
    assert desk.marks(case) == [1]
    assert desk.parked == [(unlucky, "ZeroDivisionError"), (behind, "behind a parked event")]
    desk.mended = True
    desk.release()
    await eventually(lambda: desk.parked == [], "it was released")
    await line.marked(case, 3)
    await eventually(lambda: desk.marks(case)[-1] == 3, "what is newer follows")
    assert desk.marks(case) == [1, UNLUCKY, 2, 3]


async def test_a_release_whose_end_was_not_recorded_has_no_second_effect(line: Line, desk: Desk) -> None:
    """The process died between the effect of a released event and its removal from what is parked."""
    case = case_in(1)
    await desk.open(case)
    await line.relay()
    await line.opened(case)
    await line.marked(case, UNLUCKY)
    await line.inbox(desk.handler)
    await eventually(lambda: bool(desk.parked), "it is parked")
    ((headers, state),) = desk.told("SELECT headers, state FROM inbox_parked WHERE source = %s")
    desk.mended = True
    desk.release()
    await eventually(lambda: desk.parked == [], "it was released")
    assert await desk.handler.released(untold(headers, bytes(state))) == Done()
    assert desk.marks(case) == [UNLUCKY]


async def test_a_full_queue_or_a_stopping_pipeline_is_no_refusal_and_parks_nothing(line: Line, desk: Desk) -> None:
    """Nobody's event is to blame: the reader waits, and then everything has effect once, in order."""
    case = case_in(1)
    await desk.open(case)
    await line.owner_comes()
    await line.relay()
    await line.opened(case)
    await line.marked(case, 1, 2, 3)
    pipeline = desk.running.pipeline
    pipeline.limit, pipeline.waiting = 1, pipeline.waiting + 1
    inbox = await line.inbox(desk.handler, retry_seconds=(0.01, 0.01))
    await eventually(lambda: not inbox.healthy, "it is told that nothing can be handled")
    assert desk.marks(case) == []
    pipeline.limit, pipeline.waiting = 2000, pipeline.waiting - 1
    await eventually(lambda: desk.marks(case) == [1, 2, 3], "everything is handled")
    assert (desk.parked, desk.refused) == ([], [])


async def test_a_database_out_of_reach_is_no_refusal(line: Line, desk: Desk) -> None:
    case = case_in(1)
    await desk.open(case)
    await line.owner_comes()
    await line.relay()
    await line.inbox(desk.handler)
    await line.opened(case)
    await line.marked(case, 1)
    await eventually(lambda: desk.marks(case) == [1], "it reads")
    pipeline = desk.running.pipeline
    pipeline.patience = 0.0
    # Only the writer loses its connection; the reader's own stands, so that nothing but the outcome tells it.
    with psycopg.connect(desk.running.settings.dsn(READER), autocommit=True) as operator:
        for mark in (2, 3, 4):
            assert pipeline._connection is not None
            operator.execute("SELECT pg_terminate_backend(%s)", (pipeline._connection.info.backend_pid,))
            await line.marked(case, mark)
            await eventually(lambda mark=mark: desk.marks(case)[-1] == mark, "it was handled after all")
    assert desk.marks(case) == [1, 2, 3, 4]
    assert (desk.parked, desk.refused) == ([], [])
