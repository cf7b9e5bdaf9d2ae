"""What requests does when another service has decided something about its cases."""

from uuid import UUID

from services.requests.disclosure_request.commands import ConcludeReview
from shared.kernel.events import Meta
from shared.kernel.reactions import Heard, Reaction, reacts


class ReviewApproved(Heard, frozen=True):
    """Review has approved an opinion: which bytes may leave, and which may not."""

    subject: UUID
    review: int
    released: tuple[str, ...]
    withheld: tuple[str, ...] = ()


class ReviewRejected(Heard, frozen=True):
    """Review's leader has not approved: nothing may leave until it was reviewed again."""

    subject: UUID
    review: int
    files: tuple[str, ...]


@reacts(source="review", to="review.ReviewApproved")
def conclude(heard: ReviewApproved, _meta: Meta) -> Reaction:
    """The request has its answer."""
    return Reaction(ConcludeReview(review=heard.review, released=heard.released, withheld=heard.withheld), heard.subject)


@reacts(source="review", to="review.ReviewRejected")
def reject(heard: ReviewRejected, _meta: Meta) -> Reaction:
    """Nothing was released."""
    return Reaction(ConcludeReview(review=heard.review, released=()), heard.subject)
