"""What a file hides is found before it is given out, told without telling it, and gone from a cleaned copy."""

import io

import openpyxl
import pikepdf
import pytest

from shared.files import documents, images, pdf, spreadsheets
from shared.files.finding import Finding, Report
from shared.files.report import report
from shared.files.spreadsheets import Uncalculated
from tests.unit.files import samples
from tests.unit.files.samples import BLACK_BOX, SECRET


def codes(found: list[Finding] | tuple[Finding, ...]) -> dict[str, int]:
    """How many of each, but for what is told alone."""
    counted: dict[str, int] = {}
    for one in Report("", tuple(found)).blocks:
        counted[one.code] = counted.get(one.code, 0) + one.count
    return counted


def test_a_plain_pdf_hides_nothing() -> None:
    assert codes(pdf.findings(samples.pdf())) == {}


@pytest.mark.parametrize(
    "after",
    [
        BLACK_BOX,
        "1 1 1 rg 68 594 260 22 re f",
        "q 260 0 0 22 68 594 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x00 EI Q",
    ],
    ids=["black box", "white box", "image"],
)
def test_text_under_a_box_is_found_and_a_cleaned_copy_has_none(after: str) -> None:
    content = samples.pdf(after=after, pages=2)
    covered = len(SECRET.replace(" ", ""))
    assert codes(pdf.findings(content)) == {"covered-text": covered}
    assert [one.where for one in pdf.findings(content) if one.code == "covered-text"] == ["第 1 页"]
    cleaned = pdf.cleaned(content)
    assert codes(pdf.findings(cleaned)) == {}
    pages = pdf.text(cleaned)
    assert (SECRET in pages[0], SECRET in pages[1]) == (False, True)
    with pikepdf.open(io.BytesIO(pdf.cleaned(samples.pdf(after=after)))) as document:
        drawn = [one.read_bytes() for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Filter") != "/DCTDecode"]
    assert drawn
    assert all(SECRET.encode() not in one for one in drawn)


def test_text_that_is_white_invisible_or_off_the_page_is_found() -> None:
    for drawn in ("1 1 1 rg BT /F1 14 Tf 72 500 Td (hidden) Tj ET", "BT 3 Tr /F1 14 Tf 72 500 Td (hidden) Tj ET", "BT /F1 14 Tf 700 500 Td (hidden) Tj ET"):  # fmt: skip
        assert codes(pdf.findings(samples.pdf(after=drawn))) == {"covered-text": 6}, drawn


def test_a_coloured_ground_behind_the_text_hides_nothing() -> None:
    text = "0.2 0.2 0.6 rg 60 590 300 30 re f 1 1 1 rg BT /F1 14 Tf 72 600 Td (White on blue I l - 1.) Tj ET"
    assert codes(pdf.findings(samples.pdf(content=text))) == {}


def test_what_else_a_pdf_carries_is_found_and_gone_from_a_cleaned_copy() -> None:
    with pikepdf.open(io.BytesIO(samples.pdf(Author="李四", Producer="WPS"))) as document:
        document.attachments["底稿.txt"] = pikepdf.AttachedFileSpec(document, SECRET.encode(), filename="a.txt")
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], Contents=SECRET)
        document.pages[0].Annots = document.make_indirect(pikepdf.Array([document.make_indirect(note)]))
        layer = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="底图"))
        document.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))
        content = samples.saved(document)
    later = content + b"\n% changed\nstartxref\n9\n%%EOF\n"
    wanted = {"pdf-attachment": 1, "annotation": 1, "person-in-properties": 1, "hidden-layer": 1}
    assert codes(pdf.findings(content)) == wanted
    assert codes(pdf.findings(later))["earlier-version"] == 1
    assert codes(pdf.findings(pdf.cleaned(content))) == {}


@pytest.mark.parametrize("where", ["open action", "names", "annotation"])
def test_a_pdf_that_runs_something_is_refused(where: str) -> None:
    with pikepdf.open(io.BytesIO(samples.pdf())) as document:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        if where == "open action":
            document.Root.OpenAction = script
        elif where == "names":
            document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", script]))
        else:
            launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
            note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch)
            document.pages[0].Annots = pikepdf.Array([note])
        content = samples.saved(document)
    assert [one.code for one in report(content, "a.pdf", giving=False).refusals] == ["script"]


