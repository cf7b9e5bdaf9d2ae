"""The workbench of audit: its lists and the page of each kind of thing."""

from services.audit.rooms import accountability, appraisals, complaints, feedback, inconsistencies, inspections, registers, unit_reports
from shared.web.rooms import Workbench

BENCH = Workbench(
    "audit",
    rooms=(
        *feedback.ROOMS,
        *complaints.ROOMS,
        *inspections.ROOMS,
        *accountability.ROOMS,
        *appraisals.ROOMS,
        *unit_reports.ROOMS,
        *registers.ROOMS,
    ),
    lists=(
        *feedback.LISTS,
        *complaints.LISTS,
        *inspections.LISTS,
        *inconsistencies.LISTS,
        *accountability.LISTS,
        *appraisals.LISTS,
        *unit_reports.LISTS,
        *registers.LISTS,
    ),
    offered={"supervisor": feedback.OFFERED, "supervisors": feedback.OFFERED},
    unit_fields=("unit", "units", "about_unit"),
    person_fields=("about_person", "members", "team", "people", *accountability.PERSON_FIELDS),
)

NAV = (("/audit/", "总账和过程"), ("/audit/standing", "科室履职情况"), *BENCH.nav)
"""The ledger and its trails, how units keep their duties, then what audit decides itself."""
