"""What was given on request moves to what is published (Decree 711 Art. 44)."""

import hashlib

import pytest
from msgspec.structs import replace

from services.requests.disclosure_request.commands import DeclineProactive, Deliver, GroundIn, MoveToProactive, SuggestProactive
from services.requests.disclosure_request.events import File, MovedToProactive, ProactiveDeclined, ProactiveSuggested
from tests.specification import Specification
from tests.unit.requests.cases import CONTRACT, DRAFTER, OFFICE, PUBLIC, approved, drafted, reply, reviewed, standing

MOVE = MoveToProactive(title="2024年政务服务大厅采购合同", ground="asked_by_many", reason="三人申请同一合同")
SUGGESTION = SuggestProactive(reason="涉及公众利益调整")
NOT_HELD = GroundIn(outcome="r4_1_not_held", article="国令711 第三十六条第四项", ground="检索后没有", reason="没有制作或者保存")


def delivered(case: Specification) -> Specification:
    """Replied to."""
    return approved(case).when(Deliver(way="email", evidence="回执"), by=DRAFTER).later()


@pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])
def test_exactly_the_files_that_were_given_out_go_to_publishing_with_the_unit_that_answers_for_them(book: str) -> None:
    case = delivered(drafted(reviewed(book=book), reply(files=(CONTRACT,))))
    moved = case.when(MOVE, by=OFFICE)
    file = File(CONTRACT.name, CONTRACT.sha256, CONTRACT.size)
    moved.then(
        MovedToProactive(
            title=MOVE.title, ground="asked_by_many", reason="三人申请同一合同", unit="综合科", outcome="r1_granted", files=(file,)
        )
    )
    moved.later().when(MOVE, by=OFFICE).refused("moved-already")
    moved.later().when(SUGGESTION, by=DRAFTER).refused("moved-already")


def test_only_what_was_given_out_can_be_published() -> None:
    approved().when(MOVE, by=OFFICE).refused("nothing-to-publish")
    delivered(drafted(command=reply("r4_1_not_held", NOT_HELD))).when(MOVE, by=OFFICE).refused("nothing-to-publish")


def test_ones_own_records_are_never_published() -> None:
    case = delivered(drafted())
    state = replace(standing(case), own_records=True)
    Specification(case.aggregate, state, case.day).when(MOVE, by=OFFICE).refused("own-records")


def test_the_applicant_suggests_with_the_password_of_its_own_request_and_is_answered() -> None:
    case = delivered(drafted())
    state = replace(standing(case), password_hash=hashlib.sha256(b"right").hexdigest())
    case = Specification(case.aggregate, state, case.day)
    case.when(SUGGESTION.model_copy(update={"query_password": "wrong"}), by=PUBLIC).refused("wrong-password")
    suggested = case.when(SUGGESTION.model_copy(update={"query_password": "right"}), by=PUBLIC)
    suggested.records(ProactiveSuggested)
    assert "公众" not in repr(suggested.events)
    waits = suggested.later()
    waits.when(SUGGESTION, by=DRAFTER).refused("suggested-already")
    waits.when(MOVE.model_copy(update={"ground": "suggested"}), by=OFFICE).records(MovedToProactive)
    declined = waits.when(DeclineProactive(reason="内容已过时效"), by=OFFICE).then(ProactiveDeclined(reason="内容已过时效")).later()
    declined.when(DeclineProactive(reason="内容已过时效"), by=OFFICE).refused("nothing-suggested")
    declined.when(SUGGESTION, by=DRAFTER).records(ProactiveSuggested)


def test_without_a_suggestion_it_is_not_moved_on_a_suggestion() -> None:
    delivered(drafted()).when(MOVE.model_copy(update={"ground": "suggested"}), by=OFFICE).refused("nothing-suggested")
