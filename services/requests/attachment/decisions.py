"""The files of a request as they stand, and what may be decided about them: nothing is given out that is held, or hides something."""

import hashlib
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.requests.attachment.events import (
    AttachmentRead,
    AttachmentReceived,
    AttachmentScanned,
    FindingsAccepted,
    ReplyFileAttached,
)
from services.requests.disclosure_request.state import DisclosureRequest
from shared.files.finding import Finding, Weight
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event, Meta
from shared.kernel.identity import derived_id
from shared.trust.personal import Personal

Events = Sequence[Event]

PASSED = ("clean", "off")
"""What the virus scanner has to say of a file before anybody is given it: that it is clean; or no scanner is configured."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a request. `file` is the id to which the sealing of one that came in is bound; None for one that is to be given out."""

    sha256: str
    name: Personal
    size: int
    kept: int
    kind: str
    scan: str
    on: date
    by: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    file: UUID | None = None
    cleaned_from: str = ""
    accepted_reason: str = ""

    @property
    def incoming(self) -> bool:
        """Whether it came with the request."""
        return self.file is not None

    @property
    def held(self) -> bool:
        """Whether nobody is given it, since the virus scanner has not passed it."""
        return self.scan not in PASSED

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """What keeps it from being given out until somebody answers for it."""
        return () if self.accepted_reason else tuple(one for one in self.findings if one.weight is Weight.BLOCKS)

    def findings_hash(self) -> str:
        """What an acceptance names: the SHA-256 of the file's hash and of all that was found in it."""
        return hashlib.sha256(msgspec.json.encode([self.sha256, self.findings], order="sorted")).hexdigest()


class AttachmentFolder(State, frozen=True):
    """All files of one request."""

    agency: str = ""
    request: UUID | None = None
    person_key: UUID | None = None
    files: tuple[Attachment, ...] = ()

    def file(self, sha256: str) -> Attachment:
        """The file of this hash; raises `NotFound`."""
        for one in self.files:
            if one.sha256 == sha256:
                return one
        raise NotFound("no-such-file", "这件申请没有这份文件，请从页面上选择。")

    def incoming(self) -> tuple[Attachment, ...]:
        """What came with the request."""
        return tuple(one for one in self.files if one.incoming)

    def outgoing(self) -> tuple[Attachment, ...]:
        """What is to be given out."""
        return tuple(one for one in self.files if not one.incoming)


class AttachmentReading(State, frozen=True):
    """That one person was given one file on one day."""


attachment_folder: Aggregate[AttachmentFolder] = Aggregate("requests.AttachmentFolder", AttachmentFolder)
attachment_reading: Aggregate[AttachmentReading] = Aggregate("requests.AttachmentReading", AttachmentReading)
F = AttachmentFolder


def folder_id(request: UUID) -> UUID:
    """The folder of a request."""
    return derived_id("requests", "attachments", request)


def attachments_of(request: UUID) -> list[tuple[Aggregate[AttachmentFolder], UUID]]:
    """What a decision about a request's files reads beside the request."""
    return [(attachment_folder, folder_id(request))]


def reading_id(request: UUID, sha256: str, reader: str, day: date) -> UUID:
    """One person's reading of one file on one day."""
    return derived_id("requests", "reading", request, sha256, reader, day)


@attachment_folder.evolves(AttachmentReceived)
def received(state: F, event: AttachmentReceived, meta: Meta) -> F:
    """One more that came."""
    one = Attachment(
        sha256=event.sha256, name=event.name, size=event.size, kept=event.kept, kind=event.kind, scan=event.scan, on=meta.effective_on,
        by=tuple(sorted(meta.actor.persons)), findings=event.findings, file=event.file,
    )  # fmt: skip
    return replace(state, agency=meta.agency, request=event.request, person_key=event.person_key, files=(*state.files, one))


@attachment_folder.evolves(ReplyFileAttached)
def attached(state: F, event: ReplyFileAttached, meta: Meta) -> F:
    """One more that is to be given out."""
    one = Attachment(
        sha256=event.sha256, name=event.name, size=event.size, kept=event.size, kind=event.kind, scan=event.scan, on=meta.effective_on,
        by=tuple(sorted(meta.actor.persons)), findings=event.findings, cleaned_from=event.cleaned_from,
    )  # fmt: skip
    return replace(state, agency=meta.agency, request=event.request, person_key=event.person_key, files=(*state.files, one))


