"""The clock stands still, and goes on (YS-F.4; the old rules alone)."""

from datetime import date

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline


@event("requests.ClockSuspended", title="中止期限", rules=("YS-F.4a",), article="本局依申请公开制度（YS-F.4a）")
class ClockSuspended(Event, frozen=True):
    """The period stands still from this day on."""

    reason: str
    since: date


@event("requests.ClockResumed", title="恢复期限", rules=("YS-F.4b",), article="本局依申请公开制度（YS-F.4b）")
class ClockResumed(Event, frozen=True):
    """The obstacle is gone: the period goes on."""

    resumed_on: date
    deadline: Deadline
