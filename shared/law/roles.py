"""The roles that a person may hold within an agency, and those that one person may not hold together (roles.toml)."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role: its Chinese title, and the roles that the same person may not hold beside it, and whether one person alone
    holds it in an agency at a time (others may stand in for that person).
    """

    title: str
    never_with: frozenset[str] = frozenset()
    sole: bool = False


ROLES: dict[str, Role] = msgspec.convert(
    tomllib.loads((Path(__file__).parent / "roles.toml").read_text("utf-8")),
    dict[str, Role],
)
"""Every role by its identifier."""


def incompatible(roles: Iterable[str]) -> tuple[str, ...]:
    """Those of these roles that one person may not hold together, in alphabetical order; empty if all may."""
    held = frozenset(roles)
    return tuple(sorted(role for role in held if role in ROLES and ROLES[role].never_with & held))
