"""The permission table: every command has a capability, which every rulebook gives to somebody, under an article where the law is asked."""

from datetime import timedelta

import pytest

from shared.access.permissions import permissions, vacancies
from shared.access.person.events import GrantRevoked
from shared.kernel.clocks import today
from shared.kernel.commands import commands
from shared.kernel.program import SERVICES, load_service
from shared.law.roles import ROLES
from shared.law.rulebook import Rulebook, rulebooks
from tests.unit.access.test_directory import HERE, LI, WANG, Log

for name in SERVICES:
    load_service(name)

# What signing in itself records (sessions, failures, passwords) is nobody's permission: it has no route, and nobody is signed in yet.
DECLARED = [
    spec for spec in commands.values() if spec.service in (*SERVICES, "access") and spec.cls.__module__.startswith(("services.", "shared."))
]


@pytest.mark.parametrize("book", rulebooks(), ids=lambda book: book.id)
def test_every_command_is_somebodys_in_every_rulebook(book: Rulebook) -> None:
    rows = {row.capability: row for row in permissions(book)}
    for spec in DECLARED:
        if spec.capability == "access.sign_in":
            assert spec.internal, f"{spec.name} has a route, so somebody has to have its capability"
            continue
        row = rows.get(spec.capability)
        assert row is not None, f"{spec.name}: give {spec.capability} to roles in capabilities.toml"
        assert spec.name in row.commands
        assert row.roles, f"{spec.capability} is nobody's"
        assert set(row.roles) <= set(ROLES)
        assert row.article or spec.service == "access", f"{spec.capability}: name its article in {book.id}"


@pytest.mark.rule("BM-06b")
def test_an_agency_without_its_one_leader_is_found() -> None:
    log = Log()
    assert vacancies(log.directory, HERE, today()) == ["leader_in_charge"]
    log.give(LI, "leader_in_charge", days=(0, 5))
    log.give(WANG, "leader_in_charge", days=(0, 9), principal=str(LI))
    assert vacancies(log.directory, HERE, today()) == []
    assert vacancies(log.directory, HERE, today() + timedelta(6)) == ["leader_in_charge"], "who stands in is not the leader"
    grant = log.directory.people(HERE)[1].grants[0].id
    log.tell(LI, GrantRevoked(grant=grant, reason="调离"))
    assert vacancies(log.directory, HERE, today()) == ["leader_in_charge"]
