"""The opinion: on each file, with bases and reason; content that must not leave is exempt; what is unclear goes up before anyone approves."""

import pytest

from services.review.secrecy_review.commands import Declassify, Escalate, RecordDetermination
from services.review.secrecy_review.events import DeclassificationRecorded, DeterminationReceived, OpinionGiven, ReviewEscalated
from services.review.secrecy_review.state import Stage
from tests.specification import Specification
from tests.unit.review.reviews import (
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
    standing,
    state_of,
)

UNCLEAR = Escalate(to="superior", reason="业务数据是否涉密不明确")
LIFTED = Declassify(sha256=CONTRACT.sha256, document="解密通知〔2025〕1号")


def determined(secret: bool, case: Specification | None = None) -> Specification:
    """A review of what was unclear, with the answer of whom it went to."""
    waiting = (case or opened()).when(UNCLEAR, by=REVIEWER).later()
    return waiting.when(RecordDetermination(secret=secret, document="复函〔2025〕8号"), by=REVIEWER).later()


@pytest.mark.rule("BM-12b", "BM-05")
@pytest.mark.parametrize("held", ["release", "exempt"])
def test_an_opinion_is_recorded_with_bases_and_reason(held: str) -> None:
    outcome = opened().when(opinions(opinion(held=held)), by=REVIEWER).records(OpinionGiven)
    (kept,) = state_of(outcome).opinions
    assert (kept.opinion, kept.bases, kept.reason) == (held, ("保守国家秘密法第二十六条",), "经审查不涉及秘密")
    assert state_of(outcome).stage is Stage.OPINION


@pytest.mark.rule("BM-12b")
def test_an_opinion_is_given_on_every_file_and_on_no_other() -> None:
    both = opened(CONTRACT, LETTER)
    both.when(opinions(opinion()), by=REVIEWER).refused("opinion-on-each")
    both.when(opinions(opinion(), opinion()), by=REVIEWER).refused("opinion-on-each")
    both.when(opinions(opinion(), opinion(LETTER, "exempt")), by=REVIEWER).records(OpinionGiven)
    opened().when(opinions(opinion(LETTER)), by=REVIEWER).refused("opinion-on-each")


@pytest.mark.rule("BM-03b", "X-03")
def test_changed_bytes_are_no_file_of_this_review() -> None:
    changed = CONTRACT.model_copy(update={"sha256": "ef" * 32})
    opened().when(opinions(opinion(changed)), by=REVIEWER).refused("opinion-on-each")


@pytest.mark.rule("BM-07.2")
@pytest.mark.parametrize("ground", ["state_secret", "work_secret", "trade_secret", "personal_privacy"])
def test_unmarked_content_with_a_ground_is_exempt_not_released(ground: str) -> None:
    opened().when(opinions(opinion(ground=ground)), by=REVIEWER).refused("ground-releases")
    opened().when(opinions(opinion(held="exempt", ground=ground)), by=REVIEWER).records(OpinionGiven)


@pytest.mark.rule("BM-07.3")
def test_what_endangers_the_three_securities_or_stability_is_exempt() -> None:
    opened().when(opinions(opinion(ground="three_securities")), by=REVIEWER).refused("ground-releases")
    opened().when(opinions(opinion(held="exempt", ground="three_securities")), by=REVIEWER).records(OpinionGiven)


@pytest.mark.rule("X-05")
@pytest.mark.parametrize("held", ["exempt", "partial"])
def test_whoever_withholds_says_on_which_ground(held: str) -> None:
    problem = opened().when(opinions(opinion(held=held, ground="")), by=REVIEWER).refused("ground-missing")
    assert problem.fields[0]["field"] == "opinions.0.ground"


@pytest.mark.rule("BM-12b")
def test_an_opinion_may_be_given_anew_until_it_is_decided() -> None:
    case = opined()
    before = standing(case).opinion_hash()
    again = case.when(opinions(opinion(held="exempt")), by=UNIT_HEAD).later()
    assert standing(again).opinion_hash() != before
    assert standing(again).opinion_by == (UNIT_HEAD.person,)


@pytest.mark.rule("BM-10a", "BM-10b")
@pytest.mark.parametrize("to", ["superior", "secrecy_office"])
def test_an_unclear_file_goes_up_where_the_reviewer_says(to: str) -> None:
    unclear = opinion(held="escalate", reason="是否涉密不明确")
    outcome = opened().when(opinions(unclear, escalate_to=to), by=REVIEWER).records(OpinionGiven, ReviewEscalated)
    assert outcome.events[1] == ReviewEscalated(to=to, reason="是否涉密不明确")
    assert state_of(outcome).stage is Stage.ESCALATED


@pytest.mark.rule("BM-10a", "BM-10b")
def test_nobody_approves_marks_or_opines_before_the_determination() -> None:
    waiting = opined().when(UNCLEAR, by=REVIEWER).later()
    waiting.when(approval(waiting), by=LEADER).refused("no-opinion")
    waiting.when(opinions(), by=REVIEWER).refused("determination-pending")
    waiting.when(marking("none"), by=MAKER).refused("determination-pending")
    waiting.when(UNCLEAR, by=REVIEWER).refused("determination-pending")
    expired = marked("work_secret", None).when(UNCLEAR, by=REVIEWER).later()
    expired.when(LIFTED, by=REVIEWER).refused("determination-pending")


@pytest.mark.rule("BM-10a")
def test_a_determination_answers_what_was_asked() -> None:
    answer = RecordDetermination(secret=False, document="复函〔2025〕8号")
    opened().when(answer, by=REVIEWER).refused("not-escalated")
    opined().when(answer, by=REVIEWER).refused("not-escalated")
    waiting = opened().when(UNCLEAR, by=REVIEWER).later()
    waiting.when(answer, by=REVIEWER).then(DeterminationReceived(secret=False, document="复函〔2025〕8号"))


@pytest.mark.rule("BM-10a", "BM-10b")
def test_after_the_determination_the_opinion_is_given_anew() -> None:
    case = determined(secret=False, case=opined())
    case.when(approval(case), by=LEADER).refused("no-opinion")
    case.when(opinions(), by=REVIEWER).records(OpinionGiven)


@pytest.mark.rule("BM-10a", "BM-10b", "BM-12a")
def test_what_was_determined_to_be_a_secret_is_marked_and_not_released() -> None:
    case = determined(secret=True)
    for held in ("release", "exempt"):
        case.when(opinions(opinion(held=held)), by=REVIEWER).refused("determined-unmarked")
    now_marked = onward(case.when(marking("confidential", TERM), by=MAKER))
    now_marked.when(opinions(), by=REVIEWER).refused("marked-secret")
    now_marked.when(opinions(opinion(held="exempt", ground="state_secret")), by=REVIEWER).records(OpinionGiven)


@pytest.mark.rule("BM-10a", "BM-07.1")
def test_beside_a_determined_secret_no_other_file_is_released_in_the_same_review() -> None:
    case = onward(determined(secret=True, case=opened(CONTRACT, LETTER)).when(marking("secret", TERM), by=MAKER))
    mixed = opinions(opinion(held="exempt", ground="state_secret"), opinion(LETTER))
    case.when(mixed, by=REVIEWER).refused("determined-secret")


@pytest.mark.rule("BM-11")
def test_a_mark_that_was_found_wrong_by_who_may_say_so_is_lifted() -> None:
    determined(secret=False, case=marked()).when(LIFTED, by=REVIEWER).records(DeclassificationRecorded)
    case = onward(determined(secret=True, case=marked()).when(marking("top_secret", TERM), by=MAKER))
    case.when(LIFTED, by=REVIEWER).refused("term-running")
