"""Catching up: a reader that misses events asks their owner for them (`log.<service>`, request-reply) before it goes on.

Any process that runs the service may answer. Rows are answered in order, as many as fit into one message.
"""

import base64
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from faststream.nats import NatsBroker
from nats.aio.client import Client
from psycopg.rows import tuple_row

from shared.kernel.log import COLUMNS, LogRow
from shared.messaging.messages import Message, from_row

ANSWER_BYTES = 600_000
"""About how much one answer holds (a message holds 1 MiB)."""

MOST_ROWS = 1000


class Wanted(msgspec.Struct, frozen=True):
    """The rows after a position up to and with `until`, of one lane or of the whole log."""

    after: int
    until: int
    lane: int | None = None


class Answer(msgspec.Struct, frozen=True):
    """Rows as they stand: their columns, `state` in base64; the log's incarnation and its last position."""

    incarnation: UUID
    last: int
    rows: tuple[tuple[Any, ...], ...]


async def read_wanted(dsn: str, wanted: Wanted) -> Answer:
    """What the owner answers."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True, row_factory=tuple_row) as connection:
        identity = await (
            await connection.execute("SELECT incarnation, (SELECT coalesce(max(position), 0) FROM events) FROM log_identity")
        ).fetchone()
        assert identity is not None, "the log has no identity: run `gongkai provision`"
        lane = "" if wanted.lane is None else "AND lane = %(lane)s "
        found = await connection.execute(
            f"SELECT {COLUMNS} FROM events WHERE position > %(after)s AND position <= %(until)s {lane}ORDER BY position LIMIT {MOST_ROWS}",
            {"after": wanted.after, "until": wanted.until, "lane": wanted.lane},
        )
        rows: list[tuple[Any, ...]] = []
        size = 0
        async for row in found:
            size += len(row[4]) * 4 // 3 + 300
            if rows and size > ANSWER_BYTES:
                break
            rows.append((*row[:4], base64.b64encode(bytes(row[4])).decode("ascii"), *row[5:]))
        return Answer(identity[0], identity[1], tuple(rows))


def answer_on(broker: NatsBroker, service: str, dsn: str) -> None:
    """Declares that this process answers for the log of a service."""

    @broker.subscriber(f"log.{service}", queue="log", title=f"log.{service}", description=f"日志 {service} 的补读：返回指定位置之后的事件")
    async def answered(wanted: dict[str, Any]) -> bytes:
        return msgspec.json.encode(await read_wanted(dsn, msgspec.convert(wanted, Wanted)))


class Fetched(msgspec.Struct, frozen=True):
    """What the owner has: events in order, which life of its log they are from, and the log's last position."""

    messages: Sequence[Message]
    incarnation: UUID
    last: int


async def fetch(client: Client, source: str, wanted: Wanted, *, timeout: float = 5.0) -> Fetched:
    """Events from their owner, in order. Raises nats errors where nobody answers."""
    reply = await client.request(
        f"log.{source}", msgspec.json.encode(wanted), timeout=timeout, headers={"content-type": "application/json"}
    )
    answer = msgspec.json.decode(reply.data, type=Answer)
    messages = []
    for position, originator, version, topic, state, event_id, case, agency, lane, lane_before in answer.rows:
        row = LogRow(
            position, UUID(originator), version, topic, base64.b64decode(state), UUID(event_id), UUID(case), agency, lane, lane_before
        )
        messages.append(from_row(source, answer.incarnation, row))
    return Fetched(messages, answer.incarnation, answer.last)
