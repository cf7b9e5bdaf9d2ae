"""A backup that was taken while the platform worked, restored after a loss: the platform goes on from that moment, and every part agrees."""

import asyncio
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from demo.office import Office
from services.audit.ledger import compare
from shared.cli.restored import NotOfOneMoment, agreeing
from shared.kernel.clocks import today
from shared.platform.databases import LOGS
from shared.platform.postgres import find_binaries
from shared.platform.running import attached
from shared.settings import Settings, load_settings
from shared.trust.keys import ERASED
from tests.directories import temporary
from tests.town import Running, found, settled, started, well


@pytest.fixture
def directory() -> Iterator[Path]:
    made = temporary("backup")
    yield made
    shutil.rmtree(made, ignore_errors=True)


def back_up(data: Path, to: Path) -> None:
    """As docs/operations.md tells."""
    environment = {
        **os.environ,
        "PGHOST": "127.0.0.1",
        "PGPORT": (data / "postgres.port").read_text(encoding="ascii").strip(),
        "PGUSER": "gongkai",
        "PGPASSWORD": (data / "postgres.secret").read_text(encoding="ascii").strip(),
    }
    for command in (["pg_basebackup", "-D", str(to), "-X", "stream", "-c", "fast"], ["pg_verifybackup", "-q", str(to)]):
        subprocess.run([str(find_binaries() / command[0]), *command[1:]], env=environment, check=True, timeout=120)


def restore(data: Path, backup: Path) -> None:
    """As docs/operations.md tells."""
    pointer = data / "postgres.location"
    cluster = Path(pointer.read_text(encoding="utf-8").strip()) if pointer.exists() else data / "postgres"
    owner = pwd.getpwuid(cluster.stat().st_uid)
    cluster.rename(cluster.with_name("postgres.lost"))
    shutil.copytree(backup, cluster)
    cluster.chmod(0o700)
    for path in (cluster, *cluster.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)


def gongkai(data: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "shared.cli", *arguments, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def works(data: Path) -> Iterator[Running]:
    """`gongkai run` on a data directory, until every part is well and what is recorded is seen; then as long as it is needed."""
    data.mkdir(exist_ok=True)
    with started(data) as program:
        well(program.base)
        yield program


async def given(office: Office, count: int) -> list[str]:
    """So many requests, received and registered."""
    async with office:
        return [await office.receive("natural_person", today(), channel="in_person") for _ in range(count)]


async def shown(office: Office, case: str) -> int:
    """What the clerk is answered who opens a case: its personal data is decrypted for it."""
    async with office:
        answer = await office.client.get(
            f"/api/requests/disclosure-requests/{case}", headers={"Authorization": f"Bearer {office.tokens['clerk']}"}
        )
        assert answer.status_code != 200 or answer.json()["applicant_name"] not in ("", ERASED)
        return answer.status_code


def lives(settings: Settings) -> dict[str, str]:
    """The incarnation of each log."""
    found_: dict[str, str] = {}
    for name in LOGS:
        with psycopg.connect(settings.dsn(name)) as log:
            row = log.execute("SELECT incarnation::text FROM log_identity").fetchone()
            assert row is not None
            found_[name] = row[0]
    return found_


def agrees(settings: Settings) -> bool:
    """Whether the ledger is a copy of every log, exact to the byte."""
    with psycopg.connect(settings.dsn("audit")) as ledger:
        for name in LOGS:
            with psycopg.connect(settings.dsn(name)) as log:
                row = log.execute("SELECT count(*), coalesce(max(position), 0) FROM events").fetchone()
                copied = ledger.execute("SELECT count(*) FROM ledger WHERE source = %s", (name,)).fetchone()
                assert row is not None and copied is not None and row[0] == row[1]
                if (compare(ledger, log, name), copied[0]) != ((row[0], []), row[0]):
                    return False
    return True


def test_a_backup_is_restored_by_the_procedure(directory: Path) -> None:
    data, backup = directory / "var", directory / "copy"
    with works(data) as program:
        code, accounts, settings = found(data)
        (kept,) = asyncio.run(given(Office(program.base, code, accounts), 1))
        settled(program.base, settings)
        back_up(data, backup)
        (lost, _) = asyncio.run(given(Office(program.base, code, accounts), 2))
        settled(program.base, settings)
        before = lives(settings)
        assert gongkai(data, "keys", "rotate").returncode == 0
        assert "已在运行" in gongkai(data, "restored").stderr
    restore(data, backup)
    told = gongkai(data, "restored")
    assert (told.returncode, "已清空数据流" in told.stdout) == (0, True), told.stderr
    with works(data) as program, attached(data, load_settings(data=data)) as platform:
        assert not set(before.values()) & set(lives(platform.settings).values())
        assert asyncio.run(shown(Office(program.base, code, accounts), kept)) == 200
        assert asyncio.run(shown(Office(program.base, code, accounts), lost)) == 404
        asyncio.run(given(Office(program.base, code, accounts), 3))
        settled(program.base, platform.settings)
        assert agrees(platform.settings)


def test_databases_of_different_moments_are_refused_and_left_alone(directory: Path) -> None:
    with works(directory) as program:
        code, accounts, settings = found(directory)
        asyncio.run(given(Office(program.base, code, accounts), 1))
        settled(program.base, settings)
    with attached(directory, load_settings(data=directory)) as platform:
        before = lives(platform.settings)
        with psycopg.connect(platform.settings.dsn("audit")) as later:
            later.execute("UPDATE inbox SET position = position + 1 WHERE source = 'requests'")
        with pytest.raises(NotOfOneMoment, match="audit 已处理 requests 的第"):
            agreeing(platform.settings)
        refused = gongkai(directory, "restored")
        assert (refused.returncode, "没有改动任何内容" in refused.stderr) == (2, True)
        assert lives(platform.settings) == before
