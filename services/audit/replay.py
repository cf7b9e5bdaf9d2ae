"""Counterfactual replay: the ledger's deadlines and steps under another rulebook or calendar. Nothing is written.

Every clock is made again from what was recorded: under its own rulebook first, and only where that gives the due date on record is it compared; what
does not come back is told, and not compared. The day on which a thing was done stays as it was, because nobody can know when people
would have acted under other rules.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from msgspec.structs import replace
from psycopg.rows import tuple_row

from shared.kernel.errors import Invalid
from shared.law.calendar import ClockStopped, Span, WorkingCalendar, read_year
from shared.law.deadlines import Deadline, Facts, deadline
from shared.law.rulebook import NoRulebook, Rulebook, rulebook

SOURCES = ("requests", "review", "publishing")
"""The logs whose clocks follow from a rulebook of days."""

ROWS = """SELECT source, position, originator_id, topic, state, case_id FROM ledger
    WHERE agency = %s AND source = ANY(%s) AND split_part(topic, ':', 1) = ANY(%s) ORDER BY source, position"""

STREAMED = 1000
"""Rows that are taken from the server at once."""

CANNOT = (
    "答复、审查、公开的日期按实际记录，不推测在另一规则下何时办理。",
    "另一规则下可能提出、而实际没有提出的补正、延期、征求意见不计入。",
    "除批准延期外，不核对其他步骤在另一规则下应由谁办理。",
    "按小时计算的舆情回应期限，投诉、检查、问责和年度报告的期限不重算。",
    "答复作出之后的行政复议、行政诉讼和重新答复的期限不重算。",
    "不予公开等实体判断不因规则改变而重作；只指出在另一规则下不能作出或者可能不同的。",
)
"""What a replay cannot tell."""

GIVES = ("r1_granted", "r2_partial")
"""The outcomes that give something out."""

TITLES = {
    "reply": "答复申请",
    "correction": "更正记录",
    "secrecy_review": "保密审查",
    "coordination": "答复协调函",
    "co_maker_opinion": "共同制作机关提出意见",
    "inconsistency": "处理不一致反映",
    "inconsistency_raise": "反映其他机关的不一致",
    "proactive_disclosure": "主动公开",
    "interpretation": "报送解读材料",
}

MARKS = {"kept": "按期", "missed": "逾期", "open": "未到期", "still": "期限中止"}


class _Data(msgspec.Struct, frozen=True):
    """The fields that a replay reads, of whichever event has them."""

    deadline: Deadline | None = None
    reply: Deadline | None = None
    rulebook: str = ""
    channel: str = ""
    received_on: date | None = None
    confirmed_on: date | None = None
    clock_start: date | None = None
    amended_on: date | None = None
    paid_on: date | None = None
    resumed_on: date | None = None
    concluded_on: date | None = None
    sent_on: date | None = None
    since: date | None = None
    ended: date | None = None
    number: str | int = ""
    working_days: int = 0
    extension_days: int = 0
    counted: bool = True
    reasonable: bool | None = None
    outcome: str = ""
    basis: str = ""
    addressee: str = ""
    period: str = ""
    decision: str = ""
    urgent: bool = False
    co_made: bool = False
    consents: bool = False


class _Actor(msgspec.Struct, frozen=True):
    roles: tuple[str, ...] = ()


class _Event(msgspec.Struct, frozen=True):
    """As much of an envelope as a replay reads."""

    effective_on: date
    actor: _Actor
    data: _Data
    rulebook: str | None = None


_decoder = msgspec.json.Decoder(_Event)


class Row(NamedTuple):
    """An event of the ledger, decoded as far as it matters here."""

    source: str
    position: int
    thing: UUID
    type: str
    event: _Event
    case: UUID


class Step(msgspec.Struct, frozen=True):
    """A step that the other rulebook would refuse (`refused`), or that would have come out differently (`changed`)."""

    case: UUID
    number: str
    position: str
    kind: str
    told: str
    article: str


class Clock(msgspec.Struct, kw_only=True):
    """One clock: the facts it follows from, the due date on record, and when it ended."""

    case: UUID
    limit: str
    start: date
    recorded: Deadline
    rulebook: str
    number: str = ""
    days: int | None = None
    ended_on: date | None = None
    void: bool = False


class Reply(msgspec.Struct, kw_only=True):
    """What a replay knows of a request."""

    case: UUID
    received_on: date
    channel: str
    rulebook: str
    number: str = ""
    start: date | None = None
    started_by: str = ""
    recorded: Deadline | None = None
    extension: int = 0
    excess: int = 0
    own: list[Span] = msgspec.field(default_factory=list)
    """The spans that were not counted."""
    asked: list[Span] = msgspec.field(default_factory=list)
    """The spans in which others were asked, counted or not."""
    suspended: list[Span] = msgspec.field(default_factory=list)
    waiting: set[str] = msgspec.field(default_factory=set)
    """Who is being asked."""
    amendment: tuple[date, Deadline] | None = None
    fee: tuple[date, Deadline] | None = None
    objected: bool = False
    overridden: bool = False
    ended_on: date | None = None
    outcome: str = ""
    void: bool = False


class World(NamedTuple):
    """The rulebook and the calendar under which everything is told again, the agency's own calendar, and the day up to which."""

    rulebook: Rulebook
    calendar: WorkingCalendar
    own: WorkingCalendar
    today: date


