"""Putting right what counts in the report: both values stand, the due date follows."""

from collections.abc import Sequence
from datetime import date

from services.requests.disclosure_request.decisions.deadlines import book_of, reply_due
from services.requests.disclosure_request.decisions.receipt import check_received
from services.requests.disclosure_request.events import DeadlineMissed, DeadlineMissWithdrawn, FactsCorrected
from services.requests.disclosure_request.state import DisclosureRequest, Stage
from shared.kernel.commands import Given
from shared.kernel.errors import Refused
from shared.kernel.events import Event
from shared.law.deadlines import Deadline

R = DisclosureRequest
Events = Sequence[Event]


def correct_facts(state: R, given: Given, reason: str, received_on: date | None, applicant_kind: str | None) -> Events:
    """Both values stand on record, and the due date that follows from them is set anew."""
    received_on = None if received_on == state.received_on else received_on
    applicant_kind = None if applicant_kind == state.applicant_kind else applicant_kind
    if received_on is None and applicant_kind is None:
        raise Refused("nothing-to-correct", "没有需要更正的内容。")
    made = None
    if received_on is not None:
        check_received(given, state.channel, received_on, "更正")
        if state.stands_still:
            raise Refused("clock-suspended", "期限正在中止或者正在征求意见，不能重新计算。", remedy="期限恢复计算之后，再更正收到日期。")
        from_receipt = state.clock_start == state.received_on and not book_of(state, given).starts_on_confirmation(state.channel)
        if state.clock_start is not None and from_receipt:
            made = reply_due(state, given, received_on, not_counted=state.not_counted)
    corrected = FactsCorrected(
        reason=reason,
        received_on_before=state.received_on if received_on else None,
        received_on=received_on,
        applicant_kind_before=state.applicant_kind if applicant_kind else None,
        applicant_kind=applicant_kind,
        deadline=made,
    )
    return [corrected, *lateness_after(state, made)] if made is not None else [corrected]


def lateness_after(state: R, made: Deadline) -> Events:
    """What a due date that was set anew makes of the lateness: the miss of the old one goes, a reply after the new one was late."""
    events: list[Event] = [
        DeadlineMissWithdrawn(due=day) for day in state.missed if state.deadline is not None and day == state.deadline.due
    ]
    if state.stage is Stage.DELIVERED and state.concluded_on is not None and state.concluded_on > made.due:
        events.append(DeadlineMissed(due=made.due))
    return events
