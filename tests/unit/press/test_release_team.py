"""Who speaks for the agency (XW-03, XW-04, XW-08; YQ-03.5a): under both rulebooks the same organisation."""

from datetime import timedelta
from typing import Any, cast, get_args
from uuid import UUID

import pytest

from services.press.release_team.commands import (
    AppointLiaison,
    AppointSpokesperson,
    ChangeGroup,
    ConstituteGroup,
    DesignateResponseUnit,
    DismissLiaison,
    DismissSpokesperson,
    HoldTraining,
    JoinNetwork,
    LeaveNetwork,
    Rank,
)
from services.press.release_team.events import (
    GroupConstituted,
    LiaisonAppointed,
    LiaisonDismissed,
    Member,
    NetworkJoined,
    NetworkLeft,
    ResponseUnitDesignated,
    SpokespersonAppointed,
    SpokespersonDismissed,
    TrainingHeld,
)
from services.press.release_team.guards import check_responder
from services.press.release_team.ranks import RANKS
from services.press.release_team.state import ReleaseTeam, release_team, team_id
from shared.kernel.errors import Refused
from shared.kernel.identity import derived_id
from tests.specification import AGENCY, DAY, Outcome, Specification, given, person

GENERAL = person("general", "general_office")
CHIEF, DEPUTY, SPEAKER, LIAISON, CLERK = (derived_id("person", name) for name in ("chief", "deputy", "speaker", "liaison", "clerk"))
NOBODY = derived_id("person", "nobody")
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
MEMBERS = [
    {"person": str(CHIEF), "rank": "bureau_head", "duty": "head"},
    {"person": str(DEPUTY), "rank": "deputy_head", "duty": "lead"},
    {"person": str(SPEAKER), "rank": "general_office_head"},
]


def team(state: Any) -> ReleaseTeam:
    """The organisation that speaks."""
    return cast("ReleaseTeam", state)


def constituting(members: list[dict[str, str]], book: str = "decree-711") -> Outcome:
    """The leading group is constituted of these."""
    start = given(release_team, id=team_id(AGENCY.code)).under(book).with_units("zonghe", "touzi")
    command = ConstituteGroup.model_validate({"members": members, "document": "局办〔2025〕3号"})
    return start.with_people(CHIEF, DEPUTY, SPEAKER, LIAISON, CLERK).when(command, by=GENERAL)


def constituted(book: str = "decree-711") -> Specification:
    return constituting(MEMBERS, book).records(GroupConstituted).later()


def appoint(who: UUID = SPEAKER, rank: str = "general_office_head") -> AppointSpokesperson:
    return AppointSpokesperson.model_validate({"person": who, "rank": rank, "document": "局办〔2025〕3号"})


def people(*ids: UUID) -> list[dict[str, str]]:
    return [{"person": str(one)} for one in ids]


def training(*ids: UUID) -> HoldTraining:
    return HoldTraining.model_validate({"topic": "突发事件发布", "attended": people(*ids), "evidence": "签到表"})


def designate(unit: str, *ids: UUID) -> DesignateResponseUnit:
    return DesignateResponseUnit.model_validate({"unit": unit, "people": people(*ids), "document": "局办〔2025〕4号"})


def test_the_form_and_the_data_name_the_same_ranks() -> None:
    assert list(get_args(Rank)) == list(RANKS.ranks)


@pytest.mark.rule("XW-03")
@BOOKS
def test_the_leading_group_has_its_members_by_a_document(book: str) -> None:
    state = team(constituted(book).state)
    assert [one.person for one in state.members] == [CHIEF, DEPUTY, SPEAKER]
    assert state.id == team_id(AGENCY.code), "an agency has one"
    again = constituted(book)
    again.when(ConstituteGroup.model_validate({"members": MEMBERS, "document": "局办〔2025〕5号"}), by=GENERAL).refused("group-constituted")
    again.when(ChangeGroup.model_validate({"members": MEMBERS, "document": "局办〔2025〕5号"}), by=GENERAL).refused("group-unchanged")
    other = ChangeGroup.model_validate({"members": MEMBERS[:2], "document": "局办〔2025〕5号"})
    assert len(team(again.when(other, by=GENERAL).records(GroupConstituted).later().state).members) == 2
    constituting([*MEMBERS, {"person": str(NOBODY), "rank": "staff"}], book).refused("no-such-person")
    constituting([*MEMBERS, MEMBERS[0]], book).refused("person-twice")


@pytest.mark.rule("XW-04b")
@BOOKS
def test_the_deputy_director_in_charge_leads(book: str) -> None:
    assert team(constituted(book).state).lead == DEPUTY
    constituting([MEMBERS[0], MEMBERS[2]], book).refused("one-lead")
    constituting([*MEMBERS, {"person": str(CLERK), "rank": "deputy_head", "duty": "lead"}], book).refused("one-lead")
    refusal = constituting([MEMBERS[1] | {"rank": "unit_head"}, MEMBERS[2]], book).refused("lead-rank")
    assert refusal.article
    assert refusal.remedy


