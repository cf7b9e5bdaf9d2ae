"""A message: one event of a log on its way. CloudEvents 1.0 attributes in the headers, the stored bytes as the body."""

from functools import lru_cache
from uuid import UUID

import msgspec

from shared.kernel.log import LogRow


class Message(msgspec.Struct, frozen=True):
    """An event as a reader gets it: its place in its log, what came before it there and in its lane, and its exact bytes."""

    source: str
    position: int
    lane: int
    lane_before: int
    incarnation: UUID
    event_id: UUID
    case_id: UUID
    topic: str
    agency: str
    originator_id: UUID
    version: int
    state: bytes
    traceparent: str | None = None

    def with_state(self, state: bytes) -> "Message":
        """The same message with this body."""
        return msgspec.structs.replace(self, state=state)

    @property
    def before(self) -> int:
        """The position before it in the log: positions are dense."""
        return self.position - 1


class _Trace(msgspec.Struct):
    recorded_at: str = ""
    trace: str | None = None


_trace = msgspec.json.Decoder(_Trace)

PLACE = "gk-log"
"""The header that tells a message's place."""


def subject(service: str, row: LogRow) -> str:
    """`gk.<service>.<lane>.<agency>.<type>`; an agency's code and a type's name are plain tokens."""
    return f"gk.{service}.{row.lane}.{row.agency}.{row.topic.partition(':')[0].partition('.')[2]}"


def headers(service: str, incarnation: str, row: LogRow) -> dict[str, str]:
    """The headers of a message: CloudEvents 1.0, W3C trace context, and in `gk-log` its place in log and lane.

    The places stand in one header, because readers parse every header of every message: position, lane, the position before it in the lane,
    incarnation, event, aggregate, version, agency, with a space between.
    """
    told = _trace.decode(row.state)
    made = {
        "ce-specversion": "1.0",
        "ce-id": str(row.event_id),
        "ce-source": f"gongkai/{service}",
        "ce-type": row.topic,
        "ce-subject": str(row.case_id),
        "ce-time": told.recorded_at,
        "Nats-Msg-Id": f"{service}:{incarnation[:8]}:{row.position}",
        PLACE: f"{row.position} {row.lane} {row.lane_before} {incarnation} {row.event_id} {row.originator_id} {row.originator_version} {row.agency}",
    }
    if told.trace:
        made["traceparent"] = told.trace
    return made


def place_of(found: dict[str, str]) -> tuple[int, str, UUID]:
    """The position, incarnation and event that headers tell; raises `KeyError` or `ValueError` if they are none of ours."""
    position, _, _, incarnation, event_id, *_ = found[PLACE].split(" ")
    return int(position), incarnation, UUID(event_id)


def from_headers(source: str, found: dict[str, str], state: bytes) -> Message:
    """The message of its headers and body; raises `KeyError` or `ValueError` if it is none of ours."""
    position, lane, lane_before, incarnation, event_id, originator_id, version, agency = found[PLACE].split(" ")
    return Message(
        source,
        int(position),
        int(lane),
        int(lane_before),
        _uuid(incarnation),
        UUID(event_id),
        UUID(found["ce-subject"]),
        found["ce-type"],
        agency,
        UUID(originator_id),
        int(version),
        state,
        found.get("traceparent"),
    )


@lru_cache(maxsize=256)
def _uuid(text: str) -> UUID:
    return UUID(text)


def from_row(source: str, incarnation: UUID, row: LogRow) -> Message:
    """The message of a row that was fetched from its owner."""
    return Message(
        source,
        row.position,
        row.lane,
        row.lane_before,
        incarnation,
        row.event_id,
        row.case_id,
        row.topic,
        row.agency,
        row.originator_id,
        row.originator_version,
        row.state,
        _trace.decode(row.state).trace,
    )
