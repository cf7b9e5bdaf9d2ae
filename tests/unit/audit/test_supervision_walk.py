"""Whatever is done to an inspection, a complaint or a piece of feedback, by whomever, in whatever order: nothing is closed while something is owed,
nobody decides on its own doing, and the list says what the thing itself says.
"""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.audit.complaint import commands as c
from services.audit.complaint.decisions import Complaint
from services.audit.complaint.decisions import Stage as ComplaintStage
from services.audit.complaint.events import ComplaintReferred
from services.audit.feedback import commands as f
from services.audit.feedback.decisions import Feedback
from services.audit.feedback.decisions import Stage as FeedbackStage
from services.audit.inspection import commands as i
from services.audit.inspection.state import Inspection
from services.audit.inspection.state import Stage as InspectionStage
from services.audit.views.complaints import complaints
from services.audit.views.feedbacks import feedbacks
from services.audit.views.inspections import inspections
from shared.kernel.commands import Command
from shared.kernel.events import Actor, Event, Meta, Recorded
from shared.kernel.identity import derived_id
from shared.kernel.views import TableView
from tests.specification import AGENCY, CASE, Outcome, person
from tests.unit.audit import test_complaint, test_feedback, test_inspection

OFFICE = person("office", "disclosure_office")
OTHER = person("other", "disclosure_office")
WATCH = person("watch", "supervision_office")
CHIEF = person("chief", "head_of_leading_group")
HEAD = person("head", "unit_head")
SYSTEM = Actor("system:keeper", ("system",))
DAY = date(2025, 9, 22)
Act = tuple[Command, Actor, int]
"""A command, who gives it, and how many days later than the one before."""


def walk(begun: Outcome, view: TableView[Any], acts: list[Act]) -> tuple[Any, Any, list[Event]]:
    """The thing and its row after these acts, those that are refused left out; and all events."""
    events = list(begun.events)
    case, row, day = begun.later(), None, DAY
    for number, event in enumerate(events, start=1):
        row = view.fold(row, recorded(number, event, day))
    for command, by, days in acts:
        day += timedelta(days=days)
        outcome = case.on(day).when(command, by=by)
        if outcome.problem is not None:
            continue
        for event in outcome.events:
            events.append(event)
            row = view.fold(row, recorded(len(events), event, day))
        case = outcome.later(day)
    return case.state, row, events


def recorded(number: int, event: Event, day: date) -> Recorded:
    """An event as a view reads it."""
    meta = Meta(
        id=derived_id("event", number), case=CASE, agency=AGENCY.code, service="audit", recorded_at=datetime(2025, 9, 22, 2, tzinfo=UTC),
        effective_on=day, actor=OFFICE, command="test", correlation="test", causation="test",
    )  # fmt: skip
    return Recorded(CASE, number, event, meta, position=number)


def of(model: type[Command], **said: Any) -> Command:
    return model.model_validate(said)


SOON = [DAY + timedelta(days=days) for days in (5, 60, 180)]
INSPECTION: list[tuple[Command, Actor]] = [
    (test_inspection.record(), OFFICE),
    (test_inspection.record(content=3, content_note="缺项"), OTHER),
    *((of(i.OpenIssue, question="form", what="形式单一", due=due), OFFICE) for due in SOON),
    *((of(i.CloseIssue, number=number, how="已改", evidence="照片"), by) for number in (1, 2) for by in (OFFICE, HEAD, OTHER)),
    (of(i.ReopenIssue, number=1, reason="又犯", due=SOON[2]), OFFICE),
    *((of(i.OrderRectification, issues=(number,), demand="改正", due=SOON[1], document="整改1号"), CHIEF) for number in (1, 2)),
    *((of(i.ReportRectification, number=number, report="已改"), by) for number in (1, 2) for by in (HEAD, OFFICE)),
    (of(i.ReturnRectification, number=1, reason="不到位", due=SOON[2]), OTHER),
    (of(i.CirculateCriticism, reason="整改不力", document="通报1号"), CHIEF),
    (of(i.CloseInspection, conclusion="已经解决"), OFFICE),
    (of(i.ReopenInspection, reason="又发现"), OFFICE),
    (of(i.CancelInspection, reason="不办"), OFFICE),
    (i.MissDay(), SYSTEM),
]
COMPLAINT: list[tuple[Command, Actor]] = [
    (c.AcceptComplaint(), WATCH),
    (of(c.DeclineComplaint, ground="no_facts", reason="没有事实"), WATCH),
    (test_complaint.triage(), WATCH),
    (test_complaint.triage("important", about_person=str(OTHER.person)), WATCH),
    *((test_complaint.conclude(finding), by) for finding in ("founded", "unfounded") for by in (WATCH, OTHER)),
    (of(c.TellComplainant, way="online", text="经查属实。"), WATCH),
    (of(c.ReopenComplaint, reason="新的证据"), WATCH),
    (c.MissComplaint(), SYSTEM),
]
FEEDBACK: list[tuple[Command, Actor]] = [
    (f.AssignFeedback(unit="touzi", reason="主管"), OFFICE),
    (f.AssignFeedback(unit="zonghe", reason="主管"), OFFICE),
    (test_feedback.answer(), HEAD),
    (f.CloseFeedback(note="已核实"), OFFICE),
    (f.ReopenFeedback(reason="没有落实"), OFFICE),
    (f.MissFeedback(), SYSTEM),
]


