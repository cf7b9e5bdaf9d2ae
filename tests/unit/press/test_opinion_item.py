"""Public opinion, from detection to the answer of who is in charge (YQ; 国办发〔2016〕61号): under both rulebooks the same hours."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from services.press.clearance.commands import ConcludeCoordination, ConcludeReview
from services.press.clearance.events import CoordinationConcluded, CoordinationRequested, File, ReviewConcluded, ReviewRequested
from services.press.clearance.state import clearance, clearance_id
from services.press.opinion_item.commands import (
    AcceptOpinion,
    ApproveHandling,
    AssessOpinion,
    AssignJointTask,
    AssignOwner,
    CloseItem,
    DetectOpinion,
    FeedBack,
    LinkRealCase,
    MissResponse,
    ProposeHandling,
    RecordVerification,
    ReportUp,
    RequestVerification,
    ReturnHandling,
    ShareOpinion,
    SolveRealCase,
    TransferOpinion,
)
from services.press.opinion_item.events import (
    HandlingApproved,
    HandlingReturned,
    ItemClosed,
    JointTaskAssigned,
    OpinionAccepted,
    OpinionAssessed,
    OpinionDetected,
    OpinionShared,
    OpinionTransferred,
    OpinionVerified,
    OwnerAssigned,
    RealCaseSolved,
    ReportedUp,
    ResponseApproved,
    ResponseDrafted,
    ResponseIssued,
    ResponseMissed,
    VerificationRequested,
)
from services.press.opinion_item.response_commands import (
    AddresseeIn,
    ApproveResponse,
    DraftResponse,
    IssueResponse,
    RequestCoordination,
    RequestReview,
)
from services.press.opinion_item.state import OpinionItem, Stage, opinion_item
from shared.kernel.aggregates import State
from shared.kernel.commands import On
from shared.kernel.events import Event
from tests.specification import CASE, DAY, Outcome, Specification, given, person

MONITOR = person("monitor", "opinion_monitor")
OFFICE = person("office", "general_office")
HANDLER = person("handler", "unit_head")
LEADER = person("leader", "leader_in_charge")
SYSTEM = person("keeper", "system")
SEEN_AT = datetime(2025, 9, 22, 0, 30, tzinfo=UTC)
"""Half past eight in Guyuan; the tests' commands are given at ten of their day."""

BOOKS = pytest.mark.parametrize("book", ["decree-711", "bureau-2019"])


def item(state: Any) -> OpinionItem:
    """An item of public opinion."""
    return cast("OpinionItem", state)


def seen(book: str = "decree-711", **more: Any) -> Outcome:
    """It was detected."""
    facts = {
        "source": "forum",
        "place": "https://bbs.example.cn/1",
        "title": "反映窗口排队",
        "summary": "称窗口排队三小时",
        "detected_at": SEEN_AT,
    }
    case = given(opinion_item).under(book).with_units("zonghe", "shenpi")
    return case.when(DetectOpinion.model_validate({**facts, **more}), by=MONITOR)


def detected(book: str = "decree-711") -> Specification:
    return seen(book).records(OpinionDetected).later()


def assess(points: int, *, respond: bool = True, level: str = "") -> AssessOpinion:
    each = [min(3, max(0, points - 3 * number)) for number in range(3)]
    told = {"content": each[0], "public": each[1], "media": each[2], "level": level, "respond": respond, "reason": "涉及群众"}
    return AssessOpinion.model_validate(told)


def assessed(points: int = 2, book: str = "decree-711") -> Specification:
    """Of so many points, with an owner."""
    owned = detected(book).when(AssignOwner(unit="zonghe"), by=OFFICE).records(OwnerAssigned).later()
    return owned.when(assess(points), by=OFFICE).records(OpinionAssessed).later()


