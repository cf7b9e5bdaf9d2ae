"""audit, put together."""

from services import audit
from services.audit import api
from services.audit.ledger import LedgerWriter
from shared.kernel.service import Service

service = Service(
    name="audit",
    title="监督",
    about=audit.__doc__ or "",
    routers=(api.router,),
    ledger=LedgerWriter,
)
