"""An agency's own DOCX layout: a document made in an office program, with places that are filled from the letter.

    content = await fill(template, letter)     # another DOCX
    await check(template)                      # before an agency may use it

The places are `{{ agency }}`, `{{ title }}`, `{{ number }}`, `{{ addressee }}`, `{{ dated }}`, `{{ contact }}`, and `{%p for line in paragraphs %}{{ line }}
{%p endfor %}` (`enclosures` alike). A template may be wrong in any way, so it is filled by a child process that can be ended: sandboxed, with bounds
of time and memory.
"""

import asyncio
import base64
import io
import json
import resource
import sys
import zipfile
from datetime import date

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shared.kernel.errors import Invalid, Problem, Unavailable
from shared.letters.content import LetterContent

SECONDS = 20.0
MEMORY_BYTES = 1 << 30
BAD_TEMPLATE = 3

TEMPLATE_BYTES = 1_000_000
"""The largest template."""

UNPACKED_BYTES = 50_000_000
"""The largest that its parts may be together."""

MUST_SHOW = {"number": "文号 {{ number }}", "addressee": "收件人 {{ addressee }}", "paragraphs": "正文 {%p for line in paragraphs %}"}
"""Without these it is no letter."""

_SAMPLE = LetterContent(
    agency="某某市示例局", title="政府信息公开告知书", number="示例依申请〔2025〕1号", addressee="张三样本",
    paragraphs=("本机关于2025年1月2日收到您的申请。", "样本正文到此为止。"), dated=date(2025, 1, 3), enclosures=("示例附件",), contact="010-00000000",
)  # fmt: skip


async def fill(template: bytes, letter: LetterContent, *, seconds: float = SECONDS) -> bytes:
    """The letter in this layout. Raises Invalid `letter-docx-template` where the template is wrong or takes too long, Unavailable where the child fails."""
    said = letter.as_data() | {"dated": f"{letter.dated.year}年{letter.dated.month}月{letter.dated.day}日"}
    job = json.dumps({"template": base64.b64encode(template).decode(), "said": said}).encode()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "shared.letters.docx_template",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        written, _ = await asyncio.wait_for(child.communicate(job), seconds)
    except TimeoutError:
        raise _bad(f"填写超过 {seconds:g} 秒未完成") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode == BAD_TEMPLATE:
        raise _bad(written.decode())
    if child.returncode != 0:
        raise Unavailable("letter-docx", "文书的可编辑副本暂时无法生成，请稍后重试。")
    return written


async def check(template: bytes, *, seconds: float = SECONDS) -> None:
    """Tries a template on a sample before an agency may use it; what a letter cannot be without must stand in the result."""
    if len(template) > TEMPLATE_BYTES:
        raise _bad(f"超过 {TEMPLATE_BYTES // 1000} KB")
    filled = await fill(template, _SAMPLE, seconds=seconds)
    document = Document(io.BytesIO(filled))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    lines = {"number": _SAMPLE.number, "addressee": _SAMPLE.addressee, "paragraphs": _SAMPLE.paragraphs[-1]}
    missing = [told for name, told in MUST_SHOW.items() if lines[name] not in text]
    if missing:
        raise _bad(f"填写以后缺少：{'、'.join(missing)}")


def _bad(reason: str) -> Problem:
    return Invalid(
        "letter-docx-template",
        f"DOCX 模板有误：{reason}。",
        remedy="请更正模板后再试；在此之前继续使用原来的模板。写法见 docs/letters.md。",
    )


def filled_in(template: bytes, said: dict[str, object]) -> bytes:
    """Fills it in. Raises `ValueError` with what is wrong, in Chinese."""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED_BYTES:
                raise ValueError("解压以后过大")
            names = parts.namelist()
            if any("vbaProject" in name or name.startswith("word/embeddings") for name in names):
                raise ValueError("含有宏或者嵌入的对象，请去掉")
            if any(b'TargetMode="External"' in parts.read(name) for name in names if name.endswith(".rels") and "hyperlink" not in name):
                raise ValueError("引用了文件以外的内容（外部链接的图片、模板），请改为嵌入")
        document = DocxTemplate(io.BytesIO(template))
        document.render(said, jinja_env=ImmutableSandboxedEnvironment(autoescape=True), autoescape=True)
        written = io.BytesIO()
        document.save(written)
    except TemplateError as error:
        raise ValueError(f"填写的位置写得不对（{error.message or type(error).__name__}）") from None
    except (zipfile.BadZipFile, KeyError, OSError):
        raise ValueError("不是 DOCX 文件") from None
    except (MemoryError, OverflowError, TypeError, RecursionError):
        raise ValueError("填写的位置写得不对") from None
    return written.getvalue()


def main() -> int:
    """One letter, from standard input to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    job = json.load(sys.stdin.buffer)
    try:
        written = filled_in(base64.b64decode(job["template"]), job["said"])
    except ValueError as wrong:
        sys.stdout.buffer.write(str(wrong).encode())
        return BAD_TEMPLATE
    sys.stdout.buffer.write(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
