"""Whatever is done to a request, in whatever order: what is refused changes nothing, what has ended stays ended, and every stage is reached."""

from collections import Counter
from datetime import date, timedelta

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.requests.disclosure_request.commands import (
    Acknowledge,
    AddresseeIn,
    AnswerRemedy,
    ApproveExtension,
    ApproveReply,
    ArrangeInspection,
    AskReasons,
    AssessFee,
    Assign,
    ConcludeCoordination,
    ConcludeLitigation,
    ConcludeReconsideration,
    ConcludeReview,
    ConfirmReceipt,
    ConsultThirdParty,
    CorrectFacts,
    CorrectRemedyResult,
    DeclineProactive,
    Deliver,
    FileIn,
    FileLitigation,
    FileReconsideration,
    HandOver,
    LapseAmendment,
    LapseFee,
    Merge,
    MissDeadline,
    MissRemedyAnswer,
    MoveToProactive,
    OverrideThirdParty,
    PassOverSilence,
    ProvideCopies,
    RecomputeDeadline,
    RecordAmendment,
    RecordInspection,
    RecordPayment,
    RecordThirdPartyConsent,
    RecordThirdPartyObjection,
    RecordThirdPartySilence,
    RefuseExtension,
    Register,
    Reopen,
    RequestAmendment,
    RequestCoordination,
    RequestExtension,
    RequestReview,
    Resume,
    ReturnReply,
    ReturnToOffice,
    SuggestProactive,
    Suspend,
    VerifyIdentity,
    Void,
    VoidRemedy,
    WeighReasons,
    Withdraw,
)
from services.requests.disclosure_request.state import CLOSED, DisclosureRequest, Stage, disclosure_request
from shared.kernel.commands import Command
from shared.kernel.events import Actor, Event
from shared.kernel.identity import derived_id
from shared.law.calendar import national_calendar
from shared.law.deadlines import deadline, explain
from shared.law.rulebook import rulebook
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
    approved,
    assigned,
    drafted,
    received,
    registered,
    reply,
    standing,
    with_series,
)

OTHER_ID = derived_id("test", "other case")
OTHER = msgspec.structs.replace(standing(registered()), id=OTHER_ID)

TO_THIRD_PARTY = ConsultThirdParty(touches="trade_secret", third_party="固原市甲公司", contact="0954-2080000", files=(CONTRACT.sha256,))
RESULTS = ("upheld", "overturned", "other_result")

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
    (AskReasons(found="一年内提出 120 件"), DRAFTER),
    (WeighReasons(said="用于研究", reasonable=True, finding="用途明确", working_days=5), DRAFTER),
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
    (Acknowledge(way="post"), DRAFTER),
    (HandOver(unit="投资项目审批科", reason="科室合并"), OFFICE),
    (RecomputeDeadline(), SYSTEM),
    (TO_THIRD_PARTY, DRAFTER),
    (ConsultThirdParty(touches="privacy", third_party="某甲", contact="13800000000"), DRAFTER),
    (RecordThirdPartyConsent(number=1, evidence="复函"), DRAFTER),
    (RecordThirdPartyObjection(number=1, why="含有报价明细", reasonable=True), DRAFTER),
    (RecordThirdPartyObjection(number=2, why="不愿公开", reasonable=False), DRAFTER),
    (RecordThirdPartySilence(number=1), DRAFTER),
    (PassOverSilence(), SYSTEM),
    (OverrideThirdParty(number=1, reason="涉及饮水安全", notice="告知书"), LEADER),
    (ArrangeInspection(on=RECEIVED_ON, time="09:30", place="政务大厅"), DRAFTER),
    (RecordInspection(came=True), DRAFTER),
    (ProvideCopies(form="printed", pages=3), DRAFTER),
    (SuggestProactive(reason="多人关心"), DRAFTER),
    (DeclineProactive(reason="不属主动公开范围"), OFFICE),
    (MoveToProactive(title="采购合同", ground="suggested", reason="多人关心"), OFFICE),
    (FileReconsideration(organ="固原市人民政府", filed_on=RECEIVED_ON, received_on=RECEIVED_ON), OFFICE),
    (FileLitigation(court="固原市中级人民法院", filed_on=RECEIVED_ON, received_on=RECEIVED_ON), OFFICE),
    (AnswerRemedy(number=1, answered_on=RECEIVED_ON, document="答复书1"), OFFICE),
    (MissRemedyAnswer(number=1), SYSTEM),
    *((ConcludeReconsideration(number=1, result=result, decided_on=RECEIVED_ON, document="决定书1"), OFFICE) for result in RESULTS),
    *((ConcludeLitigation(number=2, result=result, decided_on=RECEIVED_ON, document="判决书1"), OFFICE) for result in RESULTS),
    (CorrectRemedyResult(number=1, result="upheld", decided_on=RECEIVED_ON, reason="登记有误"), OFFICE),
    (VoidRemedy(number=2, reason="误登记"), OFFICE),
    (Reopen(number=1, reason="责令重新答复", since=RECEIVED_ON), OFFICE),
    (Reopen(number=1, reason="责令重新答复", since=RECEIVED_ON, days=10), OFFICE),
]

