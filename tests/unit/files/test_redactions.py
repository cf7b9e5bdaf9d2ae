"""What had to go is gone from the result, proved by its text, or it is told."""

import io

import pikepdf
import pytest

from shared.files import pdf
from shared.files.directions import Direction, Proof
from shared.files.redactions import proof
from tests.unit.files import samples
from tests.unit.files.samples import BLACK_BOX, SECRET


def proved(content: bytes, *parts: str, kind: str = "pdf", original: bytes = b"") -> Proof:
    return proof(content, kind, original, kind if original else "", tuple(Direction(part) for part in parts))


@pytest.mark.rule("BM-14", "YS-07.5")
def test_a_box_over_the_text_is_no_redaction() -> None:
    boxed = samples.pdf(after=BLACK_BOX)
    assert proved(boxed, SECRET, "Zhang\n San", original=samples.pdf()).remains == (1, 2)
    cleaned = proved(pdf.cleaned(boxed), SECRET, original=samples.pdf())
    assert (cleaned.remains, cleaned.unproved, cleaned.images) == ((), (), 1)


def test_a_text_that_the_original_does_not_show_is_for_a_person_to_see() -> None:
    assert proved(pdf.cleaned(samples.pdf(after=BLACK_BOX)), SECRET).unproved == (1,)
    assert proved(samples.pdf(), "第三页的签名", original=samples.pdf()).unproved == (1,)
    assert proved(samples.photo(), SECRET, kind="jpg").unproved == (1,)


def test_numbers_that_a_description_means_are_looked_for_by_their_form() -> None:
    content = "联系电话 139 1234 5678，身份证号 640402199001011234".encode()
    assert proved(content, "附件中的身份证号码", "联系电话", "银行账号", kind="txt").remains == (1, 2)
    assert proved("联系电话 ***".encode(), "联系电话号码", kind="txt").unproved == (1,)


def test_a_region_holds_no_text_any_more() -> None:
    second = "区域：第1页 60,590,400,620"
    assert proved(samples.pdf(), second).remains == (1,)
    assert proved(pdf.cleaned(samples.pdf(after=BLACK_BOX)), second).remains == ()
    assert proved(samples.docx_file(), second, kind="docx").unproved == (1,)


@pytest.mark.parametrize("place", ["deleted", "comment", "properties", "earlier version", "annotation", "hidden sheet"])
def test_what_remains_out_of_sight_is_found(place: str) -> None:
    if place in ("deleted", "comment"):
        content, kind = samples.docx_file(samples.redlined), "docx"
    elif place == "hidden sheet":
        content, kind = samples.xlsx(samples.hiding), "xlsx"
    elif place == "properties":
        content, kind = samples.pdf(content="BT /F1 14 Tf 72 700 Td (x) Tj ET", Subject=SECRET), "pdf"
    elif place == "annotation":
        with pikepdf.open(io.BytesIO(samples.pdf(content="BT /F1 14 Tf 72 700 Td (x) Tj ET"))) as document:
            note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[1, 1, 9, 9], Contents=SECRET)
            document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])
            content, kind = samples.saved(document), "pdf"
    else:
        content, kind = later_version(samples.pdf()), "pdf"
        assert SECRET not in "".join(pdf.text(content))
    assert proved(content, SECRET, kind=kind).remains == (1,)


def later_version(content: bytes) -> bytes:
    """The same file saved on top: its page is drawn anew without the secret, and the old page still stands in front."""
    with pikepdf.open(io.BytesIO(content)) as document:
        number, _ = document.pages[0].Contents.objgen
        size = document.trailer.Size
        root, _ = document.Root.objgen
    drawn = b"BT /F1 14 Tf 72 700 Td (Budget) Tj ET"
    start = len(content)
    body = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(drawn), drawn)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, start)
    before = int(content[: content.rindex(b"%%EOF")].split()[-1])
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, before, start + len(body))
    return content + body + table + trailer
