"""What may be decided in a secrecy review: a marked secret can't be released by any path.

A mark stands until it is lifted with a document, and belongs to the bytes: it is looked up in the register of marked content as well as here.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.review.marked_content.register import ContentMarked, MarkedContent, content_id, marked_content
from services.review.secrecy_review.events import (
    DeadlineMissed,
    DeclassificationRecorded,
    Directed,
    File,
    Mark,
    Opinion,
    OpinionGiven,
    RedactionsVerified,
    ReviewApproved,
    ReviewEscalated,
    ReviewOpened,
    ReviewRejected,
    SecrecyMarked,
    UnitRefused,
    UnitsConsented,
)
from services.review.secrecy_review.state import SECRETS, SecrecyReview
from shared.kernel.commands import Given, On
from shared.kernel.errors import Invalid, Refused
from shared.kernel.events import Event
from shared.law.deadlines import Facts, deadline

S = SecrecyReview
Events = Sequence[Event | On]


STANDING = ("work_secret", "secret", "confidential", "top_secret")
"""Marks that marking again can't lower, lowest first: they are lifted with a document. A trade secret is the third party's to give up."""


LONGEST_YEARS = {"top_secret": 30, "confidential": 20, "secret": 10}
"""The longest term of a state secret, in years (保守国家秘密法)."""


def open_review(
    state: S,
    given: Given,
    source: str,
    subject: UUID,
    review: int,
    files: tuple[File, ...],
    unit: str,
    stored: tuple[str, ...] = (),
    before: UUID | None = None,
) -> Events:
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
            stored=stored,
            directed=tuple(Directed(sha256, parts) for sha256, parts in directed_before(given, before).items()),
        )
    ]


def directed_before(given: Given, before: UUID | None) -> dict[str, tuple[str, ...]]:
    """What the reviews before this one directed to be taken out, by the file out of which."""
    last = given.others.get(before) if before is not None else None
    return {**last.directed, **last.redactions} if isinstance(last, SecrecyReview) else {}


def verify_redactions(state: S, sha256: str, directions: str, unproved: tuple[int, ...], images: int, confirmed: bool) -> Events:
    """Nothing that was directed is left in these bytes (BM-14); what no text proves, a person has looked at."""
    known(state, sha256)
    if directions != state.directions_hash() or not state.directed:
        raise Refused("nothing-directed", "本次审查之前没有指明需要区分处理的内容，不需要核验。")
    if (unproved or images) and not confirmed:
        which = f"第 {'、'.join(map(str, unproved))} 项不能用文字核验" if unproved else f"有 {images} 页是图像"
        raise Refused("redaction-unproved", f"{which}，须人工逐页核对并确认。", remedy="核对后勾选“已人工逐页核对”再提交。")
    if sha256 in state.verified:
        return []
    return [RedactionsVerified(sha256=sha256, directions=directions, unproved=unproved, images=images, confirmed=confirmed)]


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
