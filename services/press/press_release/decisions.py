"""What may be decided about a release: two reviews of a unit's topic, a draft that was cleared and approved, no word before somebody is authorised."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.press.clearance.decisions import ask_agencies, ask_review
from services.press.clearance.events import Addressee, File
from services.press.clearance.guards import check_cleared
from services.press.clearance.state import Clearance
from services.press.opinion_item.events import PressEventLinked
from services.press.opinion_item.state import OpinionItem, opinion_item
from services.press.press_release import events as e
from services.press.press_release.guards import AUTHORISED, INVITED, PROCEDURE
from services.press.press_release.scheme import SCHEME
from services.press.press_release.state import OWN_TOPIC, PressRelease
from services.press.release_team.guards import check_speaker
from services.press.release_team.state import ReleaseTeam
from shared.kernel.clocks import civil_day
from shared.kernel.commands import Given, On
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event

R = PressRelease
Events = Sequence[Event]

OFFICE = "general_office"
"""In whose name events are organised (XW-04a)."""


def check_setter(origin: str, given: Given) -> None:
    """What needs no review is entered, and changed, by nobody else."""
    if origin != OWN_TOPIC and not given.acts_as("press.set_topic"):
        raise Refused(
            "topic-set-above",
            "上级机关、领导小组提出的主题由综合科或者领导小组负责人登记、修改。",
            article=PROCEDURE,
            remedy="科室提出的，请选择“科室提出”，经审核后报综合科。",
        )


def propose(given: Given, said: e.TopicProposed, items: Iterable[OpinionItem]) -> Events:
    """By a superior body or the leading group, with its document, or by a unit (XW-07.3); it may rest on public opinion (XW-08.2)."""
    if not given.knows_unit(said.unit):
        raise Invalid("no-such-unit", "本机关没有这个科室，请从列表中选择。", fields=[{"field": "unit", "sentence": "请选择"}])
    check_setter(said.origin, given)
    if said.origin != OWN_TOPIC and not said.basis:
        raise Invalid(
            "basis-missing", "上级机关、领导小组提出的，须写明依据的文件或者会议纪要。", fields=[{"field": "basis", "sentence": "请填写"}]
        )
    if any(item.agency != given.agency.code for item in items):
        raise Invalid("no-such-opinion", "没有找到该舆情，请核对。", fields=[{"field": "opinion", "sentence": "请核对"}])
    return [said]


def revise(state: R, given: Given, title: str, summary: str, content: str) -> Events:
    """After it was returned."""
    check_setter(state.origin, given)
    return [e.TopicRevised(title=title, summary=summary, content=content)]


def review(state: R, given: Given, level: str, opinion: str) -> Events:
    """The leader in charge, then the head of the agency; neither is who has proposed it, and they are two persons (XW-07.3b)."""
    if given.actor.persons & set(state.proposed_by):
        raise Refused("proposer-reviews", "提出主题的人不能审核自己的主题，请由另一人审核。", article=PROCEDURE)
    if given.actor.persons & set(state.reviewed_by):
        raise Refused("same-reviewer", "分管领导和主要领导的审核应当由两人分别进行。", article=PROCEDURE)
    return [e.TopicReviewed(level=level, opinion=opinion)]


def prepare(given: Given, team: ReleaseTeam, statement: str, answers: tuple[e.AnswerLine, ...], concerns: tuple[Addressee, ...]) -> Events:
    """By a spokesperson: the statement and the lines to answer by, named by their hash (XW-07.3c)."""
    check_speaker(team, *given.actor.persons)
    for one in concerns:
        if one.code == given.agency.code or (not one.outside and not given.knows_agency(one.code)):
            raise Invalid(
                "no-such-agency",
                "涉及的机关不在本平台；请填写代码，或者注明是平台外的机关。",
                fields=[{"field": "concerns", "sentence": "请核对"}],
            )
    hashed = hashlib.sha256(msgspec.json.encode([statement, answers])).hexdigest()
    return [e.DraftPrepared(statement=statement, answers=answers, hash=hashed, concerns=concerns)]


def draft_of(state: R) -> e.DraftPrepared:
    """The draft in work."""
    assert state.draft is not None
    return state.draft


def to_review(state: R) -> tuple[File, ...]:
    """What is reviewed and confirmed: the statement with its lines, by the hash that its approval names."""
    draft = draft_of(state)
    return (File(name=f"{state.title}（发布稿、答问口径）", sha256=draft.hash, size=len(draft.statement.encode())),)


def request_review(state: R, found: Clearance) -> Sequence[On]:
    """Exactly what is drafted (BM-03b)."""
    return [ask_review(found, state.id, to_review(state), state.unit)]


def request_coordination(state: R, found: Clearance, text: str) -> Sequence[On]:
    """The agencies that the draft names (XT-04)."""
    return [ask_agencies(found, state.id, state.title, text, draft_of(state).concerns, to_review(state), state.unit)]


def check_gates(state: R, found: Clearance) -> None:
    """Review has released exactly this, and the agencies that it concerns have confirmed it."""
    draft = draft_of(state)
    check_cleared(found, draft.hash, concerns=bool(draft.concerns))


def approve(state: R, given: Given, found: Clearance, approves: str) -> Events:
    """The head approves exactly what was seen, and has not drafted it (XW-07.3c)."""
    if approves != draft_of(state).hash:
        raise Refused("draft-changed", "发布稿在您查看之后有改动，请重新核对后再审定。", article=PROCEDURE)
    if given.actor.persons & set(state.drafted_by):
        raise Refused("drafter-approves", "拟稿人不能审定自己的发布稿，请由主要领导审定。", article=PROCEDURE)
    check_gates(state, found)
    return [e.DraftApproved(hash=approves)]


def authorise(state: R, given: Given, team: ReleaseTeam, authorised: e.SpokespersonAuthorised) -> Events:
    """A spokesperson, by a document; the bureau's own authorisation is its head's (XW-06)."""
    check_speaker(team, authorised.person)
    if authorised.authority == "bureau" and not given.acts_as("press.authorise_for_bureau"):
        raise Refused(
            "bureau-authorises",
            "本局的授权由主要领导作出。",
            article=AUTHORISED,
            remedy="请主要领导办理；市委、政府授权的，可以由综合科登记。",
        )
    if (state.speaker, state.authority, state.document) == (authorised.person, authorised.authority, authorised.document):
        raise Refused("authorised-already", "授权没有变化。")
    return [authorised]


def check_day(given: Given, moment: datetime) -> None:
    """A day that has not passed."""
    if civil_day(moment) < given.today:
        raise Invalid("in-the-past", "发布活动的时间已经过去，请核对。", fields=[{"field": "at", "sentence": "请核对"}])


def plan(given: Given, form: str, moment: datetime, place: str) -> Events:
    """In the name of the general office (XW-04a)."""
    check_day(given, moment)
    return [e.EventPlanned(form=form, at=moment, place=place, in_name_of=OFFICE)]


def postpone(state: R, given: Given, moment: datetime, place: str, reason: str) -> Events:
    """To another time or place."""
    check_day(given, moment)
    assert state.plan is not None
    if (state.plan.at, state.plan.place) == (moment, place):
        raise Refused("plan-unchanged", "时间、地点没有变化。")
    return [e.EventPostponed(at=moment, place=place, reason=reason)]


def invite(state: R, media: tuple[str, ...], reason: str) -> Events:
    """Normally the media of this city; others with a reason (XW-07.5)."""
    if set(media) <= set(state.media):
        raise Refused("invited-already", "这些媒体已经邀请。")
    elsewhere = [SCHEME.media[one].title for one in media if not SCHEME.media[one].local]
    if elsewhere and not reason:
        raise Refused(
            "not-local-media",
            f"一般邀请本市媒体；邀请{'、'.join(elsewhere)}的，须写明理由。",
            article=INVITED,
            remedy="请填写理由，或者只邀请本市媒体。",
        )
    return [e.JournalistsInvited(media=media, reason=reason if elsewhere else "")]


def check_saying(state: R, team: ReleaseTeam, found: Clearance) -> UUID:
    """Who speaks: authorised, still a spokesperson, and what is said is still cleared."""
    assert state.speaker is not None
    check_speaker(team, state.speaker)
    check_gates(state, found)
    return state.speaker


def hold(
    state: R, given: Given, team: ReleaseTeam, found: Clearance, item: OpinionItem | None, questions: tuple[e.Answered, ...], evidence: str
) -> Sequence[Event | On]:
    """By the authorised spokesperson for the agency, in the name of the general office; the item that it answers has its press event (YQ-04.2c)."""
    speaker = check_saying(state, team, found)
    assert state.plan is not None
    if civil_day(state.plan.at) > given.today:
        raise Refused("event-not-begun", "发布活动还没有到时间；提前举行的，请先办理“发布活动改期”。")
    held = e.EventHeld(
        form=state.plan.form, speaker=speaker, speaks_for=given.agency.name, in_name_of=OFFICE, questions=questions, evidence=evidence
    )
    if item is None:
        return [held]
    owed = item.owed.get("conference")
    late = max(int((given.now - owed).total_seconds() // 60), 0) if owed else 0
    return [held, On(opinion_item, item.id, PressEventLinked(release=state.id, title=state.title, form=state.plan.form, late_minutes=late))]


def issue(state: R, given: Given, team: ReleaseTeam, found: Clearance, channel: str, evidence: str) -> Events:
    """On a channel, once each: exactly what was approved, for the agency (XW-05, XW-06)."""
    speaker = check_saying(state, team, found)
    if channel in state.channels:
        raise Refused("issued-already", "已经在该渠道发布。")
    draft = draft_of(state)
    return [
        e.StatementIssued(
            channel=channel,
            evidence=evidence,
            hash=draft.hash,
            title=state.title,
            text=draft.statement,
            unit=state.unit,
            speaker=speaker,
            speaks_for=given.agency.name,
        )
    ]


def link(state: R, publication: UUID, edition: int) -> Events:
    """The publication that says the same (YQ-03.5b); the same comparison counts once."""
    if (state.publication, state.edition) == (publication, edition):
        return []
    return [e.PublicationLinked(publication=publication, edition=edition)]
