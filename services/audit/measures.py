"""How the units of an agency keep their duties: folded from the ledger in one pass, as of any day, each figure with the cases that it counts.

A matter is one thing that was to be done by a day: a reply, a publication, a period of the catalogue, an answer to public opinion, an opinion of
review. It is on time if it was done by its day, late if after it, missed if the day is over and it is not done; before, it is open. It counts on the
day on which it was done in time, else on the day that it was due: so a period's figures never change but by what is recorded later about it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import tuple_row

from services.audit.figures import Figure
from services.audit.inspection.scheme import SCHEME
from shared.kernel.clocks import LEGAL_ZONE

MEASURES: dict[str, str] = {
    "requests": "依申请公开答复",
    "publications": "主动公开（信息形成或变更后）",
    "portal": "在门户网站及时公开",
    "channels": "通过两种以上载体公开",
    "periods": "按公开目录公开",
    "catalogue": "公开目录适时更新",
    "interpretations": "报送解读材料",
    "reviews": "保密审查意见",
    "opinions": "舆情回应",
    "opinion_reports": "舆情归口报送",
    "unit_reports": "年度书面报告",
    "inspections": "监督检查得分",
    "issues": "检查发现问题的整改",
    "complaints": "投诉查实",
    "satisfaction": "群众满意",
}
"""What is measured, by key, with its title."""

DUTIES = tuple(key for key in MEASURES if key not in ("channels", "catalogue", "complaints", "satisfaction", "inspections"))
"""Those that stand in the table of how units keep their duties: each has a day by which it is to be done."""


class Kept(StrEnum):
    """How a matter was kept."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"


KEPT: dict[Kept, str] = {Kept.ON_TIME: "按时", Kept.LATE: "逾期后办理", Kept.MISSED: "逾期未办", Kept.OPEN: "未到期"}
"""Their titles."""


class Matter(msgspec.Struct):
    """One thing that is to be done: whose, by when, and when it was. `late`: said by the event itself, else told from the two days.

    `stopped`: its clock stands still; `counts`: not taken back, withheld or ended without a duty; `minutes`: from the detection to the report.
    """

    measure: str
    case: UUID
    unit: str = ""
    title: str = ""
    due: date | None = None
    done: date | None = None
    late: bool | None = None
    reasoned: bool = False
    missed: bool = False
    stopped: bool = False
    counts: bool = True
    minutes: int | None = None
    position: str = ""

    def kept(self, on: date) -> Kept:
        """How it stood at the end of a day."""
        if self.done is not None:
            late = self.late if self.late is not None else self.due is not None and self.done > self.due
            return Kept.LATE if late else Kept.ON_TIME
        over = self.due is not None and self.due < on and not self.stopped
        return Kept.MISSED if self.missed or over else Kept.OPEN

    def day(self, on: date) -> date | None:
        """The day on which it counts: that of its doing where it was in time, else the one that it was due."""
        return self.done if self.kept(on) is Kept.ON_TIME else self.due or self.done


class _Due(msgspec.Struct, frozen=True):
    due: date


D = TypeVar("D")


class _Event(msgspec.Struct, Generic[D], frozen=True):
    """As much of an envelope as is read."""

    effective_on: date
    data: D


class Row(msgspec.Struct, frozen=True):
    """A row of the ledger on its way through the fold."""

    source: str
    position: int
    thing: UUID
    case: UUID
    on: date


Step = Callable[["Fold", Row, Any], None]

READERS: dict[str, tuple[Any, Step]] = {}
"""By event type: what decodes the fields that are read of it, and what it does to the matters."""

S = TypeVar("S", bound=Step)


def reads(fields: type[Any], *types: str) -> Callable[[S], S]:
    """Declares what events of these types do to the matters, and which of their fields are read."""

    def declare(step: S) -> S:
        for type_ in types:
            READERS[type_] = (msgspec.json.Decoder(_Event[fields]), step)  # type: ignore[valid-type]
        return step

    return declare


