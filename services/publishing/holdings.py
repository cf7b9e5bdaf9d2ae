"""What publishing holds of people: who commented on a draft, and when that has to be kept."""

from services.publishing.comment.decisions import Comment, comment
from shared.trust.erasure.holdings import keeps


@keeps(comment)
def why_kept(state: Comment) -> str | None:
    """Why a commenter's personal data can't be erased yet; None if it can."""
    return None if state.adopted is not None else "意见尚未答复"
