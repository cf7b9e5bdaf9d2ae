"""The list of cases: one row a request, with its stage, unit, due date and what it waits for."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.requests.disclosure_request.events import (
    AmendmentLapsed,
    AmendmentRequested,
    ClockResumed,
    ClockSuspended,
    CoordinationConcluded,
    CoordinationRequested,
    DeadlineApproaching,
    DeadlineMissed,
    DeadlineMissWithdrawn,
    DeadlineRecomputed,
    FactsCorrected,
    FeeAssessed,
    FeeLapsed,
    FeePaid,
    LitigationConcluded,
    LitigationFiled,
    ReceiptConfirmed,
    ReconsiderationConcluded,
    ReconsiderationFiled,
    RemedyVoided,
    ReplyApproved,
    ReplyDelivered,
    ReplyDrafted,
    ReplyExtended,
    ReplyReturned,
    RequestAmended,
    RequestAssigned,
    RequestHandedOver,
    RequestMerged,
    RequestReceived,
    RequestRegistered,
    RequestReopened,
    RequestReturned,
    RequestTakenOver,
    RequestVoided,
    RequestWithdrawn,
    SecrecyReviewConcluded,
    SecrecyReviewRequested,
    ThirdPartyConsented,
    ThirdPartyConsulted,
    ThirdPartyObjected,
    ThirdPartySilent,
)
from services.requests.disclosure_request.state import Stage
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow

BY_APPLICANT = frozenset({Stage.AMENDING, Stage.UNPAID})
"""Where the next step is the applicant's: the reply period does not run, whoever else answers meanwhile."""


class CaseRow(ViewRow, frozen=True):
    """A request in the list. The applicant's name is kept sealed and decrypted for those who may read it."""

    stage: str
    number: str | None = None
    tracking_number: str = ""
    applicant: str = ""
    applicant_kind: str = ""
    channel: str = ""
    unit: str | None = None
    received_on: date | None = None
    due: date | None = None
    provisional: bool = False
    running: bool = False
    waiting_until: date | None = None
    opinions: dict[str, date] = {}
    opinion_due: date | None = None
    missed: int = 0
    reminded: date | None = None
    outcome: str | None = None
    concluded_on: date | None = None
    remedies: int = 0
    remedies_pending: int = 0


cases = TableView(
    "requests",
    "cases",
    "7",
    CaseRow,
    indexes=("agency, stage, due", "agency, (concluded_on IS NOT NULL), due, received_on, id", "agency, number", "tracking_number"),
)


@cases.creates(RequestReceived)
def received(id: UUID, event: RequestReceived, meta: Meta) -> CaseRow:
    """A new row."""
    return CaseRow(
        id=id,
        agency=meta.agency,
        stage=Stage.RECEIVED,
        tracking_number=event.tracking_number,
        applicant=event.applicant_name.reference(),
        applicant_kind=event.applicant_kind,
        channel=event.channel,
        received_on=event.received_on,
        due=event.deadline.due if event.deadline else None,
        provisional=bool(event.deadline and event.deadline.provisional),
        running=event.deadline is not None,
    )


@cases.evolves(RequestRegistered)
def registered(row: CaseRow, event: RequestRegistered, _meta: Meta) -> CaseRow:
    """Numbered."""
    if event.deadline is None and not row.running:
        return replace(row, number=event.number, stage=Stage.UNCONFIRMED)
    due = event.deadline.due if event.deadline else row.due
    return replace(
        row,
        number=event.number,
        stage=Stage.REGISTERED,
        due=due,
        running=True,
        provisional=event.deadline.provisional if event.deadline else row.provisional,
    )


@cases.evolves(RequestTakenOver)
def taken_over(row: CaseRow, event: RequestTakenOver, _meta: Meta) -> CaseRow:
    """It goes on here with its old number and clock."""
    return replace(
        row,
        number=event.number,
        stage=Stage.REGISTERED if event.clock_start else Stage.UNCONFIRMED,
        due=event.deadline.due if event.deadline else None,
        provisional=bool(event.deadline and event.deadline.provisional),
        running=event.deadline is not None,
    )