def in_hand(points: int = 2, book: str = "decree-711") -> Specification:
    """Its owner works on it."""
    case = assessed(points, book)
    if item(case.state).level != "ordinary":
        proposal = ProposeHandling(nature="服务投诉", trend="上升", risk="中等", measures="公开说明")
        case = case.when(proposal, by=OFFICE).later().when(ApproveHandling(), by=LEADER).records(HandlingApproved).later()
    return case.when(AcceptOpinion(), by=HANDLER).records(OpinionAccepted).later()


def draft(*channels: str) -> DraftResponse:
    return DraftResponse.model_validate({"text": "现将情况说明如下。", "forms": ("online",), "channels": channels or ("weibo", "portal")})


def sayable(points: int = 2, *channels: str, book: str = "decree-711") -> Specification:
    """An answer that was approved."""
    case = in_hand(points, book).when(draft(*channels), by=HANDLER).records(ResponseDrafted).later()
    written = item(case.state).draft
    assert written is not None
    return case.beside(cleared(written.hash)).when(ApproveResponse(approves=written.hash), by=LEADER).records(ResponseApproved).later()


def cleared(hash: str, *answers: Event) -> State:
    """Review has released it, and whatever else was answered."""
    file = File("回应", hash, 100)
    asked = (ReviewRequested(review=1, files=(file,)), ReviewConcluded(review=1, released=(hash,)))
    return given(clearance, *asked, *answers, id=clearance_id(CASE)).state


@pytest.mark.rule("YQ-03.1a", "XW-08.2")
def test_what_is_seen_has_its_source_place_and_moment() -> None:
    state = item(detected().state)
    assert (state.source, state.place, state.detected_at, state.stage) == ("forum", "https://bbs.example.cn/1", SEEN_AT, Stage.DETECTED)
    seen(detected_at=SEEN_AT + timedelta(days=1)).refused("bad-moment")
    seen(published_at=SEEN_AT + timedelta(minutes=1)).refused("bad-moment")


@pytest.mark.rule("YQ-02.2")
def test_it_has_one_owner_of_the_agency() -> None:
    detected().when(AssignOwner(unit="nobody"), by=OFFICE).refused("no-such-unit")
    detected().when(assess(2), by=OFFICE).later().when(AcceptOpinion(), by=HANDLER).refused("no-owner")
    assessed().when(AssignOwner(unit="shenpi"), by=OFFICE).refused("owner-assigned")


@pytest.mark.rule("YQ-03.1b")
def test_a_doubt_is_verified_before_anything_is_said_of_it() -> None:
    detected().when(RecordVerification(found="rumour", facts="没有此事"), by=MONITOR).refused("not-verifying")
    asked = in_hand().when(RequestVerification(of="hotline", question="有无投诉"), by=MONITOR).records(VerificationRequested).later()
    asked.when(draft(), by=HANDLER).refused("still-verifying")
    found = asked.when(RecordVerification(found="rumour", facts="没有此事"), by=MONITOR).records(OpinionVerified).later()
    found.when(draft(), by=HANDLER).records(ResponseDrafted)


@pytest.mark.rule("YQ-03.1d")
def test_it_is_shared_with_portal_hotline_and_accounts() -> None:
    detected().when(ShareOpinion(bodies=("portal", "hotline", "weibo"), note="请关注"), by=MONITOR).records(OpinionShared)


@pytest.mark.rule("YQ-03.2a", "YQ-03.1c")
@BOOKS
@pytest.mark.parametrize(
    ("points", "level", "hours"),
    [(9, "major", {"authoritative": 5, "conference": 24}), (4, "sensitive", {"response": 48}), (3, "ordinary", {"response": 48})],
)
def test_the_scheme_gives_the_level_and_the_hours(book: str, points: int, level: str, hours: dict[str, int]) -> None:
    state = item(assessed(points, book).state)
    assert state.level == level
    assert state.owed == {kind: SEEN_AT + timedelta(hours=count) for kind, count in hours.items()}
    detected(book).when(assess(9, respond=False), by=OFFICE).refused("major-unanswered")
    higher = detected(book).when(assess(0, level="sensitive"), by=OFFICE).later()
    assert item(higher.state).level == "sensitive"
    detected(book).when(assess(4, level="ordinary"), by=OFFICE).refused("level-too-low")
    silent = detected(book).when(assess(0, respond=False), by=OFFICE).later()
    assert item(silent.state).owed == {}


