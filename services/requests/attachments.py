"""The way of a file through requests: in from a form to the store, looked into and scanned; out to who may have it, with a record of the reading."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from services.requests.attachment import decisions
from services.requests.attachment.commands import AttachReplyFile, FoundIn, ReceiveAttachment, RecordReading, RecordScan
from services.requests.attachment.decisions import Attachment, AttachmentFolder, attachment_folder, folder_id
from services.requests.disclosure_request.state import DisclosureRequest, Stage
from shared.files.finding import CLEANABLE, Report, Weight
from shared.files.giving import Mismatch, begun, download_headers, proved
from shared.files.inspection import clean, inspect
from shared.files.intake import Upload
from shared.files.kinds import KINDS
from shared.files.scanning import Verdict, scan
from shared.files.sealed import Place, Sealer, opened
from shared.files.store import Writing, open_store
from shared.files.turns import Turns
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Invalid, NotFound, Problem, Refused, Unavailable
from shared.kernel.events import Actor
from shared.kernel.identity import fresh_id
from shared.kernel.jobs import Receipt
from shared.kernel.running import Running
from shared.trust.sealing import Erased, KeyUnavailable, Tampered

SCANS = {"clean": "未发现病毒", "off": "未设病毒扫描", "none": "待扫描，暂不提供", "infected": "发现病毒，不得提供"}


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who uploads a file, to which request, and whether it is to be given out."""

    request: DisclosureRequest
    agency: AgencyFacts
    actor: Actor
    giving: bool


class SealedWriting:
    """Seals what is written to a file, as it streams."""

    def __init__(self, writing: Writing, sealer: Sealer) -> None:
        self.writing = writing
        self.sealer = sealer

    async def write(self, piece: bytes) -> None:
        """More of it."""
        await self.writing.write(self.sealer.feed(piece))


