"""A request that concerns other agencies waits for them, its clock stands still where the rulebook says so, and no refusal is gone around."""

from datetime import date, datetime

import pytest

from services.requests.disclosure_request.commands import (
    AddresseeIn,
    ConcludeCoordination,
    CoordinatedFileIn,
    CorrectFacts,
    MissDeadline,
    RequestCoordination,
    RequestExtension,
    RequestReview,
    Withdraw,
)
from services.requests.disclosure_request.events import (
    CoordinationConcluded,
    CoordinationRequested,
    DeadlineMissed,
    ExtensionRequested,
    ReplyApproved,
    ReplyDrafted,
)
from services.requests.disclosure_request.state import Stage
from services.requests.reactions import CoordinationConcluded as ConcludedHeard
from services.requests.reactions import (
    CoordinationWithdrawn,
    FileHeard,
    coordinated,
    coordination_withdrawn,
)
from shared.kernel.events import Actor, Meta
from shared.kernel.identity import fresh_id
from shared.law.calendar import national_calendar
from shared.law.deadlines import explain
from shared.law.rulebook import rulebook
from tests.specification import AGENCY, CASE, Specification
from tests.unit.requests.cases import CONTRACT, DRAFTER, LETTER, OFFICE, RECEIVED_ON, SYSTEM, approval, assigned, reply, reviewed, standing

FINANCE = AddresseeIn(code="guyuan-czj", name="固原市财政局")
ASKED_ON = date(2025, 9, 25)
ANSWERED_ON = date(2025, 10, 10)
"""The six working days from 25 September (26, 28, 29, 30 September, 9 October) on are not counted."""


def asking(*addressees: AddresseeIn, **more: object) -> RequestCoordination:
    """The unit asks another agency."""
    return RequestCoordination(item="联合方案", text="请确认是否准确一致。", addressees=addressees or (FINANCE,), **more)


def coordinating(book: str = "decree-711", **more: object) -> Specification:
    """It waits for the answer."""
    return assigned(book=book).on(ASKED_ON).when(asking(**more), by=DRAFTER).records(CoordinationRequested).later()


def concluded(agreed: bool = True, book: str = "decree-711", files: tuple[str, ...] = (), **more: object) -> Specification:
    """The answer is there."""
    answer = ConcludeCoordination(round=1, agreed=agreed, how="confirmed" if agreed else "ruling", opinion="意见", files=files)
    return coordinating(book, **more).on(ANSWERED_ON).when(answer, by=SYSTEM).records(CoordinationConcluded).later()


@pytest.mark.rule("XT-04", "X-03")
@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
def test_no_reply_is_drafted_while_other_agencies_are_asked(book: str) -> None:
    case = coordinating(book)
    assert standing(case).stage is Stage.COORDINATING
    case.when(reply(), by=DRAFTER).refused("not-draftable")
    case.when(RequestReview(files=(CONTRACT,)), by=DRAFTER).refused("not-reviewable")
    concluded(book=book).when(reply(), by=DRAFTER).records(ReplyDrafted)


@pytest.mark.rule("XT-04", "YS-F.1-2")
def test_under_the_decree_the_time_of_asking_is_not_counted_and_the_clock_says_so() -> None:
    before = standing(assigned()).deadline
    state = standing(concluded())
    assert before is not None
    assert state.deadline is not None
    calendar = national_calendar()
    assert calendar.working_days_between(before.due, state.deadline.due) == 6
    facts = state.clock()
    assert facts is not None
    days = explain(facts, rulebook("decree-711"), calendar)
    assert (days[-1].day, days[-1].count) == (state.deadline.due, 20)
    assert [day.day for day in days if day.kind == "consulting"] == [
        date(2025, 9, 25),
        date(2025, 9, 26),
        date(2025, 9, 28),
        date(2025, 9, 29),
        date(2025, 9, 30),
        date(2025, 10, 9),
    ]


@pytest.mark.rule("YS-F.1-2")
def test_under_the_bureaus_rules_it_is_and_a_miss_is_a_miss() -> None:
    before = standing(assigned(book="bureau-2019")).deadline
    case = coordinating("bureau-2019")
    assert before is not None
    assert standing(concluded(book="bureau-2019")).deadline == before
    case.on(date(2025, 11, 3)).when(MissDeadline(), by=SYSTEM).then(DeadlineMissed(due=before.due))
    coordinating().on(date(2025, 11, 3)).when(MissDeadline(), by=SYSTEM).then()
    case.when(RequestExtension(working_days=5, reason="等待答复"), by=DRAFTER).records(ExtensionRequested)
    coordinating().when(RequestExtension(working_days=5, reason="等待答复"), by=DRAFTER).refused("clock-not-running")


