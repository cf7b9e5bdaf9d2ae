"""The page of a request's letters: what may be made, what was made, how it went out and arrived."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.requests.api import followed
from services.requests.attachments_api import allowed, limited
from services.requests.letter.commands import RecordLetterDelivery, RecordLetterReturn, SendLetter, WithdrawLetter
from services.requests.letter.decisions import Standing
from services.requests.letter.kinds import open_kinds
from services.requests.letter.mail_commands import MailLetter, SettleLetterMail
from services.requests.letters import Letters, Wanted, letters_in
from services.requests.letters_api import as_docx, as_pdf, pdf_of_applicant, readable, shown
from shared.kernel.commands import Command
from shared.kernel.errors import Invalid, NotFound, Problem
from shared.kernel.identity import fresh_id
from shared.kernel.running import Running
from shared.web.acting import simulated_day
from shared.web.forms import CHOICES, as_choice, fields_of, parse
from shared.web.rendering import moved, official, page, posted

ACTS: dict[str, tuple[type[Command], tuple[str, ...], tuple[Standing, ...]]] = {
    "settle-mail": (SettleLetterMail, ("decision", "reason"), (Standing.ISSUED, Standing.RETURNED)),
    "mail": (MailLetter, ("to",), (Standing.ISSUED, Standing.RETURNED)),
    "send": (SendLetter, ("way", "evidence"), (Standing.ISSUED, Standing.RETURNED)),
    "record-delivery": (RecordLetterDelivery, ("evidence",), (Standing.ISSUED, Standing.SENT)),
    "record-return": (RecordLetterReturn, ("reason",), (Standing.SENT,)),
    "withdraw": (WithdrawLetter, ("reason", "replaced_by"), (Standing.ISSUED, Standing.SENT, Standing.DELIVERED, Standing.RETURNED)),
}
"""What may be done with a letter: the command, the fields that a person fills in, and where the letter must stand."""


def router(running: Running) -> APIRouter:
    """The pages."""
    made = APIRouter(prefix="/requests")
    letters = letters_in(running)

    async def listed(request: Request, id: UUID) -> Response:
        return await letters_page(running, letters, request, id)

    async def made_or_previewed(request: Request, id: UUID) -> Response:
        who = official(running, request)
        typed = await posted(request)
        state, agency, actor = await allowed(running, who, id, "requests.issue_letter")
        key, _, party = typed.get("letter", [""])[0].partition(":")
        try:
            if not key or not party.isdecimal():
                raise Invalid("letter-kind", "请选择要制发的文书。", fields=[{"field": "letter", "sentence": "请选择"}])
            day = simulated_day(agency, typed) or running.doorkeeper.today(agency)
            wanted = Wanted(state, agency, day, key, int(party))
            if typed.get("preview"):
                running.readings.saw(actor, agency, state)
                return shown((await letters.preview(wanted)).pdf, "预览.pdf")
            await letters.issue(wanted, actor, key=typed.get("_key", [""])[0] or None)
        except Problem as problem:
            return await letters_page(running, letters, request, id, problem=problem, chosen=f"{key}:{party}")
        return moved(f"/requests/cases/{id}/letters")

    async def acted(request: Request, id: UUID, letter: UUID, verb: str) -> Response:
        who = official(running, request)
        typed = await posted(request)
        if verb not in ACTS:
            raise NotFound("no-such-act", "没有这项办理，请从页面上选择。")
        found = await readable(running, who, letter)
        if found.request != id:
            raise NotFound("not-found", "没有找到该事项，请核对编号。")
        state, agency, actor = await allowed(running, who, id, "requests.issue_letter")
        try:
            if verb == "mail":
                await letters.mail(found, state, actor, typed.get("to", [""])[0].strip(), simulated_day(agency, typed))
                return moved(f"/requests/cases/{id}/letters")
            command, wrong = parse(ACTS[verb][0], typed)
            if command is None:
                raise Invalid("letter-form", "；".join(wrong.values()))
            receipt = await running.execute(command, letter, actor, agency, today=simulated_day(agency, typed))
            await running.views.wait(receipt.position, running.settings.view_wait_seconds)
        except Problem as problem:
            return await letters_page(running, letters, request, id, problem=problem)
        return moved(f"/requests/cases/{id}/letters")

    async def pdf_to_applicant(request: Request, id: UUID) -> Response:
        limited(running, request)
        typed = await posted(request)
        state = await followed(running, typed.get("tracking_number", [""])[0], typed.get("query_password", [""])[0])
        return await pdf_of_applicant(running, letters, state, id)

    async def pdf(request: Request, id: UUID) -> Response:
        return await as_pdf(running, letters, official(running, request), id)

    async def docx(request: Request, id: UUID) -> Response:
        return await as_docx(running, letters, official(running, request), id)

    for path, endpoint, method in (
        ("/cases/{id}/letters", listed, "GET"),
        ("/cases/{id}/letters", made_or_previewed, "POST"),
        ("/cases/{id}/letters/{letter}/{verb}", acted, "POST"),
        ("/follow/letters/{id}", pdf_to_applicant, "POST"),
        ("/letters/{id}/pdf", pdf, "GET"),
        ("/letters/{id}/docx", docx, "GET"),
    ):
        made.add_api_route(path, endpoint, methods=[method], response_model=None)
    return made


async def letters_page(
    running: Running, letters: Letters, request: Request, id: UUID, *, problem: Problem | None = None, chosen: str = ""
) -> Response:
    """The letters of a request, and what may be done about them."""
    state, agency, _ = await allowed(running, official(running, request), id, "requests.read")
    rows = await letters.listed(id, agency)
    return page(
        running,
        request,
        "requests/templates/letters.html",
        status=problem.status if problem else 200,
        state=state,
        rows=[
            {
                **row,
                "acts": acts_of(row, rows, mails=running.settings.mail_server is not None),
                "way_title": CHOICES.get(row["way"], row["way"]),
            }
            for row in rows
        ],
        may=open_kinds(state),
        chosen=chosen,
        key=fresh_id(),
        problem=problem.sentence if problem else "",
        remedy=problem.remedy if problem else None,
        simulated=agency.simulated,
        today=running.doorkeeper.today(agency),
    )


def acts_of(row: dict[str, Any], rows: list[dict[str, Any]], *, mails: bool) -> list[dict[str, Any]]:
    """What may be done with a letter that stands so, among the letters of its request; `mails`: whether mail can be sent at all."""
    closed = {"queued": {"mail", "settle-mail", "send"}, "begun": {"mail", "settle-mail", "send"}, "stopped": {"mail"}}.get(
        row["mail"], {"settle-mail"} if mails else {"settle-mail", "mail"}
    )
    further = [
        (str(one["id"]), one["number"])
        for one in rows
        if one["kind"] == row["kind"] and one["id"] != row["id"] and one["standing"] != Standing.WITHDRAWN
    ]
    acts = []
    for verb, (cls, names, standings) in ACTS.items():
        if row["standing"] not in standings or verb in closed:
            continue
        fields = fields_of(cls, only=names)
        for field in fields:
            if field.name == "replaced_by":
                as_choice(field, further)
            if field.name == "to" and not row["party"]:
                field.required, field.hint = False, "不填则发到申请人填写的邮箱"
        acts.append({"verb": verb, "title": cls.spec.title, "fields": fields})
    return acts
