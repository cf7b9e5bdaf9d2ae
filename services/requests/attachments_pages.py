"""The page of a request's files for officials, and the applicant's own upload and download; uploads are streamed, like over the API."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.requests.api import followed, progress
from services.requests.attachment.commands import AcceptFindings
from services.requests.attachment.decisions import AttachmentFolder
from services.requests.attachments import Admitted, Attachments, attachments_in, releasable
from services.requests.attachments_api import (
    GIVEN,
    admitted,
    admitted_applicant,
    allowed,
    limited,
    read_by_applicant,
    read_by_official,
    told_to_applicant,
)
from services.requests.disclosure_request.state import DisclosureRequest
from services.requests.letters import letters_in
from services.requests.letters_api import told_to_applicant as letters_of_applicant
from shared.access.directory import Session
from shared.files.kinds import ACCEPT
from shared.kernel.errors import NotFound, Problem
from shared.kernel.running import Running
from shared.web.forms import parse
from shared.web.rendering import check_token, from_own_page, moved, official, page, posted


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/requests")
    attachments = attachments_in(running)

    async def files(request: Request, id: UUID) -> Response:
        return await files_page(running, attachments, request, id)

    async def uploaded(request: Request, id: UUID) -> Response:
        who = official(running, request)
        from_own_page(request)

        async def admit(fields: dict[str, str]) -> Admitted:
            check_token(request, fields.get("_token", ""))
            return await admitted(running, who, id, fields.get("direction", ""))

        try:
            await attachments.upload(request, admit)
        except Problem as problem:
            return await files_page(running, attachments, request, id, problem=problem)
        return moved(f"/requests/cases/{id}/attachments")

    async def download(request: Request, id: UUID, sha256: str) -> Response:
        return await read_by_official(running, attachments, official(running, request), id, sha256)

    async def acted(request: Request, id: UUID, sha256: str, verb: str) -> Response:
        who = official(running, request)
        typed = await posted(request)
        try:
            wrong = await act_on_file(running, attachments, who, id, sha256, verb, typed)
        except Problem as problem:
            return await files_page(running, attachments, request, id, problem=problem, at=sha256)
        if wrong:
            return await files_page(running, attachments, request, id, wrong=wrong, at=sha256)
        return moved(f"/requests/cases/{id}/attachments")

    async def uploaded_by_applicant(request: Request) -> Response:
        limited(running, request)
        from_own_page(request)
        state: DisclosureRequest | None = None
        typed: dict[str, str] = {}

        async def admit(fields: dict[str, str]) -> Admitted:
            nonlocal state
            check_token(request, fields.get("_token", ""))
            typed.update(fields)
            to = await admitted_applicant(running, fields.get("tracking_number", ""), fields.get("query_password", ""))
            state = to.request
            return to

        problem = ""
        try:
            await attachments.upload(request, admit)
        except Problem as refused:
            problem = refused.sentence
        return await follow_page(running, attachments, request, state, typed, problem)

    async def download_by_applicant(request: Request, sha256: str) -> Response:
        limited(running, request)
        typed = await posted(request)
        state = await followed(running, typed.get("tracking_number", [""])[0], typed.get("query_password", [""])[0])
        return await read_by_applicant(running, attachments, state, sha256)

    for path, endpoint, method in (
        ("/cases/{id}/attachments", files, "GET"),
        ("/cases/{id}/attachments", uploaded, "POST"),
        ("/cases/{id}/attachments/{sha256}", download, "GET"),
        ("/cases/{id}/attachments/{sha256}/{verb}", acted, "POST"),
        ("/follow/attachments", uploaded_by_applicant, "POST"),
        ("/follow/files/{sha256}", download_by_applicant, "POST"),
    ):
        made.add_api_route(path, endpoint, methods=[method], response_model=None)
    return made


async def act_on_file(
    running: Running, attachments: Attachments, who: Session, id: UUID, sha256: str, verb: str, typed: dict[str, list[str]]
) -> str:
    """Carries out what was chosen for a file; what is wrong with the form, or ''. Raises the problem that refused it."""
    folder = await attachments.folder(id)
    if verb == "accept":
        _, agency, actor = await allowed(running, who, id, "requests.accept_findings")
        command, wrong = parse(AcceptFindings, {**typed, "sha256": [sha256]})
        if command is None:
            return next(iter(wrong.values()))
        await running.execute(command, folder.id, actor, agency)
    elif verb == "scan":
        _, agency, actor = await allowed(running, who, id, "requests.read_attachment")
        await attachments.scan_again(folder, sha256, agency, actor)
    elif verb == "clean":
        await attachments.clean(folder, sha256, await admitted(running, who, id, GIVEN))
    else:
        raise NotFound("no-such-act", "没有这项办理，请从页面上选择。")
    return ""


async def files_page(
    running: Running, attachments: Attachments, request: Request, id: UUID, *, problem: Problem | None = None, wrong: str = "", at: str = ""
) -> Response:
    """The files of a request: what came, what is to be given out, what was found in it, and what may be done about it."""
    state, agency, actor = await allowed(running, official(running, request), id, "requests.read")
    rows = await attachments.told(await attachments.folder(id))
    running.readings.saw_fields(actor, agency, id, ("file_names",) if rows else ())
    return page(
        running,
        request,
        "requests/templates/attachments.html",
        status=problem.status if problem else 422 if wrong else 200,
        state=state,
        received=[row for row in rows if row["direction"] == "received"],
        given=[row for row in rows if row["direction"] == "given"],
        cleared=state.cleared,
        problem=problem.sentence if problem else wrong,
        remedy=problem.remedy if problem else None,
        at=at,
        accept=ACCEPT,
        megabytes=running.settings.file_limit_bytes // 1_048_576,
    )


async def follow_page(
    running: Running, attachments: Attachments, request: Request, state: DisclosureRequest | None, typed: dict[str, str], problem: str
) -> Response:
    """The applicant's page after an upload."""
    return page(
        running,
        request,
        "requests/templates/follow.html",
        status=422 if problem else 200,
        told=progress(state) if state is not None else None,
        problem=problem,
        tracking=typed.get("tracking_number", ""),
        password=typed.get("query_password", ""),
        **await following_files(running, attachments, state),
    )


