"""Giving a file out: exactly the bytes that were reviewed, or nothing; and in a way that no browser runs or guesses anything.

A file of up to 8 MiB is read and proved whole before the first byte leaves. A larger one is proved as it streams, its last piece held back until
the hash of all is right: a mismatch breaks the connection, and a complete wrong file never leaves.
"""

import hashlib
import re
import unicodedata
from collections.abc import AsyncIterator
from urllib.parse import quote

import structlog

from shared.kernel.errors import Problem

log = structlog.get_logger("gongkai.files")

WHOLE_BYTES = 8_388_608
"""Up to this size a file is proved before its first byte leaves."""


class Changed(Exception):
    """The bytes are not those that were reviewed; raised in the middle of an answer, it breaks the connection."""


class Mismatch(Problem):
    """The same, told while nothing has left yet."""

    status = 500
    title = "文件与审查时不一致"

    def __init__(self) -> None:
        super().__init__("file-altered", "文件存储中的内容与审查时的散列不一致，已停止提供，请立即报告运维人员和保密工作人员。")


async def proved(stored: AsyncIterator[bytes], sha256: str, size: int) -> AsyncIterator[bytes]:
    """The pieces of a stored file, proved against its hash; raises `Mismatch` before the first, or `Changed` before the last."""
    digest = hashlib.sha256()
    held = b""
    pieces: list[bytes] = []
    taken = 0
    async for piece in stored:
        digest.update(piece)
        taken += len(piece)
        if taken > size:
            break
        if size <= WHOLE_BYTES:
            pieces.append(piece)
            continue
        if held:
            yield held
        held = piece
    if digest.hexdigest() != sha256 or taken != size:
        log.error("a stored file is not what was reviewed", sha256=sha256, size=size, taken=taken)
        if size <= WHOLE_BYTES:
            raise Mismatch
        raise Changed
    for piece in pieces:
        yield piece
    if held:
        yield held


async def begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same pieces, the first of them already read: what is wrong with it is raised while an error can still be told."""
    first = await anext(pieces, b"")

    async def going_on() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return going_on()


def download_headers(name: str, size: int | None = None) -> dict[str, str]:
    """The headers of a download: saved under its name (RFC 6266), never shown, run, guessed, framed or kept by anybody between."""
    safe = safe_name(name)
    suffix = re.fullmatch(r".*(\.[A-Za-z0-9]{1,8})", safe)
    plain = f"file{suffix[1] if suffix else ''}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return headers if size is None else {**headers, "Content-Length": str(size)}


def safe_name(name: str) -> str:
    """A file name as it may be kept and shown: no path, nothing invisible, at most 150 characters, its ending kept; '附件' where nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" and letter not in '<>:"|?*')
    shown = shown.strip(" .")
    if len(shown) > 150:
        stem, dot, end = shown.rpartition(".")
        shown = f"{stem[: 149 - len(end)]}.{end}" if dot and len(end) <= 8 else shown[:150]
    return shown or "附件"
