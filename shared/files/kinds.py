"""Which files are taken, and what a file is: by its content, to which its name has to agree."""

import io
from dataclasses import dataclass
from zipfile import BadZipFile, ZipFile

import puremagic

from shared.files.archives import judge_directory
from shared.files.finding import Finding


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: its ending, what people call it, its media type, and further endings that name it."""

    ending: str
    title: str
    media_type: str
    aliases: tuple[str, ...] = ()
    given_out: bool = True


OOXML = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.ending: kind
    for kind in (
        Kind("pdf", "PDF 文档", "application/pdf"),
        Kind("ofd", "OFD 版式文档", "application/ofd"),
        Kind("docx", "Word 文档", f"{OOXML}wordprocessingml.document"),
        Kind("xlsx", "Excel 表格", f"{OOXML}spreadsheetml.sheet"),
        Kind("pptx", "PowerPoint 演示文稿", f"{OOXML}presentationml.presentation"),
        Kind("txt", "文本", "text/plain; charset=utf-8"),
        Kind("csv", "逗号分隔的表格", "text/csv; charset=utf-8"),
        Kind("jpg", "JPEG 图像", "image/jpeg", ("jpeg",)),
        Kind("png", "PNG 图像", "image/png"),
        Kind("zip", "压缩包", "application/zip", given_out=False),
    )
}
"""The allow-list, by ending."""

ACCEPT = ",".join(f".{ending}" for kind in KINDS.values() for ending in (kind.ending, *kind.aliases))
"""For the `accept` of an upload field."""

MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<?php", b"#!", b"<head", b"<body", b"<iframe")
OFFICE_MAIN = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
    "OFD.xml": "ofd",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is, or why it is not taken."""

    kind: Kind | None
    refusals: tuple[Finding, ...] = ()


def recognise(content: bytes, name: str) -> Recognised:
    """What these bytes are, whatever they are called; refuses a kind that is not taken, and a name that says something else."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    found = _by_content(content, ending)
    if found.kind is not None and not found.refusals and ending not in (found.kind.ending, *found.kind.aliases):
        return Recognised(found.kind, (Finding("name-differs"),))
    return found


def _by_content(content: bytes, ending: str) -> Recognised:
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(content)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        # An OLE file: an old Office file, or a new one behind a password.
        return Recognised(None, (Finding("encrypted" if ending in ("docx", "xlsx", "pptx") else "old-office"),))
    for start, kind in ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png")):
        if content.startswith(start):
            return Recognised(KINDS[kind])
    if ending in ("txt", "csv") and _is_text(content):
        return Recognised(KINDS[ending])
    return Recognised(None, (Finding("kind-not-allowed"),))


def _archive(content: bytes) -> Recognised:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return Recognised(None, (Finding("unreadable"),))
    wrong = judge_directory(entries)
    if wrong:
        return Recognised(KINDS["zip"], tuple(wrong))
    names = {entry.filename for entry in entries}
    kind = next((kind for part, kind in OFFICE_MAIN.items() if part in names), "zip")
    return Recognised(KINDS[kind])


def _is_text(content: bytes) -> bool:
    """Whether it is text in an encoding of the country, without markup that a browser would run, and not something binary."""
    if b"\0" in content or content.lstrip(b"\xef\xbb\xbf \t\r\n")[:12].lower().startswith(MARKUP):
        return False
    try:
        guessed = puremagic.magic_string(content[:65_536])
    except (puremagic.PureError, ValueError):
        guessed = []
    if any(guess.confidence >= 0.8 and not guess.mime_type.startswith("text/") for guess in guessed):
        return False
    return decoded(content) is not None


def decoded(content: bytes) -> str | None:
    """A text file's text: UTF-8, else GB 18030; None if it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
