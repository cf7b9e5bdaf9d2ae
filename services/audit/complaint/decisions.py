"""The state of a complaint, and what may be decided: each is accepted or declined with a reason, comes to a conclusion, and is told of it."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from msgspec.structs import replace

from services.audit.accountability_case.decisions.opening import case_id
from services.audit.accountability_lead.decisions import lead_id, raised_by
from services.audit.complaint.events import (
    ComplainantTold,
    ComplaintAccepted,
    ComplaintConcluded,
    ComplaintDeclined,
    ComplaintLinked,
    ComplaintOverdue,
    ComplaintReceived,
    ComplaintReferred,
    ComplaintReopened,
    ComplaintTriaged,
)
from services.audit.complaint.kinds import KINDS
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given, On
from shared.kernel.errors import Forbidden, Invalid, Refused
from shared.kernel.events import Event, Meta
from shared.law.deadlines import Deadline, Facts, deadline
from shared.trust.personal import Personal

ARTICLE = "国令711 第四十七条"
PUBLIC_CHANNEL = "page"
REACHED_BY_CONTACT = ("email", "post", "by_phone")
FOUNDED = ("founded", "partly_founded")


class Stage(StrEnum):
    """Where it stands."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    TRIAGED = "triaged"
    DECLINED = "declined"
    CONCLUDED = "concluded"
    CLOSED = "closed"


TITLES: dict[Stage, str] = {
    Stage.RECEIVED: "待决定是否受理",
    Stage.ACCEPTED: "已受理，待初核",
    Stage.TRIAGED: "调查核实中",
    Stage.DECLINED: "不予受理，待告知",
    Stage.CONCLUDED: "已有结论，待告知",
    Stage.CLOSED: "已办结",
}

PUBLIC_TITLES: dict[Stage, str] = {
    Stage.RECEIVED: "已收到",
    Stage.ACCEPTED: "已受理",
    Stage.TRIAGED: "正在调查核实",
    Stage.DECLINED: "已决定不予受理",
    Stage.CONCLUDED: "已有结论，即将告知您",
    Stage.CLOSED: "已办结",
}
"""What the complainant is told."""


class Complaint(State, frozen=True):
    """A complaint as it stands. It is of no unit: the unit that it is about has no reach over it."""

    never_told: ClassVar[tuple[str, ...]] = ("password_hash",)
    agency: str = ""
    stage: Stage = Stage.RECEIVED
    channel: str = ""
    kind: str = ""
    text: Personal | None = None
    name: Personal | None = None
    contact: Personal | None = None
    person_key: UUID | None = None
    anonymous: bool = False
    evidence: str = ""
    tracking_number: str = ""
    password_hash: str = ""
    received_on: date | None = None
    deadline: Deadline | None = None
    severity: str = ""
    about_unit: str = ""
    about_person: UUID | None = None
    case: UUID | None = None
    declined: ComplaintDeclined | None = None
    concluded: ComplaintConcluded | None = None
    concluded_on: date | None = None
    referred: UUID | None = None
    answer: Personal | None = None
    missed: tuple[str, ...] = ()

    @property
    def reachable(self) -> bool:
        """Whether the complainant can be told: it left a contact, or has a password."""
        return self.contact is not None or bool(self.password_hash)

    @property
    def owed(self) -> str:
        """What is owed by the due date; '' once nothing is."""
        if self.stage is Stage.RECEIVED:
            return "acceptance"
        return "conclusion" if self.stage in (Stage.ACCEPTED, Stage.TRIAGED) else ""


complaint: Aggregate[Complaint] = Aggregate("audit.Complaint", Complaint)
evolves = complaint.evolves
C = Complaint


@evolves(ComplaintReceived)
def received(state: C, event: ComplaintReceived, meta: Meta) -> C:
    """Said."""
    return replace(
        state, agency=meta.agency, channel=event.channel, kind=event.kind, text=event.text, name=event.name, contact=event.contact,
        person_key=event.person_key, anonymous=event.anonymous, evidence=event.evidence, tracking_number=event.tracking_number,
        password_hash=event.password_hash, received_on=meta.effective_on, deadline=event.deadline, about_unit=event.about_unit,
        case=event.case,
    )  # fmt: skip


@evolves(ComplaintAccepted)
def accepted(state: C, event: ComplaintAccepted, _meta: Meta) -> C:
    """Looked into."""
    return replace(state, stage=Stage.ACCEPTED, deadline=event.deadline)


