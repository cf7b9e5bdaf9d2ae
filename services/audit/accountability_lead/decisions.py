"""A lead as it stands, and what may be decided about it."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from services.audit.accountability_case.decisions import opening
from services.audit.accountability_case.decisions.opening import Allegation
from services.audit.accountability_case.state import AccountabilityCase, accountability_case
from services.audit.accountability_lead import events as e
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given, On
from shared.kernel.errors import NotFound, Refused
from shared.kernel.events import Event, Meta
from shared.kernel.identity import derived_id

Events = Sequence[Event | On]


class Stage(StrEnum):
    """Where a lead stands."""

    OPEN = "open"
    FOLLOWED = "followed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


TITLES: dict[Stage, str] = {
    Stage.OPEN: "待结论",
    Stage.FOLLOWED: "已立案",
    Stage.DISMISSED: "不予立案",
    Stage.WITHDRAWN: "已撤销",
}


class AccountabilityLead(State, frozen=True):
    """A lead as it stands; `case`: the case that it became, `named`: the id that whoever raised it gave that case."""

    agency: str = ""
    source: str = ""
    title: str = ""
    facts: str = ""
    service: str = ""
    fact: str = ""
    thing: UUID | None = None
    missed_on: date | None = None
    due: date | None = None
    overdue: bool = False
    withdrawn: bool = False
    named: UUID | None = None
    case: UUID | None = None
    reason: str = ""
    stage: Stage = Stage.OPEN

    @property
    def to_open(self) -> UUID:
        """The id of the one case that it may become."""
        return self.named or case_of(self.id)


accountability_lead: Aggregate[AccountabilityLead] = Aggregate("audit.AccountabilityLead", AccountabilityLead)
evolves = accountability_lead.evolves
L = AccountabilityLead


@evolves(e.LeadRaised)
def raised(state: L, event: e.LeadRaised, meta: Meta) -> L:
    """It waits for its conclusion."""
    return replace(
        state, agency=meta.agency, source=event.source, title=event.title, facts=event.facts, service=event.service, fact=event.fact,
        thing=event.thing, named=event.case, missed_on=event.due, due=event.deadline.due,
    )  # fmt: skip


@evolves(e.LeadWithdrawn)
def withdrawn(state: L, _event: e.LeadWithdrawn, _meta: Meta) -> L:
    """Its conclusion, unless it has one."""
    return replace(state, withdrawn=True, stage=Stage.WITHDRAWN if state.stage is Stage.OPEN else state.stage)


@evolves(e.LeadFollowed)
def followed(state: L, event: e.LeadFollowed, _meta: Meta) -> L:
    """A case."""
    return replace(state, case=event.case, stage=Stage.FOLLOWED)


@evolves(e.LeadDismissed)
def dismissed(state: L, event: e.LeadDismissed, _meta: Meta) -> L:
    """No case."""
    return replace(state, reason=event.reason, stage=Stage.DISMISSED)


@evolves(e.LeadOverdue)
def was_overdue(state: L, _event: e.LeadOverdue, _meta: Meta) -> L:
    """It still waits."""
    return replace(state, overdue=True)


def lead_id(thing: UUID, fact: str, which: str) -> UUID:
    """The id of the one lead of a fact about a thing; `which` tells several of one kind apart (the day, the period)."""
    return derived_id("accountability lead", thing, fact, which)


def raised_by(given: Given, thing: UUID, fact: str, source: str, title: str, case: UUID) -> On:
    """The lead that another thing of audit raises in its own file as it is decided upon; the command names it in `also`, by `lead_id(thing, fact, "")`."""
    deadline = opening.due(given, "accountability_lead")
    event = e.LeadRaised(source=source, title=title, deadline=deadline, service="audit", fact=fact, thing=thing, case=case)
    return On(accountability_lead, lead_id(thing, fact, ""), event, case=thing)


def case_of(lead: UUID) -> UUID:
    """The id of the case of a lead that names none."""
    return derived_id("accountability", "lead", lead)


def own(state: L, given: Given) -> None:
    """It is this agency's, and has no conclusion."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    if state.stage is not Stage.OPEN:
        raise Refused("lead-concluded", f"该线索已有结论（{TITLES[state.stage]}）。", article="本局责任追究制度（ZR-05a）")


def raise_lead(state: L, given: Given, event: e.LeadRaised) -> Events:
    """Once for a fact."""
    return [] if state.exists else [event]


def withdraw(state: L, given: Given, fact: str) -> Events:
    """Once; a case that it became has to know."""
    if state.withdrawn:
        return []
    found = given.others.get(state.case) if state.case else None
    told: list[Event | On] = [e.LeadWithdrawn(fact=fact)]
    if isinstance(found, AccountabilityCase):
        told += [On(accountability_case, found.id, event) for event in opening.withdraw_source(found, "线索所依据的逾期记录已经撤销")]
    return told


def follow(state: L, given: Given, told: Allegation) -> Events:
    """A case of its own, in a file of its own: who reads the file of the matter does not read what becomes of its people."""
    id = state.to_open
    case = given.others[id]
    assert isinstance(case, AccountabilityCase)
    reference = str(state.thing or state.id)
    if told.press_item is None and state.service == "press":
        told = told._replace(press_item=state.thing)
    opened = opening.open_case(case, given, state.source, reference, told, lead=state.id)
    return [e.LeadFollowed(case=id), *(On(accountability_case, id, event, case=id) for event in opened)]


def dismiss(state: L, reason: str) -> Events:
    """With a reason."""
    return [e.LeadDismissed(reason=reason)]


def miss(state: L, given: Given) -> Events:
    """Once."""
    late = state.stage is Stage.OPEN and not state.overdue and state.due is not None and state.due < given.today
    return [e.LeadOverdue(due=state.due)] if late and state.due else []
