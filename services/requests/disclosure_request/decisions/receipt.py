"""Receiving a request: the day of receipt, its rulebook, its clock and its number (Articles 29 and 31)."""

from collections.abc import Sequence
from datetime import date, timedelta

from services.requests.disclosure_request.decisions.deadlines import reply_due
from services.requests.disclosure_request.events import ReceiptConfirmed, RequestRegistered
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.rulebook import NoRulebook, rulebook_in_force

R = DisclosureRequest
Events = Sequence[Event]


PUBLIC_CHANNELS = frozenset({"internet"})
"""How a member of the public can submit by itself; everything else is written down by a clerk."""


def check_received(given: Given, channel: str, received_on: date, evidence: str) -> None:
    """A day of receipt that can be true: not in the future, not older than may be entered late, with its evidence where a clerk enters it."""
    public = given.actor.person == "public"
    if public and channel not in PUBLIC_CHANNELS:
        raise Refused("channel-by-clerk", "网上提交的渠道只能是“互联网”；其他渠道请交由工作人员登记。", article="国令711 第二十九条")
    if public and received_on != given.today:
        raise Invalid("received-not-today", "网上提交的申请，收到日期就是今天。", fields=[{"field": "received_on", "sentence": "不用填写"}])
    if public and evidence:
        raise Invalid("evidence-by-clerk", "网上提交的申请不用填写收到的凭据。", fields=[{"field": "evidence", "sentence": "不用填写"}])
    if received_on > given.today:
        raise Invalid(
            "received-in-future",
            f"收到日期（{received_on}）晚于今天（{given.today}），请更正。",
            fields=[{"field": "received_on", "sentence": "不得晚于今天"}],
        )
    limit = given.rulebook.limit("late_entry")
    if received_on < given.today - timedelta(days=limit.days):
        raise Refused("received-too-long-ago", f"收到日期早于 {limit.days} 天以前，请通过案件接续（迁移）办理。", article=limit.article)
    if not public and channel != "internet" and not evidence:
        raise Invalid(
            "evidence-missing", "请写明收到的凭据（如挂号信号码、收件登记号）。", fields=[{"field": "evidence", "sentence": "必填"}]
        )


def clock_at_receipt(given: Given, channel: str, received_on: date) -> tuple[str, Deadline | None]:
    """The id of the rulebook in force on the day of receipt, and the due date where this channel starts the clock at once (Article 31)."""
    try:
        book = rulebook_in_force(received_on, given.agency.rulebook)
    except NoRulebook:
        raise Refused(
            "no-rulebook", f"{received_on}收到的申请没有可以适用的规则集，请核对收到日期。", article="国令711 第五十六条"
        ) from None
    if book.starts_on_confirmation(channel):
        return book.id, None
    return book.id, deadline(Facts(start=received_on), book, given.calendar)


def register(state: R, number: str) -> Events:
    """Gives the number; the due date stands already where the receipt is certain."""
    return [RequestRegistered(number=number, deadline=state.deadline)]


def confirm_receipt(state: R, given: Given, how: str) -> Events:
    """Internet, fax and ordinary letters: the day on which both sides confirm is the day of receipt (Article 31)."""
    assert state.received_on is not None
    if given.today < state.received_on:
        raise Invalid("confirmed-before-received", f"确认日期不能早于收到日期（{state.received_on}）。")
    return [ReceiptConfirmed(confirmed_on=given.today, how=how, deadline=reply_due(state, given, given.today))]