@pytest.mark.rule("YQ-03.2d")
def test_what_is_sensitive_is_handled_when_another_person_has_approved_how() -> None:
    case = assessed(5).when(AcceptOpinion(), by=HANDLER).later()
    case.when(draft(), by=HANDLER).refused("not-draftable")
    proposal = ProposeHandling(nature="服务投诉", trend="上升", risk="中等", measures="公开说明")
    waiting = case.when(proposal, by=OFFICE).later()
    waiting.when(ApproveHandling(), by=OFFICE).refused("proposer-approves")
    back = waiting.when(ReturnHandling(reason="补充时限"), by=LEADER).records(HandlingReturned).later()
    again = back.when(proposal, by=OFFICE).later().when(ApproveHandling(), by=LEADER).later()
    again.when(draft(), by=HANDLER).records(ResponseDrafted)


@pytest.mark.rule("YQ-03.3", "YQ-03.1c")
def test_it_is_reported_up_and_how_long_that_took_is_measured() -> None:
    report = ReportUp(to="市政府办公室", level="higher", way="专报")
    detected().when(report, by=OFFICE).refused("not-assessed")
    assessed().when(report, by=OFFICE).then(ReportedUp(to="市政府办公室", level="higher", way="专报", minutes=90))


@pytest.mark.rule("YQ-03.4b")
def test_it_is_accepted_transferred_and_fed_back() -> None:
    detected().when(AssignOwner(unit="zonghe"), by=OFFICE).later().when(AcceptOpinion(), by=HANDLER).refused("not-assessed")
    in_hand().when(AcceptOpinion(), by=HANDLER).refused("accepted-already")
    moved = in_hand().when(TransferOpinion(unit="shenpi", reason="窗口由审批科管理"), by=OFFICE).records(OpinionTransferred).later()
    assert (item(moved.state).unit, item(moved.state).accepted) == ("shenpi", False)
    moved.when(draft(), by=HANDLER).refused("not-accepted")
    moved.when(TransferOpinion(unit="shenpi", reason="同一科室"), by=OFFICE).refused("no-other-unit")
    answered = sayable().when(IssueResponse(channel="weibo", evidence="截图 1"), by=HANDLER).later()
    answered.when(CloseItem(reason="已回应"), by=OFFICE).refused("no-feedback")
    told = answered.when(FeedBack(result="已加开窗口"), by=HANDLER).later()
    told.when(CloseItem(reason="已回应"), by=OFFICE).records(ItemClosed).later().when(FeedBack(result="再报"), by=HANDLER).refused(
        "item-closed"
    )


@pytest.mark.rule("YQ-03.4d")
def test_other_units_take_part() -> None:
    joint = in_hand(5).when(AssignJointTask(unit="shenpi", task="排查"), by=OFFICE).records(JointTaskAssigned).later()
    joint.when(AssignJointTask(unit="shenpi", task="排查"), by=OFFICE).refused("takes-part-already")
    joint.when(AssignJointTask(unit="zonghe", task="排查"), by=OFFICE).refused("takes-part-already")