class Attachments:
    """The files of requests, in one process."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.settings = running.settings
        self.store = open_store(running.settings)
        self._turns = Turns(running.settings)

    async def folder(self, request: UUID) -> AttachmentFolder:
        """The files of a request."""
        state, _ = await asyncio.to_thread(self.running.load, attachment_folder, folder_id(request))
        assert isinstance(state, AttachmentFolder)
        return state

    async def upload(self, http: Request, admit: Callable[[dict[str, str]], Awaitable[Admitted]]) -> Receipt:
        """Takes the file of a form; `admit` tells from the fields before it who sends it where, or raises. Raises a problem where it is not taken."""
        async with self._turns.turn(), contextlib.AsyncExitStack() as stack:
            admitted: Admitted | None = None
            writing: Writing | None = None
            sealer: Sealer | None = None
            name, file = "", fresh_id()

            async def begin(fields: dict[str, str], called: str) -> Writing | SealedWriting:
                nonlocal admitted, writing, sealer, name
                admitted, name = await admit(fields), called
                folder = await self.folder(admitted.request.id)
                decisions.room(folder, admitted.request, self._limit(admitted.giving), giving=admitted.giving)
                writing = await stack.enter_async_context(self.store.writing(admitted.agency.code))
                if admitted.giving:
                    return writing
                sealer = await self._sealer(admitted, file)
                await writing.write(sealer.head)
                return SealedWriting(writing, sealer)

            upload = Upload(http, limit=self.settings.file_limit_bytes, begin=begin)
            await upload.receive()
            assert admitted is not None
            assert writing is not None
            if sealer is not None:
                await writing.write(sealer.end())
            sha256 = await writing.finish()
            pieces = writing.read_back()
            content = await _whole(pieces if sealer is None else opened(self.running.keys, self._place(admitted, file), pieces))
            return await self._recorded(admitted, writing, name, content, sha256, file)

    async def check(self, content: bytes, name: str) -> None:
        """Looks into a file that is to be received, without keeping it; raises the problem for which it is not."""
        async with self._turns.turn():
            await self._looked_into(content, name, giving=False)

    async def receive(self, content: bytes, name: str, admitted: Admitted) -> Receipt:
        """Takes a file that came with a case from elsewhere (docs/import.md); raises a problem where it is not taken."""
        async with self._turns.turn():
            folder, file = await self.folder(admitted.request.id), fresh_id()
            decisions.room(folder, admitted.request, self._limit(giving=False), giving=False)
            sealer = await self._sealer(admitted, file)
            async with self.store.writing(admitted.agency.code) as writing:
                for piece in (sealer.head, sealer.feed(content), sealer.end()):
                    await writing.write(piece)
                return await self._recorded(admitted, writing, name, content, await writing.finish(), file)

    async def _recorded(self, admitted: Admitted, writing: Writing, name: str, content: bytes, sha256: str, file: UUID) -> Receipt:
        """Looks into a file that stands in the store, and records it."""
        report, verdict = await self._looked_into(content, name, giving=admitted.giving)
        fields: dict[str, Any] = {
            "request": admitted.request.id,
            "name": name,
            "sha256": sha256,
            "size": len(content),
            "kind": report.kind,
            "scan": str(verdict),
            "findings": tuple(FoundIn(code=one.code, where=one.where, count=one.count) for one in report.findings),
            "limit": self._limit(admitted.giving),
        }
        if admitted.giving:
            return await self._keep(writing, admitted, AttachReplyFile(**fields))
        return await self._keep(writing, admitted, ReceiveAttachment(**fields, kept=writing.size, file=file))

    async def clean(self, folder: AttachmentFolder, sha256: str, admitted: Admitted) -> Receipt:
        """Makes a copy of a file that is to be given out which hides nothing, and attaches it; raises `Refused`."""
        one = folder.file(sha256)
        if one.incoming or one.held:
            raise Refused("not-cleanable", "只有已通过扫描、拟提供的文件可以清理。")
        async with self._turns.turn():
            content = await _whole(proved(self.store.read(folder.agency, sha256), sha256, one.size))
            made = await clean(content, one.kind, seconds=self.settings.file_seconds)
            name = await asyncio.to_thread(self.running.keys.show, one.name)
            report, verdict = await self._looked_into(made, name, giving=True)
            async with self.store.writing(folder.agency) as writing:
                await writing.write(made)
                command = AttachReplyFile(
                    request=admitted.request.id,
                    name=name,
                    sha256=await writing.finish(),
                    size=len(made),
                    kind=report.kind,
                    scan=str(verdict),
                    findings=tuple(FoundIn(code=found.code, where=found.where, count=found.count) for found in report.findings),
                    limit=self._limit(True),
                    cleaned_from=sha256,
                )
                return await self._keep(writing, admitted, command)

    async def scan_again(self, folder: AttachmentFolder, sha256: str, agency: AgencyFacts, actor: Actor) -> Verdict:
        """Asks the virus scanner for its verdict on a file once more, and records it."""
        one = folder.file(sha256)
        async with self._turns.turn():
            content = await _whole(self._pieces(folder, one))
            verdict = await scan(self.settings.clamd, content, seconds=self.settings.file_seconds)
        receipt = await self.running.execute(RecordScan(sha256=sha256, scan=str(verdict)), folder.id, actor, agency)
        await self.running.views.wait(receipt.position, self.settings.view_wait_seconds)
        return verdict

    async def give(
        self, folder: AttachmentFolder, sha256: str, agency: AgencyFacts, actor: Actor, reader: str, *, name: str = ""
    ) -> Response:
        """A file as a download; the reading is recorded before the first byte leaves. Raises `Refused` for one that is held."""
        one = folder.file(sha256)
        if one.held:
            raise Refused("file-held", "文件还没有通过病毒扫描，不能查阅。", remedy="请在“附件”页重新扫描。")
        assert folder.request is not None
        called = name or await asyncio.to_thread(self.running.keys.show, one.name)
        reading = RecordReading(request=folder.request, sha256=sha256, reader=reader, given_out=not one.incoming and reader == "public")
        try:
            pieces = await begun(self._pieces(folder, one))
        except Erased:
            raise NotFound("file-erased", "这份附件中的个人信息已依法清除，不能再查阅。") from None
        except Tampered:
            raise Mismatch from None
        except KeyUnavailable:
            raise Unavailable("keys-unreachable", "个人信息的密钥暂时无法读取，请稍后再试。", retry_after=10) from None
        await self.running.execute(reading, None, actor, agency)
        headers = download_headers(called, one.size)
        return StreamingResponse(pieces, headers=headers, media_type=KINDS[one.kind].media_type)

    async def told(self, folder: AttachmentFolder) -> list[dict[str, Any]]:
        """The files as a list for who may see them, with what was found and whether they may be given out."""
        names = await asyncio.to_thread(self.running.keys.show_many, [one.name for one in folder.files])
        return [_row(one, name) for one, name in zip(folder.files, names, strict=True)]

    def _limit(self, giving: bool) -> int:
        return self.settings.files_given_each if giving else self.settings.files_received_each

    def _place(self, admitted: Admitted, file: UUID) -> Place:
        return Place(admitted.agency.code, admitted.request.id, file)

    async def _sealer(self, admitted: Admitted, file: UUID) -> Sealer:
        assert admitted.request.person_key is not None
        try:
            return await asyncio.to_thread(Sealer, self.running.keys, admitted.request.person_key, self._place(admitted, file))
        except Erased:
            raise Refused("person-erased", "这件申请的个人信息已依法清除，不能再提交附件。") from None
        except KeyUnavailable:
            raise Unavailable("keys-unreachable", "个人信息的密钥暂时无法读取，请稍后再试。", retry_after=10) from None

    def _pieces(self, folder: AttachmentFolder, one: Attachment) -> AsyncIterator[bytes]:
        stored = self.store.read(folder.agency, one.sha256)
        if one.file is None:
            return proved(stored, one.sha256, one.size)
        assert folder.request is not None
        return opened(self.running.keys, Place(folder.agency, folder.request, one.file), stored)

    async def _looked_into(self, content: bytes, name: str, *, giving: bool) -> tuple[Report, Verdict]:
        verdict = await scan(self.settings.clamd, content, seconds=self.settings.file_seconds)
        if verdict is Verdict.INFECTED:
            raise Invalid("virus-found", "文件中发现病毒，没有接收；请清除后再上传。", fields=[{"field": "file", "sentence": "发现病毒"}])
        report = await inspect(content, name, giving=giving, seconds=self.settings.file_seconds)
        if report.refusals:
            sentence = "；".join(dict.fromkeys(one.sentence for one in report.refusals))
            raise Invalid(
                f"file-{report.refusals[0].code}", f"没有接收这份文件：{sentence}。", fields=[{"field": "file", "sentence": sentence}]
            )
        return report, verdict

    async def _keep(self, writing: Writing, admitted: Admitted, command: AttachReplyFile | ReceiveAttachment) -> Receipt:
        """Stores the file, then records it; what was not recorded is taken away again."""
        stood = await self.store.size(admitted.agency.code, command.sha256) is not None
        await writing.keep()
        try:
            return await self.running.execute(command, None, admitted.actor, admitted.agency)
        except Problem:
            if not stood:
                await self.store.remove(admitted.agency.code, command.sha256)
            raise


_in_process: WeakKeyDictionary[Running, Attachments] = WeakKeyDictionary()


def attachments_in(running: Running) -> Attachments:
    """The files of requests in this process: one, so that pages and API together take no more at a time than is allowed."""
    return _in_process.setdefault(running, Attachments(running))


def given_out(request: DisclosureRequest, folder: AttachmentFolder) -> list[tuple[Attachment, str]]:
    """The files that the applicant may have, each with the name under which the reply gives it: of a reply that was delivered, released by review."""
    if request.stage is not Stage.DELIVERED or request.draft is None:
        return []
    stored = {one.sha256: one for one in folder.outgoing()}
    named = [(stored.get(file.sha256), file.name) for file in request.draft.files if file.sha256 in request.cleared]
    return [(one, name) for one, name in named if one is not None and not one.held and not one.blocks]


def releasable(folder: AttachmentFolder) -> Sequence[Attachment]:
    """The files that may go to secrecy review and into a reply."""
    return [one for one in folder.outgoing() if not one.held and not one.blocks]


def _row(one: Attachment, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "sha256": one.sha256,
        "size": one.size,
        "kind": one.kind,
        "kind_title": KINDS[one.kind].title,
        "direction": "received" if one.incoming else "given",
        "on": one.on,
        "scan": one.scan,
        "scan_title": SCANS.get(one.scan, one.scan),
        "held": one.held,
        "findings": [
            {"code": found.code, "where": found.where, "count": found.count, "weight": found.weight, "sentence": found.sentence}
            for found in one.findings
        ],
        "blocks": sum(1 for found in one.findings if found.weight is Weight.BLOCKS),
        "open": bool(one.blocks),
        "accepts": one.findings_hash(),
        "accepted_reason": one.accepted_reason,
        "cleaned_from": one.cleaned_from,
        "cleanable": one.kind in CLEANABLE and not one.incoming,
        "may_leave": not one.incoming and not one.held and not one.blocks,
    }


async def _whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])
