"""audit, put together."""

from services import audit
from services.audit import api, pages, report_api, report_pages, report_timers
from services.audit.annual_report import commands as annual_report_commands
from services.audit.earlier_report import commands as earlier_report_commands
from services.audit.heads import Heads
from services.audit.ledger import LedgerWriter
from services.audit.report_figures import commands as report_figures_commands
from services.audit.rooms import BENCH, NAV
from services.audit.views.annual_reports import annual_reports, earlier_reports, report_figures
from shared.kernel.service import Service

service = Service(
    name="audit",
    title="监督",
    about=audit.__doc__ or "",
    routers=(api.router, report_api.router),
    pages=(pages.router, report_pages.router, BENCH.router),
    nav=NAV,
    views=(annual_reports, report_figures, earlier_reports),
    timers=(report_timers.annual_reports_to_open, report_timers.annual_reports_near, report_timers.missed_annual_reports),
    reads={
        "audit.AnnualReport": "audit.read_report",
        "audit.ReportFigure": "audit.read_report",
        "audit.EarlierReport": "audit.read_report",
    },
    ledger=LedgerWriter,
    duties={"heads": lambda running: Heads(running.settings, running.dsn)},
)

DECLARED = (annual_report_commands, report_figures_commands, earlier_report_commands)
"""Importing these is what registers their commands and reactions, and what they hold."""
