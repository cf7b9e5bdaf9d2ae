"""A log of its own for each test, and a reader; everything that is waited for now and then is waited for briefly."""

from collections.abc import AsyncIterator, Iterator

import pytest

from shared.messaging import inbox, relay
from shared.settings import Settings
from tests.services.messaging.line import Heard, Line


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """How often the parts look by themselves, in seconds."""
    monkeypatch.setattr(inbox, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(inbox, "ALARM_SECONDS", 0.2)
    monkeypatch.setattr(relay, "POLL_SECONDS", 0.2)
    monkeypatch.setattr(relay, "ALARM_SECONDS", 0.2)


@pytest.fixture
async def line(settings: Settings) -> AsyncIterator[Line]:
    """A log with its stream."""
    made = Line(settings)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
def heard(line: Line) -> Iterator[Heard]:
    """Its reader."""
    made = Heard(line)
    yield made
    made.close()


@pytest.fixture
def whole(line: Line) -> Iterator[Heard]:
    """A reader of the whole log, as the ledger is one."""
    made = Heard(line, whole_log=True)
    yield made
    made.close()
