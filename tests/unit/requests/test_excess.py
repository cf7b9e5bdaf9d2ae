"""A great many requests: reasons are asked for and weighed; unreasonable is not processed, reasonable may take longer (Decree 711 Art. 35)."""

from datetime import date
from typing import cast

import pytest

from services.requests.disclosure_request.commands import ApproveExtension, AskReasons, GroundIn, RequestExtension, WeighReasons
from services.requests.disclosure_request.events import ReasonsAsked, ReasonsWeighed, ReplyDrafted
from services.requests.disclosure_request.state import DisclosureRequest
from services.requests.letter.kinds import open_kinds
from tests.specification import Specification
from tests.unit.requests.cases import DRAFTER, HEAD, assigned, reply, state_of

ASK = AskReasons(found="一年内提出 120 件")


def asked() -> Specification:
    """Reasons were asked for."""
    return assigned().when(ASK, by=DRAFTER).then(ReasonsAsked(found="一年内提出 120 件")).later()


def weigh(*, reasonable: bool, days: int = 0) -> WeighReasons:
    return WeighReasons(said="用于研究", reasonable=reasonable, finding="用途明确", working_days=days)


def test_reasons_are_asked_for_once_and_only_where_the_rulebook_has_it() -> None:
    asked().when(ASK, by=DRAFTER).refused("reasons-asked")
    assigned(book="bureau-2019").when(ASK, by=DRAFTER).refused("no-questioning")
    assigned().when(weigh(reasonable=True), by=DRAFTER).refused("reasons-not-asked")
    assert ("reasons", 0) in [(key, party) for key, party, _ in open_kinds(state_of(asked()))]


def test_what_is_unreasonable_is_not_processed_and_nothing_else_is_left_so() -> None:
    draft = reply(
        "r5_4_massive", GroundIn(outcome="r5_4_massive", article="国令711 第三十五条", ground="大量反复申请", reason="理由不合理")
    )
    assigned().when(draft, by=DRAFTER).refused("reasons-not-weighed")
    asked().when(draft, by=DRAFTER).refused("reasons-not-weighed")
    asked().when(weigh(reasonable=True), by=DRAFTER).records(ReasonsWeighed).later().when(draft, by=DRAFTER).refused("reasons-not-weighed")
    asked().when(weigh(reasonable=False, days=5), by=DRAFTER).refused("later-without-reason")
    no = asked().when(weigh(reasonable=False), by=DRAFTER).records(ReasonsWeighed).later()
    no.when(draft, by=DRAFTER).records(ReplyDrafted)


def test_what_is_reasonable_may_take_longer_and_the_clock_explains_it() -> None:
    before = state_of(asked())
    later = asked().when(weigh(reasonable=True, days=30), by=DRAFTER).records(ReasonsWeighed).later()
    state = state_of(later)
    facts = state.clock()
    assert before.deadline is not None
    assert state.deadline is not None
    assert facts is not None
    assert (state.deadline.days, facts.extension_days) == (50, 30)
    assert state.deadline.due > before.deadline.due
    assert ("later_date", 0) in [(key, party) for key, party, _ in open_kinds(state)]
    longer = later.when(RequestExtension(working_days=20, reason="检索量大"), by=DRAFTER).later().when(ApproveExtension(), by=HEAD).later()
    assert cast("DisclosureRequest", longer.state).deadline.days == 70  # type: ignore[union-attr]


@pytest.mark.parametrize("day", [date(2026, 3, 2)])
def test_no_other_day_is_set_when_the_period_is_over(day: date) -> None:
    asked().on(day).when(weigh(reasonable=True, days=30), by=DRAFTER).refused("clock-not-running")
