"""The national form (国办公开办函〔2021〕30号): sections, tables, rows, columns and how a cell is called."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec

SECTIONS = {
    "one": "一、总体情况",
    "two": "二、主动公开政府信息情况",
    "three": "三、收到和处理政府信息公开申请情况",
    "four": "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "five": "五、政府信息公开工作存在的主要问题及改进情况",
    "six": "六、其他需要报告的事项",
}
"""The six sections."""

RECONSIDERATION, DIRECT, AFTER = "行政复议", "行政诉讼_未经复议直接起诉", "行政诉讼_复议后起诉"
"""The rows of table four."""


class Cell(NamedTuple):
    """A cell of table two: the paragraph of Article 20, its row and column on paper, its place in the JSON of a report."""

    paragraph: str
    row: str
    column: str
    place: tuple[str, ...]

    @property
    def title(self) -> str:
        """How it is called."""
        return f"{self.row}：{self.column}"


CHARGES = "charges"
"""The one cell that is an amount (万元)."""

TABLE_TWO: dict[str, Cell] = {
    "rules_made": Cell("第二十条第（一）项", "规章", "本年制发件数", ("art20_1", "规章", "制发")),
    "rules_ended": Cell("第二十条第（一）项", "规章", "本年废止件数", ("art20_1", "规章", "废止")),
    "rules_valid": Cell("第二十条第（一）项", "规章", "现行有效件数", ("art20_1", "规章", "现行有效")),
    "normative_made": Cell("第二十条第（一）项", "行政规范性文件", "本年制发件数", ("art20_1", "行政规范性文件", "制发")),
    "normative_ended": Cell("第二十条第（一）项", "行政规范性文件", "本年废止件数", ("art20_1", "行政规范性文件", "废止")),
    "normative_valid": Cell("第二十条第（一）项", "行政规范性文件", "现行有效件数", ("art20_1", "行政规范性文件", "现行有效")),
    "licences": Cell("第二十条第（五）项", "行政许可", "本年处理决定数量", ("art20_5", "行政许可")),
    "penalties": Cell("第二十条第（六）项", "行政处罚", "本年处理决定数量", ("art20_6", "行政处罚")),
    "compulsion": Cell("第二十条第（六）项", "行政强制", "本年处理决定数量", ("art20_6", "行政强制")),
    "charges": Cell("第二十条第（八）项", "行政事业性收费", "本年收费金额（单位：万元）", ("art20_8", "行政事业性收费_万元")),
}
"""The cells of table two in their order."""

LABEL = re.compile(r"三、(（.）[^ （]+(?:（[^）]*）)?) ?(.*)")


@cache
def form() -> dict[str, Any]:
    """Labels and keys of the tables."""
    loaded: dict[str, Any] = msgspec.json.decode((files("services.audit.reports") / "form.json").read_bytes())
    return loaded


def table2_cell(table: Any, cell: str) -> Any:
    """What stands in a cell of table two of a report; None where it is blank or missing."""
    found = table
    for name in TABLE_TWO[cell].place:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def table2_of(values: Mapping[str, str]) -> dict[str, Any]:
    """Table two with the shape of the published ones: numbers as numbers, "/" as it is, blank null."""
    made: dict[str, Any] = {}
    for cell, (_, _, _, place) in TABLE_TWO.items():
        at = made
        for name in place[:-1]:
            at = at.setdefault(name, {})
        at[place[-1]] = number(values.get(cell))
    return made


def number(written: str | None) -> Any:
    """A cell as it goes into a file: a number, "/" or nothing."""
    if written is None or written == "/":
        return written
    return float(written) if "." in written else int(written)


def table2_written(table: Any) -> dict[str, str]:
    """The cells of table two of a report as they are kept: blank ones are missing."""
    found = {cell: table2_cell(table, cell) for cell in TABLE_TWO}
    return {cell: written(value) for cell, value in found.items() if value not in (None, "")}


def written(value: Any) -> str:
    """A number of a file as it is kept, without a float's exponent."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.6f}".rstrip("0")
    return str(value)


def table3_rows(report: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Table three of a report by the keys of its rows."""
    return {row["key"]: list(row["values"]) for row in report["table3"]["rows"]}


def table4_rows(report: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Table four of a report by the names of its rows."""
    return {name: list(report["table4"][name]) for name in (RECONSIDERATION, DIRECT, AFTER)}


def label_of(key: str) -> str:
    """How a row of table three is called."""
    return next((str(row["label"]) for row in form()["table3"] if row["key"] == key), key)


class Heading(NamedTuple):
    """A heading at the side of table three: its words, and over how many rows and columns it stands."""

    text: str
    rows: int
    columns: int


@cache
def table3_layout() -> list[tuple[str, tuple[Heading, ...]]]:
    """Each row of table three with the headings that begin in it, as the form has them: three columns, the middle one by group of results."""
    split = []
    for row in form()["table3"]:
        found = LABEL.fullmatch(row["label"])
        split.append((row["key"], found[1] if found else "", (found[2] if found else "") or "", row["label"]))
    inside = [one for one in split if one[1]]
    made: list[tuple[str, tuple[Heading, ...]]] = []
    seen: set[str] = set()
    for key, group, item, label in split:
        heads: list[Heading] = []
        if not group:
            heads.append(Heading(label, 1, 3))
        else:
            if not seen:
                heads.append(Heading("三、本年度办理结果", len(inside), 1))
            if not item:
                heads.append(Heading(group, 1, 2))
            else:
                if group not in seen:
                    heads.append(Heading(group, sum(one[1] == group for one in inside), 1))
                heads.append(Heading(item, 1, 1))
            seen.add(group)
        made.append((key, tuple(heads)))
    return made
