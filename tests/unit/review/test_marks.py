"""Marks: put by the maker with a term, never lowered but by a document, and belonging to the bytes: no path releases a marked secret."""

from datetime import date
from typing import cast

import pytest

from services.review.secrecy_review.commands import Declassify, DirectRedactions, Mark
from services.review.secrecy_review.decisions import years_after
from services.review.secrecy_review.events import (
    DeclassificationRecorded,
    OpinionGiven,
    RedactionsDirected,
    ReviewApproved,
    SecrecyMarked,
)
from services.review.secrecy_review.state import SECRETS, Stage
from tests.specification import Specification
from tests.unit.review.reviews import (
    ASKED_ON,
    CONTRACT,
    LEADER,
    LETTER,
    MAKER,
    REVIEWER,
    TERM,
    UNIT_HEAD,
    approval,
    marked,
    marking,
    onward,
    opened,
    opined,
    opinion,
    opinions,
    registered,
    remembered,
    standing,
)

LIFTED = Declassify(sha256=CONTRACT.sha256, document="解密通知〔2025〕1号")
PAST = date(2025, 9, 1)


@pytest.mark.rule("BM-12a")
@pytest.mark.parametrize("level", ["none", *SECRETS])
def test_the_maker_marks_at_creation(level: str) -> None:
    until = TERM if level in ("secret", "confidential", "top_secret") else None
    opened().when(marking(level, until), by=MAKER).then(SecrecyMarked(sha256=CONTRACT.sha256, mark=level, until=until))


@pytest.mark.rule("BM-12a")
@pytest.mark.parametrize("level", ["secret", "confidential", "top_secret"])
def test_a_state_secret_has_a_term(level: str) -> None:
    opened().when(marking(level), by=MAKER).refused("term-missing")


@pytest.mark.rule("BM-12a")
@pytest.mark.parametrize(("level", "years"), [("secret", 10), ("confidential", 20), ("top_secret", 30)])
def test_the_longest_term_is_ten_twenty_thirty_years_to_the_day(level: str, years: int) -> None:
    last = ASKED_ON.replace(year=ASKED_ON.year + years)
    opened().when(marking(level, last), by=MAKER).records(SecrecyMarked)
    opened().when(marking(level, last.replace(day=23)), by=MAKER).refused("term-too-long")


def test_a_term_that_begins_on_a_leap_day_ends_in_february() -> None:
    assert years_after(date(2024, 2, 29), 10) == date(2034, 2, 28)


@pytest.mark.rule("BM-03b")
def test_only_a_file_of_this_review_is_marked_lifted_or_redacted() -> None:
    for command in (marking("none", file=LETTER), Declassify(sha256=LETTER.sha256, document="通知")):
        opened().when(command, by=MAKER).refused("no-such-file")
    opened().when(DirectRedactions(sha256=LETTER.sha256, parts=("第三页",)), by=REVIEWER).refused("no-such-file")


@pytest.mark.rule("BM-07.1", "X-03")
@pytest.mark.parametrize("level", SECRETS)
@pytest.mark.parametrize("way_out", ["release", "partial"])
def test_what_is_marked_is_not_released(level: str, way_out: str) -> None:
    case = marked(level, TERM).when(DirectRedactions(sha256=CONTRACT.sha256, parts=("第三页",)), by=REVIEWER).later()
    case.when(opinions(opinion(held=way_out)), by=REVIEWER).refused("marked-secret")
    case.when(opinions(opinion(held="exempt")), by=REVIEWER).records(OpinionGiven)


@pytest.mark.rule("BM-07.1", "X-03")
def test_a_mark_sends_an_opinion_back_so_that_it_can_not_be_approved() -> None:
    case = opined()
    seen = approval(case)
    after = onward(case.when(marking("secret", TERM), by=MAKER))
    assert standing(after).stage is Stage.OPEN
    after.when(seen, by=LEADER).refused("no-opinion")
    after.when(opinions(), by=REVIEWER).refused("marked-secret")


@pytest.mark.rule("BM-07.1", "BM-11")
@pytest.mark.parametrize(
    "lower",
    [
        marking("none"),
        marking("trade_secret"),
        marking("work_secret"),
        marking("secret", TERM),
        marking("confidential", date(2030, 12, 30)),
    ],
    ids=["none", "trade", "work", "one level", "a day shorter"],
)
def test_marking_again_never_lowers_a_mark_nor_shortens_its_term(lower: Mark) -> None:
    marked("confidential").when(lower, by=MAKER).refused("mark-stands")


@pytest.mark.rule("BM-12a")
def test_marking_again_may_raise_a_mark_or_lengthen_its_term() -> None:
    for higher in (marking("confidential", date(2031, 1, 1)), marking("top_secret", TERM)):
        marked("confidential").when(higher, by=MAKER).records(SecrecyMarked)


def test_a_work_secret_stands_too_but_a_trade_secret_is_its_owners_to_give_up() -> None:
    marked("work_secret", None).when(marking("none"), by=MAKER).refused("mark-stands")
    free = onward(marked("trade_secret", None).when(marking("none"), by=MAKER))
    free.when(opinions(), by=REVIEWER).records(OpinionGiven)


