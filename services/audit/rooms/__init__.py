"""The workbench of audit: its lists and the page of each kind of thing."""

from services.audit.inspection.scheme import SCHEME
from services.audit.rooms import complaints, feedback, inconsistencies, inspections
from shared.web.rooms import Workbench

BENCH = Workbench(
    "audit",
    rooms=(*feedback.ROOMS, *complaints.ROOMS, *inspections.ROOMS),
    lists=(*feedback.LISTS, *complaints.LISTS, *inspections.LISTS, *inconsistencies.LISTS),
    offered={"supervisor": feedback.OFFERED, "supervisors": feedback.OFFERED},
    titles={
        "question": SCHEME.questions,
        "subject": inspections.SUBJECTS,
        "severity": complaints.SEVERITIES,
        "what": complaints.CONCERNED,
    },
    unit_fields=("unit", "about_unit"),
    person_fields=("person", "about_person", "head", "members"),
)

NAV = (("/audit/", "总账和过程"), *BENCH.nav)
"""The ledger and its trails, then what audit decides itself."""
