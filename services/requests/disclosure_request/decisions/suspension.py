"""Suspension for force majeure, and resumption (YS-F.4; the old rules alone)."""

from collections.abc import Sequence

import msgspec

from services.requests.disclosure_request.decisions.deadlines import reply_due
from services.requests.disclosure_request.events import ClockResumed, ClockSuspended
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given
from shared.kernel.events import Event

R = DisclosureRequest
Events = Sequence[Event]


def suspend(state: R, given: Given, reason: str) -> Events:
    """Force majeure or another cause in law (YS-F.4a)."""
    return [ClockSuspended(reason=reason, since=given.today)]


def resume(state: R, given: Given) -> Events:
    """The days between are not counted (YS-F.4b)."""
    assert state.clock_start is not None
    spans = tuple(msgspec.structs.replace(span, end=given.today) if span.end is None else span for span in state.not_counted)
    return [ClockResumed(resumed_on=given.today, deadline=reply_due(state, given, state.clock_start, not_counted=spans))]
