"""A sealed field opens where it stands and nowhere else, and not at all once a bit of it has changed."""

import hmac
import traceback
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.identity import fresh_id
from shared.trust.sealing import Tampered, key_of, open_field, seal_field

KEY = bytes(range(32))
ID = UUID("00112233-4455-6677-8899-aabbccddeeff")
EVENT = fresh_id()
TOPIC = "requests.RequestReceived:1"


def sealed(text: str = "李四") -> str:
    return seal_field(KEY, ID, EVENT, "applicant_name", TOPIC, text)


def opened(token: str, event: UUID = EVENT, field: str = "applicant_name", topic: str = TOPIC, key: bytes = KEY) -> str:
    return open_field(key, token, event, field, topic)


@given(st.text() | st.sampled_from(["䶮", "𠅤", "㙍𬤝𰻝", "甲\x00乙", "a" * 100_000, "🏛️公开"]))
@settings(max_examples=60, deadline=None)
def test_every_text_comes_back(text: str) -> None:
    assert opened(sealed(text)) == text


def test_the_token_tells_the_key_and_nothing_else() -> None:
    token = sealed("张三")
    assert token.startswith(f"gk1:{ID.hex}:")
    assert key_of(token) == ID
    assert sealed("张三") != token, "the same text twice must not be recognised"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"event": fresh_id()},
        {"field": "id_number"},
        {"topic": "requests.RequestReceived:2"},
        {"topic": "review.ReviewOpened:1"},
        {"key": bytes(32)},
    ],
)
def test_moved_elsewhere_it_does_not_open(elsewhere: dict[str, object]) -> None:
    with pytest.raises(Tampered):
        opened(sealed(), **elsewhere)  # type: ignore[arg-type]


def test_field_and_event_are_kept_apart() -> None:
    token = seal_field(KEY, ID, EVENT, "ab", "t\0c:1", "张三")
    with pytest.raises(Tampered):
        open_field(KEY, token, EVENT, "b", "t\0c:1")


def test_no_bit_may_change() -> None:
    token = sealed()
    for place in (*range(4), *range(token.rindex(":"), len(token))):  # what lies between names another key
        for other in {"A", "B", "=", ":", "0", "f", chr(ord(token[place]) ^ 1)} - {token[place]}:
            with pytest.raises(Tampered):
                opened(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "gk1", "gk1::", "gk1:zz:AAAA", f"gk1:{ID.hex}:AAAA", f"gk1:{ID}:{'A' * 60}", "张三"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Tampered):
        opened(token)


def test_a_token_has_one_spelling() -> None:
    token = sealed()
    prefix, key, rest = token.split(":")
    for other in (
        f"{prefix}:{key.upper()}:{rest}",
        f"{prefix}:{{{key}}}:{rest}",
        f"{prefix}:{key}:{rest}\n",
        f"{prefix}:{key}:!{rest}",
        f" {token}",
    ):
        with pytest.raises(Tampered):
            opened(other)


def test_text_that_is_not_unicode_is_refused_without_telling_it() -> None:
    broken = "张三" + chr(0xD800)
    with pytest.raises(ValueError, match="not valid Unicode") as caught:
        sealed(broken)
    told = "".join(traceback.format_exception(caught.value))
    assert "张三" not in told
    assert caught.value.__context__ is None


def test_the_field_key_is_one_block_of_hkdf_expand() -> None:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    info = EVENT.bytes + b"name"
    assert HKDFExpand(SHA256(), 32, info).derive(KEY) == hmac.digest(KEY, info + b"\x01", "sha256")
