"""The commands of a release until somebody is authorised to speak: its topic, its draft, its gates. Those of saying it stand beside."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.press.clearance.events import Addressee, CoordinationRequested, ReviewRequested
from services.press.clearance.state import Clearance, clearance, clearance_id
from services.press.opinion_item.response_commands import AddresseeIn
from services.press.opinion_item.state import OpinionItem, opinion_item
from services.press.press_release import decisions, events, guards
from services.press.press_release.state import PressRelease, press_release
from services.press.release_team.events import CIRCULAR
from services.press.release_team.state import ReleaseTeam, release_team, team_id
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, Decision, Given, command, handles

R = PressRelease
Named = list[tuple[Aggregate[Any], UUID]]
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Line = Annotated[str, Field(min_length=2, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)]
Content = Literal["major_decision", "stage_result", "overall_or_hot", "emergency", "other"]
ORGANISE = "press.organise_release"


class RestsOnIn(BaseModel):
    """An item of public opinion that a topic takes up."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    opinion: UUID = Field(title="舆情")


class AnswerLineIn(BaseModel):
    """A question that may come, and the line to answer it by."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    question: Line = Field(title="可能的提问")
    line: Text = Field(title="答问口径")


def team_of(agency: AgencyFacts) -> tuple[Aggregate[Any], UUID]:
    """The organisation that speaks for the agency."""
    return release_team, team_id(agency.code)


def team_named(_command: Command, agency: AgencyFacts, _day: date, _state: R) -> Named:
    """The organisation alone."""
    return [team_of(agency)]


def clearance_named(_command: Command, _agency: AgencyFacts, _day: date, state: R) -> Named:
    """What review and the agencies have said to its draft."""
    return [(clearance, clearance_id(state.id))]


def saying_named(_command: Command, agency: AgencyFacts, _day: date, state: R) -> Named:
    """What has to be known before a word is said: who speaks, what is cleared, and the item that it answers."""
    item: Named = [] if state.opinion is None else [(opinion_item, state.opinion)]
    return [team_of(agency), (clearance, clearance_id(state.id)), *item]


def items_named(command: "ProposeTopic", _agency: AgencyFacts, _day: date, _state: R) -> Named:
    """The items of public opinion that a topic names, each once."""
    return [(opinion_item, id) for id in opinions_of(command)]


def opinions_of(command: "ProposeTopic") -> tuple[UUID, ...]:
    """The one that it answers, and those that it takes up."""
    answered = () if command.opinion is None else (command.opinion,)
    return tuple(dict.fromkeys((*answered, *(one.opinion for one in command.rests_on))))


def found_team(given: Given) -> ReleaseTeam:
    """The organisation, as it stands."""
    found = given.others[team_id(given.agency.code)]
    assert isinstance(found, ReleaseTeam)
    return found


def found_clearance(state: R, given: Given) -> Clearance:
    """The clearance, as it stands."""
    found = given.others[clearance_id(state.id)]
    assert isinstance(found, Clearance)
    return found


def found_item(given: Given, id: UUID | None) -> OpinionItem | None:
    """The item of public opinion, as it stands."""
    found = given.others[id] if id is not None else None
    assert found is None or isinstance(found, OpinionItem)
    return found


@command(
    of=press_release,
    verb="propose",
    title="提出发布主题",
    capability="press.propose_topic",
    creates=True,
    rules=("XW-07.3a", "XW-07.3b", "XW-07.4", "XW-08.2"),
    article=CIRCULAR,
    also=items_named,
    events=(events.TopicProposed,),
)
class ProposeTopic(Command):
    """上级机关、领导小组提出的由综合科登记；科室提出的经分管领导、主要领导审核后报综合科。"""

    title: Line = Field(title="主题")
    summary: Text = Field(title="主要内容")
    content: Content = Field(title="内容类别")
    origin: Literal["superior", "group", "unit"] = Field(title="由谁提出")
    basis: str = Field(default="", title="依据的文件、会议纪要", max_length=200, description="上级机关、领导小组提出的必填")
    unit: str = Field(title="提供内容的科室", min_length=1, max_length=40)
    emergency: bool = Field(default=False, title="紧急")
    opinion: UUID | None = Field(default=None, title="回应的舆情")
    rests_on: tuple[RestsOnIn, ...] = Field(default=(), title="依据的社情和网上信息", max_length=20)


@handles(ProposeTopic)
def propose(command: ProposeTopic, _state: R, given: Given) -> Decision:
    """As the decision has it."""
    said = events.TopicProposed(
        **command.model_dump(include={"title", "summary", "content", "origin", "basis", "unit", "opinion"}),
        emergency=command.emergency or command.content == "emergency",
        rests_on=tuple(one.opinion for one in command.rests_on),
    )
    items = [item for id in opinions_of(command) if (item := found_item(given, id)) is not None]
    return decisions.propose(given, said, items)


@command(
    of=press_release,
    verb="revise-topic",
    title="修改发布主题",
    capability="press.propose_topic",
    rules=("XW-07.3b",),
    article=CIRCULAR,
    opens=guards.revisable,
    events=(events.TopicRevised,),
)
class ReviseTopic(Command):
    """主题退回以后修改，重新审核。"""

    title: Line = Field(title="主题")
    summary: Text = Field(title="主要内容")
    content: Content = Field(title="内容类别")


@handles(ReviseTopic)
def revise(command: ReviseTopic, state: R, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.revise(state, given, command.title, command.summary, command.content)


@command(
    of=press_release,
    verb="review-topic",
    title="审核主题（分管领导）",
    capability="press.review_topic",
    rules=("XW-07.3b",),
    article=CIRCULAR,
    opens=guards.proposed,
    events=(events.TopicReviewed,),
)
class ReviewTopic(Command):
    """分管领导同意科室的主题，报主要领导。"""

    opinion: str = Field(default="", title="意见", max_length=500)


@handles(ReviewTopic)
def review(command: ReviewTopic, state: R, given: Given) -> Decision:
    """The first review."""
    return decisions.review(state, given, "leader", command.opinion)


@command(
    of=press_release,
    verb="confirm-topic",
    title="审核主题（主要领导）",
    capability="press.confirm_topic",
    rules=("XW-07.3b",),
    article=CIRCULAR,
    opens=guards.reviewed,
    events=(events.TopicReviewed,),
)
class ConfirmTopic(Command):
    """主要领导同意科室的主题，报综合科。"""

    opinion: str = Field(default="", title="意见", max_length=500)


@handles(ConfirmTopic)
def confirm(command: ConfirmTopic, state: R, given: Given) -> Decision:
    """The second review, by another person."""
    return decisions.review(state, given, "head", command.opinion)


@command(
    of=press_release,
    verb="return-topic",
    title="退回主题",
    capability="press.return_topic",
    rules=("XW-07.3b",),
    article=CIRCULAR,
    opens=guards.returnable,
    events=(events.TopicReturned,),
)
class ReturnTopic(Command):
    """主题需要修改。"""

    reason: Line = Field(title="修改意见")


@handles(ReturnTopic)
def return_topic(command: ReturnTopic, _state: R, _given: Given) -> Decision:
    """With what is to be changed."""
    return [events.TopicReturned(reason=command.reason)]


@command(
    of=press_release,
    verb="accept-topic",
    title="受理主题",
    capability="press.accept_topic",
    rules=("XW-07.3a", "XW-07.3b"),
    article=CIRCULAR,
    opens=guards.confirmed,
    events=(events.TopicAccepted,),
)
class AcceptTopic(Command):
    """综合科受理，组织发布。"""


@handles(AcceptTopic)
def accept(_command: AcceptTopic, _state: R, _given: Given) -> Decision:
    """The general office has it."""
    return [events.TopicAccepted()]


@command(
    of=press_release,
    verb="prepare-draft",
    title="拟定发布稿和答问口径",
    capability="press.draft_release",
    rules=("XW-07.3c",),
    article=CIRCULAR,
    opens=guards.draftable,
    also=team_named,
    events=(events.DraftPrepared,),
)
class PrepareDraft(Command):
    """由新闻发言人拟定；改动后须重新审查、审定。"""

    statement: Text = Field(title="发布稿")
    answers: tuple[AnswerLineIn, ...] = Field(title="答问口径", min_length=1, max_length=50)
    concerns: tuple[AddresseeIn, ...] = Field(default=(), title="涉及的其他机关", max_length=20, description="须先与其沟通、确认")


@handles(PrepareDraft)
def prepare(command: PrepareDraft, _state: R, given: Given) -> Decision:
    """As the decision has it."""
    answers = tuple(events.AnswerLine(one.question, one.line) for one in command.answers)
    concerns = tuple(Addressee(one.code, one.name, one.outside) for one in command.concerns)
    return decisions.prepare(given, found_team(given), command.statement, answers, concerns)


@command(
    of=press_release,
    verb="request-review",
    title="提请保密审查",
    capability="press.draft_release",
    rules=("BM-03b",),
    article="国令711 第十七条",
    opens=guards.drafted,
    also=clearance_named,
    events=(ReviewRequested,),
)
class RequestReleaseReview(Command):
    """把发布稿和答问口径提请保密审查，以内容的散列为准。"""


@handles(RequestReleaseReview)
def request_review(_command: RequestReleaseReview, state: R, given: Given) -> Decision:
    """Asks review, over NATS."""
    return decisions.request_review(state, found_clearance(state, given))


@command(
    of=press_release,
    verb="request-coordination",
    title="提请有关机关确认",
    capability="press.draft_release",
    rules=("XT-04", "YQ-03.5d"),
    article="国令711 第十一条",
    opens=guards.drafted,
    also=clearance_named,
    events=(CoordinationRequested,),
)
class RequestReleaseCoordination(Command):
    """发布内容涉及其他机关的，发布前与其沟通、确认。"""

    text: Text = Field(title="协调函正文")


@handles(RequestReleaseCoordination)
def request_coordination(command: RequestReleaseCoordination, state: R, given: Given) -> Decision:
    """All of them, over NATS."""
    return decisions.request_coordination(state, found_clearance(state, given), command.text)


@command(
    of=press_release,
    verb="approve-draft",
    title="审定发布稿和答问口径",
    capability="press.approve_release",
    rules=("XW-07.3c", "BM-03b", "XT-04"),
    article=CIRCULAR,
    opens=guards.drafted,
    also=clearance_named,
    events=(events.DraftApproved,),
)
class ApproveDraft(Command):
    """主要领导审定；审定的就是看到的内容。"""

    approves: str = Field(title="发布稿（SHA-256）", pattern="^[0-9a-f]{64}$")


@handles(ApproveDraft)
def approve(command: ApproveDraft, state: R, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.approve(state, given, found_clearance(state, given), command.approves)


@command(
    of=press_release,
    verb="return-draft",
    title="退回发布稿",
    capability="press.approve_release",
    rules=("XW-07.3c",),
    article=CIRCULAR,
    opens=guards.drafted,
    events=(events.DraftReturned,),
)
class ReturnDraft(Command):
    """发布稿或者答问口径需要修改。"""

    reason: Line = Field(title="修改意见")


@handles(ReturnDraft)
def return_draft(command: ReturnDraft, _state: R, _given: Given) -> Decision:
    """With what is to be changed."""
    return [events.DraftReturned(reason=command.reason)]


@command(
    of=press_release,
    verb="authorise",
    title="授权发布",
    capability="press.authorise_release",
    rules=("XW-06",),
    article=CIRCULAR,
    opens=guards.organised,
    also=team_named,
    events=(events.SpokespersonAuthorised,),
)
class AuthoriseSpokesperson(Command):
    """依市委、政府和本局的授权，由新闻发言人发布；没有授权不得发布。"""

    person: UUID = Field(title="新闻发言人")
    authority: Literal["party_committee", "city_government", "bureau"] = Field(title="由谁授权")
    document: Line = Field(title="授权的文件、批示")


@handles(AuthoriseSpokesperson)
def authorise(command: AuthoriseSpokesperson, state: R, given: Given) -> Decision:
    """As the decision has it."""
    said = events.SpokespersonAuthorised(person=command.person, authority=command.authority, document=command.document)
    return decisions.authorise(state, given, found_team(given), said)


@command(
    of=press_release,
    verb="revoke-authorisation",
    title="收回发布授权",
    capability="press.authorise_release",
    rules=("XW-06",),
    article=CIRCULAR,
    opens=guards.with_speaker,
    events=(events.AuthorisationRevoked,),
)
class RevokeAuthorisation(Command):
    """发布以前收回授权。"""

    reason: Line = Field(title="理由")


@handles(RevokeAuthorisation)
def revoke(command: RevokeAuthorisation, _state: R, _given: Given) -> Decision:
    """Before anything was said."""
    return [events.AuthorisationRevoked(reason=command.reason)]
