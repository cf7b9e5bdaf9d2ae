"""A review is asked for over NATS, bound to the hash of each file, filed in the request's case, due in ten working days."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from pydantic import ValidationError

from services.review.reactions import SecrecyReviewRequested, open_review
from services.review.secrecy_review.commands import FileIn, MissDeadline, OpenReview, Reject, review_id
from services.review.secrecy_review.events import DeadlineMissed, ReviewOpened
from services.review.secrecy_review.state import Stage, secrecy_review
from shared.kernel.events import Actor, Meta
from shared.kernel.identity import derived_id, fresh_id
from shared.kernel.reactions import Reaction
from tests.specification import given
from tests.unit.review.reviews import (
    ASKED_ON,
    CONTRACT,
    LEADER,
    LETTER,
    SERVICE,
    SUBJECT,
    SYSTEM,
    approval,
    asking,
    opened,
    opined,
    opinion,
    standing,
)

DUE = date(2025, 10, 11)
"""A Saturday that works; 28 September is a Sunday that works, and 1 to 8 October are off."""


def heard(**more: Any) -> Reaction:
    """The reaction to what requests has recorded, read from JSON as it arrives."""
    data = {"review": 2, "files": [{"name": "采购合同.pdf", "sha256": "ab" * 32, "size": 20_480}], "unit": "综合科", **more}
    meta = Meta(
        id=fresh_id(),
        case=SUBJECT,
        agency="guyuan-spj",
        service="requests",
        recorded_at=datetime(2025, 9, 22, 2, tzinfo=UTC),
        effective_on=ASKED_ON,
        actor=Actor("somebody"),
        command="requests.RequestReview",
        correlation="test",
        causation="test",
    )
    return open_review(msgspec.json.decode(msgspec.json.encode(data), type=SecrecyReviewRequested), meta)


@pytest.mark.rule("BM-02", "BM-03b")
def test_what_requests_asks_for_opens_a_review_of_these_bytes() -> None:
    reaction = heard()
    assert reaction.id == review_id(SUBJECT, 2)
    assert reaction.command == OpenReview(source="requests", subject=SUBJECT, review=2, files=(CONTRACT,), unit="综合科")


def test_what_the_reader_does_not_read_may_come_and_go() -> None:
    assert heard(later={"anything": 1}) == heard()


@pytest.mark.rule("BM-02", "BM-03b")
def test_a_review_names_every_file_by_its_hash_and_the_unit_that_answers_for_it() -> None:
    start = given(secrecy_review, id=review_id(SUBJECT, 1)).on(ASKED_ON)
    outcome = start.when(asking(CONTRACT, LETTER), by=SERVICE).records(ReviewOpened)
    (event,) = outcome.events
    assert isinstance(event, ReviewOpened)
    assert [(file.name, file.sha256, file.size) for file in event.files] == [(f.name, f.sha256, f.size) for f in (CONTRACT, LETTER)]
    assert (event.source, event.subject, event.unit) == ("requests", SUBJECT, "综合科")
    assert event.asked_by == SERVICE.person


def test_every_event_of_it_is_filed_in_the_case_of_its_request() -> None:
    outcome = given(secrecy_review, id=review_id(SUBJECT, 1)).when(asking(), by=SERVICE)
    assert outcome.decided is not None
    assert outcome.decided.case == SUBJECT


def test_asked_again_nothing_happens() -> None:
    opened().when(asking(), by=SERVICE).then()


@pytest.mark.rule("BM-03b", "X-03")
def test_each_time_it_is_asked_is_another_review() -> None:
    assert len({review_id(SUBJECT, 1), review_id(SUBJECT, 2), review_id(derived_id("test", "other"), 1)}) == 3


@pytest.mark.rule("BM-13")
@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
def test_it_is_due_on_the_tenth_working_day(book: str) -> None:
    deadline = standing(opened(book=book)).deadline
    assert deadline is not None
    assert (deadline.due, deadline.days, deadline.rulebook, deadline.provisional) == (DUE, 10, book, False)
    assert deadline.calendar


@pytest.mark.rule("BM-13")
def test_a_missed_deadline_is_recorded_once_and_only_after_its_day() -> None:
    opened().on(DUE).when(MissDeadline(), by=SYSTEM).then()
    late = opened().on(date(2025, 10, 12)).when(MissDeadline(), by=SYSTEM).then(DeadlineMissed(due=DUE)).later()
    late.on(date(2025, 10, 13)).when(MissDeadline(), by=SYSTEM).then()


@pytest.mark.rule("BM-13")
def test_a_review_that_was_decided_is_not_late() -> None:
    case = opined()
    decided = case.when(approval(case), by=LEADER).later(date(2025, 11, 3))
    decided.when(MissDeadline(), by=SYSTEM).then()


def test_it_waits_for_an_opinion_first() -> None:
    case = opened()
    assert standing(case).stage is Stage.OPEN
    case.when(approval(case), by=LEADER).refused("no-opinion")
    case.when(Reject(reason="依据不充分"), by=LEADER).refused("no-opinion")


@pytest.mark.parametrize(
    "wrong",
    [{"sha256": "AB" * 32}, {"sha256": "ab" * 31}, {"name": "  "}, {"size": -1}, {"path": "/etc"}],
    ids=["upper case", "short", "blank name", "negative size", "unknown field"],
)
def test_a_file_without_a_proper_hash_name_or_size_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FileIn(**{"name": "a.pdf", "sha256": "ab" * 32, "size": 1, **wrong})


@pytest.mark.rule("BM-05")
@pytest.mark.parametrize("wrong", [{"bases": ()}, {"bases": ("  ",)}, {"reason": ""}, {"reason": "   "}, {"opinion": "maybe"}])
def test_an_opinion_without_basis_or_reason_does_not_fit_its_form(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        opinion(**wrong)