@pytest.mark.rule("YQ-03.4a")
def test_what_stands_behind_it_is_solved_before_it_is_closed() -> None:
    in_hand().when(SolveRealCase(how="已修复"), by=HANDLER).refused("nothing-linked")
    linked = sayable().when(LinkRealCase(what="叫号系统故障"), by=HANDLER).later()
    said = (
        linked.when(IssueResponse(channel="weibo", evidence="截图 1"), by=HANDLER)
        .later()
        .when(FeedBack(result="已回应"), by=HANDLER)
        .later()
    )
    said.when(CloseItem(reason="已回应"), by=OFFICE).refused("case-unsolved")
    solved = said.when(SolveRealCase(how="已修复"), by=HANDLER).records(RealCaseSolved).later()
    solved.when(CloseItem(reason="已解决"), by=OFFICE).records(ItemClosed)


@pytest.mark.rule("YQ-04.1b", "YQ-03.5f")
def test_one_writes_and_another_approves_exactly_that() -> None:
    written = in_hand().when(draft(), by=HANDLER).later()
    text = item(written.state).draft
    assert text is not None
    written.when(ApproveResponse(approves="0" * 64), by=LEADER).refused("draft-changed")
    written.when(ApproveResponse(approves=text.hash), by=HANDLER).refused("drafter-approves")
    written.when(IssueResponse(channel="weibo", evidence="截图 1"), by=HANDLER).refused("not-approved")
    changed = written.when(draft("portal"), by=HANDLER).later()
    changed.when(ApproveResponse(approves=text.hash), by=LEADER).refused("draft-changed")


@pytest.mark.rule("YQ-03.5c", "YQ-03.5e", "YQ-04.2b")
def test_the_unit_in_charge_speaks_on_the_official_accounts_first_then_elsewhere() -> None:
    ready = sayable(2, "weibo", "wechat", "portal")
    ready.when(IssueResponse(channel="portal", evidence="网址"), by=HANDLER).refused("official-accounts-first")
    ready.when(IssueResponse(channel="radio", evidence="播出单"), by=HANDLER).refused("channel-unplanned")
    first = ready.when(IssueResponse(channel="wechat", evidence="截图 1"), by=HANDLER)
    first.then(ResponseIssued(channel="wechat", evidence="截图 1", unit="zonghe"))
    then = first.later().when(IssueResponse(channel="portal", evidence="网址"), by=HANDLER).records(ResponseIssued).later()
    then.when(IssueResponse(channel="portal", evidence="网址"), by=HANDLER).refused("issued-already")


@pytest.mark.rule("YQ-03.1c")
@BOOKS
def test_hours_that_pass_are_missed_once_and_a_late_answer_says_how_late(book: str) -> None:
    ready = sayable(9, "weibo", book=book)
    ready.when(MissResponse(), by=SYSTEM).then()
    late = ready.on(DAY + timedelta(days=1))
    missed = late.when(MissResponse(), by=SYSTEM).records(ResponseMissed, ResponseMissed).later()
    missed.when(MissResponse(), by=SYSTEM).then()
    said = missed.when(IssueResponse(channel="weibo", evidence="截图 1"), by=HANDLER)
    (issued,) = said.events
    assert cast("ResponseIssued", issued).late_minutes == (24 - 5) * 60 + 90
    assert "conference" in item(said.later().state).owed, "a conference is owed until one was held"


