"""The state of a risk assessment, and what may be decided: one drafts, another approves exactly that (YQ-03.2b)."""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.press.risk_assessment import events as e
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event, Meta
from shared.kernel.identity import derived_id

Events = Sequence[Event]


class Stage(StrEnum):
    """Where an assessment stands."""

    OWED = "owed"
    DRAFTED = "drafted"
    ASSESSED = "assessed"
    SETTLED = "settled"


TITLES: dict[Stage, str] = {
    Stage.OWED: "待评估",
    Stage.DRAFTED: "待批准",
    Stage.ASSESSED: "已评估",
    Stage.SETTLED: "已在承办处评估",
}


class RiskAssessment(State, frozen=True):
    """An assessment as it stands."""

    agency: str = ""
    source: str = ""
    subject: UUID | None = None
    title: str = ""
    unit: str = ""
    draft: e.RiskDrafted | None = None
    drafted_by: tuple[str, ...] = ()
    returned: str = ""
    assessed: e.RiskAssessed | None = None
    stage: Stage = Stage.OWED


risk_assessment: Aggregate[RiskAssessment] = Aggregate("press.RiskAssessment", RiskAssessment)
evolves = risk_assessment.evolves
R = RiskAssessment


def risk_id(source: str, subject: UUID) -> UUID:
    """The assessment of another service's matter."""
    return derived_id("press", "risk", source, subject)


@evolves(e.RiskAssessmentOpened)
def opened(state: R, event: e.RiskAssessmentOpened, meta: Meta) -> R:
    """It is owed."""
    return replace(state, agency=meta.agency, source=event.source, subject=event.subject, title=event.title, unit=event.unit)


@evolves(e.RiskDrafted)
def drafted(state: R, event: e.RiskDrafted, meta: Meta) -> R:
    """It waits for approval."""
    return replace(state, draft=event, drafted_by=tuple(sorted(meta.actor.persons)), returned="", stage=Stage.DRAFTED)


@evolves(e.RiskReturned)
def returned(state: R, event: e.RiskReturned, _meta: Meta) -> R:
    """Another draft is wanted; what was approved before holds."""
    return replace(state, returned=event.reason, stage=Stage.OWED if state.assessed is None else Stage.ASSESSED)


@evolves(e.RiskAssessed)
def assessed(state: R, event: e.RiskAssessed, _meta: Meta) -> R:
    """It holds."""
    return replace(state, assessed=event, stage=Stage.ASSESSED)


@evolves(e.RiskSettledElsewhere)
def settled(state: R, _event: e.RiskSettledElsewhere, _meta: Meta) -> R:
    """Nothing is owed."""
    return replace(state, stage=Stage.SETTLED)


def own(state: R, given: Given) -> None:
    """An assessment is its agency's alone."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")


def waiting(state: R, given: Given) -> None:
    """A draft waits."""
    own(state, given)
    if state.stage is not Stage.DRAFTED:
        raise Refused("not-drafted", f"该评估目前“{TITLES[state.stage]}”，没有待批准的稿件。")


def open_assessment(state: R, opening: e.RiskAssessmentOpened) -> Events:
    """Once."""
    return [] if state.exists else [opening]


def open_own(given: Given, opening: e.RiskAssessmentOpened) -> Events:
    """Asked for by an official, for a decision that is not on the platform."""
    if not given.knows_unit(opening.unit):
        raise Invalid("no-such-unit", "本机关没有这个科室，请从列表中选择。", fields=[{"field": "unit", "sentence": "请选择"}])
    return [opening]


def draft(methods: tuple[str, ...], findings: str, level: str, plan: str) -> Events:
    """With methods, level and plan; again at any time: it has to be approved again."""
    named = tuple(dict.fromkeys(methods))
    hashed = hashlib.sha256(msgspec.json.encode([named, findings, level, plan])).hexdigest()
    return [e.RiskDrafted(methods=named, findings=findings, level=level, plan=plan, hash=hashed)]


def approve(state: R, given: Given, approves: str) -> Events:
    """Exactly what was seen, by another person than who drafted it."""
    assert state.draft is not None
    assert state.subject is not None
    if approves != state.draft.hash:
        raise Refused("draft-changed", "评估在您查看之后有改动，请重新核对后再批准。")
    if given.actor.persons & set(state.drafted_by):
        raise Refused("drafter-approves", "起草评估的人不能批准自己的评估，请由另一人批准。")
    made = e.RiskAssessed(
        assessment=state.id, source=state.source, subject=state.subject, methods=state.draft.methods, level=state.draft.level,
        plan=state.draft.plan,
    )  # fmt: skip
    return [made]


def settle(state: R) -> Events:
    """Where it is still owed."""
    return [e.RiskSettledElsewhere()] if state.exists and state.stage in (Stage.OWED, Stage.DRAFTED) and state.assessed is None else []
