"""What requests answers about files: upload, list, download, scan again and clean, for officials; and for the applicant, with the query password."""

import hmac
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from services.requests.api import FollowUp, followed
from services.requests.attachments import Admitted, Attachments, attachments_in, given_out
from services.requests.disclosure_request.state import DisclosureRequest, disclosure_request
from shared.kernel.commands import AgencyFacts
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import Invalid, NotFound, TooMany, Unauthenticated
from shared.kernel.events import Actor
from shared.kernel.jobs import Receipt
from shared.kernel.routes import PROBLEMS, answer, invalid, load, signed_in
from shared.kernel.running import Running

RECEIVED, GIVEN = "received", "given"


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()
    attachments = attachments_in(running)

    async def listed(request: Request, id: UUID) -> Response:
        _, agency, actor = await allowed(running, signed_in(running, request), id, "requests.read")
        folder = await attachments.folder(id)
        running.readings.saw_fields(actor, agency, id, ("file_names",) if folder.files else ())
        return answer({"folder": str(folder.id), "files": await attachments.told(folder)})

    async def upload(request: Request, id: UUID) -> Response:
        who = signed_in(running, request)

        async def admit(fields: dict[str, str]) -> Admitted:
            return await admitted(running, who, id, fields.get("direction", ""))

        return stored(running, await attachments.upload(request, admit))

    async def download(request: Request, id: UUID, sha256: str) -> Response:
        return await read_by_official(running, attachments, signed_in(running, request), id, sha256)

    async def scan(request: Request, id: UUID, sha256: str) -> Response:
        state, agency, actor = await allowed(running, signed_in(running, request), id, "requests.read_attachment")
        verdict = await attachments.scan_again(await attachments.folder(state.id), sha256, agency, actor)
        return answer({"sha256": sha256, "scan": verdict})

    async def clean(request: Request, id: UUID, sha256: str) -> Response:
        to = await admitted(running, signed_in(running, request), id, GIVEN)
        return stored(running, await attachments.clean(await attachments.folder(id), sha256, to))

    async def upload_by_applicant(request: Request) -> Response:
        limited(running, request)

        async def admit(fields: dict[str, str]) -> Admitted:
            return await admitted_applicant(running, fields.get("tracking_number", ""), fields.get("query_password", ""))

        return stored(running, await attachments.upload(request, admit))

    async def listed_to_applicant(request: Request) -> Response:
        state = await applicant(running, request)
        return answer({"files": await told_to_applicant(attachments, state)})

    async def download_by_applicant(request: Request, sha256: str) -> Response:
        return await read_by_applicant(running, attachments, await applicant(running, request), sha256)

    for path, endpoint, method, summary in (
        ("/disclosure-requests/{id}/attachments", listed, "GET", "附件列表"),
        ("/disclosure-requests/{id}/attachments", upload, "POST", "上传附件（表单：direction 为 received 或 given，然后是 file）"),
        ("/disclosure-requests/{id}/attachments/{sha256}", download, "GET", "下载附件"),
        ("/disclosure-requests/{id}/attachments/{sha256}/scan", scan, "POST", "重新扫描病毒"),
        ("/disclosure-requests/{id}/attachments/{sha256}/clean", clean, "POST", "生成清理后的副本"),
        ("/follow-up/attachments", upload_by_applicant, "POST", "申请人提交附件（表单：tracking_number、query_password，然后是 file）"),
        ("/follow-up/files", listed_to_applicant, "POST", "申请人可以下载的文件"),
        ("/follow-up/files/{sha256}", download_by_applicant, "POST", "申请人下载答复的文件"),
    ):
        made.add_api_route(path, endpoint, methods=[method], summary=summary, response_model=None, responses=PROBLEMS)
    return made


def stored(running: Running, receipt: Receipt) -> Response:
    """What is told of a file that was taken."""
    position = f"{running.name}:{receipt.position}"
    return answer({"folder": str(receipt.id), "version": receipt.version, "position": position}, 201, {"Gongkai-Position": position})


