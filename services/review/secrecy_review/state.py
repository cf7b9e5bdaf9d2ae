"""The state of a secrecy review, and one pure function for each event that brings it up to date."""

import hashlib
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
    RedactionsVerified,
    ReviewApproved,
    ReviewEscalated,
    ReviewOpened,
    ReviewRejected,
    SecrecyMarked,
    UnitRefused,
    UnitsConsented,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.law.deadlines import Deadline


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


SECRET_MARKS = ("top_secret", "confidential", "secret", "work_secret")
"""The marks of which every reading is recorded."""


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
    stored: tuple[str, ...] = ()
    directed: dict[str, tuple[str, ...]] = {}
    verified: tuple[str, ...] = ()
    deadline: Deadline | None = None
    rulebook: str | None = None
    missed: bool = False

    @property
    def closed(self) -> bool:
        """Whether it was decided."""
        return self.stage in (Stage.APPROVED, Stage.REJECTED)

    @property
    def marked_secret(self) -> bool:
        """Whether a file is marked as a state or work secret, or was determined to be one."""
        return bool(self.determined_secret) or any(mark in SECRET_MARKS for mark in self.marks.values())

    def hashes(self) -> tuple[str, ...]:
        """The files, by their hashes."""
        return tuple(file.sha256 for file in self.files)

    def opinion_hash(self) -> str:
        """What an approval names: the SHA-256 of the opinion and of all that it rests on."""
        content = [self.files, self.opinions, self.marks, self.redactions, self.determined_secret]
        return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()

    def directions_hash(self) -> str:
        """What a verification names: the SHA-256 of all that earlier reviews directed to be taken out."""
        return hashlib.sha256(msgspec.json.encode(self.directed, order="sorted")).hexdigest()


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
        stored=event.stored,
        directed={one.sha256: one.parts for one in event.directed},
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


@secrecy_review.evolves(RedactionsVerified)
def redactions_verified(state: S, event: RedactionsVerified, _meta: Meta) -> S:
    """It is gone from these bytes."""
    return replace(state, verified=(*state.verified, event.sha256))


@secrecy_review.evolves(ReviewApproved, ReviewRejected)
def decided(state: S, event: ReviewApproved | ReviewRejected, _meta: Meta) -> S:
    """Decided."""
    return replace(state, stage=Stage.APPROVED if isinstance(event, ReviewApproved) else Stage.REJECTED)


@secrecy_review.evolves(DeadlineMissed)
def missed(state: S, _event: DeadlineMissed, _meta: Meta) -> S:
    """Late, once."""
    return replace(state, missed=True)
