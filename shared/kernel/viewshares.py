"""Which shares of a service's views this process keeps: a share belongs to the session that holds its lock, and to another when that session ends.

Sessions that keep the same views are counted by a lock that all of them hold together; each takes its part of the shares of every view, and gives
back what it has beyond it.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from shared.kernel.views import TableView

PRESENT_LOCK = 7221
"""Held together by every session that keeps views of this database."""

SHARE_LOCK = 7222
"""Held by the one session that keeps a share."""

PRESENT = """SELECT count(DISTINCT pid) FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %s AND objid = hashtext(%s)::oid AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


class ViewShares:
    """The shares that a session holds, as (view, share)."""

    def __init__(self, connection: psycopg.Connection[Any], views: Sequence[TableView[Any]]) -> None:
        self.connection = connection
        self.views = list(views)
        self.held: set[tuple[str, int]] = set()
        # Programs with other views, or views of another shape, count by themselves: they can't do one another's work.
        self.kind = " ".join(f"{view.name}/{view.content}" for view in self.views)
        connection.execute("SELECT pg_advisory_lock_shared(%s, hashtext(%s))", (PRESENT_LOCK, self.kind))

    @property
    def whole(self) -> bool:
        """Whether this session keeps all shares of all views."""
        return len(self.held) == sum(view.shares for view in self.views)

    def balance(self) -> bool:
        """Takes what is free up to this session's part, gives back what is beyond it; tells whether anything has changed. Between transactions."""
        runners = max(self._value(PRESENT, PRESENT_LOCK, self.kind), 1)
        before = set(self.held)
        for view in self.views:
            part = -(-view.shares // runners)
            for share in range(view.shares):
                mine = sum(name == view.name for name, _ in self.held)
                if (view.name, share) in self.held:
                    if mine > part:
                        self._value("SELECT pg_advisory_unlock(%s, hashtext(%s))", SHARE_LOCK, _named(view, share))
                        self.held.discard((view.name, share))
                elif mine < part and self._value("SELECT pg_try_advisory_lock(%s, hashtext(%s))", SHARE_LOCK, _named(view, share)):
                    self.held.add((view.name, share))
        return self.held != before

    def _value(self, sql: str, *parameters: Any) -> Any:
        row = self.connection.cursor(row_factory=tuple_row).execute(sql, parameters).fetchone()
        return row[0] if row else None


def _named(view: TableView[Any], share: int) -> str:
    return f"{view.name}/{view.content}/{share}"
