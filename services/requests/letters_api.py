"""What requests answers about letters: which may be made, preview, issue, print and download, for officials; and for the applicant, with the password."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.requests.attachments_api import allowed, applicant
from services.requests.disclosure_request.state import DisclosureRequest
from services.requests.letter.decisions import Letter, Standing, letter, title_of
from services.requests.letter.kinds import open_kinds
from services.requests.letters import Letters, Wanted, letters_in
from shared.files.giving import download_headers
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import NotFound
from shared.kernel.routes import PROBLEMS, answer, invalid, load, signed_in
from shared.kernel.running import Running
from shared.letters.template import Template, built_in
from shared.web.acting import simulated_day

PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class LetterWanted(BaseModel):
    """Which letter to make."""

    model_config = ConfigDict(extra="forbid")
    kind: str = Field(title="文书种类", max_length=40)
    party: int = Field(default=0, title="第三方序号", ge=0)


class MailWanted(BaseModel):
    """Where a letter goes by mail; empty: to the mailbox that the applicant gave."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    to: str = Field(default="", title="收件邮箱", max_length=200)


class TemplateWanted(BaseModel):
    """A layout to be tried and adopted."""

    model_config = ConfigDict(extra="forbid")
    source: str = Field(title="模板（typst）", min_length=10, max_length=60_000)


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()
    letters = letters_in(running)

    async def listed(request: Request, id: UUID) -> Response:
        state, agency, _ = await allowed(running, signed_in(running, request), id, "requests.read")
        may = [{"kind": kind, "party": party, "title": title} for kind, party, title in open_kinds(state)]
        return answer({"letters": await letters.listed(id, agency), "open": may})

    async def issue(request: Request, id: UUID) -> Response:
        wanted, actor = await wanted_of(request, id)
        receipt = await letters.issue(wanted, actor, key=request.headers.get("idempotency-key"))
        position = f"{running.name}:{receipt.position}"
        return answer({"id": str(receipt.id), "position": position, **receipt.reply}, 201, {"Gongkai-Position": position})

    async def preview(request: Request, id: UUID) -> Response:
        wanted, actor = await wanted_of(request, id)
        running.readings.saw(actor, wanted.agency, wanted.request)
        return shown((await letters.preview(wanted)).pdf, "预览.pdf")

    async def wanted_of(request: Request, id: UUID) -> tuple[Wanted, Any]:
        try:
            told = LetterWanted.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise invalid(error) from None
        state, agency, actor = await allowed(running, signed_in(running, request), id, "requests.issue_letter")
        named = simulated_day(agency, {"_today": [request.headers.get("gongkai-today", "")]})
        return Wanted(state, agency, named or running.doorkeeper.today(agency), told.kind, told.party), actor

    async def mail(request: Request, id: UUID) -> Response:
        try:
            told = MailWanted.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise invalid(error) from None
        found = await readable(running, signed_in(running, request), id)
        assert found.request is not None
        state, agency, actor = await allowed(running, signed_in(running, request), found.request, "requests.issue_letter")
        day = simulated_day(agency, {"_today": [request.headers.get("gongkai-today", "")]})
        receipt = await letters.mail(found, state, actor, told.to, day)
        return answer({"id": str(id), "position": f"{running.name}:{receipt.position}"})

    async def pdf(request: Request, id: UUID) -> Response:
        return await as_pdf(running, letters, signed_in(running, request), id)

    async def docx(request: Request, id: UUID) -> Response:
        return await as_docx(running, letters, signed_in(running, request), id)

    async def listed_to_applicant(request: Request) -> Response:
        state = await applicant(running, request)
        rows = await letters.listed(state.id, running.doorkeeper.agency(state.agency))
        return answer({"letters": told_to_applicant(rows)})

    async def pdf_to_applicant(request: Request, id: UUID) -> Response:
        return await pdf_of_applicant(running, letters, await applicant(running, request), id)

    for path, endpoint, method, summary in (
        ("/disclosure-requests/{id}/letters", listed, "GET", "文书列表，以及现在可以制发的文书"),
        ("/disclosure-requests/{id}/letters", issue, "POST", "制发文书"),
        ("/disclosure-requests/{id}/letters/preview", preview, "POST", "预览文书（PDF）"),
        ("/letters/{id}/mail", mail, "POST", "以邮件发送文书"),
        ("/letters/{id}/pdf", pdf, "GET", "文书（PDF）"),
        ("/letters/{id}/docx", docx, "GET", "文书的可编辑副本（DOCX）"),
        ("/follow-up/letters", listed_to_applicant, "POST", "申请人可以下载的文书"),
        ("/follow-up/letters/{id}", pdf_to_applicant, "POST", "申请人下载文书（PDF）"),
    ):
        made.add_api_route(path, endpoint, methods=[method], summary=summary, response_model=None, responses=PROBLEMS)
    add_templates(made, running, letters)
    return made


