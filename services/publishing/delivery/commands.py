"""The commands of a delivery: the courier's, and the one by which a person settles what nobody else can."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.publishing.delivery import decisions, events
from services.publishing.delivery.decisions import Delivery, delivery
from shared.kernel.commands import Command, Decided, Decision, Given, command, handles

ARTICLE = "国令711 第二十三条"
TEXTAREA: dict[str, Any] = {"widget": "textarea"}
D = Delivery


@command(
    of=delivery,
    verb="offer",
    title="应告知对外通道",
    capability="publishing.deliver",
    creates=True,
    internal=True,
    rules=("DX-05a",),
    article=ARTICLE,
    events=(events.DeliveryDue,),
)
class OfferDelivery(Command):
    """门户上的一次公开、撤下或者调整有效性，应当告知一个通道。"""

    channel: UUID = Field(title="通道")
    kind: Literal["webhook", "websub", "smtp"] = Field(title="通道种类")
    publication: UUID = Field(title="公开的信息")
    act: Literal["published", "withdrawn", "validity"] = Field(title="事项")
    version: int = Field(title="版本", ge=1)
    title: str = Field(title="标题", max_length=200)
    follows: int = Field(title="日志位置", ge=1)


@handles(OfferDelivery)
def offer_delivery(command: OfferDelivery, _state: D, _given: Given) -> Decision:
    """In the case of its publication."""
    said = command.model_dump(include=set(events.DeliveryDue.__struct_fields__))
    return Decided([events.DeliveryDue(**said)], case=command.publication)


@command(
    of=delivery,
    verb="begin",
    title="开始投递",
    capability="publishing.deliver",
    internal=True,
    rules=("DX-05a",),
    article=ARTICLE,
    opens=decisions.awaited,
    events=(events.DeliveryBegun,),
)
class BeginDelivery(Command):
    """发出之前先记录。"""


@handles(BeginDelivery)
def begin_delivery(_command: BeginDelivery, state: D, _given: Given) -> Decision:
    """The next attempt."""
    return decisions.begin(state)


@command(
    of=delivery,
    verb="conclude",
    title="记录投递结果",
    capability="publishing.deliver",
    internal=True,
    rules=("DX-05a",),
    article=ARTICLE,
    events=(events.DeliveryConfirmed, events.DeliveryFailed, events.DeliveryUncertain),
)
class ConcludeDelivery(Command):
    """一次投递得到了什么答复。"""

    attempt: int = Field(title="第几次", ge=1)
    outcome: Literal["confirmed", "unreached", "error", "refused", "unanswered", "forbidden"] = Field(title="结果")
    answer: str = Field(default="", title="答复", max_length=200)
    waits: tuple[Annotated[int, Field(ge=0)], ...] = Field(default=(), title="再试的间隔（毫秒）", max_length=50)


@handles(ConcludeDelivery)
def conclude_delivery(command: ConcludeDelivery, state: D, _given: Given) -> Decision:
    """Once for each attempt."""
    return decisions.conclude(state, command.attempt, command.outcome, command.answer, command.waits)


@command(
    of=delivery,
    verb="drop",
    title="通道关闭，不再投递",
    capability="publishing.deliver",
    internal=True,
    rules=("DX-05a",),
    article=ARTICLE,
    events=(events.DeliverySettled,),
)
class DropDelivery(Command):
    """通道已经关闭。"""


@handles(DropDelivery)
def drop_delivery(_command: DropDelivery, state: D, _given: Given) -> Decision:
    """What is still open."""
    return decisions.drop(state)


@command(
    of=delivery,
    verb="settle",
    title="确定投递结果",
    capability="publishing.settle_delivery",
    rules=("DX-05a",),
    article=ARTICLE,
    opens=decisions.for_a_person,
    events=(events.DeliverySettled,),
)
class SettleDelivery(Command):
    """向对方核实以后，确定已经送达、再投递一次，或者不再投递。"""

    decision: Literal["delivered", "again", "abandoned"] = Field(title="决定")
    reason: str = Field(title="核实情况", min_length=2, max_length=500, json_schema_extra=TEXTAREA)


@handles(SettleDelivery)
def settle_delivery(command: SettleDelivery, _state: D, _given: Given) -> Decision:
    """With how it is known."""
    return decisions.settle(command.decision, command.reason)
