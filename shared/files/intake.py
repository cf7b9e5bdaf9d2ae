"""An upload as it comes in: a form of a few fields and one file, read as it streams, never as a whole and never to a disk in the clear.

The fields stand before the file, so that who sends it is known, and may, before its first byte is kept.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from shared.files.giving import safe_name
from shared.kernel.errors import Invalid, TooLarge

FIELD_BYTES = 4096
FIELDS = 12
AROUND_BYTES = 65_536
"""What a form may carry around its file."""


class Sink(Protocol):
    """Where the file goes."""

    async def write(self, piece: bytes) -> None:
        """More of it."""
        ...


Begin = Callable[[dict[str, str], str], Awaitable[Sink]]
"""Called with the fields and the file's name when its first byte is near: says where it goes, or raises why it may not."""


class Upload:
    """Reads one form. `limit`: bytes of the file."""

    def __init__(self, request: Request, *, limit: int, begin: Begin) -> None:
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind != b"multipart/form-data" or not 1 <= len(options.get(b"boundary", b"")) <= 200:
            raise Invalid("not-a-form", "请用表单（multipart/form-data）上传：先写各字段，最后是一份文件。")
        self.request = request
        self.limit = limit
        self.begin = begin
        self.fields: dict[str, str] = {}
        self.size = 0
        self._sink: Sink | None = None
        self._heard: list[tuple[str, bytes]] = []
        self._headers: dict[bytes, bytes] = {}
        self._header = self._content = b""
        self._name = ""
        self._ended = False
        self._value: bytearray | None = None
        self._parser = MultipartParser(options[b"boundary"], self._callbacks())

    async def receive(self) -> None:
        """Reads it to its end; raises `Invalid` or `TooLarge`, or whatever `begin` and the sink raise."""
        async for piece in self.request.stream():
            try:
                self._parser.write(piece)
            except MultipartParseError:
                raise damaged() from None
            await self._work()
        if not self._ended:
            # A form that breaks off would pass for a shorter file.
            raise damaged()
        if self._sink is None or self.size == 0:
            raise Invalid("file-missing", "请选择一份文件（不能是空文件）。", fields=[{"field": "file", "sentence": "请选择文件"}])

    def _callbacks(self) -> Any:
        def heard(what: str) -> Callable[[bytes, int, int], None]:
            return lambda data, start, end: self._heard.append((what, bytes(data[start:end])))

        def told(what: str) -> Callable[[], None]:
            return lambda: self._heard.append((what, b""))

        return {
            "on_part_begin": told("part"),
            "on_part_data": heard("data"),
            "on_part_end": told("end"),
            "on_header_begin": told("header"),
            "on_header_field": heard("field"),
            "on_header_value": heard("value"),
            "on_headers_finished": told("headers"),
            "on_end": told("over"),
        }

    async def _work(self) -> None:
        heard, self._heard = self._heard, []
        for what, piece in heard:
            if what == "part":
                self._headers = {}
            elif what == "header":
                self._header = self._content = b""
            elif what == "field":
                self._header += piece
            elif what == "value":
                self._content += piece
                self._headers[self._header.lower()] = self._content
            elif what == "headers":
                await self._begin_part()
            elif what == "over":
                self._ended = True
            elif what == "data":
                await self._take(piece)
            elif what == "end" and self._value is not None:
                self.fields[self._name] = self._value.decode("utf-8", "replace")
                self._value = None

    async def _begin_part(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if self._sink is not None:
            raise Invalid("file-last", "表单中的文件应在各字段之后，且只能有一份。")
        if b"filename" in options:
            self._value = None
            name = options[b"filename"].decode("utf-8", "replace")
            self._sink = await self.begin(self.fields, safe_name(name)) if name else None
            return
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if len(self.fields) >= FIELDS or len(self._name) > 40:
            raise damaged()
        self._value = bytearray()

    async def _take(self, piece: bytes) -> None:
        if self._value is not None:
            self._value += piece
            if len(self._value) > FIELD_BYTES:
                raise damaged()
        elif self._sink is not None:
            self.size += len(piece)
            if self.size > self.limit:
                raise TooLarge("file-too-large", f"每份文件不能超过 {self.limit // 1_048_576} MB，请压缩或者拆分后再上传。")
            await self._sink.write(piece)


def damaged() -> Invalid:
    """It is no form that a browser or a program of good faith sends."""
    return Invalid("bad-form", "上传的表单不完整或者无法识别，没有保存；请重新选择文件后再提交。")