class Entry(msgspec.Struct):
    """What is known of a line of the catalogue; `touched`: the last day on which it was defined, revised or published under."""

    unit: str
    name: str
    case: UUID
    touched: date
    retired: bool = False


class Share(msgspec.Struct):
    """Points of an inspection, or people who were asked: so many of so many, on a day."""

    measure: str
    unit: str
    on: date
    good: int
    all: int


class Complaint(msgspec.Struct):
    """A complaint: about which unit, and the day on which it was found to be true; None where it was not, or not yet."""

    unit: str
    founded_on: date | None = None


class Fold:
    """The matters of an agency as far as the ledger's rows were read."""

    def __init__(self) -> None:
        self.matters: dict[tuple[object, ...], Matter] = {}
        self.entries: dict[UUID, Entry] = {}
        self.units: dict[UUID, str] = {}
        self.published: dict[UUID, set[str]] = {}
        self.detected: dict[UUID, datetime] = {}
        self.shares: dict[tuple[object, ...], Share] = {}
        self.complaints: dict[UUID, Complaint] = {}
        self.positions: dict[str, int] = {}

    def read(self, rows: Iterable[tuple[str, int, UUID, UUID, str, bytes]], on: date) -> "Fold":
        """Reads rows (source, position, thing, case, topic, state) in the order of their logs; what took effect later than `on` is left out."""
        for source, position, thing, case, topic, state in rows:
            found = READERS.get(topic.rpartition(":")[0])
            if found is None:
                continue
            event = found[0].decode(state)
            if event.effective_on <= on:
                found[1](self, Row(source, position, thing, case, event.effective_on), event.data)
                self.positions[source] = position
        return self

    def open(self, row: Row, *key: object, **facts: Any) -> None:
        """One more matter; `key` begins with what it measures."""
        self.matters[key] = Matter(measure=str(key[0]), case=row.case, position=f"{row.source}:{row.position}", **facts)

    def of(self, *key: object) -> Matter | None:
        """The matter of this key."""
        return self.matters.get(key)

    def all(self, measure: str, since: date, until: date) -> Iterator[Matter]:
        """The matters of a measure that count in a period, both days included; the open ones as they stand at its end."""
        for matter in self.matters.values():
            if matter.measure != measure or not matter.counts:
                continue
            day = matter.day(until)
            if matter.kept(until) is Kept.OPEN or (day is not None and since <= day <= until):
                yield matter


class _Nothing(msgspec.Struct, frozen=True):
    pass


class _Deadline(msgspec.Struct, frozen=True):
    deadline: _Due | None = None


class _Unit(msgspec.Struct, frozen=True):
    unit: str = ""


# ── requests: the reply ────────────────────────────────


@reads(_Deadline, "requests.RequestReceived", "requests.RequestTakenOver")
def received(fold: Fold, row: Row, data: _Deadline) -> None:
    """A reply is owed from now on, by a day that may still be open."""
    if fold.of("requests", row.thing) is None:
        fold.open(row, "requests", row.thing)
    clock(fold, row, data)


@reads(
    _Deadline,
    "requests.ReceiptConfirmed", "requests.RequestAmended", "requests.FeePaid", "requests.ReplyExtended",
    "requests.ReasonsWeighed", "requests.DeadlineRecomputed", "requests.FactsCorrected", "requests.ClockResumed",
)  # fmt: skip
def clock(fold: Fold, row: Row, data: _Deadline) -> None:
    """The day of the reply is set or moved, and its clock runs."""
    matter = fold.of("requests", row.thing)
    if matter is not None and data.deadline is not None:
        matter.due, matter.stopped = data.deadline.due, False


@reads(_Deadline, "requests.CoordinationConcluded")
def coordinated(fold: Fold, row: Row, data: _Deadline) -> None:
    """The agencies have answered: the clock runs, whether the day was moved or not."""
    clock(fold, row, data)
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.stopped = False


class _Answered(msgspec.Struct, frozen=True):
    reply: _Due | None = None


