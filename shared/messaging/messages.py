"""A message: one event of a log on its way. CloudEvents 1.0 attributes in the headers, the stored bytes as the body."""

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


def subject(service: str, row: LogRow) -> str:
    """`gk.<service>.<lane>.<agency>.<type>`; an agency's code and a type's name are plain tokens."""
    return f"gk.{service}.{row.lane}.{row.agency}.{row.topic.partition(':')[0].partition('.')[2]}"


def headers(service: str, incarnation: str, row: LogRow) -> dict[str, str]:
    """The headers of a message: CloudEvents 1.0, W3C trace context, and its place in log and lane."""
    told = _trace.decode(row.state)
    made = {
        "ce-specversion": "1.0",
        "ce-id": f"{service}:{row.position}",
        "ce-source": f"gongkai/{service}",
        "ce-type": row.topic,
        "ce-subject": str(row.case_id),
        "ce-time": told.recorded_at,
        "content-type": "application/json",
        "Nats-Msg-Id": f"{service}:{incarnation[:8]}:{row.position}",
        "gk-position": str(row.position),
        "gk-lane": str(row.lane),
        "gk-lane-before": str(row.lane_before),
        "gk-incarnation": incarnation,
        "gk-event-id": str(row.event_id),
        "gk-originator": f"{row.originator_id}:{row.originator_version}",
        "gk-agency": row.agency,
    }
    if told.trace:
        made["traceparent"] = told.trace
    return made


def from_headers(source: str, found: dict[str, str], state: bytes) -> Message:
    """The message of its headers and body; raises `KeyError` or `ValueError` if it is none of ours."""
    originator, _, version = found["gk-originator"].rpartition(":")
    return Message(
        source,
        int(found["gk-position"]),
        int(found["gk-lane"]),
        int(found["gk-lane-before"]),
        UUID(found["gk-incarnation"]),
        UUID(found["gk-event-id"]),
        UUID(found["ce-subject"]),
        found["ce-type"],
        found["gk-agency"],
        UUID(originator),
        int(version),
        state,
        found.get("traceparent"),
    )


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
