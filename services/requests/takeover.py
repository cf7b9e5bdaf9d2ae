"""A CSV of open cases from another system, read and checked line by line before anything is stored (docs/import.md)."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from services.requests.disclosure_request.commands.takeover import TakeOver
from services.requests.disclosure_request.decisions.takeover import book_of_receipt, clock_taken_over
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Problem
from shared.kernel.routes import invalid
from shared.law.calendar import WorkingCalendar

COLUMNS = {
    "编号": "number",
    "收到日期": "received_on",
    "渠道": "channel",
    "起算日期": "clock_start",
    "已延期工作日": "extension_days",
    "期限": "due",
    "申请人类别": "applicant_kind",
    "申请人": "applicant_name",
    "身份证明号码": "id_number",
    "联系方式": "contact",
    "通信地址": "address",
    "申请内容": "content",
    "承办科室": "unit",
}
"""The columns of the file, and the fields of the command that they fill."""

FILES = "附件"
"""The column with the names of a case's files, several with a semicolon between."""

NEEDED = ("编号", "收到日期", "渠道", "申请人类别", "申请人", "联系方式", "申请内容")

WORDS = {
    "channel": {
        "互联网": "internet", "挂号信": "registered_post", "平信": "ordinary_letter", "电报": "telegram", "电传": "telex", "传真": "fax",
        "电子数据交换": "edi", "电子邮件": "email", "当面": "in_person", "口头": "oral",
    },
    "applicant_kind": {
        "自然人": "natural_person", "商业企业": "commercial", "科研机构": "research", "社会公益组织": "public_welfare", "法律服务机构": "legal_service",
        "其他": "other",
    },
}  # fmt: skip
"""What may stand in columns that have but a few words."""

LINES = 20_000
"""The most cases of a file."""

FILE_BYTES = 64 * 1024 * 1024

NUMBER = re.compile(r"[〔\[（(](\d{4})[〕\]）)].*?(\d+)\s*号?$")
"""The year and the running number in an official number, such as 依申请〔2026〕17号."""


class BadLine(NamedTuple):
    """A line that can't be taken: its number in the file (the heading is 1; 0: the sentence names the case), the column, and what to do."""

    line: int
    column: str
    told: str


