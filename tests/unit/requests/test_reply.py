"""The reply: its outcome and grounds, the files that secrecy review has released, approval by another person, delivery by the agency."""

from datetime import date
from typing import cast

import pytest
from pydantic import ValidationError

from services.requests.disclosure_request.commands import ConcludeReview, Deliver, DraftReply, FileIn, GroundIn, RequestReview, ReturnReply
from services.requests.disclosure_request.events import (
    ReplyApproved,
    ReplyDelivered,
    ReplyDrafted,
    ReplyReturned,
    SecrecyReviewConcluded,
    SecrecyReviewRequested,
)
from services.requests.disclosure_request.state import Stage
from shared.kernel.events import Actor
from shared.law.outcomes import OUTCOMES
from tests.unit.requests.cases import (
    CONTRACT,
    DRAFTER,
    GRANTED,
    LEADER,
    LETTER,
    PARTIAL,
    SYSTEM,
    WITHHELD,
    approval,
    approved,
    assigned,
    drafted,
    received,
    registered,
    reply,
    reviewed,
    standing,
    state_of,
)

DRAFTABLE = [key for key, row in OUTCOMES.items() if not row.closes]
REFUSALS = [key for key in DRAFTABLE if set(OUTCOMES[key].needs) == {"ground", "article", "reason"}]
SENT = Deliver(way="post", evidence="EMS 1234567890")


def ground_of(outcome: str, **changes: str) -> GroundIn:
    """A complete ground of an outcome."""
    fields = {"outcome": outcome, "article": OUTCOMES[outcome].articles[0], "ground": "具体情形", "reason": "具体理由"}
    return GroundIn(**{**fields, **changes})


@pytest.mark.rule("YS-04")
@pytest.mark.parametrize("outcome", [key for key in DRAFTABLE if key not in ("r4_3_unclear_after_correction", "r5_4_massive")])
def test_every_row_of_the_report_that_is_a_reply_can_be_drafted(outcome: str) -> None:
    assigned().when(reply(outcome, ground_of(outcome), redactions=("第三页",)), by=DRAFTER).records(ReplyDrafted)


@pytest.mark.rule("YS-04", "X-05")
@pytest.mark.parametrize("outcome", REFUSALS)
@pytest.mark.parametrize("left_out", ["ground", "reason"])
def test_every_refusal_whole_or_part_carries_ground_article_and_reason(outcome: str, left_out: str) -> None:
    problem = assigned().when(reply(outcome, ground_of(outcome, **{left_out: " "}))).refused("ground-incomplete")
    assert problem.fields[0]["field"] == f"grounds.0.{left_out}"
    with pytest.raises(ValidationError):
        ground_of(outcome, article="")


@pytest.mark.rule("YS-04", "X-05")
@pytest.mark.parametrize("outcome", ["r6_1_overdue_correction", "r6_2_overdue_fee"])
def test_a_request_that_is_given_up_gets_no_reply_but_lapses(outcome: str) -> None:
    assigned().when(reply(outcome, ground_of(outcome))).refused("no-such-outcome")


@pytest.mark.rule("YS-04")
def test_an_outcome_that_is_no_row_of_the_report_is_refused() -> None:
    with pytest.raises(ValidationError):
        reply("purpose_not_own_need")


@pytest.mark.rule("YS-04", "X-05")
def test_the_outcome_has_a_ground_of_its_own() -> None:
    assigned().when(reply("r3_1_state_secret", GRANTED)).refused("outcome-without-ground")
    with pytest.raises(ValidationError):
        DraftReply(outcome="r1_granted", grounds=(), text="现答复如下。")


@pytest.mark.rule("YS-06.2")
def test_what_another_agency_holds_is_told_with_its_name_and_how_to_reach_it() -> None:
    not_ours = ground_of("r4_1_not_held", article="国令711 第三十六条第五项")
    assigned().when(reply("r4_1_not_held", not_ours)).refused("other-agency-missing")
    told = assigned().when(reply("r4_1_not_held", not_ours, other_agency="固原市自然资源局，0954-2030000"))
    assert cast("ReplyDrafted", told.events[0]).other_agency == "固原市自然资源局，0954-2030000"


@pytest.mark.rule("YS-07.3")
def test_what_is_public_already_is_answered_with_the_way_to_it() -> None:
    public_already = GroundIn(outcome="r1_granted", article="国令711 第三十六条第一项", reason="已在门户网站“财政资金”栏目公开")
    event = cast("ReplyDrafted", assigned().when(reply("r1_granted", public_already)).events[0])
    assert event.grounds[0].article == "国令711 第三十六条第一项"
    assert event.files == ()


