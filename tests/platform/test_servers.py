"""The servers of a data directory are shared: whoever is last stops them, whoever started them; one that ends by itself is started again."""

import asyncio
import contextlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from shared.platform import watching
from shared.platform.processes import running as running_process
from shared.platform.running import Servers, attached
from shared.platform.sharing import Busy, Sharing
from shared.settings import Settings, load_settings
from tests.directories import temporary
from tests.town import started, stop, well

NONE = (None, None)


@pytest.fixture
def directory() -> Iterator[Path]:
    made = temporary("servers")
    yield made
    shutil.rmtree(made, ignore_errors=True)


def pids(directory: Path) -> tuple[int | None, int | None]:
    """PostgreSQL and NATS of a directory, each None where it does not run."""
    cluster = directory / "postgres"
    postgres = running_process(cluster / "postmaster.pid", "postgres", str(cluster))
    nats = running_process(directory / "nats.pid", "nats-server", str(directory / "nats.conf"))
    return postgres.pid if postgres else None, nats.pid if nats else None


def test_those_who_start_at_once_share_them_and_the_last_stops_them(directory: Path) -> None:
    users = [Servers(Settings(data=directory), quick=True) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(Servers.start, users))
    assert len({one.dsn("postgres") for one in found}) == len({one.nats_address for one in found}) == 1
    before = pids(directory)
    assert None not in before
    for one in users[:-1]:
        one.stop()
        assert pids(directory) == before
    users[-1].stop()
    assert pids(directory) == NONE
    users[-1].stop()


def test_a_command_that_started_them_leaves_them_to_the_program_and_the_program_to_a_command(directory: Path) -> None:
    command = attached(directory, load_settings(data=directory))
    command.__enter__()
    before = pids(directory)
    assert None not in before
    with started(directory) as program:
        command.__exit__(None, None, None)
        assert pids(directory) == before
        well(program.base)
        with attached(directory, load_settings(data=directory)) as second:
            stop(program.child)
            assert pids(directory) == before
            with psycopg.connect(second.settings.dsn("requests")) as log:
                assert log.execute("SELECT count(*) FROM events").fetchone() is not None
        assert pids(directory) == NONE


def test_what_a_killed_program_left_running_is_used_and_stopped_by_the_next(directory: Path) -> None:
    script = f"""if True:
        import os, signal
        from pathlib import Path
        from shared.platform.running import Servers
        from shared.settings import Settings
        Servers(Settings(data=Path({str(directory)!r})), quick=True).start()
        os.kill(os.getpid(), signal.SIGKILL)"""
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=60).returncode == -signal.SIGKILL
    left = pids(directory)
    assert None not in left
    with attached(directory, load_settings(data=directory)):
        assert pids(directory) == left
    assert pids(directory) == NONE


def test_who_cannot_start_stops_what_it_started(directory: Path) -> None:
    with attached(directory, load_settings(data=directory)):
        pass
    (directory / "master.key").unlink()
    with pytest.raises(RuntimeError, match="找不到主密钥文件"), attached(directory, load_settings(data=directory)):
        pass
    assert pids(directory) == NONE


def test_another_server_with_the_number_of_ours_is_not_ours(directory: Path, settings: Settings) -> None:
    with attached(directory, load_settings(data=directory)):
        (ours, _), (theirs, _) = pids(directory), pids(settings.data)
        assert theirs is not None
        file = directory / "postgres" / "postmaster.pid"
        right = file.read_text(encoding="ascii")
        file.write_text(right.replace(str(ours), str(theirs), 1), encoding="ascii")
        assert pids(directory)[0] is None
        file.write_text(right, encoding="ascii")


def test_who_cannot_wait_any_longer_is_told_what_to_do(directory: Path) -> None:
    with Sharing(directory).alone(), pytest.raises(Busy, match="请稍后再试"), Sharing(directory).alone(0.2):
        pass


async def test_a_server_that_keeps_ending_is_started_again_with_growing_delay(directory: Path, settings: Settings) -> None:
    alone = settings.model_copy(update={"data": directory, "master_key": settings.master_key_path, "nats_url": None})
    servers = Servers(alone)
    before = await asyncio.to_thread(servers.start)
    assert [one.title for one in servers.embedded] == ["NATS"]
    assert servers.nats is not None
    with capture_logs() as told:
        watched = asyncio.create_task(watching.watch(servers))
        for number in range(1, 4):
            assert servers.nats.process is not None
            servers.nats.process.kill()
            async with asyncio.timeout(30):
                while sum(one["event"] == "a part of the platform runs again" for one in told) < number:
                    await asyncio.sleep(0.05)
        watched.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watched
    assert [one["in_seconds"] for one in told if "in_seconds" in one] == [0.5, 1.0, 2.0]
    assert servers.nats.start() == before.nats_address
    await asyncio.to_thread(servers.stop)
    assert not servers.nats.alive()
