"""The workbench of audit: its lists and the page of each kind of thing."""

from services.audit.appraisal.scheme import SCHEME
from services.audit.rooms import appraisals, registers, unit_reports
from services.audit.service_register.roles import DUTIES
from services.audit.unit_report.sections import SECTIONS
from shared.web.rooms import Workbench

BENCH = Workbench(
    "audit",
    rooms=(*unit_reports.ROOMS, *appraisals.ROOMS, *registers.ROOMS),
    lists=(*unit_reports.LISTS, *appraisals.LISTS, *registers.LISTS),
    titles={
        "sections": {key: section.title for key, section in SECTIONS.items()},
        "standard": {key: standard.title for key, standard in SCHEME.standards.items()},
        "role": {key: duty.title for key, duty in DUTIES.items()},
    },
    unit_fields=("unit", "units"),
    person_fields=("person", "head", "team", "people"),
)

NAV = (("/audit/", "总账和过程"), ("/audit/standing", "科室履职情况"), *BENCH.nav)
"""The ledger and its trails, how units keep their duties, then what audit decides itself."""
