"""The kinds of things that the workbench shows, each with its page: what it is created by, who may read it, what stands on it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from fastapi import Request

from services.publishing.api import checklist, count_comments, explained, gates_for, list_comments
from services.publishing.catalogue_entry.classes import AUDIENCES, CADENCES, CHANNELS, CLASSES
from services.publishing.catalogue_entry.commands import DefineEntry
from services.publishing.catalogue_entry.state import CatalogueEntry, catalogue_entry
from services.publishing.comment.decisions import Comment, comment
from services.publishing.consultation.commands import ProposeMatter
from services.publishing.consultation.decisions import FORM_NAMES, WAYS
from services.publishing.consultation.state import TITLES as MATTER_TITLES
from services.publishing.consultation.state import Consultation, consultation
from services.publishing.interpretation.commands import DraftPlan
from services.publishing.interpretation.decisions import FORMS
from services.publishing.interpretation.state import Interpretation, interpretation, interpretation_id
from services.publishing.publication.commands import CreateInformation, DraftPublication
from services.publishing.publication.content import differences
from services.publishing.publication.decisions import EXPLAINED
from services.publishing.publication.progress import DECISIONS, next_step
from services.publishing.publication.state import TITLES, Publication, publication
from shared.files.kinds import ACCEPT
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Command, CommandSpec
from shared.kernel.errors import Forbidden
from shared.kernel.running import Running
from shared.web.acting import act_form, days_left
from shared.web.acts import Tried
from shared.web.forms import Field, as_choice
from shared.web.rendering import official

LATE = ("effective_on", "late_reason")
"""The fields with which a past fact is entered."""

MOST = 500
"""Things that a form offers to choose from, newest first."""

OFFERED: dict[str, str] = {
    "entry": "SELECT id, name AS title FROM views.entries WHERE agency = %s AND NOT retired ORDER BY name, id LIMIT %s",
    "matter": "SELECT id, title FROM views.consultations WHERE agency = %s AND stage <> 'result' ORDER BY title, id LIMIT %s",
    "document": "SELECT id, title FROM views.publications WHERE agency = %s AND kind IN ('normative', 'policy') ORDER BY due DESC, id LIMIT %s",
    "publication": "SELECT id, title FROM views.publications WHERE agency = %s AND stage = 'published' ORDER BY published_on DESC, id LIMIT %s",
    "change_of": "SELECT id, title FROM views.publications WHERE agency = %s AND stage = 'published' ORDER BY published_on DESC, id LIMIT %s",
}
"""Fields that name another thing: what there is to choose from."""

VALIDITIES = {"in_force": "现行有效", "amended": "已修改", "expired": "失效", "repealed": "废止"}

NAMED: dict[str, dict[str, str]] = {"ways": WAYS, "decision": DECISIONS}
"""Choices that have another name here than elsewhere."""

Shown = dict[str, Any]
Show = Callable[[Running, Request, Any, AgencyFacts, Shown, Tried | None], Awaitable[Shown]]


class Room(NamedTuple):
    """A kind of thing: its path, what it is, who may read it, the template of its page, what the page shows beside the forms, what creates it."""

    path: str
    title: str
    aggregate: Aggregate[Any]
    read: str
    template: str
    show: Show
    creating: type[Command] | None = None


def own_specs(running: Running, room: Room) -> list[CommandSpec]:
    """The commands of this kind of thing."""
    return [spec for spec in running.service.commands if spec.aggregate is room.aggregate]


async def choices(running: Running, agency: AgencyFacts) -> dict[str, list[tuple[str, str]]]:
    """What a form offers for the fields that name a unit, an agency or another thing."""
    directory: Any = running.doorkeeper
    agencies = [(one.code, one.name) for one in running.doorkeeper.agencies()]
    made = {
        "unit": [(one.code, one.name) for one in directory.units(agency.code)],
        **dict.fromkeys(("maker", "keeper", "lead"), sorted(agencies, key=lambda one: one[0] != agency.code)),
    }
    for name, statement in OFFERED.items():
        rows = await running.query(statement, (agency.code, MOST), agency=agency.code)
        made[name] = [(str(row["id"]), row["title"]) for row in rows]
    return made


def with_choices(fields: list[Field], offered: dict[str, list[tuple[str, str]]]) -> None:
    """Makes the fields that name something a choice of what there is; what was typed stays, whether it is offered or not."""
    for field in fields:
        titles = NAMED.get(field.name, {})
        field.choices = [(value, titles.get(value, title)) for value, title in field.choices]
        found = offered.get(field.name)
        if found:
            known = {value for value, _ in found}
            as_choice(field, [*found, *([(field.value, field.value)] if field.value and field.value not in known else [])])


async def history(running: Running, state: Any) -> list[Shown]:
    """What has happened to a thing, oldest first."""
    rows = await asyncio.to_thread(running.log.rows.read_aggregate, state.id)
    told = []
    for row in rows:
        recorded = row.recorded()
        meta = recorded.meta
        who = running.doorkeeper.name_of(meta.actor.person)
        told.append(
            {"title": recorded.event.spec.title, "on": meta.effective_on, "at": meta.recorded_at, "who": who, "article": meta.article}
        )
    return told


async def show_entry(
    running: Running, _request: Request, state: CatalogueEntry, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """An entry: what it is, and every period that has come due."""
    periods = [(one, days_left(running, agency, one.due)) for one in reversed(state.periods)]
    tables = {"classes": CLASSES, "audiences": AUDIENCES, "channels": CHANNELS, "kept": bool(CADENCES[state.cadence])}
    return {"periods": periods, **tables, "history": await history(running, state)}


async def show_publication(
    running: Running, _request: Request, state: Publication, agency: AgencyFacts, made: Shown, tried: Tried | None
) -> Shown:
    """A publication: the next step, its gates, its checklist, the content, where it is public, its versions and what changed."""
    gates = await gates_for(running, state)
    for number, one in enumerate(made["acts"]):
        if one["verb"] == "draft" and not (tried and tried.verb == "draft"):
            made["acts"][number] = act_form(one, DraftPublication, content_known(state, agency), None)
    versions = {version.version: version for version in state.versions}
    changed = [(number, differences(versions[number - 1], version)) for number, version in versions.items() if number - 1 in versions]
    explaining = (await asyncio.to_thread(running.load, interpretation, interpretation_id(state.id)))[0]
    return {
        "stage_title": TITLES[state.stage],
        "next": next_step(state, gates),
        "gates": gates,
        "checks": checklist(state),
        "clock": explained(running, state, agency),
        "left": days_left(running, agency, state.deadline.due if state.deadline else None),
        "target_left": days_left(running, agency, state.target),
        "changed": list(reversed(changed)),
        "explaining": explaining if explaining.exists else None,
        "explains": state.kind in EXPLAINED,
        "approves": state.draft.hash if state.draft else None,
        "decisions": DECISIONS,
        "accept": ACCEPT,
        "megabytes": running.settings.file_limit_bytes // 1_048_576,
        "channels": CHANNELS,
        "validities": VALIDITIES,
        "history": await history(running, state),
    }


def content_known(state: Publication, agency: AgencyFacts) -> dict[str, list[str]]:
    """What a draft starts from: the content in work, else the title, the agency, and the files that already went out on request."""
    draft = state.draft
    chosen = draft.files if draft else state.offered
    hashes = {file.sha256 for file in chosen}
    files = (*chosen, *(file for file in state.attached if file.sha256 not in hashes))
    known = {
        "title": draft.title if draft else state.title,
        "text": draft.text if draft else "",
        "subject": draft.subject if draft else "",
        "issuer": draft.issuer if draft else agency.name,
        "document_number": draft.document_number if draft else "",
        "date_of_issue": str(draft.date_of_issue or "") if draft else "",
        "keywords": "\n".join(draft.keywords) if draft else "",
    }
    rows = {f"files.{number}.{name}": str(getattr(file, name)) for number, file in enumerate(files) for name in ("name", "sha256", "size")}
    return {name: [value] for name, value in {**known, **rows}.items()}


async def show_consultation(
    running: Running, request: Request, state: Consultation, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A matter: its three stages, its meetings, and what was said, one by one."""
    text = request.query_params.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= 1000 else 1
    unanswered = bool(request.query_params.get("unanswered"))
    found = (
        await list_comments(running, agency.code, state.id, unanswered=unanswered, page=number)
        if may_read_comments(running, request, state, agency)
        else None
    )
    return {
        "stage_title": MATTER_TITLES[state.stage],
        "comments": found,
        "counts": await count_comments(running, agency.code, state.id),
        "unanswered": unanswered,
        "page_number": number,
        "forms": FORM_NAMES,
        "ways": WAYS,
        "history": await history(running, state),
    }


