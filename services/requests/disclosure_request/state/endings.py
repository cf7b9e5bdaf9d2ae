"""How a request ends without a reply."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import DuplicateMerged, RequestMerged, RequestVoided, RequestWithdrawn
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(DuplicateMerged)
def duplicate_merged(state: R, _event: DuplicateMerged, _meta: Meta) -> R:
    """Another registration goes on in this one: it only stands on record."""
    return state


@evolves(RequestWithdrawn)
def withdrawn(state: R, event: RequestWithdrawn, meta: Meta) -> R:
    """Ended by the applicant."""
    return replace(state, stage=Stage.WITHDRAWN, outcome=event.outcome, concluded_on=meta.effective_on, waiting_until=None)


@evolves(RequestVoided)
def voided(state: R, _event: RequestVoided, meta: Meta) -> R:
    """It never was a request."""
    return replace(state, stage=Stage.VOIDED, concluded_on=meta.effective_on)


@evolves(RequestMerged)
def merged(state: R, event: RequestMerged, meta: Meta) -> R:
    """It goes on in the other."""
    return replace(state, stage=Stage.MERGED, merged_into=event.into, concluded_on=meta.effective_on)
