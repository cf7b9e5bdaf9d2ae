"""What programs follow: the newest items as Atom and RSS, and the sitemap of search engines."""

from collections.abc import Iterable
from datetime import datetime, time
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

from services.publishing.search import KINDS
from shared.kernel.clocks import LEGAL_ZONE
from shared.kernel.running import Running

ENTRIES = 50
"""Items in a feed."""

SITEMAP_URLS = 10_000
"""Addresses in one file of the sitemap; the protocol allows 50,000."""

NEWEST = """SELECT id, title, kind, issuer, published_on, changed_at, left(text, 300) AS summary FROM shown
    WHERE agency = %(agency)s AND NOT gone AND (%(kind)s::text IS NULL OR kind = %(kind)s) ORDER BY published_on DESC, id LIMIT %(limit)s"""

COUNT = "SELECT count(*) AS items, max(changed_at) AS changed FROM shown WHERE NOT gone"

PLACES = "SELECT id, changed_at FROM shown WHERE NOT gone ORDER BY id LIMIT %s OFFSET %s"

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ALLOWED = str.maketrans(dict.fromkeys((*range(0x9), 0xB, 0xC, *range(0xE, 0x20), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000))))
"""What no XML may hold is left out."""


def origin(running: Running) -> str:
    """Where people reach the pages, without a path."""
    return running.settings.public_url or running.settings.base_url


def address(running: Running, item: Any) -> str:
    """Where an item stands."""
    return f"{origin(running)}/publishing/portal/items/{item}"


def feed_address(running: Running, agency: str, kind: str = "") -> str:
    """Where the Atom feed of an agency stands: the topic of those that subscribe to it."""
    return f"{origin(running)}/publishing/portal/feed.atom?agency={agency}{f'&kind={kind}' if kind else ''}"


async def newest(running: Running, agency: str, kind: str = "") -> list[dict[str, Any]]:
    """The items of a feed."""
    return await running.query(NEWEST, {"agency": agency, "kind": kind or None, "limit": ENTRIES})


def _element(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, name, attributes)
    made.text = text.translate(ALLOWED) or None
    return made


def _written(root: ET.Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _heading(name: str, kind: str) -> str:
    return f"{name} · {KINDS[kind] if kind else '政府信息公开'}"


def atom(running: Running, agency: str, name: str, rows: list[dict[str, Any]], hubs: Iterable[str] = (), kind: str = "") -> bytes:
    """The feed as Atom (RFC 4287); `hubs` tell it on (WebSub)."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "zh-CN"})
    here = feed_address(running, agency, kind)
    _element(root, "id", here)
    _element(root, "title", _heading(name, kind))
    _element(root, "updated", _instant(max((row["changed_at"] for row in rows), default=datetime(2000, 1, 1, tzinfo=LEGAL_ZONE))))
    _element(root, "link", rel="self", href=here, type="application/atom+xml")
    _element(root, "link", rel="alternate", href=f"{origin(running)}/publishing/portal/?agency={agency}", type="text/html")
    for hub in hubs:
        _element(root, "link", rel="hub", href=hub)
    for row in rows:
        entry = _element(root, "entry")
        _element(entry, "id", f"urn:uuid:{row['id']}")
        _element(entry, "title", row["title"])
        _element(entry, "link", rel="alternate", href=address(running, row["id"]), type="text/html")
        _element(entry, "published", _instant(datetime.combine(row["published_on"], time(), LEGAL_ZONE)))
        _element(entry, "updated", _instant(row["changed_at"]))
        _element(_element(entry, "author"), "name", row["issuer"] or name)
        _element(entry, "category", term=row["kind"], label=KINDS[row["kind"]])
        _element(entry, "summary", row["summary"])
    return _written(root)


def rss(running: Running, agency: str, name: str, rows: list[dict[str, Any]], kind: str = "") -> bytes:
    """The feed as RSS 2.0."""
    root = ET.Element("rss", {"version": "2.0"})
    channel = _element(root, "channel")
    _element(channel, "title", _heading(name, kind))
    _element(channel, "link", f"{origin(running)}/publishing/portal/?agency={agency}")
    _element(channel, "description", f"{name}主动公开的信息")
    _element(channel, "language", "zh-CN")
    for row in rows:
        item = _element(channel, "item")
        _element(item, "title", row["title"])
        _element(item, "link", address(running, row["id"]))
        _element(item, "guid", f"urn:uuid:{row['id']}", isPermaLink="false")
        _element(item, "pubDate", format_datetime(datetime.combine(row["published_on"], time(), LEGAL_ZONE)))
        _element(item, "category", KINDS[row["kind"]])
        _element(item, "description", row["summary"])
    return _written(root)


async def sitemap(running: Running, number: int | None = None) -> bytes | None:
    """The sitemap: the list of its files, or one of them (from 1); None for one that there is not."""
    if number is None:
        found = (await running.query(COUNT))[0]
        root = ET.Element("sitemapindex", {"xmlns": SITEMAP})
        for one in range(1, max(1, -(-found["items"] // SITEMAP_URLS)) + 1):
            place = _element(root, "sitemap")
            _element(place, "loc", f"{origin(running)}/publishing/portal/sitemap-{one}.xml")
            if found["changed"]:
                _element(place, "lastmod", _instant(found["changed"]))
        return _written(root)
    rows = await running.query(PLACES, (SITEMAP_URLS, (number - 1) * SITEMAP_URLS))
    if not rows and number > 1:
        return None
    root = ET.Element("urlset", {"xmlns": SITEMAP})
    _element(_element(root, "url"), "loc", f"{origin(running)}/publishing/portal/")
    for row in rows:
        place = _element(root, "url")
        _element(place, "loc", address(running, row["id"]))
        _element(place, "lastmod", _instant(row["changed_at"]))
    return _written(root)


def _instant(moment: datetime) -> str:
    return moment.astimezone(LEGAL_ZONE).isoformat(timespec="seconds")
