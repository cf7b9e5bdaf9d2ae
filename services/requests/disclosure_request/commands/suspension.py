"""The commands that stop the clock and let it go on."""

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Reason
from services.requests.disclosure_request.decisions import suspension
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="suspend",
    title="中止期限",
    capability="requests.suspend",
    rules=("YS-F.4a",),
    opens=guards.suspendable,
    events=(events.ClockSuspended,),
)
class Suspend(Command):
    """因不可抗力或者其他法定事由，中止计算期限（仅本局 2019 年规定）。"""

    reason: Reason = Field(title="事由")


@handles(Suspend)
def suspend(command: Suspend, state: R, given: Given) -> Decision:
    """Stops the clock."""
    return suspension.suspend(state, given, command.reason)


@command(
    of=disclosure_request,
    verb="resume",
    title="恢复期限",
    capability="requests.resume",
    rules=("YS-F.4b",),
    opens=guards.resumable,
    events=(events.ClockResumed,),
)
class Resume(Command):
    """障碍消除，恢复计算期限。"""


@handles(Resume)
def resume(_command: Resume, state: R, given: Given) -> Decision:
    """Lets the clock go on."""
    return suspension.resume(state, given)
