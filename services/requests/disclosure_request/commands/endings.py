"""The commands that end a request without a reply."""

from uuid import UUID

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.applicant import by_applicant
from services.requests.disclosure_request.commands.fields import Reason, Text
from services.requests.disclosure_request.decisions import endings
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="withdraw",
    title="撤回申请",
    capability="requests.withdraw",
    public=True,
    opens=guards.not_closed,
    events=(events.RequestWithdrawn,),
)
class Withdraw(Command):
    """申请人撤回申请。"""

    reason: Text = Field(default="", title="原因", max_length=500)
    query_password: str | None = Field(default=None, title="查询密码", max_length=100, description="申请人自行撤回时填写")


@handles(Withdraw)
def withdraw(command: Withdraw, state: R, given: Given) -> Decision:
    """Ends it."""
    by_applicant(state, given, command.query_password)
    return endings.withdraw(given, command.reason)


@command(
    of=disclosure_request,
    verb="void",
    title="作废登记",
    capability="requests.void",
    opens=guards.not_closed,
    events=(events.RequestVoided,),
)
class Void(Command):
    """误登记的申请，作废并写明理由；编号不再使用。"""

    reason: Reason = Field(title="理由")


@handles(Void)
def void(command: Void, _state: R, _given: Given) -> Decision:
    """Ends it."""
    return [events.RequestVoided(reason=command.reason)]


@command(
    of=disclosure_request,
    verb="merge",
    title="并入重复登记的申请",
    capability="requests.merge",
    opens=guards.mergeable,
    events=(events.RequestMerged, events.DuplicateMerged),
    also=lambda command, _agency, _day, _request: [(disclosure_request, command.into)],
)
class Merge(Command):
    """同一申请登记了两次的，并入另一件。"""

    into: UUID = Field(title="并入的申请编号")
    reason: Reason = Field(title="理由")


@handles(Merge)
def merge(command: Merge, state: R, given: Given) -> Decision:
    """Both cases say so."""
    other = given.others[command.into]
    assert isinstance(other, DisclosureRequest)
    return endings.merge(state, other, command.reason)
