"""Letters as PDF: the same bytes again, rare characters right or told, data never markup, bad templates told and ended."""

import asyncio
from datetime import date

import pypdfium2
import pytest
from msgspec.structs import replace

from shared.kernel.errors import Invalid
from shared.letters.content import LetterContent
from shared.letters.fonts import missing_characters, named
from shared.letters.rendering import RenderedLetter, check_template, render
from shared.letters.template import Template, built_in

LETTER = LetterContent(
    agency="江城市交通运输局",
    title="政府信息公开申请答复书",
    number="江交依申请〔2025〕17号",
    addressee="李䶮𠅤",
    paragraphs=("您于2025年9月22日提出的申请收悉。", "如不服本答复，可以自收到之日起60日内申请行政复议。"),
    dated=date(2025, 10, 24),
    enclosures=("线路审批表",),
    contact="027-12345678",
)


def rendered(letter: LetterContent, template: Template | None = None, seconds: float = 60) -> RenderedLetter:
    """The letter, made now; a busy machine is given time."""
    return asyncio.run(render(letter, template or built_in(), seconds=seconds))


def words(letter: RenderedLetter) -> str:
    """What a reader can copy out of all pages, without white space."""
    document = pypdfium2.PdfDocument(letter.pdf)
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)


def test_the_same_letter_and_template_give_the_same_bytes() -> None:
    first, again = rendered(LETTER), rendered(LETTER)
    assert first.pdf == again.pdf
    assert first.sha256 == again.sha256
    assert first.template_version == built_in().version


def test_another_word_gives_another_hash() -> None:
    assert rendered(LETTER).sha256 != rendered(replace(LETTER, addressee="李四")).sha256


def test_a_letter_says_everything_that_it_was_given_on_a4_as_an_archive_file() -> None:
    letter = rendered(LETTER)
    text = words(letter)
    for part in (
        LETTER.agency,
        LETTER.title,
        LETTER.number,
        "李䶮𠅤：",
        *LETTER.paragraphs,
        "附件：1.线路审批表",
        "2025年10月24日",
        LETTER.contact,
    ):
        assert part in text
    width, height = pypdfium2.PdfDocument(letter.pdf)[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    assert b"pdfaid" in letter.pdf


def test_data_is_never_read_as_markup() -> None:
    assert "#panic(1)*粗*$x$" in words(rendered(replace(LETTER, paragraphs=("#panic(1)*粗*$x$",))))


def test_characters_that_the_font_has_are_not_told() -> None:
    assert missing_characters("䶮㙍𠅤𬤝〔2025〕ABC é") == ()


def test_a_name_that_cannot_be_shown_is_told_before_the_letter_is_made() -> None:
    lost = "\U00030edf"
    with pytest.raises(Invalid) as told:
        rendered(replace(LETTER, addressee=f"王{lost}{lost}"))
    assert told.value.code == "letter-characters"
    assert told.value.sentence.count("U+30EDF") == 1
    assert "U+738B" not in told.value.sentence


def test_a_character_that_cannot_be_seen_is_told_by_its_code() -> None:
    assert named("\ue000") == "U+E000"


@pytest.mark.parametrize(
    "source", ["#let x = ", '#read("/etc/hostname")', "#json(bytes(sys.inputs.data)).nothing", '#import "@preview/cetz:0.3.4"']
)
def test_a_bad_template_is_told_before_it_is_used(source: str) -> None:
    with pytest.raises(Invalid) as told:
        asyncio.run(check_template(Template(source), seconds=60))
    assert told.value.code == "letter-template"
    assert "秒未完成" not in told.value.sentence


def test_a_template_that_never_ends_is_ended() -> None:
    with pytest.raises(Invalid, match="letter-template") as told:
        rendered(
            LETTER,
            Template("#for a in range(9000) { for b in range(9000) { for c in range(9000) { let d = calc.pow(a, 2) } } }"),
            seconds=1,
        )
    assert "秒未完成" in told.value.sentence


def test_the_built_in_template_passes_its_own_check() -> None:
    asyncio.run(check_template(built_in(), seconds=60))
