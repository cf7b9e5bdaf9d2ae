"""The appraisal: opened and settled by the leading group alone, scored from the events, praise and rectification (KH)."""

from datetime import date, timedelta
from typing import Any, cast, get_args

import pytest

from services.audit.appraisal.commands import (
    CancelAppraisal,
    GradeKey,
    NotifyUnits,
    OpenAppraisal,
    PlanAppraisal,
    SetScope,
    SettleGrades,
    appraisal_id,
)
from services.audit.appraisal.events import (
    AppraisalCancelled,
    AppraisalNotified,
    AppraisalOpened,
    AppraisalPlanned,
    AppraisalScopeSet,
    GradesSettled,
)
from services.audit.appraisal.scheme import SCHEME, points_told
from services.audit.appraisal.state import Appraisal, Stage, appraisal
from services.audit.figures import Figure
from services.audit.measures import MEASURES
from services.audit.unit_appraisal import commands as unit_commands
from services.audit.unit_appraisal import events as e
from services.audit.unit_appraisal.commands import (
    AcceptPlan,
    AnswerCorrection,
    Commend,
    Criticise,
    MissPlan,
    RecordRectified,
    RequestCorrection,
    ReturnPlan,
    ScoreStandard,
    SubmitPlan,
    SubmitSelfCheck,
)
from services.audit.unit_appraisal.state import UnitAppraisal, unit_appraisal, unit_appraisal_id
from shared.kernel.commands import On
from shared.law.rulebook import rulebook
from tests.specification import AGENCY, CASE, Outcome, Specification, given, person, play

GROUP = person("group", "head_of_leading_group")
OFFICE = person("office", "disclosure_office")
HEAD = person("head", "unit_head")
KEEPER = person("keeper", "system")
UNITS = ("zonghe", "shenpi")
DAY = date(2025, 12, 8)
CHECK_BY = date(2025, 12, 19)
SCORED_ON = date(2025, 12, 22)
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
GOOD = {measure: Figure(measure, on_time=10, positions={"requests": 40}) for measure in MEASURES if measure != "complaints"}


def frame(state: Any) -> Appraisal:
    return cast("Appraisal", state)


def unit(state: Any) -> UnitAppraisal:
    return cast("UnitAppraisal", state)


def opened(scope: str = "full", book: str = "decree-711") -> Outcome:
    command = OpenAppraisal.model_validate({"year": 2025, "scope": scope, "purpose": "依申请公开"})
    return given(appraisal).under(book).with_units(*UNITS, "xinxi").on(DAY).when(command, by=GROUP)


def notified(book: str = "decree-711") -> Specification:
    """The units were told."""
    case = opened(book=book).records(AppraisalOpened).later()
    case = case.when(SetScope().among(UNITS), by=GROUP).records(AppraisalScopeSet).later()
    case = case.when(PlanAppraisal(plan="自查、核对、评分", self_check_by=CHECK_BY), by=OFFICE).records(AppraisalPlanned).later()
    return case.when(NotifyUnits(), by=OFFICE).records(AppraisalNotified).later()


def begun(name: str = "zonghe", book: str = "decree-711") -> Specification:
    """A unit's appraisal."""
    event = e.UnitAppraisalOpened(
        appraisal=CASE, unit=name, year=2025, scope="full", since=date(2025, 1, 1), until=date(2025, 12, 31), self_check_by=CHECK_BY
    )  # fmt: skip
    return given(unit_appraisal, event, id=unit_appraisal_id(CASE, name), day=DAY).under(book).on(DAY)


def checked(name: str = "zonghe", book: str = "decree-711") -> Specification:
    command = SubmitSelfCheck(findings="按期", measures="加强催办").counting(GOOD)
    return begun(name, book).when(command, by=HEAD).records(e.SelfCheckSubmitted).later(SCORED_ON)


def scoring(standard: str, points: int = 95, figures: dict[str, Figure] | None = None, **more: Any) -> ScoreStandard:
    judged = [{"criterion": f"{standard}_judged", "points": points, "reason": "现场核对"}]
    command = ScoreStandard.model_validate({"standard": standard, "judged": judged, **more})
    return command.counting(GOOD if figures is None else figures)


