"""Secrecy review of what is to be given out, by the hashes of its bytes (Article 17; BM-03b)."""

from collections.abc import Sequence

from services.requests.disclosure_request.events import File, SecrecyReviewConcluded, SecrecyReviewRequested
from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.errors import Refused
from shared.kernel.events import Event

R = DisclosureRequest
Events = Sequence[Event]


def request_review(state: R, files: tuple[File, ...], stored: tuple[str, ...] = ()) -> Events:
    """These bytes, by their hash; bytes that have a conclusion need none again (BM-03b)."""
    known = {*state.cleared, *state.withheld}
    if all(file.sha256 in known for file in files):
        raise Refused("reviewed-already", "这些文件已有保密审查结论；内容改变后才需要重新审查。", article="国令711 第十七条")
    return [SecrecyReviewRequested(review=state.reviews + 1, files=files, unit=state.unit, stored=stored)]


def conclude_review(state: R, review: int, released: tuple[str, ...], withheld: tuple[str, ...]) -> Events:
    """What review has decided. A case that ended meanwhile, or a review that was overtaken, is left alone."""
    if state.closed or review != state.reviews or not state.in_review:
        return []
    return [SecrecyReviewConcluded(review=review, released=released, withheld=withheld)]
