"""How the assignment changes a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import RequestAssigned, RequestHandedOver, RequestReturned
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(RequestAssigned)
def assigned(state: R, event: RequestAssigned, _meta: Meta) -> R:
    """A unit works on it."""
    return replace(state, unit=event.unit, stage=Stage.ASSIGNED if state.stage in (Stage.REGISTERED, Stage.ASSIGNED) else state.stage)


@evolves(RequestHandedOver)
def handed_over(state: R, event: RequestHandedOver, _meta: Meta) -> R:
    """Another unit, at the same point."""
    return replace(state, unit=event.unit)


@evolves(RequestReturned)
def returned(state: R, _event: RequestReturned, _meta: Meta) -> R:
    """Nobody works on it until it is assigned again."""
    return replace(state, unit="", stage=Stage.REGISTERED)
