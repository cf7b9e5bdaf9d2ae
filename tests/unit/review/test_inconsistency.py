"""Published information that does not agree is reported, handled, and answered; what the bureau finds of others is raised in time."""

from datetime import date
from typing import cast

import pytest

from services.review.holdings import why_kept
from services.review.inconsistency.commands import (
    AnswerReporter,
    HandleInconsistency,
    MissHandling,
    PublishedIn,
    RaiseInconsistency,
    ReportInconsistency,
)
from services.review.inconsistency.decisions import InconsistencyReport, Stage, inconsistency_report
from services.review.inconsistency.events import (
    HandlingOverdue,
    InconsistencyFound,
    InconsistencyHandled,
    InconsistencyRaised,
    InconsistencyReported,
    ReporterAnswered,
)
from shared.kernel.events import Actor
from tests.specification import AGENCY, Specification, given, person

PUBLIC = Actor("public", ("public",))
SYSTEM = Actor("system:keeper", ("system",))
OFFICER = person("officer", "coordination_officer")
DAY = date(2025, 9, 22)
"""The 10th working day after it is 11 October 2025, the 3rd 25 September."""

BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
OURS = PublishedIn(agency=AGENCY.code, where="2024年部门决算")
THEIRS = PublishedIn(agency="guyuan-czj", where="全市决算汇总表")
HANDLED = HandleInconsistency(finding="corrected", measures="已更正决算表第三行", evidence="门户网站更正公告")
RAISED = RaiseInconsistency(to="competent_department", name="固原市人民政府办公室", document="固审函〔2025〕5号")


def reported(contact: str = "13800000000", book: str = "decree-711") -> Specification:
    """A citizen has found two figures for one thing."""
    command = ReportInconsistency(content="两处公布的数字不一致", published=(OURS, THEIRS), contact=contact)
    return given(inconsistency_report).on(DAY).under(book).when(command, by=PUBLIC).records(InconsistencyReported).later()


def found(book: str = "decree-711") -> Specification:
    """The bureau has found it in another agency's publication."""
    command = ReportInconsistency(content="汇总表与本局决算不一致", published=(THEIRS,), own_finding=True)
    return given(inconsistency_report).on(DAY).under(book).when(command, by=OFFICER).records(InconsistencyFound).later()


def standing(case: Specification) -> InconsistencyReport:
    """The report as it stands."""
    return cast("InconsistencyReport", case.state)


@pytest.mark.rule("XT-10a")
@BOOKS
def test_anybody_may_report_it_and_it_has_a_day(book: str) -> None:
    state = standing(reported(book=book))
    assert state.deadline is not None
    assert (state.deadline.due, state.deadline.rulebook) == (date(2025, 10, 11), book)
    assert state.person_key is not None, "what a citizen writes is sealed under a key of its own"


@pytest.mark.rule("XT-10a", "X-08")
def test_every_report_comes_to_a_finding_with_evidence_and_an_answer() -> None:
    handled = reported().when(HANDLED, by=OFFICER).records(InconsistencyHandled).later()
    assert standing(handled).stage is Stage.HANDLED
    answered = handled.when(AnswerReporter(way="email", text="已更正，感谢您的反映。"), by=OFFICER).records(ReporterAnswered).later()
    assert standing(answered).stage is Stage.CLOSED
    answered.when(AnswerReporter(way="email", text="再次答复"), by=OFFICER).refused("nothing-to-answer")
    answered.when(HANDLED, by=OFFICER).refused("handled-already")


@pytest.mark.rule("XT-10a")
def test_an_anonymous_report_is_handled_and_nobody_is_answered() -> None:
    case = reported(contact="").when(HANDLED, by=OFFICER).later()
    assert standing(case).stage is Stage.CLOSED
    case.when(AnswerReporter(way="email", text="已更正"), by=OFFICER).refused("nothing-to-answer")


@pytest.mark.rule("XT-10a")
def test_what_concerns_another_agency_is_passed_on_and_its_result_awaited() -> None:
    case = reported().when(RAISED, by=OFFICER).records(InconsistencyRaised).later()
    assert standing(case).stage is Stage.RAISED
    case.when(RAISED, by=OFFICER).refused("raised-already")
    case.when(HANDLED, by=OFFICER).records(InconsistencyHandled)


@pytest.mark.rule("XT-10b")
@BOOKS
def test_what_the_bureau_finds_is_raised_in_three_working_days(book: str) -> None:
    state = standing(found(book))
    assert state.deadline is not None
    assert state.deadline.due == date(2025, 9, 25)
    for to in ("competent_department", "supervision_department"):
        found(book).when(RAISED.model_copy(update={"to": to}), by=OFFICER).records(InconsistencyRaised)


@pytest.mark.rule("XT-10b")
def test_it_is_raised_before_it_is_settled_and_is_about_another() -> None:
    found().when(HANDLED, by=OFFICER).refused("not-raised")
    raised = found().when(RAISED, by=OFFICER).later()
    assert standing(raised.when(HANDLED, by=OFFICER).later()).stage is Stage.CLOSED
    public = ReportInconsistency(content="汇总表不一致", published=(THEIRS,), own_finding=True)
    given(inconsistency_report).when(public, by=PUBLIC).refused("own-finding-by-official")
    given(inconsistency_report).when(
        ReportInconsistency(content="本局两处不一致", published=(OURS,), own_finding=True), by=OFFICER
    ).refused("not-anothers")


@pytest.mark.rule("XT-10a", "XT-10b")
def test_a_missed_day_is_recorded_once() -> None:
    for case, due in ((reported(), date(2025, 10, 11)), (found(), date(2025, 9, 25))):
        case.on(due).when(MissHandling(), by=SYSTEM).then()
        late = case.on(date(2025, 10, 13)).when(MissHandling(), by=SYSTEM).then(HandlingOverdue(due=due)).later()
        late.when(MissHandling(), by=SYSTEM).then()
    reported().on(date(2025, 10, 13)).when(HANDLED, by=OFFICER).records(InconsistencyHandled, HandlingOverdue)
    found().on(date(2025, 10, 13)).when(RAISED, by=OFFICER).records(InconsistencyRaised, HandlingOverdue)
    found().when(RAISED, by=OFFICER).later().on(date(2025, 10, 13)).when(MissHandling(), by=SYSTEM).then()


def test_a_reporter_is_not_forgotten_before_the_report_is_closed() -> None:
    assert why_kept(standing(reported())) == "反映尚未办结"
    assert why_kept(standing(reported(contact="").when(HANDLED, by=OFFICER).later())) is None
