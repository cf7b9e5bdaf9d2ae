"""A claim to have a record corrected, as it stands."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec.structs import replace

from services.requests.record_correction.events import (
    ClaimantNotified,
    ClaimantVerified,
    ClaimTransferred,
    ClaimWithdrawn,
    CorrectionClaimed,
    CorrectionDecided,
    CorrectionOverdue,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.law.deadlines import Deadline
from shared.trust.personal import Personal


class Stage(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    CORRECTED = "corrected"
    REFUSED = "refused"
    TRANSFERRED = "transferred"
    NOTIFIED = "notified"
    WITHDRAWN = "withdrawn"


TITLES: dict[Stage, str] = {
    Stage.OPEN: "待核实",
    Stage.CORRECTED: "已更正，待告知",
    Stage.REFUSED: "不予更正，待告知",
    Stage.TRANSFERRED: "已转送或者指明有权机关，待告知",
    Stage.NOTIFIED: "已告知，办结",
    Stage.WITHDRAWN: "已撤回",
}

GROUNDS = {"inaccurate": "不准确", "incomplete": "不完整", "out_of_date": "不适时", "irrelevant": "不相关"}
"""What may be wrong with a record; each rulebook knows its own of these."""


class RecordCorrection(State, frozen=True):
    """A claim. What came of it stays after the claimant was told: `decided` here, or `transferred` to another agency."""

    agency: str = ""
    stage: Stage = Stage.OPEN
    channel: str = ""
    ground: str = ""
    claimant_name: Personal | None = None
    id_number: Personal | None = None
    contact: Personal | None = None
    record: Personal | None = None
    wanted: Personal | None = None
    proof: Personal | None = None
    person_key: UUID | None = None
    rulebook: str | None = None
    received_on: date | None = None
    deadline: Deadline | None = None
    verified: bool = False
    decided: CorrectionDecided | None = None
    transferred: ClaimTransferred | None = None
    missed: bool = False

    @property
    def open(self) -> bool:
        """Whether nothing has come of it yet."""
        return self.stage is Stage.OPEN

    @property
    def closed(self) -> bool:
        """Whether it has come to an end."""
        return self.stage in (Stage.NOTIFIED, Stage.WITHDRAWN)


record_correction: Aggregate[RecordCorrection] = Aggregate("requests.RecordCorrection", RecordCorrection)
evolves = record_correction.evolves
S = RecordCorrection


@evolves(CorrectionClaimed)
def claimed(state: S, event: CorrectionClaimed, meta: Meta) -> S:
    """Who finds what wrong, and the rulebook of the day it came."""
    return replace(
        state,
        agency=meta.agency,
        channel=event.channel,
        ground=event.ground,
        claimant_name=event.claimant_name,
        id_number=event.id_number,
        contact=event.contact,
        record=event.record,
        wanted=event.wanted,
        proof=event.proof,
        person_key=event.person_key,
        rulebook=event.deadline.rulebook,
        received_on=meta.effective_on,
        deadline=event.deadline,
    )


@evolves(ClaimantVerified)
def claimant_verified(state: S, _event: ClaimantVerified, _meta: Meta) -> S:
    """It is its own record."""
    return replace(state, verified=True)


@evolves(CorrectionDecided)
def correction_decided(state: S, event: CorrectionDecided, _meta: Meta) -> S:
    """The record was put right, or stays."""
    return replace(state, stage=Stage(event.decision), decided=event)


@evolves(ClaimTransferred)
def claim_transferred(state: S, event: ClaimTransferred, _meta: Meta) -> S:
    """Another agency's matter."""
    return replace(state, stage=Stage.TRANSFERRED, transferred=event)


@evolves(ClaimantNotified)
def claimant_notified(state: S, _event: ClaimantNotified, _meta: Meta) -> S:
    """Told."""
    return replace(state, stage=Stage.NOTIFIED)


@evolves(ClaimWithdrawn)
def claim_withdrawn(state: S, _event: ClaimWithdrawn, _meta: Meta) -> S:
    """Given up by who made it."""
    return replace(state, stage=Stage.WITHDRAWN)


@evolves(CorrectionOverdue)
def correction_overdue(state: S, _event: CorrectionOverdue, _meta: Meta) -> S:
    """Late, once."""
    return replace(state, missed=True)