ENDING = [number for number, (command, _) in enumerate(ACTS) if isinstance(command, Withdraw | Void | Merge | LapseAmendment | LapseFee)]
GOING_ON = [number for number in range(len(ACTS)) if number not in ENDING]

AFTER_THE_END = (
    CorrectFacts, Reopen, ArrangeInspection, RecordInspection, ProvideCopies, SuggestProactive, DeclineProactive, MoveToProactive,
    FileReconsideration, FileLitigation, AnswerRemedy, MissRemedyAnswer, ConcludeReconsideration, ConcludeLitigation, CorrectRemedyResult,
    VoidRemedy,
)  # fmt: skip
"""What may still be done when a request has ended."""


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


def answered_by(case: Specification, file: FileIn = CONTRACT) -> Specification:
    """Its file is released by secrecy review."""
    asked = case.when(RequestReview(files=(file,)), by=DRAFTER).later()
    return asked.when(ConcludeReview(review=1, released=(file.sha256,)), by=SYSTEM).later()


def delivered(case: Specification) -> Specification:
    """It was replied to, with its file."""
    return approved(drafted(answered_by(case), reply(files=(CONTRACT,)))).when(Deliver(way="post", evidence="EMS 1"), by=DRAFTER).later()


def overturned(case: Specification) -> Specification:
    """A reconsideration has corrected the reply."""
    day = case.day
    filed = delivered(case).when(FileReconsideration(organ="固原市人民政府", filed_on=day, received_on=day), by=OFFICE).later()
    result = ConcludeReconsideration(number=1, result="overturned", decided_on=day, document="固政复决〔2025〕1号")
    return filed.when(result, by=OFFICE).later()


STARTS = {
    "counter": lambda book: received(book=book),
    "internet": lambda book: received(book=book, channel="internet"),
    "fax": lambda book: received(book=book, channel="fax"),
    "third party": lambda book: assigned(book=book).when(TO_THIRD_PARTY, by=DRAFTER).later(),
    "reviewed": lambda book: answered_by(assigned(book=book)),
    "reviewed, and a third party asked": lambda book: answered_by(assigned(book=book)).when(TO_THIRD_PARTY, by=DRAFTER).later(),
    "replied": lambda book: delivered(assigned(book=book)),
    "overturned": lambda book: overturned(assigned(book=book)),
}
"""Where a life begins: what is rare is near to one of these."""


def check(state: DisclosureRequest, book: str) -> None:
    """What always holds."""
    if state.deadline is not None:
        assert national_calendar().is_working(state.deadline.due)
        assert state.deadline.rulebook == book
    assert state.closed is (state.stage in CLOSED)
    assert len(state.missed) == len(set(state.missed)), "a due date is missed once"
    assert (state.outcome is not None) == (state.stage in (Stage.DELIVERED, Stage.LAPSED, Stage.WITHDRAWN))
    assert (state.number != "") or state.stage in (Stage.RECEIVED, Stage.WITHDRAWN, Stage.VOIDED, Stage.MERGED)
    waits = any(party.stands == "waiting" for party in state.third_parties)
    assert sum(span.end is None for span in state.not_counted) <= 1, "it stands still for one reason at a time"
    assert not state.consulting or waits or state.stage is Stage.COORDINATING or state.closed
    if state.stage in (Stage.DRAFTED, Stage.APPROVED, Stage.DELIVERED):
        assert state.draft is not None
        given_out = {file.sha256 for file in state.draft.files}
        assert given_out <= set(state.cleared), "nothing leaves unreviewed"
        assert not given_out & set(state.unconfirmed), "nor what another agency has not confirmed"
        if state.draft.outcome in ("r1_granted", "r2_partial"):
            blocks = rulebook(book).says("third_party_refusal_blocks")
            for party in state.third_parties:
                refuses = party.stands == "objected" and (blocks or party.reasonable)
                assert not (refuses and given_out & set(party.files)), "nor what a third party rightly refuses"
    numbers = [remedy.number for remedy in state.remedies]
    assert numbers == sorted(set(numbers))
    assert sum(one.kind == "reconsideration" and one.result is None for one in state.remedies) <= 1
    for remedy in state.remedies:
        assert not remedy.reopened or remedy.result == "overturned", "only what corrects opens it again"
        assert remedy.result is None or remedy.decided_on is not None
    assert state.redo_days is None or any(remedy.reopened for remedy in state.remedies)
    assert state.inspection is None or state.stage not in (Stage.VOIDED, Stage.MERGED)
    explains_itself(state, book)


