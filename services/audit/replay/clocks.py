"""Every clock and step of the ledger, from its facts alone, measured against the rules of another world."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.replay.facts import GIVES, Clock, Reply, Row, Step, World
from shared.law.calendar import Span
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.rulebook import Rulebook, rulebook


class Fold:
    """The clocks and steps of a log's events, in their order; `world` is what they are measured against."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.replies: dict[UUID, Reply] = {}
        self.clocks: dict[tuple[UUID, str], Clock] = {}
        self.steps: list[tuple[date, Step]] = []

    def take(self, row: Row) -> None:
        """One more event."""
        if row.type in REQUEST:
            if row.type == "requests.RequestReceived":
                self._received(row)
            elif (reply := self.replies.get(row.thing)) is not None and reply.ended_on is None:
                REQUEST[row.type](self, reply, row)
        elif row.type in STARTS:
            self._started(row, STARTS[row.type])
        else:
            self._ended(row)

    def _received(self, row: Row) -> None:
        data = row.event.data
        assert data.received_on is not None
        self.replies[row.thing] = Reply(
            case=row.case,
            received_on=data.received_on,
            channel=data.channel,
            rulebook=data.rulebook,
            start=data.received_on if data.deadline else None,
            started_by="receipt" if data.deadline else "",
            recorded=data.deadline,
        )

    def _started(self, row: Row, limit: str) -> None:
        data = row.event.data
        if data.deadline is None:
            return
        if row.type == "review.LetterSent" and data.co_made:
            limit = "co_maker_opinion"
        self.clocks[row.thing, data.addressee or data.period] = Clock(
            case=row.case,
            limit=limit,
            start=data.ended or row.event.effective_on,
            recorded=data.deadline,
            rulebook=row.event.rulebook or data.deadline.rulebook,
            days=0 if data.urgent else None,
            number=data.period,
        )

    def _ended(self, row: Row) -> None:
        data = row.event.data
        clock = self.clocks.get((row.thing, data.addressee or data.period))
        if row.type in WHOLE:
            for (thing, _), one in self.clocks.items():
                if thing == row.thing and one.ended_on is None:
                    one.void = True
            return
        if row.type == "publishing.OnlineDecided" and data.decision != "withheld":
            return
        if clock is None or clock.ended_on is not None:
            return
        if row.type == "review.ReplyOverdue":
            holds = self.world.rulebook.says("co_maker_silence_consents")
            if clock.limit == "co_maker_opinion" and holds is not data.consents:
                told = "逾期未答复视为同意公开" if holds else "逾期未答复不视为同意公开"
                self.step(row, "", "changed", told, self.world.rulebook.provisions["co_maker_silence_consents"].article)
            return
        clock.ended_on = row.event.effective_on
        clock.void = row.type in VOIDS

    def step(self, row: Row, number: str, kind: str, told: str, article: str) -> None:
        """A step that differs."""
        self.steps.append((row.event.effective_on, Step(row.case, number, f"{row.source}:{row.position}", kind, told, article)))

    def due(self, limit: str, start: date, recorded: Deadline, own: str) -> date:
        """A due date under the other rules; days that were set apart from the limit of the time stay as they were set."""
        days = None if recorded.days == rulebook(own).limit(limit).days else recorded.days
        return deadline(Facts(start, limit, days), self.world.rulebook, self.world.calendar).due

    def provision(self, name: str, row: Row, reply: Reply, told: str) -> None:
        """A step that the other rulebook does not know."""
        if not self.world.rulebook.says(name):
            self.step(row, reply.number, "refused", told, self.world.rulebook.provisions[name].article)


def _confirmed(fold: Fold, reply: Reply, row: Row) -> None:
    reply.start, reply.started_by, reply.recorded = row.event.data.confirmed_on, "confirmation", row.event.data.deadline


def _registered(_fold: Fold, reply: Reply, row: Row) -> None:
    reply.number = str(row.event.data.number)


def _taken_over(_fold: Fold, reply: Reply, row: Row) -> None:
    data = row.event.data
    reply.number, reply.start, reply.started_by = str(data.number), data.clock_start, "taken"
    reply.extension, reply.recorded = data.extension_days, data.deadline


def _amendment(fold: Fold, reply: Reply, row: Row) -> None:
    data, on = row.event.data, row.event.effective_on
    assert data.deadline is not None
    reply.amendment = (on, data.deadline)
    start = start_then(reply, fold.world.rulebook)
    if start is not None:
        limit = fold.world.rulebook.limit("amendment_notice")
        latest = deadline(Facts(start, "amendment_notice"), fold.world.rulebook, fold.world.calendar).due
        if on > latest:
            fold.step(row, reply.number, "refused", f"告知补正的期限（{latest}）已过，应当直接办理", limit.article)


