"""A clearance as it stands, and how each event changes it."""

from uuid import UUID

from msgspec.structs import replace

from services.press.clearance.events import CoordinationConcluded, CoordinationRequested, ReviewConcluded, ReviewRequested
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id


class Clearance(State, frozen=True):
    """What may be said of a thing, by hashes: `cleared` or `withheld` by review, `agreed` by every agency that it concerns."""

    reviews: int = 0
    in_review: bool = False
    cleared: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    rounds: int = 0
    coordinating: bool = False
    agreed: frozenset[str] = frozenset()
    refused: str = ""


clearance: Aggregate[Clearance] = Aggregate("press.Clearance", Clearance)
evolves = clearance.evolves


def clearance_id(subject: UUID) -> UUID:
    """The clearance of an item of public opinion, or of a release."""
    return derived_id("press", "clearance", subject)


@evolves(ReviewRequested)
def review_requested(state: Clearance, event: ReviewRequested, _meta: Meta) -> Clearance:
    """Waits for review."""
    return replace(state, reviews=event.review, in_review=True)


@evolves(ReviewConcluded)
def review_concluded(state: Clearance, event: ReviewConcluded, _meta: Meta) -> Clearance:
    """The newest conclusion about the same bytes counts."""
    released, withheld = frozenset(event.released), frozenset(event.withheld)
    return replace(state, in_review=False, cleared=(state.cleared - withheld) | released, withheld=(state.withheld - released) | withheld)


@evolves(CoordinationRequested)
def coordination_requested(state: Clearance, event: CoordinationRequested, _meta: Meta) -> Clearance:
    """Waits for the agencies."""
    return replace(state, rounds=event.round, coordinating=True, refused="")


@evolves(CoordinationConcluded)
def coordination_concluded(state: Clearance, event: CoordinationConcluded, _meta: Meta) -> Clearance:
    """They agree to exactly these bytes, or do not."""
    agreed = state.agreed | frozenset(event.files) if event.agreed else state.agreed - frozenset(event.files)
    return replace(state, coordinating=False, agreed=agreed, refused="" if event.agreed else event.opinion or event.how)
