"""What names the content of a publication, what changed between two versions, and the checks that a machine can make of it (WZ-4.1)."""

import difflib
import hashlib
import re
from collections.abc import Callable

import msgspec

from services.publishing.publication.events import Check, File, PublicationDrafted

TEXT = "正文.txt"
"""The name of the text in reviews and coordinations."""

PERSON_CHECKS = {"accurate": "内容准确", "fluent": "语言通顺简洁", "style": "文体格式规范"}
"""What a person answers for."""

OPEN_FORMATS = frozenset({"pdf", "ofd", "docx", "xlsx", "csv", "txt", "html", "xml", "json", "png", "jpg", "jpeg", "zip"})

NUMBER = re.compile(r"^[\u4e00-\u9fff]{1,20}〔(19|20)\d{2}〕\d{1,5}号$")

UNFINISHED = re.compile(r"[×xX]{3,}|（待补充?）|【[^】]*待[^】]*】|\?\?+|？？+")
TWICE = re.compile(r"[，。；：、！]{2,}|的的|了了|是是")
ASCII_MARK = re.compile(r"[\u4e00-\u9fff][,;:?!](?=[\u4e00-\u9fff])")
PERSONAL = re.compile(r"(?<!\d)(\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
MISTAKEN = {
    "既使": "即使",
    "按装": "安装",
    "帐号": "账号",
    "帐户": "账户",
    "布署": "部署",
    "贯彻执行执行": "贯彻执行",
    "份内": "分内",
    "渡假": "度假",
}
"""Words that are often written wrong, and how they are written."""


def text_file(draft: PublicationDrafted) -> File:
    """The text as a file that can be reviewed: its bytes are UTF-8."""
    written = draft.text.encode()
    return File(TEXT, hashlib.sha256(written).hexdigest(), len(written))


def bytes_of(draft: PublicationDrafted) -> tuple[File, ...]:
    """Everything that would leave: the text and the files."""
    return (text_file(draft), *draft.files)


def content_hash(draft: PublicationDrafted) -> str:
    """The SHA-256 of all that a version says, 64 hex digits; neither its number nor the reason of a correction are part of it."""
    plain = msgspec.structs.replace(draft, version=0, hash="", correction="")
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


def differences(before: PublicationDrafted, after: PublicationDrafted) -> list[str]:
    """The lines that differ, as a unified diff without context."""
    return list(
        difflib.unified_diff(
            [before.title, *before.text.splitlines()],
            [after.title, *after.text.splitlines()],
            f"第{before.version}版",
            f"第{after.version}版",
            lineterm="",
            n=0,
        )
    )


def missing_parts(draft: PublicationDrafted, kind: str) -> str:
    """What a complete item of this kind lacks."""
    parts: dict[str, object] = {"主题分类": draft.subject, "发文机关": draft.issuer}
    if kind == "normative":
        parts |= {"发文字号": draft.document_number, "成文日期": draft.date_of_issue}
    return "、".join(name for name, value in parts.items() if not value)


def odd_number(draft: PublicationDrafted, _kind: str) -> str:
    """A document number that is none."""
    return draft.document_number if draft.document_number and not NUMBER.match(draft.document_number) else ""


def unfinished(draft: PublicationDrafted, _kind: str) -> str:
    """Places that were left open."""
    return "、".join(match.group() for match in UNFINISHED.finditer(draft.text))


def ill_punctuated(draft: PublicationDrafted, _kind: str) -> str:
    """Marks that stand twice or are those of another script."""
    return "、".join(match.group() for pattern in (TWICE, ASCII_MARK) for match in pattern.finditer(draft.text))


def mistaken(draft: PublicationDrafted, _kind: str) -> str:
    """Words that are written wrong, and how they are written."""
    return "、".join(f"{wrong}（应为{right}）" for wrong, right in MISTAKEN.items() if wrong in draft.text or wrong in draft.title)


def personal(draft: PublicationDrafted, _kind: str) -> str:
    """How many numbers of identity cards and telephones stand in it; the numbers themselves are not repeated."""
    found = len(PERSONAL.findall(f"{draft.title}\n{draft.text}"))
    return f"{found} 处" if found else ""


def closed_formats(draft: PublicationDrafted, _kind: str) -> str:
    """Files in formats that not everybody can read."""
    return "、".join(file.name for file in draft.files if file.name.rpartition(".")[2].lower() not in OPEN_FORMATS)


MACHINE_CHECKS: dict[str, Callable[[PublicationDrafted, str], str]] = {
    "要素完整": missing_parts,
    "发文字号规范": odd_number,
    "没有未完成的内容": unfinished,
    "标点规范": ill_punctuated,
    "用字用词正确": mistaken,
    "没有身份证号、手机号": personal,
    "附件格式开放": closed_formats,
}
"""Each tells what it found wrong; nothing is right."""


def machine_checks(draft: PublicationDrafted, kind: str) -> list[Check]:
    """Every check that a machine can make."""
    return [Check(name, not (found := check(draft, kind)), "machine", found[:200]) for name, check in MACHINE_CHECKS.items()]
