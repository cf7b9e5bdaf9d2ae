"""Which passwords are good enough (GB/T 22239 8.1.4.1 a; ASVS 6.2.4)."""

import asyncio
import time
from contextlib import suppress

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.access import passwords
from shared.kernel.errors import Invalid, Overloaded

GOOD = "Xuan8-chuang-Feng"


def refused(password: str, login: str = "wang.sp") -> str:
    with pytest.raises(Invalid) as told:
        passwords.check(password, login)
    assert not password or password not in told.value.sentence + str(told.value)
    return told.value.code


def test_a_good_one_is_taken() -> None:
    passwords.check(GOOD, "wang.sp")


@pytest.mark.parametrize("password", ["", "Ab1-", "Xuan8-chuan", "X1-" + "ab" * 63])
def test_twelve_characters_at_least_and_no_endless_ones(password: str) -> None:
    assert refused(password) == "password-length"


@pytest.mark.parametrize("password", ["xuanchuangfeng", "XUANCHUANGFENG", "xuanchuang2468", "24681357902468", "xuan-chuang-feng"])
def test_three_classes_of_characters(password: str) -> None:
    assert refused(password) == "password-classes"


@pytest.mark.parametrize(
    "password",
    [
        "Password1234",
        "P@ssw0rd2026!",
        "Gongkai2026!",
        "Gongkai@2026!!",
        "!!Gongkai2026",
        "Guyuan-Spj-26",
        "ZhengwuGongkai1",
        "1qaz2wsx3EDC",
        "Qwertyuiop1!",
        "Wang.sp-20261",
        "Aa1Aa1Aa1Aa1",
        "Admin888-root",
    ],
)
def test_what_guessers_try_first_is_refused(password: str) -> None:
    assert refused(password) == "password-common"


def test_a_made_up_one_is_good_and_never_the_same() -> None:
    made = {passwords.made_up() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check(password, "wang.sp")


@given(st.text(max_size=140))
@settings(max_examples=200, deadline=None)
def test_any_text_is_judged_without_a_fault(text: str) -> None:
    with suppress(Invalid):
        passwords.check(text, "wang.sp")


async def test_argon2id_and_nothing_else() -> None:
    hash = await passwords.hashed(GOOD)
    assert hash.startswith("$argon2id$")
    assert not PasswordHasher().check_needs_rehash(hash)
    assert await passwords.matches(hash, GOOD)
    assert not await passwords.matches(hash, GOOD + "x")
    assert not await passwords.matches(None, GOOD)
    assert await passwords.used_before((await passwords.hashed("another"), hash), GOOD)


async def test_an_unknown_login_takes_as_long() -> None:
    passwords.prepare()
    hash = await passwords.hashed(GOOD)

    async def quickest(of: str | None) -> float:
        taken = []
        for _ in range(4):
            started = time.process_time()
            await passwords.matches(of, "wrong")
            taken.append(time.process_time() - started)
        return min(taken)

    known, unknown = await quickest(hash), await quickest(None)
    assert 0.5 < unknown / known < 2


async def test_the_loop_goes_on_while_hashes_are_computed_and_a_flood_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAITING", 6)
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.process_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.process_time() - before)

    watching = asyncio.create_task(watch())
    outcomes = await asyncio.gather(*(passwords.matches(None, "x") for _ in range(passwords.WAITING + 4)), return_exceptions=True)
    watching.cancel()
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Overloaded)]
    assert len(refusals) == 4
    assert longest < 0.5
