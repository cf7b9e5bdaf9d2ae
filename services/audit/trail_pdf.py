"""A decision trail as PDF, set by the engine of the letters."""

from datetime import date
from importlib.resources import files
from typing import Any

from services.audit.knowing import Could
from services.audit.trail import Entry, Trail
from shared.kernel.clocks import LEGAL_ZONE
from shared.law.roles import ROLES
from shared.letters.fonts import missing_characters
from shared.letters.rendering import typeset
from shared.letters.template import Template
from shared.web.titles import TITLES

NO_GLYPH = "〓"
"""Stands for a character that the font lacks: an auditor's copy is made all the same, and what is proved is the bundle."""

SECONDS = 60.0


async def trail_pdf(trail: Trail, could: tuple[Could, ...], name: str, today: date) -> bytes:
    """The trail as it is shown on its page (PDF/A-2b). `name` is the agency's."""
    data = content_of(trail, could, name, today)
    absent = missing_characters(text_of(data))
    shown: Any = cleaned(data, str.maketrans(dict.fromkeys(absent, NO_GLYPH))) if absent else data
    template = Template(files("services.audit").joinpath("trail.typ").read_text("utf-8"))
    return await typeset(shown, template, seconds=SECONDS)


def content_of(trail: Trail, could: tuple[Could, ...], name: str, today: date) -> dict[str, Any]:
    """The words of the trail, line by line."""
    readings = [f"{moment(one)}　{one.actor}（{roles(one)}）{one.title}：{what_was_read(one)}" for one in trail.readings]
    able = [f"{one.name}（{role_title(one.role)}）：{'、'.join(TITLES.get(service, service) for service in one.services)}" for one in could]
    return {
        "agency": name,
        "title": "办理全过程",
        "dated": [today.year, today.month, today.day],
        "lead": [f"{name}　事项 {trail.case}", as_of_told(trail), "个人信息已加密，这里不解密。本件不是证明；证明是可离线核对的证据包。"],
        "entries": [{"title": one.title, "when": str(one.effective_on), "lines": lines_of(one)} for one in trail.entries],
        "sections": [
            {"title": "谁看过", "lines": readings or ["没有查阅个人信息或者涉密事项的记录。"]},
            {"title": "谁能看", "lines": able or ["没有可以查阅的人。"]},
        ],
    }


def lines_of(one: Entry) -> list[str]:
    """What stands below the title of an event."""
    on_behalf = "，受委托" if one.principal else ""
    told = [f"{one.actor}{f'（{roles(one)}{on_behalf}）' if one.roles else ''}{f' · {one.article}' if one.article else ''}"]
    told += [f"理由：{reason}" for reason in one.reasons]
    told += [f"文书：{'、'.join(one.documents)}"] if one.documents else []
    told += [f"文件：{file.name or '（名称是个人信息）'}　SHA-256 {file.sha256}" for file in one.files]
    return [*told, f"记录于 {moment(one)}（北京时间） · {one.position}{f' · 链路 {one.trace}' if one.trace else ''}"]


def as_of_told(trail: Trail) -> str:
    """As of which date the trail is told, and by which of its two dates."""
    if trail.as_of is None:
        return "截至目前的全部记录。"
    return f"截至 {trail.as_of}，{'按生效日期' if trail.by == 'effect' else '按记录时间'}；此后还有 {trail.later} 个事件。"


def what_was_read(one: Entry) -> str:
    """Which fields a reading showed."""
    fields = one.content.get("fields")
    return "、".join(map(str, fields)) if isinstance(fields, list) and fields else "内容"


def moment(one: Entry) -> str:
    """When an event was recorded, as people here read it."""
    return one.recorded_at.astimezone(LEGAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def roles(one: Entry) -> str:
    """The roles of whoever acted."""
    return "、".join(map(role_title, one.roles))


def role_title(role: str) -> str:
    """What a role is called."""
    return ROLES[role].title if role in ROLES else role


def text_of(data: Any) -> str:
    """Every text of this data."""
    if isinstance(data, dict):
        return "".join(map(text_of, data.values()))
    if isinstance(data, list):
        return "".join(map(text_of, data))
    return data if isinstance(data, str) else ""


def cleaned(data: Any, table: dict[int, str]) -> Any:
    """The same data with these characters replaced in every text."""
    if isinstance(data, dict):
        return {name: cleaned(value, table) for name, value in data.items()}
    if isinstance(data, list):
        return [cleaned(value, table) for value in data]
    return data.translate(table) if isinstance(data, str) else data
