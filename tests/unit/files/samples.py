"""Files as people make them, made by the libraries that write such files."""

import io
import zipfile
from typing import Any

import docx
import openpyxl
import pikepdf
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.workbook.defined_name import DefinedName
from PIL import Image

SECRET = "Zhang San 640402199001011234"


def pdf(*, content: str = "", after: str = "", pages: int = 1, **changes: Any) -> bytes:
    """A PDF of A4 pages with a line of text each, and further drawing on the first."""
    document = pikepdf.new()
    font = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica))
    for number in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        text = content or f"BT /F1 14 Tf 72 700 Td (Budget of 2024 page {number + 1}) Tj ET BT /F1 14 Tf 72 600 Td ({SECRET}) Tj ET"
        page.Contents = document.make_stream((text + (f"\n{after}" if number == 0 else "")).encode())
    for key, value in changes.items():
        document.docinfo[f"/{key}"] = value
    return saved(document)


def saved(document: pikepdf.Pdf) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


BLACK_BOX = "0 0 0 rg 68 594 260 22 re f"
"""A black rectangle over the second line."""


def xlsx(change: Any = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"], sheet["A2"], sheet["B2"] = "科目", "金额", "办公费", 1200
    if change is not None:
        change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def hiding(book: openpyxl.Workbook) -> None:
    """Everything that a workbook can hide with openpyxl's help."""
    sheet: Any = book.active
    for number, state in enumerate(("hidden", "veryHidden"), start=2):
        other = book.create_sheet(f"底稿{number}")
        other["A1"] = SECRET
        other.sheet_state = state
    sheet["A3"], sheet["D1"], sheet["A4"], sheet["A5"] = SECRET, SECRET, SECRET, SECRET
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet["A4"].number_format = ";;;"
    sheet["A5"].font = Font(color="FFFFFFFF")
    sheet["B2"].comment = Comment(SECRET, "李四")
    book.defined_names["底数"] = DefinedName("底数", attr_text="Sheet!$A$1", hidden=True)
    book.properties.creator = "李四"


def docx_file(change: Any = None) -> bytes:
    document = docx.Document()
    document.add_paragraph("关于2024年预算的说明")
    if change is not None:
        change(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def redlined(document: Any) -> None:
    """Deleted and inserted text, a hidden run, white ink, a comment, and an author."""
    paragraph = document.add_paragraph("公开的文字")
    for name, tag in (("del", "delText"), ("ins", "t")):
        change = parse_xml(
            f'<w:{name} {nsdecls("w")} w:id="1" w:author="李四"><w:r><w:{tag}>{SECRET if name == "del" else "新增的文字"}</w:{tag}></w:r></w:{name}>'
        )
        paragraph._p.append(change)
    hidden = paragraph.add_run(SECRET)
    hidden.font.hidden = True
    white = paragraph.add_run(SECRET)
    colour = OxmlElement("w:color")
    colour.set(qn("w:val"), "FFFFFF")
    white._r.get_or_add_rPr().append(colour)
    document.add_comment(paragraph.runs, text=SECRET, author="李四", initials="李")
    document.core_properties.author = "李四"


def photo(kind: str = "JPEG", *, place: bool = False) -> bytes:
    image = Image.new("RGB", (60, 40), (200, 30, 30))
    exif = Image.Exif()
    if place:
        exif[0x010F] = "相机"
        exif.get_ifd(0x8825)[1] = "N"
    made = io.BytesIO()
    image.save(made, kind, **({"exif": exif} if place else {}))
    return made.getvalue()


def archive(entries: dict[str, bytes], *, deflate: bool = True) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED) as out:
        for name, content in entries.items():
            out.writestr(name, content)
    return made.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """An archive with one more part, or with another content of one."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        entries = {entry.filename: old.read(entry) for entry in old.infolist()}
    return archive({**entries, name: part})
