"""Agencies, their units, their rulebook, their announced years and, where they are simulated, their day."""

from datetime import date

import pytest

from shared.access.agency.commands import (
    AdoptRulebook,
    AnnounceCalendar,
    CloseUnit,
    FoundAgency,
    OpenUnit,
    RenameUnit,
    SetSimulatedDay,
)
from shared.access.agency.decisions import agency
from shared.access.agency.events import (
    AgencyFounded,
    CalendarYearAnnounced,
    RulebookAdopted,
    SimulatedDaySet,
    UnitClosed,
    UnitOpened,
    UnitRenamed,
)
from tests.specification import AGENCY, Specification, given, person

FOUNDED = AgencyFounded(code=AGENCY.code, name=AGENCY.name, rulebook="decree-711", simulated=True)
REAL = AgencyFounded(code=AGENCY.code, name=AGENCY.name, rulebook="decree-711")
STATUTORY = (date(2027, 1, 1), date(2027, 5, 1), date(2027, 5, 2), date(2027, 10, 1), date(2027, 10, 2), date(2027, 10, 3))
ADMINISTRATOR = person("sysadmin", "system_administrator")


def founded(*more: object, simulated: bool = True) -> Specification:
    return given(agency, FOUNDED if simulated else REAL, *more)  # type: ignore[arg-type]


def test_an_agency_is_founded_once() -> None:
    command = FoundAgency(code=AGENCY.code, name=AGENCY.name, simulated=True)
    given(agency).when(command, by=ADMINISTRATOR).then(FOUNDED)
    founded().when(command, by=ADMINISTRATOR).refused("agency-exists")


def test_an_agency_has_a_rulebook_that_exists() -> None:
    given(agency).when(FoundAgency(code="somewhere", name="某局", rulebook="decree-1")).refused("no-rulebook")
    founded().when(AdoptRulebook(rulebook="bureau-2019")).then(RulebookAdopted(rulebook="bureau-2019"))
    founded().when(AdoptRulebook(rulebook="decree-711")).refused("rulebook-in-use")
    founded().when(AdoptRulebook(rulebook="decree-1")).refused("no-rulebook")


@pytest.mark.parametrize("code", ["G", "1abc", "局", "a b", "x" * 40])
def test_a_code_is_plain(code: str) -> None:
    with pytest.raises(ValueError, match="code"):
        FoundAgency(code=code, name="某局")


def test_the_code_of_a_unit_is_used_once_even_after_its_end() -> None:
    opened = UnitOpened(unit="zonghe", name="综合科")
    founded().when(OpenUnit(unit="zonghe", name="综合科")).then(opened)
    founded(opened).when(OpenUnit(unit="zonghe", name="另一科")).refused("unit-exists")
    founded(opened, UnitClosed(unit="zonghe", reason="改革")).when(OpenUnit(unit="zonghe", name="另一科")).refused("unit-exists")


def test_an_open_unit_is_renamed_or_closed() -> None:
    opened = UnitOpened(unit="zonghe", name="综合科")
    founded(opened).when(RenameUnit(unit="zonghe", name="协调科")).then(UnitRenamed(unit="zonghe", name="协调科"))
    founded(opened).when(CloseUnit(unit="zonghe", reason="改革")).then(UnitClosed(unit="zonghe", reason="改革"))
    for command in (RenameUnit(unit="zonghe", name="协调科"), CloseUnit(unit="zonghe", reason="改革")):
        founded(opened, UnitClosed(unit="zonghe", reason="改革")).when(command).refused("no-such-unit")
        founded().when(command).refused("no-such-unit")


def test_only_a_simulated_agency_has_another_day() -> None:
    day = SetSimulatedDay(day=date(2027, 3, 1))
    founded().when(day).then(SimulatedDaySet(day=date(2027, 3, 1)))
    founded(SimulatedDaySet(day=date(2027, 3, 1))).when(day).refused("day-already-set")
    founded(SimulatedDaySet(day=date(2027, 3, 1))).when(SetSimulatedDay()).then(SimulatedDaySet(day=None))
    founded(simulated=False).when(day).refused("real-clock")


def test_a_year_is_announced_once_and_without_faults() -> None:
    command = AnnounceCalendar(year=2027, holidays=STATUTORY, source="国办发明电〔2026〕示例号")
    outcome = founded().when(command)
    outcome.records(CalendarYearAnnounced)
    outcome.later().when(command).refused("year-announced")
    wrong = command.model_copy(update={"holidays": STATUTORY[1:]})
    founded().when(wrong).refused("year-faulty")


def test_nobody_acts_on_another_agency() -> None:
    elsewhere = given(agency, AgencyFounded(code="elsewhere", name="某局", rulebook="decree-711", simulated=True))
    for command in (
        OpenUnit(unit="zonghe", name="综合科"),
        AdoptRulebook(rulebook="bureau-2019"),
        SetSimulatedDay(day=date(2027, 3, 1)),
        AnnounceCalendar(year=2027, holidays=(), source="国办发明电"),
        RenameUnit(unit="zonghe", name="协调科"),
        CloseUnit(unit="zonghe", reason="改革"),
    ):
        elsewhere.when(command, by=ADMINISTRATOR).refused("other-agency")
