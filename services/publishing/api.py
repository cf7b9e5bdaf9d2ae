"""What publishing answers beyond its commands: lists, the year of the catalogue, what is due, how far a publication has come, and what changed."""

import asyncio
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response

from services.publishing.consultation.state import TITLES as MATTER_TITLES
from services.publishing.consultation.state import Consultation, consultation
from services.publishing.consultation.state import Stage as MatterStage
from services.publishing.due import what_is_due
from services.publishing.interpretation.state import Interpretation, interpretation, interpretation_id
from services.publishing.publication.content import PERSON_CHECKS, differences, machine_checks
from services.publishing.publication.events import Check
from services.publishing.publication.progress import Gate, gates_of, next_step
from services.publishing.publication.state import TITLES, Publication, Stage, publication
from services.publishing.year import overview
from shared.kernel.commands import AgencyFacts
from shared.kernel.doorkeeping import SignedIn
from shared.kernel.errors import NotFound
from shared.kernel.events import Actor
from shared.kernel.routes import PROBLEMS, answer, load, reach, signed_in
from shared.kernel.running import Running
from shared.law.deadlines import Facts, explain
from shared.trust.personal import Personal

REACH = "agency = %(agency)s AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))"

CATALOGUE = f"""SELECT * FROM views.entries WHERE {REACH}
    AND (NOT %(missed)s OR missed > 0) ORDER BY retired, category, name, id LIMIT %(limit)s OFFSET %(offset)s"""

PUBLICATIONS = f"""SELECT * FROM views.publications WHERE {REACH}
    AND (%(stage)s::text IS NULL OR stage = %(stage)s) ORDER BY waits DESC, due, id LIMIT %(limit)s OFFSET %(offset)s"""

CONSULTATIONS = f"""SELECT * FROM views.consultations WHERE {REACH}
    AND (%(stage)s::text IS NULL OR stage = %(stage)s) ORDER BY until DESC NULLS FIRST, title, id LIMIT %(limit)s OFFSET %(offset)s"""

INTERPRETATIONS = """SELECT i.*, p.title FROM views.interpretations i JOIN views.publications p ON p.id = i.publication AND p.agency = i.agency
    WHERE i.agency = %(agency)s AND (%(reach)s::text[] IS NULL OR i.unit = ANY(%(reach)s))
    ORDER BY i.published_on IS NOT NULL, i.due NULLS FIRST, i.id LIMIT %(limit)s OFFSET %(offset)s"""

COMMENTS = """SELECT * FROM views.comments WHERE agency = %(agency)s AND consultation = %(matter)s
    AND (NOT %(open)s OR adopted IS NULL) ORDER BY received_on, number, id LIMIT %(limit)s OFFSET %(offset)s"""

COUNTS = """SELECT count(*) AS received, count(reasonable) AS examined, count(*) FILTER (WHERE adopted) AS adopted,
    count(*) FILTER (WHERE NOT adopted) AS not_adopted, count(*) FILTER (WHERE adopted IS NULL) AS unanswered,
    count(*) FILTER (WHERE representative AND NOT adopted AND NOT reasons_sent) AS reasons_owed
    FROM views.comments WHERE agency = %(agency)s AND consultation = %(matter)s"""

