"""The workbench of press: its lists and the page of each kind of thing."""

from services.press.rooms import opinions, releases
from shared.web.rooms import Workbench

BENCH = Workbench(
    "press",
    rooms=(*opinions.ROOMS, *releases.ROOMS),
    lists=(*opinions.LISTS, *releases.LISTS),
    offered=releases.OFFERED,
    titles={**opinions.TITLED, **releases.TITLED},
    person_fields=("person",),
)
