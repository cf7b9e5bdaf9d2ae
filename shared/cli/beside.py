"""The worker's process beside `gongkai run`, so that relays and views don't hold up the pages."""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from shared.settings import Settings

LONGEST_SOCKET = 100
"""The longest path that a socket may have, in bytes."""


class WorkerBeside:
    """The worker in a process of its own. It ends when this program ends, however that happens: its standard input closes."""

    title = "worker"

    def __init__(self, settings: Settings, data: Path) -> None:
        self.settings = settings
        self.socket = data.resolve() / "worker.sock"
        if len(str(self.socket)) > LONGEST_SOCKET:
            self.socket = Path(tempfile.mkdtemp(prefix="gongkai-")) / "worker.sock"
        self.child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def start(self) -> None:
        """Starts it, again if it has ended; nothing once it was stopped."""
        with self._lock:
            if self._stopped:
                return
            self._close_input()
            arguments = [sys.executable, "-m", "shared.cli.worker", str(self.socket)]
            environment = {**os.environ, **self.settings.environment()}
            self.child = subprocess.Popen(arguments, stdin=subprocess.PIPE, start_new_session=True, env=environment)

    def alive(self) -> bool:
        """Whether it runs."""
        return self.child is not None and self.child.poll() is None

    def stop(self) -> None:
        """Ends it in order; after 20 seconds it is killed."""
        with self._lock:
            self._stopped = True
            self._close_input()
            if self.child is not None:
                try:
                    self.child.wait(20)
                except subprocess.TimeoutExpired:
                    self.child.kill()
                    self.child.wait()
            self.socket.unlink(missing_ok=True)

    def _close_input(self) -> None:
        if self.child is not None and self.child.stdin is not None:
            self.child.stdin.close()