async def following_files(running: Running, attachments: Attachments, state: DisclosureRequest | None) -> dict[str, Any]:
    """What the applicant's page tells of files."""
    limits = {"accept": ACCEPT, "megabytes": running.settings.file_limit_bytes // 1_048_576, "most": running.settings.files_received_each}
    return {
        **limits,
        "files": await told_to_applicant(attachments, state) if state is not None else [],
        "letters": await letters_told(running, state),
    }


async def letters_told(running: Running, state: DisclosureRequest | None) -> list[dict[str, Any]]:
    """The letters that went to the applicant."""
    return (
        [] if state is None else letters_of_applicant(await letters_in(running).listed(state.id, running.doorkeeper.agency(state.agency)))
    )


async def typed_files(
    running: Running, attachments: Attachments, state: DisclosureRequest, folder: AttachmentFolder, verb: str
) -> dict[str, list[str]]:
    """The stored files as they are filled into the form that asks for review, or drafts the reply: nobody copies a hash by hand."""
    if verb not in ("request-review", "draft-reply"):
        return {}
    known = {*state.cleared, *state.withheld}
    chosen = [one for one in releasable(folder) if (one.sha256 in state.cleared if verb == "draft-reply" else one.sha256 not in known)]
    rows = [row for row in await attachments.told(folder) if row["sha256"] in {one.sha256 for one in chosen}]
    return {f"files.{number}.{name}": [str(row[name])] for number, row in enumerate(rows) for name in ("name", "sha256", "size")}
