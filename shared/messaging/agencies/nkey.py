"""NATS keys (nkeys): an Ed25519 key with a prefix that tells what it is for and a checksum, in base32, so that it can be read out and typed.

`seed` is the secret (`SU…`, for a user); `public` is what the server is told (`U…`).
"""

import base64
import binascii
import contextlib
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SEED = 18 << 3
USER = 20 << 3


class WrongKey(ValueError):
    """It is no key of a user; the text never holds it."""


def new_seed() -> str:
    """A new user's seed."""
    # The prefix of a seed is its own five bits, then the eight of what it is for.
    return _text(bytes([SEED | USER >> 5, (USER & 31) << 3]) + secrets.token_bytes(32))


def public_of(seed: str) -> str:
    """The public key of a seed; raises `WrongKey`."""
    return _text(bytes([USER]) + _key(seed).public_key().public_bytes_raw())


def signed(seed: str, nonce: str) -> bytes:
    """The answer to the server's nonce, as a client's `signature_cb` gives it; raises `WrongKey`."""
    return base64.b64encode(_key(seed).sign(nonce.encode()))


def check_public(key: str) -> str:
    """The key itself if it is a user's public one; raises `WrongKey`."""
    raw = _raw(key)
    if len(raw) != 33 or raw[0] != USER:
        raise WrongKey("不是 NATS 用户公钥：应以 U 开头，共 56 个字符。")
    return key


def _key(seed: str) -> Ed25519PrivateKey:
    raw = _raw(seed)
    if len(raw) != 34 or raw[0] & 0xF8 != SEED or (raw[0] & 7) << 5 | raw[1] >> 3 != USER:
        raise WrongKey("不是 NATS 用户的密钥（应以 SU 开头）。")
    return Ed25519PrivateKey.from_private_bytes(raw[2:])


def _text(raw: bytes) -> str:
    return base64.b32encode(raw + binascii.crc_hqx(raw, 0).to_bytes(2, "little")).decode().rstrip("=")


def _raw(text: str) -> bytes:
    # What is decoded may be a secret: no error of base64 may become the context of ours.
    raw = None
    with contextlib.suppress(ValueError):
        raw = base64.b32decode(text + "=" * (-len(text) % 8))
    # The last letter has bits to spare: there is one way to write a key.
    if (
        raw is None
        or len(raw) < 3
        or base64.b32encode(raw).decode().rstrip("=") != text
        or binascii.crc_hqx(raw[:-2], 0).to_bytes(2, "little") != raw[-2:]
    ):
        raise WrongKey("NATS 密钥的写法或者校验不对，请核对有无遗漏。")
    return raw[:-2]