@reads(_Answered, "requests.ThirdPartyConsented", "requests.ThirdPartyObjected", "requests.ThirdPartySilent")
def third_party_answered(fold: Fold, row: Row, data: _Answered) -> None:
    """With the last answer the period of the reply goes on."""
    clock(fold, row, _Deadline(data.reply))


@reads(_Nothing, "requests.AmendmentRequested", "requests.FeeAssessed", "requests.ClockSuspended")
def stopped(fold: Fold, row: Row, _data: _Nothing) -> None:
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
        stopped(fold, row, _Nothing())


@reads(_Unit, "requests.RequestAssigned", "requests.RequestHandedOver")
def assigned(fold: Fold, row: Row, data: _Unit) -> None:
    """Whose it is."""
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.unit = data.unit


@reads(_Nothing, "requests.RequestReturned")
def returned(fold: Fold, row: Row, _data: _Nothing) -> None:
    """It is the office's until it is assigned again."""
    assigned(fold, row, _Unit())


class _Number(msgspec.Struct, frozen=True):
    number: str = ""
    deadline: _Due | None = None


@reads(_Number, "requests.RequestRegistered")
def registered(fold: Fold, row: Row, data: _Number) -> None:
    """It has a number."""
    clock(fold, row, _Deadline(data.deadline))
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
    _Nothing,
    "requests.AmendmentLapsed", "requests.FeeLapsed", "requests.RequestWithdrawn", "requests.RequestVoided", "requests.RequestMerged",
)  # fmt: skip
def no_reply_owed(fold: Fold, row: Row, _data: _Nothing) -> None:
    """It has ended, and nobody owes a reply."""
    matter = fold.of("requests", row.thing)
    if matter is not None and matter.done is None:
        matter.counts = False


@reads(_Nothing, "requests.DeadlineMissed")
def reply_missed(fold: Fold, row: Row, _data: _Nothing) -> None:
    """The day has passed without a reply."""
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.missed = True


@reads(_Nothing, "requests.DeadlineMissWithdrawn")
def reply_not_missed(fold: Fold, row: Row, _data: _Nothing) -> None:
    """It was not."""
    matter = fold.of("requests", row.thing)
    if matter is not None:
        matter.missed = False


class _Reopened(msgspec.Struct, frozen=True):
    number: int
    deadline: _Due


@reads(_Reopened, "requests.RequestReopened")
def reopened(fold: Fold, row: Row, data: _Reopened) -> None:
    """Another reply is owed; the first one stands as it was kept."""
    first = fold.of("requests", row.thing)
    if first is not None:
        fold.matters[("requests", row.thing, data.number)] = first
        fold.open(row, "requests", row.thing, unit=first.unit, title=first.title, due=data.deadline.due)


# ── publishing ─────────────────────────────────────────


class _Entry(msgspec.Struct, frozen=True):
    unit: str
    name: str


@reads(_Entry, "publishing.EntryDefined", "publishing.EntryRevised")
def listed(fold: Fold, row: Row, data: _Entry) -> None:
    """A line of the catalogue, and whose it is."""
    fold.entries[row.thing] = Entry(data.unit, data.name, row.case, row.on)


@reads(_Nothing, "publishing.EntryRetired")
def unlisted(fold: Fold, row: Row, _data: _Nothing) -> None:
    """It stands in the catalogue no more."""
    if row.thing in fold.entries:
        fold.entries[row.thing].retired = True


class _Period(msgspec.Struct, frozen=True):
    period: str
    deadline: _Due | None = None


@reads(_Period, "publishing.PublicationDue")
def period_due(fold: Fold, row: Row, data: _Period) -> None:
    """A period has ended: what it covers is to be published."""
    entry = fold.entries.get(row.thing)
    if entry is not None and data.deadline is not None:
        facts = {"unit": entry.unit, "title": f"{entry.name}（{data.period}）", "due": data.deadline.due}
        fold.open(row, "periods", row.thing, data.period, **facts)


