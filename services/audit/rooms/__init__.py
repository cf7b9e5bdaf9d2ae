"""The workbench of audit: its lists and the page of each kind of thing."""

from services.audit.rooms import accountability, complaints, feedback, inconsistencies, inspections
from shared.web.rooms import Workbench

BENCH = Workbench(
    "audit",
    rooms=(*feedback.ROOMS, *complaints.ROOMS, *inspections.ROOMS, *accountability.ROOMS),
    lists=(*feedback.LISTS, *complaints.LISTS, *inspections.LISTS, *inconsistencies.LISTS, *accountability.LISTS),
    offered={"supervisor": feedback.OFFERED, "supervisors": feedback.OFFERED},
    unit_fields=("unit", "about_unit"),
    person_fields=("about_person", "members", *accountability.PERSON_FIELDS),
)

NAV = (("/audit/", "总账和过程"), *BENCH.nav)
"""The ledger and its trails, then what audit decides itself."""
