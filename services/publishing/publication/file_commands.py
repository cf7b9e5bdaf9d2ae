"""The command that attaches a file to a publication, once the platform has looked into it."""

from pydantic import BaseModel, ConfigDict, Field

from services.publishing.publication import decisions, events, guards
from services.publishing.publication.commands import STEPS, P, Sha256
from services.publishing.publication.state import publication
from shared.files.finding import Finding
from shared.kernel.commands import Command, Decision, Given, command, handles


class FoundIn(BaseModel):
    """Something that was found in a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str = Field(max_length=60)
    where: str = Field(default="", max_length=300)
    count: int = Field(default=1, ge=1)


@command(
    of=publication,
    verb="attach-file",
    title="上传公开的文件",
    capability="publishing.draft",
    internal=True,
    rules=("WZ-4.1",),
    article=STEPS,
    opens=guards.draftable,
    events=(events.FileAttached,),
)
class AttachFile(Command):
    """文件经扫描和检查，没有隐藏的内容，才能公开。"""

    name: str = Field(title="文件名", min_length=1, max_length=200)
    sha256: Sha256 = Field(title="SHA-256")
    size: int = Field(title="字节数", ge=0)
    kind: str = Field(title="格式", max_length=40)
    scan: str = Field(title="病毒扫描", max_length=20)
    findings: tuple[FoundIn, ...] = Field(default=(), title="检查发现", max_length=1000)
    cleaned: bool = Field(default=False, title="已清理隐藏内容")
    looked: bool = Field(default=False, title="已逐页核对")
    limit: int = Field(title="份数上限", ge=1)


@handles(AttachFile)
def attach_file(command: AttachFile, state: P, _given: Given) -> Decision:
    """With what was found, as far as it does not block."""
    found = tuple(Finding(one.code, one.where, one.count) for one in command.findings)
    said = command.model_dump(include={"name", "sha256", "size", "kind", "scan", "cleaned", "looked"})
    return decisions.attach(state, events.FileAttached(**said, findings=found), command.limit)
