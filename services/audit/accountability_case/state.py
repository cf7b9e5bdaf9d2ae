"""A case of accountability as it stands, and how each event changes it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from services.audit.accountability_case import events as e
from services.audit.accountability_case.scheme import SCHEME
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Event, Meta


class Stage(StrEnum):
    """Where a case stands."""

    OPENED = "opened"
    ROUTED = "routed"
    INVESTIGATING = "investigating"
    FOUND = "found"
    SUBMITTED = "submitted"
    DETERMINED = "determined"
    DECIDED = "decided"
    NOTIFIED = "notified"
    APPEALED = "appealed"
    HANDLED = "handled"
    CLOSED = "closed"


TITLES: dict[Stage, str] = {
    Stage.OPENED: "待分流",
    Stage.ROUTED: "待调查",
    Stage.INVESTIGATING: "调查核实中",
    Stage.FOUND: "待认定",
    Stage.SUBMITTED: "认定待批",
    Stage.DETERMINED: "待决定",
    Stage.DECIDED: "决定待送达",
    Stage.NOTIFIED: "执行中",
    Stage.APPEALED: "复核中",
    Stage.HANDLED: "科室已处理",
    Stage.CLOSED: "已结案",
}

OWED = {"triage": "分流", "investigation": "调查", "approval": "审批", "review": "复核决定"}
"""What is owed by a day."""

CONCLUSIONS = {
    "unfounded": "不属实",
    "corrected": "属实，未造成不良后果，已纠正",
    "handled_by_unit": "科室自查处理并备案",
    "sanctioned": "已追究责任",
    "transferred": "已移送司法机关",
    "no_measure": "不予追究",
}
"""How cases end."""

PROVEN = ("true", "partly")
"""Findings that something was wrong."""

OPEN = "open"
"""The result of an appeal that is not decided."""


class AccountabilityCase(State, frozen=True):
    """A case as it stands. `unit`: who investigates an ordinary one; `subject_unit`: whom it concerns; `sanctions`: those that hold."""

    agency: str = ""
    source: str = ""
    reference: str = ""
    title: str = ""
    facts: str = ""
    questions: tuple[str, ...] = ()
    opened_on: date | None = None
    subject_unit: str = ""
    persons: tuple[str, ...] = ()
    head: str = ""
    press_item: UUID | None = None
    lead: UUID | None = None
    grounds: tuple[str, ...] = ()
    secrecy: str = ""
    withdrawn: bool = False
    level: str = ""
    unit: str = ""
    own_staff: bool = False
    cooperates: tuple[str, ...] = ()
    investigators: tuple[str, ...] = ()
    recused: tuple[str, ...] = ()
    verified: bool = False
    heard: tuple[str, ...] = ()
    answers: tuple[e.Answer, ...] = ()
    found: str = ""
    harm: bool = False
    responsible: tuple[e.Responsible, ...] = ()
    reported: bool = False
    submission: e.DeterminationSubmitted | None = None
    submitted_by: tuple[str, ...] = ()
    approved: bool = False
    approved_by: tuple[str, ...] = ()
    filed: str = ""
    severity: str = ""
    sanctions: tuple[e.Sanction, ...] = ()
    exempt: tuple[e.Exempt, ...] = ()
    decided_by: tuple[str, ...] = ()
    granted: tuple[e.Sanction, ...] = ()
    notified: dict[str, date] = {}
    carried: tuple[str, ...] = ()
    appeals: dict[str, str] = {}
    excellence: e.ExcellenceRevoked | None = None
    owed: str = ""
    due: date | None = None
    missed: tuple[str, ...] = ()
    conclusion: str = ""
    stage: Stage = Stage.OPENED

    @property
    def proven(self) -> bool:
        """Whether anything was wrong."""
        return self.found in PROVEN

    @property
    def sanctioned(self) -> tuple[str, ...]:
        """Who has a measure that holds."""
        return tuple(dict.fromkeys(one.person for one in self.sanctions))

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that hold."""
        return tuple(dict.fromkeys(one.measure for one in self.sanctions))

    def under(self, measure: str) -> tuple[str, ...]:
        """Who is under a measure."""
        return tuple(one.person for one in self.sanctions if one.measure == measure)

    @property
    def waiting_outside(self) -> tuple[e.Sanction, ...]:
        """What others have to approve before it takes effect."""
        return tuple(one for one in self.sanctions if SCHEME.measures[one.measure].outside and one not in self.granted)

    @property
    def open_appeals(self) -> tuple[str, ...]:
        """Whose appeal is not decided."""
        return tuple(person for person, result in self.appeals.items() if result == OPEN)


accountability_case: Aggregate[AccountabilityCase] = Aggregate("audit.AccountabilityCase", AccountabilityCase)
evolves = accountability_case.evolves
S = AccountabilityCase


