"""A delivery as it stands, and the decisions about it: an attempt counts once, a late answer changes nothing, and nothing is given up in silence."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from services.publishing.delivery.events import (
    DeliveryBegun,
    DeliveryConfirmed,
    DeliveryDue,
    DeliveryFailed,
    DeliverySettled,
    DeliveryUncertain,
)
from services.publishing.outside_channel.decisions import REPEATABLE
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Refused
from shared.kernel.events import Event, Meta

Events = Sequence[Event]


class Stage(StrEnum):
    """Where a delivery stands."""

    DUE = "due"
    BEGUN = "begun"
    UNCERTAIN = "uncertain"
    CONFIRMED = "confirmed"
    ABANDONED = "abandoned"


TITLES: dict[Stage, str] = {
    Stage.DUE: "待投递",
    Stage.BEGUN: "投递中",
    Stage.UNCERTAIN: "结果待确定",
    Stage.CONFIRMED: "已送达",
    Stage.ABANDONED: "不再投递",
}

OPEN = (Stage.DUE, Stage.BEGUN, Stage.UNCERTAIN)
"""Where it is not known yet that it arrived, and nobody has left it."""

OUTCOMES: dict[str, str] = {
    "confirmed": "对方已确认",
    "unreached": "没有连通，对方没有收到",
    "error": "对方答复出错",
    "refused": "对方拒收",
    "unanswered": "已发出而没有得到答复，对方可能已经收到",
    "forbidden": "目的地址在内部网络，按设置不予连接",
}

FINAL = frozenset({"refused", "forbidden"})
"""What another attempt would not change."""

ACTS: dict[str, str] = {"published": "公开", "withdrawn": "撤下", "validity": "调整有效性"}


class Delivery(State, frozen=True):
    """A delivery as it stands. `tries`: attempts since the beginning, or since a person wanted it sent once more; `next_at`: the next one's time."""

    channel: UUID | None = None
    kind: str = ""
    publication: UUID | None = None
    act: str = ""
    publication_version: int = 0
    title: str = ""
    follows: int = 0
    stage: Stage = Stage.DUE
    attempt: int = 0
    tries: int = 0
    next_at: datetime | None = None
    outcome: str = ""
    answer: str = ""


delivery: Aggregate[Delivery] = Aggregate("publishing.Delivery", Delivery)
evolves = delivery.evolves
D = Delivery


@evolves(DeliveryDue)
def due(state: D, event: DeliveryDue, meta: Meta) -> D:
    """At once."""
    return replace(
        state,
        channel=event.channel,
        kind=event.kind,
        publication=event.publication,
        act=event.act,
        publication_version=event.version,
        title=event.title,
        follows=event.follows,
        next_at=meta.recorded_at,
    )


@evolves(DeliveryBegun)
def begun(state: D, event: DeliveryBegun, _meta: Meta) -> D:
    """It may be on its way."""
    return replace(state, stage=Stage.BEGUN, attempt=event.attempt, tries=state.tries + 1, outcome="", answer="")


@evolves(DeliveryConfirmed)
def confirmed(state: D, event: DeliveryConfirmed, _meta: Meta) -> D:
    """It is there."""
    return replace(state, stage=Stage.CONFIRMED, outcome="confirmed", answer=event.answer, next_at=None)


@evolves(DeliveryFailed)
def failed(state: D, event: DeliveryFailed, meta: Meta) -> D:
    """Once more, after a while."""
    next_at = meta.recorded_at + timedelta(milliseconds=event.wait_ms)
    return replace(state, stage=Stage.DUE, outcome=event.outcome, answer=event.answer, next_at=next_at)


@evolves(DeliveryUncertain)
def uncertain(state: D, _event: DeliveryUncertain, _meta: Meta) -> D:
    """It waits for a person."""
    return replace(state, stage=Stage.UNCERTAIN, next_at=None)


@evolves(DeliverySettled)
def settled(state: D, event: DeliverySettled, meta: Meta) -> D:
    """As the person has found out."""
    if event.decision == "again":
        return replace(state, stage=Stage.DUE, tries=0, next_at=meta.recorded_at)
    return replace(state, stage=Stage.CONFIRMED if event.decision == "delivered" else Stage.ABANDONED, next_at=None)


def awaited(state: D, given: Given) -> None:
    """It is due and its time has come."""
    if state.stage is not Stage.DUE or state.next_at is None or given.now < state.next_at:
        raise Refused("not-due", "这次投递现在不用进行。")


def for_a_person(state: D, given: Given) -> None:
    """Nobody but a person can tell."""
    if state.stage is not Stage.UNCERTAIN:
        raise Refused("not-uncertain", f"这次投递{TITLES[state.stage]}，不需要人工确定。")


def begin(state: D) -> Events:
    """The next attempt."""
    return [DeliveryBegun(attempt=state.attempt + 1)]


def conclude(state: D, attempt: int, outcome: str, answer: str, waits: Sequence[int]) -> Events:
    """What came of an attempt; of one that was concluded already, nothing. `waits`: milliseconds before each further attempt.

    Where it is not known whether it arrived, it is sent again only to who knows a message by its id; otherwise a person finds out.
    """
    if state.stage is not Stage.BEGUN or state.attempt != attempt:
        return []
    if outcome == "confirmed":
        return [DeliveryConfirmed(attempt=attempt, answer=answer)]
    double = outcome == "unanswered" and state.kind not in REPEATABLE
    if outcome in FINAL or double or state.tries > len(waits):
        failure = DeliveryFailed(attempt=attempt, outcome=outcome, answer=answer, wait_ms=0)
        return [failure, DeliveryUncertain(reason=outcome)]
    return [DeliveryFailed(attempt=attempt, outcome=outcome, answer=answer, wait_ms=waits[state.tries - 1])]


def drop(state: D) -> Events:
    """The channel was closed: what is not on its way is left."""
    if state.stage not in OPEN:
        return []
    return [DeliverySettled(decision="abandoned", reason="通道已经关闭")]


def settle(decision: str, reason: str) -> Events:
    """With how it is known."""
    return [DeliverySettled(decision=decision, reason=reason)]