@pytest.mark.rule("YS-07.4")
def test_what_a_superior_has_made_public_is_provided_as_far_as_it_is_held() -> None:
    superiors = GroundIn(outcome="r1_granted", article="国令711 第三十六条第二项", part="上级机关已公开的文件，本机关掌握的部分")
    event = cast("ReplyDrafted", reviewed().when(reply("r1_granted", superiors, files=(CONTRACT,))).events[0])
    assert event.files == (CONTRACT.file(),)


@pytest.mark.rule("YS-07.5", "X-05")
def test_part_is_given_and_part_is_withheld_with_what_was_left_out() -> None:
    assigned().when(reply("r2_partial", PARTIAL)).refused("partial-of-nothing")
    both = (PARTIAL, WITHHELD)
    outcome = reviewed().when(reply("r2_partial", *both, files=(CONTRACT,), redactions=("第三页联系方式",)), by=DRAFTER)
    event = cast("ReplyDrafted", outcome.events[0])
    assert [ground.outcome for ground in event.grounds] == ["r2_partial", "r3_1_state_secret"]
    assert event.outcome == "r2_partial", "the report counts the request once"


@pytest.mark.rule("YS-07.5")
def test_where_some_is_given_and_some_withheld_the_outcome_is_partial_and_no_other() -> None:
    assigned().when(reply("r1_granted", GRANTED, WITHHELD)).refused("partial-outcome")
    assigned().when(reply("r3_1_state_secret", WITHHELD, GRANTED)).refused("partial-outcome")


@pytest.mark.rule("YS-06.3")
def test_still_unclear_after_amendment_presupposes_an_amendment() -> None:
    assigned().when(reply("r4_3_unclear_after_correction", ground_of("r4_3_unclear_after_correction"))).refused("not-amended")


@pytest.mark.rule("BM-02", "BM-03b")
def test_files_are_sent_to_review_by_the_hash_of_their_content() -> None:
    outcome = assigned().when(RequestReview(files=(CONTRACT, LETTER)), by=DRAFTER)
    outcome.then(SecrecyReviewRequested(review=1, files=(CONTRACT.file(), LETTER.file()), unit="综合科"))
    assert state_of(outcome).stage is Stage.IN_REVIEW
    outcome.later().when(RequestReview(files=(LETTER,))).refused("not-reviewable")


@pytest.mark.rule("BM-03b")
@pytest.mark.parametrize("sha256", ["", "ab", "AB" * 32, "zz" * 32, "ab" * 33])
def test_a_hash_is_64_hex_digits(sha256: str) -> None:
    with pytest.raises(ValidationError):
        FileIn(name="采购合同.pdf", sha256=sha256, size=1)


@pytest.mark.rule("BM-03b", "X-03")
def test_a_file_leaves_only_when_review_has_released_exactly_these_bytes() -> None:
    with_file = reply(files=(CONTRACT,))
    assigned().when(with_file).refused("file-unreviewed")
    reviewed().when(with_file, by=DRAFTER).records(ReplyDrafted)
    changed = CONTRACT.model_copy(update={"sha256": "ef" * 32})
    problem = reviewed().when(reply(files=(changed,))).refused("file-unreviewed")
    assert problem.remedy


@pytest.mark.rule("BM-03b", "X-03")
def test_what_review_withheld_does_not_leave() -> None:
    case = reviewed(released=(CONTRACT,), withheld=(LETTER,))
    case.when(reply(files=(CONTRACT, LETTER))).refused("file-withheld")
    case.when(reply(files=(CONTRACT,))).records(ReplyDrafted)


@pytest.mark.rule("BM-03b")
def test_the_newest_conclusion_of_a_content_holds() -> None:
    again = reviewed(released=(), withheld=(CONTRACT,)).when(RequestReview(files=(CONTRACT, LETTER))).later()
    released = again.when(ConcludeReview(review=2, released=(CONTRACT.sha256, LETTER.sha256)), by=SYSTEM).later()
    released.when(reply(files=(CONTRACT, LETTER))).records(ReplyDrafted)


@pytest.mark.rule("BM-03b")
def test_while_review_has_not_answered_nothing_is_drafted() -> None:
    asked = assigned().when(RequestReview(files=(CONTRACT,)), by=DRAFTER).later()
    asked.when(reply()).refused("not-draftable")