def scored(name: str = "zonghe", points: int = 95, figures: dict[str, Figure] | None = None) -> Specification:
    """All four standards are scored."""
    case = checked(name)
    for standard in SCHEME.standards:
        case = case.when(scoring(standard, points, figures), by=OFFICE).records(e.StandardScored).later()
    return case


def settle(*units: Specification, by: Any = GROUP, revoked: dict[str, str] | None = None, **more: Any) -> Outcome:
    command = SettleGrades.model_validate(more).knowing(revoked or {})
    return notified().on(SCORED_ON).beside(*(one.state for one in units)).when(command, by=by)


def graded(name: str, grade: str, book: str = "decree-711") -> Specification:
    total = {"excellent": 9500, "failed": 4000}[grade]
    state = play(unit_appraisal, scored(name).state, [e.GradeAssigned(total=total, grade=grade)], SCORED_ON)
    return Specification(unit_appraisal, state, SCORED_ON, book)


# ── the leading group (KH-01, KH-05) ───────────────────


@pytest.mark.rule("KH-01")
@BOOKS
def test_only_the_leading_group_opens_an_appraisal_and_settles_its_grades(book: str) -> None:
    for command in (OpenAppraisal, SetScope, SettleGrades, Commend, Criticise):
        assert rulebook(book).grantees(command.spec.capability).roles == ("head_of_leading_group",), command.__name__
    opened(book=book).then(
        AppraisalOpened(year=2025, scope="full", since=date(2025, 1, 1), until=date(2025, 12, 31), purpose="依申请公开")
    )  # fmt: skip
    opened(book=book).later().when(OpenAppraisal(year=2025, scope="full"), by=GROUP).refused("appraisal-exists")
    assert appraisal_id(AGENCY.code, 2025, "full") != appraisal_id(AGENCY.code, 2025, "focused")
    settled = settle(scored("zonghe"), scored("shenpi")).records(GradesSettled)
    assert frame(settled.state).stage is Stage.SETTLED
    settled.later().when(SettleGrades().knowing({}), by=GROUP).refused("not-scoring")


@pytest.mark.rule("KH-05")
@BOOKS
def test_all_units_or_those_that_the_group_chooses(book: str) -> None:
    full = opened(book=book).later()
    full.when(SetScope().among(UNITS), by=GROUP).then(AppraisalScopeSet(units=UNITS))
    full.when(SetScope(units=("zonghe",)).among(UNITS), by=GROUP).refused("full-scope")
    focused = opened("focused", book).later()
    focused.when(SetScope().among(UNITS), by=GROUP).refused("units-missing")
    focused.when(SetScope(units=("caiwu",)).among(UNITS), by=GROUP).refused("no-such-unit")
    chosen = focused.when(SetScope(units=("shenpi",), reason="申请较多").among(UNITS), by=GROUP)
    chosen.then(AppraisalScopeSet(units=("shenpi",), reason="申请较多"))
    given(appraisal).on(DAY).when(OpenAppraisal(year=2025, scope="focused"), by=GROUP).refused("purpose-missing")
    notified().when(SetScope().among(UNITS), by=GROUP).refused("notified-already")


def test_one_notice_tells_every_unit_and_the_steps_have_their_order() -> None:
    case = opened().later()
    case.when(PlanAppraisal(plan="自查", self_check_by=CHECK_BY), by=OFFICE).refused("no-scope")
    case = case.when(SetScope().among(UNITS), by=GROUP).later()
    case.when(NotifyUnits(), by=OFFICE).refused("no-plan")
    case.when(PlanAppraisal(plan="自查", self_check_by=DAY - timedelta(1)), by=OFFICE).refused("self-check-past")
    told = case.when(PlanAppraisal(plan="自查", self_check_by=CHECK_BY), by=OFFICE).later().when(NotifyUnits(), by=OFFICE)
    assert told.decided is not None
    each = [one for one in told.decided.events if isinstance(one, On)]
    assert [(one.id, one.event.unit) for one in each if isinstance(one.event, e.UnitAppraisalOpened)] == [
        (unit_appraisal_id(CASE, name), name) for name in UNITS
    ]
    case.when(SettleGrades().knowing({}), by=GROUP).refused("not-scoring")