@reads(_Period, "publishing.PeriodPublished")
def period_published(fold: Fold, row: Row, data: _Period) -> None:
    """It was."""
    matter = fold.of("periods", row.thing, data.period)
    if matter is not None:
        matter.done = row.on
    if row.thing in fold.entries:
        fold.entries[row.thing].touched = row.on


@reads(_Period, "publishing.PublicationMissed")
def period_missed(fold: Fold, row: Row, data: _Period) -> None:
    """It was not."""
    matter = fold.of("periods", row.thing, data.period)
    if matter is not None:
        matter.missed = True


@reads(_Period, "publishing.PublicationMissWithdrawn")
def period_not_missed(fold: Fold, row: Row, data: _Period) -> None:
    """It was after all."""
    matter = fold.of("periods", row.thing, data.period)
    if matter is not None:
        matter.missed = False


class _Created(msgspec.Struct, frozen=True):
    title: str
    unit: str
    deadline: _Due
    audience: str = "external"


@reads(_Created, "publishing.InformationCreated")
def information_created(fold: Fold, row: Row, data: _Created) -> None:
    """Information that is to be published was made or has changed; what is for the public, on the portal too."""
    facts = {"unit": data.unit, "title": data.title, "due": data.deadline.due}
    fold.open(row, "publications", row.thing, **facts)
    if data.audience != "internal":
        fold.open(row, "portal", row.thing, **facts)
    fold.published[row.thing] = set()


class _Online(msgspec.Struct, frozen=True):
    decision: str


@reads(_Online, "publishing.OnlineDecided")
def online_decided(fold: Fold, row: Row, data: _Online) -> None:
    """What is withheld is not owed; what stays internal is not owed to the portal."""
    for measure, owed in (("publications", data.decision != "withheld"), ("portal", data.decision == "online")):
        matter = fold.of(measure, row.thing)
        if matter is not None:
            matter.counts = owed


class _Published(msgspec.Struct, frozen=True):
    channel: str
    late_days: int = 0
    overdue_reason: str = ""


@reads(_Published, "publishing.Published")
def published(fold: Fold, row: Row, data: _Published) -> None:
    """Told by one channel; the first one keeps the day, the portal its own."""
    for measure in ("publications", "portal"):
        matter = fold.of(measure, row.thing)
        if matter is not None and (matter.done is None or row.on < matter.done) and (measure != "portal" or data.channel == "portal"):
            matter.done, matter.reasoned = row.on, bool(data.overdue_reason)
    fold.published.setdefault(row.thing, set()).add(data.channel)


@reads(_Nothing, "publishing.DeadlineMissed")
def publication_missed(fold: Fold, row: Row, _data: _Nothing) -> None:
    """The day has passed."""
    matter = fold.of("publications", row.thing)
    if matter is not None:
        matter.missed = True


@reads(_Nothing, "publishing.DeadlineMissWithdrawn")
def publication_not_missed(fold: Fold, row: Row, _data: _Nothing) -> None:
    """It was in time after all."""
    matter = fold.of("publications", row.thing)
    if matter is not None:
        matter.missed = False


@reads(_Unit, "publishing.PlanDrafted")
def interpretation_planned(fold: Fold, row: Row, data: _Unit) -> None:
    """Whose interpretation it is."""
    fold.units[row.thing] = data.unit


@reads(_Deadline, "publishing.MaterialDue")
def material_due(fold: Fold, row: Row, data: _Deadline) -> None:
    """Its material is owed; it may be there already."""
    before = fold.of("interpretations", row.thing)
    due = data.deadline.due if data.deadline else None
    done = before.done if before is not None else None
    fold.open(row, "interpretations", row.thing, unit=fold.units.get(row.thing, ""), title="解读材料", due=due, done=done)


@reads(_Nothing, "publishing.MaterialSubmitted")
def material_submitted(fold: Fold, row: Row, _data: _Nothing) -> None:
    """It is there."""
    matter = fold.of("interpretations", row.thing)
    if matter is None:
        fold.open(row, "interpretations", row.thing, unit=fold.units.get(row.thing, ""), title="解读材料", done=row.on)
    elif matter.done is None:
        matter.done = row.on