def together(*groups: tuple[str, ...]) -> tuple[str, ...]:
    """Everyone once, in order."""
    return tuple(dict.fromkeys(one for group in groups for one in group))


@evolves(e.CaseOpened)
def opened(state: S, event: e.CaseOpened, meta: Meta) -> S:
    """It waits for triage."""
    return replace(
        state, agency=meta.agency, source=event.source, reference=event.reference, title=event.title, facts=event.facts,
        questions=event.questions, opened_on=meta.effective_on, subject_unit=event.unit, persons=event.persons, head=event.head,
        press_item=event.press_item, lead=event.lead, owed="triage", due=event.deadline.due,
    )  # fmt: skip


@evolves(e.GroundRecorded)
def ground_recorded(state: S, event: e.GroundRecorded, _meta: Meta) -> S:
    """One more ground."""
    return replace(state, grounds=together(state.grounds, (event.ground,)))


@evolves(e.LeakIncidentOpened)
def leak_opened(state: S, event: e.LeakIncidentOpened, _meta: Meta) -> S:
    """What leaked."""
    return replace(state, secrecy=event.secrecy)


@evolves(e.SourceWithdrawn)
def source_withdrawn(state: S, _event: e.SourceWithdrawn, _meta: Meta) -> S:
    """Known; the conclusion is still owed."""
    return replace(state, withdrawn=True)


@evolves(e.QuestionAdded)
def question_added(state: S, event: e.QuestionAdded, _meta: Meta) -> S:
    """One more."""
    return replace(state, questions=(*state.questions, event.question))


@evolves(e.CaseRouted)
def routed(state: S, event: e.CaseRouted, _meta: Meta) -> S:
    """Somebody has to investigate; whoever had begun is not any more."""
    return replace(
        state, level=event.level, unit=event.unit, own_staff=event.own_staff, cooperates=event.cooperates, investigators=(),
        verified=False, heard=(), owed="investigation", due=event.deadline.due, stage=Stage.ROUTED,
    )  # fmt: skip


@evolves(e.InvestigationBegun)
def begun(state: S, event: e.InvestigationBegun, _meta: Meta) -> S:
    """By these."""
    return replace(state, investigators=event.investigators, stage=Stage.INVESTIGATING)


@evolves(e.InvestigatorRecused)
def recused(state: S, event: e.InvestigatorRecused, _meta: Meta) -> S:
    """Another in place of one."""
    others = tuple(one for one in state.investigators if one != event.person)
    return replace(state, investigators=together(others, (event.replacement,)), recused=together(state.recused, (event.person,)))


@evolves(e.FactsVerified)
def verified(state: S, event: e.FactsVerified, _meta: Meta) -> S:
    """It may be found."""
    return replace(state, verified=True, heard=together(state.heard, event.heard))


@evolves(e.FindingMade)
def found(state: S, event: e.FindingMade, _meta: Meta) -> S:
    """The investigation is over; whoever is responsible is concerned."""
    return replace(
        state, answers=event.answers, found=event.found, harm=event.harm, responsible=event.responsible, reported=False,
        persons=together(state.persons, tuple(one.person for one in event.responsible)), owed="", due=None, stage=Stage.FOUND,
    )  # fmt: skip


@evolves(e.CaseReportedUp)
def reported_up(state: S, _event: e.CaseReportedUp, _meta: Meta) -> S:
    """The leading group knows."""
    return replace(state, reported=True)


@evolves(e.CooperationRecorded)
def cooperated(state: S, _event: e.CooperationRecorded, _meta: Meta) -> S:
    """On record alone."""
    return state


@evolves(e.DeterminationSubmitted)
def submitted(state: S, event: e.DeterminationSubmitted, meta: Meta) -> S:
    """It waits for approval."""
    by = tuple(sorted(meta.actor.persons))
    return replace(state, submission=event, submitted_by=by, owed="approval", due=event.deadline.due, stage=Stage.SUBMITTED)


@evolves(e.DeterminationApproved)
def approved(state: S, _event: e.DeterminationApproved, meta: Meta) -> S:
    """It may be decided."""
    return replace(state, approved=True, approved_by=tuple(sorted(meta.actor.persons)), owed="", due=None, stage=Stage.DETERMINED)


@evolves(e.DeterminationReturned)
def returned(state: S, event: e.DeterminationReturned, _meta: Meta) -> S:
    """Another opinion is wanted, or another investigation."""
    if event.again and event.deadline is not None:
        return replace(
            state, submission=None, submitted_by=(), verified=False, owed="investigation", due=event.deadline.due, stage=Stage.INVESTIGATING
        )  # fmt: skip
    return replace(state, submission=None, submitted_by=(), owed="", due=None, stage=Stage.FOUND)


@evolves(e.HandledByUnit)
def handled(state: S, _event: e.HandledByUnit, _meta: Meta) -> S:
    """It has to be filed."""
    return replace(state, stage=Stage.HANDLED)


