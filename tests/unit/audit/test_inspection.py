"""Inspections: planned and approved, held by six questions and by surveys; what is found is put right or ordered to be (JD, BM-15, BM-16, YQ-04.3a)."""

from datetime import UTC, date, datetime
from typing import Any, cast, get_args

import pytest

from services.audit.inspection.commands import (
    ApproveInspection,
    CancelInspection,
    CirculateCriticism,
    CloseInspection,
    CloseIssue,
    FormTeam,
    MissDay,
    OpenIssue,
    OrderRectification,
    PlanInspection,
    RecordInspection,
    ReopenInspection,
    ReopenIssue,
    ReportRectification,
    ReturnRectification,
    RunSurvey,
)
from services.audit.inspection.decisions import rate
from services.audit.inspection.events import (
    CriticismCirculated,
    InspectionApproved,
    InspectionCancelled,
    InspectionClosed,
    InspectionPlanned,
    InspectionRecorded,
    InspectionReopened,
    IssueClosed,
    IssueOpened,
    IssueOverdue,
    IssueReopened,
    RectificationDone,
    RectificationOrdered,
    RectificationOverdue,
    RectificationReturned,
    SupervisionTeamFormed,
    SurveyRun,
)
from services.audit.inspection.scheme import SCHEME
from services.audit.inspection.state import Inspection, inspection
from services.audit.result_export.commands import RecordExport
from services.audit.result_export.decisions import result_export
from services.audit.result_export.events import ResultExported
from services.audit.results import Result, as_csv
from services.audit.supervisor.decisions import supervisor
from services.audit.supervisor.events import SupervisorAppointed
from services.audit.views.inspection_results import inspection_results
from services.audit.views.inspections import inspections
from shared.kernel.events import Actor, Event, Meta, Recorded
from shared.kernel.identity import derived_id
from shared.kernel.views import TableView
from tests.specification import AGENCY, CASE, Outcome, Specification, given, person

OFFICE = person("office", "disclosure_office")
OTHER = person("other", "disclosure_office")
WATCH = person("watch", "supervision_office")
PARTY = person("party", "party_group")
CHIEF = person("chief", "head_of_leading_group")
HEAD = person("head", "unit_head")
SYSTEM = Actor("system:keeper", ("system",))
DAY = date(2025, 9, 22)
DUE = date(2025, 10, 17)
LATER = date(2025, 10, 20)
BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
FULL = dict.fromkeys(SCHEME.questions, SCHEME.points)


def plan(book: str = "decree-711", by: Actor = OFFICE, **more: Any) -> Outcome:
    """It is planned."""
    facts = {"name": "日常监督", "kind": "daily", "unit": "touzi", "on": DAY, "basis": "年度工作方案", **more}
    return given(inspection).on(DAY).under(book).with_units("touzi").when(PlanInspection.model_validate(facts), by=by)


def planned(**more: Any) -> Specification:
    return plan(**more).records(InspectionPlanned).later()


def record(**more: Any) -> RecordInspection:
    return RecordInspection.model_validate({**FULL, "summary": "总体良好", **more})


def held(by: Actor = OFFICE, **more: Any) -> Specification:
    return planned(by=by, **more).when(record(), by=by).records(InspectionRecorded).later()


def issue(due: date = DUE) -> OpenIssue:
    return OpenIssue(question="content", what="目录缺两项", due=due)


def with_issue(book: str = "decree-711") -> Specification:
    return held(book=book).when(issue(), by=OFFICE).records(IssueOpened).later()


def order(**more: Any) -> OrderRectification:
    return OrderRectification.model_validate({"issues": (1,), "demand": "补齐目录", "due": DUE, "document": "整改1号", **more})


def ordered(book: str = "decree-711") -> Specification:
    return with_issue(book).when(order(), by=CHIEF).records(RectificationOrdered).later()


CLOSE = CloseIssue(number=1, how="已补齐", evidence="目录第 12 项")
REPORT = ReportRectification(number=1, report="已补齐两项")
END = CloseInspection(conclusion="问题已经解决")


def state_of(case: Specification) -> Inspection:
    return cast("Inspection", case.state)