# ── review ─────────────────────────────────────────────


class _Review(msgspec.Struct, frozen=True):
    deadline: _Due
    unit: str = ""
    review: int = 1


@reads(_Review, "review.ReviewOpened")
def review_opened(fold: Fold, row: Row, data: _Review) -> None:
    """An opinion is owed."""
    fold.open(row, "reviews", row.thing, unit=data.unit, title=f"第 {data.review} 次审查", due=data.deadline.due)


@reads(_Nothing, "review.ReviewApproved", "review.ReviewRejected")
def reviewed(fold: Fold, row: Row, _data: _Nothing) -> None:
    """It was given, and decided upon."""
    matter = fold.of("reviews", row.thing)
    if matter is not None and matter.done is None:
        matter.done = row.on


# ── public opinion: hours, told as days of Beijing ─────


class _Detected(msgspec.Struct, frozen=True):
    title: str
    detected_at: datetime


@reads(_Detected, "press.OpinionDetected")
def detected(fold: Fold, row: Row, data: _Detected) -> None:
    """It was seen; whether an answer is owed, its assessment tells."""
    fold.open(row, "opinions", row.thing, title=data.title, counts=False)
    fold.detected[row.thing] = data.detected_at


@reads(_Unit, "press.OwnerAssigned", "press.OpinionTransferred")
def owner_assigned(fold: Fold, row: Row, data: _Unit) -> None:
    """Who answers for it."""
    for measure in ("opinions", "opinion_reports"):
        matter = fold.of(measure, row.thing)
        if matter is not None:
            matter.unit = data.unit


class _Assessed(msgspec.Struct, frozen=True):
    level: str
    respond: bool
    owed: dict[str, datetime] = {}


@reads(_Assessed, "press.OpinionAssessed")
def assessed(fold: Fold, row: Row, data: _Assessed) -> None:
    """By when an answer is owed; what is more than ordinary has to be reported by then as well (YQ-03.1c: no omission)."""
    matter = fold.of("opinions", row.thing)
    if matter is None:
        return
    first = min(data.owed.values(), default=None)
    matter.counts = data.respond and first is not None
    matter.due = first.astimezone(LEGAL_ZONE).date() if first else None
    if first is None or (data.level == "ordinary" and fold.of("opinion_reports", row.thing) is None):
        return
    report = fold.of("opinion_reports", row.thing)
    if report is None:
        fold.open(row, "opinion_reports", row.thing, unit=matter.unit, title=matter.title, due=matter.due)
        report = fold.matters[("opinion_reports", row.thing)]
    report.due = matter.due
    if report.minutes is not None:
        report.late = report.minutes > minutes(fold.detected[row.thing], first)


def minutes(since: datetime, until: datetime) -> int:
    """Whole minutes from one instant to another."""
    return int((until - since) / timedelta(minutes=1))


class _Reported(msgspec.Struct, frozen=True):
    minutes: int


@reads(_Reported, "press.ReportedUp")
def reported_up(fold: Fold, row: Row, data: _Reported) -> None:
    """The first report keeps the time: so many minutes after it was detected."""
    matter = fold.of("opinion_reports", row.thing)
    if matter is None:
        item = fold.of("opinions", row.thing)
        unit, title = (item.unit, item.title) if item is not None else ("", "")
        fold.open(row, "opinion_reports", row.thing, unit=unit, title=title)
        matter = fold.matters[("opinion_reports", row.thing)]
    if matter.done is None:
        matter.done, matter.minutes = row.on, data.minutes
        matter.late = matter.due is not None and row.on > matter.due


class _Issued(msgspec.Struct, frozen=True):
    late_minutes: int = 0


@reads(_Issued, "press.ResponseIssued")
def response_issued(fold: Fold, row: Row, data: _Issued) -> None:
    """The first answer keeps the hours."""
    matter = fold.of("opinions", row.thing)
    if matter is not None and matter.done is None:
        matter.done, matter.late = row.on, data.late_minutes > 0


class _Missed(msgspec.Struct, frozen=True):
    owed: str = ""


