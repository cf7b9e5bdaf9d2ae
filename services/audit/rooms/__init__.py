"""The workbench of audit: its lists and the page of each kind of thing."""

from services.audit.rooms import annual_reports
from shared.web.rooms import Workbench

BENCH = Workbench("audit", rooms=(*annual_reports.ROOMS,), lists=(*annual_reports.LISTS,))

NAV = (("/audit/", "总账和过程"), *BENCH.nav)
"""The ledger and its trails, then what audit decides itself."""