def test_it_can_be_cancelled_until_it_is_settled_and_opened_again() -> None:
    cancelled = notified().when(CancelAppraisal(reason="机构改革"), by=GROUP).then(AppraisalCancelled(reason="机构改革"))
    assert cancelled.decided is not None
    assert sum(isinstance(one, On) for one in cancelled.decided.events) == 2
    again = cancelled.later().when(OpenAppraisal(year=2025, scope="full"), by=GROUP).records(AppraisalOpened)
    assert frame(again.state).units == ()
    settled = settle(scored("zonghe"), scored("shenpi"))
    settled.later().when(CancelAppraisal(reason="重来"), by=GROUP).refused("ended")


# ── the four standards (KH-02, KH-03) ──────────────────


@pytest.mark.rule("KH-03")
@BOOKS
def test_four_standards_are_scored_each_with_what_it_rests_on(book: str) -> None:
    assert [one.title for one in SCHEME.standards.values()] == [
        "内容合规、明确具体", "形式多样、实用有效", "制度完善、执行到位", "效果显著、群众满意",
    ]  # fmt: skip
    assert sum(one.weight for one in SCHEME.standards.values()) == 100
    assert all(sum(each.weight for each in one.criteria.values()) == 100 for one in SCHEME.standards.values())
    half = GOOD | {"requests": Figure("requests", on_time=5, late=3, reasoned=1, missed=2, positions={"requests": 88})}
    made = checked(book=book).when(scoring("system", 90, half), by=OFFICE).records(e.StandardScored)
    (event,) = made.events
    assert isinstance(event, e.StandardScored)
    by_key = {basis.criterion: basis for basis in event.bases}
    assert by_key["requests"] == e.Basis(criterion="requests", weight=20, points=5500, figure=half["requests"])
    assert by_key["system_judged"] == e.Basis(criterion="system_judged", weight=20, points=9000, reason="现场核对")
    assert event.score == 60 * 100 + 20 * 55 + 20 * 90, "60 percent in full, 20 of 55, 20 of 90"
    assert points_told(event.score) == "89.00"


@pytest.mark.rule("KH-02.1", "KH-02.2", "KH-02.3a", "KH-02.3b", "YQ-04.3b", "YQ-03.1c", "JD-06a")
@pytest.mark.parametrize(
    ("standard", "measure", "rule"),
    [
        ("content", "periods", "KH-02.1"),
        ("content", "catalogue", "KH-02.1"),
        ("form", "portal", "KH-02.2"),
        ("form", "channels", "KH-02.2"),
        ("system", "publications", "KH-02.3a"),
        ("system", "requests", "KH-02.3b"),
        ("system", "opinions", "YQ-04.3b"),
        ("system", "opinion_reports", "YQ-03.1c"),
        ("system", "inspections", "JD-06a"),
        ("effect", "satisfaction", "JD-06a"),
    ],
)
def test_what_events_tell_counts_as_they_tell_it(standard: str, measure: str, rule: str) -> None:
    criterion = next(one for one in SCHEME.standards[standard].criteria.values() if one.measure == measure)
    assert criterion.rule == rule
    better = checked().when(scoring(standard), by=OFFICE).events[0]
    missed = GOOD | {measure: Figure(measure, missed=10, positions={"requests": 40})}
    worse = checked().when(scoring(standard, figures=missed), by=OFFICE).events[0]
    assert isinstance(better, e.StandardScored)
    assert isinstance(worse, e.StandardScored)
    assert better.score - worse.score == 100 * criterion.weight