def explains_itself(state: DisclosureRequest, book: str) -> None:
    """The clock, told day by day, ends on the due date that stands."""
    facts, laws, calendar = state.clock(), rulebook(book), national_calendar()
    assert (facts is None) is (state.clock_start is None)
    if facts is None or state.deadline is None or any(span.end is None for span in facts.not_counted):
        return
    days = explain(facts, laws, calendar)
    assert deadline(facts, laws, calendar).due == days[-1].day
    assert state.waiting_until is not None or state.closed or days[-1].day == state.deadline.due
    assert [day.count for day in days] == sorted(day.count for day in days)
    assert days[-1].count == deadline(facts, laws, calendar).days
    assert all(day.sentence for day in days)


class Life(RuleBasedStateMachine):
    """A request, and everybody who may try something."""

    def __init__(self) -> None:
        super().__init__()
        self.done: Counter[int] = Counter()
        """How often each was done: no more than twice, so that a life gets on."""
        self.book = "decree-711"
        self.day = RECEIVED_ON
        self.case = received()

    @initialize(book=st.sampled_from(["decree-711", "bureau-2019"]), start=st.sampled_from(sorted(STARTS)))
    def begin(self, book: str, start: str) -> None:
        """It comes in, or has come some way."""
        self.book, self.case = book, STARTS[start](book)

    @rule(
        days=st.sampled_from([0, 0, 0, 0, 1, 2, 7, 30, 60]),
        first=st.sampled_from(GOING_ON),
        stride=st.sampled_from([1, 7, 11, 13]),
        ends=st.sampled_from([None] * 150 + ENDING),
    )
    def go_on(self, days: int, first: int, stride: int, ends: int | None) -> None:
        """Time goes by; one after another tries something, until somebody is not refused. Sometimes it is brought to an end."""
        self.day += timedelta(days=days)
        if ends is not None and self.try_it(ends):
            return
        for turn in range(len(GOING_ON)):
            what = GOING_ON[(GOING_ON.index(first) + turn * stride) % len(GOING_ON)]
            if self.done[what] < 2 and self.try_it(what):
                self.done[what] += 1
                return

    def try_it(self, what: int) -> bool:
        """What is refused changes nothing; what is recorded replays to the same state. Whether anything was recorded."""
        command, by = ACTS[what]
        before = standing(self.case)
        self.case, events = act(self.case, on_day(command, self.day), by, self.day)
        after = standing(self.case)
        assert after.version == before.version + len(events)
        assert play(disclosure_request, before, events, self.day, by, self.book) == after, "replay gives the same"
        if before.closed and events:
            assert after.stage is before.stage or isinstance(command, Reopen), "what has ended stays ended, unless a court opens it again"
            assert isinstance(command, AFTER_THE_END)
        return bool(events)

    @invariant()
    def holds(self) -> None:
        """After every step."""
        check(standing(self.case), self.book)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=150, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def on_day(command: Command, day: date) -> Command:
    """A command that names days of the past or to come, as of this day."""
    named = {
        name: day for name in ("filed_on", "received_on", "answered_on", "decided_on", "since", "on") if name in command.model_fields_set
    }
    return command if isinstance(command, CorrectFacts) else command.model_copy(update=named)


def test_every_stage_is_reached() -> None:
    """Breadth first, what always holds is looked at in each; and every standing of a third party, and every result of a remedy: nothing of the model is out of reach of the commands."""
    reached: set[object] = set()
    stands, results, proactive = set(), set(), set()
    waiting = [begin(book) for begin in STARTS.values() for book in ("decree-711", "bureau-2019")]
    seen: set[object] = set()
    while waiting:
        case = waiting.pop()
        state = standing(case)
        reached.add(state.stage)
        stands |= {party.stands for party in state.third_parties}
        results |= {(remedy.kind, remedy.result) for remedy in state.remedies}
        proactive.add(state.proactive)
        for command, by in ACTS:
            for day in (RECEIVED_ON, RECEIVED_ON + timedelta(days=60)):
                if day < case.day:
                    continue
                further, events = act(case, on_day(command, day), by, day)
                after = standing(further)
                if events:
                    check(after, str(after.rulebook))
                places = {
                    ("stage", after.stage, after.draft is None, after.rulebook, day),
                    ("stands", after.rulebook, *(party.stands for party in after.third_parties)),
                    ("remedies", *((remedy.kind, remedy.result) for remedy in after.remedies)),
                    ("proactive", after.proactive),
                }
                if events and places - seen and len(after.third_parties) < 3 and len(after.remedies) < 3:
                    seen |= places
                    waiting.append(further)
    assert reached == set(Stage)
    assert stands == {"waiting", "consented", "objected", "silent", "overridden"}
    assert results == {(kind, result) for kind in ("reconsideration", "litigation") for result in (None, *RESULTS)}
    assert proactive == {"", "suggested", "declined", "moved"}