def limited(running: Running, request: Request) -> None:
    """The public sends so many a minute."""
    if not running.allow_public(request.client.host if request.client else "unknown"):
        raise TooMany("too-many", "操作过于频繁，请稍后再试。", retry_after=60)


async def allowed(running: Running, who: SignedIn | None, id: UUID, capability: str) -> tuple[DisclosureRequest, AgencyFacts, Actor]:
    """The request, if this person may do this to it; raises `NotFound`, `Unauthenticated` or `Forbidden`."""
    state, agency = await load(running, disclosure_request, id)
    assert isinstance(state, DisclosureRequest)
    if who is not None and who.agency != agency.code:
        raise NotFound("not-found", "没有找到该事项，请核对编号。")
    return state, agency, running.doorkeeper.authorise(who, capability, agency, unit=state.responsible_unit)


async def admitted(running: Running, who: SignedIn | None, id: UUID, direction: str) -> Admitted:
    """An official's upload; raises as `allowed`."""
    if direction not in (RECEIVED, GIVEN):
        raise Invalid(
            "direction", "请写明是收到的材料（received）还是拟提供的文件（given）。", fields=[{"field": "direction", "sentence": "必填"}]
        )
    capability = "requests.draft_reply" if direction == GIVEN else "requests.submit_attachment"
    if who is None:
        # The applicant uploads with the query password, by the other way.
        raise Unauthenticated("sign-in", "请先登录后再办理。")
    state, agency, actor = await allowed(running, who, id, capability)
    return Admitted(state, agency, actor, direction == GIVEN)


async def admitted_applicant(running: Running, tracking_number: str, password: str) -> Admitted:
    """The applicant's upload; raises `NotFound` whichever is wrong."""
    state = await followed(running, tracking_number, password)
    agency = running.doorkeeper.agency(state.agency)
    return Admitted(state, agency, running.doorkeeper.authorise(None, "requests.submit_attachment", agency), False)


async def applicant(running: Running, request: Request) -> DisclosureRequest:
    """The request of who follows it up."""
    limited(running, request)
    try:
        told = FollowUp.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        raise invalid(error) from None
    return await followed(running, told.tracking_number, told.query_password)


async def told_to_applicant(attachments: Attachments, state: DisclosureRequest) -> list[dict[str, Any]]:
    """What the applicant has sent, and what it may download."""
    folder = await attachments.folder(state.id)
    sent = [row for row in await attachments.told(folder) if row["direction"] == RECEIVED]
    keys = ("name", "size", "kind_title", "on", "scan_title", "direction", "sha256")
    rows: list[dict[str, Any]] = [{**{key: row[key] for key in keys}, "download": False} for row in sent]
    for one, name in given_out(state, folder):
        rows.append({"name": name, "size": one.size, "on": one.on, "direction": GIVEN, "sha256": one.sha256, "download": True})
    return rows


async def read_by_official(running: Running, attachments: Attachments, who: SignedIn | None, id: UUID, sha256: str) -> Response:
    """A file, to an official who may read the request; what is to be given out, to who reviews it too."""
    folder = await attachments.folder(id)
    capability = "requests.read" if folder.exists and folder.file(sha256).incoming else "requests.read_attachment"
    _, agency, actor = await allowed(running, who, id, capability)
    return await attachments.give(folder, sha256, agency, actor, actor.person)


async def read_by_applicant(running: Running, attachments: Attachments, state: DisclosureRequest, sha256: str) -> Response:
    """A file of the reply, to the applicant, after its delivery: the bytes that were reviewed, under the name that the reply gives them."""
    folder = await attachments.folder(state.id)
    for one, name in given_out(state, folder):
        if hmac.compare_digest(one.sha256, sha256):
            agency = running.doorkeeper.agency(state.agency)
            return await attachments.give(folder, sha256, agency, Actor("public", ("public",)), "public", name=name)
    raise NotFound("no-such-file", "没有可以下载的这份文件；答复送达之后，随答复提供的文件可以在此下载。")
