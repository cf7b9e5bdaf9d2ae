"""More time: once, before the due date, with a reason, approved by another person (YS-F.3; Decree 711 Art. 33); and force majeure."""

from datetime import date
from typing import cast

import pytest
from pydantic import ValidationError

from services.requests.disclosure_request.commands import (
    ApproveExtension,
    RefuseExtension,
    RequestAmendment,
    RequestExtension,
    Resume,
    Suspend,
)
from services.requests.disclosure_request.events import (
    ClockResumed,
    ClockSuspended,
    ExtensionRefused,
    ExtensionRequested,
    ReplyExtended,
)
from services.requests.disclosure_request.state import Stage
from shared.kernel.events import Actor
from shared.law.rulebook import rulebook
from tests.specification import Specification
from tests.unit.requests.cases import DRAFTER, HEAD, LEADING_GROUP, assigned, confirmed, drafted, registered, state_of

FIFTEEN = RequestExtension(working_days=15, reason="需要查阅二十年前的档案")


def asked(book: str = "decree-711") -> Specification:
    """Fifteen working days more were asked for."""
    return assigned(book=book).on(date(2025, 10, 15)).when(FIFTEEN, by=DRAFTER).later()


@pytest.mark.rule("YS-F.3")
@pytest.mark.parametrize(("book", "longest"), [("decree-711", 20), ("bureau-2019", 15)])
def test_it_is_at_most_as_long_as_the_rulebook_allows(book: str, longest: int) -> None:
    case = assigned(book=book).on(date(2025, 10, 15))
    case.when(RequestExtension(working_days=longest, reason="需要查阅档案")).records(ExtensionRequested)
    problem = case.when(RequestExtension(working_days=longest + 1, reason="需要查阅档案")).refused("extension-too-long")
    assert str(longest) in problem.sentence
    assert problem.article == rulebook(book).limit("extension").article


@pytest.mark.rule("YS-F.3")
@pytest.mark.parametrize("reason", ["", " ", "忙"])
def test_it_needs_a_reason_in_writing(reason: str) -> None:
    with pytest.raises(ValidationError):
        RequestExtension(working_days=5, reason=reason)


@pytest.mark.rule("YS-F.3")
@pytest.mark.parametrize(
    ("book", "approver", "due", "days"),
    [("decree-711", HEAD, date(2025, 11, 14), 35), ("bureau-2019", LEADING_GROUP, date(2025, 11, 7), 30)],
)
def test_approved_it_is_counted_on_from_the_same_start(book: str, approver: Actor, due: date, days: int) -> None:
    outcome = asked(book).on(date(2025, 10, 16)).when(ApproveExtension(), by=approver).records(ReplyExtended)
    event = cast("ReplyExtended", outcome.events[0])
    assert (event.deadline.due, event.deadline.days, event.working_days) == (due, days, 15)
    assert state_of(outcome).deadline == event.deadline


@pytest.mark.rule("YS-F.3", "X-04")
def test_each_rulebook_names_who_approves() -> None:
    assert rulebook("decree-711").grantees("requests.approve_extension").roles == ("head_of_disclosure_office",)
    assert rulebook("bureau-2019").grantees("requests.approve_extension").roles == ("head_of_leading_group",)


@pytest.mark.rule("YS-F.3", "X-04")
def test_who_asked_does_not_approve_nor_does_he_for_another() -> None:
    asked().when(ApproveExtension(), by=DRAFTER).refused("requester-approves")
    for_the_head = Actor(DRAFTER.person, HEAD.roles, principal=HEAD.person)
    asked().when(ApproveExtension(), by=for_the_head).refused("requester-approves")
    by_the_head = Actor(HEAD.person, HEAD.roles, principal=DRAFTER.person)
    asked().when(ApproveExtension(), by=by_the_head).refused("requester-approves")


