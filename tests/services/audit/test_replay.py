"""A replay reads and cannot write: its transaction is refused whatever it tries, and nothing of the ledger differs after it."""

from datetime import date

import psycopg
import pytest

from services.audit.replay import comparing as module
from services.audit.replay import replay, world_of
from shared.law.calendar import national_calendar
from shared.settings import Settings

COUNTS = "SELECT (SELECT count(*) FROM ledger), (SELECT count(*) FROM checkpoint), (SELECT count(*) FROM events)"


def test_nothing_is_written_and_nothing_could_be(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of("bureau-2019", national_calendar(), date(2026, 6, 1))
    with psycopg.connect(settings.dsn("audit", role="gongkai_audit"), autocommit=True) as connection:
        before = connection.execute(COUNTS).fetchone()
        assert replay(connection, "nobody", 2025, world).counts == {}
        assert connection.execute(COUNTS).fetchone() == before
        monkeypatch.setattr(module, "ROWS", "DELETE FROM ledger WHERE agency = %s AND source = ANY(%s) AND topic = ANY(%s) RETURNING 1")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            replay(connection, "nobody", 2025, world)