@pytest.mark.rule("JD-01")
@BOOKS
def test_the_office_plans_and_those_responsible_approve(book: str) -> None:
    plan(book, unit="nowhere").refused("no-such-unit")
    case = plan(book, kind="periodic").records(InspectionPlanned).later()
    case.when(record(), by=OFFICE).refused("plan-not-approved")
    case.when(ApproveInspection(), by=OFFICE).refused("planner-approves")
    ready = case.when(ApproveInspection(), by=PARTY).records(InspectionApproved).later()
    ready.when(ApproveInspection(), by=CHIEF).refused("approved-already")
    ready.when(record(), by=OFFICE).records(InspectionRecorded)
    planned().when(ApproveInspection(), by=PARTY).refused("no-approval-needed")
    off = case.when(CancelInspection(reason="并入督导"), by=OFFICE).records(InspectionCancelled).later()
    off.when(record(), by=OFFICE).refused("inspection-over")
    held().when(CancelInspection(reason="不办"), by=OFFICE).refused("inspection-held")


@pytest.mark.rule("JD-02")
def test_six_questions_are_scored_and_what_lost_points_is_explained() -> None:
    assert list(SCHEME.questions.values()) == ["内容全面", "程序规范", "形式恰当", "制度健全", "执行到位", "效果明显"]
    planned().when(record(content=8), by=OFFICE).refused("score-unexplained")
    (made,) = planned().when(record(content=8, content_note="缺两项"), by=OFFICE).records(InspectionRecorded).events
    assert isinstance(made, InspectionRecorded)
    assert (made.total, made.notes, made.unit, made.year, made.replaces) == (58, {"content": "缺两项"}, "touzi", 2025, None)
    (again,) = held().when(record(content=8, content_note="缺两项"), by=OFFICE).events
    assert isinstance(again, InspectionRecorded)
    assert again.replaces == 60, "a correction replaces the first result"
    with pytest.raises(ValueError, match="content"):
        record(content=11)


@pytest.mark.rule("JD-02", "X-08")
@BOOKS
def test_problems_are_put_right_before_it_is_closed(book: str) -> None:
    planned(book=book).when(issue(), by=OFFICE).refused("not-inspected")
    held(book=book).when(issue(DAY), by=OFFICE).refused("due-not-future")
    found = with_issue(book)
    found.when(END, by=OFFICE).refused("open-issues")
    found.when(CloseIssue(number=2, how="已补齐", evidence="目录"), by=OFFICE).refused("no-such-issue")
    right = found.when(CLOSE, by=OFFICE).records(IssueClosed).later()
    right.when(CLOSE, by=OFFICE).refused("no-open-issue")
    back = right.when(ReopenIssue(number=1, reason="又缺一项", due=DUE), by=OFFICE).records(IssueReopened).later()
    back.when(END, by=OFFICE).refused("open-issues")
    closed = right.when(END, by=OFFICE).records(InspectionClosed).later()
    closed.when(issue(), by=OFFICE).refused("inspection-over")
    open_again = closed.when(ReopenInspection(reason="又发现问题"), by=OFFICE).records(InspectionReopened).later()
    open_again.when(issue(), by=OFFICE).records(IssueOpened)
    found.when(ReopenInspection(reason="又发现问题"), by=OFFICE).refused("inspection-open")
    planned(book=book).when(END, by=OFFICE).refused("not-inspected")


@pytest.mark.rule("JD-03")
def test_methods_are_regular_and_not_and_surveys_count() -> None:
    assert {key: kind.regular for key, kind in SCHEME.kinds.items()} == {
        "supervision": False, "daily": False, "periodic": True, "survey": True
    }  # fmt: skip
    assert set(get_args(PlanInspection.model_fields["kind"].annotation)) == set(SCHEME.kinds)
    assert set(get_args(PlanInspection.model_fields["subject"].annotation)) == set(SCHEME.subjects)
    survey = RunSurvey(asked=200, aware=161, satisfied=150, method="问卷", among="办事群众")
    case = planned(kind="survey")
    case.when(record(), by=OFFICE).refused("survey-only")
    case.when(survey.model_copy(update={"aware": 201}), by=OFFICE).refused("more-than-asked")
    made = case.when(survey, by=OFFICE).then(SurveyRun(asked=200, aware=161, satisfied=150, method="问卷", among="办事群众"))
    made.later().when(END, by=OFFICE).records(InspectionClosed)
    assert [rate(161, 200), rate(150, 200), rate(1, 3), rate(2, 3), rate(0, 7), rate(7, 7)] == [
        "80.5%", "75.0%", "33.3%", "66.7%", "0.0%", "100.0%"
    ]  # fmt: skip


