"""Which outside agencies have an account, and with which keys: read from access's log, whose events are the only record of it."""

from typing import Any, NamedTuple

import psycopg
from psycopg.rows import tuple_row

from shared.access.agency.events import FeedKeyAdded, FeedKeyRemoved
from shared.kernel.events import Event, Meta
from shared.kernel.log import COLUMNS, LogRow
from shared.settings import Settings

ROWS = f"SELECT {COLUMNS} FROM events WHERE position > %s AND topic LIKE 'access.FeedKey%%' ORDER BY position"


class Account(NamedTuple):
    """An agency's account: its keys, the newest last, each with the instant since when (ISO 8601, UTC)."""

    code: str
    keys: tuple[tuple[str, str], ...]

    @property
    def public(self) -> list[str]:
        """The public keys."""
        return [key for key, _ in self.keys]


class Registry:
    """The accounts as access's log has them; each look reads only what is new. `connection`: to access's database."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._position = 0
        self._accounts: dict[str, Account] = {}

    def look(self) -> dict[str, Account]:
        """The accounts by the agencies' codes. Blocks."""
        rows = self._connection.cursor(row_factory=tuple_row).execute(ROWS, (self._position,), binary=True)
        for values in rows:
            row = LogRow(*values)
            recorded = row.recorded()
            self._take(recorded.event, recorded.meta)
            self._position = row.position
        return {code: account for code, account in self._accounts.items() if account.keys}

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _take(self, event: Event, meta: Meta) -> None:
        known = self._accounts.get(meta.agency, Account(meta.agency, ()))
        if isinstance(event, FeedKeyAdded):
            since = meta.recorded_at.isoformat(timespec="seconds")
            self._accounts[meta.agency] = Account(meta.agency, (*known.keys, (event.key, since)))
        elif isinstance(event, FeedKeyRemoved):
            self._accounts[meta.agency] = Account(meta.agency, tuple(key for key in known.keys if key[0] != event.key))


def open_registry(settings: Settings) -> Registry:
    """The registry on a connection of its own; `close` it."""
    return Registry(psycopg.connect(settings.dsn("access", role="gongkai_access"), autocommit=True))


def read_registry(settings: Settings) -> dict[str, Account]:
    """The accounts, for a command that reads and ends."""
    opened = open_registry(settings)
    try:
        return opened.look()
    finally:
        opened.close()
