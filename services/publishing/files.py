"""The way of a file through publishing: in from a form, scanned and looked into; kept as it may be published; out to who may read the publication."""

import contextlib
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from services.publishing.publication import decisions, guards
from services.publishing.publication.file_commands import AttachFile, FoundIn
from services.publishing.publication.state import Publication, publication
from shared.files.finding import CLEANABLE, Report
from shared.files.giving import begun, download_headers, proved
from shared.files.inspection import clean, inspect
from shared.files.intake import Upload
from shared.files.scanning import Verdict, scan
from shared.files.store import Writing, open_store
from shared.files.turns import Turns
from shared.kernel.commands import AgencyFacts
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import Invalid, NotFound, Problem, Unavailable
from shared.kernel.events import Actor
from shared.kernel.jobs import Receipt
from shared.kernel.routes import PROBLEMS, answer, load, signed_in
from shared.kernel.running import Running

UNCHECKED = frozenset({"unchecked-format", "unchecked-pages"})
"""What the platform can't look at by itself."""


class Admitted(NamedTuple):
    """Who uploads a file to which publication; `cleaning`: what is hidden in it is to be taken out; `looked`: each page was looked at by a person."""

    publication: Publication
    agency: AgencyFacts
    actor: Actor
    cleaning: bool
    looked: bool


class PublicationFiles:
    """The files of publications, in one process."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.settings = running.settings
        self.store = open_store(running.settings)
        self._turns = Turns(running.settings)

    async def upload(self, http: Request, admit: Callable[[dict[str, str]], Awaitable[Admitted]]) -> Receipt:
        """Takes the file of a form, as it is or without what is hidden in it; `admit` tells from the fields before it who sends it where, or raises."""
        async with self._turns.turn(), contextlib.AsyncExitStack() as stack:
            admitted: Admitted | None = None
            writing: Writing | None = None
            name = ""

            async def begin(fields: dict[str, str], called: str) -> Writing:
                nonlocal admitted, writing, name
                admitted, name = await admit(fields), called
                decisions.room(admitted.publication, self.settings.files_given_each)
                writing = await stack.enter_async_context(self.store.writing(admitted.agency.code))
                return writing

            upload = Upload(http, limit=self.settings.file_limit_bytes, begin=begin)
            await upload.receive()
            assert admitted is not None
            assert writing is not None
            sha256 = await writing.finish()
            content = b"".join([piece async for piece in writing.read_back()])
            report, verdict = await self._looked_into(content, name)
            cleaned = bool(hidden(report, looked=False)) and admitted.cleaning and report.kind in CLEANABLE
            if cleaned:
                content = await clean(content, report.kind, seconds=self.settings.file_seconds)
                report, verdict = await self._looked_into(content, name)
                writing = await stack.enter_async_context(self.store.writing(admitted.agency.code))
                await writing.write(content)
                sha256 = await writing.finish()
            check_hidden(report, looked=admitted.looked)
            found = tuple(FoundIn(code=one.code, where=one.where, count=one.count) for one in report.findings)
            command = AttachFile(
                name=name,
                sha256=sha256,
                size=len(content),
                kind=report.kind,
                scan=str(verdict),
                findings=found,
                cleaned=cleaned,
                looked=admitted.looked,
                limit=self.settings.files_given_each,
            )
            return await self._keep(writing, admitted, command)

    async def _keep(self, writing: Writing, admitted: Admitted, command: AttachFile) -> Receipt:
        """Stores the file, then records it; what was not recorded is taken away again."""
        code = admitted.agency.code
        stood = await self.store.size(code, command.sha256) is not None
        await writing.keep()
        try:
            receipt = await self.running.execute(command, admitted.publication.id, admitted.actor, admitted.agency)
        except Problem:
            if not stood:
                await self.store.remove(code, command.sha256)
            raise
        await self.running.views.wait(receipt.position, self.settings.view_wait_seconds)
        return receipt

    async def _looked_into(self, content: bytes, name: str) -> tuple[Report, Verdict]:
        """What stands in a file and what the virus scanner says; raises for one that is not taken."""
        verdict = await scan(self.settings.clamd, content, seconds=self.settings.file_seconds)
        if verdict is Verdict.INFECTED:
            raise Invalid("virus-found", "文件中发现病毒，没有接收；请清除后再上传。", fields=[{"field": "file", "sentence": "发现病毒"}])
        if str(verdict) not in ("clean", "off"):
            raise Unavailable("scanner-unreachable", "病毒扫描暂时没有结论，文件没有接收；请稍后再上传。", retry_after=60)
        report = await inspect(content, name, giving=True, seconds=self.settings.file_seconds)
        if report.refusals:
            sentence = "；".join(dict.fromkeys(one.sentence for one in report.refusals))
            code = f"file-{report.refusals[0].code}"
            raise Invalid(code, f"没有接收这份文件：{sentence}。", fields=[{"field": "file", "sentence": sentence}])
        return report, verdict


_in_process: WeakKeyDictionary[Running, PublicationFiles] = WeakKeyDictionary()


def files_in(running: Running) -> PublicationFiles:
    """The files of publications in this process: one, so that pages and API together take no more at a time than is allowed."""
    return _in_process.setdefault(running, PublicationFiles(running))


def hidden(report: Report, *, looked: bool) -> list[str]:
    """What keeps a file from being published: hidden content, in sentences; what a machine can't look at keeps it until a person has."""
    return list(dict.fromkeys(one.sentence for one in report.blocks if not (looked and one.code in UNCHECKED)))


