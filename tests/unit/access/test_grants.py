"""Who may hold which role, and who may give it."""

from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from msgspec.structs import replace

from shared.access.agency.commands import agency_id
from shared.access.agency.decisions import Agency, Holder
from shared.access.agency.decisions import agency as agencies
from shared.access.agency.events import SoleRoleFilled, SoleRoleVacated
from shared.access.person.commands import EnrolPerson, GiveGrant, RevokeGrant
from shared.access.person.decisions import Grant, Person
from shared.access.person.decisions import person as people
from shared.access.person.events import GrantGiven, GrantRevoked, PersonEnrolled
from shared.kernel.commands import On
from shared.kernel.events import Actor, Event
from shared.kernel.identity import derived_id
from shared.law.roles import ROLES
from tests.specification import AGENCY, CASE, DAY, Outcome, Specification, given, person, play

SECURITY = person("secadmin", "security_administrator")
ENROLLED = PersonEnrolled(name="王审批", office="科员")
HERE = Agency(id=agency_id(AGENCY.code), version=1, code=AGENCY.code, units=("zonghe",))
THREE = ("system_administrator", "security_administrator", "audit_administrator")
GRANT = derived_id("test", "grant")
OTHER = derived_id("person", "other")


def enrolled(*grants: GrantGiven) -> Specification:
    return given(people, ENROLLED, *grants).beside(HERE)


def holding(role: str, *, since: date = DAY, until: date | None = None, grant: UUID = GRANT, unit: str | None = None) -> GrantGiven:
    return GrantGiven(grant=grant, role=role, since=since, until=until, unit=unit)


def principal(*roles: str, agency: str = AGENCY.code, delegated_by: str | None = None) -> Person:
    grants = tuple(Grant(derived_id("grant", role), role, None, DAY, None, delegated_by) for role in roles)
    return Person(id=OTHER, version=1, agency=agency, name="李主任", office="主任", grants=grants)


def test_a_person_is_enrolled_in_a_unit_that_is_open() -> None:
    given(people).beside(HERE).when(EnrolPerson(name="王审批", office="科员", unit="zonghe")).records(PersonEnrolled)
    given(people).beside(HERE).when(EnrolPerson(name="王审批", office="科员", unit="chufang")).refused("no-such-unit")


@pytest.mark.rule("YS-11")
@pytest.mark.parametrize("role", ["head_of_leading_group", "head_of_disclosure_office", "disclosure_office"])
def test_the_leading_group_and_the_office_are_filled_by_grants(role: str) -> None:
    enrolled().when(GiveGrant(role=role), by=SECURITY).records(GrantGiven)
    assert role in ROLES


def test_a_role_is_given_for_a_unit_from_a_day_to_a_day() -> None:
    command = GiveGrant(role="clerk", unit="zonghe", since=date(2025, 10, 1), until=date(2025, 12, 31))
    (event,) = enrolled().when(command, by=SECURITY).events
    assert isinstance(event, GrantGiven)
    assert (event.role, event.unit, event.since, event.until) == ("clerk", "zonghe", date(2025, 10, 1), date(2025, 12, 31))


def test_without_a_day_a_role_begins_today_and_lasts() -> None:
    (event,) = enrolled().when(GiveGrant(role="clerk"), by=SECURITY).events
    assert isinstance(event, GrantGiven)
    assert (event.since, event.until) == (DAY, None)


@pytest.mark.parametrize("role", ["public", "system", "emperor"])
def test_only_a_role_of_officials_is_given(role: str) -> None:
    enrolled().when(GiveGrant(role=role), by=SECURITY).refused("no-such-role")


def test_a_role_is_given_in_units_that_are_open_and_in_order_of_days() -> None:
    enrolled().when(GiveGrant(role="clerk", unit="chufang"), by=SECURITY).refused("no-such-unit")
    enrolled().when(GiveGrant(role="clerk", until=DAY - timedelta(1)), by=SECURITY).refused("grant-ends-before-it-begins")


