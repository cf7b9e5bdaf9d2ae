"""The commands of an extension."""

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Reason
from services.requests.disclosure_request.decisions import extension
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="extend",
    title="申请延期",
    capability="requests.request_extension",
    rules=("YS-F.3",),
    article="国令711 第三十三条",
    opens=guards.extendable,
    events=(events.ExtensionRequested,),
)
class RequestExtension(Command):
    """因正当理由不能按期答复的，申请延长一次。"""

    working_days: int = Field(title="延长的工作日", ge=1, le=60)
    reason: Reason = Field(title="理由")


@handles(RequestExtension)
def request_extension(command: RequestExtension, state: R, given: Given) -> Decision:
    """Asks."""
    return extension.request_extension(state, given, command.working_days, command.reason)


@command(
    of=disclosure_request,
    verb="approve-extension",
    title="批准延期",
    capability="requests.approve_extension",
    rules=("YS-F.3",),
    article="国令711 第三十三条",
    opens=guards.extension_approvable,
    events=(events.ReplyExtended,),
)
class ApproveExtension(Command):
    """同意延长答复期限，并书面告知申请人理由。"""


@handles(ApproveExtension)
def approve_extension(_command: ApproveExtension, state: R, given: Given) -> Decision:
    """Sets the new due date."""
    return extension.approve_extension(state, given)


@command(
    of=disclosure_request,
    verb="refuse-extension",
    title="不同意延期",
    capability="requests.approve_extension",
    rules=("YS-F.3",),
    opens=guards.extension_pending,
    events=(events.ExtensionRefused,),
)
class RefuseExtension(Command):
    """不同意延长答复期限。"""

    reason: Reason = Field(title="理由")


@handles(RefuseExtension)
def refuse_extension(command: RefuseExtension, _state: R, _given: Given) -> Decision:
    """Leaves the due date."""
    return [events.ExtensionRefused(reason=command.reason)]
