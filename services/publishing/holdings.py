"""What publishing holds of people: who commented on a draft, and when that has to be kept."""

from services.publishing.comment.decisions import Comment, comment
from services.publishing.outside_channel.decisions import OutsideChannel, outside_channel
from shared.trust.erasure.holdings import keeps


@keeps(comment)
def why_kept(state: Comment) -> str | None:
    """Why a commenter's personal data can't be erased yet; None if it can."""
    return None if state.adopted is not None else "意见尚未答复"


@keeps(outside_channel)
def why_a_secret_is_kept(state: OutsideChannel) -> str | None:
    """The secret of a channel is nobody's personal data, but sealed as such: kept while the channel is open."""
    return None if state.closed else "对外通道尚未关闭"