def test_the_same_role_is_not_given_twice() -> None:
    enrolled(holding("clerk")).when(GiveGrant(role="clerk"), by=SECURITY).refused("already-granted")
    enrolled(holding("clerk", unit="zonghe")).when(GiveGrant(role="clerk"), by=SECURITY).records(GrantGiven)


@pytest.mark.parametrize(("held", "wanted"), [*permutations(THREE, 2)])
def test_the_three_administrators_never_coincide(held: str, wanted: str) -> None:
    refusal = enrolled(holding(held)).when(GiveGrant(role=wanted), by=SECURITY).refused("incompatible-roles")
    assert "不能由同一人担任" in refusal.sentence


@pytest.mark.parametrize(("held", "wanted"), [*permutations(THREE, 2)])
def test_nor_do_they_later_or_by_delegation(held: str, wanted: str) -> None:
    future = holding(held, since=DAY + timedelta(30))
    enrolled(future).when(GiveGrant(role=wanted, until=DAY + timedelta(10)), by=SECURITY).refused("incompatible-roles")
    delegation = GiveGrant(role=wanted, principal=OTHER)
    enrolled(holding(held)).beside(HERE, principal(wanted)).when(delegation, by=SECURITY).refused("incompatible-roles")


def test_what_has_ended_is_no_obstacle() -> None:
    over = holding(THREE[0], since=DAY - timedelta(30), until=DAY - timedelta(1))
    enrolled(over).when(GiveGrant(role=THREE[1]), by=SECURITY).records(GrantGiven)
    enrolled(holding(THREE[0]), GrantRevoked(grant=GRANT, reason="轮岗")).when(GiveGrant(role=THREE[1]), by=SECURITY).records(GrantGiven)  # type: ignore[arg-type]


def test_nobody_gives_or_takes_their_own_roles() -> None:
    themselves = Actor(str(CASE), ("security_administrator",))
    enrolled().when(GiveGrant(role="clerk"), by=themselves).refused("grant-to-oneself")
    enrolled(holding("clerk")).when(RevokeGrant(grant=GRANT, reason="不需要"), by=themselves).refused("revoke-from-oneself")
    standing_in = Actor(str(OTHER), ("security_administrator",), principal=str(CASE))
    enrolled().when(GiveGrant(role="clerk"), by=standing_in).refused("grant-to-oneself")


def test_a_delegation_names_who_holds_the_role() -> None:
    delegation = GiveGrant(role="leader_in_charge", principal=OTHER)
    (event,) = enrolled().beside(HERE, principal("leader_in_charge")).when(delegation, by=SECURITY).events
    assert isinstance(event, GrantGiven)
    assert event.principal == str(OTHER)
    enrolled().beside(HERE, principal("clerk")).when(delegation, by=SECURITY).refused("principal-without-role")
    enrolled().beside(HERE, principal("leader_in_charge", agency="elsewhere")).when(delegation, by=SECURITY).refused("no-such-principal")
    enrolled().beside(HERE, Person(id=OTHER)).when(delegation, by=SECURITY).refused("no-such-principal")


def test_what_was_delegated_is_not_delegated_on() -> None:
    second_hand = principal("leader_in_charge", delegated_by=str(derived_id("person", "third")))
    enrolled().beside(HERE, second_hand).when(GiveGrant(role="leader_in_charge", principal=OTHER), by=SECURITY).refused(
        "principal-without-role"
    )


def test_nobody_stands_in_for_oneself() -> None:
    own = Person(id=CASE, version=1, agency=AGENCY.code)
    enrolled().beside(HERE, own).when(GiveGrant(role="clerk", principal=CASE), by=SECURITY).refused("delegated-to-oneself")


def test_a_role_is_revoked_once() -> None:
    revoke = RevokeGrant(grant=GRANT, reason="调离")
    outcome = enrolled(holding("clerk")).when(revoke, by=SECURITY).then(GrantRevoked(grant=GRANT, reason="调离"))
    outcome.later().when(revoke, by=SECURITY).refused("no-such-grant")


