"""What reading on the spot changes: the appointment that stands."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import CopiesProvided, InspectionArranged, InspectionHeld
from services.requests.disclosure_request.state.request import DisclosureRequest, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(InspectionArranged, InspectionHeld, CopiesProvided)
def inspected(state: R, event: InspectionArranged | InspectionHeld | CopiesProvided, _meta: Meta) -> R:
    """An appointment stands until it was kept or missed; copies only stand on record."""
    if isinstance(event, CopiesProvided):
        return state
    return replace(state, inspection=event if isinstance(event, InspectionArranged) else None)
