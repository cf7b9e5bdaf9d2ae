"""Secrecy review of what is to be given out: asked, and answered (Article 17)."""

from services.requests.disclosure_request.events.files import File
from shared.kernel.events import Event, event


@event("requests.SecrecyReviewRequested", title="提请保密审查", rules=("BM-03b", "YS-07.5"), article="国令711 第十七条")
class SecrecyReviewRequested(Event, frozen=True):
    """These files go to secrecy review, by their hashes. The review's number counts the reviews of this request.

    `stored`: the hashes of those whose bytes the platform keeps, so that it can look into them.
    """

    review: int
    files: tuple[File, ...]
    unit: str = ""
    stored: tuple[str, ...] = ()


@event("requests.SecrecyReviewConcluded", title="保密审查结论", rules=("BM-03b",), article="国令711 第十七条")
class SecrecyReviewConcluded(Event, frozen=True):
    """What review has decided about these very bytes: the hashes that may be given out, and those that may not."""

    review: int
    released: tuple[str, ...]
    withheld: tuple[str, ...] = ()