PAGE = 50
"""Rows on a page."""


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()

    async def seen(request: Request) -> tuple[AgencyFacts, frozenset[str] | None, str]:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "publishing.read", agency)
        await reach(running, request)
        return agency, units, f"publishing:{await running.views.read_position()}"

    async def catalogue(request: Request, missed: bool = False, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        agency, units, position = await seen(request)
        found = await listed(running, CATALOGUE, agency.code, units, page, missed=missed)
        return answer({"entries": found, "page": page, "more": len(found) == PAGE, "position": position})

    async def year(request: Request, year: int, missed: bool = False) -> Response:
        agency, units, position = await seen(request)
        found = await overview(running, agency.code, units, year, running.doorkeeper.today(agency), missed=missed)
        return answer({**found, "position": position})

    async def due(request: Request) -> Response:
        agency, units, position = await seen(request)
        return answer({"due": await what_is_due(running, agency, units), "position": position})

    async def publications(request: Request, stage: Stage | None = None, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        agency, units, position = await seen(request)
        found = await listed(running, PUBLICATIONS, agency.code, units, page, stage=stage)
        rows = [{**row, "stage_title": TITLES[Stage(row["stage"])]} for row in found]
        return answer({"publications": rows, "page": page, "more": len(found) == PAGE, "position": position})

    async def consultations(request: Request, stage: MatterStage | None = None, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        agency, units, position = await seen(request)
        found = await listed(running, CONSULTATIONS, agency.code, units, page, stage=stage)
        rows = [{**row, "stage_title": MATTER_TITLES[MatterStage(row["stage"])]} for row in found]
        return answer({"consultations": rows, "page": page, "more": len(found) == PAGE, "position": position})

    async def interpretations(request: Request, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        agency, units, position = await seen(request)
        found = await listed(running, INTERPRETATIONS, agency.code, units, page)
        return answer({"interpretations": found, "page": page, "more": len(found) == PAGE, "position": position})

    async def said(request: Request, id: UUID, unanswered: bool = False, page: int = Query(default=1, ge=1, le=1000)) -> Response:
        who = signed_in(running, request)
        state, agency = await readable(running, who, consultation, id, "publishing.consult")
        await reach(running, request)
        found = await list_comments(running, agency.code, id, unanswered=unanswered, page=page)
        actor = running.doorkeeper.authorise(who, "publishing.consult", agency, unit=state.responsible_unit)
        note_comments_seen(running, actor, agency, found)
        counts = await count_comments(running, agency.code, id)
        return answer({"comments": found, "counts": counts, "page": page, "more": len(found) == PAGE})

    async def progress(request: Request, id: UUID) -> Response:
        state, agency = await readable(running, signed_in(running, request), publication, id)
        gates = await gates_for(running, state)
        told = {"id": str(id), "stage": state.stage, "stage_title": TITLES[state.stage], "next": next_step(state, gates)}
        checks = msgspec.to_builtins(checklist(state))
        return answer({**told, "gates": msgspec.to_builtins(gates), "checks": checks, "clock": explained(running, state, agency)})

    async def changes(request: Request, id: UUID, version: int) -> Response:
        state, _ = await readable(running, signed_in(running, request), publication, id)
        versions = {one.version: one for one in state.versions}
        if version not in versions or version - 1 not in versions:
            raise NotFound("no-such-version", "没有这一版，或者没有可以比较的前一版。")
        return answer({"version": version, "differences": differences(versions[version - 1], versions[version])})

    def read(path: str, endpoint: Any, summary: str) -> None:
        made.add_api_route(path, endpoint, methods=["GET"], summary=summary, response_model=None, responses=PROBLEMS)

    read("/due", due, "到期和待办的事项")
    read("/catalogue-entries", catalogue, "公开目录")
    read("/catalogue/{year}", year, "公开目录的一年")
    read("/publications", publications, "公开信息列表")
    read("/publications/{id}/progress", progress, "办到哪一步，还差什么")
    read("/publications/{id}/versions/{version}/differences", changes, "与前一版的差异")
    read("/consultations", consultations, "重要事项列表")
    read("/consultations/{id}/comments", said, "对草案的意见")
    read("/interpretations", interpretations, "政策解读列表")
    return made


async def listed(
    running: Running, statement: str, agency: str, units: frozenset[str] | None, page: int, **wanted: Any
) -> list[dict[str, Any]]:
    """A page of a list, as far as it is these units' (None: all)."""
    seen = {"agency": agency, "reach": None if units is None else sorted(units), "limit": PAGE, "offset": (page - 1) * PAGE}
    return await running.query(statement, {**seen, **wanted}, agency=agency)


async def readable(
    running: Running, who: SignedIn | None, aggregate: Any, id: UUID, capability: str = "publishing.read"
) -> tuple[Any, AgencyFacts]:
    """A thing that this person may read, and its agency; raises `NotFound` or `Forbidden`."""
    state, agency = await load(running, aggregate, id)
    running.doorkeeper.authorise(who, capability, agency, unit=state.responsible_unit)
    return state, agency


async def list_comments(running: Running, agency: str, matter: UUID, *, unanswered: bool = False, page: int = 1) -> list[dict[str, Any]]:
    """A page of what was said about a draft, oldest first; the words are decrypted with one query for all keys."""
    wanted = {"agency": agency, "matter": matter, "open": unanswered, "limit": PAGE, "offset": (page - 1) * PAGE}
    rows = await running.query(COMMENTS, wanted, agency=agency)
    texts = await asyncio.to_thread(running.keys.show_many, [Personal.from_reference(row["text"]) for row in rows])
    named = [row["name"] for row in rows if row["name"]]
    names = dict(zip(named, await asyncio.to_thread(running.keys.show_many, [Personal.from_reference(one) for one in named]), strict=True))
    return [{**row, "text": text, "name": names.get(row["name"], "")} for row, text in zip(rows, texts, strict=True)]


def note_comments_seen(running: Running, actor: Actor, agency: AgencyFacts, found: list[dict[str, Any]]) -> None:
    """The list has shown this official what people have said."""
    for row in found:
        running.readings.saw_listed(actor, agency, row["id"], ("text", "name") if row["name"] else ("text",))


async def count_comments(running: Running, agency: str, matter: UUID) -> dict[str, int]:
    """How many comments there are, and how many still wait for an argument, an answer, or the reasons in writing."""
    rows = await running.query(COUNTS, {"agency": agency, "matter": matter}, agency=agency)
    return rows[0]


async def gates_for(running: Running, state: Publication) -> list[Gate]:
    """The gates of a publication, with what stands beside it."""
    explaining = await asyncio.to_thread(running.load, interpretation, interpretation_id(state.id))
    matter = (await asyncio.to_thread(running.load, consultation, state.matter))[0] if state.matter else None
    assert isinstance(explaining[0], Interpretation)
    assert matter is None or isinstance(matter, Consultation)
    return gates_of(state, explaining[0], matter)


def checklist(state: Publication) -> list[Check]:
    """The quality check on record for the content in work; before there is one, what the machine would say and what a person has to answer for."""
    if state.checks or state.draft is None:
        return list(state.checks)
    return [*machine_checks(state.draft, state.kind), *(Check(title, False, "person") for title in PERSON_CHECKS.values())]


def explained(running: Running, state: Publication, agency: AgencyFacts) -> dict[str, Any]:
    """The day by which it is to be public, day by day, and the agency's own stricter one."""
    assert state.deadline is not None
    assert state.created_on is not None
    laws = running.doorkeeper.laws(agency)
    facts = Facts(start=state.created_on, limit="proactive_disclosure")
    days = explain(facts, laws.rulebook_of(state.deadline.rulebook), laws.calendar)
    return {"due": state.deadline.due, "target": state.target, "article": state.deadline.article, "days": msgspec.to_builtins(days)}
