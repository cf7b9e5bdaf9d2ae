"""A report as XLSX and DOCX. Loaded where one is made: the libraries are large."""

import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import openpyxl
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from services.audit.reports.documents import ORGANISATIONS
from shared.files.ooxml import packed, parts_of


def as_xlsx(content: Mapping[str, Any]) -> bytes:
    """As a workbook: text, then a sheet for each table. Numbers are numbers; what is text can never be taken for a formula."""
    book = openpyxl.Workbook()
    words: Any = book.active
    words.title = "正文"
    lines = [content["title"]]
    for name, key in (("one", "general"), ("five", "problems"), ("six", "other")):
        lines += [content["names"][name], *(content[key] or ["（空白）"])]
    if content["fees"]:
        lines.append(content["fees"])
    for number, line in enumerate(lines, 1):
        put(words, number, 1, line, bold=line in content["names"].values() or number == 1)
    words.column_dimensions["A"].width = 100
    second_sheet(book.create_sheet("表二"), content)
    third_sheet(book.create_sheet("表三"), content)
    fourth_sheet(book.create_sheet("表四"), content)
    book.properties.creator, book.properties.title = content["agency"], content["title"]
    book.properties.created = datetime(content["year"] + 1, 1, 1)  # noqa: DTZ001 -- openpyxl takes none with a zone
    made = io.BytesIO()
    book.save(made)
    return steady(made.getvalue(), content)


THIN = Side(style="thin", color="808080")


def put(sheet: Any, row: int, column: int, text: str, *, bold: bool = False, over: tuple[int, int] = (1, 1)) -> None:
    """A cell of text, or of a number where it is one; `over`: how many rows and columns it covers."""
    cell = sheet.cell(row, column)
    if text.replace(".", "", 1).isdecimal() and text.isascii() and not bold:
        cell.value = float(text) if "." in text else int(text)
    else:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in "=+-@\t\r＝＋－＠"
    cell.font = Font(name="仿宋", size=11, bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if bold and column > 1 else None)
    if sheet.title != "正文":
        cell.border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
    if over != (1, 1):
        sheet.merge_cells(start_row=row, start_column=column, end_row=row + over[0] - 1, end_column=column + over[1] - 1)


def second_sheet(sheet: Any, content: Mapping[str, Any]) -> None:
    """Table two, paragraph by paragraph."""
    put(sheet, 1, 1, content["names"]["two"], bold=True, over=(1, 4))
    row = 2
    for part in content["table2"]:
        put(sheet, row, 1, part["paragraph"], bold=True, over=(1, 4))
        put(sheet, row + 1, 1, "信息内容", bold=True)
        for number, column in enumerate(part["columns"]):
            put(sheet, row + 1, 2 + number, column, bold=True)
        row += 2
        for one in part["rows"]:
            put(sheet, row, 1, one["name"])
            for number, cell in enumerate(one["cells"]):
                put(sheet, row, 2 + number, cell["value"])
            row += 1
    for column, width in zip("ABCD", (24, 24, 18, 18), strict=True):
        sheet.column_dimensions[column].width = width


def third_sheet(sheet: Any, content: Mapping[str, Any]) -> None:
    """Table three with its three columns of headings."""
    put(sheet, 1, 1, content["names"]["three"], bold=True, over=(1, 10))
    put(sheet, 2, 1, "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", bold=True, over=(3, 3))
    put(sheet, 2, 4, "申请人情况", bold=True, over=(1, 7))
    put(sheet, 3, 4, content["columns"][0], bold=True, over=(2, 1))
    put(sheet, 3, 5, "法人或其他组织", bold=True, over=(1, ORGANISATIONS))
    for number, column in enumerate(content["columns"][1:-1]):
        put(sheet, 4, 5 + number, column, bold=True)
    put(sheet, 3, 10, content["columns"][-1], bold=True, over=(2, 1))
    for number, one in enumerate(content["table3"]):
        row = 5 + number
        at = 4 - sum(columns for _, _, columns in one["heads"])
        for text, rows, columns in one["heads"]:
            put(sheet, row, at, text, over=(rows, columns))
            at += columns
        for place, value in enumerate(one["values"]):
            put(sheet, row, 4 + place, value)
    for number, width in enumerate((12, 16, 44, *[11] * 7), 1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def fourth_sheet(sheet: Any, content: Mapping[str, Any]) -> None:
    """Table four: reconsideration, suits at once, suits afterwards, each with its five columns."""
    put(sheet, 1, 1, content["names"]["four"], bold=True, over=(1, 15))
    put(sheet, 2, 1, "行政复议", bold=True, over=(2, 5))
    put(sheet, 2, 6, "行政诉讼", bold=True, over=(1, 10))
    put(sheet, 3, 6, "未经复议直接起诉", bold=True, over=(1, 5))
    put(sheet, 3, 11, "复议后起诉", bold=True, over=(1, 5))
    for part, one in enumerate(content["table4"]):
        for number, (column, value) in enumerate(zip(content["columns4"], one["values"], strict=True)):
            put(sheet, 4, 1 + 5 * part + number, column, bold=True)
            put(sheet, 5, 1 + 5 * part + number, value)


def as_docx(content: Mapping[str, Any]) -> bytes:
    """As a text document that an office can go on working with."""
    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(30), Mm(25), Mm(22), Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "仿宋", Pt(14)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "仿宋")
    style.paragraph_format.space_after = Pt(4)
    properties = document.core_properties
    moment = datetime(content["year"] + 1, 1, 1, tzinfo=UTC)
    properties.title, properties.author, properties.created, properties.modified = content["title"], content["agency"], moment, moment
    properties.comments, properties.last_modified_by = "", content["agency"]

    def line(text: str, *, heading: bool = False, points: int = 14) -> None:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text)
        run.bold, run.font.size = heading, Pt(points)
        if points > 14:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif not heading:
            paragraph.paragraph_format.first_line_indent = Pt(28)

    line(content["title"], heading=True, points=20)
    parts: tuple[tuple[str, str | Callable[[Any, Mapping[str, Any]], None]], ...] = (
        ("one", "general"), ("two", second_table), ("three", third_table), ("four", fourth_table), ("five", "problems"), ("six", "other"),
    )  # fmt: skip
    for name, part in parts:
        line(content["names"][name], heading=True)
        if callable(part):
            part(document, content)
            continue
        for text in content[part]:
            line(text)
        if name == "six" and content["fees"]:
            line(content["fees"])
    made = io.BytesIO()
    document.save(made)
    return steady(made.getvalue(), content)


