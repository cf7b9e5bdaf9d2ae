"""How a request stands that asks too much or too often."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import ReasonsAsked, ReasonsWeighed
from services.requests.disclosure_request.state.request import DisclosureRequest, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(ReasonsAsked)
def asked(state: R, _event: ReasonsAsked, _meta: Meta) -> R:
    """It is waited for an answer; the period goes on."""
    return replace(state, reasons="asked")


@evolves(ReasonsWeighed)
def weighed(state: R, event: ReasonsWeighed, _meta: Meta) -> R:
    """Reasonable or not; a later due date if there is one."""
    later = replace(state, reasons="reasonable" if event.reasonable else "unreasonable")
    return replace(later, excess_days=event.working_days, deadline=event.deadline) if event.deadline is not None else later
