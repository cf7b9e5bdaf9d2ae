"""audit, put together."""

from services import audit
from services.audit import accountability_api, api, pages, reactions, timers
from services.audit.accountability_case import commands as case_commands
from services.audit.accountability_case import sanction_commands
from services.audit.accountability_lead import commands as lead_commands
from services.audit.heads import Heads
from services.audit.ledger import LedgerWriter
from services.audit.rooms import BENCH, NAV
from services.audit.views.accountability_cases import accountability_cases
from services.audit.views.accountability_leads import accountability_leads
from services.audit.views.excellence import excellence
from shared.kernel.service import Service

service = Service(
    name="audit",
    title="监督",
    about=audit.__doc__ or "",
    routers=(api.router, accountability_api.router),
    pages=(pages.router, BENCH.router),
    nav=NAV,
    views=(accountability_cases, accountability_leads, excellence),
    timers=(timers.missed_case_deadlines, timers.missed_leads),
    reads={"audit.AccountabilityCase": "audit.read_accountability", "audit.AccountabilityLead": "audit.read_accountability"},
    ledger=LedgerWriter,
    duties={"heads": lambda running: Heads(running.settings, running.dsn)},
)

DECLARED = (case_commands, sanction_commands, lead_commands, reactions)
"""Importing these is what registers their commands and reactions, and what they hold."""