class Compared(msgspec.Struct, frozen=True):
    """A clock under its own rules and under the others. `was` and `would`: kept, missed, open or still; a due date is None while it stands still."""

    case: UUID
    number: str
    limit: str
    start: date
    ended_on: date | None
    due: date | None
    due_then: date | None
    was: str
    would: str
    article: str


class Replay(msgspec.Struct, frozen=True):
    """What another rulebook or calendar would have changed in a year; `counts` by limit, then by `was` and `would`."""

    agency: str
    year: int
    rulebook: str
    calendar: str
    positions: dict[str, int]
    counts: dict[str, dict[str, int]]
    changed: tuple[Compared, ...]
    steps: tuple[Step, ...]
    not_compared: tuple[str, ...]
    cannot: tuple[str, ...] = CANNOT


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


def compared(fold: Fold, year: int) -> Iterator[Compared | str]:
    """Each clock that began in the year under both rules; a sentence for one that cannot be compared."""
    for reply in fold.replies.values():
        if reply.void or reply.start is None or reply.recorded is None or reply.start.year != year:
            continue
        own = Facts(reply.start, "reply", None, reply.extension + reply.excess, tuple(reply.own))
        yield _reply_compared(fold.world, reply, own)
    for clock in fold.clocks.values():
        if not clock.void and clock.start.year == year:
            facts = Facts(clock.start, clock.limit, clock.days)
            yield _both(fold.world, clock, facts, facts, clock.ended_on)


def _reply_compared(world: World, reply: Reply, own: Facts) -> Compared | str:
    other = world.rulebook
    spans = [*(reply.asked if other.says("consultation_not_counted") else ()), *_suspensions(reply, other)]
    start = start_then(reply, other)
    assert start is not None
    assert reply.recorded is not None
    extension = min(reply.extension, other.limit("extension").days)
    excess = reply.excess if other.says("excess_may_be_questioned") else 0
    then = Facts(start, "reply", None, extension + excess, tuple(spans))
    clock = Clock(case=reply.case, limit="reply", start=own.start, recorded=reply.recorded, rulebook=reply.rulebook, number=reply.number)
    return _both(world, clock, own, then, reply.ended_on)


def _suspensions(reply: Reply, other: Rulebook) -> list[Span]:
    return reply.suspended if other.says("suspension_for_force_majeure") else []


def _both(world: World, clock: Clock, own: Facts, then: Facts, ended_on: date | None) -> Compared | str:
    try:
        made = _due(own, rulebook(clock.rulebook), world.own)
    except NoRulebook as error:
        return f"{TITLES[clock.limit]} {clock.number or clock.case}：{error}"
    stands = made is None
    if made is not None and made != clock.recorded.due:
        return (
            f"{TITLES[clock.limit]} {clock.number or clock.case}：记录的期限 {clock.recorded.due} 由记录的事实得不出（得 {made}），不作比较"
        )
    due = _due(then, world.rulebook, world.calendar)
    return Compared(
        case=clock.case,
        number=clock.number,
        limit=clock.limit,
        start=then.start,
        ended_on=ended_on,
        due=None if stands else clock.recorded.due,
        due_then=due,
        was=_mark(made, ended_on, world.today),
        would=_mark(due, ended_on, world.today),
        article=world.rulebook.limit(clock.limit).article,
    )