def add_templates(made: APIRouter, running: Running, letters: Letters) -> None:
    """How an agency's letters look: what is used now, and another layout tried and adopted."""

    async def adopt(request: Request) -> Response:
        who = signed_in(running, request)
        try:
            told = TemplateWanted.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise invalid(error) from None
        agency = running.agency_for(who, None)
        actor = running.doorkeeper.authorise(who, "requests.set_letterhead", agency)
        receipt = await letters.adopt(agency, actor, told.source)
        return answer({"template": Template(told.source).version, "position": f"{running.name}:{receipt.position}"}, 201)

    async def adopt_docx(request: Request) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        actor = running.doorkeeper.authorise(who, "requests.set_letterhead", agency)
        receipt = await letters.adopt_docx(agency, actor, await request.body())
        head = await letters.head(agency)
        return answer({"docx": head.docx, "position": f"{running.name}:{receipt.position}"}, 201)

    async def templates(request: Request) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, "requests.set_letterhead", agency)
        head = await letters.head(agency)
        own = bool(head.sources) and head.template != built_in()
        return answer({"template": head.template.version, "own": own, "source": head.template.source, "docx": head.docx})

    for path, endpoint, method, summary in (
        ("/letter-templates", templates, "GET", "现用的文书模板"),
        ("/letter-templates", adopt, "POST", "试排并采用文书模板"),
        ("/letter-templates/docx", adopt_docx, "POST", "试填并采用可编辑副本的模板（DOCX，空为恢复自带的）"),
    ):
        made.add_api_route(path, endpoint, methods=[method], summary=summary, response_model=None, responses=PROBLEMS)


async def readable(running: Running, who: SignedIn | None, id: UUID) -> Letter:
    """The letter, if this official may read its request; raises `NotFound`, `Unauthenticated` or `Forbidden`."""
    found, _ = await load(running, letter, id)
    assert isinstance(found, Letter)
    assert found.request is not None
    _, agency, actor = await allowed(running, who, found.request, "requests.read")
    running.readings.saw(actor, agency, found)
    return found


async def pdf_of_applicant(running: Running, letters: Letters, state: DisclosureRequest, id: UUID) -> Response:
    """A letter that went to the applicant of this request, as a download; raises `NotFound` for any other."""
    found, _ = await load(running, letter, id)
    assert isinstance(found, Letter)
    if found.request != state.id or not found.issued or found.issued.party or found.standing not in (Standing.SENT, Standing.DELIVERED):
        raise NotFound("no-such-letter", "没有可以下载的这份文书；文书发出之后，可以在此下载。")
    return shown(await letters.pdf(found), f"{title_of(found)}.pdf", attached=True)


async def as_pdf(running: Running, letters: Letters, who: SignedIn | None, id: UUID) -> Response:
    """The letter as it was made, to read or print in the browser."""
    found = await readable(running, who, id)
    return shown(await letters.pdf(found), f"{found.number}.pdf")


async def as_docx(running: Running, letters: Letters, who: SignedIn | None, id: UUID) -> Response:
    """Its editable copy, as a download."""
    found = await readable(running, who, id)
    content = await letters.docx(found)
    return Response(content, media_type=DOCX, headers=download_headers(f"{found.number}.docx", len(content)))


def told_to_applicant(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The letters that went to the applicant."""
    keys = ("id", "title", "number", "sent_on", "delivered_on", "sha256")
    gone = (Standing.SENT, Standing.DELIVERED)
    return [{key: row[key] for key in keys} for row in rows if row["party"] == 0 and row["standing"] in gone]


def shown(content: bytes, name: str, *, attached: bool = False) -> Response:
    """A PDF, in the browser's own viewer or as a download; nobody keeps it between."""
    headers = download_headers(name, len(content))
    if not attached:
        # The viewer of a browser does not open in a sandbox; nothing but the file itself may be loaded all the same.
        headers["Content-Disposition"] = headers["Content-Disposition"].replace("attachment", "inline", 1)
        headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return Response(content, media_type=PDF, headers=headers)
