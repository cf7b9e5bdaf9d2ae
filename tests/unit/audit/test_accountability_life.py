"""Whatever is done to a case, by whomever, in whatever order: no measure without finding, approval and, where it needs one, an outside approval."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.audit.accountability_case import events as e
from services.audit.accountability_case.commands import (
    ApproveDetermination,
    BeginInvestigation,
    HandleByUnit,
    RecuseInvestigator,
    ReportUpCase,
    ReturnDetermination,
    RouteCase,
    SubmitDetermination,
    VerifyFacts,
)
from services.audit.accountability_case.sanction_commands import (
    AdmonishPersons,
    AppealMeasures,
    CarryOutMeasure,
    CirculateCaseCriticism,
    CloseCase,
    DecideAppeal,
    DecidePartyDiscipline,
    DecideSanctions,
    ExemptIn,
    FileCase,
    MakeApology,
    MissCaseDeadline,
    NotifyMeasures,
    RecordDismissalApproval,
    RevokeExcellence,
    SetSeverity,
    TransferToJudicial,
)
from services.audit.accountability_case.scheme import SCHEME
from services.audit.accountability_case.state import AccountabilityCase, Stage, accountability_case
from services.audit.views.accountability_cases import CaseRow, accountability_cases
from shared.kernel.commands import Command
from shared.kernel.events import Actor, Event, Meta
from shared.kernel.identity import fresh_id
from tests.specification import AGENCY, Specification, given
from tests.unit.audit.accountability import (
    BOSS,
    CHIEF,
    COLLEAGUE,
    CULPRIT,
    DEPUTY,
    DISTRICT,
    HASH,
    HEAD,
    LEADER,
    MEMBER,
    OFFICE,
    OFFICE2,
    PARTY,
    SYSTEM,
    UNITS,
    finding,
    id_of,
    opening,
    sanctions,
)
from tests.unit.audit.accountability import (
    case as as_case,
)

PEOPLE = (OFFICE, OFFICE2, HEAD, COLLEAGUE, CHIEF, DISTRICT, PARTY, DEPUTY, CULPRIT, BOSS)
ONE, OTHER = id_of(CULPRIT), id_of(BOSS)
CARRY: list[Command] = [
    MakeApology(led_by=OTHER, way="当面", evidence="记录"),
    CirculateCaseCriticism(scope="全局", document="通报"),
    AdmonishPersons(document="告诫"),
    RevokeExcellence(year=2025),
    TransferToJudicial(organ="区监委", document="移送"),
    *(
        CarryOutMeasure(measure=measure, evidence="文件")
        for measure in ("education", "warning", "dismissal", "party_discipline", "transfer")
    ),
]
DECISIONS: list[DecideSanctions] = [
    sanctions((CULPRIT, "education"), (BOSS, "education")),
    sanctions((CULPRIT, "apology"), (CULPRIT, "criticism"), (BOSS, "excellence")),
    sanctions((CULPRIT, "criticism"), (CULPRIT, "admonition"), (BOSS, "excellence")),
    sanctions((CULPRIT, "warning"), (CULPRIT, "party_discipline"), (BOSS, "warning")),
    sanctions((CULPRIT, "dismissal"), (BOSS, "transfer")),
    sanctions((CULPRIT, "judicial"), (BOSS, "warning")),
    sanctions((CULPRIT, "education"), exempt=(ExemptIn(person=OTHER, reason="已尽职"),)),
]
INVESTIGATION: list[Command] = [
    RouteCase(level="ordinary", unit="shehui", reason="一般"),
    RouteCase(level="ordinary", unit="touzi", reason="一般"),
    RouteCase(level="important", reason="重要"),
    BeginInvestigation(investigators=(id_of(HEAD), id_of(COLLEAGUE)), no_interest=True),
    BeginInvestigation(investigators=(id_of(OFFICE), id_of(COLLEAGUE)), no_interest=True),
    RecuseInvestigator(person=id_of(COLLEAGUE), reason="近亲属", replacement=id_of(OFFICE2)),
    VerifyFacts(account="谈话", evidence=(HASH,), heard=(ONE, OTHER)),
    finding(MEMBER, LEADER),
    finding(MEMBER, LEADER, harm=False),
    finding(),
    ReportUpCase(report="情况"),
    SubmitDetermination(opinion="属实", material=(HASH,)),
    ReturnDetermination(reason="补充意见"),
    ReturnDetermination(reason="重新调查", again=True),
    HandleByUnit(how="已纠正"),
]
LATER: list[Command] = [
    *(SetSeverity.model_validate({"severity": one, "reason": "情节"}) for one in SCHEME.severities),
    *(RecordDismissalApproval(person=ONE, organ="区人事部门", document="人发", granted=one) for one in (True, False)),
    *(DecidePartyDiscipline(person=ONE, document="纪要", granted=one) for one in (True, False)),
    *(NotifyMeasures(person=one, way="直接", evidence="回证") for one in (ONE, OTHER)),
    *(AppealMeasures(person=one, grounds="过重") for one in (ONE, OTHER)),
    *(DecideAppeal(person=one, result="revoked", reason="理由") for one in (ONE, OTHER)),
    DecideAppeal(person=ONE, result="maintained", reason="理由"),
    FileCase(number="备1号", to="领导小组"),
    CloseCase(reason="已执行"),
    MissCaseDeadline(),
]
EFFECTS = (
    e.ApologyMade, e.CaseCriticismCirculated, e.Admonished, e.ExcellenceRevoked, e.TransferredToJudicial, e.MeasureCarriedOut,
)  # fmt: skip


class Life(RuleBasedStateMachine):
    """A case in the hands of anybody; mostly in those of who may."""

    def __init__(self) -> None:
        super().__init__()
        self.case: Specification
        self.log: list[tuple[Event, Actor]] = []
        self.row: CaseRow | None = None

    @initialize(
        source=st.sampled_from(["complaint", "inspection", "self_check", "overdue"]), book=st.sampled_from(["decree-711", "bureau-2019"])
    )
    def begins(self, source: str, book: str) -> None:
        """Opened."""
        self.case = given(accountability_case).under(book).with_units(*UNITS)
        self.act(opening(source), OFFICE)

    def act(self, command: Command, by: Actor) -> None:
        """Given, and checked where it succeeds."""
        before = as_case(self.case.state)
        outcome = self.case.when(command, by=by)
        if outcome.problem is not None:
            return
        for event in outcome.events:
            self.checked(before, event, by)
            self.log.append((event, by))
            self.seen(event, by)
        self.case = outcome.later()

    def seen(self, event: Event, by: Actor) -> None:
        """The view's row follows."""
        meta = Meta(
            id=fresh_id(), case=self.case.state.id, agency=AGENCY.code, service="audit", recorded_at=self.case_now(), effective_on=self.case.day,
            actor=by, command="test", correlation="test", causation="test", rulebook=self.case.book,
        )  # fmt: skip
        fold = accountability_cases._evolve[type(event)]
        self.row = fold(self.case.state.id if isinstance(event, e.CaseOpened) else self.row, event, meta)

    def case_now(self) -> datetime:
        """An instant of the day."""
        return datetime(self.case.day.year, self.case.day.month, self.case.day.day, tzinfo=UTC)

    def by_kind(self, *kinds: type[Event]) -> list[tuple[Event, Actor]]:
        """What was recorded of these kinds."""
        return [one for one in self.log if isinstance(one[0], kinds)]

    def checked(self, before: AccountabilityCase, event: Event, by: Actor) -> None:
        """What may never happen has not."""
        investigators = {*before.investigators}
        if not isinstance(event, e.AppealFiled | e.CaseDeadlineMissed):
            assert by.person not in before.persons, "nobody decides about himself"
        if isinstance(event, e.FindingMade):
            assert by.person in investigators
            assert self.by_kind(e.FactsVerified)
        if isinstance(event, e.DeterminationApproved):
            assert by.person not in investigators | {*before.submitted_by}
        if isinstance(event, e.SanctionDecided):
            assert before.proven
            assert self.by_kind(e.DeterminationApproved)
            assert all(one.measure in SCHEME.of_severity(before.severity) for one in event.sanctions)
            assert by.person not in investigators | {*before.submitted_by}
        if isinstance(event, EFFECTS):
            assert before.proven
            assert self.by_kind(e.SanctionDecided)
            assert not before.waiting_outside
            assert set(before.sanctioned) <= set(before.notified)
        if isinstance(event, e.MeasureCarriedOut) and event.measure == "dismissal":
            granted = [
                one for one, _ in self.by_kind(e.ExternalApprovalRecorded) if isinstance(one, e.ExternalApprovalRecorded) and one.granted
            ]
            assert {one.person for one in granted} >= set(event.persons)
        if isinstance(event, e.MeasureCarriedOut) and event.measure == "party_discipline":
            agreed = [one for one, _ in self.by_kind(e.PartyDisciplineDecided) if isinstance(one, e.PartyDisciplineDecided) and one.granted]
            assert {one.person for one in agreed} >= set(event.persons)
        if isinstance(event, e.AppealDecided):
            deciding = (e.FindingMade, e.DeterminationSubmitted, e.DeterminationApproved, e.SanctionDecided)
            assert by.person not in {other.person for _, other in self.by_kind(*deciding)}
            assert set(event.measures) <= {one.measure for one in before.sanctions if one.person == event.person}
        if isinstance(event, e.CaseClosed):
            assert len(before.answers) == len(before.questions)
            assert not before.open_appeals
            assert set(before.measures) <= set(before.carried)

    @rule(command=st.sampled_from(INVESTIGATION + LATER + CARRY), by=st.sampled_from(PEOPLE))
    def anybody(self, command: Command, by: Actor) -> None:
        """Anything by anybody."""
        self.act(command, by)

    @rule(command=st.sampled_from(DECISIONS), severity=st.sampled_from(list(SCHEME.severities)))
    def decides(self, command: Command, severity: str) -> None:
        """Of a severity."""
        self.act(SetSeverity.model_validate({"severity": severity, "reason": "情节"}), CHIEF)
        self.act(command, CHIEF)

    @rule(command=st.sampled_from(LATER + CARRY), by=st.sampled_from((OFFICE, DISTRICT, PARTY, DEPUTY)))
    def carries_out(self, command: Command, by: Actor) -> None:
        """What was decided."""
        self.act(command, by)

    @rule(choices=st.lists(st.integers(0, 12), min_size=3, max_size=12))
    def goes_on(self, choices: list[int]) -> None:
        """As it should, by who may."""
        for choice in choices:
            state = as_case(self.case.state)
            ways = self.ways(state)
            if not ways:
                return
            command, by = ways[choice % len(ways)]
            self.act(command, by)

    def ways(self, state: AccountabilityCase) -> list[tuple[Command, Actor]]:
        """What may come next."""
        leading = OFFICE if state.level == "important" else HEAD
        match state.stage:
            case Stage.OPENED:
                return [(command, OFFICE) for command in INVESTIGATION[:3]]
            case Stage.ROUTED:
                return [(INVESTIGATION[4] if leading is OFFICE else INVESTIGATION[3], leading)]
            case Stage.INVESTIGATING if not state.verified:
                return [(INVESTIGATION[6], leading)]
            case Stage.INVESTIGATING:
                return [(INVESTIGATION[7 + number % 3], leading) for number in range(4)]
            case Stage.FOUND if state.own_staff and not state.reported:
                return [(ReportUpCase(report="情况"), leading)]
            case Stage.FOUND if state.proven:
                return [(SubmitDetermination(opinion="属实", material=(HASH,)), leading)] * 5 + [(HandleByUnit(how="已纠正"), leading)]
            case Stage.SUBMITTED:
                assert state.submission is not None
                return [(ApproveDetermination(approves=state.submission.hash), CHIEF)]
            case Stage.DETERMINED if not state.severity:
                return [(command, CHIEF) for command in LATER[:4]]
            case Stage.DETERMINED:
                fitting = set(SCHEME.of_severity(state.severity))
                return [(one, CHIEF) for one in DECISIONS if {sanction.measure for sanction in one.sanctions} <= fitting]
            case Stage.DECIDED if state.waiting_outside:
                return [(LATER[4], DISTRICT), (LATER[6], PARTY)] * 3 + [(LATER[5], DISTRICT), (LATER[7], PARTY)]
            case Stage.DECIDED:
                return [(LATER[8], OFFICE), (LATER[9], OFFICE)]
            case Stage.NOTIFIED | Stage.HANDLED:
                return [
                    *((command, OFFICE) for command in CARRY),
                    (FileCase(number="备1号", to="领导小组"), OFFICE),
                    (LATER[10], CULPRIT),
                    (CloseCase(reason="已执行"), OFFICE),
                ]
            case Stage.APPEALED:
                return [(command, DEPUTY) for command in LATER[12:15]]
        return [(CloseCase(reason="已执行"), OFFICE)]

    @rule(days=st.integers(1, 40))
    def passes(self, days: int) -> None:
        """Time."""
        self.case = self.case.on(self.case.day + timedelta(days=days))
        self.act(MissCaseDeadline(), SYSTEM)

    @invariant()
    def holds(self) -> None:
        """After every step."""
        state = as_case(self.case.state)
        assert not set(state.investigators) & set(state.persons)
        assert state.stage is not Stage.CLOSED or state.conclusion
        assert (state.owed == "") == (state.due is None)
        assert not state.sanctions or state.approved
        if self.row is not None:
            assert (self.row.stage, self.row.owed, self.row.due) == (state.stage, state.owed, state.due)
            assert self.row.conclusion == state.conclusion


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
