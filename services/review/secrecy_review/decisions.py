"""The state of a secrecy review, and what may be decided: a marked secret can't be released by any path.

A mark stands until it is lifted with a document, and belongs to the bytes: it is looked up in the register of marked content as well as here.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.review.marked_content.register import ContentMarked, MarkedContent, content_id, marked_content
from services.review.secrecy_review.events import (
    DeadlineMissed,
    DeclassificationRecorded,
    DeterminationReceived,
    File,
    Mark,
    Opinion,
    OpinionGiven,
    RedactionsDirected,
    ReviewApproved,
    ReviewEscalated,
    ReviewOpened,
    ReviewRejected,
    SecrecyMarked,
    UnitRefused,
    UnitsConsented,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given, On
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event, Meta
from shared.law.deadlines import Deadline, Facts, deadline

Events = Sequence[Event | On]


class Stage(StrEnum):
    """Where a review stands."""

    OPEN = "open"
    ESCALATED = "escalated"
    OPINION = "opinion"
    APPROVED = "approved"
    REJECTED = "rejected"


TITLES: dict[Stage, str] = {
    Stage.OPEN: "待提出意见",
    Stage.ESCALATED: "报请确定中",
    Stage.OPINION: "意见待批准",
    Stage.APPROVED: "已批准",
    Stage.REJECTED: "未批准",
}

SECRETS = {"top_secret": "绝密", "confidential": "机密", "secret": "秘密", "work_secret": "工作秘密", "trade_secret": "商业秘密"}
"""Marks that keep a file from leaving."""

STANDING = ("work_secret", "secret", "confidential", "top_secret")
"""Marks that marking again can't lower, lowest first: they are lifted with a document. A trade secret is the third party's to give up."""

LONGEST_YEARS = {"top_secret": 30, "confidential": 20, "secret": 10}
"""The longest term of a state secret, in years (保守国家秘密法)."""


class SecrecyReview(State, frozen=True):
    """A review as it stands."""

    stage: Stage = Stage.OPEN
    source: str = ""
    subject: UUID | None = None
    review: int = 0
    files: tuple[File, ...] = ()
    unit: str = ""
    joint_units: tuple[str, ...] = ()
    consented: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    marks: dict[str, str] = {}
    mark_until: dict[str, date] = {}
    opinions: tuple[Opinion, ...] = ()
    opinion_by: tuple[str, ...] = ()
    asked_by: str = ""
    determined_secret: bool | None = None
    redactions: dict[str, tuple[str, ...]] = {}
    deadline: Deadline | None = None
    rulebook: str | None = None
    missed: bool = False

    @property
    def closed(self) -> bool:
        """Whether it was decided."""
        return self.stage in (Stage.APPROVED, Stage.REJECTED)

    def hashes(self) -> tuple[str, ...]:
        """The files, by their hashes."""
        return tuple(file.sha256 for file in self.files)

    def opinion_hash(self) -> str:
        """What an approval names: the SHA-256 of the opinion and of all that it rests on."""
        content = [self.files, self.opinions, self.marks, self.redactions, self.determined_secret]
        return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


secrecy_review: Aggregate[SecrecyReview] = Aggregate("review.SecrecyReview", SecrecyReview)
S = SecrecyReview


@secrecy_review.evolves(ReviewOpened)
def opened(state: S, event: ReviewOpened, meta: Meta) -> S:
    """What is under review, and until when."""
    return replace(
        state,
        source=event.source,
        subject=event.subject,
        review=event.review,
        files=event.files,
        unit=event.unit,
        asked_by=event.asked_by,
        marks={mark.sha256: mark.mark for mark in event.marks},
        mark_until={mark.sha256: mark.until for mark in event.marks if mark.until},
        deadline=event.deadline,
        rulebook=meta.rulebook,
    )


@secrecy_review.evolves(SecrecyMarked)
def marked(state: S, event: SecrecyMarked, _meta: Meta) -> S:
    """A file's mark; an opinion that was given before has to be given again."""
    until = {sha256: end for sha256, end in state.mark_until.items() if sha256 != event.sha256}
    if event.until:
        until[event.sha256] = event.until
    return replace(state, marks={**state.marks, event.sha256: event.mark}, mark_until=until, stage=Stage.OPEN, opinions=())


@secrecy_review.evolves(OpinionGiven)
def opinion_given(state: S, event: OpinionGiven, meta: Meta) -> S:
    """Somebody holds an opinion; the leader in charge decides."""
    return replace(
        state,
        stage=Stage.OPINION,
        opinions=event.opinions,
        opinion_by=tuple(sorted(meta.actor.persons)),
        joint_units=tuple(dict.fromkeys((*state.joint_units, *event.joint_units))),
    )


