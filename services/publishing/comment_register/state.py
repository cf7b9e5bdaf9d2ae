"""A register of comments as it stands: how many there are. It says nothing of what they say."""

from uuid import UUID

from msgspec.structs import replace

from services.publishing.comment_register.events import CommentNumbered
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.kernel.identity import derived_id


class CommentRegister(State, frozen=True):
    """A register as it stands. `received`: the comments on this draft that came through the platform, numbered from 1 without a gap."""

    received: int = 0


comment_register: Aggregate[CommentRegister] = Aggregate("publishing.CommentRegister", CommentRegister)
evolves = comment_register.evolves


def register_id(matter: UUID) -> UUID:
    """The register of a matter."""
    return derived_id("publishing", "comments", matter)


@evolves(CommentNumbered)
def numbered(state: CommentRegister, event: CommentNumbered, _meta: Meta) -> CommentRegister:
    """One more."""
    return replace(state, received=event.number)
