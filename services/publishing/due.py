"""What is due in publishing: what waits for whom, until when, soonest first."""

from datetime import date
from typing import Any

from shared.kernel.commands import AgencyFacts
from shared.kernel.running import Running
from shared.web.acting import days_left

DUE = """
SELECT 'publication' AS kind, id, title, unit, due, 'publications/' || id AS path FROM views.publications
    WHERE agency = %(agency)s AND waits AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
UNION ALL SELECT 'period', id, name || '（' || period || '）', unit, due, 'entries/' || id FROM views.entries
    WHERE agency = %(agency)s AND open > 0 AND NOT retired AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
UNION ALL SELECT 'material', i.id, p.title, i.unit, i.due, 'interpretations/' || i.id FROM views.interpretations i
    JOIN views.publications p ON p.id = i.publication AND p.agency = i.agency
    WHERE i.agency = %(agency)s AND i.waits AND p.stage <> 'withdrawn' AND i.due IS NOT NULL AND (%(reach)s::text[] IS NULL OR i.unit = ANY(%(reach)s))
UNION ALL SELECT CASE WHEN report_owed THEN 'report' WHEN hearing_on IS NOT NULL THEN 'hearing' ELSE 'collation' END, id, title, unit,
    coalesce(hearing_on, until), 'consultations/' || id FROM views.consultations
    WHERE agency = %(agency)s AND (stage = 'consulting' OR report_owed) AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
ORDER BY due, title, id LIMIT %(limit)s"""

KINDS: dict[str, str] = {
    "publication": "公开信息",
    "period": "目录周期到期",
    "material": "报送解读材料",
    "hearing": "举行会议",
    "report": "形成会议报告",
    "collation": "截止后归纳意见",
}
"""What is to be done; the days of the last three are of the matter's own plan, those before are deadlines."""

CLOCKS = frozenset({"publication", "period", "material"})

MOST = 200
"""Rows that are told."""


async def what_is_due(running: Running, agency: AgencyFacts, units: frozenset[str] | None) -> list[dict[str, Any]]:
    """What waits for these units (None: for all), soonest first; `left` are working days, negative where it is over, for deadlines alone."""
    wanted = {"agency": agency.code, "reach": None if units is None else sorted(units), "limit": MOST}
    rows = await running.query(DUE, wanted, agency=agency.code)
    return [{**row, "kind_title": KINDS[row["kind"]], "left": left_of(running, agency, row["kind"], row["due"])} for row in rows]


def left_of(running: Running, agency: AgencyFacts, kind: str, due: date | None) -> int | None:
    """Working days to a deadline; a day that somebody has planned has none."""
    return days_left(running, agency, due) if kind in CLOCKS else None
