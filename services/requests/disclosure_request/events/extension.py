"""More time: asked for, given or refused (Article 33; YS-F.3)."""

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

EXTENSION = {"decree-711": "国令711 第三十三条", "bureau-2019": "本局依申请公开制度（YS-F.3）"}


@event("requests.ExtensionRequested", title="申请延期", rules=("YS-F.3",), article=EXTENSION)
class ExtensionRequested(Event, frozen=True):
    """Somebody asks for more time, with reasons."""

    working_days: int
    reason: str


@event("requests.ReplyExtended", title="批准延期", rules=("YS-F.3",), article=EXTENSION)
class ReplyExtended(Event, frozen=True):
    """Approved: the new due date, of which the applicant is told with the reason."""

    working_days: int
    deadline: Deadline


@event("requests.ExtensionRefused", title="不同意延期", rules=("YS-F.3",), article=EXTENSION)
class ExtensionRefused(Event, frozen=True):
    """Not approved: the due date stays."""

    reason: str