def may_read_comments(running: Running, request: Request, state: Consultation, agency: AgencyFacts) -> bool:
    """Whether this official handles comments: their words are personal data, and not for everybody who sees the matter."""
    try:
        running.doorkeeper.authorise(official(running, request), "publishing.consult", agency, unit=state.responsible_unit)
    except Forbidden:
        return False
    return True


async def show_comment(
    running: Running, _request: Request, state: Comment, _agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """A comment, its words decrypted for who may read them."""
    shown = await asyncio.to_thread(running.shown, state)
    return {"shown": shown, "history": await history(running, state)}


async def show_interpretation(
    running: Running, _request: Request, state: Interpretation, agency: AgencyFacts, _made: Shown, _tried: Tried | None
) -> Shown:
    """An interpretation: its plan, its material and its clock."""
    document = (await asyncio.to_thread(running.load, publication, state.publication))[0] if state.publication else None
    return {
        "document": document,
        "left": days_left(running, agency, state.deadline.due if state.deadline else None),
        "forms": FORMS,
        "channels": CHANNELS,
        "history": await history(running, state),
    }


ROOMS = (
    Room("entries", "目录事项", catalogue_entry, "publishing.read", "entry.html", show_entry, DefineEntry),
    Room("publications", "公开信息", publication, "publishing.read", "publication.html", show_publication, CreateInformation),
    Room("consultations", "重要事项", consultation, "publishing.read", "consultation.html", show_consultation, ProposeMatter),
    Room("comments", "意见", comment, "publishing.consult", "comment.html", show_comment),
    Room("interpretations", "政策解读", interpretation, "publishing.read", "interpretation.html", show_interpretation, DraftPlan),
)
"""In the order of the workbench."""
