"""What becomes of information that may concern everybody: suggested, declined, or moved to what is published."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import MovedToProactive, ProactiveDeclined, ProactiveSuggested
from services.requests.disclosure_request.state.request import DisclosureRequest, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(ProactiveSuggested)
def suggested(state: R, _event: ProactiveSuggested, _meta: Meta) -> R:
    """Somebody waits for an answer."""
    return replace(state, proactive="suggested")


@evolves(ProactiveDeclined)
def declined(state: R, _event: ProactiveDeclined, _meta: Meta) -> R:
    """Not now; another suggestion may come."""
    return replace(state, proactive="declined")


@evolves(MovedToProactive)
def moved_to_proactive(state: R, _event: MovedToProactive, _meta: Meta) -> R:
    """Publishing has it."""
    return replace(state, proactive="moved")
