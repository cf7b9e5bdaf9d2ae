"""What review does when another service wants something to leave."""

from uuid import UUID

import msgspec

from services.review.coordination.commands import AddresseeIn, CoordinatedFile, CoordinateSubject, coordination_id
from services.review.secrecy_review.commands import FileIn, OpenReview, review_id
from shared.kernel.events import Meta
from shared.kernel.reactions import Heard, Reaction, reacts


class FileHeard(msgspec.Struct, frozen=True):
    """A file, as requests and publishing name it."""

    name: str
    sha256: str
    size: int


class SecrecyReviewRequested(Heard, frozen=True):
    """Files are to be given out, or published."""

    review: int
    files: tuple[FileHeard, ...]
    unit: str = ""
    stored: tuple[str, ...] = ()


@reacts(source="press", to="press.ReviewRequested")
@reacts(source="publishing", to="publishing.ReviewRequested")
@reacts(source="requests", to="requests.SecrecyReviewRequested")
def open_review(heard: SecrecyReviewRequested, meta: Meta) -> Reaction:
    """A review of these bytes, filed in the case that asks."""
    subject: UUID = meta.case
    files = tuple(FileIn(name=file.name, sha256=file.sha256, size=file.size) for file in heard.files)
    command = OpenReview(source=meta.service, subject=subject, review=heard.review, files=files, unit=heard.unit, stored=heard.stored)
    return Reaction(command, review_id(subject, heard.review))


class AddresseeHeard(msgspec.Struct, frozen=True):
    """An agency that is to be asked."""

    code: str
    name: str
    outside: bool = False


class CoordinatedFileHeard(msgspec.Struct, frozen=True):
    """A file that it is to confirm."""

    name: str
    sha256: str


class CoordinationRequested(Heard, frozen=True):
    """What is to leave concerns other agencies."""

    round: int
    item: str
    text: str
    addressees: tuple[AddresseeHeard, ...]
    files: tuple[CoordinatedFileHeard, ...] = ()
    urgent: bool = False
    co_made: bool = False
    unit: str = ""
    approval_by: str = ""


@reacts(source="press", to="press.CoordinationRequested")
@reacts(source="publishing", to="publishing.CoordinationRequested")
@reacts(source="requests", to="requests.CoordinationRequested")
def coordinate(heard: CoordinationRequested, meta: Meta) -> Reaction:
    """A coordination with a letter to each, filed in the case that asks."""
    subject: UUID = meta.case
    command = CoordinateSubject(
        source=meta.service,
        subject=subject,
        round=heard.round,
        item=heard.item,
        text=heard.text,
        addressees=tuple(AddresseeIn(code=one.code, name=one.name, outside=one.outside) for one in heard.addressees),
        files=tuple(CoordinatedFile(name=file.name, sha256=file.sha256) for file in heard.files),
        urgent=heard.urgent,
        co_made=heard.co_made,
        unit=heard.unit,
        approval_by=heard.approval_by,
    )
    return Reaction(command, coordination_id(subject, heard.round))
