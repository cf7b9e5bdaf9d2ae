"""Fees: by items or by pages, never both; paid to the agency itself (Article 42; YS-08)."""

from collections.abc import Sequence
from datetime import date

from services.requests.disclosure_request.decisions.deadlines import book_of, due, reply_due
from services.requests.disclosure_request.events import FeeAssessed, FeeLapsed, FeePaid
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.fees import fee_for_items, fee_for_pages, tariff_in_force

R = DisclosureRequest
Events = Sequence[Event]


LAPSED_FEE = "r6_2_overdue_fee"


def assess_fee(state: R, given: Given, basis: str, count: int, before: int, cost: int | None) -> Events:
    """By items or by pages, never both; under the old rules the cost of copies and post alone (Article 42; YS-08)."""
    book = book_of(state, given)
    if state.fee is not None:
        raise Refused("charged-once", "已经发出过收费通知，按件、按量只能选择一种，不能重复收费。", article="国办函〔2020〕109号 第五条")
    if basis == "cost":
        if not book.says("cost_fee"):
            raise Refused("no-cost-fee", f"《{book.title}》不收取检索、复制、邮寄等成本费用。", article=book.provisions["cost_fee"].article)
        yuan = cost or 0
    else:
        if not book.says("processing_fee"):
            raise Refused(
                "no-processing-fee", f"《{book.title}》没有信息处理费，只能收取成本费用。", article=book.provisions["cost_fee"].article
            )
        if state.deadline is not None and given.today > state.deadline.due:
            raise Refused("fee-notice-late", f"收费通知应在答复期限（{state.deadline.due}）内发出。", article="国办函〔2020〕109号 第六条")
        yuan = processing_fee(given.today, basis, count, before)
    if yuan <= 0:
        raise Refused("nothing-to-charge", "按收费标准计算为零元，不需要发出收费通知。", article="国办函〔2020〕109号 第四条")
    return [FeeAssessed(basis=basis, count=count, yuan=yuan, deadline=due(state, given, "fee_payment", given.today))]


def processing_fee(on: date, basis: str, count: int, before: int) -> int:
    """Yuan by the tariff of this day; before the first tariff nothing may be charged."""
    try:
        tariff = tariff_in_force(on)
    except LookupError:
        raise Refused("no-tariff", f"{on}还没有生效的信息处理费标准，不得收取。", article="国令711 第四十二条") from None
    return fee_for_items(count, before=before, tariff=tariff) if basis == "items" else fee_for_pages(count, tariff=tariff)


def pay_fee(state: R, given: Given, yuan: int, payee: str, evidence: str) -> Events:
    """The whole amount, to the agency itself; the reply period starts anew the day after (YS-08x.2)."""
    if payee != given.agency.code:
        raise Refused(
            "paid-elsewhere", "费用只能由本机关收取，不得通过企业、事业单位或中介组织收取。", article="本局依申请公开制度（YS-08x.2）"
        )
    if yuan != state.fee:
        raise Invalid("wrong-amount", f"应缴 {state.fee} 元，请核对缴费金额。", fields=[{"field": "yuan", "sentence": f"应为 {state.fee}"}])
    return [FeePaid(paid_on=given.today, evidence=evidence, deadline=reply_due(state, given, given.today))]


def lapse_fee(state: R, given: Given) -> Events:
    """Not paid within the period: not processed any further."""
    waited = state.waiting_until
    if waited is not None and given.today <= waited.due:
        raise Refused("payment-still-open", f"缴费期限到 {waited.due} 为止，届满后才能终结。", article=waited.article)
    return [FeeLapsed(outcome=LAPSED_FEE)]
