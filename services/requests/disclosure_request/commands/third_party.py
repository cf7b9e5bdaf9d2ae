"""The commands about third parties."""

from typing import Annotated, Literal

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Line, Reason, Sha256
from services.requests.disclosure_request.decisions import third_party
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest
Number = Annotated[int, Field(title="第几次征求意见", ge=1, le=1000)]


@command(
    of=disclosure_request,
    verb="consult-third-party",
    title="书面征求第三方意见",
    capability="requests.consult_third_party",
    rules=("YS-07.6",),
    opens=guards.consultable,
    events=(events.ThirdPartyConsulted,),
)
class ConsultThirdParty(Command):
    """申请公开的信息涉及商业秘密、个人隐私，公开会损害第三方合法权益的，书面征求第三方意见。"""

    touches: Literal["trade_secret", "privacy"] = Field(title="涉及")
    third_party: Line = Field(title="第三方姓名或者名称", min_length=1, max_length=100)
    contact: Line = Field(title="第三方联系方式", min_length=3, max_length=200)
    files: tuple[Sha256, ...] = Field(default=(), title="涉及的文件（SHA-256）", max_length=200)


@handles(ConsultThirdParty)
def consult(command: ConsultThirdParty, state: R, given: Given) -> Decision:
    """Asks."""
    return third_party.consult(state, given, command.touches, command.third_party, command.contact, command.files)


@command(
    of=disclosure_request,
    verb="record-third-party-consent",
    title="登记第三方同意",
    capability="requests.record_third_party",
    rules=("YS-07.6",),
    opens=guards.consulted,
    events=(events.ThirdPartyConsented,),
)
class RecordThirdPartyConsent(Command):
    """第三方同意公开。"""

    number: Number
    evidence: Line = Field(title="意见的凭据", min_length=2, max_length=200)


@handles(RecordThirdPartyConsent)
def consent(command: RecordThirdPartyConsent, state: R, given: Given) -> Decision:
    """It agrees."""
    return third_party.consent(state, given, command.number, command.evidence)


@command(
    of=disclosure_request,
    verb="record-third-party-objection",
    title="登记第三方不同意",
    capability="requests.record_third_party",
    rules=("YS-07.6",),
    opens=guards.consulted,
    events=(events.ThirdPartyObjected,),
)
class RecordThirdPartyObjection(Command):
    """第三方不同意公开；依国令711，还要写明其理由是否合理。"""

    number: Number
    why: Reason = Field(title="第三方的理由")
    reasonable: bool | None = Field(default=None, title="理由是否合理")


@handles(RecordThirdPartyObjection)
def objection(command: RecordThirdPartyObjection, state: R, given: Given) -> Decision:
    """It does not."""
    return third_party.object_to(state, given, command.number, command.why, command.reasonable)


@command(
    of=disclosure_request,
    verb="record-third-party-silence",
    title="登记第三方逾期未提出意见",
    capability="requests.record_third_party",
    rules=("YS-07.6",),
    opens=guards.consulted,
    events=(events.ThirdPartySilent,),
)
class RecordThirdPartySilence(Command):
    """第三方逾期未提出意见，由本机关依法决定是否公开。"""

    number: Number


@handles(RecordThirdPartySilence)
def silence(command: RecordThirdPartySilence, state: R, given: Given) -> Decision:
    """Its period has passed."""
    return third_party.silent(state, given, command.number)


@command(
    of=disclosure_request,
    verb="pass-over-silence",
    title="记录第三方逾期未提出意见",
    capability="requests.miss_deadline",
    internal=True,
    rules=("YS-07.6",),
    events=(events.ThirdPartySilent,),
)
class PassOverSilence(Command):
    """第三方意见期限届满而没有意见。"""


@handles(PassOverSilence)
def pass_over_silence(_command: PassOverSilence, state: R, given: Given) -> Decision:
    """Of each third party once; nothing where all have answered meanwhile."""
    return third_party.pass_over_silence(state, given)


@command(
    of=disclosure_request,
    verb="override-third-party",
    title="公共利益优先，决定公开",
    capability="requests.override_third_party",
    rules=("YS-07.6",),
    opens=guards.consulted,
    events=(events.PublicInterestOverrode,),
)
class OverrideThirdParty(Command):
    """不公开可能对公共利益造成重大影响的，可以决定公开，并书面告知第三方公开的内容和理由。"""

    number: Number
    reason: Reason = Field(title="公共利益的理由")
    notice: Line = Field(title="书面告知第三方的凭据", min_length=2, max_length=200)


@handles(OverrideThirdParty)
def override(command: OverrideThirdParty, state: R, given: Given) -> Decision:
    """For the public interest."""
    return third_party.override(state, given, command.number, command.reason, command.notice)
