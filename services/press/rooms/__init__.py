"""The workbench of press: its lists and the page of each kind of thing."""

from services.press.rooms import inquiries, monitoring, opinions, reports, risks
from shared.web.rooms import Workbench

OFFERED: dict[str, str] = {
    "watched_source": """SELECT DISTINCT one.key AS id, one.value AS title FROM views.rotas, jsonb_each_text(listed) AS one
        WHERE agency = %s AND month > current_date - 62 ORDER BY title, id LIMIT %s""",
}
"""Fields that name another thing: what there is to choose from."""

BENCH = Workbench(
    "press",
    rooms=(*opinions.ROOMS, *monitoring.ROOMS, *inquiries.ROOMS, *reports.ROOMS, *risks.ROOMS),
    lists=(*opinions.LISTS, *monitoring.LISTS, *inquiries.LISTS, *reports.LISTS, *risks.LISTS),
    offered=OFFERED,
    titles=opinions.TITLED,
    person_fields=("monitor",),
)
