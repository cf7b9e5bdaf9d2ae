"""The register of a year: who answers, what each unit owns, what is nobody's (DX-02)."""

from typing import Any, cast, get_args

import pytest

from services.audit.service_register.commands import AssignRole, ConfirmRegister, MapOwnership, OpenRegister, register_id
from services.audit.service_register.events import OwnershipMapped, RegisterConfirmed, RegisterOpened, RoleAssigned, UnitsUpdated
from services.audit.service_register.roles import DUTIES
from services.audit.service_register.state import ServiceRegister, service_register
from tests.specification import AGENCY, Outcome, Specification, given, person

OFFICE = person("office", "disclosure_office")
PARTY = person("party", "party_group")
UNITS = ("zonghe", "shenpi")
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])


def register(state: Any) -> ServiceRegister:
    return cast("ServiceRegister", state)


def opened(book: str = "decree-711") -> Outcome:
    command = OpenRegister(year=2025).among(UNITS)
    return given(service_register).under(book).with_units(*UNITS, "xinxi").when(command, by=OFFICE)


def started(book: str = "decree-711") -> Specification:
    return opened(book).then(RegisterOpened(year=2025, units=UNITS)).later()


def with_roles(case: Specification) -> Specification:
    for role, holder in (("party_group", {"person": "p1"}), ("director", {"person": "p2"}), ("coordinating_office", {"unit": "zonghe"})):
        case = case.when(AssignRole.model_validate({"role": role, **holder}), by=OFFICE).records(RoleAssigned).later()
    return case


def full(book: str = "decree-711") -> Specification:
    case = with_roles(started(book))
    for unit, item in (("zonghe", "部门预算"), ("shenpi", "许可事项")):
        case = case.when(MapOwnership(unit=unit, items=(item,), head="p3"), by=OFFICE).records(OwnershipMapped).later()
    return case


@pytest.mark.rule("DX-02a")
@BOOKS
def test_party_group_and_director_are_registered_and_confirm_every_year(book: str) -> None:
    case = full(book)
    confirmed = case.when(ConfirmRegister().among(UNITS), by=PARTY).then(RegisterConfirmed())
    assert register(confirmed.state).confirmed_by == PARTY.person
    confirmed.later().when(ConfirmRegister().among(UNITS), by=PARTY).refused("confirmed-already")
    other = AssignRole(role="director", person="p9", reason="调任")
    changed = confirmed.later().when(other, by=OFFICE).then(RoleAssigned(role="director", holder="p9", reason="调任"))
    assert not register(changed.state).confirmed, "what has changed is confirmed again"
    changed.later().when(ConfirmRegister().among(UNITS), by=PARTY).then(RegisterConfirmed())


@pytest.mark.rule("DX-02a")
def test_a_year_has_one_register_and_a_change_has_a_reason() -> None:
    started().when(OpenRegister(year=2025).among(UNITS), by=OFFICE).refused("register-exists")
    given(service_register).when(OpenRegister(year=2030), by=OFFICE).refused("year-far")
    case = with_roles(started())
    case.when(AssignRole(role="director", person="p9"), by=OFFICE).refused("reason-missing")
    case.when(AssignRole(role="director", person="p2", reason="无"), by=OFFICE).refused("same-holder")
    case.when(AssignRole(role="director", unit="zonghe", reason="无"), by=OFFICE).refused("wrong-holder")
    case.when(AssignRole(role="coordinating_office", unit="caiwu", reason="无"), by=OFFICE).refused("no-such-unit")
    assert register_id(AGENCY.code, 2025) == register_id(AGENCY.code, 2025) != register_id(AGENCY.code, 2026)


@pytest.mark.rule("DX-02b")
@BOOKS
def test_every_unit_owns_its_items_and_what_is_nobodys_is_shown(book: str) -> None:
    case = with_roles(started(book))
    assert register(case.state).missing_units == UNITS
    refusal = case.when(ConfirmRegister().among(UNITS), by=PARTY).refused("unit-without-items")
    assert "zonghe" in refusal.sentence
    case = full(book)
    assert register(case.state).complete
    later = case.when(ConfirmRegister().among((*UNITS, "xinxi")), by=PARTY).refused("unit-without-items")
    assert "xinxi" in later.sentence, "a unit that was opened since owns its items too"
    new = case.when(MapOwnership(unit="xinxi", items=("政务新媒体",), head="p4"), by=OFFICE).records(UnitsUpdated, OwnershipMapped)
    new.later().when(ConfirmRegister().among((*UNITS, "xinxi")), by=PARTY).then(RegisterConfirmed())
    closed = new.later().when(ConfirmRegister().among(("zonghe", "xinxi")), by=PARTY).records(UnitsUpdated, RegisterConfirmed)
    assert set(register(closed.state).owned) == {"zonghe", "xinxi"}


@pytest.mark.rule("DX-02b")
def test_the_coordinating_office_is_named_and_an_item_has_one_owner() -> None:
    refusal = started().when(ConfirmRegister().among(UNITS), by=PARTY).refused("role-missing")
    assert "监察室" in refusal.sentence
    full().when(MapOwnership(unit="shenpi", items=("许可事项", "部门预算"), head="p3"), by=OFFICE).refused("owned-by-other")
    full().when(MapOwnership(unit="shenpi", items=("许可事项", "许可事项"), head="p3"), by=OFFICE).refused("item-twice")
    full().when(MapOwnership(unit="caiwu", items=("专项资金",), head="p3"), by=OFFICE).refused("no-such-unit")


def test_the_duties_of_the_form_are_those_of_the_file() -> None:
    assert get_args(AssignRole.model_fields["role"].annotation) == tuple(DUTIES)


def test_no_body_can_name_the_units() -> None:
    assert ConfirmRegister.model_validate({}).units_now == ()
    with pytest.raises(ValueError, match="units"):
        ConfirmRegister.model_validate({"units": ["zonghe"]})
    with pytest.raises(ValueError, match="_units"):
        ConfirmRegister.model_validate({"_units": ["zonghe"]})
