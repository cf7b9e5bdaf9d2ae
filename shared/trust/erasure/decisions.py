"""The state of an erasure, and what may be decided about it."""

from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.errors import Refused
from shared.kernel.events import Actor, Event, Meta
from shared.trust.erasure.events import ARTICLE, ErasureApproved, ErasureChecked, ErasureRefused, ErasureRequested, PersonalDataErased


class Basis(StrEnum):
    """Why personal data is to be erased (个人信息保护法 第四十七条第一款)."""

    PURPOSE_ACHIEVED = "purpose-achieved"
    RETENTION_OVER = "retention-over"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    UNLAWFUL = "unlawful"
    OTHER_LAW = "other-law"


BASES: dict[Basis, str] = {
    Basis.PURPOSE_ACHIEVED: "处理目的已实现、无法实现或者为实现处理目的不再必要",
    Basis.RETENTION_OVER: "停止提供产品或者服务，或者保存期限已届满",
    Basis.CONSENT_WITHDRAWN: "个人撤回同意",
    Basis.UNLAWFUL: "违反法律、行政法规或者违反约定处理个人信息",
    Basis.OTHER_LAW: "法律、行政法规规定的其他情形",
}


class Stage(StrEnum):
    """Where an erasure stands."""

    NONE = "none"
    REQUESTED = "requested"
    CHECKED = "checked"
    APPROVED = "approved"
    ERASED = "erased"
    REFUSED = "refused"


TITLES: dict[Stage, str] = {
    Stage.REQUESTED: "已申请，正在向各服务核对",
    Stage.CHECKED: "已核对，待另一人批准",
    Stage.APPROVED: "已批准，正在清除",
    Stage.ERASED: "已清除",
    Stage.REFUSED: "不予清除",
}


class Erasure(State, frozen=True):
    """The erasing of a case's personal data; refused, it may be requested again. `requested_by` and `approved_by` are persons."""

    concerns: UUID | None = None
    stage: Stage = Stage.NONE
    basis: str = ""
    requested_by: str = ""
    requesters: frozenset[str] = frozenset()
    approved_by: str = ""
    keys: tuple[UUID, ...] = ()
    why_not: str | None = None


erasure: Aggregate[Erasure] = Aggregate("access.Erasure", Erasure)


@erasure.evolves(ErasureRequested)
def requested(state: Erasure, event: ErasureRequested, meta: Meta) -> Erasure:
    """By whom, and why; whatever was refused before is over."""
    return Erasure(
        id=state.id,
        version=state.version,
        concerns=event.concerns,
        stage=Stage.REQUESTED,
        basis=event.basis,
        requested_by=meta.actor.person,
        requesters=meta.actor.persons,
    )


@erasure.evolves(ErasureChecked)
def checked(state: Erasure, event: ErasureChecked, _meta: Meta) -> Erasure:
    """Which keys."""
    return replace(state, stage=Stage.CHECKED, keys=event.keys)


@erasure.evolves(ErasureRefused)
def refused(state: Erasure, event: ErasureRefused, _meta: Meta) -> Erasure:
    """Why not."""
    return replace(state, stage=Stage.REFUSED, why_not=event.why)


@erasure.evolves(ErasureApproved)
def approved(state: Erasure, _event: ErasureApproved, meta: Meta) -> Erasure:
    """By whom."""
    return replace(state, stage=Stage.APPROVED, approved_by=meta.actor.person)


@erasure.evolves(PersonalDataErased)
def erased(state: Erasure, _event: PersonalDataErased, _meta: Meta) -> Erasure:
    """Done, for ever."""
    return replace(state, stage=Stage.ERASED)


def request(state: Erasure, concerns: UUID, basis: Basis, document: str | None) -> list[Event]:
    """One request at a time for a case."""
    if state.stage is Stage.ERASED:
        raise Refused("already-erased", "该案件的个人信息已经清除，不能再次清除。", article=ARTICLE)
    if state.stage not in (Stage.NONE, Stage.REFUSED):
        raise Refused("erasure-under-way", f"该案件的清除申请正在办理：{TITLES[state.stage]}。", article=ARTICLE)
    return [ErasureRequested(concerns=concerns, basis=basis.value, document=document)]


def conclude_check(state: Erasure, keys: tuple[UUID, ...], services: tuple[str, ...]) -> list[Event]:
    """What the services have answered. Recorded once: a second answer changes nothing."""
    return [ErasureChecked(keys=keys, services=services)] if state.stage is Stage.REQUESTED else []


def may_approve(state: Erasure, actor: Actor) -> None:
    """Refuses unless it was checked and somebody else, for somebody else, requested it."""
    if state.stage is Stage.REQUESTED:
        raise Refused("erasure-not-checked", "正在向各服务核对能否清除，请稍候几秒再批准。", article=ARTICLE)
    if state.stage is not Stage.CHECKED:
        raise Refused("erasure-not-open", f"该清除申请不在待批准状态：{TITLES[state.stage]}。", article=ARTICLE)
    if actor.persons & state.requesters:
        raise Refused(
            "same-person",
            "申请清除的人不得自己批准，也不得由其代理人或被代理人批准。",
            article=ARTICLE,
            remedy="请由另一名有批准权限的人员批准。",
        )


def approve(state: Erasure, actor: Actor) -> list[Event]:
    """By another person."""
    may_approve(state, actor)
    return [ErasureApproved(keys=state.keys)]


def decline(state: Erasure, why: str) -> list[Event]:
    """The one who could approve does not."""
    if state.stage not in (Stage.REQUESTED, Stage.CHECKED):
        raise Refused("erasure-not-open", f"该清除申请不在待批准状态：{TITLES[state.stage]}。", article=ARTICLE)
    return [ErasureRefused(why=why)]


def refuse(state: Erasure, why: str, service: str | None) -> list[Event]:
    """A service still has to keep the data, or did not answer."""
    under_way = state.stage in (Stage.REQUESTED, Stage.CHECKED, Stage.APPROVED)
    return [ErasureRefused(why=why, service=service)] if under_way else []


def conclude(state: Erasure) -> list[Event]:
    """The keys are destroyed. Recorded once."""
    if state.stage is not Stage.APPROVED or state.concerns is None:
        return []
    return [PersonalDataErased(concerns=state.concerns, keys=state.keys)]
