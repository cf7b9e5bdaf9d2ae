"""The decisions about a publication: the right publisher, the four steps, channel by channel with evidence (KH-02.3; Decree 711, 10, 17, 26)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from services.publishing.catalogue_entry import decisions as entries
from services.publishing.catalogue_entry.classes import AUDIENCES, CHANNELS, channels_of
from services.publishing.catalogue_entry.state import CatalogueEntry, catalogue_entry
from services.publishing.consultation import gates as stages
from services.publishing.consultation.state import Consultation
from services.publishing.interpretation import decisions as interpretations
from services.publishing.interpretation.state import Interpretation, interpretation, interpretation_id
from services.publishing.publication import guards
from services.publishing.publication.content import PERSON_CHECKS, bytes_of, content_hash, machine_checks
from services.publishing.publication.events import (
    Addressee,
    Check,
    CoordinationConcluded,
    CoordinationRequested,
    CorrectionPublished,
    DeadlineMissed,
    DeadlineMissWithdrawn,
    FeedbackRecorded,
    File,
    FileAttached,
    InformationCreated,
    OnlineDecided,
    PublicationApproved,
    PublicationDrafted,
    PublicationReturned,
    Published,
    QualityChecked,
    RelatedLinked,
    ReviewConcluded,
    ReviewRequested,
    ValidityChanged,
    Withdrawn,
)
from services.publishing.publication.state import Publication
from services.publishing.units import known_unit
from shared.kernel.commands import Given, On
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Facts, deadline

P = Publication
Events = Sequence[Event | On]
EXPLAINED = frozenset({"normative", "policy"})
"""Kinds of documents that are not published without a plan of how they are explained."""

OWN_TARGET = "bureau-2019"
"""The rulebook whose period is the agency's own stricter target."""


class Origin(NamedTuple):
    """Where information comes from: made, obtained or joint, and the codes of its maker, keeper and lead."""

    origin: str
    maker: str
    keeper: str
    lead: str


class Information(NamedTuple):
    """What was made or has changed."""

    title: str
    kind: str
    audience: str
    unit: str
    concerns: tuple[Addressee, ...]
    entry: UUID | None
    period: str
    change_of: UUID | None
    matter: UUID | None = None
    stage: str = ""


def check_publisher(origin: Origin, mine: str) -> None:
    """Who made it publishes it, or keeps it where it comes from citizens and bodies, or leads where it is joint; nobody else (XT-03, XT-08)."""
    if origin.origin == "made" and origin.maker != mine:
        raise Refused("made-elsewhere", f"该信息由其他机关（{origin.maker}）制作，由制作机关公开。", article="国令711 第十条")
    if origin.origin == "obtained" and origin.keeper != mine:
        raise Refused(
            "kept-elsewhere", f"该信息由其他机关（{origin.keeper}）保存，由其公开，本机关不发布也不解释。", article="国令711 第十条"
        )
    if origin.origin == "joint" and origin.lead != mine:
        raise Refused("lead-publishes", f"联合起草的信息由牵头单位（{origin.lead}）公开，其他单位不得发布。", article="国令711 第十条")


def create(given: Given, origin: Origin, said: Information) -> Events:
    """The clock starts on the day of the fact: the rulebook's working days, and the agency's own stricter target (KH-02.3a)."""
    check_publisher(origin, given.agency.code)
    known_unit(given, said.unit)
    if said.entry is not None:
        entry = given.others[said.entry]
        assert isinstance(entry, CatalogueEntry)
        if not entry.exists:
            raise Invalid("no-such-entry", "公开目录中没有这一项，请核对。", fields=[{"field": "entry", "sentence": "请核对"}])
        entries.check_period(entry, said.period)
    if (said.matter is None) != (not said.stage):
        field = "stage" if said.matter else "matter"
        raise Invalid("stage-without-matter", "重要事项和阶段应当同时填写。", fields=[{"field": field, "sentence": "请填写"}])
    if said.matter is not None and not given.others[said.matter].exists:
        raise Invalid("no-such-matter", "没有找到该重要事项，请核对。", fields=[{"field": "matter", "sentence": "请核对"}])
    return [started(given, **said._asdict(), **origin._asdict())]


