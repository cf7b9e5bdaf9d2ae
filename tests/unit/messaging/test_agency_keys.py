"""NATS keys as the field writes them, and the configuration that is made from them."""

import base64
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import example, given
from hypothesis import strategies as st

from shared.messaging.agencies.accounts import accounts, exports
from shared.messaging.agencies.nkey import WrongKey, check_public, new_seed, public_of, signed
from shared.platform.nats import find_server

SEED, PUBLIC = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY", "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"
"""The example of the NATS documentation."""


def test_the_published_example_holds() -> None:
    assert public_of(SEED) == PUBLIC
    assert check_public(PUBLIC) == PUBLIC


def test_what_is_signed_is_verified_by_the_public_key() -> None:
    seed = new_seed()
    public = public_of(seed)
    assert (len(seed), seed[:2], len(public), public[0]) == (58, "SU", 56, "U")
    raw = base64.b32decode(public)[1:33]
    Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(signed(seed, "nonce")), b"nonce")


@example(57, "Z")
@given(st.integers(0, 57), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_a_mistyped_key_is_found_and_never_shown(at: int, letter: str) -> None:
    wrong = SEED[:at] + letter + SEED[at + 1 :]
    if wrong == SEED:
        return
    with pytest.raises(WrongKey) as told:
        public_of(wrong)
    assert wrong not in str(told.value)
    assert told.value.__context__ is None


@pytest.mark.parametrize("wrong", ["", "U", SEED, "全", PUBLIC[:-1], PUBLIC.lower(), "O" + PUBLIC[1:]])
def test_what_is_no_public_key_of_a_user_is_refused(wrong: str) -> None:
    with pytest.raises(WrongKey):
        check_public(wrong)


def checked(directory: Path, agencies: str, offered: str) -> int:
    """What the server itself says of a configuration."""
    file = directory / "nats.conf"
    file.write_text(
        f'accounts {{ PLATFORM {{ jetstream: enabled, users: [ {{ user: a, password: b }} ]\n{offered} }}\n{agencies} }}\njetstream {{ store_dir: "{directory}" }}\n',
        encoding="utf-8",
    )
    return subprocess.run([str(find_server()), "-t", "-c", str(file)], capture_output=True, timeout=20, check=False).returncode


def test_the_server_takes_what_is_made(tmp_path: Path) -> None:
    keys = {"guyuan-cz": [PUBLIC], "gy-shuiwu": [public_of(new_seed()), public_of(new_seed())]}
    assert checked(tmp_path, accounts(keys), exports(keys)) == 0
    assert checked(tmp_path, accounts({}), exports({})) == 0


def test_the_server_refuses_an_agency_that_imports_what_is_anothers(tmp_path: Path) -> None:
    keys = {"guyuan-cz": [PUBLIC], "gy-shuiwu": [public_of(new_seed())]}
    stolen = accounts(keys).replace('subject: "agency.gy-shuiwu.>"', 'subject: "agency.guyuan-cz.>"')
    assert stolen != accounts(keys)
    assert checked(tmp_path, stolen, exports(keys)) != 0
