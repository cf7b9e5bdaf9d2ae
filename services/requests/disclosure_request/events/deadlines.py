"""A due date that was missed, was not missed after all, or moved with the calendar."""

from datetime import date

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

REPLY_PERIOD = {"decree-711": "国令711 第三十三条", "bureau-2019": "本局考核制度（KH-02.3b）"}


@event("requests.DeadlineMissed", title="逾期", rules=("YS-F.1-2", "KH-02.3b"), article=REPLY_PERIOD)
class DeadlineMissed(Event, frozen=True):
    """The due date has passed without a reply. Recorded once for each due date."""

    due: date


@event("requests.DeadlineApproaching", title="期限临近提醒", rules=("YS-F.1-2",), article=REPLY_PERIOD)
class DeadlineApproaching(Event, frozen=True):
    """The due date is near, and there is no reply yet: so many working days are left. Told once for each due date."""

    due: date
    left: int


@event("requests.DeadlineMissWithdrawn", title="撤销逾期记录", article=REPLY_PERIOD)
class DeadlineMissWithdrawn(Event, frozen=True):
    """A reply recorded later had been given in time: the miss is taken back."""

    due: date


@event("requests.DeadlineRecomputed", title="重算期限", article=REPLY_PERIOD)
class DeadlineRecomputed(Event, frozen=True):
    """A calendar was announced: the due date as it was, and as it is now certain to be."""

    before: Deadline
    deadline: Deadline