def started(given: Given, **said: Any) -> InformationCreated:
    """The clock starts: the statutory day, and the agency's own stricter one."""
    start = Facts(start=given.today, limit="proactive_disclosure")
    due = deadline(start, given.rulebook, given.calendar)
    own = given.rulebook_of(OWN_TARGET).limit("proactive_disclosure").days
    target = deadline(replace(start, days=min(own, due.days)), given.rulebook, given.calendar)
    return InformationCreated(**said, deadline=due, target=target.due)


def take_up(state: P, given: Given, said: Information, request: UUID, offered: tuple[File, ...]) -> Events:
    """What was given on request and concerns everybody: from now on it is published like any other (Article 44)."""
    if state.exists:
        return []
    return [
        started(given, **said._asdict(), origin="requested", maker="", keeper=given.agency.code, lead="", request=request, offered=offered)
    ]


def take_up_statement(state: P, given: Given, said: Information, text: str, release: UUID) -> Events:
    """What press has said for the agency: its text is drafted, goes through every gate, and names the release that it agrees with (YQ-03.5b)."""
    if state.exists:
        return []
    written = PublicationDrafted(version=0, hash="", title=said.title, text=text, files=(), subject="新闻发布", issuer=given.agency.name)
    mine = given.agency.code
    (drafted,) = draft(state, written)
    assert isinstance(drafted, PublicationDrafted)
    return [
        started(given, **said._asdict(), origin="made", maker=mine, keeper="", lead=""),
        drafted,
        RelatedLinked(kind="statement", thing=release, title=said.title, version=drafted.version),
    ]


def decide_online(state: P, decision: str, ground: str, reason: str) -> Events:
    """Everything that is no secret and that the public needs goes online; what stays back has its ground (WZ-3)."""
    if decision == "withheld" and not ground:
        raise Invalid("ground-missing", "不予公开须写明情形。", fields=[{"field": "ground", "sentence": "请选择"}])
    if decision != "withheld" and ground:
        raise Invalid("ground-not-needed", "只有不予公开的才填写情形。", fields=[{"field": "ground", "sentence": "请留空"}])
    if decision == "internal" and state.audience == "external":
        raise Refused("is-for-the-public", "该信息是对外公开的，不能改为只对内公开。", article="本局上网发布制度（WZ-3）")
    if state.places and decision != "online":
        raise Refused("published-already", "该信息已经公开；不应公开的请办理“撤下”。")
    return [OnlineDecided(decision=decision, ground=ground, reason=reason)]


def draft(state: P, said: PublicationDrafted) -> Events:
    """The content, in its next version, with files that the platform has; what was published is changed only with a reason."""
    for file in said.files:
        check_kept(state, file)
    published = state.versions[-1] if state.versions else None
    if published is not None and not said.correction:
        raise Invalid("correction-reason-missing", "修改已公开的内容须写明更正理由。", fields=[{"field": "correction", "sentence": "必填"}])
    made = replace(said, hash=content_hash(said), version=(published.version if published else 0) + 1)
    if state.draft is not None and state.draft.hash == made.hash:
        raise Refused("content-unchanged", "内容没有变化。")
    return [made]


def check_kept(state: P, file: File) -> None:
    """The platform has exactly these bytes: they were attached, or went out with the reply that this was taken up from (WZ-4.1). A name may be
    another, not its ending: the bytes were looked into as what they are.
    """
    known = next((one for one in (*state.attached, *state.offered) if (one.sha256, one.size) == (file.sha256, file.size)), None)
    if known is None:
        raise Invalid(
            "file-not-held",
            f"附件“{file.name}”没有上传到本平台，不能公开；请先在本页“上传公开的文件”，再从已上传的文件中选择。",
            fields=[{"field": "files", "sentence": "请先上传"}],
        )
    if ending(known.name) != ending(file.name):
        raise Invalid(
            "file-ending-differs",
            f"附件“{file.name}”与上传的“{known.name}”扩展名不同，请保持不变。",
            fields=[{"field": "files", "sentence": "扩展名不能改"}],
        )