@pytest.mark.rule("XW-04b")
@BOOKS
@pytest.mark.parametrize(("rank", "may"), [(rank, rank not in ("unit_head", "staff")) for rank in RANKS.ranks])
def test_a_spokesperson_is_head_of_the_general_office_or_higher(book: str, rank: str, may: bool) -> None:
    outcome = constituted(book).when(appoint(rank=rank), by=GENERAL)
    if not may:
        assert "综合科负责人及以上" in outcome.refused("rank-too-low").sentence
        return
    appointed = outcome.records(SpokespersonAppointed).later()
    assert team(appointed.state).speaks(SPEAKER)
    appointed.when(appoint(), by=GENERAL).refused("spokesperson-already")
    gone = appointed.when(DismissSpokesperson(person=SPEAKER, reason="岗位调整"), by=GENERAL).records(SpokespersonDismissed).later()
    assert not team(gone.state).speaks(SPEAKER)
    gone.when(DismissSpokesperson(person=SPEAKER, reason="岗位调整"), by=GENERAL).refused("no-spokesperson")
    gone.when(appoint(), by=GENERAL).records(SpokespersonAppointed)


def test_only_officials_of_the_agency_belong_to_it() -> None:
    constituted().when(appoint(NOBODY), by=GENERAL).refused("no-such-person")
    constituted().when(AppointLiaison(person=NOBODY), by=GENERAL).refused("no-such-person")
    constituted().when(JoinNetwork(unit="touzi", person=NOBODY), by=GENERAL).refused("no-such-person")
    constituted().when(designate("zonghe", NOBODY), by=GENERAL).refused("no-such-person")


@pytest.mark.rule("XW-04c")
@BOOKS
def test_liaison_officers_do_the_office_work(book: str) -> None:
    case = constituted(book).when(AppointLiaison(person=LIAISON), by=GENERAL).records(LiaisonAppointed).later()
    assert team(case.state).liaisons == (LIAISON,)
    case.when(AppointLiaison(person=LIAISON), by=GENERAL).refused("liaison-already")
    gone = case.when(DismissLiaison(person=LIAISON, reason="岗位调整"), by=GENERAL).records(LiaisonDismissed).later()
    gone.when(DismissLiaison(person=LIAISON, reason="岗位调整"), by=GENERAL).refused("no-liaison")


@pytest.mark.rule("XW-08.2", "XW-08.3")
@BOOKS
def test_every_unit_has_somebody_in_the_network(book: str) -> None:
    case = constituted(book).when(JoinNetwork(unit="touzi", person=CLERK), by=GENERAL).records(NetworkJoined).later()
    case.when(JoinNetwork(unit="touzi", person=CLERK), by=GENERAL).refused("in-network-already")
    case.when(JoinNetwork(unit="nowhere", person=CLERK), by=GENERAL).refused("no-such-unit")
    replaced = case.when(JoinNetwork(unit="touzi", person=LIAISON), by=GENERAL).later()
    assert team(replaced.state).network == {"touzi": LIAISON}
    gone = replaced.when(LeaveNetwork(unit="touzi", reason="科室合并"), by=GENERAL).records(NetworkLeft).later()
    gone.when(LeaveNetwork(unit="touzi", reason="科室合并"), by=GENERAL).refused("not-in-network")


@pytest.mark.rule("XW-08.3")
@BOOKS
def test_the_team_is_trained_and_who_was_not_is_known(book: str) -> None:
    constituted(book).when(training(SPEAKER), by=GENERAL).refused("nobody-to-train")
    case = constituted(book).when(appoint(), by=GENERAL).later().when(AppointLiaison(person=LIAISON), by=GENERAL).later()
    case.when(training(SPEAKER, CLERK), by=GENERAL).refused("not-of-the-team")
    assert team(case.state).untrained == (SPEAKER, LIAISON)
    trained = case.on(DAY + timedelta(1)).when(training(SPEAKER, SPEAKER), by=GENERAL).records(TrainingHeld).later()
    (held,) = team(trained.state).trainings
    assert (held.attended, held.on) == ((SPEAKER,), DAY + timedelta(1))
    assert team(trained.state).untrained == (LIAISON,)


@pytest.mark.rule("YQ-03.5a")
@BOOKS
def test_one_unit_responds_and_nobody_else(book: str) -> None:
    case = constituted(book)
    check_responder(team(case.state), [str(CLERK)])
    case.when(designate("nowhere", SPEAKER), by=GENERAL).refused("no-such-unit")
    named = case.when(designate("zonghe", SPEAKER), by=GENERAL).records(ResponseUnitDesignated).later()
    check_responder(team(named.state), [str(SPEAKER)])
    with pytest.raises(Refused) as refused:
        check_responder(team(named.state), [str(CLERK)])
    assert (refused.value.code, bool(refused.value.remedy)) == ("not-designated", True)
    other = named.when(designate("touzi", CLERK), by=GENERAL).later()
    check_responder(team(other.state), [str(CLERK)])
    assert team(other.state).designated == "touzi", "one unit: another takes its place"


def test_another_agencys_organisation_is_not_found() -> None:
    case = given(release_team, GroupConstituted(members=(Member(DEPUTY, "deputy_head", "lead"),), document="局办〔2025〕3号"))
    state = team(case.state)
    elsewhere = Specification(release_team, ReleaseTeam(id=state.id, version=1, agency="elsewhere"))
    elsewhere.when(AppointLiaison(person=LIAISON), by=GENERAL).refused("not-found")
