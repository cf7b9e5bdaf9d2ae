"""Every event of a delivery. Its id is the id of the message, the same in every attempt."""

from uuid import UUID

from services.publishing.outside_channel.events import ARTICLE
from shared.kernel.events import Event, event


@event("publishing.DeliveryDue", title="应告知对外通道", rules=("DX-05a",), article=ARTICLE)
class DeliveryDue(Event, frozen=True):
    """The channel is to be told of this act (published, withdrawn, validity) on a publication. `follows` is the act's position in the log: what
    concerns the same publication is told in this order.
    """

    channel: UUID
    kind: str
    publication: UUID
    act: str
    version: int
    title: str
    follows: int


@event("publishing.DeliveryBegun", title="开始投递", rules=("DX-05a",), article=ARTICLE)
class DeliveryBegun(Event, frozen=True):
    """An attempt, recorded before anything leaves: whatever happens then, it is known that it may have left."""

    attempt: int


@event("publishing.DeliveryConfirmed", title="通道已确认收到", rules=("DX-05a",), article=ARTICLE)
class DeliveryConfirmed(Event, frozen=True):
    """The other side has answered that it has it."""

    attempt: int
    answer: str


@event("publishing.DeliveryFailed", title="投递没有成功", rules=("DX-05a",), article=ARTICLE)
class DeliveryFailed(Event, frozen=True):
    """It was not reached, answered with an error or a refusal, or did not answer, so that it may have it or not. `wait_ms`: until the next attempt,
    in milliseconds; 0 where there is none.
    """

    attempt: int
    outcome: str
    answer: str
    wait_ms: int


@event("publishing.DeliveryUncertain", title="投递结果须由人确定", rules=("DX-05a",), article=ARTICLE)
class DeliveryUncertain(Event, frozen=True):
    """No further attempt is made before a person has found out. `reason` is the last outcome."""

    reason: str


@event("publishing.DeliverySettled", title="确定投递结果", rules=("DX-05a",), article=ARTICLE)
class DeliverySettled(Event, frozen=True):
    """A person has: it arrived (delivered), it is to be sent once more (again), or it is left (abandoned); and how this is known."""

    decision: str
    reason: str
