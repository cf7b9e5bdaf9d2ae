"""Who uses the embedded servers of a data directory: several programs at once, and whoever is last stops them.

Two locks of the kernel, so that they go with their process, however it ends: `servers.users` is held, shared, for as long as the servers are used;
`servers.lock` is held, alone, while they are started or stopped, so that nobody finds a server that is about to be stopped.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LONGEST_WAIT = 120.0
"""How long to wait while another program starts or stops the servers, in seconds."""


class Busy(RuntimeError):
    """Another program has been starting or stopping the servers for too long; the text says what to do."""


class Sharing:
    """One program's use of the servers of a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._use: IO[str] | None = None

    @contextmanager
    def alone(self, seconds: float = LONGEST_WAIT) -> Iterator[None]:
        """Nobody else starts or stops the servers meanwhile; raises `Busy`."""
        with (self.directory / "servers.lock").open("w", encoding="ascii") as gate:
            deadline = time.monotonic() + seconds
            while not taken(gate, fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise Busy(
                        f"另一个程序正在启动或停止 {self.directory} 的服务器，请稍后再试；如一直如此，请查看 postgres.log 和 nats.log。"
                    )
                time.sleep(0.05)
            yield

    def begin(self) -> None:
        """Uses the servers from now on. Call it in `alone`, where nobody can be in the way."""
        self._use = (self.directory / "servers.users").open("w", encoding="ascii")
        fcntl.flock(self._use, fcntl.LOCK_SH)

    def end(self) -> bool:
        """Uses them no more; True if nobody else does either. Call it in `alone`."""
        if self._use is None:
            return False
        try:
            return taken(self._use, fcntl.LOCK_EX)
        finally:
            # Said outright: a child made by a fork shares the lock, and may live longer.
            fcntl.flock(self._use, fcntl.LOCK_UN)
            self._use.close()
            self._use = None

    @property
    def used(self) -> bool:
        """Whether this program uses the servers."""
        return self._use is not None


def taken(file: IO[str], how: int) -> bool:
    """Takes a lock if nobody is in the way."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
