"""audit, put together."""

from services import audit
from services.audit import api, pages, standing, timers, yearly_api
from services.audit.appraisal import commands as appraisal_commands
from services.audit.heads import Heads
from services.audit.ledger import LedgerWriter
from services.audit.report_round import commands as round_commands
from services.audit.rooms import BENCH, NAV
from services.audit.service_register import commands as register_commands
from services.audit.supplies import SUPPLIES
from services.audit.unit_appraisal import commands as unit_appraisal_commands
from services.audit.unit_report import commands as unit_report_commands
from services.audit.views.appraisals import appraisals, unit_appraisals
from services.audit.views.registers import registers
from services.audit.views.unit_reports import unit_reports
from shared.kernel.service import Service

service = Service(
    name="audit",
    title="监督",
    about=audit.__doc__ or "",
    routers=(api.router, standing.api, yearly_api.router),
    pages=(pages.router, standing.router, BENCH.router),
    nav=NAV,
    views=(registers, unit_reports, appraisals, unit_appraisals),
    timers=(timers.reports_to_remind, timers.missed_reports, timers.missed_plans),
    reads={
        "audit.ServiceRegister": "audit.read_register",
        "audit.ReportRound": "audit.call_reports",
        "audit.UnitReport": "audit.read_unit_report",
        "audit.Appraisal": "audit.read_appraisal",
        "audit.UnitAppraisal": "audit.read_appraisal",
    },
    ledger=LedgerWriter,
    duties={"heads": lambda running: Heads(running.settings, running.dsn)},
    supplies=SUPPLIES,
)

DECLARED = (register_commands, round_commands, unit_report_commands, appraisal_commands, unit_appraisal_commands)
"""Importing these is what registers their commands and reactions, and what they hold."""
