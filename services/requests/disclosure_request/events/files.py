"""How a file stands in events."""

import msgspec


class File(msgspec.Struct, frozen=True):
    """A file to be given out: its name, the SHA-256 of its bytes (64 hex digits), its size in bytes."""

    name: str
    sha256: str
    size: int
