"""How the confirmation with other agencies changes a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import CoordinationConcluded, CoordinationRequested
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta
from shared.law.calendar import Span

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(CoordinationRequested)
def coordination_requested(state: R, event: CoordinationRequested, _meta: Meta) -> R:
    """It waits for other agencies; where the rulebook says so, its clock stands still."""
    spans = (*state.not_counted, Span(event.since, None, "consulting")) if event.since else state.not_counted
    return replace(state, stage=Stage.COORDINATING, coordinations=event.round, not_counted=spans)


@evolves(CoordinationConcluded)
def coordination_concluded(state: R, event: CoordinationConcluded, _meta: Meta) -> R:
    """The clock goes on; what was not agreed to is not given out, until a later round agrees."""
    spans = tuple(replace(span, end=event.concluded_on) if span.end is None else span for span in state.not_counted)
    others = tuple(sha256 for sha256 in state.unconfirmed if sha256 not in event.files)
    return replace(
        state,
        stage=Stage.ASSIGNED,
        not_counted=spans,
        deadline=event.deadline or state.deadline,
        unconfirmed=others if event.agreed else (*others, *event.files),
        unconfirmed_whole=not event.agreed if not event.files else state.unconfirmed_whole,
    )