def filled(cell: Any, text: str) -> None:
    """A cell of a text document's table."""
    cell.text = text
    for paragraph in cell.paragraphs:
        paragraph.alignment, paragraph.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(0)
        for run in paragraph.runs:
            run.font.size = Pt(9)


def over(table: Any, row: int, column: int, rows: int, columns: int, text: str) -> None:
    """A cell that covers several."""
    filled(table.cell(row, column).merge(table.cell(row + rows - 1, column + columns - 1)), text)


def second_table(document: Any, content: Mapping[str, Any]) -> None:
    """Table two."""
    height = sum(2 + len(part["rows"]) for part in content["table2"])
    table = document.add_table(rows=height, cols=4, style="Table Grid")
    row = 0
    for part in content["table2"]:
        over(table, row, 0, 1, 4, part["paragraph"])
        filled(table.cell(row + 1, 0), "信息内容")
        wide = 3 // len(part["columns"])
        for number, column in enumerate(part["columns"]):
            over(table, row + 1, 1 + number * wide, 1, wide, column)
        row += 2
        for one in part["rows"]:
            filled(table.cell(row, 0), one["name"])
            for number, cell in enumerate(one["cells"]):
                over(table, row, 1 + number * wide, 1, wide, cell["value"])
            row += 1


def third_table(document: Any, content: Mapping[str, Any]) -> None:
    """Table three."""
    table = document.add_table(rows=3 + len(content["table3"]), cols=10, style="Table Grid")
    over(table, 0, 0, 3, 3, "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）")
    over(table, 0, 3, 1, 7, "申请人情况")
    over(table, 1, 3, 2, 1, content["columns"][0])
    over(table, 1, 4, 1, ORGANISATIONS, "法人或其他组织")
    for number, column in enumerate(content["columns"][1:-1]):
        filled(table.cell(2, 4 + number), column)
    over(table, 1, 9, 2, 1, content["columns"][-1])
    for number, one in enumerate(content["table3"]):
        row = 3 + number
        at = 3 - sum(columns for _, _, columns in one["heads"])
        for text, rows, columns in one["heads"]:
            over(table, row, at, rows, columns, text)
            at += columns
        for place, value in enumerate(one["values"]):
            filled(table.cell(row, 3 + place), value)


def fourth_table(document: Any, content: Mapping[str, Any]) -> None:
    """Table four."""
    table = document.add_table(rows=4, cols=15, style="Table Grid")
    over(table, 0, 0, 2, 5, "行政复议")
    over(table, 0, 5, 1, 10, "行政诉讼")
    over(table, 1, 5, 1, 5, "未经复议直接起诉")
    over(table, 1, 10, 1, 5, "复议后起诉")
    for part, one in enumerate(content["table4"]):
        for number, (column, value) in enumerate(zip(content["columns4"], one["values"], strict=True)):
            filled(table.cell(2, 5 * part + number), column)
            filled(table.cell(3, 5 * part + number), value)


def steady(made: bytes, content: Mapping[str, Any]) -> bytes:
    """The same bytes whenever it is made: packed anew, without the moment of its making."""
    parts = parts_of(made)
    core = parts.get("docProps/core.xml")
    if core is not None:
        parts["docProps/core.xml"] = without_moments(core, content)
    return packed(parts)


def without_moments(core: bytes, content: Mapping[str, Any]) -> bytes:
    """The properties of a file with the day of the report instead of the moment of its making."""
    year, month, day = content["dated"]
    moment = f"{year}-{month:02d}-{day:02d}T00:00:00Z".encode()
    for name in (b"created", b"modified"):
        begin = core.find(b"<dcterms:" + name)
        if begin >= 0:
            start = core.index(b">", begin) + 1
            core = core[:start] + moment + core[core.index(b"<", start) :]
    return core