@pytest.mark.rule("JD-04+05")
def test_a_supervision_has_a_team_with_volunteers_who_are_in_office() -> None:
    id = derived_id("test", "volunteer")
    volunteer = given(
        supervisor, SupervisorAppointed(number="聘1号", sphere="企业", since=date(2025, 1, 1), until=date(2025, 12, 31)), id=id
    ).state  # fmt: skip
    chief, member = derived_id("test", "chief"), derived_id("test", "member")
    ready = planned(kind="supervision").when(ApproveInspection(), by=PARTY).later()
    ready.when(record(), by=OFFICE).refused("no-team")
    team = FormTeam(head=chief, members=(member,), supervisors=(id,))
    ready.when(team, by=OFFICE).refused("no-such-supervisor")
    ready.when(FormTeam(head=chief, members=(chief,)), by=OFFICE).refused("twice-in-team")
    formed = ready.beside(volunteer).when(team, by=OFFICE)
    formed.then(SupervisionTeamFormed(head=chief, members=(member,), supervisors=(id,)))
    formed.later().when(record(), by=OFFICE).records(InspectionRecorded)


@pytest.mark.rule("YQ-04.3a")
@pytest.mark.parametrize("subject", ["website", "accounts"])
def test_the_website_and_the_accounts_are_inspected(subject: str) -> None:
    assert state_of(held(subject=subject)).subject == subject


@pytest.mark.rule("BM-15")
@BOOKS
def test_the_supervision_office_inspects_secrecy_review_and_has_it_corrected(book: str) -> None:
    plan(book, subject="secrecy").refused("not-supervision")
    case = held(WATCH, book=book, subject="secrecy")
    case.when(issue(), by=OFFICE).refused("not-supervision")
    found = case.when(issue(), by=WATCH).records(IssueOpened).later()
    found.when(CLOSE, by=OFFICE).refused("not-supervision")
    found.when(CLOSE, by=WATCH).records(IssueClosed)


@pytest.mark.rule("BM-16")
@BOOKS
def test_the_leading_group_orders_rectification_by_a_day_and_criticises(book: str) -> None:
    held(book=book).when(order(), by=CHIEF).refused("no-open-issue")
    held(book=book).when(CirculateCriticism(reason="执行不力", document="通报1号"), by=CHIEF).refused("nothing-found")
    found = with_issue(book)
    found.when(order(due=DAY), by=CHIEF).refused("due-not-future")
    found.when(order(issues=(3,)), by=CHIEF).refused("no-such-issue")
    case = ordered(book)
    case.when(order(), by=CHIEF).refused("ordered-already")
    case.when(CLOSE, by=OFFICE).refused("rectification-not-done")
    criticised = case.when(CirculateCriticism(reason="执行不力", document="通报1号"), by=CHIEF)
    criticised.then(CriticismCirculated(unit="touzi", reason="执行不力", document="通报1号"))
    done = case.when(REPORT, by=HEAD).records(RectificationDone).later()
    done.when(REPORT, by=HEAD).refused("no-open-order")
    done.when(CLOSE, by=HEAD).refused("reporter-closes")
    back = done.when(ReturnRectification(number=1, reason="仍缺一项", due=LATER), by=OFFICE).records(RectificationReturned).later()
    back.when(CLOSE, by=OFFICE).refused("rectification-not-done")
    done.when(CLOSE, by=OFFICE).records(IssueClosed).later().when(END, by=OFFICE).records(InspectionClosed)


@pytest.mark.rule("BM-16", "JD-02", "X-08")
@BOOKS
def test_what_is_not_put_right_by_its_day_is_recorded_once(book: str) -> None:
    found = with_issue(book)
    found.on(DUE).when(MissDay(), by=SYSTEM).then()
    late = found.on(LATER).when(MissDay(), by=SYSTEM).then(IssueOverdue(number=1, due=DUE)).later()
    late.when(MissDay(), by=SYSTEM).then()
    both = ordered(book).on(LATER).when(MissDay(), by=SYSTEM)
    both.then(IssueOverdue(number=1, due=DUE), RectificationOverdue(number=1, due=DUE))
    ordered(book).on(LATER).when(REPORT, by=HEAD).records(IssueOverdue, RectificationOverdue, RectificationDone)
    by_order = late.when(order(due=date(2025, 11, 3)), by=CHIEF).records(RectificationOrdered).later()
    by_order.on(date(2025, 11, 4)).when(MissDay(), by=SYSTEM).records(IssueOverdue, RectificationOverdue)


