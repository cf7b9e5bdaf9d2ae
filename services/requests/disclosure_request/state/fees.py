"""How a fee changes a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import FeeAssessed, FeeLapsed, FeePaid
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(FeeAssessed)
def fee_assessed(state: R, event: FeeAssessed, _meta: Meta) -> R:
    """It waits for the payment."""
    return replace(state, stage=Stage.UNPAID, fee=event.yuan, waiting_until=event.deadline)


@evolves(FeePaid)
def fee_paid(state: R, event: FeePaid, _meta: Meta) -> R:
    """The clock starts anew."""
    return replace(
        state,
        stage=Stage.ASSIGNED if state.unit else Stage.REGISTERED,
        clock_start=event.paid_on,
        deadline=event.deadline,
        waiting_until=None,
        not_counted=(),
    )


@evolves(FeeLapsed)
def fee_lapsed(state: R, event: FeeLapsed, meta: Meta) -> R:
    """It has ended without a reply on the matter."""
    return replace(state, stage=Stage.LAPSED, outcome=event.outcome, concluded_on=meta.effective_on, waiting_until=None)
