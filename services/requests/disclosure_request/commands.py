"""The commands of a disclosure request, in the order of an ordinary life. Each handler is a few lines that call a decision."""

import base64
import hashlib
import hmac
import re
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.requests.disclosure_request import decisions, events, guards
from services.requests.disclosure_request.state import DisclosureRequest, Stage, disclosure_request
from services.requests.number_series.series import NumberSeries, NumberTaken, number_series, official_number, series_id
from shared.kernel.commands import Command, Decided, Decision, Given, On, command, handles
from shared.kernel.errors import Forbidden
from shared.law.outcomes import OUTCOMES
from shared.randomness import random_bytes
from shared.trust.personal import Personal

R = DisclosureRequest
TEXTAREA: dict[str, Any] = {"widget": "textarea"}


HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that nobody sees: controls, and those that turn the direction of writing."""


def printable(text: str) -> str:
    """Text without characters that nobody sees; rare ones are kept as they are, a line ends with a line feed alone."""
    if HIDDEN.search(text):
        raise ValueError("含有不可见的控制字符，请删除")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """The same, in one line."""
    if "\n" in text or "\r" in text:
        raise ValueError("应为一行文字，请删除换行")
    return printable(text)


def known_outcome(key: str) -> str:
    """A result row of table three."""
    if key not in OUTCOMES:
        raise ValueError("应为年度报告第三张表的办理结果之一")
    return key


Line = Annotated[str, AfterValidator(one_line)]
Text = Annotated[str, AfterValidator(printable)]
Reason = Annotated[str, Field(min_length=2, max_length=2000, json_schema_extra=TEXTAREA), AfterValidator(printable)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
OutcomeKey = Annotated[str, AfterValidator(known_outcome), Field(json_schema_extra={"enum": list(OUTCOMES)})]
Channel = Literal["internet", "registered_post", "ordinary_letter", "telegram", "telex", "fax", "edi", "email", "in_person", "oral"]
Kind = Literal["natural_person", "commercial", "research", "public_welfare", "legal_service", "other"]


class FileIn(BaseModel):
    """A file to be given out, named by the hash of its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Line = Field(title="文件名", min_length=1, max_length=200)
    sha256: Sha256 = Field(title="SHA-256")
    size: int = Field(title="字节数", ge=0, le=2**40)

    def file(self) -> events.File:
        """As it stands in events."""
        return events.File(self.name, self.sha256, self.size)


