"""What a PDF hides, what it says, and a copy of it that hides nothing.

Text under a black box is found as a reader would be deceived: each character that can be copied out of the page is looked for on the page as it is
seen. Where nothing is seen in its place but one colour, it is hidden: by a box, an image, white ink, or because it is drawn invisibly.
"""

import contextlib
import io
import re
from ctypes import byref, c_int
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from shared.files.finding import Finding

SCALE = 2.0
"""Pixels for each point (1/72 inch) of the page, when it is looked at."""

CONTRAST = 24
"""By so much (of 255) must a channel vary within the box of a character that is seen."""

PAGES = 300
"""More pages are not looked at."""

COPY_SCALE = 150 / 72
"""Resolution of a page that is turned into an image, 150 dots an inch."""

SOLID = frozenset("一丨丶lIi1")
"""Letters that fill their own box with ink."""

LINKS = ("/Link", "/Widget", "/Popup")
PERSONAL = ("/Author", "/Subject", "/Keywords", "/Company", "/Manager", "/SourceModified")


def findings(content: bytes) -> list[Finding]:
    """What it hides; one that does not open is refused."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            found = [*_active(document), *_hidden(document), *_remains(content)]
    except pikepdf.PasswordError:
        return [Finding("encrypted")]
    except (pikepdf.PdfError, ValueError, RecursionError):
        return [Finding("unreadable")]
    return found if any(one.code in ("script", "encrypted") for one in found) else [*found, *_unseen(content)]


def text(content: bytes) -> list[str]:
    """The text of each page, as anybody can copy it out, hidden text too."""
    with _reading(content) as document:
        pages = []
        for page in document:
            read = page.get_textpage()
            pages.append(read.get_text_bounded() if read.count_chars() else "")
            read.close()
            page.close()
        return pages


def everything(content: bytes) -> list[str]:
    """All the text that can be dug out: of each page, of annotations and forms, of the properties, and of every earlier version."""
    texts = text(content)
    for end in [found.end() for found in re.finditer(b"%%EOF", content)][:-1]:
        # What stands before the last saving is a PDF of its own, unless it is the first part of one that was made for the web.
        with contextlib.suppress(pypdfium2.PdfiumError):
            texts += text(content[:end])
    with pikepdf.open(io.BytesIO(content)) as document:
        texts += [str(value) for value in document.docinfo.values()]
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary):
                texts += [str(one[key]) for key in ("/Contents", "/V", "/DV", "/Title", "/RC") if isinstance(one.get(key), pikepdf.String)]
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            texts += [str(value) for value in metadata.values()]
    return texts


def text_in(content: bytes, number: int, box: tuple[float, float, float, float]) -> str:
    """The text of page `number` (from 1) within left, bottom, right, top in points from its lower left corner; '' for no such page."""
    with _reading(content) as document:
        if not 1 <= number <= len(document):
            return ""
        left, bottom, right, top = box
        read = document[number - 1].get_textpage()
        return str(read.get_text_bounded(left=left, bottom=bottom, right=right, top=top)).strip()


def pages_with_images(content: bytes) -> int:
    """How many pages carry images, whose text nobody can extract."""
    with _reading(content) as document:
        return sum(any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])) for page in document)


def cleaned(content: bytes) -> bytes:
    """A copy without properties, annotations, attachments, forms, layers and earlier versions; pages with unseen text become images of what is seen."""
    hidden = set(_pages_with_unseen(content))
    with pikepdf.open(io.BytesIO(content)) as document, pikepdf.new() as made:
        for number, page in enumerate(document.pages):
            if number in hidden or _has_layers(document):
                with pikepdf.open(io.BytesIO(_as_image(content, number))) as image:
                    made.pages.append(image.pages[0])
                continue
            made.pages.append(page)
            copy = made.pages[-1]
            for key in ("/Annots", "/AA", "/Metadata", "/PieceInfo", "/LastModified"):
                if key in copy:
                    del copy[key]
        written = io.BytesIO()
        made.save(written, deterministic_id=True, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return written.getvalue()


def _reading(content: bytes) -> Any:
    return pypdfium2.PdfDocument(content)


def _active(document: pikepdf.Pdf) -> list[Finding]:
    """What runs, or starts something, when it is opened."""
    root = document.Root
    names = root.get("/Names", pikepdf.Dictionary())
    form = root.get("/AcroForm", pikepdf.Dictionary())
    scripts = "/JavaScript" in names or "/AA" in root or "/XFA" in form or _acts(root.get("/OpenAction"))
    for page in document.pages:
        scripts = scripts or "/AA" in page or any(_acts(note.get("/A")) or "/AA" in note for note in _annotations(page))
    return [Finding("script")] if scripts else []


def _acts(action: Any) -> bool:
    return isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) not in ("", "/GoTo", "/URI", "/Named")


def _annotations(page: Any) -> list[Any]:
    return [note for note in page.get("/Annots", []) if isinstance(note, pikepdf.Dictionary)]


def _hidden(document: pikepdf.Pdf) -> list[Finding]:
    found = []
    if len(document.attachments):
        found.append(Finding("pdf-attachment", count=len(document.attachments)))
    for number, page in enumerate(document.pages, start=1):
        notes = sum(str(note.get("/Subtype", "")) not in LINKS for note in _annotations(page))
        if notes:
            found.append(Finding("annotation", f"第 {number} 页", notes))
    fields = document.Root.get("/AcroForm", pikepdf.Dictionary()).get("/Fields", pikepdf.Array())
    if len(fields):
        found.append(Finding("form-field", count=len(fields)))
    if _has_layers(document):
        found.append(Finding("hidden-layer"))
    keys = {str(key) for key, value in document.docinfo.items() if str(value).strip()}
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        described = {str(key) for key in metadata}
    personal = keys & set(PERSONAL) or any(word in key for key in described for word in ("creator", "subject", "description", "Keywords"))
    if personal:
        found.append(Finding("person-in-properties"))
    elif keys or described:
        found.append(Finding("properties"))
    return found


def _has_layers(document: pikepdf.Pdf) -> bool:
    layers = document.Root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return False
    setting = layers.get("/D", pikepdf.Dictionary())
    return len(setting.get("/OFF", [])) > 0 or str(setting.get("/BaseState", "/ON")) == "/OFF"


def _remains(content: bytes) -> list[Finding]:
    """Each saving that only adds to the file ends with its own mark; a file made for the web has two from the start."""
    ends = content.count(b"%%EOF")
    linear = b"/Linearized" in content[:1024]
    return [Finding("earlier-version", count=ends - 1)] if ends > (2 if linear else 1) else []


def _unseen(content: bytes) -> list[Finding]:
    try:
        with _reading(content) as document:
            if len(document) > PAGES:
                return [Finding("unchecked-pages")]
        return [Finding("covered-text", f"第 {number + 1} 页", count) for number, count in _pages_with_unseen(content).items()]
    except pypdfium2.PdfiumError:
        return [Finding("unreadable")]


def _pages_with_unseen(content: bytes) -> dict[int, int]:
    """The pages (from 0) with characters that nobody sees, and how many of them."""
    found = {}
    with _reading(content) as document:
        for number, page in enumerate(document):
            count = _unseen_on(page)
            if count:
                found[number] = count
            page.close()
    return found


def _unseen_on(page: Any) -> int:
    read = page.get_textpage()
    total = read.count_chars()
    if not total:
        return 0
    seen: Image.Image = page.render(scale=SCALE, may_draw_forms=True).to_pil().convert("RGB")
    hidden = 0
    for index in range(total):
        letter = chr(pdfium.FPDFText_GetUnicode(read, index))
        if letter.isspace() or not letter.isprintable():
            continue
        left, bottom, right, top = read.get_charbox(index, loose=False)
        if right > left and top > bottom and not _is_seen(letter, seen, _on_image(page, seen, left, bottom, right, top)):
            hidden += 1
    read.close()
    return hidden


def _is_seen(letter: str, seen: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether anything but one colour stands in the place of a character; one off the page is not seen."""
    if letter in SOLID or not letter.isalnum():
        # A stroke or a dot fills its own box: it is seen against what is around it.
        margin = max(2, (box[3] - box[1]) // 3)
        box = box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin
    left, top, right, bottom = max(box[0], 0), max(box[1], 0), min(box[2], seen.width), min(box[3], seen.height)
    return right > left and bottom > top and _varies(seen.crop((left, top, right, bottom)))


def _on_image(page: Any, seen: Image.Image, left: float, bottom: float, right: float, top: float) -> tuple[int, int, int, int]:
    """A box of the page in pixels, as the library places it: the page may not begin at the origin, and may be turned."""
    corners = [_device(page, seen, x, y) for x, y in ((left, bottom), (right, top))]
    (x0, x1), (y0, y1) = (sorted(values) for values in zip(*corners, strict=True))
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def _device(page: Any, seen: Image.Image, x: float, y: float) -> tuple[int, int]:
    across, down = c_int(), c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, seen.width, seen.height, 0, x, y, byref(across), byref(down))
    return across.value, down.value


def _varies(part: Image.Image) -> bool:
    ranges: Any = part.getextrema()
    return any(high - low >= CONTRAST for low, high in ranges)


def _as_image(content: bytes, number: int) -> bytes:
    """One page as a PDF of just what is seen on it."""
    with _reading(content) as document:
        page = document[number]
        width, _ = page.get_size()
        seen = page.render(scale=COPY_SCALE).to_pil().convert("RGB")
        made = io.BytesIO()
        seen.save(made, format="PDF", resolution=72 * seen.width / width)
        return made.getvalue()
