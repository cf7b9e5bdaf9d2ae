"""Where agencies disagree: the competent one's opinion holds, else the competent department decides after a panel, and tells everyone in writing."""

import pytest

from services.review.coordination.commands import (
    AuthorisePublication,
    ConfirmRuling,
    ConvenePanel,
    EscalateForRuling,
    ParticipantIn,
    ResolveByCompetence,
)
from services.review.coordination.events import (
    Confirmed,
    CoordinationConcluded,
    EscalatedForRuling,
    LetterClosed,
    PanelConvened,
    PublicationAuthorised,
    ResolvedByCompetence,
    RulingConfirmed,
    RulingIssued,
)
from services.review.coordination.state import Stage
from tests.specification import AGENCY, Outcome, Specification
from tests.unit.review.letters import (
    BY_REQUESTS,
    DEPARTMENT,
    FINANCE,
    LEADER,
    OF_DEPARTMENT,
    OF_FINANCE,
    OF_WATER,
    OFFICER,
    PANEL,
    TO_FINANCE,
    TO_WATER,
    WATER,
    confirming,
    disputed,
    escalated,
    objecting,
    opened,
    ruled,
    ruling,
    silent,
    standing,
    state_of,
)

BASIS = "“三定”规定第三条"


def competence(code: str) -> ResolveByCompetence:
    """The content is this agency's to decide."""
    return ResolveByCompetence(competent=code, basis=BASIS)


def conclusion(outcome: Outcome) -> CoordinationConcluded:
    """What it came to."""
    (found,) = [event for event in outcome.events if isinstance(event, CoordinationConcluded)]
    return found


@pytest.mark.rule("XT-06.1")
@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
def test_an_agency_that_objects_loses_where_another_is_competent(book: str) -> None:
    outcome = disputed(TO_FINANCE, TO_WATER, book=book).when(competence(WATER), by=LEADER)
    outcome.records(ResolvedByCompetence, CoordinationConcluded, LetterClosed, LetterClosed)
    made = conclusion(outcome)
    assert (made.agreed, made.how) == (True, "competence")
    assert BASIS in made.opinion


@pytest.mark.rule("XT-06.1")
def test_and_prevails_where_the_content_is_its_own_to_decide() -> None:
    made = conclusion(disputed(TO_FINANCE, TO_WATER).when(competence(FINANCE), by=LEADER))
    assert (made.agreed, made.how) == (False, "competence")


@pytest.mark.rule("XT-06.1")
def test_the_asking_agencys_own_competence_needs_a_basis_and_another_person() -> None:
    case = disputed()
    assert conclusion(case.when(competence(AGENCY.code), by=LEADER)).agreed
    case.when(competence(AGENCY.code), by=BY_REQUESTS).refused("opener-resolves")
    case.when(competence("nobody"), by=LEADER).refused("not-concerned")


@pytest.mark.rule("XT-06.1")
def test_a_dispute_is_decided_when_all_have_answered_or_are_late() -> None:
    case = opened(TO_FINANCE, TO_WATER).when(objecting(), by=OF_FINANCE).later()
    case.when(competence(FINANCE), by=LEADER).refused("answers-awaited")
    late = silent(case, WATER).later()
    late.when(competence(WATER), by=LEADER).refused("competent-silent")
    late.when(competence(FINANCE), by=LEADER).records(ResolvedByCompetence, CoordinationConcluded, LetterClosed, LetterClosed)


@pytest.mark.rule("XT-06.2a")
def test_what_competence_does_not_settle_goes_to_the_department() -> None:
    outcome = disputed().when(EscalateForRuling(department=DEPARTMENT, name="固原市人民政府办公室", reason="双方均有部分权限"), by=OFFICER)
    outcome.then(
        EscalatedForRuling(
            department=DEPARTMENT,
            name="固原市人民政府办公室",
            reason="双方均有部分权限",
            item="2024年联合验收方案",
            coordination=outcome.state.id,
        )
    )
    case = outcome.later()
    assert DEPARTMENT in standing(case).shared_with
    case.when(confirming(), by=OF_FINANCE).refused("dispute-decided")
    case.when(competence(FINANCE), by=LEADER).refused("no-dispute")


