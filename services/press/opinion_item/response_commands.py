"""The commands of the response to an item of public opinion: written, reviewed, confirmed, approved, said."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.press.clearance.events import Addressee, CoordinationRequested, ReviewRequested
from services.press.clearance.state import Clearance, clearance, clearance_id
from services.press.opinion_item import decisions, events
from services.press.opinion_item.commands import ARTICLE, Line, N, Text
from services.press.opinion_item.state import opinion_item
from services.press.release_team.guards import check_responder
from services.press.release_team.state import ReleaseTeam, release_team, team_id
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, Decision, Given, command, handles

Form = Literal["online", "expert", "press_conference", "interview", "briefing"]
Channel = Literal["weibo", "wechat", "portal", "press_conference", "newspaper", "radio", "screen"]


class AddresseeIn(BaseModel):
    """涉及的机关。"""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    code: str = Field(title="机关代码", min_length=1, max_length=40)
    name: str = Field(title="机关名称", min_length=2, max_length=100)
    outside: bool = Field(default=False, title="不在本平台")


@command(
    of=opinion_item,
    verb="draft-response",
    title="拟制回应",
    capability="press.handle",
    rules=(
        "YQ-03.5f",
        "YQ-03.5c",
    ),
    article=ARTICLE,
    opens=decisions.draftable,
    events=(events.ResponseDrafted,),
)
class DraftResponse(Command):
    """由主管科室拟制：谁主管、谁发声。"""

    text: Text = Field(title="回应内容")
    forms: tuple[Form, ...] = Field(title="形式", min_length=1, max_length=5)
    channels: tuple[Channel, ...] = Field(title="渠道", min_length=1, max_length=7)
    concerns: tuple[AddresseeIn, ...] = Field(default=(), title="涉及的其他机关", max_length=20, description="须先与其沟通、确认")


@handles(DraftResponse)
def draft_response(command: DraftResponse, state: N, given: Given) -> Decision:
    """As the decision has it."""
    concerns = tuple(Addressee(one.code, one.name, one.outside) for one in command.concerns)
    return decisions.draft(state, given, command.text, command.forms, command.channels, concerns)


def clearance_of(_command: Command, _agency: AgencyFacts, _day: date, state: N) -> list[tuple[Aggregate[Any], UUID]]:
    """What review and the agencies have said to its response."""
    return [(clearance, clearance_id(state.id))]


def saying_of(command: Command, agency: AgencyFacts, day: date, state: N) -> list[tuple[Aggregate[Any], UUID]]:
    """That, and who responds for the agency."""
    return [*clearance_of(command, agency, day, state), (release_team, team_id(agency.code))]


def found_clearance(state: N, given: Given) -> Clearance:
    """The clearance, as `clearance_of` names it."""
    found = given.others[clearance_id(state.id)]
    assert isinstance(found, Clearance)
    return found


@command(
    of=opinion_item,
    verb="request-review",
    title="提请保密审查",
    capability="press.handle",
    rules=("BM-03b",),
    article="国令711 第十七条",
    opens=decisions.drafted,
    also=clearance_of,
    events=(ReviewRequested,),
)
class RequestReview(Command):
    """把拟发布的回应提请保密审查，以内容的散列为准。"""


@handles(RequestReview)
def request_review(_command: RequestReview, state: N, given: Given) -> Decision:
    """Asks review, over NATS."""
    return decisions.request_review(state, found_clearance(state, given))


@command(
    of=opinion_item,
    verb="request-coordination",
    title="提请有关机关确认",
    capability="press.handle",
    rules=("YQ-03.5d", "XT-04"),
    article="国令711 第十一条",
    opens=decisions.drafted,
    also=clearance_of,
    events=(CoordinationRequested,),
)
class RequestCoordination(Command):
    """回应涉及其他机关的，发布前与其沟通、确认；按紧急事项即时答复。"""

    text: Text = Field(title="协调函正文")


@handles(RequestCoordination)
def request_coordination(command: RequestCoordination, state: N, given: Given) -> Decision:
    """All of them, over NATS."""
    return decisions.request_coordination(state, found_clearance(state, given), command.text)


@command(
    of=opinion_item,
    verb="approve-response",
    title="审核回应",
    capability="press.approve_response",
    rules=("YQ-04.1b", "YQ-03.5d", "BM-03b"),
    article=ARTICLE,
    opens=decisions.drafted,
    also=clearance_of,
    events=(events.ResponseApproved,),
)
class ApproveResponse(Command):
    """领导审核把关；审核的就是看到的内容。"""

    approves: str = Field(title="回应（SHA-256）", pattern="^[0-9a-f]{64}$")


@handles(ApproveResponse)
def approve_response(command: ApproveResponse, state: N, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.approve(state, given, found_clearance(state, given), command.approves)


@command(
    of=opinion_item,
    verb="issue-response",
    title="发布回应",
    capability="press.issue_response",
    rules=(
        "YQ-03.5c",
        "YQ-03.5a",
        "YQ-03.5e",
        "YQ-04.2b",
    ),
    article=ARTICLE,
    opens=decisions.sayable,
    also=saying_of,
    events=(events.ResponseIssued,),
)
class IssueResponse(Command):
    """在计划的渠道发布；权威信息首先在政务微博、微信发布。已明确专门科室的，由其回应人员发布。"""

    channel: Channel = Field(title="渠道")
    evidence: Line = Field(title="凭据", description="网址、截图编号等")
    publication: UUID | None = Field(default=None, title="对应的公开信息")


@handles(IssueResponse)
def issue_response(command: IssueResponse, state: N, given: Given) -> Decision:
    """As the decision has it, by who responds for the agency."""
    team = given.others[team_id(given.agency.code)]
    assert isinstance(team, ReleaseTeam)
    check_responder(team, given.actor.persons)
    return decisions.issue(state, given, found_clearance(state, given), command.channel, command.evidence, command.publication)
