"""Checks of a national annual report, one's own or another's (国办公开办函〔2021〕30号): each has a name, and tells the cells that break it.

A failed check means that the report's numbers can't all be right. A doubt (the text against the tables) is told and fails nothing. 0, blank and "/"
are three things: where a number has to stand, nothing else is taken for 0.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.audit.reports.form import AFTER, CHARGES, DIRECT, RECONSIDERATION, TABLE_TWO, form, label_of, table2_cell

CHECKS = {
    "shape": "表格的行、列齐全",
    "a": "表三各列：一 + 二 = 三（七） + 四",
    "b": "表三各列：三（七） = 21 项办理结果之和",
    "c": "表三各行：总计 = 六列之和",
    "d": "表四各行：总计 = 四种结果之和",
    "e": "与上年衔接，表三各列：本年“二” = 上年“四”",
    "f": "表二：现行有效 = 上年现行有效 + 制发 − 废止",
    "g": "正文数字与表格一致（存疑，不作不合格）",
    "h": "收取信息处理费的，第六部分不得为空",
    "i": "应填数字处为不小于 0 的数：0、空白和“/”不是一回事",
}
"""The checks by their names, as annual-report.md gives them."""

DOUBTS = frozenset({"g"})
"""What is told without failing the report."""

COLUMNS = 7
ENDS = ("new_received", "carried_over", "r7_total", "carried_forward")
"""The rows of table three that are no results."""

IN_TEXT = {
    "新收": ("new_received",),
    "收办申请": ("new_received", "carried_over"),
    "予以公开": ("r1_",),
    "部分公开": ("r2_",),
    "不予公开": ("r3_",),
    "无法提供": ("r4_",),
    "不予处理": ("r5_",),
    "其他处理": ("r6_",),
    "转下年度": ("carried_forward",),
}
"""What the text of section one counts, and the rows that it has to agree with, by the beginning of their keys."""


class Broken(NamedTuple):
    """A check that does not hold: its name, the cells, and what was found."""

    check: str
    cells: tuple[str, ...]
    told: str

    @property
    def fails(self) -> bool:
        """Whether the report fails by it."""
        return self.check not in DOUBTS


def check_report(report: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> list[Broken]:
    """Everything that does not hold; `before`: the report of the year before, for what has to agree across years."""
    try:
        rows, fourth = _rows(report), _fourth(report)
        if not isinstance(report.get("table2"), Mapping):
            raise _NotThere("表二")
    except _NotThere as missing:
        return [Broken("shape", (missing.cell,), f"缺少{missing.cell}")]
    wrong = [*_numbers(rows, fourth)]
    found = [*wrong, *_second(report)]
    if not wrong:
        found += [*_third(rows), *_fourth_adds_up(fourth), *_text(report, rows)]
    found += _fees(report)
    if before is not None:
        found += _across(report, before, rows)
    return found


class _NotThere(Exception):
    def __init__(self, cell: str) -> None:
        super().__init__(cell)
        self.cell = cell


def _rows(report: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """Table three by the keys of its rows, in the order of the form."""
    table = report.get("table3")
    listed = table.get("rows") if isinstance(table, Mapping) else None
    given = {row.get("key"): row.get("values") for row in listed or () if isinstance(row, Mapping)}
    rows: dict[str, Sequence[Any]] = {}
    for row in form()["table3"]:
        values = given.get(row["key"])
        if not isinstance(values, list) or len(values) != COLUMNS:
            raise _NotThere(f"表三“{row['label']}”的 {COLUMNS} 列")
        rows[row["key"]] = values
    return rows


def _fourth(report: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    table = report.get("table4")
    rows: dict[str, Sequence[Any]] = {}
    for name in (RECONSIDERATION, DIRECT, AFTER):
        values = table.get(name) if isinstance(table, Mapping) else None
        if not isinstance(values, list) or len(values) != len(form()["table4"]["columns"]):
            raise _NotThere(f"表四“{name}”的各列")
        rows[name] = values
    return rows


def _cell(key: str, column: int) -> str:
    return f"表三“{label_of(key)}”×“{form()['columns'][column]}”"


def _numbers(rows: Mapping[str, Sequence[Any]], fourth: Mapping[str, Sequence[Any]]) -> Iterator[Broken]:
    for key, values in rows.items():
        for column, value in enumerate(values):
            if type(value) is not int or value < 0:
                yield Broken("i", (_cell(key, column),), f"是 {value!r}，应为整数")
    for name, values in fourth.items():
        for column, value in enumerate(values):
            if type(value) is not int or value < 0:
                yield Broken("i", (f"表四“{name}”×“{form()['table4']['columns'][column]}”",), f"是 {value!r}，应为整数")


def _second(report: Mapping[str, Any]) -> Iterator[Broken]:
    """Table two: a number, or "/" where the agency has no such power; blank is neither."""
    for key, cell in TABLE_TWO.items():
        value = table2_cell(report.get("table2"), key)
        right = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 and math.isfinite(value)
        if not (right or value == "/") or (isinstance(value, float) and key != CHARGES and not value.is_integer()):
            shown = "空白" if value in (None, "") else repr(value)
            yield Broken("i", (f"表二“{cell.row}”×“{cell.column}”",), f"是{shown}，应为数字，没有这项职权的填“/”")


def _third(rows: Mapping[str, Sequence[int]]) -> Iterator[Broken]:
    results = [key for key in rows if key not in ENDS]
    for column in range(COLUMNS):
        new, carried, total, forward = (rows[key][column] for key in ENDS)
        if new + carried != total + forward:
            cells = tuple(_cell(key, column) for key in ENDS)
            yield Broken("a", cells, f"{new} + {carried} ≠ {total} + {forward}")
        added = sum(rows[key][column] for key in results)
        if added != total:
            yield Broken("b", (_cell("r7_total", column),), f"是 {total}，21 项之和为 {added}")
    for key, values in rows.items():
        if sum(values[:-1]) != values[-1]:
            yield Broken("c", (_cell(key, COLUMNS - 1),), f"是 {values[-1]}，六列之和为 {sum(values[:-1])}")


def _fourth_adds_up(fourth: Mapping[str, Sequence[int]]) -> Iterator[Broken]:
    for name, values in fourth.items():
        if sum(values[:-1]) != values[-1]:
            yield Broken("d", (f"表四“{name}”×“总计”",), f"是 {values[-1]}，四种结果之和为 {sum(values[:-1])}")


def _text(report: Mapping[str, Any], rows: Mapping[str, Sequence[int]]) -> Iterator[Broken]:
    facts = report.get("section1_text_facts")
    for name, keys in IN_TEXT.items():
        said = facts.get(name) if isinstance(facts, Mapping) else None
        counted = sum(values[-1] for key, values in rows.items() if key.startswith(keys))
        if type(said) is int and said != counted:
            yield Broken("g", (f"第一部分“{name}”",), f"正文 {said}，表三 {counted}")


def _fees(report: Mapping[str, Any]) -> Iterator[Broken]:
    collected = report.get("fees_collected")
    if isinstance(collected, int) and collected > 0 and not str(report.get("section6_fees") or "").strip():
        yield Broken("h", ("第六部分",), f"收取了 {collected} 元而没有说明")


def _across(report: Mapping[str, Any], before: Mapping[str, Any], rows: Mapping[str, Sequence[Any]]) -> Iterator[Broken]:
    try:
        earlier = _rows(before)
    except _NotThere as missing:
        yield Broken("shape", (f"上年报告{missing.cell}",), f"上年报告缺少{missing.cell}")
        return
    for column in range(COLUMNS):
        now, then = rows["carried_over"][column], earlier["carried_forward"][column]
        if now != then:
            yield Broken("e", (_cell("carried_over", column),), f"是 {now}，上年结转下年度的是 {then}")
    for kind in ("规章", "行政规范性文件"):
        this, last = (_made(one, kind) for one in (report, before))
        if this is None or last is None:
            continue
        made, ended, valid = this
        if valid != last[2] + made - ended:
            yield Broken("f", (f"表二“{kind}”×“现行有效”",), f"是 {valid}，应为 {last[2]} + {made} − {ended} = {last[2] + made - ended}")


def _made(report: Mapping[str, Any], kind: str) -> tuple[int, int, int] | None:
    """Made, ended and valid of a kind of document; None where a report does not tell all three as numbers."""
    table = report.get("table2")
    row = (table.get("art20_1") or {}).get(kind) if isinstance(table, Mapping) else None
    made, ended, valid = (row.get(name) if isinstance(row, Mapping) else None for name in ("制发", "废止", "现行有效"))
    return (made, ended, valid) if isinstance(made, int) and isinstance(ended, int) and isinstance(valid, int) else None
