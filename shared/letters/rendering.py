"""Letters as PDF, and templates tried before they are used."""

import asyncio
import json
import os
import sys
from datetime import date
from hashlib import sha256

import msgspec

from shared.kernel.errors import Invalid, Problem, Unavailable
from shared.letters.content import LetterContent
from shared.letters.fonts import missing_characters, named
from shared.letters.template import Template
from shared.letters.typesetting import BAD_TEMPLATE

SECONDS = 20.0
_NOWHERE = "http://127.0.0.1:9"  # a template may name a package of the network; no letter fetches anything
_SAMPLE = LetterContent(
    agency="某某市示例局",
    title="政府信息公开告知书",
    number="示例依申请〔2025〕1号",
    addressee="张三",
    paragraphs=("本机关于2025年1月2日收到您的申请。", "特此告知。"),
    dated=date(2025, 1, 3),
    enclosures=("示例附件",),
    contact="010-00000000",
)


class RenderedLetter(msgspec.Struct, frozen=True):
    """A letter as it will be given out: its bytes (PDF/A-2b), and what to record of it."""

    pdf: bytes
    template_version: str

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        return sha256(self.pdf).hexdigest()


async def render(content: LetterContent, template: Template, *, seconds: float = SECONDS) -> RenderedLetter:
    """The letter in the template's layout; the same content and template give the same bytes.

    Raises Invalid `letter-characters` where the font lacks a character (it is named; the letter is not made), Invalid
    `letter-template` where the template is wrong or takes longer than `seconds`, Unavailable where the child process fails.
    """
    if missing := missing_characters(content.text()):
        raise Invalid(
            "letter-characters",
            f"字库中没有以下字符，文书无法正确显示：{'、'.join(named(character) for character in missing)}。",
            remedy="请核对这些字符；确为姓名用字的，请与当事人确认可用的写法后再制发。",
        )
    return RenderedLetter(await typeset(content.as_data(), template, seconds=seconds), template.version)


async def typeset(data: dict[str, object], template: Template, *, seconds: float = SECONDS) -> bytes:
    """The PDF of this data in the template's layout, set in a child process; `dated` is [year, month, day]. Raises as `render` does."""
    job = json.dumps({"source": template.source, "data": data}).encode()
    environment = {**os.environ, "HTTP_PROXY": _NOWHERE, "HTTPS_PROXY": _NOWHERE, "ALL_PROXY": _NOWHERE, "NO_PROXY": ""}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "shared.letters.typesetting",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        written, _ = await asyncio.wait_for(child.communicate(job), seconds)
    except TimeoutError:
        raise _bad_template(f"排版超过 {seconds:g} 秒未完成") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode == BAD_TEMPLATE:
        raise _bad_template(written.decode())
    if child.returncode != 0:
        raise Unavailable("letter-typesetting", "文书排版暂时无法完成，没有制发任何文书；请稍后重试。")
    return written


async def check_template(template: Template, *, seconds: float = SECONDS) -> None:
    """Tries a template on a sample before an agency may use it. Raises Invalid `letter-template` with what is wrong."""
    await render(_SAMPLE, template, seconds=seconds)


def _bad_template(reason: str) -> Problem:
    return Invalid("letter-template", f"文书模板有误：{reason}。", remedy="请更正模板后再试；在此之前继续使用原来的模板。")
