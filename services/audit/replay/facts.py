"""What a replay reads of the ledger, and what it tells: the facts of each clock, the other world, what came of comparing."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from shared.law.calendar import Span, WorkingCalendar
from shared.law.deadlines import Deadline
from shared.law.rulebook import Rulebook

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


def rows_of(rows: Iterable[tuple[str, int, UUID, str, bytes, UUID]]) -> Iterator[Row]:
    """The ledger's rows, decoded as far as a replay reads them."""
    for source, position, thing, topic, state, case in rows:
        yield Row(source, position, thing, topic.rpartition(":")[0], _decoder.decode(state), case)
