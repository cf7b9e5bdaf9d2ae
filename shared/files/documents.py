"""What a DOCX or PPTX hides, what it says, and a copy of a DOCX that hides nothing."""

import re
from collections.abc import Iterator
from typing import Any

from shared.files.finding import Finding
from shared.files.ooxml import active, embedded, packed, parts_of, properties, read_xml, without, without_properties, written

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
STORIES = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|glossary/document)\.xml")
COMMENTS = re.compile(r"(word/(comments\w*|people)\.xml|ppt/comments/.+|ppt/commentAuthors\.xml|xl/persons/.+|xl/threadedComments/.+)")
CHANGES = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "numberingChange", "cellIns", "cellDel")  # fmt: skip
GONE = ("del", "moveFrom", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "commentRangeStart", "commentRangeEnd", "commentReference", "object")  # fmt: skip
UNWRAPPED = ("ins", "moveTo")
OFF = ("0", "false", "off")


def docx_findings(content: bytes) -> list[Finding]:
    """What a DOCX hides. Raises `Broken`."""
    parts = parts_of(content)
    found = active(parts)
    changes = hidden = white = 0
    for story in _stories(parts):
        tree = read_xml(parts[story])
        changes += sum(1 for _ in tree.iter(*(W + name for name in CHANGES)))
        hidden += sum(bool(_text_of(run)) for run in _vanished(tree))
        white += sum(bool(_text_of(run)) for run in _white(tree))
    comments = sum(1 for name in parts if COMMENTS.fullmatch(name) for _ in read_xml(parts[name]).iter(f"{W}comment"))
    for code, count in (("tracked-change", changes), ("hidden-text", hidden), ("white-text", white), ("comment", comments)):
        if count:
            found.append(Finding(code, count=count))
    if any(name.startswith("word/media/") for name in parts):
        found.append(Finding("images-unread"))
    return [*found, *embedded(parts), *properties(parts)]


def docx_text(content: bytes) -> list[str]:
    """The text of its stories, with what was deleted, commented and hidden: all that a reader could dig out."""
    parts = parts_of(content)
    wanted = [*_stories(parts), *(name for name in parts if COMMENTS.fullmatch(name))]
    return ["\n".join(_text_of(paragraph) for paragraph in read_xml(parts[name]).iter(f"{W}p")) for name in wanted]


def docx_cleaned(content: bytes) -> bytes:
    """A copy with the changes accepted, without comments, hidden text, embedded files and properties."""
    parts = parts_of(content)
    parts = without(parts, {name for name in parts if COMMENTS.fullmatch(name) or "/embeddings/" in name})
    for story in _stories(parts):
        tree = read_xml(parts[story])
        for run in [*_vanished(tree), *_white(tree)]:
            _drop(run)
        for one in list(tree.iter(*(W + name for name in (*GONE, *(name for name in CHANGES if name.endswith("Change")))))):
            _drop(one)
        for one in list(tree.iter(*(W + name for name in UNWRAPPED))):
            _unwrap(one)
        parts[story] = written(tree)
    return packed(without_properties(parts))


def pptx_findings(content: bytes) -> list[Finding]:
    """What a PPTX hides. Raises `Broken`."""
    parts = parts_of(content)
    found = active(parts)
    slides = [name for name in parts if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    hidden = sum(read_xml(parts[name]).get("show") in OFF for name in slides)
    notes = sum(bool("".join(read_xml(part).itertext(f"{A}t")).strip()) for name, part in parts.items() if _is_notes(name))
    comments = sum(name.startswith("ppt/comments/") for name in parts)
    for code, count in (("hidden-slide", hidden), ("speaker-notes", notes), ("comment", comments)):
        if count:
            found.append(Finding(code, count=count))
    # Shapes may lie over one another, or off the slide: that is for a person to see.
    return [*found, Finding("unchecked-format"), *embedded(parts), *properties(parts)]


def pptx_text(content: bytes) -> list[str]:
    """The text of slides, notes and comments."""
    parts = parts_of(content)
    wanted = [name for name in parts if name.startswith(("ppt/slides/slide", "ppt/comments/")) or _is_notes(name)]
    return ["\n".join("".join(paragraph.itertext(f"{A}t")) for paragraph in read_xml(parts[name]).iter(f"{A}p")) for name in wanted]


def _is_notes(name: str) -> bool:
    return re.fullmatch(r"ppt/notesSlides/notesSlide\d+\.xml", name) is not None


def _stories(parts: dict[str, bytes]) -> list[str]:
    return [name for name in parts if STORIES.fullmatch(name)]


def _vanished(tree: Any) -> Iterator[Any]:
    """Runs that are hidden by their own setting."""
    for run in tree.iter(f"{W}r"):
        mark = run.find(f"{W}rPr/{W}vanish")
        if mark is not None and mark.get(f"{W}val") not in OFF:
            yield run


def _white(tree: Any) -> Iterator[Any]:
    """Runs in white that have no shading or highlight of their own behind them."""
    for run in tree.iter(f"{W}r"):
        colour = run.find(f"{W}rPr/{W}color")
        behind = run.find(f"{W}rPr/{W}shd") is not None or run.find(f"{W}rPr/{W}highlight") is not None
        if colour is not None and not behind and str(colour.get(f"{W}val", "")).upper() in ("FFFFFF", "FEFEFE"):
            yield run


def _text_of(one: Any) -> str:
    return "".join(text.text or "" for text in one.iter(f"{W}t", f"{W}delText", f"{W}instrText"))


def _drop(one: Any) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _unwrap(one: Any) -> None:
    parent = one.getparent()
    if parent is None:
        return
    place = parent.index(one)
    for child in list(one):
        parent.insert(place, child)
        place += 1
    parent.remove(one)