@cases.evolves(ReceiptConfirmed, RequestAmended, FeePaid, ClockResumed)
def clock_started(row: CaseRow, event: ReceiptConfirmed | RequestAmended | FeePaid | ClockResumed, _meta: Meta) -> CaseRow:
    """The clock runs, with a due date."""
    stage = row.stage
    if isinstance(event, ReceiptConfirmed):
        stage = Stage.REGISTERED if row.stage == Stage.UNCONFIRMED else row.stage
    else:
        stage = Stage.ASSIGNED if row.unit else Stage.REGISTERED
    made = replace(row, stage=stage, due=event.deadline.due, provisional=event.deadline.provisional, running=True)
    return with_opinions(made, row.opinions)


@cases.evolves(ReplyExtended, DeadlineRecomputed)
def due_moved(row: CaseRow, event: ReplyExtended | DeadlineRecomputed, _meta: Meta) -> CaseRow:
    """Another due date."""
    return replace(row, due=event.deadline.due, provisional=event.deadline.provisional)


@cases.evolves(RequestAssigned)
def assigned(row: CaseRow, event: RequestAssigned, _meta: Meta) -> CaseRow:
    """With a unit."""
    return replace(row, unit=event.unit, stage=Stage.ASSIGNED if row.stage in (Stage.REGISTERED, Stage.ASSIGNED) else row.stage)


@cases.evolves(RequestHandedOver)
def handed_over(row: CaseRow, event: RequestHandedOver, _meta: Meta) -> CaseRow:
    """With another unit, at the same point."""
    return replace(row, unit=event.unit)


@cases.evolves(RequestReturned)
def returned(row: CaseRow, _event: RequestReturned, _meta: Meta) -> CaseRow:
    """Without a unit."""
    return replace(row, unit=None, stage=Stage.REGISTERED)


@cases.evolves(AmendmentRequested, FeeAssessed)
def waits(row: CaseRow, event: AmendmentRequested | FeeAssessed, _meta: Meta) -> CaseRow:
    """For the applicant: the clock does not run."""
    stage = Stage.AMENDING if isinstance(event, AmendmentRequested) else Stage.UNPAID
    return replace(row, stage=stage, waiting_until=event.deadline.due, running=False)


@cases.evolves(CoordinationRequested)
def coordinating(row: CaseRow, event: CoordinationRequested, _meta: Meta) -> CaseRow:
    """Other agencies are asked; the clock runs on where the rulebook counts these days."""
    return replace(row, stage=Stage.COORDINATING, running=row.running and event.since is None)


@cases.evolves(CoordinationConcluded)
def coordinated(row: CaseRow, event: CoordinationConcluded, _meta: Meta) -> CaseRow:
    """They have come to something."""
    made = replace(row, stage=Stage.ASSIGNED, running=True)
    return replace(made, due=event.deadline.due, provisional=event.deadline.provisional) if event.deadline else made


@cases.evolves(ClockSuspended)
def suspended(row: CaseRow, _event: ClockSuspended, _meta: Meta) -> CaseRow:
    """The clock stands still."""
    return replace(row, stage=Stage.SUSPENDED, running=False)


STAGES: dict[type[Event], Stage] = {
    SecrecyReviewRequested: Stage.IN_REVIEW,
    SecrecyReviewConcluded: Stage.ASSIGNED,
    ReplyDrafted: Stage.DRAFTED,
    ReplyReturned: Stage.ASSIGNED,
    ReplyApproved: Stage.APPROVED,
}


@cases.evolves(*STAGES)
def moved_on(row: CaseRow, event: Event, _meta: Meta) -> CaseRow:
    """One stage on."""
    if isinstance(event, SecrecyReviewConcluded) and row.stage != Stage.IN_REVIEW:
        return row
    return replace(row, stage=STAGES[type(event)])