def test_nobody_acts_on_people_of_another_agency() -> None:
    elsewhere = Specification(
        people, Person(id=CASE, version=2, agency="elsewhere", grants=(Grant(GRANT, "clerk", None, DAY, None, None),))
    )
    elsewhere.beside(HERE).when(GiveGrant(role="clerk"), by=SECURITY).refused("other-agency")
    elsewhere.when(RevokeGrant(grant=GRANT, reason="调离"), by=SECURITY).refused("other-agency")


LEADER = GiveGrant(role="leader_in_charge")


def led_by(person: UUID, since: date = DAY, until: date | None = None) -> Agency:
    return replace(HERE, holders=(Holder("leader_in_charge", person, GRANT, since, until),))


def of_the_agency(outcome: Outcome) -> list[Event]:
    assert outcome.decided is not None, outcome.problem
    return [item.event for item in outcome.decided.events if isinstance(item, On)]


@pytest.mark.rule("BM-06b")
def test_one_leader_is_in_charge_at_a_time() -> None:
    first = enrolled().when(LEADER, by=SECURITY).records(GrantGiven)
    (filled,) = of_the_agency(first)
    assert isinstance(filled, SoleRoleFilled)
    assert (filled.role, filled.person, filled.since) == ("leader_in_charge", CASE, DAY)
    refusal = enrolled().beside(led_by(OTHER)).when(LEADER, by=SECURITY).refused("sole-role-held")
    assert refusal.remedy
    enrolled().beside(replace(led_by(OTHER), units=("zonghe",))).when(
        GiveGrant(role="leader_in_charge", unit="zonghe"), by=SECURITY
    ).refused("sole-role-held")
    for role in sorted(set(ROLES) - {"leader_in_charge", "public", "system"}):
        assert of_the_agency(enrolled().beside(led_by(OTHER)).when(GiveGrant(role=role), by=SECURITY)) == []


@pytest.mark.rule("BM-06b")
@pytest.mark.parametrize(
    ("since", "until", "free"), [(-30, -1, True), (-30, 0, False), (11, None, True), (10, None, False), (-1, 5, False)]
)
def test_the_next_leader_follows_the_last_without_a_common_day(since: int, until: int | None, free: bool) -> None:
    held = led_by(OTHER, DAY + timedelta(since), None if until is None else DAY + timedelta(until))
    wanted = GiveGrant(role="leader_in_charge", since=DAY, until=DAY + timedelta(10))
    outcome = enrolled().beside(held).when(wanted, by=SECURITY)
    if free:
        outcome.records(GrantGiven)
    else:
        outcome.refused("sole-role-held")


@pytest.mark.rule("BM-06b")
def test_with_the_revocation_another_may_lead() -> None:
    given_up = enrolled(holding("leader_in_charge")).beside(led_by(CASE)).when(RevokeGrant(grant=GRANT, reason="调离"), by=SECURITY)
    given_up.records(GrantRevoked)
    vacated = of_the_agency(given_up)
    assert vacated == [SoleRoleVacated(role="leader_in_charge", grant=GRANT)]
    after = play(agencies, led_by(CASE), vacated, DAY)
    assert isinstance(after, Agency)
    assert after.holders == ()
    another = derived_id("test", "another grant")
    clerk = enrolled(holding("clerk", grant=another)).beside(led_by(OTHER)).when(RevokeGrant(grant=another, reason="轮岗"), by=SECURITY)
    assert of_the_agency(clerk) == []


@pytest.mark.rule("BM-06b")
def test_who_stands_in_for_the_leader_is_no_second_leader() -> None:
    standing_in = GiveGrant(role="leader_in_charge", principal=OTHER)
    outcome = enrolled().beside(led_by(OTHER), principal("leader_in_charge")).when(standing_in, by=SECURITY).records(GrantGiven)
    assert of_the_agency(outcome) == []