@pytest.mark.rule("BM-03b")
def test_after_a_rejected_opinion_the_same_bytes_may_be_reviewed_again() -> None:
    asked = assigned().when(RequestReview(files=(CONTRACT,)), by=DRAFTER).later()
    rejected = asked.when(ConcludeReview(review=1, released=()), by=SYSTEM).records(SecrecyReviewConcluded).later()
    assert standing(rejected).stage is Stage.ASSIGNED
    again = rejected.when(RequestReview(files=(CONTRACT,)))
    assert cast("SecrecyReviewRequested", again.events[0]).review == 2


@pytest.mark.rule("BM-03b")
def test_an_answer_to_an_older_asking_or_to_an_ended_case_changes_nothing() -> None:
    answer = ConcludeReview(review=1, released=(CONTRACT.sha256,))
    reviewed().when(answer, by=SYSTEM).then()
    assigned().when(answer, by=SYSTEM).then()


@pytest.mark.rule("BM-03b")
def test_bytes_that_have_a_conclusion_need_no_other_review() -> None:
    reviewed().when(RequestReview(files=(CONTRACT,))).refused("reviewed-already")


@pytest.mark.rule("YS-04")
@pytest.mark.parametrize("outcome", [key for key in DRAFTABLE if not OUTCOMES[key].files and key != "r4_3_unclear_after_correction"])
def test_an_outcome_that_gives_nothing_has_no_files(outcome: str) -> None:
    reviewed().when(reply(outcome, ground_of(outcome), files=(CONTRACT,))).refused("no-files")


@pytest.mark.rule("X-04")
def test_who_drafted_does_not_approve_nor_does_he_for_another() -> None:
    case = drafted()
    case.when(approval(case), by=Actor(DRAFTER.person, ("leader_in_charge",))).refused("drafter-approves")
    case.when(approval(case), by=Actor(DRAFTER.person, ("leader_in_charge",), principal=LEADER.person)).refused("drafter-approves")
    case.when(approval(case), by=Actor(LEADER.person, ("leader_in_charge",), principal=DRAFTER.person)).refused("drafter-approves")
    case.when(approval(case), by=LEADER).records(ReplyApproved)


@pytest.mark.rule("X-04")
def test_an_approval_names_the_draft_that_was_seen() -> None:
    first = drafted()
    seen = approval(first)
    again = first.when(ReturnReply(reason="请补充理由"), by=LEADER).records(ReplyReturned).later()
    second = drafted(again, DraftReply(outcome="r1_granted", grounds=(GRANTED,), text="现补充答复如下。"))
    second.when(seen, by=LEADER).refused("draft-changed")
    second.when(approval(second), by=LEADER).records(ReplyApproved)


@pytest.mark.rule("X-04")
@pytest.mark.parametrize(
    "changed",
    [
        reply(files=(CONTRACT,)),
        reply("r1_granted", GRANTED.model_copy(update={"part": "第一部分"})),
        DraftReply(outcome="r1_granted", grounds=(GRANTED,), text="另一份正文。"),
    ],
)
def test_the_hash_of_a_draft_changes_with_any_of_its_content(changed: DraftReply) -> None:
    case = reviewed()
    assert state_of(case.when(reply())).draft != state_of(case.when(changed)).draft
    one, same = (cast("ReplyDrafted", case.when(reply()).events[0]).hash for _ in range(2))
    assert one == same != cast("ReplyDrafted", case.when(changed).events[0]).hash


@pytest.mark.rule("YS-11")
def test_a_reply_is_drafted_after_registration_and_assignment() -> None:
    received().when(reply()).refused("not-draftable")
    registered().when(reply()).refused("not-draftable")
    assigned().when(SENT).refused("not-approved")
    drafted().when(SENT).refused("not-approved")


@pytest.mark.rule("KH-02.3b", "YS-08x.2")
def test_approved_it_is_delivered_and_the_case_ends_on_the_spot_too() -> None:
    outcome = approved().when(SENT).then(ReplyDelivered(outcome="r1_granted", way="post", evidence="EMS 1234567890"))
    state = state_of(outcome)
    assert (state.stage, state.outcome, state.concluded_on) == (Stage.DELIVERED, "r1_granted", date(2025, 9, 22))
    outcome.later().when(SENT).refused("case-closed")
    outcome.later().when(reply()).refused("case-closed")


@pytest.mark.rule("YS-08x.2")
def test_it_is_delivered_by_the_agency_itself_and_no_other_way_is_offered() -> None:
    for way in ("intermediary", "affiliate", "shop"):
        with pytest.raises(ValidationError):
            Deliver(way=way, evidence="收据")


@pytest.mark.rule("X-06")
def test_a_delivery_has_its_evidence() -> None:
    with pytest.raises(ValidationError):
        Deliver(way="post", evidence="")
