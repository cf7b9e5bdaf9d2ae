"""How taking a request over changes it."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import RequestTakenOver
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest


@disclosure_request.evolves(RequestTakenOver)
def taken_over(state: R, event: RequestTakenOver, _meta: Meta) -> R:
    """Its number and its clock, as they stood in the other system."""
    return replace(
        state,
        number=event.number,
        stage=Stage.REGISTERED if event.clock_start else Stage.UNCONFIRMED,
        clock_start=event.clock_start,
        extension_days=event.extension_days,
        deadline=event.deadline,
    )
