"""Every event of a register of comments. It stands beside its matter, so that a flood of comments never makes an official's form stale."""

from uuid import UUID

from shared.kernel.events import Event, event

OPINIONS = {"decree-711": "国令713 第十八条", "bureau-2019": "本局公众参与制度（JC-03）"}


@event("publishing.CommentNumbered", title="意见编入序号", rules=("JC-03a",), article=OPINIONS)
class CommentNumbered(Event, frozen=True):
    """A comment that came through the platform is the nth on its draft."""

    consultation: UUID
    comment: UUID
    number: int