def _amended(_fold: Fold, reply: Reply, row: Row) -> None:
    reply.start, reply.started_by, reply.recorded = row.event.data.amended_on, "amended", row.event.data.deadline
    _anew(reply)


def _paid(_fold: Fold, reply: Reply, row: Row) -> None:
    reply.start, reply.started_by, reply.recorded = row.event.data.paid_on, "paid", row.event.data.deadline
    _anew(reply)


def _anew(reply: Reply) -> None:
    reply.own, reply.asked, reply.suspended = [], [], []


def _fee(fold: Fold, reply: Reply, row: Row) -> None:
    data = row.event.data
    assert data.deadline is not None
    reply.fee = (row.event.effective_on, data.deadline)
    name, told = ("cost_fee", "不收取检索、复制、邮寄等成本费用") if data.basis == "cost" else ("processing_fee", "没有信息处理费")
    fold.provision(name, row, reply, told)


def _lapsed(limit: str) -> "Handler":
    def handle(fold: Fold, reply: Reply, row: Row) -> None:
        waited = reply.amendment if limit == "amendment_period" else reply.fee
        if waited is not None:
            due = fold.due(limit, *waited, reply.rulebook)
            if row.event.effective_on <= due:
                told = f"期限到 {due} 为止，届满后才能终结，结果可能不同"
                fold.step(row, reply.number, "refused", told, fold.world.rulebook.limit(limit).article)
        _ends(fold, reply, row)

    return handle


def _extended(fold: Fold, reply: Reply, row: Row) -> None:
    data, other = row.event.data, fold.world.rulebook
    reply.extension, reply.recorded = data.working_days, data.deadline
    limit, grantees = other.limit("extension"), other.grantees("requests.approve_extension")
    if data.working_days > limit.days:
        fold.step(row, reply.number, "changed", f"最多延长 {limit.days} 个工作日，实际批准 {data.working_days} 个", limit.article)
    if grantees.roles and not set(row.event.actor.roles) & set(grantees.roles):
        fold.step(row, reply.number, "refused", "批准延期的人在另一规则下无权批准", grantees.article or limit.article)


def _suspended(fold: Fold, reply: Reply, row: Row) -> None:
    span = Span(row.event.data.since or row.event.effective_on, None, "suspended")
    reply.own.append(span)
    reply.suspended.append(span)
    fold.provision("suspension_for_force_majeure", row, reply, "不能中止期限")


def _resumed(_fold: Fold, reply: Reply, row: Row) -> None:
    end = row.event.data.resumed_on or row.event.effective_on
    reply.own, reply.suspended, reply.recorded = _closed(reply.own, end), _closed(reply.suspended, end), row.event.data.deadline


def _consulted(_fold: Fold, reply: Reply, row: Row) -> None:
    data = row.event.data
    _asks(reply, f"third party {data.number}", data.sent_on or row.event.effective_on, counted=data.counted)


def _heard(fold: Fold, reply: Reply, row: Row) -> None:
    data = row.event.data
    if row.type == "requests.ThirdPartyObjected":
        reply.objected = True
    _answers(reply, f"third party {data.number}", row.event.effective_on)
    if data.reply is not None:
        reply.own, reply.recorded = _closed(reply.own, row.event.effective_on), data.reply


def _overrode(fold: Fold, reply: Reply, row: Row) -> None:
    reply.overridden = True
    fold.provision("public_interest_overrides", row, reply, "不能以公共利益为由公开第三方不同意公开的信息")


def _coordinated(_fold: Fold, reply: Reply, row: Row) -> None:
    since = row.event.data.since
    _asks(reply, "agencies", since or row.event.effective_on, counted=since is None)


def _agreed(_fold: Fold, reply: Reply, row: Row) -> None:
    end = row.event.data.concluded_on or row.event.effective_on
    _answers(reply, "agencies", end)
    reply.own = _closed(reply.own, end)
    reply.recorded = row.event.data.deadline or reply.recorded


def _asks(reply: Reply, who: str, since: date, *, counted: bool) -> None:
    if not reply.waiting:
        reply.asked.append(Span(since, None, "consulting"))
    if not counted and not any(span.end is None for span in reply.own):
        reply.own.append(Span(since, None, "consulting"))
    reply.waiting.add(who)


def _answers(reply: Reply, who: str, on: date) -> None:
    reply.waiting.discard(who)
    if not reply.waiting:
        reply.asked = _closed(reply.asked, on)


def _closed(spans: Sequence[Span], end: date) -> list[Span]:
    return [replace(span, end=end) if span.end is None else span for span in spans]


def _reasons_asked(fold: Fold, reply: Reply, row: Row) -> None:
    fold.provision("excess_may_be_questioned", row, reply, "不能要求申请人说明理由")


