"""Files of people, sealed chunk by chunk under the key of the person: destroying that key erases them, wherever copies lie.

    GKF1 | id of the person's key (16 bytes) | id of the file (16 bytes) | chunk | chunk | …

A chunk is 64 KiB of plain text in AES-256-GCM (tag of 16 bytes behind it), the last one shorter or empty. The key is the file's own, derived from
the person's key and the file's id, so that the number of the chunk serves as nonce. Agency, request, file, number and whether it is the last are
authenticated with each chunk: none can be moved, left out, repeated or taken from another file, and a file that was cut short does not open.
"""

import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.trust.keys import Keys
from shared.trust.sealing import Tampered

MAGIC = b"GKF1"
CHUNK_BYTES = 65_536
TAG_BYTES = 16
HEAD_BYTES = len(MAGIC) + 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed file belongs: it opens nowhere else."""

    agency: str
    request: UUID
    file: UUID

    def bound(self, number: int, last: bool) -> bytes:
        """What is authenticated with a chunk."""
        return MAGIC + self.request.bytes + self.file.bytes + struct.pack(">Q?", number, last) + self.agency.encode()

    def derivation(self) -> bytes:
        """From what the file's key is derived, beside the person's."""
        return self.agency.encode() + b"\0" + self.request.bytes + self.file.bytes


class Sealer:
    """Seals a stream: feed it pieces of any size, then `end` it."""

    def __init__(self, keys: Keys, person_key: UUID, place: Place) -> None:
        self._cipher = AESGCM(keys.file_key(person_key, place.derivation()))
        self._place = place
        self._waiting = bytearray()
        self._number = 0
        self.head = MAGIC + person_key.bytes + place.file.bytes

    def feed(self, piece: bytes) -> bytes:
        """The sealed chunks that are complete with this piece."""
        self._waiting += piece
        sealed = bytearray()
        # The last chunk is marked as such: a full one is held back until more has come.
        while len(self._waiting) > CHUNK_BYTES:
            sealed += self._seal(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return bytes(sealed)

    def end(self) -> bytes:
        """The last chunk."""
        return self._seal(bytes(self._waiting), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._number), chunk, self._place.bound(self._number, last))
        self._number += 1
        return sealed


async def opened(keys: Keys, place: Place, stored: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The plain text of a sealed stream, each chunk authenticated before it is given on.

    Raises `Erased` where the key was destroyed, `KeyUnavailable`, or `Tampered` where anything is not as it was sealed; a file that was cut
    short raises before its end is told.
    """
    waiting = bytearray()
    cipher: AESGCM | None = None
    number = 0
    async for piece in stored:
        waiting += piece
        if cipher is None and len(waiting) >= HEAD_BYTES:
            cipher = _cipher(keys, place, bytes(waiting[:HEAD_BYTES]))
            del waiting[:HEAD_BYTES]
        while cipher is not None and len(waiting) > CHUNK_BYTES + TAG_BYTES:
            yield _open(cipher, place, number, bytes(waiting[: CHUNK_BYTES + TAG_BYTES]), last=False)
            del waiting[: CHUNK_BYTES + TAG_BYTES]
            number += 1
    if cipher is None:
        raise Tampered
    yield _open(cipher, place, number, bytes(waiting), last=True)


def _cipher(keys: Keys, place: Place, head: bytes) -> AESGCM:
    if head[:4] != MAGIC or head[20:] != place.file.bytes:
        raise Tampered
    return AESGCM(keys.file_key(UUID(bytes=head[4:20]), place.derivation()))


def _open(cipher: AESGCM, place: Place, number: int, sealed: bytes, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number), sealed, place.bound(number, last))
    except InvalidTag:
        raise Tampered from None


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
