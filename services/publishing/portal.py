"""What the public reads: an item with its metadata and its interpretation, what is new, the matters that are open to comments, and the files themselves."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.publishing.catalogue_entry.classes import CLASSES
from services.publishing.files import files_in
from services.publishing.interpretation.events import InterpretationPublished, MaterialSubmitted
from services.publishing.interpretation.state import interpretation_id
from services.publishing.search import KINDS
from services.publishing.views.portal import PORTAL
from shared.files.giving import begun, download_headers, proved
from shared.kernel.commands import AgencyFacts
from shared.kernel.errors import Invalid, NotFound, Problem
from shared.kernel.running import Running

VALIDITIES = {"in_force": "现行有效", "amended": "已修改", "expired": "失效", "repealed": "废止"}

PAGE = 20
"""Matters on a page."""

ITEM = """SELECT id, agency, gone, title, kind, entry, matter, subject, issuer, document_number, date_of_issue, published_on, changed_at, version,
    validity, basis, keywords, files, versions, text FROM shown WHERE id = %s"""

COUNTS = "SELECT kind, count(*) AS items FROM shown WHERE agency = %s AND NOT gone GROUP BY kind"

CATEGORIES = """SELECT e.category, count(*) AS items FROM shown s JOIN views.entries e ON e.id = s.entry AND e.agency = s.agency
    WHERE s.agency = %s AND NOT s.gone GROUP BY e.category"""

EXPLAINED = """SELECT s.id, s.title, i.published_on FROM views.interpretations i JOIN shown s ON s.id = i.publication AND s.agency = i.agency
    WHERE i.agency = %(agency)s AND i.published_on IS NOT NULL AND NOT s.gone ORDER BY i.published_on DESC, s.id LIMIT %(limit)s OFFSET %(offset)s"""

MATTERS = """SELECT id, title, opened_on, until, form, told_on, decision FROM views.participations WHERE agency = %(agency)s AND opened_on IS NOT NULL
    AND (NOT %(open)s OR until >= %(today)s) ORDER BY until DESC, id LIMIT %(limit)s OFFSET %(offset)s"""

MATTER = "SELECT * FROM views.participations WHERE id = %s AND opened_on IS NOT NULL"

DRAFT = "SELECT id, title, files FROM shown WHERE hashes @> ARRAY[%(sha256)s::text] AND agency = %(agency)s AND NOT gone ORDER BY published_on DESC LIMIT 1"

RECEIPT = """SELECT c.number, c.received_on, c.reasonable, c.adopted, c.reason, c.reasons_sent, p.id AS matter, p.title, p.until
    FROM views.comments c JOIN views.participations p ON p.id = c.consultation AND p.agency = c.agency WHERE c.id = %s"""


class Gone(Problem):
    """It was public and is not any more."""

    status = 410
    title = "已撤下"


def agency_shown(running: Running, code: str) -> AgencyFacts:
    """The agency whose pages these are: the one that is named, else the one that this platform speaks for; raises `Invalid` or `NotFound`."""
    wanted = code or running.settings.default_agency
    if not wanted:
        known = running.doorkeeper.agencies()
        if not known:
            raise Invalid("no-agency", "本平台还没有设立机关。")
        return known[0]
    return running.doorkeeper.agency(wanted)


async def item_shown(running: Running, id: UUID) -> dict[str, Any]:
    """An item as everybody may see it; raises `NotFound`, or `Gone` for one that was taken off."""
    rows = await running.query(ITEM, (id,))
    if not rows:
        raise NotFound("no-such-item", "没有找到这件公开的信息，请核对地址或者检索标题。")
    item = rows[0]
    if item["gone"]:
        raise Gone("item-withdrawn", f"《{item['title']}》已于 {item['changed_at'].date()} 撤下。")
    return {**item, "index_number": index_number(item), "kind_title": KINDS[item["kind"]], "validity_title": VALIDITIES[item["validity"]]}


def index_number(item: dict[str, Any]) -> str:
    """The index number of an item: its agency, the year of its first publication, and the end of its id, which stays the same for ever."""
    return f"{item['agency']}/{item['published_on'].year}-{item['id'].hex[-8:]}"


async def explanation_of(running: Running, id: UUID) -> dict[str, Any] | None:
    """The interpretation of an item as the portal has it: exactly the material that was published, and since when. None where there is none."""
    return await asyncio.to_thread(_explanation, running, interpretation_id(id))


def _explanation(running: Running, id: UUID) -> dict[str, Any] | None:
    texts: dict[str, str] = {}
    shown = None
    for row in running.log.rows.read_aggregate(id):
        recorded = row.recorded()
        event = recorded.event
        if isinstance(event, MaterialSubmitted):
            texts[event.hash] = event.text
        elif isinstance(event, InterpretationPublished) and event.channel == PORTAL:
            shown = {"text": texts[event.hash], "published_on": recorded.meta.effective_on}
    return shown


async def counts_of(running: Running, agency: str) -> dict[str, dict[str, int]]:
    """How many items there are of each kind, and of each class of the catalogue."""
    kinds = {row["kind"]: row["items"] for row in await running.query(COUNTS, (agency,))}
    classes = {row["category"]: row["items"] for row in await running.query(CATEGORIES, (agency,), agency=agency)}
    return {
        "kinds": {kind: kinds[kind] for kind in KINDS if kind in kinds},
        "classes": {one: classes[one] for one in CLASSES if one in classes},
    }


async def explanations(running: Running, agency: str, page: int = 1, size: int = PAGE) -> list[dict[str, Any]]:
    """Items that have been interpreted, the newest interpretation first."""
    return await running.query(EXPLAINED, {"agency": agency, "limit": size, "offset": (page - 1) * size}, agency=agency)


async def matters(
    running: Running, agency: AgencyFacts, *, open_only: bool = False, page: int = 1, size: int = PAGE
) -> list[dict[str, Any]]:
    """Matters whose draft is or was public, those that take comments longest first; `open` tells which take them now."""
    today = running.doorkeeper.today(agency)
    wanted = {"agency": agency.code, "open": open_only, "today": today, "limit": size, "offset": (page - 1) * size}
    return [{**row, "open": row["until"] >= today} for row in await running.query(MATTERS, wanted, agency=agency.code)]


async def matter_shown(running: Running, id: UUID, today: date | None = None) -> dict[str, Any]:
    """A matter as everybody may see it, with where its draft can be read; raises `NotFound`."""
    agency = await agency_of(running, id)
    rows = await running.query(MATTER, (id,), agency=agency) if agency else []
    if not rows:
        raise NotFound("no-such-matter", "没有找到这件征求意见的事项，请从列表进入。")
    matter = rows[0]
    day = today or running.doorkeeper.today(running.doorkeeper.agency(matter["agency"]))
    return {**matter, "open": matter["until"] >= day, "draft_at": await draft_at(running, matter["agency"], matter["draft"])}


async def draft_at(running: Running, agency: str, sha256: str) -> dict[str, Any] | None:
    """Where everybody can read these bytes: the text of an item on the portal, or one of its files; None where nobody can."""
    drafts = await running.query(DRAFT, {"sha256": sha256, "agency": agency})
    if not drafts:
        return None
    file = next((one for one in drafts[0]["files"] if one["sha256"] == sha256), None)
    return {"item": drafts[0]["id"], "title": drafts[0]["title"], "file": file["name"] if file else None}


async def agency_of(running: Running, id: UUID) -> str:
    """The agency of a thing that somebody from outside names by its id alone, as the log has it; '' if there is no such thing."""

    def look() -> str:
        rows = running.log.rows.read_aggregate(id)
        return rows[0].agency if rows else ""

    return await asyncio.to_thread(look)


async def receipt_shown(running: Running, id: UUID) -> dict[str, Any]:
    """What has become of a comment, for who has its receipt; never its words. Raises `NotFound`."""
    agency = await agency_of(running, id)
    rows = await running.query(RECEIPT, (id,), agency=agency) if agency else []
    if not rows:
        raise NotFound("no-such-receipt", "没有这个回执编号，请核对。")
    return rows[0]


async def give_file(running: Running, id: UUID, sha256: str) -> Response:
    """A file of an item as a download for everybody: exactly the bytes that were reviewed; raises `NotFound` or `Gone`."""
    item = await item_shown(running, id)
    file = next((one for one in item["files"] if one["sha256"] == sha256), None)
    store = files_in(running).store
    if file is None or not file["kept"] or await store.size(item["agency"], sha256) is None:
        raise NotFound("no-such-file", "这件信息没有可以下载的这份文件，请从页面上选择。")
    pieces = await begun(proved(store.read(item["agency"], sha256), sha256, file["size"]))
    return StreamingResponse(pieces, headers=download_headers(file["name"], file["size"]), media_type="application/octet-stream")
