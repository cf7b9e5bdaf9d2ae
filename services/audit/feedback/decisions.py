"""The state of a piece of feedback, and what may be decided: every one is assigned, answered and only then closed (DX-10b)."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from msgspec.structs import replace

from services.audit.feedback.events import (
    FeedbackAnswered,
    FeedbackAssigned,
    FeedbackClosed,
    FeedbackOverdue,
    FeedbackReceived,
    FeedbackReopened,
)
from services.audit.supervisor.decisions import Supervisor
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event, Meta
from shared.law.deadlines import Deadline, Facts, deadline
from shared.trust.personal import Personal

ARTICLE = "本局党务政务公开制度（DX-10b）"
PUBLIC_CHANNEL = "form"
"""What the public fills in by itself is the form."""

REACHED_BY_CONTACT = ("email", "post", "by_phone")
"""Ways of answering that need a contact."""


class Stage(StrEnum):
    """Where it stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"


TITLES: dict[Stage, str] = {
    Stage.RECEIVED: "待分派",
    Stage.ASSIGNED: "办理中",
    Stage.ANSWERED: "已答复，待办结",
    Stage.CLOSED: "已办结",
}

PUBLIC_TITLES: dict[Stage, str] = {
    Stage.RECEIVED: "已收到",
    Stage.ASSIGNED: "正在办理",
    Stage.ANSWERED: "已答复",
    Stage.CLOSED: "已答复并办结",
}
"""What the submitter is told."""


class Feedback(State, frozen=True):
    """A piece of feedback as it stands."""

    never_told: ClassVar[tuple[str, ...]] = ("password_hash",)
    agency: str = ""
    stage: Stage = Stage.RECEIVED
    channel: str = ""
    kind: str = ""
    text: Personal | None = None
    name: Personal | None = None
    contact: Personal | None = None
    person_key: UUID | None = None
    supervisor: UUID | None = None
    evidence: str = ""
    tracking_number: str = ""
    password_hash: str = ""
    received_on: date | None = None
    deadline: Deadline | None = None
    unit: str = ""
    outcome: str = ""
    measures: str = ""
    answer: Personal | None = None
    answered_on: date | None = None
    missed: bool = False


feedback: Aggregate[Feedback] = Aggregate("audit.Feedback", Feedback)
evolves = feedback.evolves
F = Feedback


@evolves(FeedbackReceived)
def received(state: F, event: FeedbackReceived, meta: Meta) -> F:
    """Said."""
    return replace(
        state, agency=meta.agency, channel=event.channel, kind=event.kind, text=event.text, name=event.name, contact=event.contact,
        person_key=event.person_key, supervisor=event.supervisor, evidence=event.evidence, tracking_number=event.tracking_number,
        password_hash=event.password_hash, received_on=meta.effective_on, deadline=event.deadline,
    )  # fmt: skip


@evolves(FeedbackAssigned)
def assigned(state: F, event: FeedbackAssigned, _meta: Meta) -> F:
    """A unit has it."""
    return replace(state, unit=event.unit, stage=Stage.ASSIGNED)


@evolves(FeedbackAnswered)
def answered(state: F, event: FeedbackAnswered, meta: Meta) -> F:
    """The submitter knows."""
    return replace(
        state, stage=Stage.ANSWERED, outcome=event.outcome, measures=event.measures, answer=event.text, answered_on=meta.effective_on
    )  # fmt: skip


@evolves(FeedbackClosed)
def closed(state: F, _event: FeedbackClosed, _meta: Meta) -> F:
    """The end."""
    return replace(state, stage=Stage.CLOSED)


@evolves(FeedbackReopened)
def reopened(state: F, event: FeedbackReopened, _meta: Meta) -> F:
    """Its unit works on it again."""
    return replace(state, stage=Stage.ASSIGNED, deadline=event.deadline, missed=False)


@evolves(FeedbackOverdue)
def overdue(state: F, _event: FeedbackOverdue, _meta: Meta) -> F:
    """Late."""
    return replace(state, missed=True)