class GroundIn(BaseModel):
    """One ground of a reply."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    outcome: OutcomeKey = Field(title="属于哪一项结果")
    article: Line = Field(title="依据条款", min_length=2, max_length=200)
    ground: Text = Field(default="", title="情形", max_length=500)
    reason: Text = Field(default="", title="理由", max_length=2000)
    part: Text = Field(default="", title="针对的内容", max_length=500)

    def as_ground(self) -> events.Ground:
        """As it stands in events."""
        return events.Ground(self.outcome, self.article, self.ground, self.reason, self.part)


def by_applicant(state: R, given: Given, password: str | None) -> None:
    """A member of the public acts on its own request, with the password that it got on submitting."""
    if given.actor.person == "public":
        shown = hashlib.sha256((password or "").encode()).hexdigest()
        if not hmac.compare_digest(shown, state.password_hash):
            raise Forbidden("wrong-password", "查询编号或密码不正确，请核对提交申请时得到的密码。")


@command(
    of=disclosure_request,
    verb="submit",
    title="提出公开申请",
    capability="requests.submit",
    creates=True,
    public=True,
    rules=("YS-05.1a", "YS-05.1b"),
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


@handles(Submit)
def submit(command: Submit, _state: R, given: Given) -> Decision:
    """Makes the tracking number and the query password, of which only the hash is kept."""
    received_on = command.received_on or given.today
    decisions.check_received(given, command.channel, received_on, command.evidence)
    book, deadline = decisions.clock_at_receipt(given, command.channel, received_on)
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
    also=lambda command, agency, day: [(number_series, series_id(agency.code, (command.effective_on or day).year))],
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
    return Decided([*decisions.register(state, written), taken], {"number": written})


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
    return decisions.confirm_receipt(state, given, command.how)


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


@command(
    of=disclosure_request,
    verb="assign",
    title="分派承办科室",
    capability="requests.assign",
    rules=("YS-11",),
    opens=guards.assign,
    events=(events.RequestAssigned,),
)
class Assign(Command):
    """分派给承办科室。"""

    unit: Line = Field(title="承办科室", min_length=1, max_length=40)


@handles(Assign)
def assign(command: Assign, _state: R, _given: Given) -> Decision:
    """Assigns it."""
    return [events.RequestAssigned(unit=command.unit)]


@command(
    of=disclosure_request,
    verb="return",
    title="退回办公室",
    capability="requests.return",
    opens=guards.give_back,
    events=(events.RequestReturned,),
)
class ReturnToOffice(Command):
    """不属于本科室承办的，退回办公室重新分派。"""

    reason: Reason = Field(title="理由")


@handles(ReturnToOffice)
def give_back(command: ReturnToOffice, _state: R, _given: Given) -> Decision:
    """Gives it back."""
    return [events.RequestReturned(reason=command.reason)]


@command(
    of=disclosure_request,
    verb="request-amendment",
    title="告知补正",
    capability="requests.request_amendment",
    rules=("YS-06.3",),
    article="国令711 第三十条",
    opens=guards.amendable,
    events=(events.AmendmentRequested,),
)
class RequestAmendment(Command):
    """一次性告知申请人需要补正的全部内容和合理的补正期限。"""

    items: tuple[Annotated[Text, Field(min_length=2, max_length=500)], ...] = Field(title="需要补正的内容", min_length=1, max_length=20)
    working_days: int | None = Field(default=None, title="补正期限（工作日）", ge=5, le=60)


@handles(RequestAmendment)
def request_amendment(command: RequestAmendment, state: R, given: Given) -> Decision:
    """Once."""
    return decisions.request_amendment(state, given, command.items, command.working_days)


@command(
    of=disclosure_request,
    verb="amend",
    title="提交补正",
    capability="requests.record_amendment",
    rules=("YS-06.3",),
    public=True,
    article="国令711 第三十条",
    opens=guards.amending,
    events=(events.RequestAmended,),
)
class RecordAmendment(Command):
    """提交或者登记补正后的申请内容；答复期限重新起算。"""

    content: Text = Field(title="补正后的内容", min_length=2, max_length=5000, json_schema_extra=TEXTAREA)
    good_reason: Text = Field(default="", title="逾期的正当理由", max_length=500, description="补正期限届满后提交的填写")
    query_password: str | None = Field(default=None, title="查询密码", max_length=100, description="申请人自行提交时填写")


@handles(RecordAmendment)
def record_amendment(command: RecordAmendment, state: R, given: Given) -> Decision:
    """By the applicant, or by a clerk for it."""
    by_applicant(state, given, command.query_password)
    return decisions.amend(state, given, command.content, command.good_reason)


@command(
    of=disclosure_request,
    verb="lapse-amendment",
    title="终结（逾期不补正）",
    capability="requests.lapse",
    rules=("YS-06.3",),
    article="国令711 第三十条",
    opens=guards.amending,
    events=(events.AmendmentLapsed,),
)
class LapseAmendment(Command):
    """申请人无正当理由逾期不补正的，视为放弃申请。"""

    good_reason: bool = Field(default=False, title="申请人有正当理由")


@handles(LapseAmendment)
def lapse_amendment(command: LapseAmendment, state: R, given: Given) -> Decision:
    """Ends it."""
    return decisions.lapse_amendment(state, given, command.good_reason)


@command(
    of=disclosure_request,
    verb="assess-fee",
    title="发出收费通知",
    capability="requests.assess_fee",
    rules=("YS-G.3", "YS-08"),
    article="国令711 第四十二条",
    opens=guards.chargeable,
    events=(events.FeeAssessed,),
)
class AssessFee(Command):
    """申请数量、频次明显超过合理范围的，按件或者按量收取信息处理费，二者只能选一。"""

    basis: Literal["items", "pages", "cost"] = Field(title="计费方式")
    count: int = Field(title="件数或者页数", ge=0, le=1_000_000)
    before: int = Field(default=0, title="该申请人当月此前的件数", ge=0, le=1_000_000)
    cost: int | None = Field(default=None, title="成本费（元）", ge=0, le=1_000_000)


@handles(AssessFee)
def assess_fee(command: AssessFee, state: R, given: Given) -> Decision:
    """By the tariff."""
    return decisions.assess_fee(state, given, command.basis, command.count, command.before, command.cost)


@command(
    of=disclosure_request,
    verb="record-payment",
    title="登记缴费",
    capability="requests.record_payment",
    rules=("YS-08x.2",),
    opens=guards.unpaid,
    events=(events.FeePaid,),
)
class RecordPayment(Command):
    """登记申请人缴费；答复期限自缴费次日重新起算。"""

    yuan: int = Field(title="金额（元）", ge=0)
    payee: Line = Field(title="收款机关代码", max_length=40)
    evidence: Line = Field(title="缴费凭据", min_length=2, max_length=200)


@handles(RecordPayment)
def record_payment(command: RecordPayment, state: R, given: Given) -> Decision:
    """Starts the clock anew."""
    return decisions.pay_fee(state, given, command.yuan, command.payee, command.evidence)


@command(
    of=disclosure_request,
    verb="lapse-fee",
    title="终结（逾期不缴费）",
    capability="requests.lapse",
    rules=("YS-G.3",),
    opens=guards.unpaid,
    events=(events.FeeLapsed,),
)
class LapseFee(Command):
    """申请人逾期未缴费的，不再处理。"""


@handles(LapseFee)
def lapse_fee(_command: LapseFee, state: R, given: Given) -> Decision:
    """Ends it."""
    return decisions.lapse_fee(state, given)


@command(
    of=disclosure_request,
    verb="extend",
    title="申请延期",
    capability="requests.request_extension",
    rules=("YS-F.3",),
    article="国令711 第三十三条",
    opens=guards.extendable,
    events=(events.ExtensionRequested,),
)
class RequestExtension(Command):
    """因正当理由不能按期答复的，申请延长一次。"""

    working_days: int = Field(title="延长的工作日", ge=1, le=60)
    reason: Reason = Field(title="理由")


@handles(RequestExtension)
def request_extension(command: RequestExtension, state: R, given: Given) -> Decision:
    """Asks."""
    return decisions.request_extension(state, given, command.working_days, command.reason)


@command(
    of=disclosure_request,
    verb="approve-extension",
    title="批准延期",
    capability="requests.approve_extension",
    rules=("YS-F.3",),
    article="国令711 第三十三条",
    opens=guards.extension_approvable,
    events=(events.ReplyExtended,),
)
class ApproveExtension(Command):
    """同意延长答复期限，并书面告知申请人理由。"""


@handles(ApproveExtension)
def approve_extension(_command: ApproveExtension, state: R, given: Given) -> Decision:
    """Sets the new due date."""
    return decisions.approve_extension(state, given)


@command(
    of=disclosure_request,
    verb="refuse-extension",
    title="不同意延期",
    capability="requests.approve_extension",
    rules=("YS-F.3",),
    opens=guards.extension_pending,
    events=(events.ExtensionRefused,),
)
class RefuseExtension(Command):
    """不同意延长答复期限。"""

    reason: Reason = Field(title="理由")


@handles(RefuseExtension)
def refuse_extension(command: RefuseExtension, _state: R, _given: Given) -> Decision:
    """Leaves the due date."""
    return [events.ExtensionRefused(reason=command.reason)]


@command(
    of=disclosure_request,
    verb="suspend",
    title="中止期限",
    capability="requests.suspend",
    rules=("YS-F.4a",),
    opens=guards.suspendable,
    events=(events.ClockSuspended,),
)
class Suspend(Command):
    """因不可抗力或者其他法定事由，中止计算期限（仅本局 2019 年规定）。"""

    reason: Reason = Field(title="事由")


@handles(Suspend)
def suspend(command: Suspend, state: R, given: Given) -> Decision:
    """Stops the clock."""
    return decisions.suspend(state, given, command.reason)


@command(
    of=disclosure_request,
    verb="resume",
    title="恢复期限",
    capability="requests.resume",
    rules=("YS-F.4b",),
    opens=guards.resumable,
    events=(events.ClockResumed,),
)
class Resume(Command):
    """障碍消除，恢复计算期限。"""


@handles(Resume)
def resume(_command: Resume, state: R, given: Given) -> Decision:
    """Lets the clock go on."""
    return decisions.resume(state, given)


@command(
    of=disclosure_request,
    verb="request-review",
    title="提请保密审查",
    capability="requests.draft_reply",
    rules=("BM-03b", "YS-07.5"),
    article="国令711 第十七条",
    opens=guards.reviewable,
    events=(events.SecrecyReviewRequested,),
)
class RequestReview(Command):
    """把拟提供的文件提请保密审查，以文件内容的散列为准。"""

    files: tuple[FileIn, ...] = Field(title="文件", min_length=1, max_length=100)


@handles(RequestReview)
def request_review(command: RequestReview, state: R, _given: Given) -> Decision:
    """Asks review, over NATS."""
    return decisions.request_review(state, tuple(file.file() for file in command.files))


@command(
    of=disclosure_request,
    verb="conclude-review",
    title="收到审查结论",
    capability="requests.lapse",
    internal=True,
    rules=("BM-03b",),
    events=(events.SecrecyReviewConcluded,),
)
class ConcludeReview(Command):
    """保密审查作出结论。"""

    review: int = Field(title="第几次审查")
    released: tuple[Sha256, ...] = Field(title="可以公开的")
    withheld: tuple[Sha256, ...] = Field(default=(), title="不予公开的")


@handles(ConcludeReview)
def conclude_review(command: ConcludeReview, state: R, _given: Given) -> Decision:
    """Records what review answered."""
    return decisions.conclude_review(state, command.review, command.released, command.withheld)


@command(
    of=disclosure_request,
    verb="draft-reply",
    title="拟制答复",
    capability="requests.draft_reply",
    rules=("YS-07.3", "YS-07.4", "YS-07.5", "YS-06.2", "YS-04"),
    article="国令711 第三十六条",
    opens=guards.draftable,
    events=(events.ReplyDrafted,),
)
class DraftReply(Command):
    """拟制答复：办理结果、每一项依据、文件和区分处理的内容。"""

    outcome: OutcomeKey = Field(title="办理结果")
    grounds: tuple[GroundIn, ...] = Field(title="依据", min_length=1, max_length=20)
    text: Text = Field(title="答复正文", min_length=2, max_length=20_000, json_schema_extra=TEXTAREA)
    files: tuple[FileIn, ...] = Field(default=(), title="随答复提供的文件", max_length=100)
    redactions: tuple[Annotated[Text, Field(min_length=2, max_length=500)], ...] = Field(default=(), title="区分处理的内容", max_length=100)
    other_agency: Line = Field(default="", title="负责公开的机关及其联系方式", max_length=300)


@handles(DraftReply)
def draft_reply(command: DraftReply, state: R, given: Given) -> Decision:
    """Drafts it; `draft` in the answer is what an approval names."""
    grounds = tuple(ground.as_ground() for ground in command.grounds)
    files = tuple(file.file() for file in command.files)
    made = decisions.draft_reply(state, given, command.outcome, grounds, command.text, files, command.redactions, command.other_agency)
    drafted = made[0]
    assert isinstance(drafted, events.ReplyDrafted)
    return Decided(made, {"draft": drafted.hash})


@command(
    of=disclosure_request,
    verb="return-reply",
    title="退回修改",
    capability="requests.return_reply",
    opens=guards.drafted,
    events=(events.ReplyReturned,),
)
class ReturnReply(Command):
    """答复需要修改，退回拟稿人。"""

    reason: Reason = Field(title="修改意见")


@handles(ReturnReply)
def return_reply(command: ReturnReply, _state: R, _given: Given) -> Decision:
    """Back to the desk."""
    return [events.ReplyReturned(reason=command.reason)]


@command(
    of=disclosure_request,
    verb="approve-reply",
    title="审批答复",
    capability="requests.approve_reply",
    rules=("X-03",),
    article="国令711 第三十六条",
    opens=guards.may_approve,
    events=(events.ReplyApproved,),
)
class ApproveReply(Command):
    """批准答复；须注明所批准的稿子，拟稿人不能批准。"""

    approves: Sha256 = Field(title="所批准的答复（散列）")


@handles(ApproveReply)
def approve_reply(command: ApproveReply, state: R, _given: Given) -> Decision:
    """Approves exactly that draft."""
    return decisions.approve_reply(state, command.approves)


@command(
    of=disclosure_request,
    verb="deliver",
    title="送达答复",
    capability="requests.deliver",
    rules=("YS-08x.2",),
    article="国令711 第四十条",
    opens=guards.approved,
    events=(events.ReplyDelivered, events.DeadlineMissed, events.DeadlineMissWithdrawn),
)
class Deliver(Command):
    """由本机关送达答复，并留存凭据。"""

    way: Literal["email", "post", "fax", "pick_up", "online"] = Field(title="送达方式")
    evidence: Line = Field(title="送达凭据", min_length=2, max_length=200)
    overdue_reason: Text = Field(default="", title="超期理由", max_length=500, description="超过答复期限的填写")


@handles(Deliver)
def deliver(command: Deliver, state: R, given: Given) -> Decision:
    """Delivers it."""
    return decisions.deliver(state, given, command.way, command.evidence, command.overdue_reason)


@command(
    of=disclosure_request,
    verb="withdraw",
    title="撤回申请",
    capability="requests.withdraw",
    public=True,
    opens=guards.not_closed,
    events=(events.RequestWithdrawn,),
)
class Withdraw(Command):
    """申请人撤回申请。"""

    reason: Text = Field(default="", title="原因", max_length=500)
    query_password: str | None = Field(default=None, title="查询密码", max_length=100, description="申请人自行撤回时填写")


@handles(Withdraw)
def withdraw(command: Withdraw, state: R, given: Given) -> Decision:
    """Ends it."""
    by_applicant(state, given, command.query_password)
    by = "applicant" if given.actor.person == "public" else "clerk"
    return [events.RequestWithdrawn(by=by, outcome=decisions.WITHDRAWN, reason=Personal.plain(command.reason) if command.reason else None)]


@command(
    of=disclosure_request,
    verb="void",
    title="作废登记",
    capability="requests.void",
    opens=guards.not_closed,
    events=(events.RequestVoided,),
)
class Void(Command):
    """误登记的申请，作废并写明理由；编号不再使用。"""

    reason: Reason = Field(title="理由")


@handles(Void)
def void(command: Void, _state: R, _given: Given) -> Decision:
    """Ends it."""
    return [events.RequestVoided(reason=command.reason)]


@command(
    of=disclosure_request,
    verb="merge",
    title="并入重复登记的申请",
    capability="requests.merge",
    opens=guards.mergeable,
    events=(events.RequestMerged, events.DuplicateMerged),
    also=lambda command, _agency, _day: [(disclosure_request, command.into)],
)
class Merge(Command):
    """同一申请登记了两次的，并入另一件。"""

    into: UUID = Field(title="并入的申请编号")
    reason: Reason = Field(title="理由")


@handles(Merge)
def merge(command: Merge, state: R, given: Given) -> Decision:
    """Both cases say so."""
    other = given.others[command.into]
    assert isinstance(other, DisclosureRequest)
    if not other.exists or other.id == state.id or other.agency != state.agency or other.stage in (Stage.VOIDED, Stage.MERGED):
        raise Forbidden("merge-target", "要并入的申请不存在、就是本件，或者已作废、已并入，请核对编号。")
    return [
        events.RequestMerged(into=command.into, reason=command.reason),
        On(disclosure_request, other.id, events.DuplicateMerged(duplicate=state.id)),
    ]


@command(
    of=disclosure_request,
    verb="correct-facts",
    title="更正登记内容",
    capability="requests.correct_facts",
    opens=guards.correctable,
    events=(events.FactsCorrected, events.DeadlineMissWithdrawn, events.DeadlineMissed),
)
class CorrectFacts(Command):
    """更正登记错误的收到日期或者申请人类别；原来的和更正后的都留存。"""

    reason: Reason = Field(title="理由")
    received_on: date | None = Field(default=None, title="收到日期")
    applicant_kind: Kind | None = Field(default=None, title="申请人类别")


@handles(CorrectFacts)
def correct_facts(command: CorrectFacts, state: R, given: Given) -> Decision:
    """Corrects them."""
    return decisions.correct_facts(state, given, command.reason, command.received_on, command.applicant_kind)


@command(
    of=disclosure_request,
    verb="miss-deadline",
    title="记录逾期",
    capability="requests.miss_deadline",
    internal=True,
    rules=("YS-F.1-2", "KH-02.3b"),
    events=(events.DeadlineMissed,),
)
class MissDeadline(Command):
    """答复期限届满而没有答复。"""


@handles(MissDeadline)
def miss_deadline(_command: MissDeadline, state: R, given: Given) -> Decision:
    """Once."""
    return decisions.miss_deadline(state, given)


@command(
    of=disclosure_request,
    verb="recompute-deadline",
    title="重算期限",
    capability="requests.miss_deadline",
    internal=True,
    events=(events.DeadlineRecomputed,),
)
class RecomputeDeadline(Command):
    """放假安排公布后，重算暂定的期限。"""


@handles(RecomputeDeadline)
def recompute_deadline(_command: RecomputeDeadline, state: R, given: Given) -> Decision:
    """Nothing where nothing changes."""
    return decisions.recompute_deadline(state, given)
