"""The commands of fees."""

from typing import Literal

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Line
from services.requests.disclosure_request.decisions import fees
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest


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
    return fees.assess_fee(state, given, command.basis, command.count, command.before, command.cost)


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
    return fees.pay_fee(state, given, command.yuan, command.payee, command.evidence)


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
    return fees.lapse_fee(state, given)
