"""What press does when review has decided about what it wants to say, and when publishing says the same or has a decision that touches people's interests."""

from uuid import UUID

import msgspec

from services.press.clearance.commands import ConcludeCoordination, ConcludeReview
from services.press.clearance.state import clearance_id
from services.press.press_release.saying_commands import LinkPublication
from services.press.risk_assessment.commands import OpenFor, SettleRisk
from services.press.risk_assessment.decisions import risk_id
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
    """What was to be confirmed, as review names it."""

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
    """What is to be said has its answer."""
    if heard.source != "press":
        return None
    command = ConcludeReview(review=heard.review, released=heard.released, withheld=heard.withheld)
    return Reaction(command, clearance_id(heard.subject))


@reacts(source="review", to="review.ReviewRejected")
def reject(heard: ReviewRejected, _meta: Meta) -> Reaction | None:
    """Nothing was released."""
    if heard.source != "press":
        return None
    return Reaction(ConcludeReview(review=heard.review, released=()), clearance_id(heard.subject))


@reacts(source="review", to="review.CoordinationConcluded")
def coordinated(heard: CoordinationConcluded, _meta: Meta) -> Reaction | None:
    """It may be said, or not."""
    if heard.source != "press":
        return None
    files = tuple(file.sha256 for file in heard.files)
    command = ConcludeCoordination(round=heard.round, agreed=heard.agreed, how=heard.how, opinion=heard.opinion, files=files)
    return Reaction(command, clearance_id(heard.subject))


@reacts(source="review", to="review.CoordinationWithdrawn")
def coordination_withdrawn(heard: CoordinationWithdrawn, _meta: Meta) -> Reaction | None:
    """Nobody has confirmed it: they may be asked anew."""
    if heard.source != "press":
        return None
    command = ConcludeCoordination(round=heard.round, agreed=False, how="withdrawn", opinion=heard.reason)
    return Reaction(command, clearance_id(heard.subject))


class MatterProposed(Heard, frozen=True):
    """An important matter of publishing."""

    title: str
    unit: str
    touches_interests: bool


class RiskRecorded(Heard, frozen=True):
    """Publishing knows the risk of a matter: from press, or recorded there by hand."""

    assessment: UUID | None = None


@reacts(source="publishing", to="publishing.MatterProposed")
def proposed(heard: MatterProposed, meta: Meta) -> Reaction | None:
    """It waits in press, in the case of the matter."""
    if not heard.touches_interests:
        return None
    command = OpenFor(source="publishing", subject=meta.case, title=heard.title, unit=heard.unit)
    return Reaction(command, risk_id("publishing", meta.case))


@reacts(source="publishing", to="publishing.RiskRecorded")
def recorded(heard: RiskRecorded, meta: Meta) -> Reaction | None:
    """What was assessed there by hand is owed here no more."""
    if heard.assessment is not None:
        return None
    return Reaction(SettleRisk(), risk_id("publishing", meta.case))


class RelatedLinked(Heard, frozen=True):
    """A version of a publication agrees with what press has said."""

    kind: str
    thing: UUID
    version: int


@reacts(source="publishing", to="publishing.RelatedLinked")
def agreed(heard: RelatedLinked, meta: Meta) -> Reaction | None:
    """The release knows its publication (YQ-03.5b)."""
    if heard.kind == "response":
        return None
    return Reaction(LinkPublication(publication=meta.case, edition=heard.version), heard.thing)
