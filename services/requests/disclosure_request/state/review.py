"""How secrecy review changes a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import SecrecyReviewConcluded, SecrecyReviewRequested
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(SecrecyReviewRequested)
def review_requested(state: R, event: SecrecyReviewRequested, _meta: Meta) -> R:
    """These bytes are in review."""
    return replace(state, stage=Stage.IN_REVIEW, reviews=event.review, in_review=tuple(file.sha256 for file in event.files))


@evolves(SecrecyReviewConcluded)
def review_concluded(state: R, event: SecrecyReviewConcluded, _meta: Meta) -> R:
    """What may be given out, and what may not."""
    return replace(
        state,
        stage=Stage.ASSIGNED if state.stage is Stage.IN_REVIEW else state.stage,
        in_review=(),
        cleared=(*(hash for hash in state.cleared if hash not in event.withheld), *event.released),
        withheld=(*(hash for hash in state.withheld if hash not in event.released), *event.withheld),
    )
