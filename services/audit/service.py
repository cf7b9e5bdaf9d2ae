"""audit, put together."""

from services import audit
from services.audit import api, pages, readings
from services.audit.heads import Heads
from services.audit.ledger import LedgerWriter
from services.audit.rooms import BENCH, NAV
from shared.kernel.service import Service

service = Service(
    name="audit",
    title="监督",
    about=audit.__doc__ or "",
    routers=(api.router,),
    pages=(pages.router, BENCH.router),
    nav=NAV,
    views=(),
    timers=(),
    reads={},
    ledger=LedgerWriter,
    duties={"heads": lambda running: Heads(running.settings, running.dsn)},
)

DECLARED = (readings,)
"""Importing these is what registers their commands and reactions, and what they hold."""
