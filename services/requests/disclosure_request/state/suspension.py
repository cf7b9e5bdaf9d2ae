"""How a suspension changes a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import ClockResumed, ClockSuspended
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta
from shared.law.calendar import Span

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(ClockSuspended)
def suspended(state: R, event: ClockSuspended, _meta: Meta) -> R:
    """The clock stands still."""
    return replace(state, stage=Stage.SUSPENDED, not_counted=(*state.not_counted, Span(event.since, None, "suspended")))


@evolves(ClockResumed)
def resumed(state: R, event: ClockResumed, _meta: Meta) -> R:
    """The clock goes on."""
    spans = tuple(replace(span, end=event.resumed_on) if span.end is None else span for span in state.not_counted)
    return replace(state, stage=Stage.ASSIGNED if state.unit else Stage.REGISTERED, not_counted=spans, deadline=event.deadline)
