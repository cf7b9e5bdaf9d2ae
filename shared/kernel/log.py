"""The log of a service: its events in PostgreSQL, in one dense order. It is also the outbox.

Positions are max + 1 under the log's advisory lock, never a sequence: a refused insert consumes none, readers never pass over a gap that is
filled in later, and a gap is a loss. On the `eventsourcing` library: its Application, recorder, StoredEvent and Mapper, with a recorder of
our own beneath (group commit, several trackings at once; never its DB-functions flag, which loses trackings).
"""

import select
from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

import msgspec
import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, Mapper, Notification, StoredEvent, Tracking, Transcoder
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from shared.kernel import idempotency
from shared.kernel.arrays import Bigints, Blobs, Texts, Uuids
from shared.kernel.events import EventMapper, Recorded, read_recorded
from shared.kernel.idempotency import Answer
from shared.kernel.identity import LANES

APPEND_LOCK = 7101
"""The advisory lock under which positions are given; replicas that write at once wait for it in turn."""

CHANNEL = "events"
"""The NOTIFY channel that is raised by every transaction that appends."""


class Row(msgspec.Struct, frozen=True):
    """A row of the log as it is to be stored: the library's StoredEvent, with what the relay and the readers need beside it."""

    stored: StoredEvent
    event_id: UUID
    case_id: UUID
    agency: str
    lane: int


class LogRow(msgspec.Struct, frozen=True, gc=False):
    """A row of the log as it stands."""

    position: int
    originator_id: UUID
    originator_version: int
    topic: str
    state: bytes
    event_id: UUID
    case_id: UUID
    agency: str
    lane: int
    lane_before: int

    def recorded(self) -> Recorded:
        """The event itself, at its current version."""
        return read_recorded(self.originator_id, self.originator_version, self.topic, self.state, self.position)


COLUMNS = "position, originator_id, originator_version, topic, state, event_id, case_id, agency, lane, lane_before"

READ = f"SELECT {COLUMNS} FROM events WHERE position > %(after)s"

INSERT = f"""INSERT INTO events ({COLUMNS})
    SELECT %s + ord, o, v, t, s, e, c, a, l, b
    FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bytea[], %s::uuid[], %s::uuid[], %s::text[], %s::bigint[], %s::bigint[])
    WITH ORDINALITY AS u(o, v, t, s, e, c, a, l, b, ord), locked"""

TRACK = """INSERT INTO inbox (source, lane, position, incarnation)
    SELECT s, l, p, i FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::uuid[]) AS u(s, l, p, i) ON CONFLICT (source, lane) DO UPDATE SET position = excluded.position, incarnation = excluded.incarnation
    WHERE inbox.position < excluded.position OR inbox.incarnation <> excluded.incarnation"""

LOOK = """SELECT last, key, body, result FROM (SELECT coalesce(max(position), 0) AS last FROM events) AS log
    LEFT JOIN idempotency ON key = ANY(%s) AND at > now() - make_interval(days => %s)"""
"""The last position, and beside it what these keys were answered with; at least one row."""


def _write(store_answers: str) -> str:
    return f"""WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock({APPEND_LOCK})),
        stored AS ({INSERT}), handled AS ({TRACK}), answered AS ({store_answers})
        SELECT pg_notify('{CHANNEL}', %s)"""


WRITE = _write(idempotency.STORE)
"""Everything that a batch writes, in one journey to the server and a transaction of its own; whoever follows the log is told when it commits.

Its positions follow the last one that the batch has seen. If another replica has taken them meanwhile, this is a unique violation, and nothing
is stored."""

WRITE_UNSEEN = _write(idempotency.STORE_NEW)
"""The same for a batch that has looked nothing up: an idempotency key that was used before is a unique violation, too."""

PASS_OVER = f"""WITH hasty AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
    {TRACK.replace(" ON CONFLICT", ", hasty ON CONFLICT", 1)}"""
"""Positions passed over without effect need not wait for the disk: what a power cut takes of them is handled again."""

Trackings = Iterable[tuple[Tracking, UUID]]
"""Positions of other logs that have been handled, each with the incarnation of that log."""


IDLE_SECONDS = 30.0
"""So long a pool keeps connections that nobody needs beside its first: each is a process of the server, with 2 MB of its own."""


