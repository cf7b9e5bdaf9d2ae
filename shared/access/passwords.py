"""Passwords: which are good enough, and how they are kept (argon2id, a tenth of a second each, off the event loop, two at a time)."""

import asyncio
import secrets
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from shared.kernel.errors import Invalid, Overloaded

T = TypeVar("T")

LENGTH = 12
"""The fewest characters (GB/T 22239, 8.1.4.1 a; ASVS 6.2.1)."""

LONGEST = 128
CLASSES = 3
"""How many of lower, upper, digits and others must occur."""

REMAINING = 8
"""How many characters must remain when the login and the common words have been taken out."""

DISTINCT = 6
"""How many different characters must occur."""

AT_A_TIME = 2
"""Hashes that are computed at a time: each takes a tenth of a second of a core and 64 MiB."""

WAITING = 64
"""Hashes that may wait; more are refused, so that a flood of attempts can't fill memory."""

_hasher = PasswordHasher()
_places = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="passwords")
_waiting = 0
_LOOKALIKE = str.maketrans("@013457$!", "aoieastsi")


@cache
def common_words() -> tuple[str, ...]:
    """Words that guessers try first, pinyin and the field's own among them."""
    return tuple(
        line.strip() for line in (files("shared.access") / "common_passwords.txt").read_text(encoding="utf-8").splitlines() if line.strip()
    )


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def check(password: str, login: str) -> None:
    """Raises `Invalid` with what to do, if a password is not good enough."""
    if not LENGTH <= len(password) <= LONGEST:
        raise Invalid("password-length", f"口令应为 {LENGTH} 至 {LONGEST} 个字符。", fields=[{"field": "password", "sentence": "长度不符"}])
    kinds = sum(
        any(test(letter) for letter in password) for test in (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())
    )
    if kinds < CLASSES:
        raise Invalid(
            "password-classes",
            "口令应包含小写字母、大写字母、数字、符号中的至少三种。",
            fields=[{"field": "password", "sentence": "种类不足"}],
        )
    if guessable(password, login):
        raise Invalid(
            "password-common",
            "口令太容易被猜到，请不要使用登录名、常见词、重复或键盘顺序。",
            fields=[{"field": "password", "sentence": "太常见"}],
        )


def guessable(password: str, login: str) -> bool:
    """Whether little is left of a password without its common words (also as p@ssw0rd), or it repeats few characters."""
    if len(set(password)) < DISTINCT:
        return True
    words = sorted({*common_words(), login.lower()}, key=len, reverse=True)
    return any(len(_without(words, plain)) < REMAINING for plain in (password.lower(), password.lower().translate(_LOOKALIKE)))


def _without(words: list[str], plain: str) -> str:
    for word in words:
        plain = plain.replace(word, "")
    return plain


async def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    return await _computed(lambda: _hasher.hash(password))


async def matches(hash: str | None, password: str) -> bool:
    """Whether a password fits; takes as long where there is no account. Raises `Overloaded` when too many wait."""
    fits = await _computed(lambda: _verify(hash or _nobody(), password))
    return fits and hash is not None


async def _computed(work: Callable[[], T]) -> T:
    global _waiting  # noqa: PLW0603
    if _waiting >= WAITING:
        raise Overloaded("sign-in-busy", "登录的人太多，请稍后再试。", retry_after=5)
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_places, work)
    finally:
        _waiting -= 1


def prepare() -> None:
    """Makes ready what an unknown login is checked against, so that the first one takes no longer than a known login."""
    _nobody()


async def used_before(hashes: tuple[str, ...], password: str) -> bool:
    """Whether a password is one of these."""
    for hash in hashes:
        if await matches(hash, password):
            return True
    return False


def _verify(hash: str, password: str) -> bool:
    try:
        return _hasher.verify(hash, password)
    except VerificationError:
        return False


def made_up() -> str:
    """A random password that fulfils the rules: 16 characters, about 90 bits."""
    while True:
        password = "".join(secrets.choice(string.ascii_letters + string.digits + "-_.") for _ in range(16))
        try:
            check(password, "\0")
        except Invalid:
            continue
        return password
