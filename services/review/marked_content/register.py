"""Bytes that were marked as secret: the mark follows them into every later review, so that asking again is no way around it."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Event, Meta, event
from shared.kernel.identity import derived_id


@event("review.ContentMarked", title="登记涉密标识", rules=("BM-07.1", "BM-12a"), article="国令711 第十四条")
class ContentMarked(Event, frozen=True):
    """From now on these bytes carry this mark; `none` after a declassification. `review` is the review in which it was put or lifted."""

    sha256: str
    mark: str
    review: UUID
    until: date | None = None


class MarkedContent(State, frozen=True):
    """Bytes and the mark that they carry, with the last day of its term."""

    mark: str = "none"
    until: date | None = None


marked_content: Aggregate[MarkedContent] = Aggregate("review.MarkedContent", MarkedContent)


@marked_content.evolves(ContentMarked)
def marked(state: MarkedContent, event: ContentMarked, _meta: Meta) -> MarkedContent:
    """The mark as it now is."""
    return replace(state, mark=event.mark, until=event.until)


def content_id(agency: str, sha256: str) -> UUID:
    """These bytes in this agency."""
    return derived_id("review", "marked-content", agency, sha256)
