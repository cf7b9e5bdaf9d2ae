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
    check_unit(command.unit, given)
    return [events.RequestAssigned(unit=command.unit)]


def check_unit(unit: str, given: Given) -> None:
    """That it is an open unit of this agency; raises `Invalid`."""
    if not given.knows_unit(unit):
        raise Invalid(
            "no-such-unit",
            f"本机关没有“{unit}”这个科室，或者该科室已撤销，请填写现有科室的代码。",
            fields=[{"field": "unit", "sentence": "请从本机关现有科室中选择"}],
        )


@command(
    of=disclosure_request,
    verb="hand-over",
    title="移交科室",
    capability="requests.assign",
    rules=("YS-11",),
    article="国令711 第四十五条",
    opens=guards.with_a_unit,
    events=(events.RequestHandedOver,),
)
class HandOver(Command):
    """科室合并、职责调整的，由另一科室在原进度上接着办理；期限不变。"""

    unit: Line = Field(title="接办科室", min_length=1, max_length=40)
    reason: Reason = Field(title="理由")


@handles(HandOver)
def hand_over(command: HandOver, state: R, given: Given) -> Decision:
    """To another open unit; the clock runs on."""
    check_unit(command.unit, given)
    if command.unit == state.unit:
        raise Invalid("same-unit", "接办科室就是现在的承办科室，请另选。", fields=[{"field": "unit", "sentence": "请另选一个科室"}])
    return [events.RequestHandedOver(unit=command.unit, before=state.unit, reason=command.reason)]


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
