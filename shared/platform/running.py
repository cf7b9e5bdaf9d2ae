"""The platform of a data directory: found running, or started for as long as it is needed.

`DIR/platform.json` tells who runs it. Programs that work on a platform share its servers: the first starts them, whoever is last stops them, and
what a killed program has left running is found and used.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil
from pydantic import SecretStr

from shared.platform.databases import provision
from shared.platform.nats import EmbeddedNats
from shared.platform.postgres import EmbeddedPostgres
from shared.platform.sharing import Sharing
from shared.settings import Settings, SettingsError
from shared.trust.setup import set_up


class Platform(msgspec.Struct, frozen=True):
    """A platform that can be worked on: settings with its addresses, and the address of its pages if they are up."""

    settings: Settings
    base_url: str | None
    directory: Path


class AlreadyRunning(RuntimeError):
    """Another program runs the platform of this directory."""


Embedded = EmbeddedPostgres | EmbeddedNats


class Servers:
    """PostgreSQL and NATS as the settings want them: embedded ones started and shared with other programs, others left alone."""

    def __init__(self, settings: Settings, *, quick: bool = False) -> None:
        directory = settings.data.resolve()
        self.wanted = settings
        self.postgres = EmbeddedPostgres(directory, port=settings.postgres_port, quick=quick) if settings.database_url is None else None
        self.nats = EmbeddedNats(directory, port=settings.nats_port) if settings.nats_url is None else None
        self.sharing = Sharing(directory)

    @property
    def embedded(self) -> list[Embedded]:
        """The servers that are this platform's own, in the order of their start."""
        return [server for server in (self.postgres, self.nats) if server is not None]

    def start(self) -> Settings:
        """Starts what is embedded and not running, provisions the databases, makes the master key the first time; returns the settings with the
        addresses. From now on this program uses the servers: `stop` in any case, also if this fails.
        """
        self.wanted.data.mkdir(parents=True, exist_ok=True)
        with self.sharing.alone():
            self.sharing.begin()
            found: dict[str, SecretStr] = {}
            if self.postgres is not None:
                found["database_url"] = SecretStr(self.postgres.start())
            if self.nats is not None:
                found["nats_url"] = SecretStr(self.nats.start())
            settings = self.wanted.model_copy(update=found)
            provision(settings)
            set_up(settings)
        return settings

    def revive(self, server: Embedded) -> None:
        """Starts a server again that has ended by itself, where it was; nothing if another program has done so, or this one has stopped."""
        with self.sharing.alone():
            if self.sharing.used:
                server.start()

    def stop(self) -> None:
        """Stops NATS, then PostgreSQL, unless another program uses them: then that one will."""
        if not self.sharing.used:
            return
        with self.sharing.alone():
            if self.sharing.end():
                for server in reversed(self.embedded):
                    server.stop()


@contextmanager
def held(directory: Path) -> Iterator[None]:
    """Holds a data directory for one program; raises `AlreadyRunning`. The lock goes with the process, however it ends."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "platform.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning(f"{directory} 的平台已在运行；请先停止它，或用 --data 指定另一个目录。") from None
        yield


def announce(directory: Path, base_url: str) -> None:
    """Writes who runs the platform, for the command line to attach to."""
    content = {"pid": os.getpid(), "base_url": base_url, "started_at": datetime.now(UTC).isoformat()}
    (directory / "platform.json").write_text(json.dumps(content), encoding="utf-8")


def withdraw(directory: Path) -> None:
    """The platform of this directory does not run any more."""
    (directory / "platform.json").unlink(missing_ok=True)


def base_url(directory: Path) -> str | None:
    """The address of the pages of a running platform; None if it does not run."""
    try:
        content = json.loads((directory / "platform.json").read_text(encoding="utf-8"))
        return str(content["base_url"]) if psutil.pid_exists(int(content["pid"])) else None
    except (OSError, ValueError, KeyError):
        return None


@contextmanager
def attached(directory: Path, settings: Settings) -> Iterator[Platform]:
    """The platform of a directory: the running one, else its servers started for this command and stopped after it, unless a program uses them by then."""
    if not directory.exists() and settings.database_url is None:
        raise SettingsError(f"没有数据目录 {directory}；请先运行 make run（或 gongkai run），或用 --data 指定。")
    servers = Servers(settings)
    try:
        yield Platform(servers.start(), base_url(directory), directory)
    finally:
        servers.stop()