@pytest.mark.rule("YS-F.3")
def test_it_is_extended_once() -> None:
    extended = asked().when(ApproveExtension(), by=HEAD).later()
    problem = extended.when(FIFTEEN).refused("extended-already")
    assert problem.article == "国令711 第三十三条"


@pytest.mark.rule("YS-F.3")
def test_it_is_asked_for_before_the_due_date_passes() -> None:
    assigned().on(date(2025, 10, 24)).when(FIFTEEN).records(ExtensionRequested)
    assigned().on(date(2025, 10, 27)).when(FIFTEEN).refused("extension-too-late")


@pytest.mark.rule("YS-F.3")
def test_it_is_approved_before_the_due_date_passes_and_while_the_clock_runs() -> None:
    asked().on(date(2025, 10, 24)).when(ApproveExtension(), by=HEAD).records(ReplyExtended)
    asked().on(date(2025, 10, 27)).when(ApproveExtension(), by=HEAD).refused("extension-too-late")
    waiting = assigned().when(FIFTEEN, by=DRAFTER).later().when(RequestAmendment(items=("请写明年份",))).later()
    waiting.when(ApproveExtension(), by=HEAD).refused("clock-not-running")


@pytest.mark.rule("YS-F.3")
def test_each_event_names_the_article_of_its_rulebook() -> None:
    for book in ("decree-711", "bureau-2019"):
        for event in (ExtensionRequested, ReplyExtended, ExtensionRefused):
            assert event.spec.article(book) == rulebook(book).limit("extension").article


@pytest.mark.rule("YS-F.3")
def test_refused_it_may_be_asked_for_again_with_better_reasons() -> None:
    outcome = asked().when(RefuseExtension(reason="可以按期答复"), by=HEAD).then(ExtensionRefused(reason="可以按期答复"))
    state = state_of(outcome)
    assert state.deadline is not None
    assert state.deadline.due == date(2025, 10, 24)
    outcome.later().when(FIFTEEN).records(ExtensionRequested)


@pytest.mark.rule("YS-F.3")
def test_it_is_not_asked_for_twice_at_once_nor_approved_where_nobody_asked() -> None:
    asked().when(FIFTEEN).refused("extension-pending")
    assigned().when(ApproveExtension(), by=HEAD).refused("no-extension-wanted")
    assigned().when(RefuseExtension(reason="可以按期答复"), by=HEAD).refused("no-extension-wanted")


@pytest.mark.rule("YS-F.3")
def test_before_the_clock_runs_there_is_nothing_to_extend() -> None:
    registered(channel="internet").when(FIFTEEN).refused("clock-not-running")
    confirmed(date(2025, 9, 24)).when(FIFTEEN).records(ExtensionRequested)
    drafted().when(FIFTEEN).records(ExtensionRequested)


@pytest.mark.rule("YS-F.4a", "X-02")
def test_force_majeure_stops_the_clock_under_the_old_rules_alone() -> None:
    flood = Suspend(reason="洪灾致档案室无法进入")
    problem = assigned().when(flood).refused("no-suspension")
    assert problem.article == "国令711 第三十三条"
    outcome = assigned(book="bureau-2019").on(date(2025, 9, 24)).when(flood)
    outcome.then(ClockSuspended(reason=flood.reason, since=date(2025, 9, 24)))
    assert state_of(outcome).stage is Stage.SUSPENDED


@pytest.mark.rule("YS-F.4b", "X-01")
def test_resumed_the_days_between_are_not_counted() -> None:
    suspended = assigned(book="bureau-2019").on(date(2025, 9, 24)).when(Suspend(reason="洪灾")).later()
    outcome = suspended.on(date(2025, 9, 29)).when(Resume()).records(ClockResumed)
    event = cast("ClockResumed", outcome.events[0])
    assert event.deadline.due == date(2025, 10, 23), "24, 25, 26 and the worked Sunday 28 September stand still: four more"
    assert state_of(outcome).stage is Stage.ASSIGNED
    outcome.later().when(Resume()).refused("not-suspended")