@secrecy_review.evolves(UnitsConsented)
def consented(state: S, event: UnitsConsented, _meta: Meta) -> S:
    """One more unit; it may have refused before."""
    refused = tuple(unit for unit in state.refused if unit != event.unit)
    return replace(state, consented=(*state.consented, event.unit), refused=refused)


@secrecy_review.evolves(UnitRefused)
def unit_refused(state: S, event: UnitRefused, _meta: Meta) -> S:
    """One unit does not agree."""
    consented = tuple(unit for unit in state.consented if unit != event.unit)
    return replace(state, consented=consented, refused=(*state.refused, event.unit))


@secrecy_review.evolves(ReviewEscalated)
def escalated(state: S, _event: ReviewEscalated, _meta: Meta) -> S:
    """It waits for a determination."""
    return replace(state, stage=Stage.ESCALATED)


@secrecy_review.evolves(DeterminationReceived)
def determined(state: S, event: DeterminationReceived, _meta: Meta) -> S:
    """It is determined."""
    return replace(state, stage=Stage.OPEN, determined_secret=event.secret, opinions=())


@secrecy_review.evolves(DeclassificationRecorded)
def declassified(state: S, event: DeclassificationRecorded, _meta: Meta) -> S:
    """The mark is lifted; what was thought of the file before has to be thought again."""
    until = {sha256: end for sha256, end in state.mark_until.items() if sha256 != event.sha256}
    return replace(state, marks={**state.marks, event.sha256: "none"}, mark_until=until, stage=Stage.OPEN, opinions=())


@secrecy_review.evolves(RedactionsDirected)
def redactions_directed(state: S, event: RedactionsDirected, _meta: Meta) -> S:
    """What has to go."""
    return replace(state, redactions={**state.redactions, event.sha256: event.parts})


@secrecy_review.evolves(ReviewApproved, ReviewRejected)
def decided(state: S, event: ReviewApproved | ReviewRejected, _meta: Meta) -> S:
    """Decided."""
    return replace(state, stage=Stage.APPROVED if isinstance(event, ReviewApproved) else Stage.REJECTED)


@secrecy_review.evolves(DeadlineMissed)
def missed(state: S, _event: DeadlineMissed, _meta: Meta) -> S:
    """Late, once."""
    return replace(state, missed=True)


def not_decided(state: S, _given: Given) -> None:
    """Nothing happens to a review that was decided."""
    if state.closed:
        raise Refused("review-decided", f"该审查{TITLES[state.stage]}；内容改变后须重新提请审查。", article="国令711 第十七条")


def may_opine(state: S, given: Given) -> None:
    """Not while a determination is waited for: neither an opinion nor a mark gets around it."""
    not_decided(state, given)
    if state.stage is Stage.ESCALATED:
        raise Refused("determination-pending", "已报请确定，请在登记确定意见之后再办理。", article="国令711 第十七条")


def may_record_determination(state: S, given: Given) -> None:
    """Only what was asked is answered."""
    not_decided(state, given)
    if state.stage is not Stage.ESCALATED:
        raise Refused("not-escalated", "没有报请确定，不能登记确定意见。", remedy="不能确定是否可以公开的，请先办理“报请确定”。")


def may_decide(state: S, given: Given) -> None:
    """There is an opinion, and it is not one's own."""
    not_decided(state, given)
    if state.stage is not Stage.OPINION:
        raise Refused("no-opinion", "还没有审查意见，不能作出决定。", remedy="请先由承办科室或者审查员提出审查意见。")
    if given.actor.persons & set(state.opinion_by):
        raise Refused("reviewer-approves", "提出审查意见的人不能审批自己的意见，请由分管领导办理。")


def may_approve(state: S, given: Given) -> None:
    """Besides, whoever wants the files out doesn't approve it, and every unit that made them together has consented (BM-09)."""
    may_decide(state, given)
    if state.asked_by in given.actor.persons:
        raise Refused("asker-approves", "提请审查的人不能批准该审查，请由分管领导办理。")
    if state.refused:
        raise Refused(
            "consent-refused",
            f"共同形成的信息，{'、'.join(state.refused)}不同意公开。",
            remedy="请与该科室协商一致并登记其书面同意，或者办理“不批准”。",
        )
    waiting = [unit for unit in state.joint_units if unit not in state.consented]
    if waiting:
        raise Refused(
            "consent-missing", f"共同形成的信息须征得其他科室书面同意，尚缺：{'、'.join(waiting)}。", remedy="请先办理“共同科室同意”。"
        )