@evolves(ComplaintDeclined)
def declined(state: C, event: ComplaintDeclined, meta: Meta) -> C:
    """Not here; who can't be told is not waited for."""
    return replace(state, stage=Stage.DECLINED if state.reachable else Stage.CLOSED, declined=event, concluded_on=meta.effective_on)


@evolves(ComplaintTriaged)
def triaged(state: C, event: ComplaintTriaged, _meta: Meta) -> C:
    """Weighed."""
    return replace(
        state, stage=Stage.TRIAGED, severity=event.severity, about_unit=event.about_unit, about_person=event.about_person
    )  # fmt: skip


@evolves(ComplaintLinked)
def linked(state: C, event: ComplaintLinked, _meta: Meta) -> C:
    """What it concerns."""
    return replace(state, case=event.case)


@evolves(ComplaintConcluded)
def concluded(state: C, event: ComplaintConcluded, meta: Meta) -> C:
    """It has come to something; who can't be told is not waited for."""
    return replace(state, stage=Stage.CONCLUDED if state.reachable else Stage.CLOSED, concluded=event, concluded_on=meta.effective_on)


@evolves(ComplaintReferred)
def referred(state: C, event: ComplaintReferred, _meta: Meta) -> C:
    """There is a case."""
    return replace(state, referred=event.case)


@evolves(ComplainantTold)
def was_told(state: C, event: ComplainantTold, _meta: Meta) -> C:
    """The end."""
    return replace(state, stage=Stage.CLOSED, answer=event.text)


@evolves(ComplaintReopened)
def reopened(state: C, event: ComplaintReopened, _meta: Meta) -> C:
    """Once more."""
    return replace(
        state, stage=Stage.TRIAGED if state.severity else Stage.ACCEPTED, deadline=event.deadline, declined=None, concluded=None,
        concluded_on=None, answer=None, missed=(),
    )  # fmt: skip


@evolves(ComplaintOverdue)
def overdue(state: C, event: ComplaintOverdue, _meta: Meta) -> C:
    """Late."""
    return replace(state, missed=(*state.missed, event.owed))


def not_own(state: C, given: Given) -> None:
    """Who is complained of decides nothing about it."""
    if state.about_person is not None and str(state.about_person) in given.actor.persons:
        raise Forbidden("own-complaint", "被投诉举报的人员应当回避，请由其他人员办理。")


def undecided(state: C, given: Given) -> None:
    """Before it is accepted or declined."""
    not_own(state, given)
    if state.stage is not Stage.RECEIVED:
        raise Refused("complaint-decided", f"该投诉举报{TITLES[state.stage]}，已经决定是否受理。", article=ARTICLE)


def in_hand(state: C, given: Given) -> None:
    """Accepted, and not concluded."""
    not_own(state, given)
    if state.stage is Stage.RECEIVED:
        raise Refused("complaint-undecided", "须先决定是否受理。", article=ARTICLE)
    if state.owed != "conclusion":
        raise Refused("complaint-concluded", f"该投诉举报{TITLES[state.stage]}。", remedy="有新的事实的，请先“重新调查”。", article=ARTICLE)


def concludable(state: C, given: Given) -> None:
    """After it was weighed."""
    in_hand(state, given)
    if state.stage is not Stage.TRIAGED:
        raise Refused("complaint-untriaged", "作出结论以前须先初核：是一般问题还是重要问题，涉及哪个科室。", article=ARTICLE)


def linkable(state: C, given: Given) -> None:
    """Until it has come to something."""
    not_own(state, given)
    if not state.owed:
        raise Refused("complaint-concluded", f"该投诉举报{TITLES[state.stage]}。")


def tellable(state: C, given: Given) -> None:
    """Once it has come to something, and somebody can be told."""
    not_own(state, given)
    if state.stage not in (Stage.CONCLUDED, Stage.DECLINED):
        told = "投诉举报人已经告知，或者没有办法告知。" if state.stage is Stage.CLOSED else "有了结论或者决定不予受理以后，才能告知。"
        raise Refused("nothing-to-tell", told, article=ARTICLE)


def reopenable(state: C, given: Given) -> None:
    """Once it has come to something."""
    not_own(state, given)
    if state.owed:
        raise Refused("complaint-open", "该投诉举报还没有结论，不需要重新调查。")


def due(given: Given, limit: str) -> Deadline:
    """The day by which it is accepted, or concluded."""
    return deadline(Facts(start=given.today, limit=limit), given.rulebook, given.calendar)


