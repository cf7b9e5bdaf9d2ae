"""Whatever is done to a secrecy review, by whomever, in whatever order: no marked secret leaves by any path, and every stage is reached."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.review.marked_content.register import MarkedContent, content_id
from services.review.secrecy_review.commands import (
    Approve,
    Consent,
    Declassify,
    DirectRedactions,
    Escalate,
    FileIn,
    MissDeadline,
    RecordDetermination,
    RefuseConsent,
    Reject,
)
from services.review.secrecy_review.events import DeadlineMissed, ReviewApproved, ReviewRejected
from services.review.secrecy_review.state import SECRETS, SecrecyReview, Stage, secrecy_review
from shared.kernel.commands import Command
from shared.kernel.events import Actor, Event
from shared.law.calendar import national_calendar
from shared.law.deadlines import Facts, deadline, explain
from shared.law.rulebook import rulebook
from tests.specification import AGENCY, Specification, play
from tests.unit.review.reviews import (
    ASKED_ON,
    CONTRACT,
    LEADER,
    LETTER,
    MAKER,
    REVIEWER,
    SYSTEM,
    TERM,
    approval,
    marking,
    opened,
    opinion,
    opinions,
    remembered,
    standing,
)

EXEMPT = opinion(LETTER, "exempt")
BOTH = opinions(opinion(), opinion(LETTER))

ACTS: list[tuple[Command | None, Actor]] = [
    (marking("none"), MAKER),
    (marking("secret", TERM), MAKER),
    (marking("secret", ASKED_ON + timedelta(days=5)), MAKER),
    (marking("confidential", TERM, LETTER), MAKER),
    (marking("work_secret"), MAKER),
    (marking("trade_secret", None, LETTER), MAKER),
    (BOTH, REVIEWER),
    (BOTH, LEADER),
    (opinions(opinion(), EXEMPT), REVIEWER),
    (opinions(opinion(held="partial"), EXEMPT), REVIEWER),
    (opinions(opinion(held="exempt"), EXEMPT, joint_units=("综合科",)), REVIEWER),
    (opinions(opinion(), opinion(LETTER), joint_units=("综合科", "财务科")), REVIEWER),
    (opinions(opinion(held="escalate"), EXEMPT), REVIEWER),
    (DirectRedactions(sha256=CONTRACT.sha256, parts=("身份证号码",)), REVIEWER),
    (Consent(unit="综合科", document="会签 1"), MAKER),
    (Consent(unit="财务科", document="会签 2"), MAKER),
    (RefuseConsent(unit="综合科", reason="涉及未定事项"), MAKER),
    (Escalate(to="secrecy_office", reason="不能确定"), REVIEWER),
    (RecordDetermination(secret=True, document="保密局函1"), REVIEWER),
    (RecordDetermination(secret=False, document="保密局函2"), REVIEWER),
    (Declassify(sha256=CONTRACT.sha256, document="解密通知1"), REVIEWER),
    (Declassify(sha256=LETTER.sha256, document="解密通知2"), REVIEWER),
    (None, LEADER),
    (None, REVIEWER),
    (None, LEADER),
    (Reject(reason="依据不足"), LEADER),
    (MissDeadline(), SYSTEM),
]
"""What may be tried. None: the approval of just what stands there."""

ENDING = [number for number, (command, _) in enumerate(ACTS) if command is None or isinstance(command, Reject)]
GOING_ON = [number for number in range(len(ACTS)) if number not in ENDING]


class Life(RuleBasedStateMachine):
    """A review of two files; what else the agency remembers of their bytes goes with it."""

    def __init__(self) -> None:
        super().__init__()
        self.done: Counter[int] = Counter()
        """How often each was done: no more than twice, so that a life gets on."""
        self.book = "decree-711"
        self.day = ASKED_ON
        self.case = opened(CONTRACT, LETTER)
        self.recorded: list[Event] = []

    @initialize(book=st.sampled_from(["decree-711", "bureau-2019"]))
    def open(self, book: str) -> None:
        """It is asked for."""
        self.book, self.case = book, opened(CONTRACT, LETTER, book=book)

    @rule(
        days=st.sampled_from([0, 0, 0, 0, 0, 1, 6, 12, 3000]),
        first=st.sampled_from(GOING_ON),
        stride=st.sampled_from([1, 7, 11, 13]),
        ends=st.sampled_from([None] * 25 + ENDING),
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
        before = standing(self.case)
        self.case, events = act(self.case.on(self.day), *ACTS[what])
        after = standing(self.case)
        assert not events or not before.closed, "what was decided stays decided"
        assert after.version == before.version + len(events)
        assert play(secrecy_review, before, events, self.day, ACTS[what][1], self.book) == after
        self.recorded += events
        for event in events:
            if isinstance(event, ReviewApproved):
                self.released(before, event, ACTS[what][1])
        return bool(events)

    def released(self, before: SecrecyReview, event: ReviewApproved, by: Actor) -> None:
        """What leaves is marked nowhere, determined by nobody to be secret, agreed by all who made it, and approved by another than who opined."""
        for sha256 in event.released:
            assert mark_of(self.case, sha256) not in SECRETS
            assert before.marks.get(sha256, "none") not in SECRETS
            assert not before.determined_secret
        assert set(event.released) | set(event.withheld) == set(before.hashes())
        assert not set(event.released) & set(event.withheld)
        assert not before.refused
        assert set(before.joint_units) <= set(before.consented)
        assert not by.persons & set(before.opinion_by)

    @invariant()
    def holds(self) -> None:
        """After every step."""
        state = standing(self.case)
        assert state.deadline is not None
        clock, laws, calendar = Facts(start=ASKED_ON, limit="secrecy_review"), rulebook(self.book), national_calendar()
        assert deadline(clock, laws, calendar).due == state.deadline.due == explain(clock, laws, calendar)[-1].day
        assert state.stage not in (Stage.OPINION, Stage.APPROVED) or len(state.opinions) == len(state.files)
        assert not set(state.consented) & set(state.refused)
        assert sum(isinstance(event, ReviewApproved | ReviewRejected) for event in self.recorded) == int(state.closed), "it is decided once"
        assert sum(isinstance(event, DeadlineMissed) for event in self.recorded) <= 1


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=250, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def act(case: Specification, command: Command | None, by: Actor) -> tuple[Specification, list[Event]]:
    """What comes of it: the review with what the agency remembers of the bytes; as it was where it is refused."""
    wanted = command or approval(case)
    assert command is not None or isinstance(wanted, Approve)
    outcome = case.when(wanted, by=by)
    if outcome.problem is not None:
        assert outcome.problem.status in (403, 409, 422)
        assert outcome.problem.sentence
        return case, []
    after = outcome.later()
    return replace(
        after, others={**after.others, **{content.id: content for content in (remembered(outcome, file) for file in FILES)}}
    ), outcome.events


FILES: tuple[FileIn, ...] = (CONTRACT, LETTER)


def mark_of(case: Specification, sha256: str) -> str:
    """What the agency's register has these bytes marked as."""
    content = case.others.get(content_id(AGENCY.code, sha256))
    return content.mark if isinstance(content, MarkedContent) and content.exists else "none"


def test_every_stage_is_reached() -> None:
    waiting = [opened(CONTRACT, LETTER, book=book) for book in ("decree-711", "bureau-2019")]
    reached, seen = set(), set()
    while waiting:
        case = waiting.pop()
        reached.add(standing(case).stage)
        for command, by in ACTS:
            for day in (ASKED_ON, TERM + timedelta(days=1)):
                if day < case.day:
                    continue
                further, events = act(case.on(day), command, by)
                after = standing(further)
                place = (after.stage, after.determined_secret, after.consented, after.refused, tuple(sorted(after.marks.items())), day)
                if events and place not in seen:
                    seen.add(place)
                    waiting.append(further)
    assert reached == set(Stage)