def _weighed(_fold: Fold, reply: Reply, row: Row) -> None:
    if row.event.data.deadline is not None:
        reply.excess, reply.recorded = row.event.data.working_days, row.event.data.deadline


def _corrected(_fold: Fold, reply: Reply, row: Row) -> None:
    data = row.event.data
    reply.received_on = data.received_on or reply.received_on
    if data.deadline is not None:
        reply.start, reply.recorded = data.received_on, data.deadline


def _recomputed(_fold: Fold, reply: Reply, row: Row) -> None:
    reply.recorded = row.event.data.deadline


def _ends(fold: Fold, reply: Reply, row: Row) -> None:
    reply.ended_on, reply.outcome = row.event.effective_on, row.event.data.outcome
    other = fold.world.rulebook
    if reply.objected and reply.outcome in GIVES and not reply.overridden and other.says("third_party_refusal_blocks"):
        told = "第三方不同意公开，在另一规则下涉及的内容不得公开"
        fold.step(row, reply.number, "changed", told, other.provisions["third_party_refusal_blocks"].article)
    if reply.outcome == "r5_4_massive" and not other.says("excess_may_be_questioned"):
        told = "不能以数量、频次明显超过合理范围为由不予处理"
        fold.step(row, reply.number, "changed", told, other.provisions["excess_may_be_questioned"].article)


def _void(_fold: Fold, reply: Reply, row: Row) -> None:
    reply.void, reply.ended_on = True, row.event.effective_on


Handler = Callable[[Fold, Reply, Row], None]

REQUEST: dict[str, Handler] = {
    "requests.RequestReceived": _registered,
    "requests.ReceiptConfirmed": _confirmed,
    "requests.RequestRegistered": _registered,
    "requests.RequestTakenOver": _taken_over,
    "requests.AmendmentRequested": _amendment,
    "requests.RequestAmended": _amended,
    "requests.AmendmentLapsed": _lapsed("amendment_period"),
    "requests.FeeAssessed": _fee,
    "requests.FeePaid": _paid,
    "requests.FeeLapsed": _lapsed("fee_payment"),
    "requests.ReplyExtended": _extended,
    "requests.ClockSuspended": _suspended,
    "requests.ClockResumed": _resumed,
    "requests.ThirdPartyConsulted": _consulted,
    "requests.ThirdPartyConsented": _heard,
    "requests.ThirdPartyObjected": _heard,
    "requests.ThirdPartySilent": _heard,
    "requests.PublicInterestOverrode": _overrode,
    "requests.CoordinationRequested": _coordinated,
    "requests.CoordinationConcluded": _agreed,
    "requests.ReasonsAsked": _reasons_asked,
    "requests.ReasonsWeighed": _weighed,
    "requests.FactsCorrected": _corrected,
    "requests.DeadlineRecomputed": _recomputed,
    "requests.ReplyDelivered": _ends,
    "requests.RequestWithdrawn": _ends,
    "requests.RequestVoided": _void,
    "requests.RequestMerged": _void,
}
"""What each event of a request changes; its receipt begins it."""

STARTS = {
    "requests.CorrectionClaimed": "correction",
    "review.ReviewOpened": "secrecy_review",
    "review.LetterSent": "coordination",
    "review.InconsistencyReported": "inconsistency",
    "review.InconsistencyFound": "inconsistency_raise",
    "publishing.InformationCreated": "proactive_disclosure",
    "publishing.PublicationDue": "proactive_disclosure",
    "publishing.MaterialDue": "interpretation",
}
"""The other clocks: what starts each, and its limit."""

ENDS = (
    "requests.CorrectionDecided",
    "requests.ClaimTransferred",
    "review.ReviewApproved",
    "review.ReviewRejected",
    "review.Confirmed",
    "review.Objected",
    "review.ReplyOverdue",
    "review.InconsistencyHandled",
    "review.InconsistencyRaised",
    "publishing.Published",
    "publishing.OnlineDecided",
    "publishing.PeriodPublished",
    "publishing.MaterialSubmitted",
)
VOIDS = ("requests.ClaimWithdrawn", "publishing.OnlineDecided", "publishing.Withdrawn")
"""After these nothing was due any more."""

WHOLE = ("review.CoordinationWithdrawn",)
"""These end every clock of their thing."""

READ = sorted({*REQUEST, *STARTS, *ENDS, *VOIDS, *WHOLE})


def start_then(reply: Reply, other: Rulebook) -> date | None:
    """From which day the reply's clock would have run: where the other rulebook waits for no confirmation, from the receipt."""
    if reply.started_by == "confirmation" and not other.starts_on_confirmation(reply.channel):
        return reply.received_on
    return reply.start
