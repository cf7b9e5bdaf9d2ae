"""The results of a year's inspections as they are exported: rows, and a file of exact bytes whose hash stands in the log (JD-06b)."""

import csv
import hashlib
import io
from typing import Any

import msgspec

from shared.kernel.running import Running

RESULTS = """SELECT year, unit, inspections, score_sum, open_issues FROM views.inspection_results
    WHERE agency = %s AND year = %s ORDER BY unit"""

SURVEYS = """SELECT unit, sum(asked)::bigint AS asked, sum(aware)::bigint AS aware, sum(satisfied)::bigint AS satisfied FROM views.inspections
    WHERE agency = %s AND year = %s AND asked > 0 GROUP BY unit"""

HEADINGS = ("年度", "科室", "科室名称", "检查次数", "得分合计", "未解决问题", "调查人数", "知晓人数", "满意人数")


class Result(msgspec.Struct, frozen=True):
    """A unit's year: inspections, points and open problems, and of how many asked how many knew and were satisfied."""

    year: int
    unit: str
    unit_name: str
    inspections: int = 0
    score_sum: int = 0
    open_issues: int = 0
    asked: int = 0
    aware: int = 0
    satisfied: int = 0


async def results(running: Running, agency: str, year: int) -> list[Result]:
    """Every unit that was inspected or surveyed in this year."""
    directory: Any = running.doorkeeper
    found = {row["unit"]: row for row in await running.query(RESULTS, (agency, year), agency=agency)}
    for row in await running.query(SURVEYS, (agency, year), agency=agency):
        found[row["unit"]] = {"year": year, **found.get(row["unit"], {}), **row}
    return [msgspec.convert({**row, "unit_name": directory.unit_name(agency, unit)}, Result) for unit, row in sorted(found.items())]


def as_csv(rows: list[Result]) -> bytes:
    """The file; spreadsheets know it by its mark as UTF-8. A name never begins a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for row in rows:
        values = msgspec.structs.astuple(row)
        writer.writerow([f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value for value in values])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_json(agency: str, year: int, rows: list[Result]) -> bytes:
    """The same for programs."""
    return msgspec.json.encode({"agency": agency, "year": year, "results": rows})


def sha256_of(content: bytes) -> str:
    """The hash that names exactly these bytes."""
    return hashlib.sha256(content).hexdigest()
