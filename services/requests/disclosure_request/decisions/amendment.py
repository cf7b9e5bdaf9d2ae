"""Amendment: once, every item, with a reasonable period; the clock starts anew (Article 30)."""

from collections.abc import Sequence

from services.requests.disclosure_request.decisions.deadlines import book_of, due, reply_due
from services.requests.disclosure_request.events import AmendmentLapsed, AmendmentRequested, RequestAmended
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given
from shared.kernel.errors import Refused
from shared.kernel.events import Event
from shared.trust.personal import Personal

R = DisclosureRequest
Events = Sequence[Event]


LAPSED_AMENDMENT = "r6_1_overdue_correction"


def request_amendment(state: R, given: Given, items: tuple[str, ...], days: int | None) -> Events:
    """Once, every item, within seven working days of the receipt, with a reasonable period (Article 30)."""
    book = book_of(state, given)
    notice = book.limit("amendment_notice")
    if state.amendment_items:
        raise Refused(
            "amended-once", "补正只能告知一次，且须一次性告知全部内容；仍不明确的，请作出“补正后仍不明确”的答复。", article=notice.article
        )
    if state.clock_start is None:
        raise Refused("clock-not-running", "请先由双方确认收到申请，再告知补正。", article=notice.article)
    latest = due(state, given, "amendment_notice", state.clock_start).due
    if given.today > latest:
        raise Refused("amendment-notice-late", f"告知补正的期限（{latest}）已过，应当直接办理。", article=notice.article)
    return [AmendmentRequested(items=items, deadline=due(state, given, "amendment_period", given.today, days=days))]


def amend(state: R, given: Given, content: str, good_reason: str) -> Events:
    """The amended request: the reply period starts anew on the day it arrives; after its period it comes with good reason (Article 30)."""
    waited = state.waiting_until
    if waited is not None and given.today > waited.due and not good_reason:
        raise Refused(
            "amendment-late",
            f"补正期限已于 {waited.due} 届满，无正当理由的视为放弃申请。",
            article=waited.article,
            remedy="有正当理由的，请写明；没有的，由承办人员办理“终结（逾期不补正）”。",
        )
    return [
        RequestAmended(
            amended_on=given.today,
            content=Personal.plain(content),
            deadline=reply_due(state, given, given.today),
            good_reason=Personal.plain(good_reason) if good_reason else None,
        )
    ]


def lapse_amendment(state: R, given: Given, good_reason: bool) -> Events:
    """Not amended in time, without good reason: taken as given up (Article 30)."""
    waited = state.waiting_until
    if good_reason:
        raise Refused("good-reason", "申请人有正当理由的，不能视为放弃申请。", article="国令711 第三十条")
    if waited is not None and given.today <= waited.due:
        raise Refused("amendment-still-open", f"补正期限到 {waited.due} 为止，届满后才能终结。", article=waited.article)
    return [AmendmentLapsed(outcome=LAPSED_AMENDMENT)]
