"""A report as documents: the numbers of the form in each, the same bytes each time, nothing that a spreadsheet would run, charts that can be read."""

import copy
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from docx import Document

from demo import cli as _demo
from services.audit.reports.charts import charts_of, svg, ticks
from services.audit.reports.documents import FORMATS, content_of, made_as
from services.audit.reports.form import SECTIONS, number, table2_of, table2_written, table3_layout
from services.audit.reports.texts import facts_in
from shared.kernel.errors import Invalid

SUQIAN: dict[str, Any] = json.loads((Path(_demo.__file__).parent / "reports" / "suqian_2023.json").read_text(encoding="utf-8"))
TEXT = {"general": "收办申请 3,607 件。\n<script>alert(1)</script>", "problems": '=HYPERLINK("http://x")', "other": "无"}


@pytest.fixture
def report() -> dict[str, Any]:
    made = copy.deepcopy(SUQIAN)
    made["sections"] = TEXT
    made["fees"] = {"notices": 25, "yuan": 2950, "paid": 25, "collected": 2950}
    made["table2"]["art20_6"]["行政强制"] = "/"
    made["table2"]["art20_5"]["行政许可"] = None
    return made


@pytest.fixture
def earlier(report: dict[str, Any]) -> dict[int, dict[str, Any]]:
    return {year: {**copy.deepcopy(report), "year": year} for year in range(2010, 2023)}


@pytest.mark.rule("X-07")
@pytest.mark.parametrize("format", FORMATS)
async def test_the_same_report_gives_the_same_bytes(report: dict[str, Any], earlier: dict[int, dict[str, Any]], format: str) -> None:
    assert await made_as(format, report, earlier) == await made_as(format, report, earlier)


@pytest.mark.rule("X-07")
async def test_a_workbook_holds_the_numbers_as_numbers_and_nothing_that_runs(report: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(await made_as("xlsx", report, {})))
    third = [[cell.value for cell in row[3:10]] for row in book["表三"].iter_rows(min_row=5, max_row=29)]
    assert third == [row["values"] for row in SUQIAN["table3"]["rows"]]
    fourth = [cell.value for cell in book["表四"][5]]
    assert fourth == [value for name, values in SUQIAN["table4"].items() if name != "columns" for value in values]
    second = {row[0].value: row[1].value for row in book["表二"].iter_rows()}
    assert (second["行政许可"], second["行政处罚"], second["行政强制"], second["行政事业性收费"]) == (None, 2822652, "/", 59237.2449)
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert TEXT["problems"] in {cell.value for cell in book["正文"]["A"]}
    assert book.sheetnames == ["正文", "表二", "表三", "表四"]


async def test_a_text_document_holds_all_sections_and_tables(report: dict[str, Any]) -> None:
    document = Document(io.BytesIO(await made_as("docx", report, {})))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert [line for line in words if line in SECTIONS.values()] == list(SECTIONS.values())
    assert TEXT["problems"] in words
    second, third, fourth = document.tables
    assert [[cell.text for cell in row.cells[3:10]] for row in third.rows[3:]] == [
        [str(value) for value in row["values"]] for row in SUQIAN["table3"]["rows"]
    ]
    assert [cell.text for cell in fourth.rows[3].cells][:5] == [str(value) for value in SUQIAN["table4"]["行政复议"]]
    assert "59237.2449" in {cell.text for row in second.rows for cell in row.cells}


async def test_the_pdf_can_be_read_and_a_character_without_a_font_is_told(
    report: dict[str, Any], earlier: dict[int, dict[str, Any]]
) -> None:
    pages = pypdfium2.PdfDocument(await made_as("pdf", report, earlier))
    text = "".join(page.get_textpage().get_text_bounded() for page in pages)
    for told in (*SECTIONS.values(), "3511", "59237.2449", "（七）总计", "=HYPERLINK", "发出收费通知 25 件"):
        assert told.replace(" ", "") in re.sub(r"\s", "", text), told
    report["sections"] = {**TEXT, "problems": "\U00030edd\U0001f600"}
    with pytest.raises(Invalid, match="report-characters") as refused:
        await made_as("pdf", report, {})
    assert "U+1F600" in refused.value.sentence


async def test_the_page_stands_alone_and_escapes_what_was_typed(report: dict[str, Any], earlier: dict[int, dict[str, Any]]) -> None:
    page = (await made_as("html", report, earlier)).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.findall(r'(?:src|href)="', page)
    assert page.count("<svg") == 3
    assert page.count("<td") == 25 * 7 + 15 + 10 + 8 * (1 + 6 + 3)


def test_the_headings_of_table_three_cover_each_row_once() -> None:
    free = [0, 0, 0]
    for number_, (_, heads) in enumerate(table3_layout()):
        column = 0
        for head in heads:
            while free[column] > number_:
                column += 1
            for place in range(column, column + head.columns):
                assert free[place] <= number_
                free[place] = number_ + head.rows
        assert min(free) > number_
    assert free == [25, 25, 25]


def test_charts_tell_their_numbers_in_words_too(report: dict[str, Any], earlier: dict[int, dict[str, Any]]) -> None:
    new, results, remedies = charts_of({**earlier, 2023: report})
    assert [year for year, _ in new.years] == list(range(2016, 2024))
    assert new.years[-1] == (2023, (3511,))
    assert results.years[-1] == (2023, (1191, 328, 142, 1078, 406, 341))
    assert remedies.told.endswith("2023 年：行政复议 440，直接起诉 24，复议后起诉 89")
    drawn = svg(results)
    assert "style" not in drawn
    assert 'role="img"' in drawn
    assert drawn.count("<rect") == 6 + 8 * 6
    assert content_of(report)["charts"] == []
    assert ticks(0) == [0]
    assert ticks(3511) == [0, 1000, 2000, 3000]


def test_numbers_are_kept_as_they_were_written() -> None:
    kept = table2_written(SUQIAN["table2"])
    assert kept["charges"] == "59237.2449"
    assert table2_of(kept) == SUQIAN["table2"]
    assert table2_written(table2_of({"charges": "0.000001", "licences": "/"})) == {"charges": "0.000001", "licences": "/"}
    assert (number(None), number("/"), number("0")) == (None, "/", 0)


def test_numbers_in_the_text_are_found() -> None:
    text = "全年收办申请3,607件，其中予以公开 1191 件、部分公开328件。不予公开信息142件；无法提供1078件，结转下年度办理 121 件。"
    assert facts_in(text) == {"收办申请": 3607, "予以公开": 1191, "部分公开": 328, "不予公开": 142, "无法提供": 1078, "转下年度": 121}
    assert facts_in("办理情况良好。") == {}