def known_unit(given: Given, unit: str) -> None:
    """A unit that is named is one of the agency."""
    if unit and not given.knows_unit(unit):
        raise Invalid("no-such-unit", "本机关没有这个科室，请核对。", fields=[{"field": "about_unit", "sentence": "请选择本机关的科室"}])


def receive(given: Given, said: ComplaintReceived) -> Sequence[Event]:
    """By the page from the public; by any other channel an official notes it. Without a name it is taken as well as with one."""
    public = given.actor.person == "public"
    if public != (said.channel == PUBLIC_CHANNEL) or (public and said.evidence):
        sentence = "其他渠道收到的由工作人员登记。" if public else "网页由投诉举报人自行填写；工作人员登记的，请选择收到的渠道。"
        raise Invalid("wrong-channel", sentence, fields=[{"field": "channel", "sentence": "请核对渠道"}])
    if said.anonymous and said.name is not None:
        raise Invalid("anonymous-with-name", "匿名的不填写姓名。", fields=[{"field": "name", "sentence": "匿名的请留空"}])
    known_unit(given, said.about_unit)
    return [said]


def accept(state: C, given: Given) -> Sequence[Event | On]:
    """It is concluded by its day; a payment through affiliates is referred at once (YS-08x.2)."""
    late = miss(state, given)
    at_once = refer(state, given, "ordinary") if KINDS[state.kind].refer == "accepted" else []
    return [ComplaintAccepted(deadline=due(given, "complaint")), *late, *at_once]


def decline(state: C, given: Given, ground: str, reason: str, passed_to: str) -> Sequence[Event]:
    """With the reason; what another agency is competent for is passed on to it."""
    if ground == "not_competent" and not passed_to:
        raise Invalid(
            "not-passed-on", "不属于本机关管辖的，须写明转送或者告知的机关。", fields=[{"field": "passed_to", "sentence": "请填写"}]
        )
    return [ComplaintDeclined(ground=ground, reason=reason, passed_to=passed_to), *miss(state, given)]


def triage(state: C, given: Given, made: ComplaintTriaged) -> Sequence[Event | On]:
    """What is important is referred at once."""
    known_unit(given, made.about_unit)
    if made.about_person is not None and str(made.about_person) in given.actor.persons:
        raise Forbidden("own-complaint", "被投诉举报的人员应当回避，请由其他人员办理。")
    after = replace(state, about_unit=made.about_unit, about_person=made.about_person)
    return [made, *(refer(after, given, made.severity) if made.severity == "important" else [])]


def conclude(state: C, given: Given, made: ComplaintConcluded) -> Sequence[Event | On]:
    """What is founded leads to accountability."""
    return [made, *miss(state, given), *(refer(state, given, state.severity) if made.finding in FOUNDED else [])]


REFERRED = "audit.ComplaintReferred"


def lead_of(complaint: UUID) -> UUID:
    """The id of the lead that a complaint raises once it is referred."""
    return lead_id(complaint, REFERRED, "")


def refer(state: C, given: Given, severity: str) -> list[Event | On]:
    """Once, as a lead that comes to a conclusion; the case has the id that agency, source and this complaint always give."""
    if state.referred is not None:
        return []
    kind = KINDS[state.kind]
    case = case_id(state.agency, kind.source, str(state.id))
    return [
        ComplaintReferred(
            case=case, source=kind.source, kind=state.kind, ground=kind.ground,
            severity=severity, about_unit=state.about_unit, about_person=state.about_person,
        ),
        raised_by(given, state.id, REFERRED, kind.source, f"投诉举报：{kind.title}", case),
    ]  # fmt: skip


def tell(state: C, way: str, text: str) -> Sequence[Event]:
    """By a way by which the complainant is reached."""
    if way in REACHED_BY_CONTACT and state.contact is None:
        raise Refused("no-contact", "没有留下联系方式，不能这样告知。", remedy="请选择网上查看。")
    if way == "online" and not state.password_hash:
        raise Refused("no-password", "工作人员代为登记的没有查询密码，不能网上查看。", remedy="请按联系方式告知。")
    return [ComplainantTold(way=way, text=Personal.plain(text))]


def reopen(given: Given, reason: str) -> Sequence[Event]:
    """With a day of its own."""
    return [ComplaintReopened(reason=reason, deadline=due(given, "complaint"))]


def miss(state: C, given: Given) -> list[Event]:
    """Each day once, when it is over."""
    if not state.owed or state.owed in state.missed or state.deadline is None or given.today <= state.deadline.due:
        return []
    return [ComplaintOverdue(owed=state.owed, due=state.deadline.due)]
