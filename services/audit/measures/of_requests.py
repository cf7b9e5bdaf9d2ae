"""Replies to requests: by their day, with what stops and moves it."""

from datetime import date

import msgspec

from services.audit.measures.fold import Fold, Nothing, Owed, Row, WithDeadline, WithUnit, reads


@reads(WithDeadline, "requests.RequestReceived", "requests.RequestTakenOver")
def received(fold: Fold, row: Row, data: WithDeadline) -> None:
    """A reply is owed from now on, by a day that may still be open."""
    if fold.of("requests", row.thing) is None:
        fold.open(row, "requests", row.thing)
    clock(fold, row, data)


@reads(
    WithDeadline,
    "requests.ReceiptConfirmed", "requests.RequestAmended", "requests.FeePaid", "requests.ReplyExtended",
    "requests.ReasonsWeighed", "requests.DeadlineRecomputed", "requests.FactsCorrected", "requests.ClockResumed",
)  # fmt: skip
def clock(fold: Fold, row: Row, data: WithDeadline) -> None:
    """The day of the reply is set or moved, and its clock runs."""
    matter = fold.of("requests", row.thing)
    if matter is not None and data.deadline is not None:
        matter.due, matter.stopped = data.deadline.due, False


@reads(WithDeadline, "requests.CoordinationConcluded")
def coordinated(fold: Fold, row: Row, data: WithDeadline) -> None:
    """The agencies have answered: the clock runs, whether the day was moved or not."""
    clock(fold, row, data)
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.stopped = False


class _Answered(msgspec.Struct, frozen=True):
    reply: Owed | None = None


@reads(_Answered, "requests.ThirdPartyConsented", "requests.ThirdPartyObjected", "requests.ThirdPartySilent")
def third_party_answered(fold: Fold, row: Row, data: _Answered) -> None:
    """With the last answer the period of the reply goes on."""
    clock(fold, row, WithDeadline(data.reply))


@reads(Nothing, "requests.AmendmentRequested", "requests.FeeAssessed", "requests.ClockSuspended")
def stopped(fold: Fold, row: Row, _data: Nothing) -> None:
    """The clock waits for the applicant, or stands still."""
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.stopped = True


class _Consulted(msgspec.Struct, frozen=True):
    counted: bool = True
    since: date | None = None


@reads(_Consulted, "requests.ThirdPartyConsulted", "requests.CoordinationRequested")
def consulted(fold: Fold, row: Row, data: _Consulted) -> None:
    """The days of asking others do not count where the rulebook says so."""
    if not data.counted or data.since is not None:
        stopped(fold, row, Nothing())


@reads(WithUnit, "requests.RequestAssigned", "requests.RequestHandedOver")
def assigned(fold: Fold, row: Row, data: WithUnit) -> None:
    """Whose it is."""
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.unit = data.unit


@reads(Nothing, "requests.RequestReturned")
def returned(fold: Fold, row: Row, _data: Nothing) -> None:
    """It is the office's until it is assigned again."""
    assigned(fold, row, WithUnit())


class _Number(msgspec.Struct, frozen=True):
    number: str = ""
    deadline: Owed | None = None


@reads(_Number, "requests.RequestRegistered")
def registered(fold: Fold, row: Row, data: _Number) -> None:
    """It has a number."""
    clock(fold, row, WithDeadline(data.deadline))
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.title = data.number


class _Reply(msgspec.Struct, frozen=True):
    overdue_reason: str = ""


@reads(_Reply, "requests.ReplyDelivered")
def replied(fold: Fold, row: Row, data: _Reply) -> None:
    """The reply has gone out."""
    matter = fold.of("requests", row.thing)
    if matter is not None and matter.done is None:
        matter.done, matter.reasoned = row.on, bool(data.overdue_reason)


@reads(
    Nothing,
    "requests.AmendmentLapsed", "requests.FeeLapsed", "requests.RequestWithdrawn", "requests.RequestVoided", "requests.RequestMerged",
)  # fmt: skip
def no_reply_owed(fold: Fold, row: Row, _data: Nothing) -> None:
    """It has ended, and nobody owes a reply."""
    matter = fold.of("requests", row.thing)
    if matter is not None and matter.done is None:
        matter.counts = False


@reads(Nothing, "requests.DeadlineMissed")
def reply_missed(fold: Fold, row: Row, _data: Nothing) -> None:
    """The day has passed without a reply."""
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.missed = True


@reads(Nothing, "requests.DeadlineMissWithdrawn")
def reply_not_missed(fold: Fold, row: Row, _data: Nothing) -> None:
    """It was not."""
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.missed = False


class _Reopened(msgspec.Struct, frozen=True):
    number: int
    deadline: Owed


@reads(_Reopened, "requests.RequestReopened")
def reopened(fold: Fold, row: Row, data: _Reopened) -> None:
    """Another reply is owed; the first one stands as it was kept."""
    first = fold.of("requests", row.thing)
    if first is not None:
        fold.matters[("requests", row.thing, data.number)] = first
        fold.open(row, "requests", row.thing, unit=first.unit, title=first.title, due=data.deadline.due)