def unanswered(state: F, _given: Given) -> None:
    """Before it was answered."""
    if state.stage in (Stage.ANSWERED, Stage.CLOSED):
        raise Refused("feedback-answered", f"该意见建议{TITLES[state.stage]}。", remedy="需要再办的，请先“重新办理”。", article=ARTICLE)


def assigned_already(state: F, given: Given) -> None:
    """A unit answers for it."""
    unanswered(state, given)
    if state.stage is Stage.RECEIVED:
        raise Refused("feedback-unassigned", "答复以前须先分派承办科室。", article=ARTICLE)


def closable(state: F, _given: Given) -> None:
    """After the answer: nothing is put away unanswered."""
    if state.stage is Stage.CLOSED:
        raise Refused("feedback-closed", "该意见建议已经办结。")
    if state.stage is not Stage.ANSWERED:
        raise Refused("feedback-unanswered", "每条意见建议都要答复，答复以后才能办结。", article=ARTICLE)


def reopenable(state: F, _given: Given) -> None:
    """After the answer."""
    if state.stage not in (Stage.ANSWERED, Stage.CLOSED):
        raise Refused("feedback-open", "该意见建议尚未答复，不需要重新办理。")


def due(given: Given) -> Deadline:
    """The day by which it is answered."""
    return deadline(Facts(start=given.today, limit="feedback"), given.rulebook, given.calendar)


def receive(given: Given, said: FeedbackReceived, supervisor: Supervisor | None) -> Sequence[Event]:
    """By the form from the public; by any other channel an official notes it, and a supervisor's is that of one who is in office."""
    if given.actor.person == "public":
        if said.channel != PUBLIC_CHANNEL or said.supervisor is not None or said.evidence:
            raise Invalid(
                "channel-by-official", "其他渠道收到的由工作人员登记。", fields=[{"field": "channel", "sentence": "公众填写表单"}]
            )
        return [said]
    if (said.channel == "supervisor") != (said.supervisor is not None):
        raise Invalid(
            "supervisor-missing", "监督员反映的，须指明是哪一位监督员。", fields=[{"field": "supervisor", "sentence": "请选择监督员"}]
        )
    if supervisor is not None and not supervisor.in_office(given.today):
        raise Refused("no-such-supervisor", "没有这一位监督员，或者聘期已满，请核对。", article="本局党务政务公开制度（DX-10a）")
    return [said]


def assign(state: F, given: Given, unit: str, reason: str) -> Sequence[Event]:
    """To a unit of the agency; to another one with the reason."""
    if not given.knows_unit(unit):
        raise Invalid("no-such-unit", "本机关没有这个科室，请核对。", fields=[{"field": "unit", "sentence": "请选择本机关的科室"}])
    if unit == state.unit:
        raise Refused("same-unit", "该意见建议已经由这个科室承办。")
    if state.unit and not reason:
        raise Invalid("reason-missing", "改派其他科室须说明理由。", fields=[{"field": "reason", "sentence": "请填写"}])
    return [FeedbackAssigned(unit=unit, reason=reason)]


def answer(state: F, given: Given, made: FeedbackAnswered) -> Sequence[Event]:
    """By a way by which the submitter is reached; late, it is a miss."""
    if made.way in REACHED_BY_CONTACT and state.contact is None:
        raise Refused("no-contact", "没有留下联系方式，不能这样答复。", remedy="请选择网上查看、当面或者公开栏。")
    if made.way == "online" and not state.password_hash:
        raise Refused("no-password", "工作人员代为登记的没有查询密码，不能网上查看。", remedy="请按联系方式、当面或者公开栏答复。")
    return [made, *miss(state, given)]


def reopen(given: Given, reason: str) -> Sequence[Event]:
    """With a day of its own."""
    return [FeedbackReopened(reason=reason, deadline=due(given))]


def miss(state: F, given: Given) -> list[Event]:
    """Once, when the day is over."""
    open_still = state.stage in (Stage.RECEIVED, Stage.ASSIGNED)
    if not open_still or state.missed or state.deadline is None or given.today <= state.deadline.due:
        return []
    return [FeedbackOverdue(due=state.deadline.due)]
