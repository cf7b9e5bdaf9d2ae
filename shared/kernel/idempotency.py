"""Idempotency keys: a command that comes again is answered as the first time, and not carried out again; for seven days, over restarts.

The row holds nothing that can be read without the key itself: its hash as the name, an HMAC of the body under it, and the answer encrypted
under it. The same key with another body is refused.
"""

import hashlib
import hmac
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.randomness import random_bytes

STORE_NEW = "INSERT INTO idempotency (key, body, result) SELECT k, b, r FROM unnest(%s::bytea[], %s::bytea[], %s::bytea[]) AS u(k, b, r)"
"""For keys that have not been looked up: one that was used before is a unique violation."""

STORE = f"{STORE_NEW} ON CONFLICT (key) DO UPDATE SET body = excluded.body, result = excluded.result, at = now()"
FORGET = "DELETE FROM idempotency WHERE at < now() - make_interval(days => %s)"


class Answer(msgspec.Struct, frozen=True):
    """What a key was answered with, as it is stored: the row's name, the body's HMAC, the sealed answer."""

    name: bytes
    body: bytes
    result: bytes


class IdempotencyKey(msgspec.Struct, frozen=True):
    """What a caller's key comes to in its scope (agency, actor, route): the row's name, the body's HMAC, and the key of the answer."""

    name: bytes
    body: bytes
    secret: bytes

    @classmethod
    def of(cls, key: str, scope: str, body: bytes) -> "IdempotencyKey":
        """From the caller's key, its scope and the exact body."""
        secret = hashlib.sha256(b"gongkai idempotency\0" + scope.encode() + b"\0" + key.encode()).digest()
        return cls(
            hmac.digest(secret, b"name", "sha256"),
            hmac.digest(secret, b"body\0" + body, "sha256"),
            hmac.digest(secret, b"answer", "sha256"),
        )

    def seal(self, answer: dict[str, Any]) -> bytes:
        """The answer, encrypted under the key (AES-256-GCM)."""
        nonce = random_bytes(12)
        return nonce + AESGCM(self.secret).encrypt(nonce, msgspec.json.encode(answer), self.name)

    def open(self, sealed: bytes) -> dict[str, Any]:
        """The answer of the first time."""
        answer: dict[str, Any] = msgspec.json.decode(AESGCM(self.secret).decrypt(sealed[:12], sealed[12:], self.name))
        return answer
