"""A letter as DOCX, for who has to go on working with its words; what holds is the PDF."""

import io
from datetime import UTC, date, datetime

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from shared.letters.content import LetterContent

FONT = "仿宋"
"""What an office has on its machines (GB/T 9704-2012 names FangSong); the PDF carries its own font."""

RED = RGBColor(0xC0, 0x00, 0x00)


def sample_template() -> bytes:
    """The same layout with places to be filled in, for an agency to begin its own from (shared/letters/docx_template.py)."""
    places = LetterContent(
        agency="{{ agency }}", title="{{ title }}", number="{{ number }}", addressee="{{ addressee }}",
        paragraphs=("{%p for line in paragraphs %}", "{{ line }}", "{%p endfor %}"), dated=date(2000, 1, 1), contact="{{ contact }}",
    )  # fmt: skip
    return editable(places, day="{{ dated }}")


def editable(letter: LetterContent, *, day: str = "") -> bytes:
    """The letter in A4 with the margins of GB/T 9704-2012, in the order of the PDF."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(16)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    style.paragraph_format.line_spacing, style.paragraph_format.space_after = Pt(29), Pt(0)
    properties = document.core_properties
    moment = datetime(letter.dated.year, letter.dated.month, letter.dated.day, tzinfo=UTC)
    properties.title, properties.author, properties.created, properties.modified = letter.title, letter.agency, moment, moment
    properties.comments, properties.last_modified_by = "", letter.agency

    def line(text: str, align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY, *, points: int = 16, indent: bool = False) -> Paragraph:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(text)
        run.font.size = Pt(points)
        paragraph.alignment = align
        if points > 16:
            paragraph.paragraph_format.line_spacing = Pt(points * 1.6)
        if indent:
            paragraph.paragraph_format.first_line_indent = Pt(32)
        return paragraph

    line(letter.agency, WD_ALIGN_PARAGRAPH.CENTER, points=26).runs[0].font.color.rgb = RED
    line(letter.number, WD_ALIGN_PARAGRAPH.CENTER)
    line(letter.title, WD_ALIGN_PARAGRAPH.CENTER, points=22)
    line(f"{letter.addressee}：", WD_ALIGN_PARAGRAPH.LEFT)
    for paragraph in letter.paragraphs:
        line(paragraph, indent=True)
    if letter.enclosures:
        line("附件：" + "；".join(f"{number}. {name}" for number, name in enumerate(letter.enclosures, start=1)), indent=True)
    line(letter.agency, WD_ALIGN_PARAGRAPH.RIGHT)
    line(day or f"{letter.dated.year}年{letter.dated.month}月{letter.dated.day}日", WD_ALIGN_PARAGRAPH.RIGHT)
    if letter.contact:
        line(f"（联系方式：{letter.contact}）", points=14)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
