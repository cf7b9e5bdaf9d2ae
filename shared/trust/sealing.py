"""How a field is sealed: AES-256-GCM under a key of its own, bound to where it stands, as a token that can stand in an event.

    gk1:<id of the person's key, 32 hex digits>:<base64url of nonce (12 bytes), ciphertext, tag (16 bytes)>

The field's key comes from the person's key, the event's id and the field's name. Topic (with its version), event and field
are authenticated with the ciphertext, so that a token which is moved elsewhere does not open. There is one way to write a
token: any other spelling is refused.
"""

import base64
import binascii
import hmac
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.randomness import random_bytes

PREFIX = "gk1"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class Erased(Exception):
    """The person's key was destroyed: nobody can read this any more."""


class Tampered(Exception):
    """The token does not belong to this event, field or topic, or was changed."""


class KeyUnavailable(Exception):
    """No such key; or the database of keys is out of reach."""


class NotAtHand(Exception):
    """A key that is not in memory: of a person, or prepared ones of an agency. Whoever may not wait has it brought, and asks again."""

    def __init__(self, id: UUID | str) -> None:
        super().__init__("a key is not at hand")
        self.id = id


def seal_field(person_key: bytes, key_id: UUID, event_id: UUID, field: str, topic: str, text: str) -> str:
    """The token of a text. Raises `ValueError`, which does not tell the text, if it is not valid Unicode (a lone surrogate)."""
    place = event_id.bytes + field.encode()
    nonce = random_bytes(NONCE_BYTES)
    plain = _utf8(text)
    if plain is None:
        raise ValueError("the text is not valid Unicode")
    sealed = AESGCM(_field_key(person_key, place)).encrypt(nonce, plain, _bound(topic, place))
    return _token(key_id, nonce + sealed)


def open_field(person_key: bytes, token: str, event_id: UUID, field: str, topic: str) -> str:
    """The text of a token; raises `Tampered`."""
    raw = _read(token)[1]
    place = event_id.bytes + field.encode()
    try:
        return AESGCM(_field_key(person_key, place)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound(topic, place)).decode()
    except InvalidTag:
        raise Tampered from None


def key_of(token: str) -> UUID:
    """The id of the person's key that a token names; raises `Tampered` if it is no token."""
    return _read(token)[0]


def _field_key(person_key: bytes, place: bytes) -> bytes:
    # One block of HKDF-Expand. A person's key is uniformly random, so that nothing is to be extracted first (RFC 5869, 3.3).
    return hmac.digest(person_key, place + b"\x01", "sha256")


def _bound(topic: str, place: bytes) -> bytes:
    return topic.encode() + b"\0" + place


def _token(key_id: UUID, raw: bytes) -> str:
    return f"{PREFIX}:{key_id.hex}:{base64.urlsafe_b64encode(raw).decode('ascii')}"


def _read(token: str) -> tuple[UUID, bytes]:
    try:
        _, key_hex, encoded = token.split(":")
        key_id, raw = UUID(hex=key_hex), base64.urlsafe_b64decode(encoded)
    except (ValueError, binascii.Error):
        raise Tampered from None
    if len(raw) < NONCE_BYTES + TAG_BYTES or token != _token(key_id, raw):
        raise Tampered
    return key_id, raw


def _utf8(text: str) -> bytes | None:
    # The codec's own error holds the text, and would be kept as the context of whatever is raised while it is handled.
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None
