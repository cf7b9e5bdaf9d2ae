"""The kinds of things that the workbench shows, each with its page: what it is created by, who may read it, what stands on it."""

import asyncio

from fastapi import Request

from services.publishing.api import checklist, count_comments, explained, gates_for, list_comments, note_comments_seen
from services.publishing.catalogue_entry.classes import AUDIENCES, CADENCES, CHANNELS, CLASSES
from services.publishing.catalogue_entry.commands import DefineEntry
from services.publishing.catalogue_entry.state import CatalogueEntry, catalogue_entry
from services.publishing.comment.decisions import Comment, comment
from services.publishing.consultation.collation import as_ranges
from services.publishing.consultation.commands import ProposeMatter
from services.publishing.consultation.decisions import FORM_NAMES, WAYS
from services.publishing.consultation.progress import next_step as matter_next
from services.publishing.consultation.state import TITLES as MATTER_TITLES
from services.publishing.consultation.state import Consultation, consultation
from services.publishing.interpretation.commands import DraftPlan
from services.publishing.interpretation.decisions import FORMS
from services.publishing.interpretation.state import Interpretation, interpretation, interpretation_id
from services.publishing.portal import draft_at
from services.publishing.publication.commands import CreateInformation, DraftPublication
from services.publishing.publication.content import differences
from services.publishing.publication.decisions import EXPLAINED
from services.publishing.publication.progress import DECISIONS, next_step
from services.publishing.publication.state import TITLES, Publication, publication
from shared.files.kinds import ACCEPT
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Forbidden
from shared.kernel.events import Actor
from shared.kernel.running import Running
from shared.kernel.service import NavEntry
from shared.web.acting import act_form, days_left
from shared.web.acts import Tried
from shared.web.rendering import official
from shared.web.rooms import Room, Shown, Workbench, history

FOLDER = "publishing/templates"

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
    reader = reader_of_comments(running, request, state, agency)
    found = await list_comments(running, agency.code, state.id, unanswered=unanswered, page=number) if reader else None
    if reader is not None and found is not None:
        note_comments_seen(running, reader, agency, found)
    counts = await count_comments(running, agency.code, state.id)
    return {
        "stage_title": MATTER_TITLES[state.stage],
        "comments": found,
        "counts": counts,
        "next": matter_next(state, counts, running.doorkeeper.today(agency)),
        "draft_at": await draft_at(running, agency.code, state.opened.draft) if state.opened else None,
        "unanswered": unanswered,
        "page_number": number,
        "forms": FORM_NAMES,
        "ways": WAYS,
        "ranges": as_ranges,
        "history": await history(running, state),
    }


def reader_of_comments(running: Running, request: Request, state: Consultation, agency: AgencyFacts) -> Actor | None:
    """This official, who handles comments, or None: their words are personal data, and not for everybody who sees the matter."""
    try:
        return running.doorkeeper.authorise(official(running, request), "publishing.consult", agency, unit=state.responsible_unit)
    except Forbidden:
        return None


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
    Room("entries", "目录事项", catalogue_entry, "publishing.read", show_entry, DefineEntry, f"{FOLDER}/entry.html"),
    Room("publications", "公开信息", publication, "publishing.read", show_publication, CreateInformation, f"{FOLDER}/publication.html"),
    Room("consultations", "重要事项", consultation, "publishing.read", show_consultation, ProposeMatter, f"{FOLDER}/consultation.html"),
    Room("comments", "意见", comment, "publishing.consult", show_comment, None, f"{FOLDER}/comment.html"),
    Room("interpretations", "政策解读", interpretation, "publishing.read", show_interpretation, DraftPlan, f"{FOLDER}/interpretation.html"),
)
"""In the order of the workbench."""

BENCH = Workbench("publishing", ROOMS, offered=OFFERED, titles=NAMED, agency_fields=("maker", "keeper", "lead"))

NAV = (
    NavEntry("/publishing/", "到期和待办", "publishing.read"),
    NavEntry("/publishing/catalogue", "公开目录", "publishing.read"),
    NavEntry("/publishing/publications", "公开信息", "publishing.read"),
    NavEntry("/publishing/interpretations", "政策解读", "publishing.read"),
    NavEntry("/publishing/consultations", "重要事项", "publishing.read"),
    NavEntry("/publishing/channels", "对外通道", "publishing.settle_delivery"),
)
"""The pages of the workbench beside its things."""
