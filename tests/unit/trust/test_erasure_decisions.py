"""Erasing takes two persons and the word of every service; done, it is done for ever, and said once."""

from uuid import UUID

from shared.kernel.events import Actor
from shared.kernel.identity import derived_id
from shared.trust.erasure.commands import (
    ApproveErasure,
    ConcludeCheck,
    ConcludeErasure,
    DeclineErasure,
    RefuseErasure,
    RequestErasure,
)
from shared.trust.erasure.decisions import Basis, Erasure, Stage, erasure
from shared.trust.erasure.events import ErasureApproved, ErasureChecked, ErasureRefused, ErasureRequested, PersonalDataErased
from tests.specification import CASE, Specification, given, person, play

KEYS = (derived_id("key", 1), derived_id("key", 2))
OFFICE = person("office", "disclosure_office")
LEADER = person("leader", "leader_in_charge")
REQUEST = RequestErasure(case=CASE, basis=Basis.RETENTION_OVER, document="固审批〔2025〕3 号")
REQUESTED = ErasureRequested(concerns=CASE, basis="retention-over", document="固审批〔2025〕3 号")
CHECKED = ErasureChecked(keys=KEYS, services=("requests", "review"))
APPROVED = ErasureApproved(keys=KEYS)
ERASED = PersonalDataErased(concerns=CASE, keys=KEYS)


def requested(*further: ErasureChecked | ErasureRefused) -> Specification:
    return given(erasure, REQUESTED, *further, by=OFFICE)


def approved(*further: PersonalDataErased) -> Specification:
    before = requested(CHECKED)
    return Specification(erasure, play(erasure, before.state, [APPROVED, *further], before.day, LEADER))


def test_it_is_requested_checked_approved_and_carried_out() -> None:
    given(erasure).when(REQUEST, by=OFFICE).then(REQUESTED)
    requested().when(ConcludeCheck(keys=KEYS, services=("requests", "review"))).then(CHECKED)
    requested(CHECKED).when(ApproveErasure(), by=LEADER).then(APPROVED)
    approved().when(ConcludeErasure()).then(ERASED)


def test_it_is_filed_in_the_case_that_it_is_about() -> None:
    decided = given(erasure).when(REQUEST, by=OFFICE).decided
    assert decided is not None
    assert decided.case == CASE


def test_who_requests_cannot_approve() -> None:
    refused = requested(CHECKED).when(ApproveErasure(), by=OFFICE).refused("same-person")
    assert refused.article == "个人信息保护法 第四十七条"
    assert refused.remedy


def test_nor_can_who_acts_for_who_requested() -> None:
    delegate = Actor(LEADER.person, LEADER.roles, principal=OFFICE.person)
    requested(CHECKED).when(ApproveErasure(), by=delegate).refused("same-person")
    by_delegate = given(erasure, REQUESTED, CHECKED, by=Actor(OFFICE.person, principal=LEADER.person))
    by_delegate.when(ApproveErasure(), by=LEADER).refused("same-person")


def test_it_is_approved_only_once_it_was_checked() -> None:
    requested().when(ApproveErasure(), by=LEADER).refused("erasure-not-checked")
    approved().when(ApproveErasure(), by=LEADER).refused("erasure-not-open")


def test_a_case_has_one_erasure_at_a_time() -> None:
    requested().when(REQUEST, by=OFFICE).refused("erasure-under-way")
    approved().when(REQUEST, by=OFFICE).refused("erasure-under-way")
    approved(ERASED).when(REQUEST, by=OFFICE).refused("already-erased")


def test_refused_it_may_be_requested_again_and_then_by_the_other() -> None:
    refused = ErasureRefused(why="requests：申请尚未办结", service="requests")
    requested().when(RefuseErasure(why="requests：申请尚未办结", service="requests")).then(refused)
    again = requested(refused).when(REQUEST, by=LEADER)
    again.then(REQUESTED)
    state = again.state
    assert isinstance(state, Erasure)
    assert state.why_not is None
    assert state.requesters == frozenset({LEADER.person})
    later = again.later().when(ConcludeCheck(keys=KEYS, services=())).later()
    later.when(ApproveErasure(), by=LEADER).refused("same-person")
    later.when(ApproveErasure(), by=OFFICE).records(ErasureApproved)


def test_who_could_approve_may_decline() -> None:
    requested(CHECKED).when(DeclineErasure(why="保存期限未届满"), by=LEADER).then(ErasureRefused(why="保存期限未届满"))
    approved().when(DeclineErasure(why="保存期限未届满"), by=LEADER).refused("erasure-not-open")


def test_a_service_that_has_to_keep_the_data_stops_it_even_after_the_approval() -> None:
    approved().when(RefuseErasure(why="requests：案件已封存", service="requests")).records(ErasureRefused)
    approved(ERASED).when(RefuseErasure(why="太晚了")).then()


def test_what_a_crash_repeats_is_recorded_once() -> None:
    requested(CHECKED).when(ConcludeCheck(keys=KEYS, services=())).then()
    approved(ERASED).when(ConcludeErasure()).then()
    requested(CHECKED).when(ConcludeErasure()).then()


def test_the_state_names_persons_and_keys_alone() -> None:
    state = approved().state
    assert isinstance(state, Erasure)
    assert (state.stage, state.requested_by, state.approved_by) == (Stage.APPROVED, OFFICE.person, LEADER.person)
    assert all(isinstance(key, UUID) for key in state.keys)
