"""The commands that say which unit is responsible."""

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Line, Reason
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.errors import Invalid

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="assign",
    title="分派承办科室",
    capability="requests.assign",
    rules=("YS-11",),
    opens=guards.assign,
    events=(events.RequestAssigned,),
)
class Assign(Command):
    """分派给承办科室。"""

    unit: Line = Field(title="承办科室", min_length=1, max_length=40)


@handles(Assign)
def assign(command: Assign, _state: R, given: Given) -> Decision:
    """To a unit of this agency that is open."""
    if not given.knows_unit(command.unit):
        raise Invalid(
            "no-such-unit",
            f"本机关没有“{command.unit}”这个科室，或者该科室已撤销，请填写现有科室的代码。",
            fields=[{"field": "unit", "sentence": "请从本机关现有科室中选择"}],
        )
    return [events.RequestAssigned(unit=command.unit)]


@command(
    of=disclosure_request,
    verb="return",
    title="退回办公室",
    capability="requests.return",
    opens=guards.give_back,
    events=(events.RequestReturned,),
)
class ReturnToOffice(Command):
    """不属于本科室承办的，退回办公室重新分派。"""

    reason: Reason = Field(title="理由")


@handles(ReturnToOffice)
def give_back(command: ReturnToOffice, _state: R, _given: Given) -> Decision:
    """Gives it back."""
    return [events.RequestReturned(reason=command.reason)]