ENDS: dict[type[Event], Stage] = {
    ReplyDelivered: Stage.DELIVERED,
    AmendmentLapsed: Stage.LAPSED,
    FeeLapsed: Stage.LAPSED,
    RequestWithdrawn: Stage.WITHDRAWN,
    RequestVoided: Stage.VOIDED,
    RequestMerged: Stage.MERGED,
}


@cases.evolves(*ENDS)
def ended(row: CaseRow, event: Event, meta: Meta) -> CaseRow:
    """It has come to an end."""
    outcome = getattr(event, "outcome", None)
    return replace(row, stage=ENDS[type(event)], outcome=outcome, concluded_on=meta.effective_on, running=False, waiting_until=None)


@cases.evolves(RequestReopened)
def reopened(row: CaseRow, event: RequestReopened, _meta: Meta) -> CaseRow:
    """To be replied to again."""
    return replace(
        row,
        stage=Stage.ASSIGNED if row.unit else Stage.REGISTERED,
        due=event.deadline.due,
        provisional=event.deadline.provisional,
        running=True,
        outcome=None,
        concluded_on=None,
    )


@cases.evolves(ReconsiderationFiled, LitigationFiled)
def contested(row: CaseRow, _event: Event, _meta: Meta) -> CaseRow:
    """One more reconsideration or suit."""
    return replace(row, remedies=row.remedies + 1, remedies_pending=row.remedies_pending + 1)


@cases.evolves(RemedyVoided)
def uncontested(row: CaseRow, event: RemedyVoided, _meta: Meta) -> CaseRow:
    """It never was."""
    return replace(row, remedies=row.remedies - 1, remedies_pending=row.remedies_pending - event.pending)


@cases.evolves(ReconsiderationConcluded, LitigationConcluded)
def decided(row: CaseRow, _event: Event, _meta: Meta) -> CaseRow:
    """One less is pending."""
    return replace(row, remedies_pending=row.remedies_pending - 1)


@cases.evolves(FactsCorrected)
def corrected(row: CaseRow, event: FactsCorrected, _meta: Meta) -> CaseRow:
    """As it really was."""
    return replace(
        row,
        received_on=event.received_on or row.received_on,
        applicant_kind=event.applicant_kind or row.applicant_kind,
        due=event.deadline.due if event.deadline else row.due,
    )


@cases.evolves(DeadlineMissed, DeadlineMissWithdrawn)
def late(row: CaseRow, event: DeadlineMissed | DeadlineMissWithdrawn, _meta: Meta) -> CaseRow:
    """Late, or not late after all."""
    return replace(row, missed=row.missed + (1 if isinstance(event, DeadlineMissed) else -1))


@cases.evolves(DeadlineApproaching)
def near(row: CaseRow, event: DeadlineApproaching, _meta: Meta) -> CaseRow:
    """Its people were told."""
    return replace(row, reminded=event.due)


@cases.evolves(ThirdPartyConsulted)
def consulted(row: CaseRow, event: ThirdPartyConsulted, _meta: Meta) -> CaseRow:
    """It waits for a third party, and the clock stands still where the rulebook says so."""
    return with_opinions(replace(row, running=row.running and event.counted), {**row.opinions, str(event.number): event.deadline.due})


@cases.evolves(ThirdPartyConsented, ThirdPartyObjected, ThirdPartySilent)
def heard(row: CaseRow, event: ThirdPartyConsented | ThirdPartyObjected | ThirdPartySilent, _meta: Meta) -> CaseRow:
    """With the last answer the clock goes on."""
    left = with_opinions(row, {number: due for number, due in row.opinions.items() if number != str(event.number)})
    if event.reply is None:
        return left
    return replace(left, due=event.reply.due, provisional=event.reply.provisional, running=row.stage not in BY_APPLICANT)


def with_opinions(row: CaseRow, opinions: dict[str, date]) -> CaseRow:
    """The opinions still to come, by their number; the first of them to come due is what the keeper looks for."""
    days = opinions.values()
    until = row.waiting_until if row.stage in BY_APPLICANT else max(days, default=None)
    return replace(row, opinions=opinions, opinion_due=min(days, default=None), waiting_until=until)
