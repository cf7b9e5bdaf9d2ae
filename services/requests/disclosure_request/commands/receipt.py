"""The commands of the receipt: submit, register, confirm, verify, acknowledge."""

import base64
import hashlib
from datetime import date
from typing import Literal

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import TEXTAREA, Channel, Kind, Line, Text
from services.requests.disclosure_request.decisions import receipt
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from services.requests.number_series.series import NumberSeries, NumberTaken, number_series, official_number, series_id
from shared.kernel.commands import Command, Decided, Decision, Given, On, command, handles
from shared.randomness import random_bytes
from shared.trust.personal import Personal

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="submit",
    title="提出公开申请",
    capability="requests.submit",
    creates=True,
    public=True,
    rules=("YS-05.1a", "YS-05.1b", "YS-05.1c"),
    article="国令711 第二十九条",
    events=(events.RequestReceived,),
)
class Submit(Command):
    """向行政机关申请公开政府信息；工作人员可登记以信函、传真等方式收到的或口头提出的申请。"""

    applicant_kind: Kind = Field(default="natural_person", title="申请人类别")
    applicant_name: Line = Field(title="姓名或者名称", min_length=1, max_length=100)
    id_number: Line | None = Field(default=None, title="身份证明号码", max_length=60)
    contact: Line = Field(title="联系方式", min_length=3, max_length=200)
    address: Line | None = Field(default=None, title="通信地址", max_length=300)
    content: Text = Field(title="所需政府信息的名称、文号或者其他特征性描述", min_length=2, max_length=5000, json_schema_extra=TEXTAREA)
    form: Literal["electronic", "paper", "disc", "on_site"] = Field(default="electronic", title="获取信息的形式")
    delivery: Literal["email", "post", "fax", "pick_up", "online"] = Field(default="email", title="获取信息的途径")
    own_records: bool = Field(default=False, title="是否查询自身的注册、税费、社会保障等信息")
    channel: Channel = Field(default="internet", title="收到的渠道")
    received_on: date | None = Field(default=None, title="收到日期")
    evidence: Line = Field(default="", title="收到的凭据", max_length=200)
    template: Line = Field(default="", title="所用申请书格式的版本", max_length=20, description="使用本机关提供的格式文本的，填写其版本")


@handles(Submit)
def submit(command: Submit, _state: R, given: Given) -> Decision:
    """Makes the tracking number and the query password, of which only the hash is kept."""
    received_on = command.received_on or given.today
    receipt.check_received(given, command.channel, received_on, command.evidence)
    book, deadline = receipt.clock_at_receipt(given, command.channel, received_on)
    tracking, password = random_bytes(6).hex().upper(), base64.urlsafe_b64encode(random_bytes(12)).decode("ascii")
    received = events.RequestReceived(
        channel=command.channel,
        received_on=received_on,
        rulebook=book,
        applicant_kind=command.applicant_kind,
        applicant_name=Personal.plain(command.applicant_name),
        id_number=Personal.plain(command.id_number) if command.id_number else None,
        contact=Personal.plain(command.contact),
        address=Personal.plain(command.address) if command.address else None,
        content=Personal.plain(command.content),
        person_key=given.new_person(),
        tracking_number=tracking,
        password_hash=hashlib.sha256(password.encode()).hexdigest(),
        form=command.form,
        delivery=command.delivery,
        own_records=command.own_records,
        evidence=command.evidence,
        template=command.template,
        deadline=deadline,
    )
    return Decided([received], {"tracking_number": tracking, "query_password": password})


@command(
    of=disclosure_request,
    verb="register",
    title="登记编号",
    capability="requests.register",
    article="国令711 第四十五条",
    opens=guards.register,
    events=(events.RequestRegistered, NumberTaken),
    also=lambda command, agency, day, _request: [(number_series, series_id(agency.code, (command.effective_on or day).year))],
)
class Register(Command):
    """登记申请，取得本机关当年不间断的编号。"""


@handles(Register)
def register(_command: Register, state: R, given: Given) -> Decision:
    """Takes the next number of the agency and year."""
    series = given.others[series_id(given.agency.code, given.today.year)]
    assert isinstance(series, NumberSeries)
    number = series.last + 1
    written = official_number(given.agency.code, given.today.year, number)
    taken = On(number_series, series.id, NumberTaken(number=number, request=state.id))
    return Decided([*receipt.register(state, written), taken], {"number": written})


@command(
    of=disclosure_request,
    verb="confirm-receipt",
    title="确认收到",
    capability="requests.confirm_receipt",
    article="国令711 第三十一条",
    opens=guards.confirmable,
    events=(events.ReceiptConfirmed,),
)
class ConfirmReceipt(Command):
    """与申请人双方确认收到申请，答复期限自确认之日起算。"""

    how: Line = Field(title="确认方式", min_length=2, max_length=200, description="如：电话确认、电子邮件回复")


@handles(ConfirmReceipt)
def confirm_receipt(command: ConfirmReceipt, state: R, given: Given) -> Decision:
    """Starts the clock."""
    return receipt.confirm_receipt(state, given, command.how)


@command(
    of=disclosure_request,
    verb="verify-identity",
    title="核验身份",
    capability="requests.verify_identity",
    rules=("YS-05.2a", "YS-05.2b"),
    opens=guards.unverified,
    events=(events.IdentityVerified,),
)
class VerifyIdentity(Command):
    """核验申请人的身份证明。"""

    how: Literal["paper", "online"] = Field(title="核验方式")
    evidence: Line = Field(title="核验凭据", min_length=2, max_length=200)


@handles(VerifyIdentity)
def verify_identity(command: VerifyIdentity, _state: R, _given: Given) -> Decision:
    """Records it."""
    return [events.IdentityVerified(how=command.how, evidence=command.evidence)]


@command(
    of=disclosure_request,
    verb="acknowledge",
    title="出具回执",
    capability="requests.acknowledge",
    opens=guards.not_closed,
    events=(events.ReceiptAcknowledged,),
)
class Acknowledge(Command):
    """向申请人出具登记回执。"""

    way: Line = Field(title="方式", min_length=2, max_length=100)


@handles(Acknowledge)
def acknowledge(command: Acknowledge, _state: R, _given: Given) -> Decision:
    """Records it."""
    return [events.ReceiptAcknowledged(way=command.way)]
