"""Extension: once, with reasons, approved by another (Article 33; YS-F.3)."""

from collections.abc import Sequence

from services.requests.disclosure_request.decisions.deadlines import book_of, reply_due
from services.requests.disclosure_request.events import ExtensionRequested, ReplyExtended
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given
from shared.kernel.errors import Refused
from shared.kernel.events import Event

R = DisclosureRequest
Events = Sequence[Event]


def request_extension(state: R, given: Given, working_days: int, reason: str) -> Events:
    """At most as long as the rulebook allows, with a reason in writing (YS-F.3; Article 33)."""
    limit = book_of(state, given).limit("extension")
    if working_days > limit.days:
        raise Refused("extension-too-long", f"延长期限最多 {limit.days} 个工作日。", article=limit.article)
    return [ExtensionRequested(working_days=working_days, reason=reason)]


def approve_extension(state: R, given: Given) -> Events:
    """The new due date: counted on from the same start."""
    assert state.clock_start is not None
    made = reply_due(state, given, state.clock_start, extension_days=state.extension_wanted, not_counted=state.not_counted)
    return [ReplyExtended(working_days=state.extension_wanted, deadline=made)]
