"""Which cases of a planned year are contested, so that reconsiderations and suits amount to table four of the report.

A suit after a reconsideration needs one that was decided before; where the year has no case that ended early enough, one of the autumn before is
made, which counts in no table of this year but four.
"""

import random
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from demo.planned import PlannedCase, PlannedRemedy, Way
from shared.law.calendar import WorkingCalendar

RECONSIDERATION, DIRECT, AFTER = "行政复议", "行政诉讼_未经复议直接起诉", "行政诉讼_复议后起诉"
"""The rows of table four."""

RESULTS = ("结果维持", "结果纠正", "其他结果")
"""Its columns that are results."""

KEYS = ("upheld", "overturned", "other_result")
"""The same, as commands name them."""


def contested(
    cases: Sequence[PlannedCase], rows: Mapping[str, Sequence[int]], year: int, calendar: WorkingCalendar, draw: random.Random
) -> list[PlannedCase]:
    """The cases, some of them with remedies that amount to these rows (each: three results, then pending), and some more of the year before."""
    return _Contest(cases, year, calendar, draw).fill(rows)


class _Contest:
    def __init__(self, cases: Sequence[PlannedCase], year: int, calendar: WorkingCalendar, draw: random.Random) -> None:
        self.year, self.calendar, self.draw = year, calendar, draw
        self.cases = [case for case in cases if not _contestable(case)]
        ended = [(case.concluded, number, case) for number, case in enumerate(cases) if _contestable(case) and case.concluded]
        self.free = deque(case for _, _, case in sorted(ended, key=lambda found: found[:2]))

    def fill(self, rows: Mapping[str, Sequence[int]]) -> list[PlannedCase]:
        """Every row, and then the cases that nobody contests."""
        decided = [key for key, count in zip(KEYS, rows[RECONSIDERATION], strict=False) for _ in range(count)]
        self.draw.shuffle(decided)
        for key, count in zip((*KEYS, None), rows[AFTER], strict=True):
            for _ in range(count):
                self._after(key, decided)
        for key in decided:
            self._add("reconsideration", key, self._early(date(self.year, 9, 30)))
        for key, count in zip(KEYS, rows[DIRECT], strict=False):
            for _ in range(count):
                self._add("litigation", key, self._early(date(self.year, 8, 31)))
        for kind, row in (("reconsideration", RECONSIDERATION), ("litigation", DIRECT)):
            for _ in range(rows[row][3]):
                self._add(kind, None, self._late())
        return [*self.cases, *self.free]

    def _after(self, result: str | None, decided: list[str]) -> None:
        """A suit after a reconsideration: one of this year's while there are such, else one that was decided the year before."""
        host = self._early(date(self.year, 4, 30)) if decided else self._earlier()
        assert host.concluded is not None
        filed = self._on(host.concluded, 3, 8)
        came = decided.pop() if host.concluded.year == self.year else "upheld"
        first = PlannedRemedy("reconsideration", filed, came, self._on(filed, 15, 25))
        assert first.decided is not None
        sued = self._on(first.decided, 3, 8)
        ends = None if result is None else max(self._on(sued, 20, 60), self._on(date(self.year, 1, 3), 1, 40))
        self._host(host, first, PlannedRemedy("litigation", sued, result, ends))

    def _add(self, kind: str, result: str | None, host: PlannedCase) -> None:
        assert host.concluded is not None
        filed = self._on(host.concluded, 3, 10)
        ends = None if result is None else max(self._on(filed, 15, 40), self._on(date(self.year, 1, 3), 1, 40))
        self._host(host, PlannedRemedy(kind, filed, result, ends))

    def _host(self, case: PlannedCase, *remedies: PlannedRemedy) -> None:
        self.cases.append(msgspec.structs.replace(case, remedies=remedies))

    def _early(self, until: date) -> PlannedCase:
        """The case that ended first, if by then; else one of the year before."""
        if self.free and self.free[0].concluded is not None and self.free[0].concluded <= until:
            return self.free.popleft()
        return self._earlier()

    def _late(self) -> PlannedCase:
        """The case that ended last, early enough in December to be contested in this year."""
        late = [case for case in self.free if case.concluded is not None and case.concluded <= date(self.year, 12, 8)]
        if not late:
            return self._earlier()
        self.free.remove(late[-1])
        return late[-1]

    def _earlier(self) -> PlannedCase:
        received = self._on(date(self.year - 1, 9, 1), 0, 15)
        return PlannedCase(0, "natural_person", received, Way.REPLY, "r4_1_not_held", None, self._on(received, 5, 15))

    def _on(self, day: date, least: int, most: int) -> date:
        """A working day, so many after."""
        return self.calendar.add_working_days(day, max(1, self.draw.randint(least, most)))


def _contestable(case: PlannedCase) -> bool:
    return case.concluded is not None and case.way is not Way.WITHDRAWN
