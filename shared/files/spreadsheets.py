"""What an XLSX or a CSV hides, what it says, and a copy of an XLSX that hides nothing."""

import csv
import io
import re
from typing import Any

import openpyxl

from shared.files.finding import Finding
from shared.files.kinds import decoded
from shared.files.ooxml import Broken, active, embedded, packed, parts_of, properties, read_xml, without_properties

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ON = ("1", "true")
FILTER = "_xlnm._FilterDatabase"
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a spreadsheet program may take for a formula."""

NUMBER = re.compile(r"[+-]?[\d.,%]+")


class Uncalculated(Exception):
    """A formula whose result was never stored: without the program that calculates it, a copy would lose it."""


def xlsx_findings(content: bytes) -> list[Finding]:
    """What an XLSX hides. Raises `Broken`."""
    parts = parts_of(content)
    book = read_xml(parts.get("xl/workbook.xml", b""))
    found = active(parts)
    for number, sheet in enumerate(book.iter(f"{S}sheet"), start=1):
        if sheet.get("state") in ("hidden", "veryHidden"):
            found.append(Finding("hidden-sheet", f"第 {number} 个工作表"))
    unseen = _unseen_styles(parts)
    for name in sorted(name for name in parts if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)):
        found += _on_sheet(read_xml(parts[name]), f"工作表文件 {name.rpartition('/')[2]}", unseen)
    names = [name for name in book.iter(f"{S}definedName") if name.get("name") != FILTER]
    hidden = sum(name.get("hidden") in ON for name in names)
    for code, count in (
        ("hidden-name", hidden),
        ("defined-name", len(names) - hidden),
        ("pivot-cache", sum(re.fullmatch(r"xl/pivotCache/pivotCacheDefinition\d+\.xml", name) is not None for name in parts)),
        ("external-link", sum(re.fullmatch(r"xl/externalLinks/externalLink\d+\.xml", name) is not None for name in parts)),
        ("comment", sum(len(list(read_xml(parts[name]).iter(f"{S}comment"))) for name in parts if re.fullmatch(r"xl/(comments/)?comments?\d*\.xml", name))),
    ):  # fmt: skip
        if count:
            found.append(Finding(code, count=count))
    if any(name.startswith("xl/media/") for name in parts):
        found.append(Finding("images-unread"))
    return [*found, *embedded(parts), *properties(parts)]


def xlsx_text(content: bytes) -> list[str]:
    """The text of every part of it, hidden ones, caches and comments too: all that a reader could dig out."""
    parts = parts_of(content)
    return [
        "\n".join(_texts(read_xml(part))) for name, part in parts.items() if name.startswith(("xl/", "docProps/")) and name.endswith(".xml")
    ]


def xlsx_cleaned(content: bytes) -> bytes:
    """A copy of values alone: what was hidden is emptied, hidden sheets, comments, names, links, caches and properties are gone.

    Raises `Uncalculated`, or `Broken`.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
        formulas = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    except (ValueError, KeyError, OSError, TypeError) as error:
        raise Broken from error
    sheets: list[Any] = list(book.worksheets)
    for sheet in sheets:
        if sheet.sheet_state != "visible":
            book.remove(sheet)
            continue
        _empty_hidden(sheet)
        for row in sheet.iter_rows():
            for cell in row:
                cell.comment = None
                if cell.value is None and formulas[sheet.title][cell.coordinate].data_type == "f":
                    raise Uncalculated
        sheet._pivots = []
        sheet.defined_names.clear()
    if not book.worksheets:
        raise Broken
    book.defined_names.clear()
    made = io.BytesIO()
    book.save(made)
    return packed(without_properties(parts_of(made.getvalue())))


def csv_findings(content: bytes) -> list[Finding]:
    """Cells that a spreadsheet program may run. Raises `Broken`."""
    text = decoded(content)
    if text is None:
        raise Broken
    try:
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    except csv.Error as error:
        raise Broken from error
    count = sum(cell.startswith(STARTS) and NUMBER.fullmatch(cell) is None for cell in cells)
    return [Finding("formula-text", count=count)] if count else []


def _on_sheet(tree: Any, where: str, unseen: set[str]) -> list[Finding]:
    rows = sum(row.get("hidden") in ON or row.get("ht") == "0" for row in tree.iter(f"{S}row"))
    columns = sum(
        int(one.get("max", "1")) - int(one.get("min", "1")) + 1
        for one in tree.iter(f"{S}col")
        if one.get("hidden") in ON or one.get("width") == "0"
    )
    cells = sum(one.get("s") in unseen and bool("".join(one.itertext()).strip()) for one in tree.iter(f"{S}c"))
    counted = (("hidden-row", rows), ("hidden-column", columns), ("white-text", cells))
    return [Finding(code, where, count) for code, count in counted if count]


def _unseen_styles(parts: dict[str, bytes]) -> set[str]:
    """Cell styles that show nothing: the number format `;;;`, or white letters on a cell that is not filled."""
    if "xl/styles.xml" not in parts:
        return set()
    tree = read_xml(parts["xl/styles.xml"])
    blank = {one.get("numFmtId") for one in tree.iter(f"{S}numFmt") if one.get("formatCode", "").replace(" ", "") == ";;;"}
    white = {
        str(number)
        for number, font in enumerate(tree.iterfind(f"{S}fonts/{S}font"))
        if (colour := font.find(f"{S}color")) is not None and colour.get("rgb", "").upper() in ("FFFFFFFF", "00FFFFFF")
    }
    return {
        str(number)
        for number, style in enumerate(tree.iterfind(f"{S}cellXfs/{S}xf"))
        if style.get("numFmtId") in blank or (style.get("fontId") in white and style.get("fillId", "0") == "0")
    }


def _texts(tree: Any) -> list[str]:
    """Each string and value; the pieces of a string with several formats belong together."""
    texts = []
    for one in tree.iter():
        name = one.tag.rpartition("}")[2] if isinstance(one.tag, str) else ""
        if name in ("si", "is", "text", "comment"):
            texts.append("".join(one.itertext()))
        elif one.text and one.text.strip() and name != "t":
            texts.append(one.text)
        texts += [value for key, value in one.attrib.items() if key in ("v", "val", "name", "caption")]
    return texts


def _empty_hidden(sheet: Any) -> None:
    """What stands in hidden rows and columns is emptied, and the rows and columns are shown: nothing else moves."""
    rows = {number for number, one in sheet.row_dimensions.items() if one.hidden or one.height == 0}
    columns = {
        number
        for one in sheet.column_dimensions.values()
        if one.hidden or one.width == 0
        for number in range(one.min or 0, (one.max or 0) + 1)
    }
    for row in sheet.iter_rows():
        for cell in row:
            covered = type(cell).__name__ == "MergedCell"
            if (cell.row in rows or cell.column in columns) and not covered:
                cell.value = None
            if cell.number_format.replace(" ", "") == ";;;" and not covered:
                cell.value = None
    for number in rows:
        sheet.row_dimensions[number].hidden, sheet.row_dimensions[number].height = False, None
    for one in sheet.column_dimensions.values():
        one.hidden = False
