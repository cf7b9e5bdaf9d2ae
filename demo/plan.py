"""From a published annual report to a year of cases that amount to it: who asked, when, and how each case went, day by day.

The plan is pure and the same every time for the same report: table three fixes how many cases of each kind of applicant end in each of the 21
results, how many come over from the year before and go over into the next; the days between are drawn so that every case could have happened so
under the law (working days, amendment and payment periods).
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from demo.contested import AFTER, DIRECT, RECONSIDERATION, RESULTS, contested
from demo.planned import KINDS, PlannedCase, Way
from shared.law.calendar import WorkingCalendar

RESULTS_FROM, RESULTS_TO = 2, 23
"""The rows of table three that are results: after `new_received` and `carried_over`, before the total."""

REVIEWED_SHARE = 0.15
"""Share of the cases that give something out which send files to review; the rest point to what is public already or answer in words."""

EXTENDED_SHARE = 0.06
"""Share of the ordinary cases that are extended once."""


class NotPlausible(ValueError):
    """The report cannot be played: its table three or four does not add up."""


def ways(outcome: str, draw: random.Random) -> Way:
    """How a case with this result came to its end."""
    if outcome == "r6_1_overdue_correction":
        return Way.AMENDMENT_LAPSED
    if outcome == "r6_2_overdue_fee":
        return Way.FEE_LAPSED
    if outcome == "r4_3_unclear_after_correction":
        return Way.UNCLEAR_AFTER_AMENDMENT
    if outcome == "r6_3_other" and draw.random() < 0.8:
        return Way.WITHDRAWN
    return Way.REPLY


def table_three(report: Mapping[str, Any]) -> list[tuple[str, list[int]]]:
    """The rows of table three: key, and the six columns."""
    rows = report.get("table3", {}).get("rows", [])
    if len(rows) != 25:
        raise NotPlausible("第三张表应有 25 行，请核对报告文件。")
    return [(row["key"], [int(value or 0) for value in row["values"][:6]]) for row in rows]


def table_four(report: Mapping[str, Any]) -> dict[str, list[int]]:
    """The rows of table four: upheld, overturned, other results, pending. Raises `NotPlausible` if a row does not add up."""
    told = report.get("table4") or {}
    rows = {row: [int(value or 0) for value in told.get(row) or [0] * 5] for row in (RECONSIDERATION, DIRECT, AFTER)}
    for row, values in rows.items():
        if len(values) != 5 or sum(values[:4]) != values[4]:
            raise NotPlausible(f"第四张表“{row}”一行：四种结果之和 ≠ 总计。")
    return {row: values[:4] for row, values in rows.items()}


def scaled(report: Mapping[str, Any], share: int) -> dict[str, Any]:
    """The report with every result divided by `share`; receipts follow, so that it still adds up. For quick tests."""
    rows = table_three(report)
    fourth = {row: [value // share for value in values] for row, values in table_four(report).items()}
    results = [(key, [value // share for value in values]) for key, values in rows[RESULTS_FROM:RESULTS_TO]]
    over = [value // share for value in rows[1][1]]
    forward = [value // share for value in rows[24][1]]
    total = [sum(values[column] for _, values in results) for column in range(6)]
    over = [min(over[column], total[column]) for column in range(6)]
    new = [total[column] + forward[column] - over[column] for column in range(6)]
    made = [(rows[0][0], new), (rows[1][0], over), *results, (rows[23][0], total), (rows[24][0], forward)]
    labels = {row["key"]: row["label"] for row in report["table3"]["rows"]}
    return {
        **report,
        "table3": {
            "columns": report["table3"]["columns"],
            "rows": [{"key": key, "label": labels[key], "values": [*values, sum(values)]} for key, values in made],
        },
        "table4": {"columns": [*RESULTS, "尚未审结", "总计"], **{row: [*values, sum(values)] for row, values in fourth.items()}},
    }


def plan(report: Mapping[str, Any], calendar: WorkingCalendar, *, seed: int = 711) -> list[PlannedCase]:
    """The cases that amount to a report, in the order of their receipt. Raises `NotPlausible` if a table does not add up."""
    draw = random.Random(seed)  # noqa: S311 - a plan, not a secret
    year = int(report["year"])
    rows = table_three(report)
    new, over, forward = rows[0][1], rows[1][1], rows[24][1]
    cases: list[PlannedCase] = []
    for column, kind in enumerate(KINDS):
        outcomes = [key for key, values in rows[RESULTS_FROM:RESULTS_TO] for _ in range(values[column])]
        if new[column] + over[column] != len(outcomes) + forward[column]:
            raise NotPlausible(f"“{report['table3']['columns'][column]}”一列：本年新收 + 上年结转 ≠ 办理结果总计 + 结转下年度。")
        draw.shuffle(outcomes)
        outcomes.sort(key=_long_way)
        for index, outcome in enumerate(outcomes):
            carried = index < over[column]
            cases.append(_concluded(draw, calendar, year, kind, outcome, carried=carried))
        cases.extend(_open(draw, calendar, year, kind) for _ in range(forward[column]))
    cases = contested(cases, table_four(report), year, calendar, draw)
    cases.sort(key=lambda case: (case.received, case.kind, case.outcome or ""))
    return [msgspec.structs.replace(case, number=number) for number, case in enumerate(cases, start=1)]


def _long_way(outcome: str) -> int:
    return outcome in ("r6_1_overdue_correction", "r6_2_overdue_fee", "r4_3_unclear_after_correction")


def _concluded(draw: random.Random, calendar: WorkingCalendar, year: int, kind: str, outcome: str, *, carried: bool) -> PlannedCase:
    way = ways(outcome, draw)
    extended = way is Way.REPLY and not carried and draw.random() < EXTENDED_SHARE
    length = {Way.AMENDMENT_LAPSED: 30, Way.FEE_LAPSED: 40, Way.UNCLEAR_AFTER_AMENDMENT: 30}.get(way, 38 if extended else 19)
    while True:
        if carried:
            received = _working_day(draw, calendar, date(year - 1, 12, 8), date(year - 1, 12, 31))
        else:
            received = _working_day(draw, calendar, date(year, 1, 1), date(year, 12, 31))
        middle = calendar.add_working_days(received, draw.randint(1, 6)) if way not in (Way.REPLY, Way.WITHDRAWN) else None
        if way is Way.AMENDMENT_LAPSED:
            concluded = calendar.add_working_days(middle or received, draw.randint(16, 20))
        elif way is Way.FEE_LAPSED:
            concluded = calendar.add_working_days(middle or received, draw.randint(21, 26))
        elif way is Way.UNCLEAR_AFTER_AMENDMENT:
            concluded = calendar.add_working_days(middle or received, draw.randint(6, 20))
        elif extended:
            concluded = calendar.add_working_days(received, draw.randint(21, 36))
        else:
            concluded = calendar.add_working_days(received, draw.randint(1, length))
        if concluded.year == year:
            break
    gives = outcome in ("r1_granted", "r2_partial")
    reviewed = (
        gives and (outcome == "r2_partial" or draw.random() < REVIEWED_SHARE) and calendar.working_days_between(received, concluded) >= 4
    )
    return PlannedCase(0, kind, received, way, outcome, middle, concluded, reviewed, extended)


def _open(draw: random.Random, calendar: WorkingCalendar, year: int, kind: str) -> PlannedCase:
    received = _working_day(draw, calendar, date(year, 12, 4), date(year, 12, 31))
    return PlannedCase(0, kind, received, Way.OPEN, None, None, None)


def _working_day(draw: random.Random, calendar: WorkingCalendar, first: date, last: date) -> date:
    while True:
        day = date.fromordinal(draw.randint(first.toordinal(), last.toordinal()))
        if calendar.is_working(day):
            return day


def days(cases: Sequence[PlannedCase]) -> Iterator[date]:
    """Every civil day on which something happens, in order."""
    seen = {day for case in cases for day in (case.received, case.middle, case.concluded) if day is not None}
    yield from sorted(seen)
