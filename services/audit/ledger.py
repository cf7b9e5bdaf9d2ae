"""The ledger: receives every event of every service, in order, and stores it with its leaf and the position handled in one transaction.

A leaf is the hash of the canonical JSON of service, position, aggregate, version, topic, case and the sha256 of the stored bytes, taken from
the raw row and never upcast, so that anyone with the log can make it again (architecture.md: "Ledger = the logs themselves").
"""

import asyncio
import hashlib
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from shared.kernel.arrays import Bigints, Blobs, Texts, Uuids
from shared.kernel.log import COLUMNS, TRACK
from shared.messaging.messages import Message
from shared.messaging.results import Done, Result

WHOLE_LOG = -1
"""The lane under which a position of a whole log is tracked."""

INSERT = """INSERT INTO ledger
    (source, position, incarnation, event_id, originator_id, originator_version, topic, case_id, agency, state, leaf)
    SELECT %s, p, i, e, o, v, t, c, a, s, l FROM unnest(%s::bigint[], %s::uuid[], %s::uuid[], %s::uuid[], %s::int[], %s::text[],
        %s::uuid[], %s::text[], %s::bytea[], %s::bytea[]) AS u(p, i, e, o, v, t, c, a, s, l)
    ON CONFLICT DO NOTHING"""

_canonical = msgspec.json.Encoder(order="sorted")


def leaf_of(service: str, position: int, originator_id: UUID, version: int, topic: str, case_id: UUID, state: bytes) -> dict[str, Any]:
    """What the leaf of an event says: where it stands, and the hash of its stored bytes."""
    return {
        "service": service,
        "position": position,
        "id": str(originator_id),
        "version": version,
        "topic": topic,
        "case": str(case_id),
        "state": hashlib.sha256(state).hexdigest(),
    }


def leaf(service: str, position: int, originator_id: UUID, version: int, topic: str, case_id: UUID, state: bytes) -> bytes:
    """The leaf hash of an event (RFC 6962: sha256 of a zero byte and the leaf), 32 bytes."""
    return hashlib.sha256(b"\0" + _canonical.encode(leaf_of(service, position, originator_id, version, topic, case_id, state))).digest()


class LedgerWriter:
    """Writes what the inbox of one source brings. It never parks: an event that cannot be stored is tried again for ever."""

    def __init__(self, source: str, dsn: str) -> None:
        self.source = source
        self.dsn = dsn
        self._connection: psycopg.Connection[Any] | None = None
        self._one_at_a_time = threading.Lock()

    def interested(self, topic: str) -> bool:
        """In everything."""
        return True

    async def __call__(self, messages: Sequence[Message]) -> Sequence[Result]:
        """Stores these events."""
        await asyncio.to_thread(self.store, messages)
        return [Done() for _ in messages]

    async def released(self, message: Message) -> Result:
        """Nothing is ever parked here."""
        raise AssertionError("the ledger's inbox never parks")

    def store(self, messages: Sequence[Message]) -> None:
        """Stores these events and the position reached, in one transaction. Blocks: call it in a thread."""
        if not messages:
            return
        with self._one_at_a_time:
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(self.dsn, autocommit=True, prepare_threshold=1)
                # Copy and position go to disk together; what a power cut takes of both is fetched from its owner again.
                self._connection.execute("SET synchronous_commit = off")
            connection = self._connection
            try:
                with connection.transaction():
                    connection.execute(INSERT, self._columns(messages), binary=True)
                    newest = messages[-1]
                    connection.execute(TRACK, ([self.source], [WHOLE_LOG], [newest.position], [newest.incarnation]), binary=True)
            except psycopg.OperationalError:
                connection.close()
                raise

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._connection.close()

    def _columns(self, messages: Sequence[Message]) -> list[Any]:
        return [
            self.source,
            Bigints(message.position for message in messages),
            Uuids([message.incarnation for message in messages]),
            Uuids([message.event_id for message in messages]),
            Uuids([message.originator_id for message in messages]),
            Bigints(message.version for message in messages),
            Texts(message.topic for message in messages),
            Uuids([message.case_id for message in messages]),
            Texts(message.agency for message in messages),
            Blobs([message.state for message in messages]),
            Blobs([leaf(self.source, m.position, m.originator_id, m.version, m.topic, m.case_id, m.state) for m in messages]),
        ]


class Difference(msgspec.Struct, frozen=True):
    """Where the ledger and a log differ: `missing` from the ledger, `changed` bytes, or `extra` in the ledger; or a log with itself: `backdated`."""

    source: str
    position: int
    kind: str


BACKDATED = timedelta(minutes=5)
"""The clocks of the machines that write one log may differ so much; what says that it was recorded earlier than that was put in later."""


class _Recorded(msgspec.Struct):
    recorded_at: datetime


_recorded = msgspec.json.Decoder(_Recorded)


def recorded_at(state: bytes) -> datetime | None:
    """When stored bytes say that they were recorded; None where they cannot be read, which is found as a change."""
    try:
        return _recorded.decode(state).recorded_at
    except (msgspec.DecodeError, ValueError):
        return None


def compare(
    ledger: psycopg.Connection[Any], log: psycopg.Connection[Any], source: str, *, batch: int = 2000
) -> tuple[int, list[Difference]]:
    """Reads a log from its beginning and compares each row with the ledger's copy; returns how many rows agree, and the differences."""
    agreeing = 0
    differences: list[Difference] = []
    position = 0
    latest: datetime | None = None
    while rows := log.execute(f"SELECT {COLUMNS} FROM events WHERE position > %s ORDER BY position LIMIT %s", (position, batch)).fetchall():
        first, last = rows[0][0], rows[-1][0]
        copies = {
            row[0]: (bytes(row[1]), bytes(row[2]))
            for row in ledger.execute(
                "SELECT position, state, leaf FROM ledger WHERE source = %s AND position BETWEEN %s AND %s", (source, first, last)
            )
        }
        for at, originator, version, topic, state, _, case, *_ in rows:
            copy = copies.get(at)
            if copy is None:
                differences.append(Difference(source, at, "missing"))
            elif copy != (bytes(state), leaf(source, at, originator, version, topic, case, bytes(state))):
                differences.append(Difference(source, at, "changed"))
            else:
                agreeing += 1
            said = recorded_at(bytes(state))
            if said is not None and latest is not None and said < latest - BACKDATED:
                differences.append(Difference(source, at, "backdated"))
            latest = max(said, latest) if said is not None and latest is not None else said or latest
        position = last
    return agreeing, differences


STANDING = """SELECT source, count(*) AS events, max(position) AS position, max(position) - count(*) AS missing, max(received_at) AS last_received
    FROM ledger GROUP BY source ORDER BY source"""
"""How far the copy of each log is, and how many events are missing from it (positions are dense)."""
