"""Opinions of secrecy review."""

import msgspec

from services.audit.measures.fold import Fold, Nothing, Owed, Row, reads


class _Review(msgspec.Struct, frozen=True):
    deadline: Owed
    unit: str = ""
    review: int = 1


@reads(_Review, "review.ReviewOpened")
def review_opened(fold: Fold, row: Row, data: _Review) -> None:
    """An opinion is owed."""
    fold.open(row, "reviews", row.thing, unit=data.unit, title=f"第 {data.review} 次审查", due=data.deadline.due)


@reads(Nothing, "review.ReviewApproved", "review.ReviewRejected")
def reviewed(fold: Fold, row: Row, _data: Nothing) -> None:
    """It was given, and decided upon."""
    matter = fold.of("reviews", row.thing)
    if matter is not None and matter.done is None:
        matter.done = row.on
