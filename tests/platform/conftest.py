"""A town: an agency of its own for each test, on the platform that all share."""

from collections.abc import AsyncIterator

import pytest

from demo.office import Office
from tests.town import Running, Town, founded


@pytest.fixture
def town(running: Running) -> Town:
    """An agency of this test on the running platform."""
    code, accounts = founded(running.settings, "j", "旅程测试机关")
    return Town(running.data, running.base, running.settings, code, accounts, running.log)


@pytest.fixture
async def office(town: Town) -> AsyncIterator[Office]:
    """Its officials, signed in."""
    async with Office(town.url, town.agency, town.accounts) as signed_in:
        yield signed_in