def check_hidden(report: Report, *, looked: bool) -> None:
    """Nothing is hidden in what is to be published; raises `Invalid`."""
    if found := "；".join(hidden(report, looked=looked)):
        codes = {one.code for one in report.blocks}
        told = "请清除后重新上传"
        if codes <= UNCHECKED:
            told = "请逐页核对，勾选“已逐页核对”后重新上传"
        elif report.kind in CLEANABLE:
            told = "请勾选“清理隐藏内容”后重新上传"
        raise Invalid("file-hides", f"文件中有隐藏的内容（{found}），没有接收；{told}。", fields=[{"field": "file", "sentence": found}])


async def admitted(running: Running, who: SignedIn | None, id: UUID, fields: dict[str, str]) -> Admitted:
    """Who may draft the publication may attach a file to it, while it may be drafted."""
    state, agency = await load(running, publication, id)
    assert isinstance(state, Publication)
    actor = running.doorkeeper.authorise(who, "publishing.draft", agency, unit=state.responsible_unit)
    guards.check_draftable(state)
    return Admitted(state, agency, actor, fields.get("clean") == "1", fields.get("looked") == "1")


async def give(running: Running, who: SignedIn | None, id: UUID, sha256: str) -> Response:
    """A file of a publication as a download, for officials who may read it."""
    state, agency = await load(running, publication, id)
    assert isinstance(state, Publication)
    running.doorkeeper.authorise(who, "publishing.read", agency, unit=state.responsible_unit)
    one = state.file(sha256)
    if one is None:
        raise NotFound("no-such-file", "这件信息没有这份文件，请从页面上选择。")
    pieces = await begun(proved(files_in(running).store.read(agency.code, sha256), sha256, one.size))
    return StreamingResponse(pieces, headers=download_headers(one.name, one.size), media_type="application/octet-stream")


def router(running: Running) -> APIRouter:
    """The routes of the API."""
    made = APIRouter()

    async def upload(request: Request, id: UUID) -> Response:
        who = signed_in(running, request)

        async def admit(fields: dict[str, str]) -> Admitted:
            return await admitted(running, who, id, fields)

        receipt = await files_in(running).upload(request, admit)
        position = f"{running.name}:{receipt.position}"
        return answer({"id": str(id), "version": receipt.version, "position": position}, 201, {"Gongkai-Position": position})

    async def download(request: Request, id: UUID, sha256: str) -> Response:
        return await give(running, signed_in(running, request), id, sha256)

    for path, endpoint, method, summary in (
        (
            "/publications/{id}/files",
            upload,
            "POST",
            "上传公开的文件（表单：clean 为 1 时清理隐藏内容，looked 为 1 表示已逐页核对，然后是 file）",
        ),
        ("/publications/{id}/files/{sha256}", download, "GET", "下载公开的文件"),
    ):
        made.add_api_route(path, endpoint, methods=[method], summary=summary, response_model=None, responses=PROBLEMS)
    return made
