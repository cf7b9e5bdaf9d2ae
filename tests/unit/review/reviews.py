"""Reviews at each point of an ordinary life, made by the commands themselves, as the tests of the decisions start from them."""

from dataclasses import replace
from datetime import date
from typing import Any, cast

from services.review.marked_content.register import ContentMarked, MarkedContent, content_id, marked_content
from services.review.secrecy_review.commands import Approve, FileIn, GiveOpinion, Mark, OpenReview, OpinionIn, review_id
from services.review.secrecy_review.state import SecrecyReview, secrecy_review
from shared.kernel.commands import On
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id
from tests.specification import AGENCY, Outcome, Specification, given, person, play

ASKED_ON = date(2025, 9, 22)
"""A Monday; the 10th working day after it is 11 October 2025."""

SERVICE = Actor("service:requests", ("system",))
SYSTEM = Actor("system:keeper", ("system",))
MAKER = person("maker", "clerk")
REVIEWER = person("reviewer", "reviewer")
UNIT_HEAD = person("unit head", "unit_head")
LEADER = person("leader", "leader_in_charge")

SUBJECT = derived_id("test", "request")
CONTRACT = FileIn(name="采购合同.pdf", sha256="ab" * 32, size=20_480)
LETTER = FileIn(name="往来函件.pdf", sha256="cd" * 32, size=4_096)
TERM = date(2030, 12, 31)


def asking(*files: FileIn, review: int = 1) -> OpenReview:
    """What requests asks for."""
    return OpenReview(source="requests", subject=SUBJECT, review=review, files=files or (CONTRACT,), unit="综合科")


def opened(*files: FileIn, book: str = "decree-711", review: int = 1, beside: tuple[MarkedContent, ...] = ()) -> Specification:
    """A review that was asked for, in an agency that has marked these bytes before."""
    start = given(secrecy_review, id=review_id(SUBJECT, review), day=ASKED_ON).on(ASKED_ON).under(book).beside(*beside)
    return start.when(asking(*files, review=review), by=SERVICE).later()


def opinion(file: FileIn = CONTRACT, held: str = "release", **changes: Any) -> OpinionIn:
    """A complete opinion on a file."""
    fields = {"sha256": file.sha256, "opinion": held, "bases": ("保守国家秘密法第二十六条",), "reason": "经审查不涉及秘密"}
    if held in ("exempt", "partial"):
        fields["ground"] = "work_secret"
    return OpinionIn(**{**fields, **changes})


def opinions(*each: OpinionIn, **changes: Any) -> GiveOpinion:
    """The opinions of a review."""
    return GiveOpinion(opinions=each or (opinion(),), **changes)


def marking(level: str, until: date | None = None, file: FileIn = CONTRACT) -> Mark:
    """The maker's mark."""
    return Mark(sha256=file.sha256, mark=level, until=until)


def marked(level: str = "secret", until: date | None = TERM, **changes: Any) -> Specification:
    """A review whose file its maker has marked, with what the agency remembers of these bytes."""
    return onward(opened(**changes).when(marking(level, until), by=MAKER))


def opined(*each: OpinionIn, case: Specification | None = None, **changes: Any) -> Specification:
    """A review with an opinion that waits for the leader."""
    return (case or opened()).when(opinions(*each, **changes), by=REVIEWER).later()


def approval(case: Specification) -> Approve:
    """The leader approves what stands there."""
    return Approve(approves=standing(case).opinion_hash())


def standing(case: Specification) -> SecrecyReview:
    """The review as it stands."""
    return cast("SecrecyReview", case.state)


def state_of(outcome: Outcome) -> SecrecyReview:
    """The review after it."""
    return cast("SecrecyReview", outcome.state)


def registered(outcome: Outcome) -> list[ContentMarked]:
    """What a command has written into the register of marked content."""
    assert outcome.decided is not None
    return [cast("ContentMarked", item.event) for item in outcome.decided.events if isinstance(item, On)]


def remembered(outcome: Outcome, file: FileIn = CONTRACT) -> MarkedContent:
    """What the register holds of a file's bytes after it."""
    id = content_id(AGENCY.code, file.sha256)
    before = outcome.before.others.get(id, marked_content.initial(id))
    made = [event for event in registered(outcome) if event.sha256 == file.sha256]
    return cast("MarkedContent", play(marked_content, before, made, outcome.before.day))


def onward(outcome: Outcome, day: date | None = None) -> Specification:
    """Goes on from the states of the review and of the register after it."""
    after = outcome.later(day)
    content = remembered(outcome)
    return replace(after, others={**after.others, content.id: content})
