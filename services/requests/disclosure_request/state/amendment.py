"""How an amendment changes a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import AmendmentLapsed, AmendmentRequested, RequestAmended
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(AmendmentRequested)
def amendment_requested(state: R, event: AmendmentRequested, _meta: Meta) -> R:
    """It waits for the applicant."""
    return replace(state, stage=Stage.AMENDING, amendment_items=event.items, waiting_until=event.deadline)


@evolves(RequestAmended)
def amended(state: R, event: RequestAmended, _meta: Meta) -> R:
    """The clock starts anew."""
    return replace(
        state,
        stage=Stage.ASSIGNED if state.unit else Stage.REGISTERED,
        content=event.content,
        clock_start=event.amended_on,
        deadline=event.deadline,
        waiting_until=None,
        not_counted=(),
    )


@evolves(AmendmentLapsed)
def amendment_lapsed(state: R, event: AmendmentLapsed, meta: Meta) -> R:
    """It has ended without a reply on the matter."""
    return replace(state, stage=Stage.LAPSED, outcome=event.outcome, concluded_on=meta.effective_on, waiting_until=None)
