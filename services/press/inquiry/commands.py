"""The commands of an inquiry of the public."""

import base64
import hashlib
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.press.inquiry import decisions, events
from services.press.inquiry.state import Inquiry, inquiry
from shared.kernel.commands import Command, Decided, Decision, Given, command, handles
from shared.randomness import random_bytes
from shared.trust.personal import Personal

ARTICLE = "国办发〔2016〕61号"
RULES = ("YQ-02.4",)
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
Line = Annotated[str, Field(min_length=2, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=5000, json_schema_extra=TEXTAREA)]


@command(
    of=inquiry,
    verb="ask",
    title="登记咨询投诉",
    capability="press.ask",
    creates=True,
    public=True,
    rules=RULES,
    article=ARTICLE,
    events=(events.InquiryReceived,),
)
class ReceiveInquiry(Command):
    """公众的咨询、投诉和建议，限期答复；电话、来访和来信由工作人员登记。"""

    kind: Literal["consult", "complain", "suggest"] = Field(title="类别")
    text: Text = Field(title="内容")
    name: str = Field(default="", title="姓名", max_length=60, description="可以不填写")
    contact: str = Field(default="", title="联系方式", max_length=200, description="不填写的，凭查询编号和密码在网上查看答复")
    channel: Literal["internet", "telephone", "in_person", "post", "email"] = Field(default="internet", title="收到的渠道")


@handles(ReceiveInquiry)
def receive(command: ReceiveInquiry, _state: Inquiry, given: Given) -> Decision:
    """Makes the tracking number and the query password, of which only the hash is kept."""
    tracking, password = random_bytes(6).hex().upper(), base64.urlsafe_b64encode(random_bytes(12)).decode("ascii")
    asked = events.InquiryReceived(
        kind=command.kind,
        channel=command.channel,
        text=Personal.plain(command.text),
        person_key=given.new_person(),
        tracking_number=tracking,
        password_hash=hashlib.sha256(password.encode()).hexdigest(),
        deadline=decisions.due(given, "inquiry_answer", given.today),
        name=Personal.plain(command.name) if command.name else None,
        contact=Personal.plain(command.contact) if command.contact else None,
    )
    return Decided(decisions.receive(given, asked), {"tracking_number": tracking, "query_password": password})


@command(
    of=inquiry,
    verb="assign",
    title="交主管科室办理",
    capability="press.manage",
    rules=RULES,
    article=ARTICLE,
    opens=decisions.assignable,
    events=(events.InquiryAssigned,),
)
class AssignInquiry(Command):
    """交给主管科室；属于热点、敏感话题的，限期公开真实情况。答复以前可以改交其他科室。"""

    unit: str = Field(title="主管科室", min_length=1, max_length=40)
    topic: Line = Field(title="话题", description="不写入来信人的个人信息")
    hot: bool = Field(default=False, title="属于热点、敏感话题，需要公开真实情况")


@handles(AssignInquiry)
def assign(command: AssignInquiry, state: Inquiry, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.assign(state, given, command.unit, command.topic, hot=command.hot)


@command(
    of=inquiry,
    verb="answer",
    title="答复",
    capability="press.handle",
    rules=RULES,
    article=ARTICLE,
    opens=decisions.answerable,
    events=(events.InquiryMissed, events.InquiryAnswered),
)
class AnswerInquiry(Command):
    """主管科室限期答复来信人。"""

    way: Literal["online", "telephone", "email", "post", "in_person"] = Field(title="答复方式")
    text: Text = Field(title="答复内容")


@handles(AnswerInquiry)
def answer(command: AnswerInquiry, state: Inquiry, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.answer(state, given, command.way, command.text)


@command(
    of=inquiry,
    verb="publish-facts",
    title="公开真实情况",
    capability="press.publish_facts",
    rules=RULES,
    article=ARTICLE,
    opens=decisions.publishable,
    events=(events.InquiryMissed, events.FactsPublished),
)
class PublishFacts(Command):
    """热点、敏感话题的真实情况及时公开；写明凭据，关联公开的信息。"""

    facts: Text = Field(title="真实情况", description="不写入来信人的个人信息")
    evidence: Line = Field(title="凭据", description="网址、截图编号等")
    publication: UUID | None = Field(default=None, title="对应的公开信息")


@handles(PublishFacts)
def publish_facts(command: PublishFacts, state: Inquiry, given: Given) -> Decision:
    """As the decision has it."""
    return decisions.publish_facts(state, given, command.facts, command.evidence, command.publication)


@command(
    of=inquiry,
    verb="miss",
    title="记录咨询投诉逾期",
    capability="press.keep_time",
    internal=True,
    rules=RULES,
    article=ARTICLE,
    events=(events.InquiryMissed,),
)
class MissInquiry(Command):
    """期限已过而没有答复，或者没有公开真实情况。"""


@handles(MissInquiry)
def miss(_command: MissInquiry, state: Inquiry, given: Given) -> Decision:
    """Each once."""
    return decisions.miss(state, given)
