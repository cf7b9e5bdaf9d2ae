"""The commands of a request's files. Those that tell what was uploaded and found have no route: only the platform itself, that looked, gives them."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.requests.attachment import decisions, events
from services.requests.attachment.decisions import AttachmentFolder, AttachmentReading, attachment_folder, attachment_reading, folder_id
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.files.finding import Finding
from shared.kernel.commands import Command, Decided, Decision, Given, command, handles
from shared.trust.personal import Personal

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
TEXTAREA: dict[str, Any] = {"widget": "textarea"}


class FoundIn(BaseModel):
    """One finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str = Field(title="代码", max_length=40)
    where: str = Field(default="", title="位置", max_length=100)
    count: int = Field(default=1, title="数量", ge=0)

    def finding(self) -> Finding:
        """As it stands in events."""
        return Finding(self.code, self.where, self.count)


class Stored(Command):
    """A file that is in the store, as the platform found it."""

    request: UUID = Field(title="申请")
    name: str = Field(title="文件名", min_length=1, max_length=200)
    sha256: Sha256 = Field(title="SHA-256")
    size: int = Field(title="字节数", ge=1)
    kind: str = Field(title="类型", max_length=10)
    scan: str = Field(title="病毒扫描", max_length=10)
    findings: tuple[FoundIn, ...] = Field(default=(), title="检查结果", max_length=2000)
    limit: int = Field(title="份数上限", ge=0)


def request_of(command: Stored, given: Given) -> DisclosureRequest:
    """The request whose file it is."""
    state = given.others[command.request]
    assert isinstance(state, DisclosureRequest)
    return state


@command(
    of=attachment_folder,
    verb="receive",
    title="收到附件",
    capability="requests.submit_attachment",
    creates=True,
    internal=True,
    identity=lambda command, _agency, _day: folder_id(command.request),
    also=lambda command, _agency, _day, _state: [(disclosure_request, command.request)],
    events=(events.AttachmentReceived,),
)
class ReceiveAttachment(Stored):
    """申请人随申请提交的材料，或者工作人员代为登记的材料。"""

    kept: int = Field(title="保存的字节数", ge=1)
    file: UUID = Field(title="文件编号")


@handles(ReceiveAttachment)
def receive_attachment(command: ReceiveAttachment, state: AttachmentFolder, given: Given) -> Decision:
    """Filed in the request's case."""
    request = request_of(command, given)
    assert request.person_key is not None or not request.exists
    event = events.AttachmentReceived(
        request=command.request,
        person_key=request.person_key or command.request,
        name=Personal.plain(command.name),
        sha256=command.sha256,
        size=command.size,
        kept=command.kept,
        kind=command.kind,
        file=command.file,
        scan=command.scan,
        findings=tuple(one.finding() for one in command.findings),
    )
    return Decided(decisions.receive(state, request, event, command.limit), case=command.request)


@command(
    of=attachment_folder,
    verb="attach",
    title="上传拟提供的文件",
    capability="requests.draft_reply",
    creates=True,
    internal=True,
    identity=lambda command, _agency, _day: folder_id(command.request),
    also=lambda command, _agency, _day, _state: [(disclosure_request, command.request)],
    events=(events.ReplyFileAttached,),
)
class AttachReplyFile(Stored):
    """拟随答复提供的文件，已检查隐藏的内容。"""

    cleaned_from: str = Field(default="", title="清理自（SHA-256）", max_length=64)


@handles(AttachReplyFile)
def attach_reply_file(command: AttachReplyFile, state: AttachmentFolder, given: Given) -> Decision:
    """Filed in the request's case."""
    request = request_of(command, given)
    event = events.ReplyFileAttached(
        request=command.request,
        person_key=request.person_key or command.request,
        name=Personal.plain(command.name),
        sha256=command.sha256,
        size=command.size,
        kind=command.kind,
        scan=command.scan,
        findings=tuple(one.finding() for one in command.findings),
        cleaned_from=command.cleaned_from,
    )
    return Decided(decisions.attach(state, request, event, command.limit), case=command.request)


@command(
    of=attachment_folder,
    verb="record-scan",
    title="记录病毒扫描",
    capability="requests.read_attachment",
    internal=True,
    events=(events.AttachmentScanned,),
)
class RecordScan(Command):
    """病毒扫描服务对暂存文件的结论。"""

    sha256: Sha256 = Field(title="文件（SHA-256）")
    scan: str = Field(title="结论", max_length=10)


@handles(RecordScan)
def record_scan(command: RecordScan, state: AttachmentFolder, _given: Given) -> Decision:
    """The scanner's word."""
    return decisions.record_scan(state, command.sha256, command.scan)


@command(
    of=attachment_folder,
    verb="accept-findings",
    title="核对隐藏内容",
    capability="requests.accept_findings",
    article="国令711 第三十七条",
    events=(events.FindingsAccepted,),
)
class AcceptFindings(Command):
    """核对文件中检查出的隐藏内容，认为可以照此提供，并说明理由；上传的人不能自行核对。"""

    sha256: Sha256 = Field(title="文件（SHA-256）")
    accepts: Sha256 = Field(title="所核对的检查结果（散列）")
    reason: str = Field(title="理由", min_length=2, max_length=500, json_schema_extra=TEXTAREA)


@handles(AcceptFindings)
def accept_findings(command: AcceptFindings, state: AttachmentFolder, given: Given) -> Decision:
    """By another person."""
    return decisions.accept(state, given, command.sha256, command.accepts, command.reason)


@command(
    of=attachment_reading,
    verb="record",
    title="记录查阅附件",
    capability="requests.read_attachment",
    creates=True,
    internal=True,
    identity=lambda command, _agency, day: decisions.reading_id(command.request, command.sha256, command.reader, day),
    events=(events.AttachmentRead,),
)
class RecordReading(Command):
    """有人查阅或者下载了附件。"""

    request: UUID = Field(title="申请")
    sha256: Sha256 = Field(title="文件（SHA-256）")
    reader: str = Field(title="查阅人", max_length=60)
    given_out: bool = Field(default=False, title="是否为向申请人提供")


@handles(RecordReading)
def record_reading(command: RecordReading, state: AttachmentReading, _given: Given) -> Decision:
    """Once a person and day."""
    return Decided(decisions.record_reading(state, command.request, command.sha256, command.given_out), case=command.request)
