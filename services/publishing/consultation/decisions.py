"""The decisions about an important matter: three stages in their order, each left out only with a reason (DX-06; JC; Decree 713, 15 to 18)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from services.publishing.comment_register.state import CommentRegister
from services.publishing.consultation.collation import Saying, collated
from services.publishing.consultation.events import (
    ConsultationOpened,
    DecisionLinked,
    FeedbackPublished,
    HearingAnnounced,
    HearingHeld,
    MatterProposed,
    ReportFiled,
    ResultPublished,
    RiskRecorded,
    StageOmitted,
)
from services.publishing.consultation.gates import check_decision, check_result
from services.publishing.consultation.state import Consultation
from services.publishing.publication.state import Publication
from services.publishing.units import known_unit
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event

C = Consultation
Events = Sequence[Event]

FORMS: dict[str, frozenset[str]] = {
    "major": frozenset({"hearing"}),
    "wide": frozenset({"hearing", "forum", "consultation_meeting"}),
    "limited": frozenset({"hearing", "forum", "consultation_meeting", "open"}),
}
"""By how far a matter reaches: in which forms the public takes part (JC-02)."""

WAYS = {"online": "网上", "post": "信函", "email": "电子邮件", "telephone": "电话", "in_person": "当面"}
"""How comments may be made."""

FORM_NAMES = {"hearing": "听证会", "forum": "座谈会", "consultation_meeting": "协商会", "open": "开放式听取意见"}


class Opening(NamedTuple):
    """What the publication of a draft says."""

    draft: str
    explanation: str
    ways: tuple[str, ...]
    until: date
    form: str
    short_reason: str


def undecided(state: C, given: Given) -> None:
    """What comes before the decision comes before it."""
    if state.decision is not None:
        raise Refused("decided-already", "决策已经公开，决策前的环节不能再办理。", article="国令713 第十八条")


def consulting(state: C, given: Given) -> None:
    """A draft is public."""
    undecided(state, given)
    if state.opened is None:
        raise Refused("not-consulting", "还没有公开征求意见。", article="国令713 第十五条")


def unopened(state: C, given: Given) -> None:
    """No draft is public yet."""
    undecided(state, given)
    if state.opened is not None:
        raise Refused("consulting-already", "已经公开征求意见。")


def announced(state: C, given: Given) -> None:
    """A meeting was announced."""
    consulting(state, given)
    if state.hearing is None:
        raise Refused("not-announced", "还没有公告会议。", article="国令713 第十六条")


def held_meeting(state: C, given: Given) -> None:
    """A meeting took place."""
    consulting(state, given)
    if not state.held:
        raise Refused("nothing-held", "会议还没有举行，不能形成报告。", article="本局公众参与制度（JC-06a）")


def ended(state: C, given: Given) -> None:
    """The period for comments is over."""
    consulting(state, given)
    assert state.opened is not None
    if given.today <= state.opened.until:
        raise Refused("still-consulting", f"征求意见到 {state.opened.until} 截止，截止后再归纳整理。", article="国令713 第十八条")


def to_decide(state: C, given: Given) -> None:
    """Nothing that comes before the decision is missing."""
    undecided(state, given)
    check_decision(state)


def was_collated(state: C, given: Given) -> None:
    """All opinions are together."""
    if state.collated is None:
        raise Refused("comments-missing", "意见还没有归纳整理。", article="国令713 第十八条")


def to_tell_result(state: C, given: Given) -> None:
    """The stages before are done, the result is not public."""
    check_result(state)
    if state.result is not None:
        raise Refused("result-published-already", "结果已经公开。")


def omit(state: C, stage: str, reason: str) -> Events:
    """A stage that was not gone through may be left out, with its reason on record (DX-06c)."""
    done = {"comments": state.opened is not None, "decision": state.decision is not None}[stage]
    if done or stage in state.omitted:
        raise Refused("stage-passed", "该阶段已经办理或者已经省略。")
    return [StageOmitted(stage=stage, reason=reason)]


def open_consultation(state: C, given: Given, said: Opening) -> Events:
    """Draft, explanation, ways and period; a period under the rulebook's needs a published reason (Decree 713, Article 15; JC-01)."""
    limit = given.rulebook.limit("comments")
    if said.until < given.today:
        raise Invalid("ended-before-opened", "截止日期不能早于今天。", fields=[{"field": "until", "sentence": "请核对"}])
    if (said.until - given.today).days < limit.days and not said.short_reason:
        raise Invalid(
            "short-period-unexplained",
            f"公开征求意见一般不少于 {limit.days} 日；少于的须公开说明理由。",
            fields=[{"field": "short_reason", "sentence": "请填写"}],
        )
    if said.form not in FORMS[state.impact]:
        allowed = "、".join(FORM_NAMES[form] for form in FORM_NAMES if form in FORMS[state.impact])
        raise Refused("form-does-not-fit", f"按影响范围和程度，应当采用：{allowed}。", article="本局公众参与制度（JC-02）")
    return [ConsultationOpened(**said._asdict())]


