"""Policy interpretation: who drafts explains, a plan with the draft, material in 3 working days, reviewed outside, on the portal first."""

from datetime import date
from typing import Any, cast

import pytest
from pydantic import ValidationError

from services.publishing.interpretation.commands import (
    ApprovePlan,
    DraftPlan,
    MissMaterial,
    PublishInterpretation,
    RecordOutsideReview,
    Remind,
    SubmitMaterial,
    UpdateColumn,
)
from services.publishing.interpretation.decisions import FORMS
from services.publishing.interpretation.events import (
    ColumnUpdated,
    ExternalReviewPassed,
    ExternalReviewRejected,
    InterpretationPublished,
    MaterialDue,
    MaterialOverdue,
    MaterialOverdueWithdrawn,
    MaterialSubmitted,
    PlanApproved,
    PlanDrafted,
    ReminderSent,
)
from services.publishing.interpretation.state import Interpretation, interpretation, interpretation_id
from shared.kernel.commands import On
from tests.specification import CASE, Specification, given
from tests.unit.publishing.items import DRAFTER, LEADER, MADE_ON, SYSTEM, approved, drafted, made, planned, publishing

DUE = date(2025, 9, 25)
"""The third working day after Monday, 22 September 2025."""


def plan(**changes: Any) -> DraftPlan:
    """A complete plan."""
    fields: dict[str, Any] = {
        "document": CASE,
        "unit": "zonghe",
        "outline": "背景和主要内容",
        "forms": ("questions",),
        "ways": ("portal",),
        "planned_for": DUE,
    }
    return DraftPlan(**{**fields, **changes})


def start(document: Specification) -> Specification:
    """Nothing planned yet, beside this document."""
    return given(interpretation, id=interpretation_id(CASE), day=MADE_ON).on(MADE_ON).beside(document.state)


def drafted_plan(kind: str = "normative") -> Specification:
    """A plan that waits for its approval."""
    return start(drafted(made(kind=kind))).when(plan(), by=DRAFTER).later()


def due(kind: str = "normative") -> Specification:
    """The document is public, its material due."""
    outcome = approved(planned(made(kind=kind))).when(publishing())
    assert outcome.decided is not None
    told = [item.event for item in outcome.decided.events if isinstance(item, On) and item.aggregate is interpretation]
    made_plan = given(
        interpretation, PlanDrafted(**plan_fields(kind)), PlanApproved(), *told, id=interpretation_id(CASE), day=MADE_ON, by=DRAFTER
    )
    return made_plan.beside(outcome.state)


def plan_fields(kind: str) -> dict[str, Any]:
    """The event of a complete plan."""
    fields = plan().model_dump(include={"unit", "outline", "forms", "ways", "planned_for"})
    return {**fields, "publication": CASE, "normative": kind == "normative"}


def standing(case: Specification) -> Interpretation:
    """The interpretation as it stands."""
    return cast("Interpretation", case.state)


def material(case: Specification) -> Specification:
    """With its text."""
    return case.when(SubmitMaterial(text="一问一答。")).later()


@pytest.mark.rule("ZJ-06.1a", "ZJ-05c")
def test_the_plan_is_made_while_the_document_is_drafted() -> None:
    start(drafted(made(kind="normative"))).when(plan(), by=DRAFTER).then(PlanDrafted(**plan_fields("normative")))
    given(interpretation, id=interpretation_id(CASE)).when(plan()).refused("no-such-document")


@pytest.mark.rule("ZJ-06.1b")
@pytest.mark.parametrize("missing", ["outline", "forms", "ways", "planned_for"])
def test_a_plan_has_outline_form_way_and_time(missing: str) -> None:
    fields = plan().model_dump(exclude={missing, "effective_on", "late_reason"})
    with pytest.raises(ValidationError, match=missing):
        DraftPlan(**fields)


@pytest.mark.rule("ZJ-03")
@pytest.mark.parametrize("form", FORMS)
def test_every_form_may_be_chosen(form: str) -> None:
    start(drafted()).when(plan(forms=(form,))).records(PlanDrafted)


@pytest.mark.rule("ZJ-06.0")
def test_who_drafts_explains() -> None:
    start(drafted()).when(plan(unit="法规科")).refused("drafter-interprets")


