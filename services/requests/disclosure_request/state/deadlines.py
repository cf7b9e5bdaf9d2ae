"""How missed and moved due dates change a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import DeadlineApproaching, DeadlineMissed, DeadlineMissWithdrawn, DeadlineRecomputed
from services.requests.disclosure_request.state.request import DisclosureRequest, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(DeadlineMissed)
def missed(state: R, event: DeadlineMissed, _meta: Meta) -> R:
    """Late, once for each due date."""
    return replace(state, missed=(*state.missed, event.due))


@evolves(DeadlineApproaching)
def reminded(state: R, event: DeadlineApproaching, _meta: Meta) -> R:
    """Once for each due date."""
    return replace(state, reminded=event.due)


@evolves(DeadlineMissWithdrawn)
def miss_withdrawn(state: R, event: DeadlineMissWithdrawn, _meta: Meta) -> R:
    """It was not late after all."""
    return replace(state, missed=tuple(due for due in state.missed if due != event.due))


@evolves(DeadlineRecomputed)
def recomputed(state: R, event: DeadlineRecomputed, _meta: Meta) -> R:
    """The due date as announced."""
    return replace(state, deadline=event.deadline)
