"""A report as HTML, PDF, DOCX, XLSX and JSON, in the national form. The same report gives the same bytes: no clock is read."""

import asyncio
import json
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.audit.annual_report.events import Fees
from services.audit.reports.charts import charts_of, svg
from services.audit.reports.form import (
    AFTER,
    DIRECT,
    RECONSIDERATION,
    SECTIONS,
    TABLE_TWO,
    form,
    table2_cell,
    table3_layout,
    table3_rows,
    written,
)
from services.audit.reports.texts import fees_told
from shared.kernel.errors import Invalid
from shared.letters.fonts import missing_characters, named
from shared.letters.rendering import typeset
from shared.letters.template import Template
from shared.web.titles import TITLES as SERVICES

FORMATS = {
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
"""What a report can be had as."""

FOURTH_ROWS = (RECONSIDERATION, DIRECT, AFTER)
BLANK = ""
ORGANISATIONS = 5
"""The columns of table three under the one heading of legal persons and other organisations."""


def title_of(report: Mapping[str, Any]) -> str:
    """How a report is called."""
    return f"{report['agency']}{name_of(report)}"


def name_of(report: Mapping[str, Any]) -> str:
    """The title without the agency."""
    return f"{report['year']}年政府信息公开工作年度报告"


def dated(report: Mapping[str, Any]) -> date:
    """The day that its files carry: the first after the year."""
    return date(report["year"] + 1, 1, 1)


def cell_text(value: Any) -> str:
    """A cell as it is shown: 0, blank and "/" are three things."""
    return BLANK if value is None else written(value)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a section."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def content_of(report: Mapping[str, Any], earlier: Mapping[int, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """What every form of the document shows, in its order. `earlier`: the reports of other years, for the charts."""
    rows = table3_rows(report)
    sections = report.get("sections") or {}
    paid = Fees(**report["fees"]) if isinstance(report.get("fees"), Mapping) else None
    known = {year: one for year, one in (earlier or {}).items() if year < report["year"]}
    return {
        "title": title_of(report),
        "name": name_of(report),
        "agency": str(report["agency"]),
        "year": report["year"],
        "names": SECTIONS,
        "general": paragraphs(str(sections.get("general") or "")),
        "problems": paragraphs(str(sections.get("problems") or "")),
        "other": paragraphs(str(sections.get("other") or report.get("section6_fees") or "")),
        "fees": fees_told(paid) if paid else "",
        "table2": second_rows(report.get("table2")),
        "columns": form()["columns"],
        "table3": [
            {"key": key, "heads": [list(head) for head in heads], "values": [cell_text(value) for value in rows[key]]}
            for key, heads in table3_layout()
        ],
        "columns4": form()["table4"]["columns"],
        "table4": [{"key": name, "values": [cell_text(value) for value in report["table4"][name]]} for name in FOURTH_ROWS],
        "charts": charts_of({**known, report["year"]: report}) if known else [],
        "as_of": {SERVICES.get(name, name): position for name, position in (report.get("as_of") or {}).items()},
        "dated": [dated(report).year, 1, 1],
    }


def second_rows(table: Any) -> list[dict[str, Any]]:
    """Table two by its paragraphs of Article 20: the column titles, and rows of cells."""
    made: list[dict[str, Any]] = []
    for key, cell in TABLE_TWO.items():
        if not made or made[-1]["paragraph"] != cell.paragraph:
            made.append({"paragraph": cell.paragraph, "columns": [], "rows": []})
        part = made[-1]
        if cell.column not in part["columns"]:
            part["columns"].append(cell.column)
        if not part["rows"] or part["rows"][-1]["name"] != cell.row:
            part["rows"].append({"name": cell.row, "cells": []})
        part["rows"][-1]["cells"].append({"key": key, "value": cell_text(table2_cell(table, key))})
    return made


def as_json(report: Mapping[str, Any]) -> bytes:
    """As data, with the shape of the published ones."""
    return json.dumps(report, ensure_ascii=False, indent=1).encode() + b"\n"


def as_html(content: Mapping[str, Any]) -> bytes:
    """A page that stands alone: no script, nothing fetched, prints on A4."""
    loader = FileSystemLoader(str(files("services.audit") / "templates"))
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.get_template("report_alone.html")
    return template.render(content=content, svg=svg, link=None).encode()


async def as_pdf(content: Mapping[str, Any]) -> bytes:
    """As PDF/A, set in the letters' own font."""
    data = {name: value for name, value in content.items() if name != "charts"}
    data["charts"] = [
        {"title": chart.title, "series": list(chart.series), "years": [[year, list(values)] for year, values in chart.years], "svg": str(svg(chart))}
        for chart in content["charts"]
    ]  # fmt: skip
    if missing := missing_characters(json.dumps(data, ensure_ascii=False)):
        told = "、".join(named(character) for character in missing)
        raise Invalid("report-characters", f"字库中没有以下字符，PDF 无法正确显示：{told}。请在正文中换用其他写法。")
    source = (files("services.audit") / "templates" / "annual_report.typ").read_text(encoding="utf-8")
    return await typeset(data, Template(source))


async def made_as(format: str, report: Mapping[str, Any], earlier: Mapping[int, Mapping[str, Any]]) -> bytes:
    """The document in one of the formats."""
    if format == "json":
        return as_json(report)
    content = content_of(report, earlier)
    if format == "pdf":
        return await as_pdf(content)
    if format == "html":
        return await asyncio.to_thread(as_html, content)
    from services.audit.reports.office_files import as_docx, as_xlsx

    return await asyncio.to_thread({"docx": as_docx, "xlsx": as_xlsx}[format], content)