def recorded(number: int, event: Event) -> Recorded:
    """An event as a view reads it."""
    meta = Meta(
        id=derived_id("event", number), case=CASE, agency=AGENCY.code, service="audit", recorded_at=datetime(2025, 9, 22, 2, tzinfo=UTC),
        effective_on=DAY, actor=OFFICE, command="test", correlation="test", causation="test",
    )  # fmt: skip
    return Recorded(CASE, number, event, meta, position=number)


def folded(view: TableView[Any], *events: Event) -> Any:
    """The row of these events."""
    row = None
    for number, event in enumerate(events, start=1):
        row = view.fold(row, recorded(number, event))
    return row


FOUND: dict[str, Any] = {"number": 1, "unit": "touzi", "year": 2025}
OPENED = IssueOpened(question="content", what="目录缺两项", due=DUE, **FOUND)
RIGHT = IssueClosed(how="已补齐", evidence="目录", **FOUND)


def result(total: int, replaces: int | None = None) -> InspectionRecorded:
    return InspectionRecorded(scores={}, notes={}, total=total, unit="touzi", year=2025, summary="总体良好", replaces=replaces)


@pytest.mark.rule("JD-06a")
def test_results_are_counted_for_appraisal_by_year_and_unit() -> None:
    row = folded(inspection_results, result(58), result(57, replaces=58), result(60), OPENED, RIGHT, OPENED)
    assert (row.agency, row.year, row.unit) == (AGENCY.code, 2025, "touzi")
    assert (row.inspections, row.score_sum, row.open_issues) == (2, 117, 1)
    other = InspectionRecorded(scores={}, notes={}, total=50, unit="zonghe", year=2025, summary="一般")
    assert inspection_results.key(recorded(1, result(58))) != inspection_results.key(recorded(2, other))


def test_the_list_knows_the_next_day_and_what_was_missed() -> None:
    begun = InspectionPlanned(name="检查", kind="daily", subject="work", unit="touzi", on=DAY, year=2025, basis="方案")
    second = IssueOpened(number=2, question="form", what="形式单一", due=LATER, unit="touzi", year=2025)
    row = folded(inspections, begun, result(58), OPENED, second)
    assert (row.total, row.issues, row.open_issues, row.due) == (58, 2, 2, DUE)
    row = folded(inspections, begun, result(58), OPENED, second, IssueOverdue(number=1, due=DUE))
    assert (row.due, row.misses, row.open_issues) == (LATER, 1, 2)
    far = date(2025, 12, 1)
    order = RectificationOrdered(number=1, issues=(1,), demand="补齐", due=far, document="整改1号")
    row = folded(inspections, begun, result(58), OPENED, second, IssueOverdue(number=1, due=DUE), order)
    assert row.due == LATER
    done = (RectificationDone(number=1, report="已补齐"), IssueClosed(number=2, how="已改", evidence="照片", unit="touzi", year=2025))
    row = folded(inspections, begun, result(58), OPENED, second, order, *done)
    assert (row.due, row.open_issues) == (far, 1)
    back = RectificationReturned(number=1, reason="仍缺", due=date(2025, 12, 8))
    row = folded(inspections, begun, result(58), OPENED, second, order, *done, back, RectificationOverdue(number=1, due=date(2025, 12, 8)))
    assert (row.due, row.misses) == (date(2025, 12, 8), 1)


@pytest.mark.rule("JD-06b")
@BOOKS
def test_results_are_handed_over_and_it_is_recorded_to_whom(book: str) -> None:
    rows = [Result(2025, "touzi", "=投资科", 2, 117, 1, 200, 161, 150)]
    content = as_csv(rows).decode("utf-8-sig")
    assert content.splitlines()[1] == "2025,touzi,'=投资科,2,117,1,200,161,150", "no name is a formula"
    assert as_csv(rows) == as_csv(list(rows)), "the same results are the same bytes"
    case = given(result_export).on(DAY).under(book)
    given_out = RecordExport(year=2025, purpose="integrity", to="区纪委监委", sha256="ab" * 32, document="报9号")
    case.when(given_out, by=OFFICE).then(
        ResultExported(year=2025, purpose="integrity", to="区纪委监委", sha256="ab" * 32, document="报9号")
    )  # fmt: skip
    case.when(given_out.model_copy(update={"year": 2026}), by=OFFICE).refused("future-year")
