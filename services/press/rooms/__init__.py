"""The workbench of press: its lists and the page of each kind of thing."""

from services.press.rooms import inquiries, monitoring, opinions, releases, reports, risks
from shared.web.rooms import Workbench

OFFERED: dict[str, str] = {
    "watched_source": """SELECT DISTINCT one.key AS id, one.value AS title FROM views.rotas, jsonb_each_text(listed) AS one
        WHERE agency = %s AND month > current_date - 62 ORDER BY title, id LIMIT %s""",
    **releases.OFFERED,
}
"""Fields that name another thing: what there is to choose from."""

PARTS = (opinions, releases, monitoring, inquiries, reports, risks)

BENCH = Workbench(
    "press",
    rooms=tuple(room for part in PARTS for room in part.ROOMS),
    lists=tuple(one for part in PARTS for one in part.LISTS),
    offered=OFFERED,
    titles={**opinions.TITLED, **releases.TITLED},
    person_fields=("monitor", "person"),
)