def open_review(state: S, given: Given, source: str, subject: UUID, review: int, files: tuple[File, ...], unit: str) -> Events:
    """Opened once; asked again, nothing happens. Bytes that carry a mark from before come with it."""
    if state.exists:
        return []
    due = deadline(Facts(start=given.today, limit="secrecy_review"), given.rulebook, given.calendar)
    asker = given.cause.actor if given.cause else given.actor
    marks = tuple(Mark(sha256, *held(state, given, sha256)) for sha256 in dict.fromkeys(file.sha256 for file in files))
    return [
        ReviewOpened(
            source=source,
            subject=subject,
            review=review,
            files=files,
            deadline=due,
            unit=unit,
            asked_by=asker.person,
            marks=tuple(mark for mark in marks if mark.mark != "none"),
        )
    ]


def held(state: S, given: Given, sha256: str) -> tuple[str, date | None]:
    """The mark that these bytes carry, and the last day of its term: as registered, else as put in this review."""
    content = given.others.get(content_id(given.agency.code, sha256))
    if isinstance(content, MarkedContent) and content.exists:
        return content.mark, content.until
    return state.marks.get(sha256, "none"), state.mark_until.get(sha256)


def known(state: S, sha256: str) -> None:
    """Refuses a file that is not under this review."""
    if sha256 not in state.hashes():
        raise Invalid(
            "no-such-file",
            "该文件不在本次审查之内，请核对（内容改变后散列也会改变）。",
            fields=[{"field": "sha256", "sentence": "不在本次审查之内"}],
        )


def file_name(state: S, sha256: str) -> str:
    """What a file under this review is called."""
    return next(f"“{file.name}”" for file in state.files if file.sha256 == sha256)


def mark(state: S, given: Given, sha256: str, mark: str, until: date | None) -> Events:
    """A state secret has a term, no longer than the law allows; what is marked is not marked lower, nor for a shorter term."""
    known(state, sha256)
    years = LONGEST_YEARS.get(mark)
    if years is not None:
        if until is None:
            raise Invalid("term-missing", "国家秘密须标明保密期限。", fields=[{"field": "until", "sentence": "必填"}])
        if until > years_after(given.today, years):
            raise Invalid(
                "term-too-long", f"{SECRETS[mark]}级的保密期限不超过 {years} 年。", fields=[{"field": "until", "sentence": "过长"}]
            )
    held_mark, held_until = held(state, given, sha256)
    if lowers((held_mark, held_until), (mark, until)):
        raise Refused(
            "mark-stands",
            f"该文件已标明为{SECRETS[held_mark]}，不能通过重新标识降低或者缩短。",
            article="保守国家秘密法",
            remedy="保密期限届满，或者有权机关确定不属于国家秘密的，请办理解密。",
        )
    made = SecrecyMarked(sha256=sha256, mark=mark, until=until)
    return [made] if mark == held_mark == "none" else [made, registered(given, sha256, mark, until)]


def lowers(before: tuple[str, date | None], after: tuple[str, date | None]) -> bool:
    """Whether the second mark protects less than a standing first one: a lower level, or the same until an earlier day."""
    if before[0] not in STANDING:
        return False
    rank = STANDING.index(after[0]) if after[0] in STANDING else -1
    if rank != STANDING.index(before[0]):
        return rank < STANDING.index(before[0])
    return (after[1] or date.max) < (before[1] or date.max)


