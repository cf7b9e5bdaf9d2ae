"""Passwords: which are good enough, and how they are kept (argon2id, a tenth of a second each, off the event loop, two at a time)."""

import asyncio
import secrets
import string
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from shared.kernel.errors import Invalid

LENGTH = 12
"""The fewest characters (GB/T 22239, 8.1.4.1 a; ASVS 6.2.1)."""

LONGEST = 128
CLASSES = 3
"""How many of lower, upper, digits and others must occur."""

_hasher = PasswordHasher()
_places = ThreadPoolExecutor(2, thread_name_prefix="passwords")


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
    plain = password.lower()
    bare = "".join(letter for letter in plain if letter.isalpha())
    if (
        login.lower() in plain
        or bare in common_words()
        or any(plain.startswith(word) and len(plain) - len(word) < 6 for word in common_words() if len(word) > 4)
    ):
        raise Invalid(
            "password-common",
            "口令太容易被猜到，请不要使用登录名、常见词或键盘顺序。",
            fields=[{"field": "password", "sentence": "太常见"}],
        )


async def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    return await asyncio.get_running_loop().run_in_executor(_places, _hasher.hash, password)


async def matches(hash: str | None, password: str) -> bool:
    """Whether a password fits; takes as long where there is no account."""
    fits = await asyncio.get_running_loop().run_in_executor(_places, lambda: _verify(hash or _nobody(), password))
    return fits and hash is not None


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
