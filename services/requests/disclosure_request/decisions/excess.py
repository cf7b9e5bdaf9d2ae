"""Number or frequency clearly beyond what is reasonable: reasons asked once, weighed once; unreasonable is not processed, reasonable is, later if it
must be (Article 35).
"""

from collections.abc import Sequence

from services.requests.disclosure_request.decisions.deadlines import book_of, reply_due
from services.requests.disclosure_request.events import ReasonsAsked, ReasonsWeighed
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given
from shared.kernel.errors import Refused
from shared.kernel.events import Event
from shared.trust.personal import Personal

R = DisclosureRequest
Events = Sequence[Event]


def ask(state: R, given: Given, found: str) -> Events:
    """Once, where the rulebook of the case has it."""
    book = book_of(state, given)
    provision = book.provisions["excess_may_be_questioned"]
    if not provision.holds:
        raise Refused("no-questioning", f"《{book.title}》没有要求申请人说明理由的规定。")
    if state.reasons:
        raise Refused("reasons-asked", "已经要求过申请人说明理由。", article=provision.article)
    return [ReasonsAsked(found=found)]


def weigh(state: R, given: Given, said: str, *, reasonable: bool, finding: str, working_days: int) -> Events:
    """Whether the reasons hold; more time only for those that do, and while the period runs."""
    if not working_days:
        return [ReasonsWeighed(given=Personal.plain(said), reasonable=reasonable, finding=finding)]
    if not reasonable:
        raise Refused("later-without-reason", "申请理由不合理的，不再处理，不另定答复期限。", article="国令711 第三十五条")
    if state.clock_start is None or state.deadline is None or state.stands_still or given.today > state.deadline.due:
        raise Refused("clock-not-running", "答复期限尚未起算、已停止或已届满，不能另定期限。", article="国令711 第三十五条")
    made = reply_due(state, given, state.clock_start, excess_days=working_days, not_counted=state.not_counted)
    return [ReasonsWeighed(given=Personal.plain(said), reasonable=True, finding=finding, working_days=working_days, deadline=made)]