def test_while_it_stands_still_the_receipt_is_not_corrected() -> None:
    correction = CorrectFacts(reason="日期看错", received_on=date(2025, 9, 19))
    coordinating().when(correction, by=OFFICE).refused("clock-suspended")


@pytest.mark.rule("XT-04", "X-03")
def test_what_an_agency_has_not_agreed_to_is_not_given_out() -> None:
    case = concluded(agreed=False)
    case.when(reply(), by=DRAFTER).refused("not-confirmed")
    again = case.when(asking(), by=DRAFTER).later()
    agreed = again.when(ConcludeCoordination(round=2, agreed=True, how="ruling"), by=SYSTEM).later()
    agreed.when(reply(), by=DRAFTER).records(ReplyDrafted)


@pytest.mark.rule("XT-04", "X-03")
def test_where_only_some_files_concern_it_the_others_may_leave() -> None:
    case = reviewed(released=(CONTRACT, LETTER)).on(ASKED_ON)
    file = CoordinatedFileIn(name=LETTER.name, sha256=LETTER.sha256)
    asked = case.when(asking(files=(file,)), by=DRAFTER).later()
    answer = ConcludeCoordination(round=1, agreed=False, how="competence", files=(LETTER.sha256,))
    refused = asked.when(answer, by=SYSTEM).later()
    refused.when(reply(files=(CONTRACT, LETTER)), by=DRAFTER).refused("not-confirmed")
    drafted = refused.when(reply(files=(CONTRACT,)), by=DRAFTER).later()
    drafted.when(approval(drafted), by=OFFICE).records(ReplyApproved)


def test_who_is_asked_is_checked_before_the_letter_is_on_its_way() -> None:
    case = assigned().among(AGENCY.code, FINANCE.code)
    case.when(asking(FINANCE, FINANCE), by=DRAFTER).refused("asked-twice")
    case.when(asking(AddresseeIn(code=AGENCY.code, name="本局")), by=DRAFTER).refused("asks-itself")
    case.when(asking(AddresseeIn(code="nobody", name="某局")), by=DRAFTER).refused("wrong-addressee")
    case.when(asking(AddresseeIn(code="pengyang", name="彭阳县", outside=True)), by=DRAFTER).records(CoordinationRequested)


def test_an_answer_to_what_was_overtaken_or_has_ended_is_left_alone() -> None:
    answer = ConcludeCoordination(round=2, agreed=True, how="confirmed")
    coordinating().when(answer, by=SYSTEM).then()
    withdrawn = coordinating().when(Withdraw(), by=DRAFTER).later()
    withdrawn.when(ConcludeCoordination(round=1, agreed=True, how="confirmed"), by=SYSTEM).then()


META = Meta(
    id=fresh_id(),
    case=CASE,
    agency=AGENCY.code,
    service="review",
    recorded_at=datetime.fromisoformat("2025-10-10T02:00:00+00:00"),
    effective_on=RECEIVED_ON,
    actor=Actor("somebody"),
    command="review.ConfirmLetter",
    correlation="test",
    causation="test",
)


@pytest.mark.rule("XT-04")
def test_what_review_records_comes_back_and_what_is_publishings_does_not() -> None:
    heard = ConcludedHeard(source="requests", subject=CASE, round=1, agreed=True, how="confirmed", files=(FileHeard("ab" * 32),))
    reaction = coordinated(heard, META)
    assert reaction is not None
    assert (reaction.id, reaction.command) == (CASE, ConcludeCoordination(round=1, agreed=True, how="confirmed", files=("ab" * 32,)))
    assert coordinated(ConcludedHeard(source="publishing", subject=CASE, round=1, agreed=True, how="confirmed"), META) is None


@pytest.mark.rule("XT-04", "X-03")
@pytest.mark.parametrize("disputed", [True, False])
def test_to_withdraw_a_coordination_is_no_way_around_an_objection(disputed: bool) -> None:
    reaction = coordination_withdrawn(
        CoordinationWithdrawn(source="requests", subject=CASE, round=1, reason="不再征求", disputed=disputed), META
    )
    assert reaction is not None
    assert isinstance(reaction.command, ConcludeCoordination)
    assert reaction.command.agreed is not disputed