@pytest.mark.rule("KH-02.3a", "KH-02.3b")
def test_late_with_a_reason_counts_for_half_and_late_without_for_nothing() -> None:
    criterion = SCHEME.standards["system"].criteria["publications"]
    assert SCHEME.points(criterion, Figure("publications", on_time=2, late=2, reasoned=1)) == 6250
    assert SCHEME.points(criterion, Figure("publications", open=3)) is None
    assert SCHEME.points(criterion, None) is None


def test_founded_complaints_cost_points_and_what_was_never_due_leaves_its_weight_to_the_rest() -> None:
    complaints = SCHEME.standards["effect"].criteria["complaints"]
    assert [SCHEME.points(complaints, Figure("complaints", missed=count)) for count in (0, 1, 9)] == [10_000, 8000, 0]
    nothing = checked().when(scoring("form", 80, {}), by=OFFICE).events[0]
    assert isinstance(nothing, e.StandardScored)
    assert nothing.score == 8000, "nothing was due: what people judge is all there is"
    assert [basis.points for basis in nothing.bases] == [None, None, 8000]


@pytest.mark.rule("KH-03")
def test_a_figure_of_the_ledger_cannot_be_typed_or_overruled() -> None:
    with pytest.raises(ValueError, match="criterion"):
        ScoreStandard.model_validate({"standard": "system", "judged": [{"criterion": "requests", "points": 100, "reason": "无"}]})
    with pytest.raises(ValueError, match="figures"):
        ScoreStandard.model_validate({"standard": "form", "judged": [], "figures": {}})
    wrong = [{"criterion": "form_judged", "points": 90, "reason": "实用"}]
    command = ScoreStandard.model_validate({"standard": "system", "judged": wrong}).counting(GOOD)
    checked().when(command, by=OFFICE).refused("judgement-missing")
    unsupplied = ScoreStandard.model_validate({"standard": "form", "judged": wrong})
    checked().when(unsupplied, by=OFFICE).refused("figures-missing")
    begun().when(SubmitSelfCheck(findings="按期", measures="无"), by=HEAD).refused("figures-missing")


def test_a_unit_checks_itself_first_or_lets_its_day_pass() -> None:
    begun().on(CHECK_BY).when(scoring("form"), by=OFFICE).refused("self-check-runs")
    begun().on(CHECK_BY + timedelta(1)).when(scoring("form"), by=OFFICE).records(e.StandardScored)
    late = begun().on(CHECK_BY + timedelta(1)).when(SubmitSelfCheck(findings="按期", measures="无").counting(GOOD), by=HEAD)
    assert unit(late.state).self_check == e.SelfCheckSubmitted(
        findings="按期", measures="无", figures=tuple(GOOD.values()), late=True
    )  # fmt: skip
    scored().when(SubmitSelfCheck(findings="改", measures="无").counting(GOOD), by=HEAD).refused("scored-already")


@pytest.mark.rule("KH-01")
def test_nobody_judges_what_is_his_own() -> None:
    checked().when(scoring("form"), by=HEAD).refused("own-matter")
    objected = scored().when(RequestCorrection(standard="form", reason="有误"), by=OFFICE).later()
    objected.when(AnswerCorrection(accepted=True, reason="有误"), by=OFFICE).refused("own-matter")
    criticised().when(PLAN, by=HEAD).later().when(AcceptPlan(), by=HEAD).refused("own-matter")


# ── objections, grades (KH-01, ZR-06.4) ────────────────


@pytest.mark.rule("KH-01")
def test_an_objection_is_answered_before_anything_is_settled() -> None:
    objected = (
        scored("zonghe").when(RequestCorrection(standard="system", reason="有一件已按期答复"), by=HEAD).records(e.CorrectionRequested)
    )
    settle(objected.later(), scored("shenpi")).refused("correction-open")
    accepted = objected.later().when(AnswerCorrection(accepted=True, reason="已核对"), by=OFFICE)
    accepted.then(e.CorrectionAnswered(standard="system", accepted=True, reason="已核对"))
    settle(accepted.later(), scored("shenpi")).refused("rescore-open")
    accepted.later().when(scoring("system", 99), by=OFFICE).refused("reason-missing")
    again = accepted.later().when(scoring("system", 99, corrects="补记一件"), by=OFFICE).records(e.StandardScored)
    assert unit(again.state).scored["system"].corrects == "补记一件"
    settle(again.later(), scored("shenpi")).records(GradesSettled)
    refused = objected.later().when(AnswerCorrection(accepted=False, reason="记录无误"), by=OFFICE)
    settle(refused.later(), scored("shenpi")).records(GradesSettled)
    checked().when(RequestCorrection(standard="system", reason="有误"), by=HEAD).refused("unscored")


