"""The state of a secrecy review, and what may be decided: a marked secret can't be released by any path."""

import hashlib
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.review.secrecy_review.events import (
    DeadlineMissed,
    DeclassificationRecorded,
    DeterminationReceived,
    File,
    Opinion,
    OpinionGiven,
    RedactionsDirected,
    ReviewApproved,
    ReviewEscalated,
    ReviewOpened,
    ReviewRejected,
    SecrecyMarked,
    UnitsConsented,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event, Meta
from shared.law.deadlines import Deadline, Facts, deadline

Events = Sequence[Event]


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
    marks: dict[str, str] = {}
    mark_until: dict[str, date] = {}
    opinions: tuple[Opinion, ...] = ()
    opinion_by: tuple[str, ...] = ()
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
        joint_units=event.joint_units,
        deadline=event.deadline,
        rulebook=meta.rulebook,
    )


@secrecy_review.evolves(SecrecyMarked)
def marked(state: S, event: SecrecyMarked, _meta: Meta) -> S:
    """A file's mark; an opinion that was given before has to be given again."""
    until = {**state.mark_until, event.sha256: event.until} if event.until else state.mark_until
    return replace(state, marks={**state.marks, event.sha256: event.mark}, mark_until=until, stage=Stage.OPEN, opinions=())


@secrecy_review.evolves(OpinionGiven)
def opinion_given(state: S, event: OpinionGiven, meta: Meta) -> S:
    """Somebody holds an opinion; the leader in charge decides."""
    return replace(state, stage=Stage.OPINION, opinions=event.opinions, opinion_by=tuple(sorted(meta.actor.persons)))


@secrecy_review.evolves(UnitsConsented)
def consented(state: S, event: UnitsConsented, _meta: Meta) -> S:
    """One more unit."""
    return replace(state, consented=(*state.consented, event.unit))


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
    """The mark is lifted."""
    return replace(state, marks={**state.marks, event.sha256: "none"}, stage=Stage.OPEN, opinions=())


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
    """Not while a determination is waited for."""
    not_decided(state, given)
    if state.stage is Stage.ESCALATED:
        raise Refused("determination-pending", "已报请确定，收到确定意见后再提出审查意见。", article="国令711 第十七条")


def may_approve(state: S, given: Given) -> None:
    """There is an opinion, every unit has consented, and it is not one's own opinion."""
    not_decided(state, given)
    if state.stage is not Stage.OPINION:
        raise Refused("no-opinion", "还没有审查意见，不能批准。")
    if given.actor.persons & set(state.opinion_by):
        raise Refused("reviewer-approves", "提出审查意见的人不能批准自己的意见，请由分管领导办理。")
    waiting = [unit for unit in state.joint_units if unit not in state.consented]
    if waiting:
        raise Refused(
            "consent-missing", f"共同形成的信息须征得其他科室书面同意，尚缺：{'、'.join(waiting)}。", remedy="请先办理“共同科室同意”。"
        )


def open_review(state: S, given: Given, source: str, subject: UUID, review: int, files: tuple[File, ...], unit: str) -> Events:
    """Opened once; asked again, nothing happens."""
    if state.exists:
        return []
    due = deadline(Facts(start=given.today, limit="secrecy_review"), given.rulebook, given.calendar)
    return [ReviewOpened(source=source, subject=subject, review=review, files=files, deadline=due, unit=unit)]


def known(state: S, sha256: str) -> None:
    """Refuses a file that is not under this review."""
    if sha256 not in state.hashes():
        raise Invalid(
            "no-such-file",
            "该文件不在本次审查之内，请核对（内容改变后散列也会改变）。",
            fields=[{"field": "sha256", "sentence": "不在本次审查之内"}],
        )


def mark(state: S, given: Given, sha256: str, mark: str, until: date | None) -> Events:
    """A state secret has a term, no longer than the law allows."""
    known(state, sha256)
    years = LONGEST_YEARS.get(mark)
    if years is not None:
        if until is None:
            raise Invalid("term-missing", "国家秘密须标明保密期限。", fields=[{"field": "until", "sentence": "必填"}])
        if until.year - given.today.year > years:
            raise Invalid(
                "term-too-long", f"{SECRETS[mark]}级的保密期限不超过 {years} 年。", fields=[{"field": "until", "sentence": "过长"}]
            )
    return [SecrecyMarked(sha256=sha256, mark=mark, until=until)]


def give_opinion(state: S, opinions: tuple[Opinion, ...]) -> Events:
    """On every file, with bases and reason; a marked or determined secret is not released (BM-05, BM-07, BM-12b)."""
    if sorted(opinion.sha256 for opinion in opinions) != sorted(state.hashes()):
        raise Invalid("opinion-on-each", "须对每一份文件各提出一项意见。", fields=[{"field": "opinions", "sentence": "与文件不一一对应"}])
    for number, opinion in enumerate(opinions):
        held = state.marks.get(opinion.sha256, "none")
        if opinion.opinion in ("release", "partial") and held in SECRETS:
            raise Refused(
                "marked-secret",
                f"该文件标明为{SECRETS[held]}，任何途径都不得公开；保密期限届满的，先办理解密。",
                article="国令711 第十四条",
            )
        if opinion.opinion == "release" and state.determined_secret:
            raise Refused("determined-secret", "有权机关已确定为国家秘密，不得公开。", article="国令711 第十四条")
        if opinion.opinion == "exempt" and not opinion.ground:
            raise Invalid("ground-missing", "免于公开须写明情形。", fields=[{"field": f"opinions.{number}.ground", "sentence": "必填"}])
        if opinion.opinion == "partial" and opinion.sha256 not in state.redactions:
            raise Invalid(
                "redactions-missing",
                "区分处理的，须先指明哪些内容不公开。",
                fields=[{"field": f"opinions.{number}.opinion", "sentence": "请先指明区分处理的内容"}],
            )
    if any(opinion.opinion == "escalate" for opinion in opinions):
        return [
            OpinionGiven(opinions=opinions),
            ReviewEscalated(to="superior", reason=next(o.reason for o in opinions if o.opinion == "escalate")),
        ]
    return [OpinionGiven(opinions=opinions)]


def declassify(state: S, given: Given, sha256: str, document: str) -> Events:
    """A term that is over is lifted first, then the file is reviewed (BM-11)."""
    known(state, sha256)
    held = state.marks.get(sha256, "none")
    if held not in LONGEST_YEARS:
        raise Refused("not-a-state-secret", "该文件没有标明为国家秘密，不需要解密。")
    until = state.mark_until.get(sha256)
    if until is not None and until >= given.today:
        raise Refused("term-running", f"保密期限到 {until} 为止，尚未届满，不能按期满解密。", article="保守国家秘密法")
    return [DeclassificationRecorded(sha256=sha256, document=document)]


def approve(state: S, approves: str) -> Events:
    """Exactly the opinion that was seen: released files may leave; exempt ones may not, nor partial ones before they are redacted and reviewed again."""
    if approves != state.opinion_hash():
        raise Refused("opinion-changed", "审查意见在您查看之后有改动，请重新核对后再批准。")
    assert state.subject is not None
    released = tuple(opinion.sha256 for opinion in state.opinions if opinion.opinion == "release")
    withheld = tuple(opinion.sha256 for opinion in state.opinions if opinion.opinion != "release")
    return [
        ReviewApproved(
            source=state.source, subject=state.subject, review=state.review, approves=approves, released=released, withheld=withheld
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
