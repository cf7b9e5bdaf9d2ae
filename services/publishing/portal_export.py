"""Everything that is public as open data: JSON and CSV, read page by page and sent as it is read, so that it takes no more memory for a million items."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from services.publishing.feeds import address
from services.publishing.portal import VALIDITIES, index_number
from services.publishing.search import KINDS
from shared.kernel.errors import Overloaded
from shared.kernel.running import Running

BATCH = 200
"""Items read at once."""

AT_ONCE = 3
"""Downloads of everything at a time, in one process."""

SECONDS = 600.0
"""How long one may take, at the pace of who reads it."""

ROWS = """SELECT id, agency, title, kind, subject, issuer, document_number, date_of_issue, published_on, changed_at, version, validity, basis, keywords,
    files, text FROM shown WHERE agency = %s AND NOT gone AND id > %s ORDER BY id LIMIT %s"""

COLUMNS = {
    "index_number": "索引号",
    "title": "标题",
    "kind": "种类",
    "subject": "主题分类",
    "issuer": "发文机关",
    "document_number": "发文字号",
    "date_of_issue": "成文日期",
    "published_on": "发布日期",
    "validity": "有效性",
    "keywords": "主题词",
    "version": "版本",
    "address": "网址",
    "files": "附件",
    "text": "正文",
}
"""The columns of the table, as they are headed."""

_rooms: WeakKeyDictionary[Running, asyncio.Semaphore] = WeakKeyDictionary()


class Download(StreamingResponse):
    """Everything, as it is read: a few at a time, each for a bounded time. One that takes longer is broken off, and so is seen to be incomplete."""

    def __init__(self, running: Running, pieces: AsyncIterator[bytes], name: str, media_type: str) -> None:
        """Raises `Overloaded` where too many read already."""
        self.room = _rooms.setdefault(running, asyncio.Semaphore(AT_ONCE))
        if self.room.locked():
            raise Overloaded("exports-busy", "正在下载全部数据的人较多，请稍后再试。", retry_after=30)
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        super().__init__(pieces, headers=headers, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it."""
        async with self.room, asyncio.timeout(SECONDS):
            await super().__call__(scope, receive, send)


async def batches(running: Running, agency: str) -> AsyncIterator[list[dict[str, Any]]]:
    """All items, as programs read them."""
    last = UUID(int=0)
    while rows := await running.query(ROWS, (agency, last, BATCH)):
        yield [{**row, "index_number": index_number(row), "address": address(running, row["id"])} for row in rows]
        last = rows[-1]["id"]


async def as_json(running: Running, agency: str) -> AsyncIterator[bytes]:
    """One array of all items."""
    separator = b"["
    async for rows in batches(running, agency):
        yield b"".join((separator, b",\n".join(msgspec.json.encode(row) for row in rows)))
        separator = b",\n"
    yield b"]" if separator != b"[" else b"[]"


async def as_csv(running: Running, agency: str) -> AsyncIterator[bytes]:
    """A table of all items, UTF-8 with its mark, so that every spreadsheet reads it."""
    yield ("\ufeff" + line(list(COLUMNS.values()))).encode()
    async for rows in batches(running, agency):
        yield "".join(line([cell(name, row[name]) for name in COLUMNS]) for row in rows).encode()


def cell(name: str, value: Any) -> str:
    """A value as it stands in the table."""
    if name == "kind":
        return KINDS[value]
    if name == "validity":
        return VALIDITIES[value]
    if name == "keywords":
        return "；".join(value)
    if name == "files":
        return "；".join(f"{file['name']} sha256:{file['sha256']}" for file in value)
    return "" if value is None else str(value)


def line(cells: list[str]) -> str:
    """A line of the table. What a spreadsheet would take for a formula is made a text."""
    written = io.StringIO()
    csv.writer(written).writerow([f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text for text in cells])
    return written.getvalue()
