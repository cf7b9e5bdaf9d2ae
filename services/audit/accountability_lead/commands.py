"""The commands of a lead."""

from datetime import date
from uuid import UUID

from pydantic import Field

from services.audit.accountability_case.commands import NAMELESS, Alleged, Line, SourceKey, Text
from services.audit.accountability_case.decisions.opening import due
from services.audit.accountability_case.events import CaseOpened, GroundRecorded, LeakIncidentOpened, SourceWithdrawn
from services.audit.accountability_case.state import accountability_case
from services.audit.accountability_lead import decisions, events
from services.audit.accountability_lead.decisions import AccountabilityLead, accountability_lead
from shared.kernel.commands import Command, Decision, Given, command, handles

L = AccountabilityLead
ARTICLE = "国令711 第五十三条"


@command(
    of=accountability_lead,
    verb="raise",
    title="登记责任追究线索",
    capability="audit.raise_lead",
    creates=True,
    rules=("X-08", "ZR-05a", "YS-08x.2", "ZR-06.4"),
    article=ARTICLE,
    events=(events.LeadRaised,),
)
class RaiseLead(Command):
    """投诉、检查、自查、逾期、舆情、泄密、曝光、有偿提供等可能须追究责任的线索；每条线索都要有结论。"""

    source: SourceKey = Field(title="来源")
    title: Line = Field(title="线索")
    facts: Text = Field(title="反映的事实", description=NAMELESS)
    thing: UUID | None = Field(default=None, title="有关事项（编号）")


@handles(RaiseLead)
def raise_lead(command: RaiseLead, state: L, given: Given) -> Decision:
    """By the office."""
    told = command.model_dump(include={"source", "title", "facts", "thing"})
    return decisions.raise_lead(state, given, events.LeadRaised(**told, deadline=due(given, "accountability_lead")))


@command(
    of=accountability_lead,
    verb="hear",
    title="收到逾期线索",
    capability="audit.keep_accountability_time",
    creates=True,
    internal=True,
    rules=("X-08", "ZR-05a", "YQ-04.3c"),
    article=ARTICLE,
    identity=lambda command, _agency, _day: decisions.lead_id(command.thing, command.fact, command.which),
    events=(events.LeadRaised,),
)
class HearLead(Command):
    """其他服务记录的逾期，成为线索。"""

    source: SourceKey = Field(title="来源")
    service: str = Field(title="服务", max_length=40)
    fact: str = Field(title="事实", max_length=100)
    thing: UUID = Field(title="事项")
    which: str = Field(title="哪一次", max_length=100)
    title: str = Field(title="线索", max_length=200)
    due: date | None = Field(default=None, title="错过的日期")


@handles(HearLead)
def hear(command: HearLead, state: L, given: Given) -> Decision:
    """Once for a fact."""
    told = command.model_dump(include={"source", "service", "fact", "thing", "title", "due"})
    return decisions.raise_lead(state, given, events.LeadRaised(**told, deadline=due(given, "accountability_lead")))


@command(
    of=accountability_lead,
    verb="withdraw",
    title="撤销逾期线索",
    capability="audit.keep_accountability_time",
    internal=True,
    rules=("X-08",),
    article=ARTICLE,
    also=lambda _command, _agency, _day, state: [(accountability_case, state.case)] if state.case else [],
    events=(events.LeadWithdrawn, SourceWithdrawn),
)
class WithdrawLead(Command):
    """记录逾期的服务撤销了逾期。"""

    fact: str = Field(title="事实", max_length=100)


@handles(WithdrawLead)
def withdraw(command: WithdrawLead, state: L, given: Given) -> Decision:
    """The case knows, where there is one."""
    return decisions.withdraw(state, given, command.fact)


@command(
    of=accountability_lead,
    verb="follow",
    title="立案",
    capability="audit.open_case",
    rules=("X-08", "ZR-05a", "ZR-04.5", "YQ-04.3c", "YS-08x.2"),
    article=ARTICLE,
    also=lambda _command, _agency, _day, state: [(accountability_case, state.to_open)],
    opens=decisions.own,
    events=(events.LeadFollowed, CaseOpened, GroundRecorded, LeakIncidentOpened),
)
class FollowLead(Alleged):
    """线索须追究责任的，立案调查；一条线索只立一案。"""


@handles(FollowLead)
def follow(command: FollowLead, state: L, given: Given) -> Decision:
    """A case."""
    return decisions.follow(state, given, command.allegation)


@command(
    of=accountability_lead,
    verb="dismiss",
    title="不予立案",
    capability="audit.open_case",
    rules=("X-08",),
    article=ARTICLE,
    opens=decisions.own,
    events=(events.LeadDismissed,),
)
class DismissLead(Command):
    """不须追究责任的，写明理由。"""

    reason: Text = Field(title="理由", description=NAMELESS)


@handles(DismissLead)
def dismiss(command: DismissLead, state: L, _given: Given) -> Decision:
    """With a reason."""
    return decisions.dismiss(state, command.reason)


@command(
    of=accountability_lead,
    verb="miss",
    title="记录线索逾期没有结论",
    capability="audit.keep_accountability_time",
    internal=True,
    rules=("X-08",),
    article=ARTICLE,
    events=(events.LeadOverdue,),
)
class MissLead(Command):
    """期限已过，线索还没有结论。"""


@handles(MissLead)
def miss(_command: MissLead, state: L, given: Given) -> Decision:
    """Once."""
    return decisions.miss(state, given)