@reads(_Missed, "press.ResponseMissed")
def response_missed(fold: Fold, row: Row, data: _Missed) -> None:
    """The hours have passed."""
    matter = fold.of("opinions", row.thing)
    if matter is not None and data.owed != "conference":
        matter.missed = True


# ── audit's own ────────────────────────────────────────


class _Called(msgspec.Struct, frozen=True):
    year: int
    unit: str
    due: date


@reads(_Called, "audit.ReportCalled")
def report_called(fold: Fold, row: Row, data: _Called) -> None:
    """A unit's yearly report is owed."""
    fold.open(row, "unit_reports", row.thing, unit=data.unit, title=f"{data.year} 年书面报告", due=data.due)


class _Submitted(msgspec.Struct, frozen=True):
    overdue_reason: str = ""


@reads(_Submitted, "audit.UnitReportSubmitted")
def report_submitted(fold: Fold, row: Row, data: _Submitted) -> None:
    """The first one keeps the day; what is completed later does not make it late."""
    matter = fold.of("unit_reports", row.thing)
    if matter is not None and matter.done is None:
        matter.done, matter.reasoned = row.on, bool(data.overdue_reason)


class _Inspection(msgspec.Struct, frozen=True):
    unit: str


@reads(_Inspection, "audit.InspectionPlanned")
def inspection_planned(fold: Fold, row: Row, data: _Inspection) -> None:
    """Which unit is inspected."""
    fold.units[row.thing] = data.unit


class _Inspected(msgspec.Struct, frozen=True):
    scores: dict[str, int]
    unit: str
    total: int


@reads(_Inspected, "audit.InspectionRecorded")
def inspected(fold: Fold, row: Row, data: _Inspected) -> None:
    """Its points of the most that there are; recorded again, the latest count (JD-06a)."""
    most = SCHEME.points * len(data.scores)
    fold.shares["inspections", row.thing] = Share("inspections", data.unit, row.on, min(data.total, most), most)


class _Survey(msgspec.Struct, frozen=True):
    asked: int
    satisfied: int


@reads(_Survey, "audit.SurveyRun")
def surveyed(fold: Fold, row: Row, data: _Survey) -> None:
    """How many of those that were asked are satisfied."""
    fold.shares["satisfaction", row.position] = Share("satisfaction", fold.units.get(row.thing, ""), row.on, data.satisfied, data.asked)


class _Issue(msgspec.Struct, frozen=True):
    number: int
    unit: str = ""
    what: str = ""
    due: date | None = None


@reads(_Issue, "audit.IssueOpened")
def issue_opened(fold: Fold, row: Row, data: _Issue) -> None:
    """What was found wrong is to be put right by a day."""
    fold.open(row, "issues", row.thing, data.number, unit=data.unit, title=data.what, due=data.due)


@reads(_Issue, "audit.IssueClosed")
def issue_closed(fold: Fold, row: Row, data: _Issue) -> None:
    """It was."""
    matter = fold.of("issues", row.thing, data.number)
    if matter is not None:
        matter.done = row.on


@reads(_Issue, "audit.IssueReopened")
def issue_reopened(fold: Fold, row: Row, data: _Issue) -> None:
    """It was not, after all."""
    matter = fold.of("issues", row.thing, data.number)
    if matter is not None:
        matter.done, matter.due = None, data.due or matter.due


class _Complaint(msgspec.Struct, frozen=True):
    about_unit: str = ""


@reads(_Complaint, "audit.ComplaintReceived", "audit.ComplaintTriaged")
def complained(fold: Fold, row: Row, data: _Complaint) -> None:
    """About whom; the first look may know better."""
    known = fold.complaints.setdefault(row.thing, Complaint(data.about_unit))
    known.unit = data.about_unit or known.unit


class _Finding(msgspec.Struct, frozen=True):
    finding: str


@reads(_Finding, "audit.ComplaintConcluded")
def complaint_concluded(fold: Fold, row: Row, data: _Finding) -> None:
    """True, wholly or in part, or not."""
    if row.thing in fold.complaints:
        fold.complaints[row.thing].founded_on = row.on if data.finding in ("founded", "partly_founded") else None


