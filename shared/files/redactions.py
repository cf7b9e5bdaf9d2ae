"""Whether what had to go is gone: the text of the result is extracted, and none of what was directed may be found in it.

A direction is a text that has to go (found however it is spaced and written), a region (`区域：第2页 72,600,300,620`, in points from the lower left
corner), or a description (附件中的身份证号码). A text is proved gone where it stood in the original and stands in the result no more. What can't be
proved by machine, a description or a text that the original doesn't show, is left to a person's eyes; but numbers that a description names by kind
are looked for by their form.
"""

import re
import unicodedata
from typing import Literal

from shared.files import pdf
from shared.files.directions import Direction, Outcome, Proof
from shared.files.ooxml import Broken
from shared.files.report import TEXTS

REGION = re.compile(r"区域[:：]\s*第\s*(\d+)\s*页\s*([\d.]+)[,，\s]+([\d.]+)[,，\s]+([\d.]+)[,，\s]+([\d.]+)\s*")

FORMS = {
    ("身份证", "身份证件", "公民身份"): re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?!\d)"),
    ("手机", "电话", "联系方式"): re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),
    ("座机", "电话", "联系方式"): re.compile(r"(?<!\d)0\d{2,3}[-—]\d{7,8}(?!\d)"),
    ("银行卡", "账号", "帐号", "银行账户"): re.compile(r"(?<!\d)(?!\d{6}(?:19|20)\d{9}[\dXx](?!\d))\d{16,19}(?!\d)"),
    ("邮箱", "电子邮件"): re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
}
"""Words of a description, and the form of the numbers that they mean."""


def proof(content: bytes, kind: str, original: bytes, original_kind: str, directions: tuple[Direction, ...]) -> Proof:
    """What became of each direction in the result. A kind whose text can't be read proves nothing."""
    result = _text(content, kind)
    before = squeezed(_text(original, original_kind) or "") if original else ""
    outcomes = tuple(Outcome(number, _outcome(one.part, content, kind, result, before)) for number, one in enumerate(directions, start=1))
    return Proof(outcomes, pdf.pages_with_images(content) if kind == "pdf" else int(kind in ("jpg", "png")))


def _outcome(part: str, content: bytes, kind: str, result: str | None, before: str) -> Literal["gone", "remains", "unproved"]:
    region = REGION.fullmatch(part.strip())
    if region is not None:
        if kind != "pdf":
            return "unproved"
        left, bottom, right, top = (float(value) for value in region.groups()[1:])
        return "remains" if pdf.text_in(content, int(region[1]), (left, bottom, right, top)) else "gone"
    if result is None:
        return "unproved"
    wanted, found = squeezed(part), squeezed(result)
    if wanted in found:
        return "remains"
    forms = [form for words, form in FORMS.items() if any(word in part for word in words)]
    if any(form.search(text) for form in forms for text in (result, found)):
        return "remains"
    return "gone" if wanted in before else "unproved"


def squeezed(text: str) -> str:
    """Text as it is compared: one form of each letter, without spaces and what is not seen."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if unicodedata.category(letter)[0] not in "ZC")


def _text(content: bytes, kind: str) -> str | None:
    """All the text that can be dug out of a file; None where its kind has none that can be read."""
    if kind not in TEXTS:
        return None
    try:
        pages = pdf.everything(content) if kind == "pdf" else TEXTS[kind](content)
    except Broken:
        return None
    return unicodedata.normalize("NFKC", "\n".join(pages))