@pytest.mark.rule("ZJ-06.3a")
def test_the_plan_is_approved_before_the_material_and_not_by_its_drafter() -> None:
    drafted_plan().when(SubmitMaterial(text="一问一答。")).refused("plan-unapproved")
    drafted_plan().when(ApprovePlan(), by=DRAFTER).refused("drafter-approves")
    after = drafted_plan().when(ApprovePlan(), by=LEADER).then(PlanApproved()).later()
    after.when(plan()).refused("plan-approved-already")


@pytest.mark.rule("ZJ-06.3a")
def test_material_is_due_three_working_days_after_the_document_was_published() -> None:
    case = due()
    deadline = standing(case).deadline
    assert deadline is not None
    assert (deadline.due, deadline.days) == (DUE, 3)
    assert case.on(DUE).when(MissMaterial(), by=SYSTEM).events == []
    late = case.on(date(2025, 9, 26)).when(MissMaterial(), by=SYSTEM).then(MaterialOverdue(due=DUE)).later()
    assert late.when(MissMaterial(), by=SYSTEM).events == []
    late.on(DUE).when(SubmitMaterial(text="一问一答。")).records(MaterialSubmitted, MaterialOverdueWithdrawn)
    case.on(DUE).when(SubmitMaterial(text="一问一答。")).records(MaterialSubmitted)


@pytest.mark.rule("ZJ-06.3a")
def test_the_clock_starts_with_the_first_channel_only() -> None:
    after = approved(planned(made(kind="normative"))).when(publishing())
    assert after.decided is not None
    assert [type(item.event) for item in after.decided.events if isinstance(item, On)] == [MaterialDue]
    again = after.later().when(publishing("newspaper"))
    assert again.decided is not None
    assert not [item for item in again.decided.events if isinstance(item, On)]


@pytest.mark.rule("ZJ-05b")
def test_the_lead_unit_asks_for_what_is_missing() -> None:
    drafted_plan().when(Remind(asks_for="plan_approval")).then(ReminderSent(asks_for="plan_approval"))
    due().when(Remind(asks_for="material")).then(ReminderSent(asks_for="material"))
    material(due()).when(Remind(asks_for="material")).refused("nothing-missing")


@pytest.mark.rule("ZJ-06.3b")
def test_material_on_a_normative_document_is_reviewed_outside_before_it_is_published() -> None:
    case = material(due())
    portal = PublishInterpretation(channel="portal", evidence="解读专栏截图")
    case.when(portal).refused("outside-review-missing")
    rejected = RecordOutsideReview(passed=False, reviewer="市政府办公室", document="函1号", reason="数字有误")
    back = case.when(rejected).records(ExternalReviewRejected).later()
    back.when(portal).refused("no-material")
    passed = RecordOutsideReview(passed=True, reviewer="市政府办公室", document="函2号")
    after = material(back).when(passed).records(ExternalReviewPassed).later()
    after.when(portal).records(InterpretationPublished)
    after.when(SubmitMaterial(text="换了一段。")).later().when(portal).refused("outside-review-missing")
    material(due("policy")).when(portal).records(InterpretationPublished)


@pytest.mark.rule("ZJ-04a", "ZJ-04b")
def test_it_is_published_on_the_portal_before_anywhere_else() -> None:
    case = material(due("policy"))
    case.when(PublishInterpretation(channel="newspaper", evidence="报样")).refused("portal-first")
    on_portal = case.when(PublishInterpretation(channel="portal", evidence="截图")).later()
    on_portal.when(PublishInterpretation(channel="newspaper", evidence="报样")).records(InterpretationPublished)
    case.beside(drafted(made(kind="policy")).state).when(PublishInterpretation(channel="portal", evidence="截图")).refused(
        "document-unpublished"
    )


@pytest.mark.rule("ZJ-05a")
def test_the_lead_unit_keeps_the_column() -> None:
    case = material(due("policy"))
    case.when(UpdateColumn(evidence="专栏截图")).refused("not-published")
    on_portal = case.when(PublishInterpretation(channel="portal", evidence="截图")).later()
    on_portal.when(UpdateColumn(evidence="专栏截图")).then(ColumnUpdated(evidence="专栏截图"))
