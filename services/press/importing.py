"""Detections from a file: CSV, RSS or Atom. Every line is checked first; nothing is stored if one is wrong; the same file twice makes nothing twice.

No name of who said it is read: a feed's authors are passed over, and a CSV has no column for them.
"""

import asyncio
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import ValidationError

from services.press.opinion_item.import_commands import ImportOpinion
from shared.kernel.clocks import LEGAL_ZONE, instant
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Invalid, Problem
from shared.kernel.events import Actor
from shared.kernel.routes import invalid
from shared.kernel.running import Running

FILE_BYTES = 1_000_000
"""The largest file: it has to fit into one request."""

ITEMS = 2000
"""The most items of a file."""

SUMMARY = 2000
"""Characters of a summary that are kept of a feed."""

AT_ONCE = 100

COLUMNS = {"来源": "source", "网址": "place", "标题": "title", "摘要": "summary", "发布时间": "published_at", "发现时间": "detected_at"}
"""The columns of a CSV, and the fields of the command that they fill."""

NEEDED = ("来源", "网址", "标题", "摘要")

SOURCES = {
    "网站": "website", "论坛": "forum", "微博": "weibo", "微信": "wechat", "视频": "video", "报刊": "newspaper", "广播电视": "broadcast", "热线": "hotline",
    "走访": "visit", "其他": "other",
}  # fmt: skip
"""The words of the column 来源."""

GB = re.compile(rb"(\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=[\"'](gb2312|gbk|gb18030)[\"']", re.IGNORECASE)
"""A feed in the encodings that the parser does not know and Chinese sites use."""

ATOM = "{http://www.w3.org/2005/Atom}"


class BadLine(NamedTuple):
    """A line (of a feed: an item, counted from 1) that can't be taken, its column, and what to do."""

    line: int
    column: str
    told: str


class Imported(NamedTuple):
    """What came of a file: how many are new, how many were there, and what is wrong (then nothing was stored)."""

    new: int
    known: int
    wrong: Sequence[BadLine]


async def import_file(
    running: Running,
    agency: AgencyFacts,
    actor: Actor,
    content: bytes,
    *,
    source: str = "website",
    dry_run: bool = False,
    wait: bool = True,
) -> Imported:
    """Takes the detections of a file; `source`: what a feed is; `wait`: until they stand in the lists."""
    now = instant()
    found, wrong = await asyncio.to_thread(read_file, content, now, source)
    if wrong:
        return Imported(0, 0, wrong)
    if dry_run:
        return Imported(len(found), 0, ())
    new, position = 0, 0
    for start in range(0, len(found), AT_ONCE):
        part = found[start : start + AT_ONCE]
        for receipt in await asyncio.gather(*(running.execute(one, None, actor, agency) for one in part)):
            new += bool(receipt.reply.get("new"))
            position = max(position, receipt.position)
    if new and wait:
        await running.views.wait(position, running.settings.view_wait_seconds)
    return Imported(new, len(found) - new, ())


def read_file(content: bytes, now: datetime, source: str) -> tuple[list[ImportOpinion], list[BadLine]]:
    """The items of a file, each once, or every line that is wrong."""
    if not content.strip():
        return [], [BadLine(1, "", "文件是空的。")]
    if len(content) > FILE_BYTES:
        return [], [BadLine(1, "", f"文件超过 {FILE_BYTES // 1000} KB，请分成几个。")]
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    found, wrong = read_feed(content, now, source) if head == b"<" else read_csv(content, now)
    if len(found) + len(wrong) > ITEMS:
        return [], [BadLine(1, "", f"一个文件最多 {ITEMS} 条，请分成几个。")]
    seen: dict[tuple[str, str], ImportOpinion] = {}
    for one in found:
        seen.setdefault((one.source, one.key), one)
    return ([] if wrong else list(seen.values())), wrong


def read_csv(content: bytes, now: datetime) -> tuple[list[ImportOpinion], list[BadLine]]:
    """Excel's CSV in UTF-8 or GB 18030."""
    text = _text(content)
    if text is None:
        return [], [BadLine(1, "", "文件不是 UTF-8 或 GB 18030 编码的文本，请另存为 CSV UTF-8。")]
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [name.strip() for name in next(rows, [])]
        listed = [(rows.line_num, cells) for cells in rows]
    except csv.Error:
        return [], [BadLine(rows.line_num, "", "引号没有成对，无法分列，请核对这一行。")]
    missing = [name for name in NEEDED if name not in heading]
    unknown = [name for name in heading if name not in COLUMNS]
    if missing or unknown or len(set(heading)) != len(heading):
        told = [f"缺少“{'、'.join(missing)}”"] * bool(missing) + [f"不认识“{'、'.join(unknown)}”"] * bool(unknown) or ["列名重复"]
        return [], [BadLine(1, "", f"表头不对：{'；'.join(told)}。可用的列：{'、'.join(COLUMNS)}。")]
    found: list[ImportOpinion] = []
    wrong: list[BadLine] = []
    for line, cells in listed:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(heading):
            wrong.append(BadLine(line, "", f"有 {len(cells)} 列，表头有 {len(heading)} 列。"))
            continue
        row = dict(zip(heading, (cell.strip() for cell in cells), strict=True))
        if row["来源"] not in SOURCES:
            wrong.append(BadLine(line, "来源", f"应为：{'、'.join(SOURCES)}。"))
            continue
        fields = {name: row[column] for column, name in COLUMNS.items() if row.get(column)}
        fields["source"] = SOURCES[row["来源"]]
        moments, faults = _moments(row, now)
        wrong += [BadLine(line, column, told) for column, told in faults]
        if not faults:
            _add(found, wrong, line, row["网址"], {**fields, **moments})
    return found, wrong