def ending(name: str) -> str:
    """What a file's name ends with, after its last dot."""
    return name.rpartition(".")[2].lower()


def attach(state: P, file: FileAttached, limit: int) -> Events:
    """A file that may go into the content; the same bytes under the same name are attached once."""
    if any((one.sha256, one.name) == (file.sha256, file.name) for one in state.attached):
        return []
    room(state, limit)
    return [file]


def room(state: P, limit: int) -> None:
    """There is room for one more file."""
    if len(state.attached) >= limit:
        raise Refused("too-many-files", f"一件信息最多上传 {limit} 份文件，请合并后再上传。")


def check_quality(state: P, confirmed: Sequence[str]) -> Events:
    """Every check of the machine, and what a person answers for (WZ-4.1)."""
    content = guards.content_of(state)
    people = [Check(title, name in confirmed, "person") for name, title in PERSON_CHECKS.items()]
    checks = (*machine_checks(content, state.kind), *people)
    return [QualityChecked(hash=content.hash, checks=checks, passed=all(check.passed for check in checks))]


def request_review(state: P) -> Events:
    """Exactly these bytes; those that have a conclusion need none again (BM-03b)."""
    files = bytes_of(guards.content_of(state))
    if all(file.sha256 in state.cleared | state.withheld for file in files):
        raise Refused("reviewed-already", "这些内容已有保密审查结论；内容改变后才需要重新审查。", article=guards.SECRECY)
    kept = {file.sha256 for file in state.attached}
    stored = tuple(file.sha256 for file in files if file.sha256 in kept)
    return [ReviewRequested(review=state.reviews + 1, files=files, unit=state.unit, stored=stored)]


def conclude_review(state: P, review: int, released: tuple[str, ...], withheld: tuple[str, ...]) -> Events:
    """What review has decided; one that was overtaken is left alone."""
    if review != state.reviews or not state.in_review:
        return []
    return [ReviewConcluded(review=review, released=released, withheld=withheld)]


def request_coordination(state: P, text: str, urgent: bool, approval_by: str) -> Events:
    """Every agency that the content concerns, in writing (XT-04)."""
    content = guards.content_of(state)
    return [
        CoordinationRequested(
            round=state.rounds + 1,
            item=content.title,
            text=text,
            addressees=state.concerns,
            files=bytes_of(content),
            urgent=urgent,
            unit=state.unit,
            approval_by=approval_by,
        )
    ]


def conclude_coordination(state: P, concluded: CoordinationConcluded) -> Events:
    """What they came to; a round that was overtaken is left alone."""
    if concluded.round != state.rounds or not state.coordinating:
        return []
    return [concluded]


def approve(state: P, given: Given, approves: str) -> Events:
    """The leader approves what stands there, and has not drafted it."""
    content = guards.content_of(state)
    if approves != content.hash:
        raise Refused("content-differs", "内容已经改变，请重新查看后再批准。", article="本局考核制度（KH-02.3c）")
    if given.actor.persons & set(state.drafted_by):
        raise Refused("drafter-approves", "起草人不能批准自己起草的内容。", article="本局考核制度（KH-02.3c）")
    if state.approved == content.hash:
        raise Refused("approved-already", "这一版内容已经批准。")
    if state.kind in EXPLAINED and not interpretation_of(state, given).plan_approved:
        raise Refused(
            "interpretation-unplanned",
            "规范性文件和重要政策应当同步编制解读方案，方案审定后才能批准公开。",
            article="本局政策解读制度（ZJ-06.1a）",
            remedy="请起草科室编制解读方案，由分管领导审定。",
        )
    check_matter(state, given)
    return [PublicationApproved(hash=content.hash)]


def check_matter(state: P, given: Given) -> None:
    """A decision comes after the comments and the risk of what people may say, a result after the decision (DX-06, YQ-03.2b)."""
    if state.matter is None:
        return
    matter = given.others[state.matter]
    assert isinstance(matter, Consultation)
    if state.matter_stage == "result":
        stages.check_result(matter)
    else:
        stages.check_decision(matter)


def interpretation_of(state: P, given: Given) -> Interpretation:
    """The interpretation of this document, as it stands; its initial state where there is none."""
    found = given.others[interpretation_id(state.id)]
    assert isinstance(found, Interpretation)
    return found


