"""An agency's own DOCX layout: filled in, tried before it is used, and harmless however wrong it is."""

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from typer.testing import CliRunner

from services.requests.cli import requests
from shared.kernel.errors import Invalid
from shared.letters.content import LetterContent
from shared.letters.docx_template import check, fill
from shared.letters.editable import sample_template
from tests.services.files.conftest import Case
from tests.services.letters.test_letters import issue

LETTER = LetterContent(
    agency="某局", title="告知书", number="某依申请〔2025〕7号", addressee="<马&䶮>", paragraphs=("一、{{ number }}。", "二。"), dated=date(2025, 9, 22)
)  # fmt: skip


def made(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def lines(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]


GOOD = ("{{ number }} 致 {{ addressee }}", "{%p for line in paragraphs %}", "——{{ line }}", "{%p endfor %}")


async def test_places_are_filled_as_text_and_nothing_in_a_letter_is_a_place() -> None:
    told = lines(await fill(made(*GOOD), LETTER))
    assert told == ["某依申请〔2025〕7号 致 <马&䶮>", "——一、{{ number }}。", "——二。"]
    sample = lines(await fill(sample_template(), LETTER))
    assert "2025年9月22日" in sample
    assert "<马&䶮>：" in sample
    await check(sample_template())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no document", "不是 DOCX"),
        (made("{{ number }}", "{{ addressee }}"), "正文"),
        (made(*GOOD, "{{ nothing.at.all }}"), "写得不对"),
        (made(*GOOD, "{% if %}"), "写得不对"),
        (made(*GOOD, "{{ ''.__class__.__mro__[1].__subclasses__() }}"), "写得不对"),
        (made(*GOOD, "{{ 'x' * (10 ** 12) }}"), "写得不对"),
        (b"PK" + b"0" * 1_100_000, "超过"),
    ],
)
async def test_what_is_wrong_is_refused_with_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        await check(content)
    assert refused.value.code == "letter-docx-template"
    assert why in refused.value.sentence


async def test_one_that_never_ends_is_ended() -> None:
    endless = made(*GOOD, "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}")
    with pytest.raises(Invalid, match="letter-docx-template"):
        await check(endless, seconds=2)


async def test_what_leads_out_of_the_document_is_refused() -> None:
    written = io.BytesIO(made(*GOOD))
    with zipfile.ZipFile(written, "a") as parts:
        parts.writestr(
            "word/_rels/settings.xml.rels", '<Relationships><Relationship TargetMode="External" Target="http://x/y.dotm"/></Relationships>'
        )
    with pytest.raises(Invalid) as refused:
        await check(written.getvalue())
    assert "引用了文件以外的内容" in refused.value.sentence


@pytest.mark.rule("X-06")
async def test_an_agency_uses_its_own_and_goes_back(case: Case) -> None:
    told = await issue(case)
    docx = f"/api/requests/letters/{told['id']}/docx"

    async def adopt(content: bytes, by: str = "head") -> int:
        headers = {"Authorization": f"Bearer {case.tokens[by]}"}
        return (await case.client.post("/api/requests/letter-templates/docx", content=content, headers=headers)).status_code

    assert await adopt(made(*GOOD), by="clerk") == 403
    assert await adopt(b"nothing good") == 422
    assert await adopt(made("本局专用", *GOOD)) == 201
    assert lines((await case.get(docx, "clerk")).content)[0] == "本局专用"
    assert (await case.get("/api/requests/letter-templates", "head")).json()["docx"]
    assert await adopt(b"") == 201
    assert lines((await case.get(docx, "clerk")).content)[0] != "本局专用"


def test_the_command_exports_what_it_accepts(tmp_path: object) -> None:
    run = CliRunner()
    assert run.invoke(requests, ["template", "export", str(tmp_path)]).exit_code == 0
    for name in ("letter.typ", "letter.docx"):
        told = run.invoke(requests, ["template", "check", f"{tmp_path}/{name}"])
        assert (told.exit_code, "试排成功" in told.output) == (0, True), told.output
    assert run.invoke(requests, ["template", "export", str(tmp_path)]).exit_code == 2
