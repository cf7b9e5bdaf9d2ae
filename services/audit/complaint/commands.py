"""The commands of a complaint."""

import base64
import hashlib
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.audit.accountability_lead.decisions import accountability_lead
from services.audit.accountability_lead.events import LeadRaised
from services.audit.complaint import decisions, events
from services.audit.complaint.decisions import Complaint, complaint
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, Decided, Decision, Given, command, handles
from shared.randomness import random_bytes
from shared.trust.personal import Personal

C = Complaint
ARTICLE = "国令711 第四十七条、第五十一条"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Text = Annotated[str, Field(min_length=2, max_length=5000, json_schema_extra=TEXTAREA)]
Line = Annotated[str, Field(min_length=2, max_length=200)]


def lead_too(_command: Command, _agency: AgencyFacts, _day: date, state: C) -> list[tuple[Aggregate[Any], UUID]]:
    """The lead that a complaint raises as it is referred."""
    return [(accountability_lead, decisions.lead_of(state.id))]


@command(
    of=complaint,
    verb="receive",
    title="登记投诉举报",
    capability="audit.complain",
    creates=True,
    public=True,
    rules=("YS-10.1", "YS-08x.2"),
    article=ARTICLE,
    events=(events.ComplaintReceived,),
)
class ReceiveComplaint(Command):
    """电话、意见箱、座谈会、走访、网页和上级转来的投诉举报，每一件都登记；可以匿名；个人信息加密保存。"""

    kind: Literal["not_answered", "not_published", "paid_affiliate", "unlawful_fee", "bad_conduct", "wrong_release", "other"] = Field(
        title="投诉举报的问题"
    )
    text: Text = Field(title="事实和理由")
    anonymous: bool = Field(default=False, title="匿名")
    name: str = Field(default="", title="姓名或者名称", max_length=100, description="匿名的不填写")
    contact: str = Field(default="", title="联系方式", max_length=200, description="可以不填；填写的，把结果告知您")
    case: UUID | None = Field(default=None, title="所涉事项的编号", description="知道的填写，如公开申请、公开信息在本平台的编号")
    about_unit: str = Field(default="", title="被投诉举报的科室", max_length=40)
    channel: Literal["page", "complaint_line", "box", "forum", "visits", "assigned_from_above"] = Field(default="page", title="渠道")
    evidence: str = Field(default="", title="凭据", max_length=200, description="如：通话记录、交办通知的编号")


@handles(ReceiveComplaint)
def receive_complaint(command: ReceiveComplaint, _state: C, given: Given) -> Decision:
    """Who complains by the page gets a number and a password, of which only the hash is kept."""
    tracking, password = random_bytes(6).hex().upper(), base64.urlsafe_b64encode(random_bytes(12)).decode("ascii")
    public = given.actor.person == "public"
    said = events.ComplaintReceived(
        channel=command.channel,
        kind=command.kind,
        text=Personal.plain(command.text),
        person_key=given.new_person(),
        tracking_number=tracking,
        password_hash=hashlib.sha256(password.encode()).hexdigest() if public else "",
        deadline=decisions.due(given, "complaint_acceptance"),
        anonymous=command.anonymous,
        name=Personal.plain(command.name) if command.name else None,
        contact=Personal.plain(command.contact) if command.contact else None,
        about_unit=command.about_unit,
        case=command.case,
        evidence=command.evidence,
    )
    made = decisions.receive(given, said)
    return Decided(made, {"tracking_number": tracking, **({"query_password": password} if public else {})})


@command(
    of=complaint,
    verb="accept",
    title="受理",
    capability="audit.handle_complaint",
    rules=("YS-10.1", "YS-08x.2"),
    article=ARTICLE,
    also=lead_too,
    opens=decisions.undecided,
    events=(events.ComplaintAccepted, events.ComplaintOverdue, events.ComplaintReferred, LeadRaised),
)
class AcceptComplaint(Command):
    """受理以后限期作出结论；反映通过附属单位有偿提供的，同时转入责任追究。"""