def read_file(
    content: bytes, agency: AgencyFacts, calendar: WorkingCalendar, today: date, units: Sequence[str], system: str
) -> tuple[list[TakeOver], list[BadLine]]:
    """The commands that a file amounts to, and every line that is wrong. Nothing is stored. Excel's CSV in UTF-8 or GB 18030 is read."""
    if len(content) > FILE_BYTES:
        return [], [BadLine(1, "", f"文件超过 {FILE_BYTES // 1024 // 1024} MB，请分成几个。")]
    text = _text(content)
    if text is None:
        return [], [BadLine(1, "", "文件不是 UTF-8 或 GB 18030 编码的文本，请另存为 CSV UTF-8。")]
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [name.strip() for name in next(rows, [])]
        listed = list(rows)
    except csv.Error:
        return [], [BadLine(rows.line_num, "", "引号没有成对，无法分列，请核对这一行。")]
    missing = [name for name in NEEDED if name not in heading]
    unknown = [name for name in heading if name and name not in (*COLUMNS, FILES)]
    if missing or unknown or len(set(heading)) != len(heading):
        told = [f"缺少“{'、'.join(missing)}”"] * bool(missing) + [f"不认识“{'、'.join(unknown)}”"] * bool(unknown) or ["列名重复"]
        return [], [BadLine(1, "", f"表头不对：{'；'.join(told)}。可用的列：{'、'.join((*COLUMNS, FILES))}。")]
    if len(listed) > LINES:
        return [], [BadLine(LINES + 2, "", f"一个文件最多 {LINES} 件，请分成几个。")]
    made: list[TakeOver] = []
    wrong: list[BadLine] = []
    seen: dict[str, int] = {}
    for line, cells in enumerate(listed, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            wrong.append(BadLine(line, "", f"有 {len(cells)} 列，表头有 {len(heading)} 列。"))
            continue
        command, problems = _command(
            dict(zip(heading, (cell.strip() for cell in cells), strict=True)), agency, calendar, today, units, system
        )
        wrong += [BadLine(line, column, told) for column, told in problems]
        if command is not None and command.number in seen:
            wrong.append(BadLine(line, "编号", f"与第 {seen[command.number]} 行重复。"))
        elif command is not None:
            seen[command.number] = line
            made.append(command)
    return made, wrong


def files_in(content: bytes, folder: Path, limit: int) -> tuple[dict[str, list[Path]], list[BadLine]]:
    """The files of each case by its number, as the column names them, and what is wrong with those names. `limit`: bytes of one file.

    Of a file that `read_file` has found right. Files stand in `folder` or below it.
    """
    rows = csv.DictReader(io.StringIO(_text(content) or "", newline=""))
    found: dict[str, list[Path]] = {}
    wrong: list[BadLine] = []
    inside = folder.resolve()
    for row in rows:
        cells = {(name or "").strip(): (value or "").strip() for name, value in row.items() if isinstance(value, str)}
        for name in re.split("[;；]", cells.get(FILES, "")):
            if not name.strip():
                continue
            path = (inside / name.strip()).resolve()
            if not path.is_relative_to(inside) or not path.is_file():
                wrong.append(BadLine(rows.line_num, FILES, f"在附件目录中没有找到“{name.strip()}”。"))
            elif not 0 < path.stat().st_size <= limit:
                wrong.append(BadLine(rows.line_num, FILES, f"“{name.strip()}”为空，或者超过 {limit // 1024 // 1024} MB。"))
            else:
                found.setdefault(cells["编号"], []).append(path)
    return found, wrong


def _text(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _command(
    row: dict[str, str], agency: AgencyFacts, calendar: WorkingCalendar, today: date, units: Sequence[str], system: str
) -> tuple[TakeOver | None, list[tuple[str, str]]]:
    fields: dict[str, Any] = {"system": system}
    problems: list[tuple[str, str]] = []
    for column, value in row.items():
        if not value or column == FILES:
            continue
        name = COLUMNS[column]
        words = WORDS.get(name)
        if words is not None and value not in words:
            problems.append((column, f"应为：{'、'.join(words)}。"))
            continue
        fields[name] = words[value] if words is not None else value
    if found := NUMBER.search(row["编号"]):
        fields["number_year"], fields["number_last"] = int(found[1]), int(found[2])
    if problems:
        return None, problems
    titles = {name: column for column, name in COLUMNS.items()}
    try:
        command = TakeOver.model_validate(fields)
    except ValidationError as error:
        return None, [(titles.get(one["field"], "编号"), one["sentence"]) for one in invalid(error).fields]
    if command.unit and command.unit not in units:
        return None, [("承办科室", f"本机关没有科室 {command.unit}；有：{'、'.join(units) or '（没有）'}。")]
    try:
        clock_taken_over(
            book_of_receipt(command.received_on, agency.rulebook, today),
            calendar,
            today,
            channel=command.channel,
            received_on=command.received_on,
            started=command.clock_start,
            extension_days=command.extension_days,
            due=command.due,
        )
    except Problem as problem:
        return None, [(titles.get(problem.fields[0]["field"], "") if problem.fields else "收到日期", problem.sentence)]
    return command, []


def heading() -> str:
    """The first line of a file."""
    return ",".join((*COLUMNS, FILES))


def shown(wrong: Sequence[BadLine]) -> Iterator[str]:
    """Each bad line as a sentence."""
    for one in wrong:
        where = f"第 {one.line} 行" if one.line else ""
        yield f"{where}{f'“{one.column}”' if one.column else ''}：{one.told}"
