"""What review does when another service wants something to leave."""

from uuid import UUID

import msgspec

from services.review.secrecy_review.commands import FileIn, OpenReview, review_id
from shared.kernel.events import Meta
from shared.kernel.reactions import Heard, Reaction, reacts


class FileHeard(msgspec.Struct, frozen=True):
    """A file, as requests names it."""

    name: str
    sha256: str
    size: int


class SecrecyReviewRequested(Heard, frozen=True):
    """A request's files are to be given out."""

    review: int
    files: tuple[FileHeard, ...]
    unit: str = ""


@reacts(source="requests", to="requests.SecrecyReviewRequested")
def open_review(heard: SecrecyReviewRequested, meta: Meta) -> Reaction:
    """A review of these bytes, filed in the request's case."""
    subject: UUID = meta.case
    files = tuple(FileIn(name=file.name, sha256=file.sha256, size=file.size) for file in heard.files)
    command = OpenReview(source="requests", subject=subject, review=heard.review, files=files, unit=heard.unit)
    return Reaction(command, review_id(subject, heard.review))
