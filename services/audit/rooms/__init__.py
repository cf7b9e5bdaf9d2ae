"""The workbench of audit: its lists and the page of each kind of thing."""

from shared.web.rooms import Workbench

BENCH = Workbench("audit", rooms=(), lists=())

NAV = (("/audit/", "总账和过程"), *BENCH.nav)
"""The ledger and its trails, then what audit decides itself."""
