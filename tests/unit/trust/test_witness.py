"""Signed heads and the witness that cosigns them: only growth is cosigned, whoever asks, and whatever it was told before."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from shared.trust.log_key import LogKey, LogKeyError
from shared.trust.verify_bundle import Checkpoint, Key, Policy, Unproved, encoded, leaf_hash, opened, signature_holds
from shared.trust.witness import Refused, Witness
from tests.unit.trust.test_merkle import grew, some

ORIGIN = "gongkai.test/requests"


@pytest.fixture
def key(tmp_path: Path) -> LogKey:
    return LogKey.create(tmp_path / "ledger.key")


@pytest.fixture
def witness(key: LogKey, tmp_path: Path) -> Witness:
    return Witness("w.test", key.public(ORIGIN), tmp_path / "witness")


def head(key: LogKey, leaves: list[bytes], origin: str = ORIGIN) -> str:
    return key.signed(Checkpoint(origin, len(leaves), grew(leaves).root()).text, origin)


def question(old: int, leaves: list[bytes], note: str) -> str:
    return "\n".join((f"old {old}", *(encoded(step) for step in grew(leaves).consistency(old)), "", note))


@given(st.binary(max_size=200), st.integers(0, 511))
def test_our_signature_check_agrees_with_the_library(message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert signature_holds(public, message, signature)
    changed = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
    assert not signature_holds(public, message, changed)
    assert not signature_holds(public, message + b"x", signature)


def test_the_example_of_the_note_format_holds() -> None:
    # c2sp.org/signed-note, the published example.
    example = Key.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert example in opened(note, [example])[1]
    with pytest.raises(Unproved):
        opened(note.replace("answer", "Answer"), [example])


def test_a_witness_cosigns_what_grows(key: LogKey, witness: Witness) -> None:
    policy = Policy((*key.public(ORIGIN),), (witness.public,), 1)
    leaves = some(40)
    old = 0
    for size in (1, 7, 7, 40):
        note = head(key, leaves[:size])
        with pytest.raises(Unproved, match="见证不足"):
            policy.head(note)
        line = witness.add(question(old, leaves[:size], note))
        assert policy.head(note + line)[0].size == size
        old = size


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (409, lambda key: question(0, some(9), head(key, some(9)))),
        (422, lambda key: question(8, [leaf_hash(b"other"), *some(9)[1:]], head(key, [leaf_hash(b"other"), *some(9)[1:]]))),
        (409, lambda key: question(8, [leaf_hash(b"other"), *some(8)[1:]], head(key, [leaf_hash(b"other"), *some(8)[1:]]))),
        (400, lambda key: question(5, some(5), head(key, some(5))).replace("old 5", "old 8")),
        (404, lambda key: question(8, some(9), head(key, some(9), "gongkai.test/review"))),
        (403, lambda _key: question(8, some(9), Checkpoint(ORIGIN, 9, grew(some(9)).root()).text + "\n— other AAAAAAAA\n")),
        (400, lambda key: question(8, some(9), head(key, some(9)).replace("\n9\n", "\n10\n"))),
        (400, lambda _key: "nonsense"),
        (400, lambda key: question(8, some(9), head(key, some(9))).replace("old 8", "old -1")),
    ],
)
def test_a_witness_refuses_everything_else(key: LogKey, witness: Witness, status: int, asked: object) -> None:
    witness.add(question(0, some(8), head(key, some(8))))
    with pytest.raises(Refused) as refused:
        witness.add(asked(key))  # type: ignore[operator]
    assert refused.value.status == status
    if status == 409:
        assert refused.value.told == "8\n"
    # It still takes what follows on the head that it saw.
    assert witness.add(question(8, some(9), head(key, some(9))))


def test_a_witness_remembers_over_a_restart(key: LogKey, witness: Witness, tmp_path: Path) -> None:
    witness.add(question(0, some(8), head(key, some(8))))
    public = witness.public
    witness.close()
    again = Witness("w.test", key.public(ORIGIN), tmp_path / "witness")
    assert again.public == public
    with pytest.raises(Refused):
        again.add(question(0, some(5), head(key, some(5))))


def test_who_trusts_the_old_key_takes_the_new_ones_heads(key: LogKey, tmp_path: Path) -> None:
    old = Policy((*key.public(ORIGIN),), (), 0)
    rotated = key.rotated(tmp_path / "ledger.key")
    note = head(rotated, some(3))
    assert old.head(note)[0].size == 3
    assert Policy((rotated.public(ORIGIN)[0],), (), 0).head(note)[0].size == 3


def test_a_broken_file_of_keys_does_not_show_them(tmp_path: Path) -> None:
    file = tmp_path / "ledger.key"
    file.write_text("ab" * 31 + "zz\n", encoding="ascii")
    with pytest.raises(LogKeyError) as told:
        LogKey.load(file)
    assert "abab" not in str(told.value)
    assert told.value.__suppress_context__


@pytest.mark.parametrize(
    "text", ["", "quorum none", "log x", "log a+b+c", "witness w", "log {log}\nquorum w", "log {log}\ngroup g 1 w\nquorum g", "nothing"]
)
def test_a_file_of_keys_that_is_not_one_is_refused(key: LogKey, text: str) -> None:
    with pytest.raises(Unproved):
        Policy.parse(text.replace("{log}", str(key.public(ORIGIN)[0])))
