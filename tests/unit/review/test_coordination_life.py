"""Whatever is done to a coordination, by whomever, in whatever order: no invariant breaks, every stage is reached, every clock explains itself."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.review.coordination.commands import (
    AuthorisePublication,
    ConfirmRuling,
    EscalateForRuling,
    MissAnswer,
    RecordSilence,
    ResolveByCompetence,
    WithdrawCoordination,
)
from services.review.coordination.events import CoordinationConcluded, CoordinationWithdrawn, ReplyOverdue
from services.review.coordination.state import CLOSED, Answer, Coordination, Stage, coordination
from shared.kernel.commands import Command
from shared.kernel.events import Actor, Event
from shared.law.calendar import national_calendar
from shared.law.deadlines import deadline, explain
from shared.law.rulebook import rulebook
from tests.specification import AGENCY, Specification, play
from tests.unit.review.letters import (
    COUNTY,
    DEPARTMENT,
    FINANCE,
    LEADER,
    OF_DEPARTMENT,
    OF_FINANCE,
    OF_WATER,
    OFFICER,
    ON_PAPER,
    PANEL,
    SENT_ON,
    SYSTEM,
    TO_FINANCE,
    TO_WATER,
    WATER,
    asking,
    confirming,
    nothing,
    objecting,
    opened,
    ruling,
    standing,
)

BY_PAPER = {"addressee": COUNTY, "document": "彭政函〔2025〕2号"}
TO_DEPARTMENT = EscalateForRuling(department=DEPARTMENT, name="固原市人民政府办公室", reason="双方均有部分权限")
STRANGER = Actor("stranger", ("agency_liaison",), agency="elsewhere")

ACTS: list[tuple[Command, Actor]] = [
    (confirming(), OF_FINANCE),
    (confirming(), OF_WATER),
    (confirming(), STRANGER),
    (confirming(**BY_PAPER), OFFICER),
    (objecting(), OF_FINANCE),
    (objecting(), OF_WATER),
    (objecting(**BY_PAPER), OFFICER),
    *((MissAnswer(addressee=code), SYSTEM) for code in (FINANCE, WATER, COUNTY)),
    (RecordSilence(addressee=FINANCE), OFFICER),
    *((ResolveByCompetence(competent=code, basis="“三定”规定"), LEADER) for code in (FINANCE, WATER, AGENCY.code)),
    (TO_DEPARTMENT, OFFICER),
    (PANEL, OF_DEPARTMENT),
    (ruling(True), OF_DEPARTMENT),
    (ruling(False), OF_DEPARTMENT),
    (ruling(True), OF_FINANCE),
    (ConfirmRuling(document="固政办函〔2025〕32号"), OF_DEPARTMENT),
    (AuthorisePublication(granted=True, document="批复〔2025〕9号"), OFFICER),
    (AuthorisePublication(granted=False, document="批复〔2025〕9号"), OFFICER),
    (WithdrawCoordination(reason="不再公开"), OFFICER),
]


def check(state: Coordination, book: str) -> None:
    """What always holds."""
    if state.stage is Stage.AGREED:
        agreed = all(letter.agrees for letter in state.letters)
        overruled = state.competence is not None and state.competence.agreed
        decided = state.ruling is not None and state.ruling.publish and all(letter.ruling for letter in state.letters)
        assert agreed or overruled or decided, "nothing goes on that nobody has agreed to or decided"
        assert not state.approval_by or state.approved, "what needs an approval has it"
    assert state.closed is (state.stage in CLOSED)
    assert (state.concluded_on is not None) is state.closed
    assert state.competence is None or state.escalation is None, "either competence settles it or the department"
    assert state.ruling is None or state.escalation is not None
    assert state.ruling is None or state.panel or book != "bureau-2019", "under the bureau's rules a panel comes first"
    assert COUNTY not in state.shared_with
    for letter in state.letters:
        assert (letter.answered_on is not None) is (letter.answer in (Answer.CONFIRMED, Answer.OBJECTED))
        assert letter.answer is not Answer.CONSENTED or (state.co_made and book == "decree-711"), "silence is consent by Article 34 alone"
        assert letter.answer is not Answer.OBJECTED or (letter.opinion and letter.basis)
        facts, laws, calendar = state.clock(letter), rulebook(book), national_calendar()
        days = explain(facts, laws, calendar)
        assert deadline(facts, laws, calendar).due == letter.deadline.due == days[-1].day
        assert days[-1].count == letter.deadline.days


class Life(RuleBasedStateMachine):
    """A coordination between three agencies, and everybody who may try something."""

    def __init__(self) -> None:
        super().__init__()
        self.book = "decree-711"
        self.day = SENT_ON
        self.case: Specification = nothing()
        self.recorded: list[Event] = []

    @initialize(
        book=st.sampled_from(["decree-711", "bureau-2019"]),
        addressees=st.lists(st.sampled_from([TO_FINANCE, TO_WATER, ON_PAPER]), min_size=1, max_size=3, unique=True),
        urgent=st.booleans(),
        co_made=st.booleans(),
        approval_by=st.sampled_from(["", "自治区统计局"]),
    )
    def open(self, book: str, addressees: list, urgent: bool, co_made: bool, approval_by: str) -> None:  # type: ignore[type-arg]
        """The letters go out."""
        self.book = book
        self.case = nothing(book)
        self.act(asking(*addressees, urgent=urgent, co_made=co_made, approval_by=approval_by), SYSTEM)

    @rule(days=st.sampled_from([1, 3, 12, 30]))
    def wait(self, days: int) -> None:
        """Time goes by."""
        self.day += timedelta(days=days)

    @rule(what=st.sampled_from(ACTS))
    def try_it(self, what: tuple[Command, Actor]) -> None:
        """Somebody does something, or is refused."""
        self.act(*what)

    def act(self, command: Command, by: Actor) -> None:
        """What is refused changes nothing; what is recorded replays to the same state."""
        before = standing(self.case)
        outcome = self.case.on(self.day).when(command, by=by)
        if outcome.problem is not None:
            assert outcome.problem.status in (409, 422)
            assert outcome.problem.sentence
            return
        assert by is not STRANGER, "who was not asked does not answer"
        assert not outcome.events or before.stage not in CLOSED, "what has ended stays ended"
        self.case = outcome.later(self.day)
        self.recorded += outcome.events
        after = standing(self.case)
        assert after.version == before.version + len(outcome.events)
        assert play(coordination, before, outcome.events, self.day, by, self.book) == after

    @invariant()
    def holds(self) -> None:
        """After every step."""
        check(standing(self.case), self.book)
        ends = [event for event in self.recorded if isinstance(event, CoordinationConcluded | CoordinationWithdrawn)]
        assert len(ends) == int(standing(self.case).closed), "it ends once"
        silences = [event.addressee for event in self.recorded if isinstance(event, ReplyOverdue)]
        assert len(silences) == len(set(silences)), "a silence is recorded once"


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=80, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_every_stage_and_every_answer_is_reached() -> None:
    waiting = [
        opened(TO_FINANCE, TO_WATER, book=book, co_made=co_made, approval_by=approval)
        for book in ("decree-711", "bureau-2019")
        for co_made in (True, False)
        for approval in ("", "自治区统计局")
    ]
    stages, answers, seen = set(), set(), set()
    while waiting:
        case = waiting.pop()
        state = standing(case)
        stages.add(state.stage)
        answers |= {letter.answer for letter in state.letters}
        for command, by in ACTS:
            for day in (SENT_ON, SENT_ON + timedelta(days=40)):
                if day < case.day:
                    continue
                outcome = case.on(day).when(command, by=by)
                if outcome.problem is not None or not outcome.events:
                    continue
                further = outcome.later(day)
                after = standing(further)
                said = tuple(letter.answer for letter in after.letters)
                place = (after.stage, said, bool(after.panel), after.approved, after.approval_by, after.rulebook, after.co_made, day)
                if place not in seen:
                    seen.add(place)
                    waiting.append(further)
    assert stages == set(Stage)
    assert answers == set(Answer)
