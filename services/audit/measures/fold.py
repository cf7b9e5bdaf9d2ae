"""What is folded: the matters of an agency, each with its unit, its day and how it was kept; and how a reader of events is declared."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

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

COUNTED = {"channels": "件", "catalogue": "项", "inspections": "分", "satisfaction": "人", "complaints": "件"}
"""Those that have no day of their own, by what they are counted in: so many of so many; of complaints, those that were founded."""

DUTIES = tuple(key for key in MEASURES if key not in COUNTED)
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


class Owed(msgspec.Struct, frozen=True):
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


class Nothing(msgspec.Struct, frozen=True):
    pass


class WithDeadline(msgspec.Struct, frozen=True):
    deadline: Owed | None = None


class WithUnit(msgspec.Struct, frozen=True):
    unit: str = ""
