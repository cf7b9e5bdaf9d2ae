"""The state of a disclosure request, and one pure function for each event that brings it up to date."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from msgspec.structs import replace

from services.requests.disclosure_request.events import (
    AmendmentLapsed,
    AmendmentRequested,
    ClockResumed,
    ClockSuspended,
    DeadlineMissed,
    DeadlineMissWithdrawn,
    DeadlineRecomputed,
    DuplicateMerged,
    ExtensionRefused,
    ExtensionRequested,
    FactsCorrected,
    FeeAssessed,
    FeeLapsed,
    FeePaid,
    IdentityVerified,
    ReceiptAcknowledged,
    ReceiptConfirmed,
    ReplyApproved,
    ReplyDelivered,
    ReplyDrafted,
    ReplyExtended,
    ReplyReturned,
    RequestAmended,
    RequestAssigned,
    RequestMerged,
    RequestReceived,
    RequestRegistered,
    RequestReturned,
    RequestVoided,
    RequestWithdrawn,
    SecrecyReviewConcluded,
    SecrecyReviewRequested,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Meta
from shared.law.calendar import Span
from shared.law.deadlines import Deadline, Facts
from shared.trust.personal import Personal


class Stage(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    UNCONFIRMED = "unconfirmed"
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    AMENDING = "amending"
    UNPAID = "unpaid"
    SUSPENDED = "suspended"
    IN_REVIEW = "in_review"
    DRAFTED = "drafted"
    APPROVED = "approved"
    DELIVERED = "delivered"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"
    MERGED = "merged"


TITLES: dict[Stage, str] = {
    Stage.RECEIVED: "已收到，待登记",
    Stage.UNCONFIRMED: "待双方确认收到",
    Stage.REGISTERED: "已登记，待分派",
    Stage.ASSIGNED: "办理中",
    Stage.AMENDING: "待申请人补正",
    Stage.UNPAID: "待申请人缴费",
    Stage.SUSPENDED: "期限中止",
    Stage.IN_REVIEW: "保密审查中",
    Stage.DRAFTED: "答复待审批",
    Stage.APPROVED: "答复待送达",
    Stage.DELIVERED: "已答复",
    Stage.LAPSED: "已终结",
    Stage.WITHDRAWN: "已撤回",
    Stage.VOIDED: "已作废",
    Stage.MERGED: "已并入",
}

CLOSED = frozenset({Stage.DELIVERED, Stage.LAPSED, Stage.WITHDRAWN, Stage.VOIDED, Stage.MERGED})


class DisclosureRequest(State, frozen=True):
    """A request as it stands. `clock_start` is the day from which its reply period counts, None while that day is not known."""

    never_told: ClassVar[tuple[str, ...]] = ("password_hash",)

    agency: str = ""
    stage: Stage = Stage.RECEIVED
    channel: str = ""
    received_on: date | None = None
    applicant_kind: str = ""
    applicant_name: Personal | None = None
    id_number: Personal | None = None
    contact: Personal | None = None
    address: Personal | None = None
    content: Personal | None = None
    person_key: UUID | None = None
    tracking_number: str = ""
    password_hash: str = ""
    form: str = ""
    delivery: str = ""
    own_records: bool = False
    identity_verified: bool = False
    rulebook: str | None = None
    number: str = ""
    unit: str = ""
    clock_start: date | None = None
    deadline: Deadline | None = None
    waiting_until: Deadline | None = None
    not_counted: tuple[Span, ...] = ()
    amendment_items: tuple[str, ...] = ()
    fee: int | None = None
    extension_wanted: int = 0
    extension_by: tuple[str, ...] = ()
    extension_days: int = 0
    reviews: int = 0
    in_review: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    draft: ReplyDrafted | None = None
    drafted_by: tuple[str, ...] = ()
    outcome: str | None = None
    concluded_on: date | None = None
    missed: tuple[date, ...] = ()
    merged_into: UUID | None = None

    @property
    def closed(self) -> bool:
        """Whether it has come to an end."""
        return self.stage in CLOSED

    def clock(self) -> Facts | None:
        """The facts from which its reply deadline follows; None while the clock has not started."""
        if self.clock_start is None:
            return None
        return Facts(start=self.clock_start, limit="reply", extension_days=self.extension_days, not_counted=self.not_counted)


disclosure_request: Aggregate[DisclosureRequest] = Aggregate("requests.DisclosureRequest", DisclosureRequest)
evolves = disclosure_request.evolves
R = DisclosureRequest


@evolves(RequestReceived)
def received(state: R, event: RequestReceived, meta: Meta) -> R:
    """Who asks for what, how it came, and the rulebook of the day it came."""
    return replace(
        state,
        agency=meta.agency,
        channel=event.channel,
        received_on=event.received_on,
        applicant_kind=event.applicant_kind,
        applicant_name=event.applicant_name,
        id_number=event.id_number,
        contact=event.contact,
        address=event.address,
        content=event.content,
        person_key=event.person_key,
        tracking_number=event.tracking_number,
        password_hash=event.password_hash,
        form=event.form,
        delivery=event.delivery,
        own_records=event.own_records,
        rulebook=event.rulebook,
        clock_start=event.received_on if event.deadline else None,
        deadline=event.deadline,
    )


@evolves(RequestRegistered)
def registered(state: R, event: RequestRegistered, _meta: Meta) -> R:
    """Its number; where the clock does not run yet, it waits for the confirmation."""
    return replace(state, number=event.number, stage=Stage.REGISTERED if state.clock_start else Stage.UNCONFIRMED)


@evolves(ReceiptConfirmed)
def confirmed(state: R, event: ReceiptConfirmed, _meta: Meta) -> R:
    """The clock starts."""
    stage = Stage.REGISTERED if state.stage is Stage.UNCONFIRMED else state.stage
    return replace(state, stage=stage, clock_start=event.confirmed_on, deadline=event.deadline)


@evolves(IdentityVerified)
def verified(state: R, _event: IdentityVerified, _meta: Meta) -> R:
    """The applicant is who it says."""
    return replace(state, identity_verified=True)


@evolves(ReceiptAcknowledged, ReplyReturned, ExtensionRefused, DuplicateMerged)
def noted(state: R, event: ReceiptAcknowledged | ReplyReturned | ExtensionRefused | DuplicateMerged, _meta: Meta) -> R:
    """A draft that was returned is open again; a refused extension is not asked for any more; the others only stand on record."""
    if isinstance(event, ReplyReturned):
        return replace(state, stage=Stage.ASSIGNED, draft=None, drafted_by=())
    if isinstance(event, ExtensionRefused):
        return replace(state, extension_wanted=0, extension_by=())
    return state


@evolves(RequestAssigned)
def assigned(state: R, event: RequestAssigned, _meta: Meta) -> R:
    """A unit works on it."""
    return replace(state, unit=event.unit, stage=Stage.ASSIGNED if state.stage in (Stage.REGISTERED, Stage.ASSIGNED) else state.stage)


@evolves(RequestReturned)
def returned(state: R, _event: RequestReturned, _meta: Meta) -> R:
    """Nobody works on it until it is assigned again."""
    return replace(state, unit="", stage=Stage.REGISTERED)


@evolves(AmendmentRequested)
def amendment_requested(state: R, event: AmendmentRequested, _meta: Meta) -> R:
    """It waits for the applicant."""
    return replace(state, stage=Stage.AMENDING, amendment_items=event.items, waiting_until=event.deadline)


@evolves(RequestAmended)
def amended(state: R, event: RequestAmended, _meta: Meta) -> R:
    """The clock starts anew."""
    return replace(
        state,
        stage=Stage.ASSIGNED if state.unit else Stage.REGISTERED,
        content=event.content,
        clock_start=event.amended_on,
        deadline=event.deadline,
        waiting_until=None,
        not_counted=(),
    )


@evolves(FeeAssessed)
def fee_assessed(state: R, event: FeeAssessed, _meta: Meta) -> R:
    """It waits for the payment."""
    return replace(state, stage=Stage.UNPAID, fee=event.yuan, waiting_until=event.deadline)


@evolves(FeePaid)
def fee_paid(state: R, event: FeePaid, _meta: Meta) -> R:
    """The clock starts anew."""
    return replace(
        state,
        stage=Stage.ASSIGNED if state.unit else Stage.REGISTERED,
        clock_start=event.paid_on,
        deadline=event.deadline,
        waiting_until=None,
        not_counted=(),
    )


@evolves(AmendmentLapsed, FeeLapsed)
def lapsed(state: R, event: AmendmentLapsed | FeeLapsed, meta: Meta) -> R:
    """It has ended without a reply on the matter."""
    return replace(state, stage=Stage.LAPSED, outcome=event.outcome, concluded_on=meta.effective_on, waiting_until=None)


@evolves(ExtensionRequested)
def extension_requested(state: R, event: ExtensionRequested, meta: Meta) -> R:
    """Somebody has asked; another decides."""
    return replace(state, extension_wanted=event.working_days, extension_by=tuple(sorted(meta.actor.persons)))


@evolves(ReplyExtended)
def extended(state: R, event: ReplyExtended, _meta: Meta) -> R:
    """More time, once."""
    return replace(state, extension_days=event.working_days, extension_wanted=0, extension_by=(), deadline=event.deadline)


@evolves(ClockSuspended)
def suspended(state: R, event: ClockSuspended, _meta: Meta) -> R:
    """The clock stands still."""
    return replace(state, stage=Stage.SUSPENDED, not_counted=(*state.not_counted, Span(event.since, None, "suspended")))


@evolves(ClockResumed)
def resumed(state: R, event: ClockResumed, _meta: Meta) -> R:
    """The clock goes on."""
    spans = tuple(replace(span, end=event.resumed_on) if span.end is None else span for span in state.not_counted)
    return replace(state, stage=Stage.ASSIGNED if state.unit else Stage.REGISTERED, not_counted=spans, deadline=event.deadline)


@evolves(SecrecyReviewRequested)
def review_requested(state: R, event: SecrecyReviewRequested, _meta: Meta) -> R:
    """These bytes are in review."""
    return replace(state, stage=Stage.IN_REVIEW, reviews=event.review, in_review=tuple(file.sha256 for file in event.files))


@evolves(SecrecyReviewConcluded)
def review_concluded(state: R, event: SecrecyReviewConcluded, _meta: Meta) -> R:
    """What may be given out, and what may not."""
    return replace(
        state,
        stage=Stage.ASSIGNED if state.stage is Stage.IN_REVIEW else state.stage,
        in_review=(),
        cleared=(*(hash for hash in state.cleared if hash not in event.withheld), *event.released),
        withheld=(*(hash for hash in state.withheld if hash not in event.released), *event.withheld),
    )


@evolves(ReplyDrafted)
def drafted(state: R, event: ReplyDrafted, meta: Meta) -> R:
    """Somebody has drafted; another approves."""
    return replace(state, stage=Stage.DRAFTED, draft=event, drafted_by=tuple(sorted(meta.actor.persons)))


@evolves(ReplyApproved)
def approved(state: R, _event: ReplyApproved, _meta: Meta) -> R:
    """It may be delivered."""
    return replace(state, stage=Stage.APPROVED)


@evolves(ReplyDelivered)
def delivered(state: R, event: ReplyDelivered, meta: Meta) -> R:
    """Replied."""
    return replace(state, stage=Stage.DELIVERED, outcome=event.outcome, concluded_on=meta.effective_on)


@evolves(RequestWithdrawn)
def withdrawn(state: R, event: RequestWithdrawn, meta: Meta) -> R:
    """Ended by the applicant."""
    return replace(state, stage=Stage.WITHDRAWN, outcome=event.outcome, concluded_on=meta.effective_on, waiting_until=None)


@evolves(RequestVoided)
def voided(state: R, _event: RequestVoided, meta: Meta) -> R:
    """It never was a request."""
    return replace(state, stage=Stage.VOIDED, concluded_on=meta.effective_on)


@evolves(RequestMerged)
def merged(state: R, event: RequestMerged, meta: Meta) -> R:
    """It goes on in the other."""
    return replace(state, stage=Stage.MERGED, merged_into=event.into, concluded_on=meta.effective_on)


@evolves(FactsCorrected)
def corrected(state: R, event: FactsCorrected, _meta: Meta) -> R:
    """As it really was."""
    return replace(
        state,
        received_on=event.received_on or state.received_on,
        applicant_kind=event.applicant_kind or state.applicant_kind,
        clock_start=event.received_on if event.deadline else state.clock_start,
        deadline=event.deadline or state.deadline,
    )


@evolves(DeadlineMissed)
def missed(state: R, event: DeadlineMissed, _meta: Meta) -> R:
    """Late, once for each due date."""
    return replace(state, missed=(*state.missed, event.due))


@evolves(DeadlineMissWithdrawn)
def miss_withdrawn(state: R, event: DeadlineMissWithdrawn, _meta: Meta) -> R:
    """It was not late after all."""
    return replace(state, missed=tuple(due for due in state.missed if due != event.due))


@evolves(DeadlineRecomputed)
def recomputed(state: R, event: DeadlineRecomputed, _meta: Meta) -> R:
    """The due date as announced."""
    return replace(state, deadline=event.deadline)
