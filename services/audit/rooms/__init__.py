"""The workbench of audit: its lists and the page of each kind of thing."""

from services.audit.rooms import (
    accountability,
    annual_reports,
    appraisals,
    complaints,
    feedback,
    inconsistencies,
    inspections,
    registers,
    unit_reports,
)
from shared.kernel.service import NavEntry
from shared.web.rooms import Workbench

WITH_THINGS = (annual_reports, unit_reports, appraisals, inspections, complaints, feedback, accountability, registers)
WITH_LISTS = (annual_reports, unit_reports, appraisals, inspections, complaints, feedback, inconsistencies, accountability, registers)

BENCH = Workbench(
    "audit",
    rooms=tuple(room for part in WITH_THINGS for room in part.ROOMS),
    lists=tuple(one for part in WITH_LISTS for one in part.LISTS),
    offered={"supervisor": feedback.OFFERED, "supervisors": feedback.OFFERED},
    unit_fields=("unit", "units", "about_unit"),
    person_fields=("about_person", "members", "team", "people", *accountability.PERSON_FIELDS),
)

NAV = (
    NavEntry("/audit/", "总账和过程", "audit.read_trail"),
    NavEntry("/audit/standing", "科室履职情况", "audit.read_standing"),
    *BENCH.nav,
)
"""The ledger and its trails, how units keep their duties, then what audit decides itself."""