def late_days(state: P, given: Given) -> int:
    """Working days from the due date to today; 0 in time."""
    assert state.deadline is not None
    due = state.deadline.due
    between = (due + timedelta(days=number) for number in range(1, (given.today - due).days + 1))
    return sum(given.calendar.is_working(day) for day in between)


def publish_by(state: P, given: Given, channel: str, evidence: str, overdue_reason: str) -> Events:
    """By one channel of the item's audience, with evidence; the first time is what the clock asks for."""
    content = guards.content_of(state)
    audience = "internal" if state.online is not None and state.online.decision == "internal" else state.audience
    if channel not in channels_of(audience):
        sentence = f"{AUDIENCES[audience]}的信息不能使用“{CHANNELS[channel]}”。"
        raise Refused("channel-not-for-audience", sentence, article="本局党务政务公开制度（DX-05）")
    if any(place.channel == channel and place.version == content.version for place in state.places):
        raise Refused("published-there", f"这一版内容已经通过“{CHANNELS[channel]}”公开。")
    guards.portal_first(state, channel)
    first = not state.places
    late = late_days(state, given) if first else 0
    if late and not overdue_reason:
        raise Invalid(
            "overdue-reason-missing",
            f"已超过公开期限 {late} 个工作日，须写明充分理由。",
            fields=[{"field": "overdue_reason", "sentence": "请填写"}],
        )
    made: list[Event | On] = [
        Published(
            channel=channel,
            evidence=evidence,
            hash=content.hash,
            version=content.version,
            late_days=late,
            overdue_reason=overdue_reason if late else "",
        )
    ]
    if content.version > 1 and all(place.version != content.version for place in state.places):
        made.append(CorrectionPublished(version=content.version, corrects=content.version - 1, reason=content.correction))
    if first and state.missed is not None and given.today <= state.missed:
        made.append(DeadlineMissWithdrawn(due=state.missed))
    return [*made, *([*told_to_entry(state, given), *told_to_interpretation(state, given)] if first else ())]


def told_to_entry(state: P, given: Given) -> list[On]:
    """What the first publication means for the catalogue."""
    if state.entry is None:
        return []
    entry = given.others[state.entry]
    assert isinstance(entry, CatalogueEntry)
    return [On(catalogue_entry, entry.id, event) for event in entries.published(entry, given, state.period, state.id)]


def told_to_interpretation(state: P, given: Given) -> list[On]:
    """The document is public: the material that explains it comes due (ZJ-06.3a)."""
    found = interpretation_of(state, given)
    return [On(interpretation, found.id, event) for event in interpretations.document_published(found, given)]


def miss(state: P, given: Given) -> Events:
    """Once, when the statutory day is over; what was withheld has none."""
    if state.places or state.missed or state.deadline is None or given.today <= state.deadline.due:
        return []
    if state.withdrawn or (state.online is not None and state.online.decision == "withheld"):
        return []
    return [DeadlineMissed(due=state.deadline.due)]


def return_draft(reason: str) -> Events:
    """Not approved."""
    return [PublicationReturned(reason=reason)]


def record_feedback(feedback: str, handling: str) -> Events:
    """The fourth step (KH-02.3c)."""
    return [FeedbackRecorded(feedback=feedback, handling=handling)]


def withdraw(reason: str) -> Events:
    """Off every channel."""
    return [Withdrawn(reason=reason)]


def link(state: P, kind: str, thing: UUID, title: str) -> Events:
    """Publication, release and response name each other, and the version on which they agree (YQ-03.5b)."""
    version = state.versions[-1].version
    if any((one.thing, one.hash) == (thing, state.holding) for one in state.related):
        raise Refused("linked-already", "已经与这一版核对并关联。")
    return [RelatedLinked(kind=kind, thing=thing, title=title, version=version)]


def change_validity(state: P, validity: str, basis: str) -> Events:
    """In force, amended, expired or repealed."""
    if validity == state.validity:
        raise Refused("validity-unchanged", "有效性没有变化。")
    return [ValidityChanged(validity=validity, basis=basis)]
