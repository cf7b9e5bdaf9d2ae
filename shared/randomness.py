"""Random bytes from the operating system, taken in blocks.

`os.urandom` gives up the interpreter's lock for each call. With a dozen calls a request that handed the lock from thread to thread so often that
it took more time than everything else together; a block of 4 KiB serves a hundred requests.
"""

import os
import threading

BLOCK = 4096
"""Bytes taken from the operating system at once."""


class _Block(threading.local):
    def __init__(self) -> None:
        self.bytes = b""
        self.used = 0
        self.owner = 0


_block = _Block()


def random_bytes(count: int) -> bytes:
    """`count` bytes (at most a block) fit for keys, nonces and passwords; never the same ones twice, in a child process neither."""
    block = _block
    end = block.used + count
    if end > len(block.bytes) or block.owner != _process:
        block.bytes = os.urandom(BLOCK)
        block.used, end = 0, count
        block.owner = _process
    taken = block.bytes[block.used : end]
    block.used = end
    return taken


_process = os.getpid()


def _new_process() -> None:
    global _process  # noqa: PLW0603
    _process = os.getpid()


os.register_at_fork(after_in_child=_new_process)
