"""What the public finds: full text in Chinese, filters, the best first, and where in the text it stands. Reads `shown`, in which nothing else is."""

from datetime import date
from typing import Any, NamedTuple

from shared.kernel.running import Running
from shared.search.words import Query, marked, pattern, plain, query_of, tsquery

PAGE = 20
"""Items on a page."""

KINDS: dict[str, str] = {
    "normative": "规范性文件",
    "policy": "政策文件",
    "budget": "财政预决算",
    "procedure": "办事程序",
    "notice": "通知公告",
    "guide": "政府信息公开指南",
    "institution": "政府信息公开制度",
    "annual_report": "政府信息公开年报",
    "other": "其他",
}
"""The kinds of what is published, as the public's pages call and order them."""

FILTERS = """agency = %(agency)s AND NOT gone AND (%(kind)s::text IS NULL OR kind = %(kind)s)
    AND (%(validity)s::text IS NULL OR validity = %(validity)s)
    AND (%(category)s::text IS NULL OR entry IN (SELECT id FROM views.entries WHERE agency = %(agency)s AND category = %(category)s))
    AND (%(since)s::date IS NULL OR published_on >= %(since)s) AND (%(until)s::date IS NULL OR published_on <= %(until)s)"""

COLUMNS = """s.id, s.title, s.kind, s.subject, s.issuer, s.document_number, s.date_of_issue, s.published_on, s.changed_at, s.version, s.validity"""

NEWEST = f"""SELECT {COLUMNS}, left(s.text, 120) AS excerpt, count(*) OVER () AS total FROM shown s WHERE {FILTERS}
    ORDER BY s.published_on DESC, s.id LIMIT %(limit)s OFFSET %(offset)s"""

FOUND = f"""WITH found AS MATERIALIZED (
    SELECT id, published_on, validity = 'in_force' AS holds, CASE WHEN head = %(whole)s THEN 3 WHEN head LIKE ALL (%(patterns)s) THEN 2
        WHEN labels LIKE ALL (%(patterns)s) THEN 1 ELSE 0 END AS rank
    FROM shown WHERE words @@ %(query)s::tsquery AND {FILTERS}
), ranked AS (SELECT * FROM found ORDER BY rank DESC, holds DESC, published_on DESC, id)
SELECT {COLUMNS}, s.excerpt, (SELECT count(*) FROM found) AS total FROM ranked f CROSS JOIN LATERAL (
    SELECT *, substr(text, greatest(strpos(compared, %(first)s) - 30, 1), 160) AS excerpt FROM shown
    WHERE id = f.id AND (%(long)s::text[] IS NULL OR (head || chr(10) || labels || chr(10) || compared) LIKE ALL (%(long)s))
) s ORDER BY f.rank DESC, f.holds DESC, f.published_on DESC, f.id LIMIT %(limit)s OFFSET %(offset)s"""
"""The title that is exactly what was asked for comes first, then titles that have it all, then a number, a subject or a keyword, then the text; what is
in force before what is not, the newest first. Only what stands on the page is compared as a whole and read.
"""


class Wanted(NamedTuple):
    """What somebody looks for; empty filters are none. `category` is a class of the catalogue."""

    typed: str = ""
    kind: str = ""
    category: str = ""
    validity: str = ""
    since: date | None = None
    until: date | None = None


class Results(NamedTuple):
    """A page of what was found. `total`: all of it; where a term is longer than two characters, what has all its pairs, which may be a few more."""

    items: list[dict[str, Any]]
    total: int
    exact: bool
    terms: tuple[str, ...]


async def search(running: Running, agency: str, wanted: Wanted, page: int = 1, size: int = PAGE) -> Results:
    """What the public finds of an agency's publications, a page of it, each with its `excerpt`."""
    query = query_of(wanted.typed)
    filters = {
        "agency": agency,
        "kind": wanted.kind or None,
        "category": wanted.category or None,
        "validity": wanted.validity or None,
        "since": wanted.since,
        "until": wanted.until,
        "limit": size,
        "offset": (page - 1) * size,
    }
    if not query.terms:
        if wanted.typed.strip():
            return Results([], 0, True, ())
        rows = await running.query(NEWEST, filters, agency=agency)
    else:
        rows = await running.query(FOUND, {**filters, **asked(query, agency, wanted.typed)}, agency=agency)
    total = rows[0]["total"] if rows else 0
    items = [{name: value for name, value in row.items() if name != "total"} for row in rows]
    return Results(items, total, query.exact, query.terms)


def asked(query: Query, agency: str, typed: str) -> dict[str, Any]:
    """The query, as the statement takes it."""
    return {
        "query": tsquery(query, f"@{agency}"),
        "whole": plain(typed.strip()),
        "first": query.terms[0],
        "patterns": [pattern(term) for term in query.terms],
        "long": [pattern(term) for term in query.long] or None,
    }


def lit(text: str, terms: tuple[str, ...]) -> list[dict[str, Any]]:
    """A text in pieces, for pages and programs: which of them are what was asked for."""
    return [{"text": piece, "hit": hit} for piece, hit in marked(text, terms)]
