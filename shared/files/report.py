"""Looking into a file: what it is, what it hides, what it says, and a copy that hides nothing. Loaded by the child that does it: the parsers are large."""

import io
from collections.abc import Callable
from zipfile import ZipFile

from shared.files import documents, images, pdf, spreadsheets
from shared.files.archives import judge_contents
from shared.files.finding import CLEANABLE, Finding, Report
from shared.files.kinds import decoded, recognise
from shared.files.ooxml import Broken

FINDINGS: dict[str, Callable[[bytes], list[Finding]]] = {
    "pdf": pdf.findings,
    "docx": documents.docx_findings,
    "xlsx": spreadsheets.xlsx_findings,
    "pptx": documents.pptx_findings,
    "csv": spreadsheets.csv_findings,
    "jpg": images.findings,
    "png": images.findings,
    "txt": lambda _content: [],
    "ofd": lambda _content: [Finding("unchecked-format")],
    "zip": lambda content: judge_contents(_names(content)),
}
"""What each kind may hide."""

TEXTS: dict[str, Callable[[bytes], list[str]]] = {
    "pdf": pdf.text,
    "docx": documents.docx_text,
    "xlsx": spreadsheets.xlsx_text,
    "pptx": documents.pptx_text,
    "csv": lambda content: [decoded(content) or ""],
    "txt": lambda content: [decoded(content) or ""],
}
"""The text of a kind, in pages or parts; a kind that is not named has none that can be read."""

CLEANED: dict[str, Callable[[bytes], bytes]] = {
    "pdf": pdf.cleaned,
    "docx": documents.docx_cleaned,
    "xlsx": spreadsheets.xlsx_cleaned,
    "jpg": images.cleaned,
    "png": images.cleaned,
}
"""How a copy is made that hides nothing."""

assert CLEANED.keys() == CLEANABLE


def report(content: bytes, name: str, *, giving: bool) -> Report:
    """What these bytes are and hide. `giving`: they are to be given out, not received."""
    known = recognise(content, name)
    if known.kind is None or known.refusals:
        return Report(known.kind.ending if known.kind else "", known.refusals)
    kind = known.kind.ending
    if giving and not known.kind.given_out:
        return Report(kind, (Finding("zip-given-out"),))
    try:
        return Report(kind, tuple(FINDINGS[kind](content)))
    except Broken:
        return Report(kind, (Finding("unreadable"),))


def _names(content: bytes) -> list[str]:
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()