WALKS = range(300)
STEPS = 80


def acts(of_kind: list[tuple[Command, Actor]], seed: int) -> list[Act]:
    """A walk of these acts, mostly on the same day; the same for the same seed."""
    draw = random.Random(seed)
    return [(*draw.choice(of_kind), draw.choice((0, 0, 0, 0, 0, 0, 0, 1, 7, 30))) for _ in range(draw.randrange(STEPS))]


def test_an_inspection_is_never_closed_while_something_is_open() -> None:
    reached: Counter[str] = Counter()
    for seed in WALKS:
        state, row, _ = walk(test_inspection.plan(), inspections, acts(INSPECTION, seed))
        assert isinstance(state, Inspection)
        reached[state.stage] += 1
        if state.stage is InspectionStage.CLOSED:
            assert (state.open_issues, state.open_orders) == ((), ()), seed
            reached["closed with problems put right"] += bool(state.issues and state.orders)
        assert (row.stage, row.open_issues, row.issues) == (state.stage, len(state.open_issues), len(state.issues)), seed
        assert row.total == (state.recorded.total if state.recorded else None), seed
        owed = [one.due for one in (*state.open_issues, *state.open_orders) if not one.missed]
        assert row.due == min(owed, default=None), f"{seed}: the timer finds the next day"
        for order in state.orders:
            reached["order done"] += bool(order.report)
    assert all(reached[stage] for stage in InspectionStage if stage is not InspectionStage.APPROVED), reached
    assert reached["closed with problems put right"], reached
    assert reached["order done"], reached


def test_a_complaint_comes_to_one_conclusion_and_at_most_one_case() -> None:
    reached: Counter[str] = Counter()
    for seed in WALKS:
        kind = ("not_answered", "paid_affiliate")[seed % 2]
        state, row, events = walk(test_complaint.said(kind=kind), complaints, acts(COMPLAINT, seed))
        assert isinstance(state, Complaint)
        reached[state.stage] += 1
        if state.stage is ComplaintStage.CLOSED:
            assert (state.concluded is None) != (state.declined is None), seed
            assert state.answer is not None, seed
        assert sum(isinstance(one, ComplaintReferred) for one in events) == (state.referred is not None), seed
        assert (row.stage, row.severity, row.referred) == (state.stage, state.severity, state.referred), seed
        assert row.finding == (state.concluded.finding if state.concluded else ""), seed
        assert row.running == (bool(state.owed) and state.owed not in state.missed), seed
        assert state.deadline is not None
        assert not row.running or row.due == state.deadline.due, seed
    assert all(reached[stage] for stage in ComplaintStage), reached


def test_feedback_is_never_closed_unanswered() -> None:
    reached: Counter[str] = Counter()
    for seed in WALKS:
        state, row, _ = walk(test_feedback.said(), feedbacks, acts(FEEDBACK, seed))
        assert isinstance(state, Feedback)
        reached[state.stage] += 1
        if state.stage is FeedbackStage.CLOSED:
            assert state.answer is not None, seed
        assert (row.stage, row.unit, row.outcome) == (state.stage, state.unit, state.outcome), seed
        open_still = state.stage in (FeedbackStage.RECEIVED, FeedbackStage.ASSIGNED)
        assert row.running == (open_still and not state.missed), seed
        assert state.deadline is not None
        assert row.due == state.deadline.due, seed
    assert all(reached[stage] for stage in FeedbackStage), reached
