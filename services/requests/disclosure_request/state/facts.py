"""How a correction of what was registered changes a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import FactsCorrected
from services.requests.disclosure_request.state.request import DisclosureRequest, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(FactsCorrected)
def corrected(state: R, event: FactsCorrected, _meta: Meta) -> R:
    """As it really was."""
    return replace(
        state,
        received_on=event.received_on or state.received_on,
        applicant_kind=event.applicant_kind or state.applicant_kind,
        clock_start=event.received_on if event.deadline else state.clock_start,
        deadline=event.deadline or state.deadline,
    )