def _due(facts: Facts, book: Rulebook, calendar: WorkingCalendar) -> date | None:
    try:
        return deadline(facts, book, calendar).due
    except ClockStopped:
        return None


def _mark(due: date | None, ended_on: date | None, today: date) -> str:
    if due is None:
        return "kept" if ended_on is not None else "still"
    if (ended_on or today) > due:
        return "missed"
    return "kept" if ended_on is not None else "open"


def rows_of(rows: Iterable[tuple[str, int, UUID, str, bytes, UUID]]) -> Iterator[Row]:
    """The ledger's rows, decoded as far as a replay reads them."""
    for source, position, thing, topic, state, case in rows:
        yield Row(source, position, thing, topic.rpartition(":")[0], _decoder.decode(state), case)


def told_again(rows: Iterable[Row], agency: str, year: int, world: World) -> Replay:
    """What the other rules would have changed of these events."""
    fold = Fold(world)
    positions: dict[str, int] = {}
    for row in rows:
        fold.take(row)
        positions[row.source] = row.position
    counts: dict[str, Counter[str]] = {}
    changed, not_compared = [], []
    for one in compared(fold, year):
        if isinstance(one, str):
            not_compared.append(one)
            continue
        counts.setdefault(one.limit, Counter())[f"{one.was}→{one.would}"] += 1
        if one.due != one.due_then or one.was != one.would:
            changed.append(one)
    return Replay(
        agency=agency,
        year=year,
        rulebook=world.rulebook.id,
        calendar=world.calendar.version,
        positions=positions,
        counts={limit: dict(sorted(count.items())) for limit, count in counts.items()},
        changed=tuple(sorted(changed, key=lambda one: (one.was == one.would, one.limit, one.start))),
        steps=tuple(step for on, step in fold.steps if on.year == year),
        not_compared=tuple(not_compared),
    )


def replay(connection: psycopg.Connection[Any], agency: str, year: int, world: World) -> Replay:
    """What the other rules would have changed, read in a transaction that cannot write."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET TRANSACTION READ ONLY")
        cursor = connection.cursor(row_factory=tuple_row)
        rows = cursor.stream(ROWS, (agency, list(SOURCES), READ), binary=True, size=STREAMED)
        return told_again(rows_of(rows), agency, year, world)


def world_of(rulebook_id: str, own: WorkingCalendar, today: date, calendar: bytes | None = None) -> World:
    """The rulebook of this id, with the agency's calendar, or with a file in the form of those of this release in the place of its year.

    Raises `Invalid`.
    """
    try:
        book = rulebook(rulebook_id)
    except NoRulebook as error:
        raise Invalid("no-such-rulebook", str(error), fields=[{"field": "rulebook", "sentence": "请核对"}]) from None
    if calendar is None:
        return World(book, own, own, today)
    try:
        return World(book, own.with_years(read_year(calendar)), own, today)
    except (msgspec.DecodeError, ValueError) as error:
        sentence = f"放假安排的文件无法使用：{error}"
        raise Invalid("not-a-calendar", sentence, fields=[{"field": "calendar", "sentence": "请核对"}]) from None


def lines(found: Replay) -> list[tuple[str, int, int, int, int]]:
    """For each limit: how many clocks, how many kept that would be missed, missed that would be kept, and all those whose due date moves."""
    moved = Counter(one.limit for one in found.changed if one.due != one.due_then)
    return [
        (TITLES[limit], sum(count.values()), count.get("kept→missed", 0), count.get("missed→kept", 0), moved[limit])
        for limit, count in sorted(found.counts.items(), key=lambda item: list(TITLES).index(item[0]))
    ]
