"""The workbench of audit: its lists and the page of each kind of thing."""

from services.audit.rooms import accountability
from shared.web.rooms import Workbench

BENCH = Workbench(
    "audit",
    rooms=(*accountability.ROOMS,),
    lists=(*accountability.LISTS,),
    titles={**accountability.TITLED},
    person_fields=accountability.PERSON_FIELDS,
)

NAV = (("/audit/", "总账和过程"), *BENCH.nav)
"""The ledger and its trails, then what audit decides itself."""
