"""Every event of a piece of feedback. What a person says, its name and how to reach it are sealed."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal

CHANNELS = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局党务政务公开制度（DX-10a）"}
HANDLING = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局党务政务公开制度（DX-10b）"}


@event("audit.FeedbackReceived", title="收到意见建议", rules=("DX-10a", "DX-10b"), article=CHANNELS)
class FeedbackReceived(Event, frozen=True):
    """Somebody has said something by this channel; it is answered by the due date. `password_hash` is empty where an official has noted it."""

    channel: str
    kind: str
    text: Personal
    person_key: UUID
    tracking_number: str
    password_hash: str
    deadline: Deadline
    name: Personal | None = None
    contact: Personal | None = None
    supervisor: UUID | None = None
    evidence: str = ""


@event("audit.FeedbackAssigned", title="分派意见建议", rules=("DX-10b",), article=HANDLING)
class FeedbackAssigned(Event, frozen=True):
    """This unit handles it; `reason`: why another than before."""

    unit: str
    reason: str = ""


@event("audit.FeedbackAnswered", title="答复意见建议", rules=("DX-10b",), article=HANDLING)
class FeedbackAnswered(Event, frozen=True):
    """What came of it, what was done, and what the submitter is told."""

    outcome: str
    measures: str
    text: Personal
    way: str


@event("audit.FeedbackClosed", title="意见建议办结", rules=("DX-10b",), article=HANDLING)
class FeedbackClosed(Event, frozen=True):
    """The office has seen that it was handled and answered."""

    note: str


@event("audit.FeedbackReopened", title="重新办理意见建议", rules=("DX-10b",), article=HANDLING)
class FeedbackReopened(Event, frozen=True):
    """It is handled once more, by a day of its own."""

    reason: str
    deadline: Deadline


@event("audit.FeedbackOverdue", title="意见建议逾期未答复", rules=("DX-10b",), article=HANDLING)
class FeedbackOverdue(Event, frozen=True):
    """The due date has passed without an answer. Recorded once."""

    due: date