def announce(state: C, given: Given, on: date, place: str, participants: tuple[str, ...], material_on: date) -> Events:
    """For a hearing the list is public and the material is there the rulebook's days before (Decree 713, Article 16)."""
    assert state.opened is not None
    form = state.opened.form
    if form == "hearing":
        limit = given.rulebook.limit("hearing_material")
        if on - material_on < timedelta(days=limit.days):
            raise Refused("material-too-late", f"听证材料应当在听证会 {limit.days} 日前送达，请调整日期。", article=limit.article)
        if not participants:
            raise Invalid("participants-missing", "听证会参加人名单应当公布。", fields=[{"field": "participants", "sentence": "请填写"}])
    return [HearingAnnounced(form=form, on=on, place=place, participants=participants, material_on=material_on)]


def hold(state: C, given: Given, record: str, signed: bool) -> Events:
    """On or after its day, with a signed record (Decree 713, Article 17)."""
    assert state.hearing is not None
    if given.today < state.hearing.on:
        raise Refused("held-before-day", f"会议日期是 {state.hearing.on}，还没有到。")
    if state.hearing.form == "hearing" and not signed:
        raise Refused("record-unsigned", "听证会记录须由参加人签字。", article="国令713 第十七条")
    return [HearingHeld(form=state.hearing.form, record=record, signed=signed)]


def collate(groups: Sequence[Saying], register: CommentRegister) -> Events:
    """After the period has ended, every comment in one group (JC-03a)."""
    return [collated(groups, register.received)]


def file_report(report: str) -> Events:
    """True, whole and timely, after the meeting (JC-06a)."""
    return [ReportFiled(report=report)]


def check_public(publication: Publication) -> None:
    """It is published, and not withdrawn."""
    if not publication.places or publication.withdrawn:
        raise Refused("not-published", "该信息还没有公开，请先办理公开。")


def link_decision(publication: Publication, discussion: str) -> Events:
    """The second stage: after the first, after the risk was assessed and on the report of the meeting (DX-06b, YQ-03.2b, JC-06a)."""
    check_public(publication)
    return [DecisionLinked(publication=publication.id, discussion=discussion)]


def publish_feedback(said: FeedbackPublished) -> Events:
    """After the opinions were collated (JC-03c, JC-06c)."""
    return [said]


def publish_result(publication: Publication) -> Events:
    """The third stage, after the decision or the reason for leaving it out (DX-06c)."""
    check_public(publication)
    return [ResultPublished(publication=publication.id)]


def propose(given: Given, title: str, unit: str, impact: str, touches_interests: bool) -> Events:
    """What is to be decided, by a unit of the agency."""
    known_unit(given, unit)
    return [MatterProposed(title=title, unit=unit, impact=impact, touches_interests=touches_interests)]


def record_risk(methods: tuple[str, ...], level: str, plan: str) -> Events:
    """Methods, level and contingency plan (YQ-03.2b)."""
    return [RiskRecorded(methods=methods, level=level, plan=plan)]


def hear_risk(state: C, assessed: RiskRecorded) -> Events:
    """What press has assessed; one that comes after the decision, or again, changes nothing."""
    if not state.exists or state.decision is not None or state.risk == assessed:
        return []
    return [assessed]
