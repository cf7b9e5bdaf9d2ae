"""What publishing does when review has decided about what it wants to publish, requests has given out what concerns everybody, or press has assessed a risk."""

from uuid import UUID

import msgspec

from services.publishing.consultation.commands import HearRisk
from services.publishing.publication.commands import ConcludeCoordination, ConcludeReview, FileIn
from services.publishing.publication.press_commands import TakeUpStatement, statement_id
from services.publishing.publication.request_commands import TakeUp, taken_up_id
from shared.kernel.events import Meta
from shared.kernel.reactions import Heard, Reaction, reacts


class ReviewApproved(Heard, frozen=True):
    """Review has approved an opinion: which bytes may leave, and which may not."""

    source: str
    subject: UUID
    review: int
    released: tuple[str, ...]
    withheld: tuple[str, ...] = ()


class ReviewRejected(Heard, frozen=True):
    """Review's leader has not approved: nothing may leave until it was reviewed again."""

    source: str
    subject: UUID
    review: int


class FileHeard(msgspec.Struct, frozen=True):
    """A file, as review names it."""

    sha256: str


class CoordinationConcluded(Heard, frozen=True):
    """The agencies that were asked have come to something."""

    source: str
    subject: UUID
    round: int
    agreed: bool
    how: str
    files: tuple[FileHeard, ...] = ()
    opinion: str = ""


class CoordinationWithdrawn(Heard, frozen=True):
    """Nobody is asked any more."""

    source: str
    subject: UUID
    round: int
    reason: str


@reacts(source="review", to="review.ReviewApproved")
def conclude(heard: ReviewApproved, _meta: Meta) -> Reaction | None:
    """The publication has its answer."""
    if heard.source != "publishing":
        return None
    return Reaction(ConcludeReview(review=heard.review, released=heard.released, withheld=heard.withheld), heard.subject)


@reacts(source="review", to="review.ReviewRejected")
def reject(heard: ReviewRejected, _meta: Meta) -> Reaction | None:
    """Nothing was released."""
    if heard.source != "publishing":
        return None
    return Reaction(ConcludeReview(review=heard.review, released=()), heard.subject)


@reacts(source="review", to="review.CoordinationConcluded")
def coordinated(heard: CoordinationConcluded, _meta: Meta) -> Reaction | None:
    """The publication goes on, or may not."""
    if heard.source != "publishing":
        return None
    files = tuple(file.sha256 for file in heard.files)
    command = ConcludeCoordination(round=heard.round, agreed=heard.agreed, how=heard.how, opinion=heard.opinion, files=files)
    return Reaction(command, heard.subject)


@reacts(source="review", to="review.CoordinationWithdrawn")
def coordination_withdrawn(heard: CoordinationWithdrawn, _meta: Meta) -> Reaction | None:
    """Nobody has confirmed it: it may be asked anew."""
    if heard.source != "publishing":
        return None
    return Reaction(ConcludeCoordination(round=heard.round, agreed=False, how="withdrawn", opinion=heard.reason), heard.subject)


class OfferedHeard(msgspec.Struct, frozen=True):
    """A file that went out with a reply."""

    name: str
    sha256: str
    size: int


class MovedToProactive(Heard, frozen=True):
    """What a request was given is to be published."""

    title: str
    unit: str
    files: tuple[OfferedHeard, ...] = ()


@reacts(source="requests", to="requests.MovedToProactive")
def take_up(heard: MovedToProactive, meta: Meta) -> Reaction:
    """A publication of its own, in a case of its own: the applicant's stays closed."""
    files = tuple(FileIn(name=file.name, sha256=file.sha256, size=file.size) for file in heard.files)
    id = taken_up_id(meta.case)
    return Reaction(TakeUp(request=meta.case, title=heard.title, unit=heard.unit, files=files), id, case=id)


class RiskAssessed(Heard, frozen=True):
    """Press has assessed what people may say of a decision: for which service's matter, how, how high, and what is prepared."""

    assessment: UUID
    source: str
    subject: UUID
    methods: tuple[str, ...]
    level: str
    plan: str


@reacts(source="press", to="press.RiskAssessed")
def assessed(heard: RiskAssessed, _meta: Meta) -> Reaction | None:
    """The gate of the matter has its assessment (YQ-03.2b)."""
    if heard.source != "publishing":
        return None
    command = HearRisk(assessment=heard.assessment, methods=heard.methods, level=heard.level, plan=heard.plan)
    return Reaction(command, heard.subject)


class StatementIssued(Heard, frozen=True):
    """Press has said something for the agency."""

    title: str
    text: str
    unit: str


@reacts(source="press", to="press.StatementIssued")
def say_the_same(heard: StatementIssued, meta: Meta) -> Reaction:
    """A publication of its own, in a case of its own; further channels of the same release change nothing."""
    id = statement_id(meta.case)
    return Reaction(TakeUpStatement(release=meta.case, title=heard.title, text=heard.text, unit=heard.unit), id, case=id)