def years_after(day: date, years: int) -> date:
    """The same day, years later; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def registered(given: Given, sha256: str, mark: str, until: date | None) -> On:
    """The mark, kept with the bytes for every later review."""
    event = ContentMarked(sha256=sha256, mark=mark, until=until, review=given.id)
    return On(marked_content, content_id(given.agency.code, sha256), event)


def give_opinion(state: S, given: Given, opinions: tuple[Opinion, ...], joint_units: tuple[str, ...] = (), to: str = "superior") -> Events:
    """On every file, with bases and reason; no secret is released, marked, determined or found in the content (BM-05, BM-07, BM-12b)."""
    if sorted(opinion.sha256 for opinion in opinions) != sorted(state.hashes()):
        raise Invalid("opinion-on-each", "须对每一份文件各提出一项意见。", fields=[{"field": "opinions", "sentence": "与文件不一一对应"}])
    unclear = [opinion for opinion in opinions if opinion.opinion == "escalate"]
    if state.determined_secret and not unclear and not any(held(state, given, one)[0] in LONGEST_YEARS for one in state.hashes()):
        raise Refused(
            "determined-unmarked",
            "有权机关已确定为国家秘密，须先标明密级和保密期限，再提出意见。",
            article="国令711 第十四条",
            remedy="请先办理“标明是否涉密”。",
        )
    for number, opinion in enumerate(opinions):
        consistent(state, given, number, opinion)
    made = OpinionGiven(opinions=opinions, joint_units=joint_units)
    return [made, ReviewEscalated(to=to, reason=unclear[0].reason)] if unclear else [made]


def consistent(state: S, given: Given, number: int, opinion: Opinion) -> None:
    """Refuses an opinion that goes against a mark, a determination, or its own ground."""
    mark, _ = held(state, given, opinion.sha256)
    if opinion.opinion in ("release", "partial") and mark in SECRETS:
        raise Refused(
            "marked-secret",
            f"该文件标明为{SECRETS[mark]}，任何途径都不得公开；保密期限届满的，先办理解密。",
            article="国令711 第十四条",
        )
    if opinion.opinion == "release" and state.determined_secret:
        raise Refused("determined-secret", "有权机关已确定为国家秘密，不得公开。", article="国令711 第十四条")
    if opinion.opinion == "release" and opinion.ground:
        raise Refused(
            "ground-releases",
            "内容有不予公开的情形，不能提出“公开”的意见。",
            article="国令711 第十四条、第十五条",
            remedy="请改为免于公开、区分处理，或者报请确定。",
        )
    if opinion.opinion in ("exempt", "partial") and not opinion.ground:
        raise Invalid("ground-missing", "不公开的，须写明情形。", fields=[{"field": f"opinions.{number}.ground", "sentence": "必填"}])
    if opinion.opinion == "partial" and opinion.sha256 not in state.redactions:
        raise Invalid(
            "redactions-missing",
            "区分处理的，须先指明哪些内容不公开。",
            fields=[{"field": f"opinions.{number}.opinion", "sentence": "请先指明区分处理的内容"}],
        )


def consent(state: S, unit: str, document: str) -> Events:
    """A unit consents in writing, once (BM-09)."""
    if unit in state.consented:
        raise Refused("consented-already", f"{unit}已书面同意，不必重复登记。")
    return [UnitsConsented(unit=unit, document=document)]


def refuse_consent(state: S, unit: str, reason: str) -> Events:
    """A unit that made it together does not consent (BM-09)."""
    if unit not in state.joint_units:
        raise Invalid("not-joint", "该科室不是共同形成信息的科室。", fields=[{"field": "unit", "sentence": "请核对科室"}])
    if unit in state.refused:
        raise Refused("refused-already", f"{unit}不同意的意见已经登记。")
    return [UnitRefused(unit=unit, reason=reason)]


def declassify(state: S, given: Given, sha256: str, document: str) -> Events:
    """A term that is over is lifted first, then the file is reviewed (BM-11); so is a mark that the competent authority found wrong."""
    known(state, sha256)
    mark, until = held(state, given, sha256)
    if mark not in STANDING:
        raise Refused("not-marked-secret", "该文件没有标明为国家秘密或者工作秘密，不需要解密。")
    if until is not None and until >= given.today and state.determined_secret is not False:
        raise Refused(
            "term-running",
            f"保密期限到 {until} 为止，尚未届满，不能解密。",
            article="保守国家秘密法",
            remedy="认为不应定密的，请报请有权机关确定。",
        )
    return [DeclassificationRecorded(sha256=sha256, document=document), registered(given, sha256, "none", None)]


def approve(state: S, given: Given, approves: str) -> Events:
    """Exactly the opinion that was seen. Released files may leave; exempt ones may not, nor partial ones before they are redacted and reviewed.

    A mark that another review has put since the opinion was given holds here too (BM-07.1).
    """
    for opinion in state.opinions:
        mark, _ = held(state, given, opinion.sha256)
        if opinion.opinion in ("release", "partial") and mark in SECRETS:
            kind = "国家秘密" if mark in LONGEST_YEARS else SECRETS[mark]
            raise Refused(
                "marked-since",
                f"提出意见之后，{file_name(state, opinion.sha256)}已标明为{SECRETS[mark]}，须按{kind}处理，不能批准公开。",
                article="国令711 第十四条",
                remedy="请重新提出审查意见，或者不批准。",
            )
    if approves != state.opinion_hash():
        raise Refused("opinion-changed", "审查意见在您查看之后有改动，请重新核对后再批准。")
    assert state.subject is not None
    return [
        ReviewApproved(
            source=state.source,
            subject=state.subject,
            review=state.review,
            approves=approves,
            released=tuple(opinion.sha256 for opinion in state.opinions if opinion.opinion == "release"),
            withheld=tuple(opinion.sha256 for opinion in state.opinions if opinion.opinion != "release"),
            partial=tuple(opinion.sha256 for opinion in state.opinions if opinion.opinion == "partial"),
        )
    ]


def reject(state: S, reason: str) -> Events:
    """Nothing leaves."""
    assert state.subject is not None
    return [ReviewRejected(source=state.source, subject=state.subject, review=state.review, files=state.hashes(), reason=reason)]


def miss_deadline(state: S, given: Given) -> Events:
    """Once, when the period is over and nothing was decided."""
    if state.closed or state.missed or state.deadline is None or given.today <= state.deadline.due:
        return []
    return [DeadlineMissed(due=state.deadline.due)]
