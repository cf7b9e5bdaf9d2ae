"""Parking: the events of a case that could not be handled wait here, in order, until somebody has mended the cause and releases them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from shared.kernel.log import TRACK
from shared.messaging.messages import Message
from shared.messaging.results import Refused

BEHIND = "behind a parked event"
"""The error of an event that is parked only because an earlier one of its case is."""

PARK = """INSERT INTO inbox_parked (source, position, lane, case_id, topic, headers, state, error, attempts)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"""

WAITING = "SELECT DISTINCT case_id FROM inbox_parked WHERE source = %s"

RELEASED = """SELECT DISTINCT ON (case_id) headers, state, attempts FROM inbox_parked
    WHERE source = %s AND lane = ANY(%s) AND released_at IS NOT NULL ORDER BY case_id, position"""


def park(connection: psycopg.Connection[Any], message: Message, error: str, attempts: int) -> None:
    """Parks an event and passes its position, in one transaction."""
    with connection.transaction():
        connection.execute(
            PARK,
            (
                message.source,
                message.position,
                message.lane,
                message.case_id,
                message.topic,
                msgspec.json.encode(told(message)).decode(),
                message.state,
                error,
                attempts,
            ),
        )
        connection.execute(TRACK, ([message.source], [message.lane], [message.position], [message.incarnation]))


def waiting_cases(connection: psycopg.Connection[Any], source: str) -> set[UUID]:
    """The cases of which something is parked."""
    return {row[0] for row in connection.execute(WAITING, (source,))}


def released(connection: psycopg.Connection[Any], source: str, lanes: Sequence[int]) -> list[Message]:
    """The first event of each case that was released."""
    return [untold(headers, bytes(state)) for headers, state, _ in connection.execute(RELEASED, (source, list(lanes)))]


def unpark(connection: psycopg.Connection[Any], message: Message, refused: Refused | None = None) -> bool:
    """A released event has been handled, or refused by a rule, which is recorded; tells whether anything of its case is still parked.

    What was parked behind it after the release is released with it: an operator releases a case, not the events that were there by chance.
    """
    with connection.transaction():
        row = connection.execute(
            "DELETE FROM inbox_parked WHERE source = %s AND position = %s RETURNING released_at", (message.source, message.position)
        ).fetchone()
        if refused is not None:
            connection.execute(
                "INSERT INTO inbox_refused (source, position, case_id, topic, code, sentence) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (message.source, message.position, message.case_id, message.topic, refused.code, refused.sentence),
            )
        behind = connection.execute(
            "UPDATE inbox_parked SET released_at = coalesce(released_at, %s) WHERE source = %s AND case_id = %s",
            (row[0] if row else None, message.source, message.case_id),
        )
        return behind.rowcount > 0


def repark(connection: psycopg.Connection[Any], message: Message, error: str) -> None:
    """A released event has failed again: the whole case waits once more."""
    with connection.transaction():
        connection.execute(
            "UPDATE inbox_parked SET error = %s, attempts = attempts + 1 WHERE source = %s AND position = %s",
            (error, message.source, message.position),
        )
        connection.execute(
            "UPDATE inbox_parked SET released_at = NULL WHERE source = %s AND case_id = %s", (message.source, message.case_id)
        )


def told(message: Message) -> dict[str, Any]:
    """A message without its body, as it is kept."""
    return {name: getattr(message, name) for name in Message.__struct_fields__ if name != "state"}


def untold(kept: dict[str, Any], state: bytes) -> Message:
    """The message that was kept."""
    return msgspec.convert({**kept, "state": b""}, Message, strict=False).with_state(state)