@pytest.mark.rule("KH-01")
def test_the_grade_follows_the_total_and_another_one_has_a_reason() -> None:
    low = {measure: Figure(measure, missed=4) for measure in GOOD}
    made = settle(scored("zonghe"), scored("shenpi", 40, low)).records(GradesSettled)
    (event,) = made.events
    assert isinstance(event, GradesSettled)
    assert [(one.unit, one.grade) for one in event.grades] == [("zonghe", "excellent"), ("shenpi", "failed")]
    assert [SCHEME.grade_of(total) for total in (9000, 8999, 8000, 6000, 5999)] == ["excellent", "good", "good", "passed", "failed"]
    changes = [{"unit": "shenpi", "grade": "passed", "reason": "新设科室，首年从宽"}]
    changed = settle(scored("zonghe"), scored("shenpi", 40, low), changes=changes).events[0]
    assert isinstance(changed, GradesSettled)
    assert (changed.grades[1].grade, changed.grades[1].reason) == ("passed", "新设科室，首年从宽")
    settle(scored("zonghe"), checked("shenpi")).refused("unscored")
    settle(scored("zonghe"), scored("shenpi"), changes=[{**changes[0], "unit": "caiwu"}]).refused("not-appraised")
    notified().on(SCORED_ON).beside(scored("zonghe").state, scored("shenpi").state).when(SettleGrades(), by=GROUP).refused(
        "ledger-unreachable"
    )


@pytest.mark.rule("ZR-06.4")
def test_a_unit_whose_excellence_was_revoked_cannot_be_graded_excellent() -> None:
    made = settle(scored("zonghe"), scored("shenpi"), revoked={"zonghe": "audit:77"}).events[0]
    assert isinstance(made, GradesSettled)
    barred, free = made.grades
    assert (barred.grade, barred.barred_by, free.grade) == ("good", "audit:77", "excellent")
    assert "audit:77" in barred.reason
    wanted = [{"unit": "zonghe", "grade": "excellent", "reason": "表现突出"}]
    settle(scored("zonghe"), scored("shenpi"), revoked={"zonghe": "audit:77"}, changes=wanted).refused("excellence-revoked")


@pytest.mark.rule("ZR-06.4")
def test_a_person_whose_excellence_was_revoked_is_not_commended() -> None:
    people = Commend(document="3号", people=("p1", "p2")).knowing({"p2": "audit:77", "zonghe": "audit:77"})
    refusal = graded("shenpi", "excellent").when(people, by=GROUP).refused("excellence-revoked")
    assert "audit:77" in refusal.sentence


# ── what follows from the grade (KH-07) ────────────────


@pytest.mark.rule("KH-07a")
@BOOKS
def test_the_excellent_are_commended(book: str) -> None:
    case = graded("zonghe", "excellent", book)
    people = Commend(document="3号", people=("p1",))
    case.when(people.knowing({"p2": "audit:77"}), by=GROUP).then(e.Commended(document="3号", people=("p1",)))
    case.when(people, by=GROUP).refused("ledger-unreachable")
    case.when(Criticise(document="4号"), by=GROUP).refused("not-failed")
    graded("zonghe", "failed", book).when(Commend(document="3号").knowing({}), by=GROUP).refused("not-excellent")


def criticised(book: str = "decree-711") -> Specification:
    return graded("zonghe", "failed", book).when(Criticise(document="4号"), by=GROUP).records(e.AppraisalCriticised).later()


