"""What a file is, is told by its content; what is not on the list, or is unsafe to open, is not taken."""

import zipfile

import pytest

from shared.files.finding import Weight
from shared.files.kinds import recognise
from shared.files.report import report
from tests.unit.files import samples


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("预算.pdf", samples.pdf(), "pdf"),
        ("预算.XLSX", samples.xlsx(), "xlsx"),
        ("说明.docx", samples.docx_file(), "docx"),
        ("照片.jpeg", samples.photo(), "jpg"),
        ("照片.png", samples.photo("PNG"), "png"),
        ("说明.txt", "二〇二四年预算".encode("gb18030"), "txt"),
        ("清单.csv", "科目,金额\n办公费,1200\n".encode(), "csv"),
        ("版式.ofd", samples.archive({"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b"<x/>"}), "ofd"),
        ("材料.zip", samples.archive({"a.pdf": b"%PDF-1.4"}), "zip"),
    ],
)
def test_a_file_on_the_list_is_known_by_its_content(name: str, content: bytes, kind: str) -> None:
    found = recognise(content, name)
    assert found.refusals == ()
    assert found.kind is not None
    assert found.kind.ending == kind


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("预算.pdf", b"MZ\x90\x00" + b"\0" * 64, "kind-not-allowed"),
        ("页面.txt", b"<html><script>alert(1)</script></html>", "kind-not-allowed"),
        ("图.csv", b"\n <svg onload=alert(1)>", "kind-not-allowed"),
        ("图.svg", b"<svg/>", "kind-not-allowed"),
        ("说明.txt", samples.pdf(), "name-differs"),
        ("预算.pdf", samples.photo(), "name-differs"),
        ("无后缀", samples.pdf(), "name-differs"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-office"),
        ("密.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted"),
        ("坏.zip", b"PK\x03\x04" + b"x" * 100, "unreadable"),
    ],
)
def test_what_is_not_on_the_list_or_lies_about_itself_is_refused(name: str, content: bytes, code: str) -> None:
    assert [one.code for one in recognise(content, name).refusals] == [code]
    assert [one.code for one in report(content, name, giving=False).refusals] == [code]


def test_an_archive_is_judged_before_it_is_unpacked() -> None:
    bomb = samples.archive({"a.txt": b"\0" * 30_000_000})
    assert len(bomb) < 60_000
    wrong = {
        "bomb": bomb,
        "bad-entry": samples.archive({"../../evil.txt": b"x"}),
        "nested-archive": samples.archive({"b.zip": samples.archive({"c.txt": b"x"})}),
        "program": samples.archive({"开我.exe": b"MZ"}),
    }
    for code, content in wrong.items():
        assert [one.code for one in report(content, "材料.zip", giving=False).refusals] == [code]
    many = samples.archive({f"{number}.txt": b"x" for number in range(2001)}, deflate=False)
    assert [one.code for one in report(many, "材料.zip", giving=False).refusals] == ["bomb"]


def test_a_link_or_an_absolute_path_in_an_archive_is_refused() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    for entry in (link, zipfile.ZipInfo("/etc/passwd"), zipfile.ZipInfo("C:\\x.txt")):
        assert [one.code for one in recognise(samples.archive({entry: b"/etc/passwd"}), "a.zip").refusals] == ["bad-entry"]  # type: ignore[dict-item]


def test_a_bomb_that_calls_itself_a_workbook_is_one_still() -> None:
    bomb = samples.with_part(samples.xlsx(), "xl/media/x.bin", b"\0" * 50_000_000)
    assert [one.code for one in report(bomb, "预算.xlsx", giving=False).refusals] == ["bomb"]


def test_macros_scripts_and_remote_templates_are_refused() -> None:
    rels = b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://evil/x.dotm" TargetMode="External"/></Relationships>'
    field = b'<?xml version="1.0"?><w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:instrText>DDEAUTO c:\\\\cmd</w:instrText></w:r></w:p></w:hdr>'
    cases = [
        ("a.xlsx", samples.with_part(samples.xlsx(), "xl/vbaProject.bin", b"x"), "macro"),
        ("a.docx", samples.with_part(samples.docx_file(), "word/_rels/settings.xml.rels", rels), "remote-template"),
        ("a.docx", samples.with_part(samples.docx_file(), "word/header9.xml", field), "remote-template"),
        ("a.docx", samples.with_part(samples.docx_file(), "word/embeddings/oleObject1.bin", b"x"), "script"),
    ]
    for name, content, code in cases:
        assert code in [one.code for one in report(content, name, giving=False).refusals]


def test_entities_are_never_expanded() -> None:
    laughs = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">]><w>&a;</w>'
    wrong = samples.with_part(samples.docx_file(), "word/document.xml", laughs)
    assert [one.code for one in report(wrong, "a.docx", giving=False).refusals] == ["unreadable"]


def test_an_archive_is_received_and_never_given_out() -> None:
    content = samples.archive({"a.txt": b"x"})
    assert report(content, "a.zip", giving=False).refusals == []
    assert [one.code for one in report(content, "a.zip", giving=True).refusals] == ["zip-given-out"]


def test_every_finding_is_told_in_a_sentence() -> None:
    from shared.files.finding import KINDS, Finding

    for code, (weight, text) in KINDS.items():
        assert Finding(code).weight is Weight(weight)
        assert text in Finding(code, "第 2 页").sentence