@pytest.mark.rule("XT-06.2a")
def test_who_disagrees_does_not_decide_and_without_a_dispute_there_is_nothing_to_decide() -> None:
    for party in (FINANCE, AGENCY.code):
        disputed().when(EscalateForRuling(department=party, name="财政局", reason="不能认定"), by=OFFICER).refused("party-decides")
    opened().when(EscalateForRuling(name="市政府办", reason="不能认定"), by=OFFICER).refused("answers-awaited")
    unknown = EscalateForRuling(department="nobody", name="某部门", reason="不能认定")
    disputed().among(AGENCY.code, FINANCE).when(unknown, by=OFFICER).refused("no-such-agency")


@pytest.mark.rule("XT-06.2a")
def test_silence_that_is_no_consent_can_go_to_the_department_too() -> None:
    escalated(silent(opened()).later())


@pytest.mark.rule("XT-06.2b")
def test_the_panel_has_units_authority_and_experts() -> None:
    escalated().when(PANEL, by=OF_DEPARTMENT).records(PanelConvened)
    units = ConvenePanel(participants=(ParticipantIn(name="财政局", kind="unit"),), minutes="研究意见")
    assert "专家" in escalated().when(units, by=OF_DEPARTMENT).refused("panel-incomplete").sentence


@pytest.mark.rule("XT-06.2b")
def test_a_ruling_comes_after_the_panel_under_the_bureaus_rules() -> None:
    case = escalated(disputed(book="bureau-2019"))
    case.when(ruling(), by=OF_DEPARTMENT).refused("panel-missing")
    studied = case.when(PANEL, by=OF_DEPARTMENT).later()
    studied.when(ruling(), by=OF_DEPARTMENT).records(RulingIssued)


@pytest.mark.rule("XT-06.2b")
def test_the_decree_asks_for_no_panel() -> None:
    escalated().when(ruling(), by=OF_DEPARTMENT).records(RulingIssued)


@pytest.mark.rule("XT-06.2b")
def test_nobody_but_the_department_decides() -> None:
    for actor in (OF_FINANCE, OFFICER, OF_WATER):
        escalated().when(PANEL, by=actor).refused("department-decides")
    on_paper = escalated(department="")
    on_paper.when(ruling(), by=OFFICER).records(RulingIssued)
    on_paper.when(ruling(), by=OF_FINANCE).refused("department-decides")
    disputed().when(ruling(), by=OF_DEPARTMENT).refused("not-escalated")


@pytest.mark.rule("XT-06.2c")
@pytest.mark.parametrize("publish", [True, False])
def test_the_ruling_holds_when_every_unit_has_it_in_writing(publish: bool) -> None:
    case = ruled(publish, escalated(disputed(TO_FINANCE, TO_WATER)))
    assert standing(case).stage is Stage.RULED
    outcome = case.when(ConfirmRuling(document="固政办函〔2025〕32号"), by=OF_DEPARTMENT)
    outcome.records(RulingConfirmed, RulingConfirmed, RulingConfirmed, CoordinationConcluded, *[LetterClosed] * 3)
    told = [event.addressee for event in outcome.events if isinstance(event, RulingConfirmed)]
    assert told == [AGENCY.code, FINANCE, WATER]
    assert (conclusion(outcome).agreed, conclusion(outcome).how) == (publish, "ruling")
    assert state_of(outcome).stage is (Stage.AGREED if publish else Stage.REFUSED)


@pytest.mark.rule("XT-06.2c")
def test_there_is_nothing_to_confirm_before_a_ruling_and_nothing_to_rule_after() -> None:
    escalated().when(ConfirmRuling(document="函1号"), by=OF_DEPARTMENT).refused("no-ruling")
    ruled().when(ruling(), by=OF_DEPARTMENT).refused("ruled-already")


def approved(case: Specification, granted: bool = True) -> Outcome:
    """The approval comes in."""
    return case.when(AuthorisePublication(granted=granted, document="批复〔2025〕9号"), by=OFFICER)


def test_what_needs_an_approval_waits_for_it_although_all_agree() -> None:
    case = opened(approval_by="自治区统计局").when(confirming(), by=OF_FINANCE).records(Confirmed).later()
    assert standing(case).stage is Stage.UNAPPROVED
    assert conclusion(approved(case)).agreed
    refused = conclusion(approved(case, granted=False))
    assert (refused.agreed, refused.how) == (False, "approval")
    assert "自治区统计局" in refused.opinion


def test_an_approval_is_no_answer() -> None:
    case = approved(opened(approval_by="自治区统计局")).records(PublicationAuthorised).later()
    approved(case).refused("approved-already")
    case.when(confirming(), by=OF_FINANCE).records(Confirmed, CoordinationConcluded, LetterClosed)
    approved(opened()).refused("no-approval-needed")