class LogDatastore(PostgresDatastore):
    """The library's connection pool, opened with a connection string so that a service connects as its own role."""

    def __init__(self, dsn: str) -> None:
        parts = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value is not None}
        dbname, host, port, user, password = (parts.pop(name, "") for name in ("dbname", "host", "port", "user", "password"))
        super().__init__(
            dbname, host, port, user, password, pool_size=1, max_overflow=4, connect_timeout=10.0, idle_in_transaction_session_timeout=60
        )
        cast("dict[str, Any]", self.pool.kwargs).update(parts)
        self.pool._check = still_connected
        self.pool.max_idle = IDLE_SECONDS
        self.dsn = dsn

    def register_type_adapters(self) -> None:
        """Nothing to register: rows are passed as arrays, not as composite types."""


def still_connected(connection: psycopg.Connection[Any]) -> None:
    """Raises `psycopg.OperationalError` for a connection whose server is gone, so that the pool makes another: nobody is told of an outage that is
    over. Nothing is to be read from a connection that waits; only where something is, the server is asked, so this costs no journey.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if waiting.poll(0):
        ConnectionPool.check_connection(connection)


class LogRecorder(PostgresApplicationRecorder):
    """Reads and appends rows; the tables were made by `gongkai provision`."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The library's own way in (`Application.save`): the same append, one call a transaction."""
        with self.datastore.get_connection() as connection, connection.transaction():
            last = lock(connection)
            rows = [self.row(stored) for stored in stored_events]
            connection.execute(WRITE, to_write(last, last_of_lanes(connection), rows))
        return range(last + 1, last + 1 + len(stored_events))

    @staticmethod
    def row(stored: StoredEvent) -> Row:
        """The row of a stored event, from its own envelope."""
        meta = read_recorded(cast("UUID", stored.originator_id), stored.originator_version, stored.topic, stored.state).meta
        return Row(stored, meta.id, meta.case, meta.agency, meta.case.int % LANES)

    def read(self, after: int, limit: int, until: int | None = None) -> list[LogRow]:
        """Rows in order, after a position, up to and with `until`."""
        with self.datastore.get_connection() as connection:
            return read_rows(connection, after, limit, until)

    def read_case(self, case_id: UUID) -> list[LogRow]:
        """Every row filed in a case, in order."""
        with self.datastore.get_connection() as connection:
            rows = connection.cursor(row_factory=psycopg.rows.tuple_row).execute(
                f"SELECT {COLUMNS} FROM events WHERE case_id = %s ORDER BY position", (case_id,), binary=True
            )
            return [LogRow(*row) for row in rows]

    def read_aggregate(self, originator_id: UUID) -> list[LogRow]:
        """Every row of an aggregate, in the order of its versions."""
        with self.datastore.get_connection() as connection:
            rows = connection.cursor(row_factory=psycopg.rows.tuple_row).execute(
                f"SELECT {COLUMNS} FROM events WHERE originator_id = %s ORDER BY originator_version", (originator_id,), binary=True
            )
            return [LogRow(*row) for row in rows]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The library's reading of the log in order."""
        after = (start or 0) - (1 if start is not None and inclusive_of_start else 0)
        return [
            Notification(row.originator_id, row.originator_version, row.topic, row.state, id=row.position)
            for row in self.read(after, limit, stop)
            if not topics or row.topic in topics
        ]

    def max_notification_id(self) -> int | None:
        """The last position, None while the log is empty."""
        with self.datastore.get_connection() as connection:
            row = connection.execute("SELECT max(position) AS last FROM events").fetchone()
            return None if row is None else cast("int | None", row["last"])


def to_write(
    last: int, lanes: dict[int, int], rows: Sequence[Row], trackings: Trackings = (), answers: Sequence[Answer] = ()
) -> Sequence[Any]:
    """The parameters of `WRITE`: rows after position `last`, under the lock. `lanes` holds the last position of each lane and is brought up to date."""
    before = []
    for number, row in enumerate(rows, start=last + 1):
        before.append(lanes.get(row.lane, 0))
        lanes[row.lane] = number
    stored = [row.stored for row in rows]
    return (
        last,
        Uuids([cast("UUID", event.originator_id) for event in stored]),
        Bigints(event.originator_version for event in stored),
        Texts(event.topic for event in stored),
        Blobs([event.state for event in stored]),
        Uuids([row.event_id for row in rows]),
        Uuids([row.case_id for row in rows]),
        Texts(row.agency for row in rows),
        Bigints(row.lane for row in rows),
        Bigints(before),
        *to_track(trackings),
        Blobs([answer.name for answer in answers]),
        Blobs([answer.body for answer in answers]),
        Blobs([answer.result for answer in answers]),
        str(last + len(rows)),
    )


