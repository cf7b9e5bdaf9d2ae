"""Reconsideration and litigation, and a request that is opened again by their result."""

from datetime import date

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

REMEDIES = "国令711 第五十一条"


@event("requests.ReconsiderationFiled", title="收到行政复议", article=REMEDIES)
class ReconsiderationFiled(Event, frozen=True):
    """Somebody asked the reconsideration organ; `received_on` is when its copy came, `answer` until when the agency answers it. `number` counts
    the remedies of this request."""

    number: int
    organ: str
    filed_on: date
    received_on: date
    simple: bool
    answer: Deadline


@event("requests.LitigationFiled", title="收到行政诉讼", article=REMEDIES)
class LitigationFiled(Event, frozen=True):
    """Somebody sued; `after` is the number of the reconsideration that went before, None for a suit without one."""

    number: int
    court: str
    filed_on: date
    received_on: date
    after: int | None
    answer: Deadline


@event("requests.RemedyAnswered", title="提交复议答复、诉讼答辩", article=REMEDIES)
class RemedyAnswered(Event, frozen=True):
    """The agency has answered the organ or the court."""

    number: int
    answered_on: date
    document: str


@event("requests.ReconsiderationConcluded", title="行政复议审结", article=REMEDIES)
class ReconsiderationConcluded(Event, frozen=True):
    """`result`: upheld, overturned or other_result, as table four counts them."""

    number: int
    result: str
    decided_on: date
    document: str


@event("requests.LitigationConcluded", title="行政诉讼审结", article=REMEDIES)
class LitigationConcluded(Event, frozen=True):
    """`result`: upheld, overturned or other_result, as table four counts them."""

    number: int
    result: str
    decided_on: date
    document: str


@event("requests.RemedyAnswerMissed", title="复议答复、诉讼答辩逾期", article=REMEDIES)
class RemedyAnswerMissed(Event, frozen=True):
    """The day has passed by which the organ or the court was to be answered. Recorded once for each."""

    number: int
    due: date


@event("requests.RemedyResultCorrected", title="更正复议、诉讼结果", article=REMEDIES)
class RemedyResultCorrected(Event, frozen=True):
    """The result was registered wrongly: as it was, and as it is."""

    number: int
    result_before: str
    result: str
    decided_on: date
    reason: str


@event("requests.RemedyVoided", title="作废误登记的复议、诉讼", article=REMEDIES)
class RemedyVoided(Event, frozen=True):
    """It was registered by mistake and counts nowhere; `pending`: it had no result yet."""

    number: int
    pending: bool
    reason: str


@event("requests.RequestReopened", title="责令重新答复", article=REMEDIES)
class RequestReopened(Event, frozen=True):
    """A decision or judgment wants another reply: a clock of its own, from the day after its receipt; `days` (working days) where it sets a period."""

    number: int
    reason: str
    since: date
    days: int | None
    deadline: Deadline