@pytest.mark.rule("BM-03b", "YQ-04.1b")
@BOOKS
def test_no_answer_is_approved_before_review_has_released_exactly_it(book: str) -> None:
    written = in_hand(book=book).when(draft(), by=HANDLER).later()
    text = item(written.state).draft
    assert text is not None
    approve = ApproveResponse(approves=text.hash)
    written.when(approve, by=LEADER).refused("not-reviewed")
    asked = written.when(RequestReview(), by=HANDLER)
    assert asked.decided is not None
    (on,) = asked.decided.events
    assert isinstance(on, On) and (on.id, on.case) == (clearance_id(CASE), CASE)
    waiting = given(clearance, on.event, id=clearance_id(CASE)).state
    written.beside(waiting).when(approve, by=LEADER).refused("review-pending")
    written.beside(waiting).when(RequestReview(), by=HANDLER).refused("review-pending")
    refused = given(clearance, on.event, id=clearance_id(CASE)).when(
        ConcludeReview(review=1, released=(), withheld=(text.hash,)), by=SYSTEM
    )
    written.beside(refused.records(ReviewConcluded).state).when(approve, by=LEADER).refused("review-withheld")
    released = given(clearance, on.event, id=clearance_id(CASE)).when(ConcludeReview(review=1, released=(text.hash,)), by=SYSTEM)
    good = released.records(ReviewConcluded).state
    written.beside(good).when(RequestReview(), by=HANDLER).refused("reviewed-already")
    released.later().when(ConcludeReview(review=1, released=()), by=SYSTEM).then()
    ready = written.beside(good).when(approve, by=LEADER).records(ResponseApproved).later()
    withdrawn = given(clearance, on.event, ReviewConcluded(review=1, released=(), withheld=(text.hash,)), id=clearance_id(CASE)).state
    ready.beside(withdrawn).when(IssueResponse(channel="weibo", evidence="截图 1"), by=HANDLER).refused("review-withheld")


@pytest.mark.rule("YQ-03.5d", "XT-04")
@BOOKS
def test_what_concerns_another_agency_is_confirmed_by_it_before_it_is_said(book: str) -> None:
    named = draft().model_copy(update={"concerns": (AddresseeIn(code="guyuan-gaj", name="市公安局"),)})
    case = in_hand(book=book).among("guyuan-gaj", "guyuan-spj")
    case.when(draft().model_copy(update={"concerns": (AddresseeIn(code="nobody", name="某局"),)}), by=HANDLER).refused("no-such-agency")
    written = case.when(named, by=HANDLER).records(ResponseDrafted).later()
    text = item(written.state).draft
    assert text is not None
    approve, letter = ApproveResponse(approves=text.hash), RequestCoordination(text="请确认所述的警情是否属实。")
    written.beside(cleared(text.hash)).when(approve, by=LEADER).refused("not-coordinated")
    asked = written.beside(cleared(text.hash)).when(letter, by=HANDLER)
    assert asked.decided is not None
    (on,) = asked.decided.events
    assert isinstance(on, On) and isinstance(on.event, CoordinationRequested)
    assert (on.event.urgent, on.event.files[0].sha256) == (True, text.hash)
    written.beside(cleared(text.hash, on.event)).when(approve, by=LEADER).refused("coordination-pending")
    answer = ConcludeCoordination(round=1, agreed=False, how="objected", files=(text.hash,), opinion="数字不符")
    objected = given(clearance, on.event, id=clearance_id(CASE)).when(answer, by=SYSTEM).records(CoordinationConcluded).events
    problem = written.beside(cleared(text.hash, on.event, *objected)).when(approve, by=LEADER).refused("coordination-refused")
    assert "数字不符" in problem.sentence
    answer = answer.model_copy(update={"agreed": True, "how": "confirmed", "opinion": ""})
    confirmed = given(clearance, on.event, id=clearance_id(CASE)).when(answer, by=SYSTEM).records(CoordinationConcluded).events
    written.beside(cleared(text.hash, on.event, *confirmed)).when(letter, by=HANDLER).refused("coordinated-already")
    written.beside(cleared(text.hash, on.event, *confirmed)).when(approve, by=LEADER).records(ResponseApproved)
    in_hand(book=book).when(draft(), by=HANDLER).later().when(letter, by=HANDLER).refused("concerns-nobody")


def test_nothing_is_closed_that_was_not_assessed_or_not_answered() -> None:
    detected().when(CloseItem(reason="无关"), by=OFFICE).refused("not-assessed")
    in_hand().when(CloseItem(reason="无关"), by=OFFICE).refused("unanswered")
    silent = detected().when(assess(0, respond=False), by=OFFICE).later()
    silent.when(CloseItem(reason="不需要回应"), by=OFFICE).records(ItemClosed)