@pytest.mark.rule("BM-07.1", "X-03")
def test_the_same_bytes_are_marked_in_every_later_review() -> None:
    register = remembered(opened().when(marking("secret", TERM), by=MAKER))
    again = opened(review=2, beside=(register,))
    assert standing(again).marks == {CONTRACT.sha256: "secret"}
    assert standing(again).mark_until == {CONTRACT.sha256: TERM}
    again.when(opinions(), by=REVIEWER).refused("marked-secret")
    again.when(marking("none"), by=MAKER).refused("mark-stands")


@pytest.mark.rule("BM-07.1")
def test_a_mark_belongs_to_its_bytes_not_to_the_files_beside_them() -> None:
    register = remembered(opened().when(marking("secret", TERM), by=MAKER))
    case = opened(CONTRACT, LETTER, review=2, beside=(register,))
    assert standing(case).marks == {CONTRACT.sha256: "secret"}
    case.when(opinions(opinion(held="exempt"), opinion(LETTER)), by=REVIEWER).records(OpinionGiven)


@pytest.mark.rule("BM-07.1", "X-03")
def test_a_mark_that_another_review_puts_meanwhile_holds_here() -> None:
    register = remembered(opened(review=2).when(marking("top_secret", TERM), by=MAKER))
    opened().beside(register).when(opinions(), by=REVIEWER).refused("marked-secret")


@pytest.mark.rule("BM-07.1", "X-03")
@pytest.mark.parametrize("mark", ["secret", "work_secret", "trade_secret"])
@pytest.mark.parametrize("held", ["release", "partial"])
def test_a_mark_that_another_review_puts_after_the_opinion_is_seen_by_the_approval(mark: str, held: str) -> None:
    case = opined(opinion(held=held), case=redacted())
    until = TERM if mark == "secret" else None
    register = remembered(opened(review=2).when(marking(mark, until), by=MAKER))
    refusal = case.beside(register).when(approval(case), by=LEADER).refused("marked-since")
    assert ("须按国家秘密处理" in refusal.sentence) == (mark == "secret")
    assert "采购合同" in refusal.sentence


def test_what_is_withheld_anyway_is_approved_whatever_another_review_marks() -> None:
    case = opined(opinion(held="exempt"))
    register = remembered(opened(review=2).when(marking("secret", TERM), by=MAKER))
    case.beside(register).when(approval(case), by=LEADER).records(ReviewApproved)


def test_a_mark_on_other_bytes_does_not_hold_an_approval_up() -> None:
    case = opined()
    register = remembered(opened(LETTER, review=2).when(marking("secret", TERM, LETTER), by=MAKER), LETTER)
    assert register.mark == "secret"
    case.beside(register).when(approval(case), by=LEADER).records(ReviewApproved)


def test_what_is_not_secret_is_not_registered() -> None:
    assert registered(opened().when(marking("none"), by=MAKER)) == []


@pytest.mark.rule("BM-11")
def test_an_expired_mark_is_lifted_first_and_then_the_file_is_reviewed() -> None:
    expired = marked("secret", PAST)
    expired.when(opinions(), by=REVIEWER).refused("marked-secret")
    outcome = expired.when(LIFTED, by=REVIEWER)
    outcome.then(DeclassificationRecorded(sha256=CONTRACT.sha256, document="解密通知〔2025〕1号"))
    lifted = onward(outcome)
    assert remembered(outcome).mark == "none"
    assert standing(lifted).mark_until == {}
    case = lifted.when(opinions(), by=REVIEWER).later()
    case.when(approval(case), by=LEADER).records(ReviewApproved)


@pytest.mark.rule("BM-11")
def test_a_mark_is_not_lifted_while_its_term_runs_through_its_last_day() -> None:
    marked().when(LIFTED, by=REVIEWER).refused("term-running")
    marked("secret", ASKED_ON).when(LIFTED, by=REVIEWER).refused("term-running")
    marked("secret", PAST).when(LIFTED, by=REVIEWER).records(DeclassificationRecorded)


@pytest.mark.rule("BM-11")
def test_what_was_never_marked_needs_no_declassification() -> None:
    opened().when(LIFTED, by=REVIEWER).refused("not-marked-secret")
    marked("trade_secret", None).when(LIFTED, by=REVIEWER).refused("not-marked-secret")


@pytest.mark.rule("BM-11")
def test_a_work_secret_is_lifted_with_a_document() -> None:
    marked("work_secret", None).when(LIFTED, by=UNIT_HEAD).records(DeclassificationRecorded)


@pytest.mark.rule("BM-14")
def test_redactions_name_the_parts_that_have_to_go() -> None:
    made = opened().when(DirectRedactions(sha256=CONTRACT.sha256, parts=("第三页联系方式",)), by=REVIEWER)
    made.then(RedactionsDirected(sha256=CONTRACT.sha256, parts=("第三页联系方式",)))


def redacted() -> Specification:
    """A review in which it is said what has to go."""
    return opened().when(DirectRedactions(sha256=CONTRACT.sha256, parts=("第三页联系方式",)), by=REVIEWER).later()


@pytest.mark.rule("BM-14", "YS-07.5")
def test_a_part_is_given_out_only_as_other_bytes_which_are_reviewed_again() -> None:
    opened().when(opinions(opinion(held="partial")), by=REVIEWER).refused("redactions-missing")
    case = opined(opinion(held="partial"), case=redacted())
    (event,) = case.when(approval(case), by=LEADER).events
    answer = cast("ReviewApproved", event)
    assert (answer.released, answer.withheld, answer.partial) == ((), (CONTRACT.sha256,), (CONTRACT.sha256,))