def test_an_encrypted_or_broken_pdf_is_refused() -> None:
    with pikepdf.open(io.BytesIO(samples.pdf())) as document:
        made = io.BytesIO()
        document.save(made, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert [one.code for one in report(made.getvalue(), "a.pdf", giving=False).refusals] == ["encrypted"]
    assert [one.code for one in report(b"%PDF-1.7 nothing", "a.pdf", giving=False).refusals] == ["unreadable"]


def test_what_a_workbook_hides_is_found_and_gone_from_a_cleaned_copy() -> None:
    content = samples.xlsx(samples.hiding)
    assert codes(spreadsheets.xlsx_findings(content)) == {
        "hidden-sheet": 2, "hidden-row": 1, "hidden-column": 1, "white-text": 2, "hidden-name": 1, "comment": 1, "person-in-properties": 1,
    }  # fmt: skip
    assert all(SECRET not in one.sentence for one in spreadsheets.xlsx_findings(content))
    cleaned = spreadsheets.xlsx_cleaned(content)
    found = codes(spreadsheets.xlsx_findings(cleaned))
    assert found == {"white-text": 1}, "white ink is left for a person to judge"
    text = "\n".join(spreadsheets.xlsx_text(cleaned))
    assert "李四" not in text
    assert text.count(SECRET) == 1
    sheet = openpyxl.load_workbook(io.BytesIO(cleaned)).active
    assert sheet is not None
    assert (sheet["A2"].value, sheet["B2"].value, sheet["A3"].value, sheet["D1"].value) == ("办公费", 1200, None, None)
    assert spreadsheets.xlsx_cleaned(content) == cleaned


def test_caches_and_links_of_a_workbook_are_found() -> None:
    cache = samples.with_part(samples.xlsx(), "xl/pivotCache/pivotCacheDefinition1.xml", b'<a><s v="secret"/></a>')
    link = samples.with_part(samples.xlsx(), "xl/externalLinks/externalLink1.xml", b"<a><v>secret</v></a>")
    assert codes(spreadsheets.xlsx_findings(cache))["pivot-cache"] == 1
    assert codes(spreadsheets.xlsx_findings(link))["external-link"] == 1
    for content in (cache, link):
        assert "secret" in "\n".join(spreadsheets.xlsx_text(content))
        assert "secret" not in "\n".join(spreadsheets.xlsx_text(spreadsheets.xlsx_cleaned(content)))


def test_a_formula_without_its_result_is_not_lost_in_silence() -> None:
    def formula(book: openpyxl.Workbook) -> None:
        sheet = book.active
        assert sheet is not None
        sheet["C1"] = "=B2*2"

    with pytest.raises(Uncalculated):
        spreadsheets.xlsx_cleaned(samples.xlsx(formula))


def test_what_a_document_hides_is_found_and_gone_from_a_cleaned_copy() -> None:
    content = samples.docx_file(samples.redlined)
    assert codes(documents.docx_findings(content)) == {
        "tracked-change": 2, "hidden-text": 1, "white-text": 1, "comment": 1, "person-in-properties": 1,
    }  # fmt: skip
    cleaned = documents.docx_cleaned(content)
    assert codes(documents.docx_findings(cleaned)) == {}
    text = "\n".join(documents.docx_text(cleaned))
    assert SECRET not in text
    assert "公开的文字新增的文字" in text
    assert SECRET in "\n".join(documents.docx_text(content))
    assert report(cleaned, "a.docx", giving=True).refusals == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_a_camera_adds_is_found_and_gone_from_a_cleaned_copy(kind: str) -> None:
    assert codes(images.findings(samples.photo(kind))) == {}
    content = samples.photo(kind, place=True)
    assert codes(images.findings(content)) == {"photo-metadata": 1}
    assert codes(images.findings(images.cleaned(content))) == {}
    assert [one.code for one in images.findings(content[:60])] == ["unreadable"]


def test_cells_that_look_like_formulas_are_told() -> None:
    content = "姓名,数\n=cmd|' /C calc'!A0,-12.5\n＋1,@x\n".encode()
    assert [(one.code, one.count) for one in spreadsheets.csv_findings(content)] == [("formula-text", 3)]


def test_a_format_that_can_not_be_looked_into_is_for_a_person() -> None:
    assert codes(report(samples.archive({"OFD.xml": b"<ofd/>"}), "a.ofd", giving=True).findings) == {"unchecked-format": 1}
