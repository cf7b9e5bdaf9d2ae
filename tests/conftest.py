"""One PostgreSQL and one NATS, and one platform as people run it, for each worker of a test run; each test is a new agency, not a new database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as property_settings

from shared.platform.running import Servers
from shared.settings import Settings
from shared.trust.keys import Keys
from shared.trust.master import MasterKey
from tests.directories import temporary
from tests.town import Running, started

# A property is right or wrong, not slow: two workers on two cores make single examples take long.
property_settings.register_profile("gongkai", deadline=None)
property_settings.load_profile("gongkai")


@pytest.fixture(scope="session")
def platform_directory() -> Iterator[Path]:
    """The data directory of this worker's platform."""
    directory = temporary("test")
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(platform_directory: Path) -> Iterator[Settings]:
    """Settings that point at this worker's servers, started and provisioned. Quick: what a power cut would lose is not tested here."""
    servers = Servers(Settings(data=platform_directory), quick=True)
    yield servers.start()
    servers.stop()


@pytest.fixture(scope="session")
def keys(settings: Settings) -> Iterator[Keys]:
    """The keys of personal data."""
    made = Keys(settings.dsn("keys", role="gongkai_keys"), MasterKey.load(settings.master_key_path))
    yield made
    made.close()


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """`gongkai run` on a fresh data directory: one program for every test of this worker that meets the platform from outside."""
    directory = temporary("journey")
    with started(directory) as found:
        yield found
    shutil.rmtree(directory, ignore_errors=True)
