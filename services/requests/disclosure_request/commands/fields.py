"""What people type into commands: text without hidden characters, files by their hash, grounds."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.requests.disclosure_request import events
from shared.law.outcomes import OUTCOMES

TEXTAREA: dict[str, Any] = {"widget": "textarea"}


HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that nobody sees: controls, and those that turn the direction of writing."""


def printable(text: str) -> str:
    """Text without characters that nobody sees; rare ones are kept as they are, a line ends with a line feed alone."""
    if HIDDEN.search(text):
        raise ValueError("含有不可见的控制字符，请删除")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """The same, in one line."""
    if "\n" in text or "\r" in text:
        raise ValueError("应为一行文字，请删除换行")
    return printable(text)


def known_outcome(key: str) -> str:
    """A result row of table three."""
    if key not in OUTCOMES:
        raise ValueError("应为年度报告第三张表的办理结果之一")
    return key


Line = Annotated[str, AfterValidator(one_line)]


Text = Annotated[str, AfterValidator(printable)]


Reason = Annotated[str, Field(min_length=2, max_length=2000, json_schema_extra=TEXTAREA), AfterValidator(printable)]


Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


OutcomeKey = Annotated[str, AfterValidator(known_outcome), Field(json_schema_extra={"enum": list(OUTCOMES)})]


Channel = Literal["internet", "registered_post", "ordinary_letter", "telegram", "telex", "fax", "edi", "email", "in_person", "oral"]


Kind = Literal["natural_person", "commercial", "research", "public_welfare", "legal_service", "other"]


class FileIn(BaseModel):
    """A file to be given out, named by the hash of its bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Line = Field(title="文件名", min_length=1, max_length=200)
    sha256: Sha256 = Field(title="SHA-256")
    size: int = Field(title="字节数", ge=0, le=2**40)

    def file(self) -> events.File:
        """As it stands in events."""
        return events.File(self.name, self.sha256, self.size)


class GroundIn(BaseModel):
    """One ground of a reply."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    outcome: OutcomeKey = Field(title="属于哪一项结果")
    article: Line = Field(title="依据条款", min_length=2, max_length=200)
    ground: Text = Field(default="", title="情形", max_length=500)
    reason: Text = Field(default="", title="理由", max_length=2000)
    part: Text = Field(default="", title="针对的内容", max_length=500)

    def as_ground(self) -> events.Ground:
        """As it stands in events."""
        return events.Ground(self.outcome, self.article, self.ground, self.reason, self.part)
