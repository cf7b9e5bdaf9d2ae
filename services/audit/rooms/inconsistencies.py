"""What the public reports as inaccurate or not agreeing, as supervision sees it: from the ledger, whatever review does about it (XT-10a)."""

from datetime import date

from shared.kernel.clocks import instant
from shared.web.forms import CHOICES
from shared.web.rooms import Column, Listing, Shown

INCONSISTENCIES = """SELECT r.originator_id AS id, (r.body ->> 'effective_on')::date AS received_on, (r.body -> 'data' -> 'deadline' ->> 'due')::date AS due,
        r.body -> 'data' -> 'published' AS published, h.finding,
        EXISTS (SELECT FROM ledger WHERE source = 'review' AND case_id = r.case_id AND originator_id = r.originator_id
            AND topic LIKE 'review.HandlingOverdue:%%') AS missed
    FROM (SELECT originator_id, case_id, position, convert_from(state, 'UTF8')::jsonb AS body FROM ledger
        WHERE agency = %(agency)s AND source = 'review' AND topic LIKE 'review.InconsistencyReported:%%') AS r
    LEFT JOIN LATERAL (SELECT convert_from(state, 'UTF8')::jsonb -> 'data' ->> 'finding' AS finding FROM ledger
        WHERE source = 'review' AND case_id = r.case_id AND originator_id = r.originator_id
        AND topic LIKE 'review.InconsistencyHandled:%%' LIMIT 1) AS h ON true
    WHERE %(reach)s::text[] IS NULL AND (%(state)s::text IS NULL OR (h.finding IS NULL) = (%(state)s = 'open'))
    ORDER BY h.finding IS NOT NULL, due, r.position LIMIT %(limit)s OFFSET %(offset)s"""
"""What the citizen wrote is sealed, and no part of this."""


def late(row: Shown) -> bool:
    """Whether it is known as late, or its day is over."""
    due: date = row["due"]
    return bool(row["missed"]) or (row["finding"] is None and due < instant().date())


LISTS = (
    Listing(
        "inconsistencies",
        "信息不一致反映",
        "audit.read_inconsistencies",
        INCONSISTENCIES,
        (
            Column("反映", lambda row: (f"/audit/trails/{row['id']}", "办理过程")),
            Column("在哪里发布", lambda row: "、".join(f"{one['agency']}：{one['where']}" for one in row["published"])),
            Column("收到", lambda row: str(row["received_on"])),
            Column("期限", lambda row: ("!", f"{row['due']} 已逾期") if late(row) else str(row["due"])),
            Column("结论", lambda row: CHOICES.get(row["finding"], row["finding"]) if row["finding"] else ("#", "待处理")),
        ),
        {"state": ("状态", {"open": "待处理", "handled": "已处理"})},
        lead="公众发现公布的信息不准确、不一致的，可以反映；由协调员处理，这里供监督。直接取自总账。",
        empty="没有符合条件的反映。",
    ),
)