@evolves(e.CaseFiled)
def filed(state: S, event: e.CaseFiled, _meta: Meta) -> S:
    """For the record."""
    return replace(state, filed=event.number)


@evolves(e.SeveritySet)
def severity_set(state: S, event: e.SeveritySet, meta: Meta) -> S:
    """Measures of this severity."""
    return replace(state, severity=event.severity, decided_by=together(state.decided_by, tuple(sorted(meta.actor.persons))))


@evolves(e.SanctionDecided)
def decided(state: S, event: e.SanctionDecided, meta: Meta) -> S:
    """To be approved outside where needed, then notified; where nobody gets a measure, there is nothing to notify."""
    by = together(state.decided_by, tuple(sorted(meta.actor.persons)))
    stage = Stage.DECIDED if event.sanctions else Stage.NOTIFIED
    return replace(state, sanctions=event.sanctions, exempt=event.exempt, granted=(), decided_by=by, stage=stage)


def outside(state: S, sanction: e.Sanction, *, granted: bool) -> S:
    """Granted, or to be decided anew."""
    if granted:
        return replace(state, granted=(*state.granted, sanction))
    return replace(state, sanctions=(), exempt=(), granted=(), stage=Stage.DETERMINED)


@evolves(e.ExternalApprovalRecorded)
def dismissal_approved(state: S, event: e.ExternalApprovalRecorded, _meta: Meta) -> S:
    """By the personnel department."""
    return outside(state, e.Sanction(event.person, "dismissal"), granted=event.granted)


@evolves(e.PartyDisciplineDecided)
def party_decided(state: S, event: e.PartyDisciplineDecided, _meta: Meta) -> S:
    """By the Party group."""
    return outside(state, e.Sanction(event.person, "party_discipline"), granted=event.granted)


@evolves(e.MeasuresNotified)
def notified(state: S, event: e.MeasuresNotified, _meta: Meta) -> S:
    """In effect when everyone knows."""
    known = {**state.notified, event.person: event.deadline.due}
    return replace(state, notified=known, stage=Stage.NOTIFIED if set(state.sanctioned) <= set(known) else state.stage)


CARRIED: dict[type[Event], str] = {
    e.ApologyMade: "apology",
    e.CaseCriticismCirculated: "criticism",
    e.Admonished: "admonition",
    e.TransferredToJudicial: "judicial",
}
"""The measures that have an event of their own."""


@evolves(*CARRIED)
def carried(state: S, event: Event, _meta: Meta) -> S:
    """Done."""
    return replace(state, carried=(*state.carried, CARRIED[type(event)]))


@evolves(e.MeasureCarriedOut)
def carried_out(state: S, event: e.MeasureCarriedOut, _meta: Meta) -> S:
    """Done."""
    return replace(state, carried=(*state.carried, event.measure))


@evolves(e.ExcellenceRevoked)
def excellence_revoked(state: S, event: e.ExcellenceRevoked, _meta: Meta) -> S:
    """Done."""
    return replace(state, carried=(*state.carried, "excellence"), excellence=event)


@evolves(e.ExcellenceRestored)
def excellence_restored(state: S, event: e.ExcellenceRestored, _meta: Meta) -> S:
    """For those whose appeal was right."""
    assert state.excellence is not None
    left = tuple(one for one in state.excellence.persons if one not in event.persons)
    return replace(state, excellence=replace(state.excellence, persons=left) if left else None)


@evolves(e.AppealFiled)
def appealed(state: S, event: e.AppealFiled, _meta: Meta) -> S:
    """To be decided; the earliest day is owed."""
    due = min(state.due or event.deadline.due, event.deadline.due)
    return replace(state, appeals={**state.appeals, event.person: OPEN}, owed="review", due=due, stage=Stage.APPEALED)


@evolves(e.AppealDecided)
def appeal_decided(state: S, event: e.AppealDecided, _meta: Meta) -> S:
    """The person's measures are these."""
    appeals = {**state.appeals, event.person: event.result}
    sanctions = tuple(one for one in state.sanctions if one.person != event.person or one.measure in event.measures)
    more = OPEN in appeals.values()
    return replace(
        state, appeals=appeals, sanctions=sanctions, owed="review" if more else "", due=state.due if more else None,
        stage=Stage.APPEALED if more else Stage.NOTIFIED,
    )  # fmt: skip


@evolves(e.CaseDeadlineMissed)
def deadline_missed(state: S, event: e.CaseDeadlineMissed, _meta: Meta) -> S:
    """Known as missed; it stays owed."""
    return replace(state, missed=(*state.missed, f"{event.owed}/{event.due}"))


@evolves(e.CaseClosed)
def closed(state: S, event: e.CaseClosed, _meta: Meta) -> S:
    """The end."""
    return replace(state, conclusion=event.conclusion, owed="", due=None, stage=Stage.CLOSED)