@handles(AcceptComplaint)
def accept_complaint(_command: AcceptComplaint, state: C, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.accept(state, given)


@command(
    of=complaint,
    verb="decline",
    title="不予受理",
    capability="audit.handle_complaint",
    rules=("YS-10.1", "X-08"),
    article=ARTICLE,
    opens=decisions.undecided,
    events=(events.ComplaintDeclined, events.ComplaintOverdue),
)
class DeclineComplaint(Command):
    """说明理由；不属于本机关管辖的，转送或者告知有权机关。"""

    ground: Literal["not_competent", "repeated", "no_facts", "remedy_pending"] = Field(title="情形")
    reason: Line = Field(title="理由")
    passed_to: str = Field(default="", title="转送或者告知的机关", max_length=200)


@handles(DeclineComplaint)
def decline_complaint(command: DeclineComplaint, state: C, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.decline(state, given, command.ground, command.reason, command.passed_to)


@command(
    of=complaint,
    verb="triage",
    title="初核",
    capability="audit.handle_complaint",
    rules=("YS-10.1", "X-08"),
    article=ARTICLE,
    also=lead_too,
    opens=decisions.in_hand,
    events=(events.ComplaintTriaged, events.ComplaintReferred, LeadRaised),
)
class TriageComplaint(Command):
    """判断是一般问题还是重要问题，涉及哪个科室和人员；重要问题同时转入责任追究。"""

    severity: Literal["ordinary", "important"] = Field(title="轻重")
    about_unit: str = Field(default="", title="被投诉举报的科室", max_length=40)
    about_person: UUID | None = Field(default=None, title="被投诉举报的人员")
    note: Line = Field(title="初核情况", description="不要写入投诉举报人的个人信息")


@handles(TriageComplaint)
def triage_complaint(command: TriageComplaint, state: C, given: Given) -> Decision:
    """As the decision has it."""
    made = events.ComplaintTriaged(
        severity=command.severity,
        note=command.note,
        about_unit=command.about_unit or state.about_unit,
        about_person=command.about_person,
    )
    return decisions.triage(state, given, made)


@command(
    of=complaint,
    verb="link",
    title="关联所涉事项",
    capability="audit.handle_complaint",
    rules=("YS-10.1",),
    article=ARTICLE,
    opens=decisions.linkable,
    events=(events.ComplaintLinked,),
)
class LinkComplaint(Command):
    """指明所涉的公开申请、公开信息、舆情或者检查。"""

    case: UUID = Field(title="事项的编号")
    what: Literal["request", "publication", "opinion_item", "inspection", "other"] = Field(title="是什么")


@handles(LinkComplaint)
def link_complaint(command: LinkComplaint, _state: C, _given: Given) -> Decision:
    """As the decision has it."""
    return [events.ComplaintLinked(case=command.case, what=command.what)]


@command(
    of=complaint,
    verb="conclude",
    title="作出结论",
    capability="audit.handle_complaint",
    rules=("YS-10.1", "X-08"),
    article=ARTICLE,
    also=lead_too,
    opens=decisions.concludable,
    events=(events.ComplaintConcluded, events.ComplaintOverdue, events.ComplaintReferred, LeadRaised),
)
class ConcludeComplaint(Command):
    """属实、部分属实或者不属实，写明查明的事实和处理；属实的转入责任追究。"""

    finding: Literal["founded", "partly_founded", "unfounded"] = Field(title="结论")
    facts: Text = Field(title="查明的事实", description="不要写入投诉举报人的个人信息")
    measures: Text = Field(title="处理情况", description="督促整改、纠正、说明等")


@handles(ConcludeComplaint)
def conclude_complaint(command: ConcludeComplaint, state: C, given: Given) -> Decision:
    """As the decision has it."""
    made = events.ComplaintConcluded(finding=command.finding, facts=command.facts, measures=command.measures)
    return decisions.conclude(state, given, made)


@command(
    of=complaint,
    verb="tell",
    title="告知投诉举报人",
    capability="audit.handle_complaint",
    rules=("YS-10.1",),
    article=ARTICLE,
    opens=decisions.tellable,
    events=(events.ComplainantTold,),
)
class TellComplainant(Command):
    """把结论或者不予受理的决定告知投诉举报人。"""

    way: Literal["online", "email", "post", "by_phone", "face_to_face"] = Field(title="告知方式")
    text: Text = Field(title="告知内容")


@handles(TellComplainant)
def tell_complainant(command: TellComplainant, state: C, _given: Given) -> Decision:
    """As the decision has it."""
    return decisions.tell(state, command.way, command.text)


@command(
    of=complaint,
    verb="reopen",
    title="重新调查",
    capability="audit.handle_complaint",
    rules=("YS-10.1", "X-08"),
    article=ARTICLE,
    opens=decisions.reopenable,
    events=(events.ComplaintReopened,),
)
class ReopenComplaint(Command):
    """有新的事实、证据，或者不予受理有误的，重新调查，另计期限。"""

    reason: Line = Field(title="理由")


@handles(ReopenComplaint)
def reopen_complaint(command: ReopenComplaint, _state: C, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.reopen(given, command.reason)


@command(
    of=complaint,
    verb="miss",
    title="记录投诉举报逾期",
    capability="audit.keep_time",
    internal=True,
    rules=("YS-10.1", "X-08"),
    article=ARTICLE,
    events=(events.ComplaintOverdue,),
)
class MissComplaint(Command):
    """决定是否受理或者作出结论的期限届满。"""


@handles(MissComplaint)
def miss_complaint(_command: MissComplaint, state: C, given: Given) -> Decision:
    """Each once."""
    return decisions.miss(state, given)