@reads(_Nothing, "audit.ComplaintReopened")
def complaint_reopened(fold: Fold, row: Row, _data: _Nothing) -> None:
    """Nothing is found yet."""
    if row.thing in fold.complaints:
        fold.complaints[row.thing].founded_on = None


# ── the figures ────────────────────────────────────────

ROWS = """SELECT source, position, originator_id, case_id, topic, state FROM ledger
    WHERE agency = %s AND source = ANY(%s) AND split_part(topic, ':', 1) = ANY(%s) ORDER BY source, position"""

BATCH = 2000
"""Rows that are fetched at a time: the ledger of an agency need not fit into memory."""


def folded(connection: psycopg.Connection[Any], agency: str, on: date) -> Fold:
    """The matters of an agency as of the end of a day (by effect). Blocks: call it in a thread."""
    sources = sorted({type_.partition(".")[0] for type_ in READERS})
    with connection.transaction(), connection.cursor("measures", row_factory=tuple_row) as cursor:
        cursor.itersize = BATCH
        cursor.execute(ROWS, (agency, sources, sorted(READERS)), binary=True)
        return Fold().read(((*row[:5], bytes(row[5])) for row in cursor), on)


def figures(fold: Fold, since: date, until: date) -> dict[str, dict[str, Figure]]:
    """Unit → measure → figure of a period, both days included. What is no unit's yet stands under ''."""
    counted: dict[tuple[str, str], dict[str, int]] = {}

    def count(unit: str, measure: str, *what: str, times: int = 1) -> None:
        figure = counted.setdefault((unit, measure), {})
        for one in what:
            figure[one] = figure.get(one, 0) + times

    for measure in MEASURES:
        for matter in fold.all(measure, since, until):
            kept = matter.kept(until)
            count(matter.unit, measure, kept.value, *(("reasoned",) if kept is Kept.LATE and matter.reasoned else ()))
    for key, matter in fold.matters.items():
        if key[0] == "publications" and matter.done is not None and matter.counts and since <= matter.done <= until:
            count(matter.unit, "channels", "on_time" if len(fold.published[key[1]]) > 1 else "missed")  # type: ignore[index]
    for entry in fold.entries.values():
        if not entry.retired:
            count(entry.unit, "catalogue", "on_time" if entry.touched >= since else "missed")
    for share in fold.shares.values():
        if since <= share.on <= until:
            count(share.unit, share.measure, "on_time", times=share.good)
            count(share.unit, share.measure, "missed", times=share.all - share.good)
    for complaint in fold.complaints.values():
        if complaint.founded_on is not None and since <= complaint.founded_on <= until:
            count(complaint.unit, "complaints", "missed")
    made: dict[str, dict[str, Figure]] = {}
    for (unit, measure), figure in counted.items():
        made.setdefault(unit, {})[measure] = Figure(measure=measure, positions=dict(fold.positions), **figure)
    return made


def total(found: Iterable[Figure | None], measure: str) -> Figure:
    """Figures of several units as one."""
    added = [one for one in found if one is not None]
    return Figure(
        measure=measure,
        on_time=sum(one.on_time for one in added),
        late=sum(one.late for one in added),
        reasoned=sum(one.reasoned for one in added),
        missed=sum(one.missed for one in added),
        open=sum(one.open for one in added),
        positions=added[0].positions if added else {},
    )


def cases(fold: Fold, measure: str, unit: str | None, since: date, until: date) -> Sequence[tuple[Matter, Kept]]:
    """The matters behind a figure, the missed ones first, then by their day."""
    order = (Kept.MISSED, Kept.LATE, Kept.OPEN, Kept.ON_TIME)
    found = [(matter, matter.kept(until)) for matter in fold.all(measure, since, until) if unit is None or matter.unit == unit]
    return sorted(found, key=lambda one: (order.index(one[1]), one[0].due or until, one[0].title))
