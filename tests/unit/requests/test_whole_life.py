"""Whatever is done to a request, in whatever order: what is refused changes nothing, what has ended stays ended, and every stage is reached."""

from datetime import date, timedelta

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.requests.disclosure_request.commands import (
    AddresseeIn,
    ApproveExtension,
    ApproveReply,
    AssessFee,
    Assign,
    ConcludeCoordination,
    ConcludeReview,
    ConfirmReceipt,
    CorrectFacts,
    Deliver,
    LapseAmendment,
    LapseFee,
    Merge,
    MissDeadline,
    RecordAmendment,
    RecordPayment,
    RefuseExtension,
    Register,
    RequestAmendment,
    RequestCoordination,
    RequestExtension,
    RequestReview,
    Resume,
    ReturnReply,
    ReturnToOffice,
    Suspend,
    VerifyIdentity,
    Void,
    Withdraw,
)
from services.requests.disclosure_request.state import CLOSED, Stage, disclosure_request
from shared.kernel.commands import Command
from shared.kernel.events import Actor, Event
from shared.kernel.identity import derived_id
from shared.law.calendar import national_calendar
from tests.specification import AGENCY, Specification, play
from tests.unit.requests.cases import (
    CONTRACT,
    DRAFTER,
    HEAD,
    LEADER,
    OFFICE,
    RECEIVED_ON,
    SYSTEM,
    approval,
    received,
    registered,
    reply,
    standing,
    with_series,
)

OTHER_ID = derived_id("test", "other case")
OTHER = msgspec.structs.replace(standing(registered()), id=OTHER_ID)

ACTS: list[tuple[Command, Actor]] = [
    (Register(), DRAFTER),
    (ConfirmReceipt(how="电话确认"), DRAFTER),
    (VerifyIdentity(how="paper", evidence="身份证"), DRAFTER),
    (Assign(unit="综合科"), OFFICE),
    (ReturnToOffice(reason="不属本科室"), DRAFTER),
    (RequestAmendment(items=("请写明年份",)), DRAFTER),
    (RecordAmendment(content="2024年的合同", good_reason="住院治疗"), DRAFTER),
    (LapseAmendment(), SYSTEM),
    (AssessFee(basis="items", count=35), DRAFTER),
    (AssessFee(basis="cost", count=0, cost=36), DRAFTER),
    (RecordPayment(yuan=3000, payee=AGENCY.code, evidence="票据"), DRAFTER),
    (LapseFee(), SYSTEM),
    (RequestExtension(working_days=10, reason="查阅档案"), DRAFTER),
    (ApproveExtension(), HEAD),
    (RefuseExtension(reason="可以按期"), HEAD),
    (Suspend(reason="洪灾"), OFFICE),
    (Resume(), OFFICE),
    (RequestReview(files=(CONTRACT,)), DRAFTER),
    (ConcludeReview(review=1, released=(CONTRACT.sha256,)), SYSTEM),
    (RequestCoordination(item="联合方案", text="请确认。", addressees=(AddresseeIn(code="guyuan-czj", name="财政局"),)), DRAFTER),
    (ConcludeCoordination(round=1, agreed=True, how="confirmed"), SYSTEM),
    (ConcludeCoordination(round=1, agreed=False, how="ruling"), SYSTEM),
    (reply(), DRAFTER),
    (reply(files=(CONTRACT,)), DRAFTER),
    (ReturnReply(reason="请补充理由"), LEADER),
    (ApproveReply(approves="0" * 64), LEADER),
    (Deliver(way="post", evidence="EMS 1", overdue_reason="档案调阅延误"), DRAFTER),
    (Withdraw(), DRAFTER),
    (Void(reason="误登记"), OFFICE),
    (Merge(into=OTHER_ID, reason="重复登记"), OFFICE),
    (CorrectFacts(reason="日期看错", received_on=RECEIVED_ON - timedelta(days=3)), DRAFTER),
    (MissDeadline(), SYSTEM),
]

Days = st.sampled_from([0, 0, 0, 1, 2, 7, 30])


def act(case: Specification, command: Command, by: Actor, day: date) -> tuple[Specification, list[Event]]:
    """What comes of a command on this day: the case after it, and its events; the case as it was where it is refused."""
    case = with_series(case.on(day))
    case = case.beside(*case.others.values(), OTHER)
    if isinstance(command, ApproveReply) and standing(case).draft is not None:
        command = approval(case)
    outcome = case.when(command, by=by)
    if outcome.problem is not None:
        assert outcome.problem.status in (403, 404, 409, 422)
        assert outcome.problem.sentence
        return case, []
    return outcome.later(), outcome.events


@given(
    book=st.sampled_from(["decree-711", "bureau-2019"]),
    channel=st.sampled_from(["in_person", "internet", "fax", "registered_post"]),
    life=st.lists(st.tuples(st.sampled_from(ACTS), Days), min_size=10, max_size=60),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_done_in_whatever_order(book: str, channel: str, life: list[tuple[tuple[Command, Actor], int]]) -> None:
    case, day = received(book=book, channel=channel), RECEIVED_ON
    for (command, by), later in life:
        day += timedelta(days=later)
        before = standing(case)
        case, events = act(case, command, by, day)
        after = standing(case)

        assert after.version == before.version + len(events)
        assert play(disclosure_request, before, events, day, by, book) == after, "replay gives the same"
        if before.stage in CLOSED:
            assert after.stage is before.stage, "what has ended stays ended"
            assert not events or isinstance(command, CorrectFacts)
        if after.deadline is not None:
            assert national_calendar().is_working(after.deadline.due)
            assert after.deadline.rulebook == book
            assert after.clock_start is not None
        assert len(after.missed) == len(set(after.missed)), "a due date is missed once"
        assert (after.outcome is not None) == (after.stage in (Stage.DELIVERED, Stage.LAPSED, Stage.WITHDRAWN))
        assert (after.number != "") or after.stage in (Stage.RECEIVED, Stage.WITHDRAWN, Stage.VOIDED, Stage.MERGED)
        if after.stage in (Stage.DRAFTED, Stage.APPROVED, Stage.DELIVERED):
            assert after.draft is not None
            assert all(file.sha256 in after.cleared for file in after.draft.files), "nothing leaves unreviewed"


def test_every_stage_is_reached() -> None:
    reached = set()
    waiting = [received(), received(channel="internet"), received(book="bureau-2019")]
    seen = set()
    while waiting:
        case = waiting.pop()
        state = standing(case)
        reached.add(state.stage)
        for command, by in ACTS:
            for day in (RECEIVED_ON, RECEIVED_ON + timedelta(days=60)):
                if day < case.day:
                    continue
                further, events = act(case, command, by, day)
                place = (standing(further).stage, standing(further).draft is None, state.rulebook, day)
                if events and place not in seen:
                    seen.add(place)
                    waiting.append(further)
    assert reached == set(Stage)
