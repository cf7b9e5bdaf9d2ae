"""The risk of a major decision is assessed before it is taken (YQ-03.2b): one drafts, another approves, publishing's gate hears it."""

from datetime import UTC, datetime
from typing import cast

import pytest

from services.press.reactions import MatterProposed, RiskRecorded, proposed, recorded
from services.press.risk_assessment.commands import ApproveRisk, DraftRisk, OpenFor, OpenRiskAssessment, ReturnRisk, SettleRisk
from services.press.risk_assessment.decisions import RiskAssessment, Stage, risk_assessment, risk_id
from services.press.risk_assessment.events import (
    RiskAssessed,
    RiskAssessmentOpened,
    RiskDrafted,
    RiskReturned,
    RiskSettledElsewhere,
)
from shared.kernel.events import Actor, Meta
from shared.kernel.identity import derived_id, fresh_id
from tests.specification import AGENCY, CASE, DAY, Specification, given, person

HANDLER = person("handler", "unit_head")
LEADER = person("leader", "leader_in_charge")
SYSTEM = person("keeper", "system")
MATTER = derived_id("test", "matter")
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
DRAFT = DraftRisk(methods=("tracking", "visits"), findings="走访三个社区", level="medium", plan="提前解读，专人值守")
OPEN = OpenFor(source="publishing", subject=MATTER, title="供热价格调整", unit="zonghe")


def standing(case: Specification) -> RiskAssessment:
    """The assessment as it stands."""
    return cast("RiskAssessment", case.state)


def owed(book: str = "decree-711") -> Specification:
    case = given(risk_assessment, id=risk_id("publishing", MATTER)).under(book)
    return case.when(OPEN, by=SYSTEM).records(RiskAssessmentOpened).later()


def drafted(book: str = "decree-711") -> Specification:
    return owed(book).when(DRAFT, by=HANDLER).records(RiskDrafted).later()


def hash_of(case: Specification) -> str:
    draft = standing(case).draft
    assert draft is not None
    return draft.hash


@pytest.mark.rule("YQ-03.2b")
@BOOKS
def test_one_drafts_and_another_approves_exactly_that(book: str) -> None:
    owed(book).when(ApproveRisk(approves="ab" * 32), by=LEADER).refused("not-drafted")
    case = drafted(book)
    case.when(ApproveRisk(approves="ab" * 32), by=LEADER).refused("draft-changed")
    case.when(ApproveRisk(approves=hash_of(case)), by=HANDLER).refused("drafter-approves")
    approved = case.when(ApproveRisk(approves=hash_of(case)), by=LEADER).then(
        RiskAssessed(
            assessment=risk_id("publishing", MATTER),
            source="publishing",
            subject=MATTER,
            methods=("tracking", "visits"),
            level="medium",
            plan="提前解读，专人值守",
        )
    )
    assert standing(approved.later()).stage is Stage.ASSESSED
    higher = DraftRisk(methods=("sampling",), findings="网上反映增多", level="high", plan="暂缓出台")
    again = approved.later().when(higher, by=HANDLER).later()
    assert standing(again.when(ReturnRisk(reason="再核实"), by=LEADER).later()).stage is Stage.ASSESSED
    again.when(ApproveRisk(approves=hash_of(again)), by=LEADER).records(RiskAssessed)


@pytest.mark.rule("YQ-03.2b")
@BOOKS
def test_it_is_returned_with_what_is_wanted(book: str) -> None:
    back = drafted(book).when(ReturnRisk(reason="补充抽样"), by=LEADER).then(RiskReturned(reason="补充抽样")).later()
    assert (standing(back).stage, standing(back).returned) == (Stage.OWED, "补充抽样")
    back.when(ApproveRisk(approves=hash_of(back)), by=LEADER).refused("not-drafted")


@pytest.mark.rule("YQ-03.2b")
def test_other_decisions_are_brought_in_by_officials() -> None:
    case = given(risk_assessment).with_units("zonghe")
    case.when(OpenRiskAssessment(title="窗口搬迁", unit="nobody"), by=HANDLER).refused("no-such-unit")
    case.when(OpenRiskAssessment(title="窗口搬迁", unit="zonghe"), by=HANDLER).then(
        RiskAssessmentOpened(source="press", subject=CASE, title="窗口搬迁", unit="zonghe")
    )


@pytest.mark.rule("YQ-03.2b")
def test_a_matter_that_touches_peoples_interests_waits_once() -> None:
    owed().when(OPEN, by=SYSTEM).then()
    owed().when(SettleRisk(), by=SYSTEM).then(RiskSettledElsewhere()).later().when(SettleRisk(), by=SYSTEM).then()
    case = drafted()
    approved = case.when(ApproveRisk(approves=hash_of(case)), by=LEADER).later()
    approved.when(SettleRisk(), by=SYSTEM).then()
    meta = Meta(
        id=fresh_id(), case=MATTER, agency=AGENCY.code, service="publishing", recorded_at=datetime(2025, 9, 22, 2, tzinfo=UTC), effective_on=DAY,
        actor=Actor("system:test", ("system",)), command="test", correlation="test", causation="test", rulebook="decree-711",
    )  # fmt: skip
    heard = proposed(MatterProposed(title="供热价格调整", unit="zonghe", touches_interests=True), meta)
    assert heard is not None
    assert (heard.command, heard.id) == (OPEN, risk_id("publishing", MATTER))
    assert proposed(MatterProposed(title="内部调整", unit="zonghe", touches_interests=False), meta) is None
    by_hand = recorded(RiskRecorded(), meta)
    assert by_hand is not None
    assert isinstance(by_hand.command, SettleRisk)
    assert recorded(RiskRecorded(assessment=CASE), meta) is None
