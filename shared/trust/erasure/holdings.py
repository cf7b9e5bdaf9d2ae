"""What a service holds of a case's personal data, and whether it still has to keep it.

    @keeps(disclosure_request)
    def why_kept(request: DisclosureRequest) -> str | None:
        return None if request.stage in CLOSED else "申请尚未办结"

A service declares this for each kind of thing that holds personal data, or that has to be over before a case's data may go. The
answer is given from the log, not from a view, so that it is true at the moment of asking.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from shared.kernel.aggregates import Aggregate, State, aggregates
from shared.kernel.events import Recorded, registry
from shared.kernel.log import Log
from shared.trust.personal import Personal
from shared.trust.sealing import key_of

S = TypeVar("S", bound=State)
WhyKept = Callable[[Any], str | None]

UNDECLARED = "该服务没有规定这类事项的个人信息何时可以清除"


class Held(msgspec.Struct, frozen=True):
    """What a service answers: the keys of the persons in a case, and why they must not be destroyed now (None if they may)."""

    service: str
    keys: tuple[UUID, ...] = ()
    why_kept: str | None = None


_kept: dict[str, WhyKept] = {}


def keeps(aggregate: Aggregate[S]) -> Callable[[Callable[[S], str | None]], Callable[[S], str | None]]:
    """Declares why the personal data in a thing of this kind has to be kept: a sentence, or None where it may be erased."""

    def declare(function: Callable[[S], str | None]) -> Callable[[S], str | None]:
        _kept[aggregate.name] = function
        return function

    return declare


def held(log: Log, case: UUID, agency: str) -> Held:
    """What the log of a service holds of a case of this agency. Reads the database: call it in a thread."""
    things: dict[UUID, list[Recorded]] = {}
    for row in log.rows.read_case(case):
        if row.agency == agency and row.topic.rpartition(":")[0] in registry:
            things.setdefault(row.originator_id, []).append(row.recorded())
    keys: dict[UUID, None] = {}
    reasons: dict[str, None] = {}
    for id, history in things.items():
        own = _keys_in(history)
        keys.update(own)
        reason = _why_kept(id, history, bool(own))
        if reason is not None:
            reasons[reason] = None
    return Held(log.service, tuple(keys), "；".join(reasons) or None)


def _keys_in(history: list[Recorded]) -> dict[UUID, None]:
    keys: dict[UUID, None] = {}
    for recorded in history:
        for name in recorded.event.spec.personal:
            value = getattr(recorded.event, name)
            if isinstance(value, Personal):
                keys[key_of(value.token)] = None
    return keys


def _why_kept(id: UUID, history: list[Recorded], personal: bool) -> str | None:
    aggregate = next((one for one in aggregates.values() if type(history[0].event) in one.events), None)
    declared = _kept.get(aggregate.name) if aggregate is not None else None
    if aggregate is None or declared is None:
        return UNDECLARED if personal else None
    return declared(aggregate.fold(aggregate.initial(id), history))