def to_track(trackings: Trackings) -> tuple[Texts, Bigints, Bigints, Uuids]:
    """The parameters of `TRACK`: of each lane the newest position."""
    newest = {tracking.application_name: (tracking.notification_id, incarnation) for tracking, incarnation in trackings}
    names = [name.rpartition(":") for name in newest]
    return (
        Texts(source for source, _, _ in names),
        Bigints(int(lane) for _, _, lane in names),
        Bigints(position for position, _ in newest.values()),
        Uuids([incarnation for _, incarnation in newest.values()]),
    )


def lock(connection: psycopg.Connection[Any]) -> int:
    """Takes the append lock for this transaction and returns the last position. Two statements: the second must see what the lock waited for."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
    row = connection.cursor(row_factory=psycopg.rows.tuple_row).execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
    return int(row[0]) if row else 0


LAST_OF_LANES = f"""SELECT lane, position FROM generate_series(0, {LANES - 1}) AS l(lane),
    LATERAL (SELECT position FROM events WHERE events.lane = l.lane ORDER BY position DESC LIMIT 1) AS newest"""
"""The last position of each lane that has one."""


def last_of_lanes(connection: psycopg.Connection[Any]) -> dict[int, int]:
    """The last position of each lane that has one."""
    return dict(connection.cursor(row_factory=psycopg.rows.tuple_row).execute(LAST_OF_LANES).fetchall())


def read_rows(
    connection: psycopg.Connection[Any], after: int, limit: int, until: int | None = None, lanes: Iterable[int] | None = None
) -> list[LogRow]:
    """Rows in order, after a position, up to and with `until`; of all lanes or of these.

    `limit` counts positions: with lanes, the rows of the next `limit` positions that are of these lanes.
    """
    cursor = connection.cursor(row_factory=psycopg.rows.tuple_row)
    if lanes is None:
        bound = "" if until is None else " AND position <= %(until)s"
        cursor.execute(f"{READ}{bound} ORDER BY position LIMIT %(limit)s", {"after": after, "limit": limit, "until": until}, binary=True)
    else:
        # Positions are dense, so a window of them needs no look at what lies beyond.
        window = after + limit if until is None else min(after + limit, until)
        parameters = {"after": after, "window": window, "lanes": list(lanes)}
        cursor.execute(f"{READ} AND position <= %(window)s AND lane = ANY(%(lanes)s) ORDER BY position", parameters, binary=True)
    return [LogRow(*row) for row in cursor.fetchall()]


class Log(Application[UUID]):
    """A service's application in the library's sense: its mapper, recorder and repository on the service's own database."""

    name = "log"
    env = {"PERSISTENCE_MODULE": "eventsourcing.postgres"}

    def __init__(self, service: str, dsn: str) -> None:
        self.service = service
        self.datastore = LogDatastore(dsn)
        self.rows = LogRecorder(self.datastore)
        parts = conninfo_to_dict(dsn)
        super().__init__(
            {
                "POSTGRES_DBNAME": str(parts.get("dbname", "")),
                "POSTGRES_HOST": str(parts.get("host", "")),
                "POSTGRES_PORT": str(parts.get("port", "")),
                "POSTGRES_USER": str(parts.get("user", "")),
                "POSTGRES_PASSWORD": str(parts.get("password", "")),
                "CREATE_TABLE": "no",
            }
        )

    def construct_mapper(self) -> Mapper[UUID]:
        """Our envelope: see `shared.kernel.events`."""
        return EventMapper(transcoder=cast("Transcoder", None))

    def construct_recorder(self) -> ApplicationRecorder:
        """Ours, on our own pool."""
        return self.rows

    def close(self) -> None:
        """Ends the pool."""
        super().close()
        self.datastore.close()

    def __exit__(self, *error: Any) -> None:
        self.close()

    def incarnation(self) -> UUID:
        """Which life of the log this is."""
        with self.datastore.get_connection() as connection:
            row = connection.execute("SELECT incarnation FROM log_identity").fetchone()
            if row is None:
                raise LookupError("the log has no identity: run `gongkai provision`")
            return cast("UUID", row["incarnation"])