@attachment_folder.evolves(AttachmentScanned)
def scanned(state: F, event: AttachmentScanned, _meta: Meta) -> F:
    """The scanner's word."""
    return replace(state, files=tuple(replace(one, scan=event.scan) if one.sha256 == event.sha256 else one for one in state.files))


@attachment_folder.evolves(FindingsAccepted)
def accepted(state: F, event: FindingsAccepted, _meta: Meta) -> F:
    """Somebody answers for it."""
    files = tuple(replace(one, accepted_reason=event.reason) if one.sha256 == event.sha256 else one for one in state.files)
    return replace(state, files=files)


@attachment_reading.evolves(AttachmentRead)
def was_read(state: AttachmentReading, _event: AttachmentRead, _meta: Meta) -> AttachmentReading:
    """Read."""
    return state


def room(folder: F, request: DisclosureRequest, limit: int, *, giving: bool) -> None:
    """Refuses one more file: where the request has ended, or has as many as it may."""
    if not request.exists or request.person_key is None:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    if request.closed:
        raise Refused("case-closed", "该申请已经办结，不能再上传文件。")
    if len(folder.outgoing() if giving else folder.incoming()) >= limit:
        raise Refused("too-many-files", f"一件申请最多{'提供' if giving else '提交'} {limit} 份文件，已经达到上限。")


def receive(folder: F, request: DisclosureRequest, event: AttachmentReceived, limit: int) -> Events:
    """Keeps what came with the request."""
    room(folder, request, limit, giving=False)
    return [event]


def attach(folder: F, request: DisclosureRequest, event: ReplyFileAttached, limit: int) -> Events:
    """Keeps what is to be given out; the same bytes again are nothing new."""
    if any(one.sha256 == event.sha256 for one in folder.outgoing()):
        return []
    room(folder, request, limit, giving=True)
    return [event]


def record_scan(folder: F, sha256: str, scan: str) -> Events:
    """A verdict that is new."""
    return [] if folder.file(sha256).scan == scan else [AttachmentScanned(sha256=sha256, scan=scan)]


def accept(folder: F, given: Given, sha256: str, accepts: str, reason: str) -> Events:
    """Exactly what was found, by another person than who attached the file."""
    one = folder.file(sha256)
    if accepts != one.findings_hash():
        raise Refused("findings-changed", "检查结果与您查看时不同，请重新核对。")
    if not one.blocks or one.incoming:
        raise Refused("nothing-to-accept", "这份文件没有需要核对的检查结果。")
    if given.actor.persons & set(one.by):
        raise Refused("attacher-accepts", "上传文件的人不能核对自己的文件，请由另一人办理。")
    return [FindingsAccepted(sha256=sha256, accepts=accepts, reason=reason)]


def may_leave(one: Attachment) -> None:
    """Refuses to give out a file that is held, or in which something was found for which nobody answers."""
    if one.held:
        raise Refused("file-held", "文件还没有通过病毒扫描，不能提供。", remedy="请在“附件”页重新扫描；扫描服务恢复之前不能提供。")
    if one.blocks:
        found = "；".join(dict.fromkeys(finding.sentence for finding in one.blocks[:5]))
        raise Refused(
            "file-hides-content",
            f"文件中有隐藏的内容：{found}。",
            article="国令711 第三十七条",
            remedy="请在“附件”页生成清理后的副本，或者由另一人核对并说明理由。",
        )


def check_stored(given: Given, request: UUID, hashes: Sequence[str]) -> None:
    """Refuses files of which these bytes are stored here and may not leave; a file that is kept elsewhere is named by its hash alone."""
    folder = given.others.get(folder_id(request))
    if not isinstance(folder, AttachmentFolder):
        return
    stored = {one.sha256: one for one in folder.files}
    for sha256 in hashes:
        one = stored.get(sha256)
        if one is not None and one.incoming:
            raise Invalid("not-a-reply-file", "申请人提交的附件不能作为答复文件提供。", fields=[{"field": "files", "sentence": "请核对"}])
        if one is not None:
            may_leave(one)


def stored_here(given: Given, request: UUID, hashes: Sequence[str]) -> tuple[str, ...]:
    """Those of these files whose bytes are stored here."""
    folder = given.others.get(folder_id(request))
    known = {one.sha256 for one in folder.outgoing()} if isinstance(folder, AttachmentFolder) else set()
    return tuple(sha256 for sha256 in dict.fromkeys(hashes) if sha256 in known)


def record_reading(state: AttachmentReading, request: UUID, sha256: str, given_out: bool) -> Events:
    """Once a person and day."""
    return [] if state.exists else [AttachmentRead(request=request, sha256=sha256, given_out=given_out)]
