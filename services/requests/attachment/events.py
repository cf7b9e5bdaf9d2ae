"""Every event of a request's files. A file is named by a hash: of what came in, of its sealed bytes; of what goes out, of the bytes themselves."""

from uuid import UUID

from shared.files.finding import Finding
from shared.kernel.events import Event, event
from shared.trust.personal import Personal


@event("requests.AttachmentReceived", title="收到附件", article="国令711 第二十九条")
class AttachmentReceived(Event, frozen=True):
    """A file came with the request, and is kept sealed under its person's key.

    `sha256` and `kept` are of the sealed bytes (64 hex digits; bytes), `size` is of the file itself, `file` the id to which its sealing is bound.
    `scan`: what the virus scanner said (clean, none: no verdict yet, off: none is configured).
    """

    request: UUID
    person_key: UUID
    name: Personal
    sha256: str
    size: int
    kept: int
    kind: str
    file: UUID
    scan: str
    findings: tuple[Finding, ...] = ()


@event("requests.ReplyFileAttached", title="上传拟提供的文件", article="国令711 第三十六条")
class ReplyFileAttached(Event, frozen=True):
    """A file that is to be given out was attached, and looked into. `cleaned_from`: the hash of the file of which it is a cleaned copy."""

    request: UUID
    person_key: UUID
    name: Personal
    sha256: str
    size: int
    kind: str
    scan: str
    findings: tuple[Finding, ...] = ()
    cleaned_from: str = ""


@event("requests.AttachmentScanned", title="附件病毒扫描", article="数据安全法 第二十七条")
class AttachmentScanned(Event, frozen=True):
    """The virus scanner has given its verdict on a file that was held without one."""

    sha256: str
    scan: str


@event("requests.FindingsAccepted", title="核对隐藏内容", article="国令711 第三十七条")
class FindingsAccepted(Event, frozen=True):
    """A person has looked at what was found in exactly this file, and takes responsibility for giving it out. `accepts`: the hash of the findings."""

    sha256: str
    accepts: str
    reason: str


@event("requests.AttachmentRead", title="查阅附件", article="个人信息保护法 第五十一条")
class AttachmentRead(Event, frozen=True):
    """Somebody was given a file to read: an official, or the applicant. Recorded once a person and day."""

    request: UUID
    sha256: str
    given_out: bool = False