PLAN = SubmitPlan(measures="每周核对期限", done_by=date(2026, 3, 31))
WEEK = date(2025, 12, 29)


@pytest.mark.rule("KH-07b")
@BOOKS
def test_a_failing_unit_has_a_week_for_its_plan_from_the_notice(book: str) -> None:
    assert unit(criticised(book).state).plan_due == WEEK
    earlier = graded("zonghe", "failed", book).when(Criticise(document="4号", received_on=date(2025, 12, 19)), by=GROUP)
    assert unit(earlier.state).plan_due == date(2025, 12, 26)
    future = Criticise(document="4号", received_on=SCORED_ON + timedelta(1))
    graded("zonghe", "failed", book).when(future, by=GROUP).refused("received-future")
    in_time = criticised(book).on(WEEK).when(PLAN, by=HEAD)
    in_time.then(e.RectificationPlanSubmitted(measures="每周核对期限", done_by=date(2026, 3, 31)))
    done = in_time.later().when(AcceptPlan(), by=OFFICE).then(e.RectificationPlanAccepted()).later()
    done.when(RecordRectified(found="已落实"), by=OFFICE).then(e.UnitRectified(found="已落实"))
    criticised(book).when(RecordRectified(found="已落实"), by=OFFICE).refused("not-rectifying")


@pytest.mark.rule("KH-07b")
@BOOKS
def test_a_week_that_passes_is_recorded_once_and_a_late_plan_keeps_both(book: str) -> None:
    criticised(book).on(WEEK).when(MissPlan(), by=KEEPER).then()
    missed = criticised(book).on(WEEK + timedelta(1)).when(MissPlan(), by=KEEPER).then(e.RectificationPlanOverdue(due=WEEK))
    missed.later().when(MissPlan(), by=KEEPER).then()
    late = missed.later(WEEK + timedelta(2)).when(PLAN, by=HEAD)
    late.then(e.RectificationPlanSubmitted(measures="每周核对期限", done_by=date(2026, 3, 31), late_days=2))
    assert unit(late.state).plan_overdue == (WEEK,)
    earlier = missed.later(WEEK).when(PLAN, by=HEAD).records(e.RectificationPlanSubmitted, e.RectificationPlanOverdueWithdrawn)
    assert unit(earlier.state).plan_overdue == ()


@pytest.mark.rule("KH-07b")
def test_a_plan_that_is_not_enough_goes_back() -> None:
    submitted = criticised().when(PLAN, by=HEAD).later()
    until = date(2026, 1, 5)
    submitted.when(ReturnPlan(reason="没有时间安排", until=DAY), by=OFFICE).refused("until-past")
    back = submitted.when(ReturnPlan(reason="没有时间安排", until=until), by=OFFICE)
    back.then(e.RectificationPlanReturned(reason="没有时间安排", until=until))
    assert unit(back.state).plan_due == until
    submitted.when(PLAN, by=HEAD).refused("no-plan-owed")
    back.later().when(AcceptPlan(), by=OFFICE).refused("no-plan")
    criticised().when(SubmitPlan(measures="核对", done_by=DAY), by=HEAD).refused("done-by-past")


def test_no_form_and_no_schema_has_a_field_for_what_is_supplied() -> None:
    for command in (ScoreStandard, SubmitSelfCheck, SettleGrades, Commend, SetScope):
        assert not {"figures", "revoked", "units_now", "_figures", "_revoked", "_units"} & set(command.model_json_schema()["properties"])


def test_the_keys_of_the_forms_are_those_of_the_scheme() -> None:
    assert get_args(unit_commands.StandardKey) == tuple(SCHEME.standards)
    assert get_args(GradeKey) == tuple(SCHEME.grades)
    judged = [key for standard in SCHEME.standards.values() for key in standard.judged]
    assert get_args(unit_commands.JudgedKey) == tuple(judged)
    measured = {one.measure for standard in SCHEME.standards.values() for one in standard.criteria.values() if one.measure}
    assert measured <= set(MEASURES)
