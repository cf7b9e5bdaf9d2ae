"""The commands of reading on the spot, and of copies."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from services.requests.disclosure_request import events, guards
from services.requests.disclosure_request.commands.fields import Line
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.errors import Invalid

R = DisclosureRequest


@command(
    of=disclosure_request,
    verb="arrange-inspection",
    title="安排当场阅读、抄录",
    capability="requests.deliver",
    rules=("YS-G.1",),
    opens=guards.inspectable,
    events=(events.InspectionArranged,),
)
class ArrangeInspection(Command):
    """不宜提供复制件的，安排申请人在指定的时间、场所当场阅读或者抄录；再次安排即改期。"""

    on: date = Field(title="日期")
    time: Annotated[str, Field(title="时间", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="如 09:30")]
    place: Line = Field(title="场所", min_length=2, max_length=100)


@handles(ArrangeInspection)
def arrange(command: ArrangeInspection, _state: R, given: Given) -> Decision:
    """A working day to come."""
    if command.on < given.today:
        raise Invalid("inspection-past", "当场阅读的日期不能早于今天。", fields=[{"field": "on", "sentence": "请填写今天或以后的日期"}])
    if not given.calendar.is_working(command.on):
        raise Invalid("inspection-holiday", f"{command.on}不是工作日，请另选日期。", fields=[{"field": "on", "sentence": "请选择工作日"}])
    return [events.InspectionArranged(on=command.on, time=command.time, place=command.place)]


@command(
    of=disclosure_request,
    verb="record-inspection",
    title="登记当场阅读、抄录",
    capability="requests.deliver",
    rules=("YS-G.1",),
    opens=guards.inspection_arranged,
    events=(events.InspectionHeld,),
)
class RecordInspection(Command):
    """申请人是否按约定当场阅读、抄录。"""

    came: bool = Field(title="是否到场")
    note: Line = Field(default="", title="说明", max_length=200)


@handles(RecordInspection)
def held(command: RecordInspection, state: R, given: Given) -> Decision:
    """Not before its day."""
    assert state.inspection is not None
    if given.today < state.inspection.on:
        raise Invalid("inspection-to-come", f"约定的日期是 {state.inspection.on}，届时再登记。")
    return [events.InspectionHeld(on=given.today, came=command.came, note=command.note)]


@command(
    of=disclosure_request,
    verb="provide-copies",
    title="提供打印、复制件",
    capability="requests.deliver",
    rules=("YS-G.2",),
    opens=guards.inspectable,
    events=(events.CopiesProvided,),
)
class ProvideCopies(Command):
    """应申请人的要求，提供打印、复制件。"""

    form: Literal["printed", "copied", "disc"] = Field(title="形式")
    pages: int = Field(title="页数", ge=1, le=100_000)


@handles(ProvideCopies)
def copies(command: ProvideCopies, _state: R, _given: Given) -> Decision:
    """On record."""
    return [events.CopiesProvided(form=command.form, pages=command.pages)]
