"""The commands of a claim to have a record corrected."""

from typing import Literal

from pydantic import Field

from services.requests.disclosure_request.commands.fields import TEXTAREA, Channel, Line, Reason, Text
from services.requests.record_correction import decisions, events
from services.requests.record_correction.state import RecordCorrection, record_correction
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.trust.personal import Personal

S = RecordCorrection


@command(
    of=record_correction,
    verb="claim",
    title="申请更正与自身相关的记录",
    capability="requests.claim_correction",
    creates=True,
    public=True,
    rules=("YS-09a",),
    article="国令711 第四十一条",
    events=(events.CorrectionClaimed,),
)
class ClaimCorrection(Command):
    """公民、法人或者其他组织发现行政机关提供的与自身相关的记录有误的，可以申请更正。"""

    ground: Literal["inaccurate", "incomplete", "out_of_date", "irrelevant"] = Field(default="inaccurate", title="记录有何问题")
    claimant_name: Line = Field(title="姓名或者名称", min_length=1, max_length=100)
    id_number: Line | None = Field(default=None, title="身份证明号码", max_length=60)
    contact: Line = Field(title="联系方式", min_length=3, max_length=200)
    record: Text = Field(title="哪一份记录", min_length=2, max_length=2000, json_schema_extra=TEXTAREA)
    wanted: Text = Field(title="应当怎样更正", min_length=2, max_length=2000, json_schema_extra=TEXTAREA)
    proof: Text = Field(
        default="", title="证据", max_length=2000, json_schema_extra=TEXTAREA, description="能证明记录不准确的材料名称和内容"
    )
    channel: Channel = Field(default="internet", title="收到的渠道")
    receipt: Line = Field(default="", title="收到的凭据", max_length=200)


@handles(ClaimCorrection)
def claim(command: ClaimCorrection, _state: S, given: Given) -> Decision:
    """Its clock starts."""
    decisions.check_claim(given, command.channel, command.ground, command.proof, command.receipt)
    return [
        events.CorrectionClaimed(
            channel=command.channel,
            ground=command.ground,
            claimant_name=Personal.plain(command.claimant_name),
            id_number=Personal.plain(command.id_number) if command.id_number else None,
            contact=Personal.plain(command.contact),
            record=Personal.plain(command.record),
            wanted=Personal.plain(command.wanted),
            proof=Personal.plain(command.proof) if command.proof else None,
            person_key=given.new_person(),
            deadline=decisions.claim_due(given),
            receipt=command.receipt,
        )
    ]


@command(
    of=record_correction,
    verb="verify-claimant",
    title="核验更正申请人身份",
    capability="requests.verify_identity",
    rules=("YS-09a",),
    opens=decisions.unverified,
    events=(events.ClaimantVerified,),
)
class VerifyClaimant(Command):
    """核验申请人是否为记录所涉及的本人。"""

    how: Literal["paper", "online"] = Field(title="核验方式")
    evidence: Line = Field(title="核验凭据", min_length=2, max_length=200)


@handles(VerifyClaimant)
def verify_claimant(command: VerifyClaimant, _state: S, _given: Given) -> Decision:
    """Records it."""
    return [events.ClaimantVerified(how=command.how, evidence=command.evidence)]


@command(
    of=record_correction,
    verb="decide",
    title="作出更正决定",
    capability="requests.decide_correction",
    rules=("YS-09a", "X-05"),
    opens=decisions.decidable,
    events=(events.CorrectionDecided, events.CorrectionOverdue),
)
class DecideCorrection(Command):
    """经核实，予以更正或者不予更正，并说明理由。"""

    decision: Literal["corrected", "refused"] = Field(title="决定")
    reason: Reason = Field(title="理由")
    document: Line = Field(default="", title="更正的文书或者登记号", max_length=200, description="予以更正的填写")


@handles(DecideCorrection)
def decide(command: DecideCorrection, state: S, given: Given) -> Decision:
    """With its reason."""
    return decisions.decide(state, given, command.decision, command.reason, command.document)


@command(
    of=record_correction,
    verb="transfer",
    title="转送有权更正的机关",
    capability="requests.transfer_claim",
    rules=("YS-09b",),
    opens=decisions.undecided,
    events=(events.ClaimTransferred, events.CorrectionOverdue),
)
class TransferClaim(Command):
    """本机关无权更正的，转送有权更正的行政机关处理并告知申请人，或者告知申请人向有权机关提出。"""

    how: Literal["transferred", "told"] = Field(title="方式")
    agency: Line = Field(title="有权更正的机关", min_length=2, max_length=100)
    contact: Line = Field(title="该机关的联系方式", min_length=3, max_length=200)
    document: Line = Field(default="", title="转送函文号", max_length=100, description="转送的填写")


@handles(TransferClaim)
def transfer(command: TransferClaim, state: S, given: Given) -> Decision:
    """To who may correct it."""
    return decisions.transfer(state, given, command.how, command.agency, command.contact, command.document)


@command(
    of=record_correction,
    verb="notify-claimant",
    title="告知更正申请人",
    capability="requests.notify_claimant",
    rules=("YS-09a", "YS-09b"),
    opens=decisions.notifiable,
    events=(events.ClaimantNotified,),
)
class NotifyClaimant(Command):
    """把更正、不予更正或者转送的情况书面告知申请人，并留存凭据。"""

    way: Literal["email", "post", "fax", "pick_up", "online"] = Field(title="告知方式")
    evidence: Line = Field(title="告知凭据", min_length=2, max_length=200)
    text: Text = Field(title="告知内容", min_length=2, max_length=5000, json_schema_extra=TEXTAREA)


@handles(NotifyClaimant)
def notify(command: NotifyClaimant, _state: S, _given: Given) -> Decision:
    """In writing."""
    return decisions.notify(command.way, command.evidence, command.text)


@command(
    of=record_correction,
    verb="withdraw",
    title="登记撤回更正申请",
    capability="requests.notify_claimant",
    rules=("YS-09a",),
    opens=decisions.undecided,
    events=(events.ClaimWithdrawn,),
)
class WithdrawClaim(Command):
    """申请人书面撤回更正申请。"""

    evidence: Line = Field(title="撤回的凭据", min_length=2, max_length=200)


@handles(WithdrawClaim)
def withdraw(command: WithdrawClaim, _state: S, _given: Given) -> Decision:
    """Ends it."""
    return [events.ClaimWithdrawn(evidence=command.evidence)]


@command(
    of=record_correction,
    verb="miss-correction",
    title="记录更正逾期",
    capability="requests.miss_deadline",
    internal=True,
    rules=("YS-09a",),
    events=(events.CorrectionOverdue,),
)
class MissCorrection(Command):
    """更正的期限届满。"""


@handles(MissCorrection)
def miss(_command: MissCorrection, state: S, given: Given) -> Decision:
    """Once."""
    return decisions.miss(state, given)