def _moments(row: Mapping[str, str], now: datetime) -> tuple[dict[str, datetime], list[tuple[str, str]]]:
    """The two moments of a line; without one of detection it is seen now."""
    made: dict[str, datetime] = {"detected_at": now}
    faults = []
    for column in ("发布时间", "发现时间"):
        if text := row.get(column):
            moment = moment_of(text)
            if moment is None:
                faults.append((column, "应写作 2026-09-22 08:30（北京时间）。"))
            else:
                made[COLUMNS[column]] = moment
    if not faults and made["detected_at"] > now:
        faults.append(("发现时间", "不能晚于现在。"))
    if not faults and made.get("published_at", made["detected_at"]) > made["detected_at"]:
        faults.append(("发布时间", "不能晚于发现时间。"))
    return made, faults


def read_feed(content: bytes, now: datetime, source: str) -> tuple[list[ImportOpinion], list[BadLine]]:
    """RSS 2.0 or Atom, parsed without entities and external references."""
    try:
        root: Element = fromstring(content.decode("gb18030") if GB.match(content) else content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return [], [BadLine(1, "", "不是可以读取的 RSS 或者 Atom 文件（不允许 DTD 和实体）。")]
    items = list(root.iter("item")) if root.tag == "rss" else root.findall(f"{ATOM}entry") if root.tag == f"{ATOM}feed" else None
    if items is None:
        return [], [BadLine(1, "", "不是 RSS 2.0 或者 Atom 文件。")]
    found: list[ImportOpinion] = []
    wrong: list[BadLine] = []
    for number, item in enumerate(items, 1):
        one = _rss(item) if root.tag == "rss" else _atom(item)
        if len(one["place"]) < 2:
            wrong.append(BadLine(number, "link", "没有网址，也没有编号。"))
            continue
        published = moment_of(one["published"]) if one["published"] else None
        if one["published"] and published is None:
            wrong.append(BadLine(number, "pubDate", "发布时间无法识别。"))
        elif published is not None and published > now:
            wrong.append(BadLine(number, "pubDate", "发布时间不能晚于现在。"))
        else:
            summary = plain(one["summary"])[:SUMMARY]
            title = next(text for text in (plain(one["title"]), summary[:60], one["place"]) if len(text) > 1)[:200]
            fields = {
                "source": source, "place": one["place"], "title": title, "summary": summary if len(summary) > 1 else title,
                "detected_at": now, "published_at": published,
            }  # fmt: skip
            _add(found, wrong, number, one["key"], fields)
    return found, wrong


def _rss(item: Element) -> dict[str, str]:
    link, guid = _of(item, "link"), _of(item, "guid")
    return {
        "title": _of(item, "title"), "summary": _of(item, "description"), "published": _of(item, "pubDate"), "place": link or guid,
        "key": guid or link,
    }  # fmt: skip


def _atom(entry: Element) -> dict[str, str]:
    links = [one for one in entry.findall(f"{ATOM}link") if one.get("rel", "alternate") == "alternate"]
    link, id = (links[0].get("href", "").strip() if links else ""), _of(entry, f"{ATOM}id")
    return {
        "title": _of(entry, f"{ATOM}title"), "summary": _of(entry, f"{ATOM}summary") or _of(entry, f"{ATOM}content"),
        "published": _of(entry, f"{ATOM}published") or _of(entry, f"{ATOM}updated"), "place": link or id, "key": id or link,
    }  # fmt: skip


def _of(item: Element, name: str) -> str:
    found = item.find(name)
    return "".join(found.itertext()).strip() if found is not None else ""


def _add(found: list[ImportOpinion], wrong: list[BadLine], line: int, key: str, fields: Mapping[str, Any]) -> None:
    """The command of an item, or what is wrong with it."""
    titles = {name: column for column, name in COLUMNS.items()}
    try:
        found.append(ImportOpinion.model_validate({**fields, "key": key}))
    except ValidationError as error:
        wrong += [BadLine(line, titles.get(one["field"], one["field"]), f"{one['sentence']}。") for one in invalid(error).fields]


def moment_of(text: str) -> datetime | None:
    """A moment as ISO 8601 or as mail writes it; without a zone it is Beijing's."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            made = read(text.strip())
            return (made if made.tzinfo is not None else made.replace(tzinfo=LEGAL_ZONE)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            continue
    return None


class _Plain(HTMLParser):
    """The text of a piece of HTML, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in ("script", "style")))
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def plain(html: str) -> str:
    """Without tags, its spaces drawn together."""
    reader = _Plain()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.parts).split())


def _text(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def shown(wrong: Sequence[BadLine]) -> Iterator[str]:
    """Each bad line as a sentence."""
    for one in wrong:
        yield f"第 {one.line} 行（条）{f'“{one.column}”' if one.column else ''}：{one.told}"


def refusal(wrong: Sequence[BadLine]) -> Problem:
    """Bad lines as a problem."""
    fields = [{"field": f"{one.line}.{one.column}" if one.column else str(one.line), "sentence": one.told} for one in wrong[:50]]
    return Invalid("bad-lines", f"{len(wrong)} 处不对，没有保存任何内容。请更正后重新导入。", fields=fields)
