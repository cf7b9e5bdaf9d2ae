"""Every event of a comment. What a person wrote stands in it sealed."""

from uuid import UUID

from shared.kernel.events import Event, event
from shared.trust.personal import Personal

OPINIONS = {"decree-711": "国令713 第十八条", "bureau-2019": "本局公众参与制度（JC-03）"}


@event("publishing.CommentReceived", title="收到意见", rules=("JC-01a",), article=OPINIONS)
class CommentReceived(Event, frozen=True):
    """Somebody's opinion on a draft. `representative`: said as a representative of the public; `unit` handles the matter; `number`: the nth on it."""

    consultation: UUID
    text: Personal
    person_key: UUID
    name: Personal | None = None
    contact: Personal | None = None
    representative: bool = False
    unit: str = ""
    number: int = 0


@event("publishing.CommentExamined", title="论证意见", rules=("JC-06d",), article=OPINIONS)
class CommentExamined(Event, frozen=True):
    """Whether it is reasonable, with the argument."""

    reasonable: bool
    argument: str


@event("publishing.CommentAnswered", title="决定是否采纳", rules=("JC-03b",), article=OPINIONS)
class CommentAnswered(Event, frozen=True):
    """Adopted, or not with the reason."""

    adopted: bool
    reason: str = ""


@event("publishing.ReasonsSent", title="书面说明理由", rules=("JC-06b",), article=OPINIONS)
class ReasonsSent(Event, frozen=True):
    """The representative has in writing why it was not adopted."""

    document: str
