"""The commands of the deadline keeper."""

from services.requests.disclosure_request import events
from services.requests.disclosure_request.decisions import deadlines
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="miss-deadline",
    title="记录逾期",
    capability="requests.miss_deadline",
    internal=True,
    rules=("YS-F.1-2", "KH-02.3b"),
    events=(events.DeadlineMissed,),
)
class MissDeadline(Command):
    """答复期限届满而没有答复。"""


@handles(MissDeadline)
def miss_deadline(_command: MissDeadline, state: R, given: Given) -> Decision:
    """Once."""
    return deadlines.miss_deadline(state, given)


@command(
    of=disclosure_request,
    verb="remind",
    title="提醒期限临近",
    capability="requests.miss_deadline",
    internal=True,
    rules=("YS-F.1-2",),
    events=(events.DeadlineApproaching,),
)
class RemindDeadline(Command):
    """答复期限临近而尚未答复，提醒有关人员。"""


@handles(RemindDeadline)
def remind(_command: RemindDeadline, state: R, given: Given) -> Decision:
    """Once for each due date."""
    return deadlines.remind(state, given)


@command(
    of=disclosure_request,
    verb="recompute-deadline",
    title="重算期限",
    capability="requests.miss_deadline",
    internal=True,
    events=(events.DeadlineRecomputed,),
)
class RecomputeDeadline(Command):
    """放假安排公布后，重算暂定的期限。"""


@handles(RecomputeDeadline)
def recompute_deadline(_command: RecomputeDeadline, state: R, given: Given) -> Decision:
    """Nothing where nothing changes."""
    return deadlines.recompute_deadline(state, given)
