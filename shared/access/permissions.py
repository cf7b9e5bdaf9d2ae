"""The permission table: every capability of a rulebook, with the roles that have it, its article, and the commands that need it."""

from datetime import date

import msgspec

from shared.access.directory import Directory
from shared.kernel.commands import commands
from shared.law.roles import ROLES
from shared.law.rulebook import Rulebook


class Permission(msgspec.Struct, frozen=True):
    """A row: a capability that no command needs is one of reading. The platform's own capabilities rest on no article."""

    capability: str
    title: str
    roles: tuple[str, ...]
    article: str | None
    commands: tuple[str, ...]


def permissions(book: Rulebook) -> list[Permission]:
    """The rows of a rulebook, in the order of their capabilities."""
    needed: dict[str, list[str]] = {}
    for spec in commands.values():
        needed.setdefault(spec.capability, []).append(spec.name)
    return [
        Permission(name, one.title, one.roles, one.article, tuple(sorted(needed.get(name, ()))))
        for name, one in sorted(book.capabilities.items())
    ]


def vacancies(directory: Directory, agency: str, day: date) -> list[str]:
    """The roles that exactly one person has to hold (BM-06b) and nobody holds in its own right on a day. That two do, no command allows."""
    people = directory.people(agency)
    return [name for name, role in ROLES.items() if role.sole and not any(person.holds_itself(name, day) for person in people)]
