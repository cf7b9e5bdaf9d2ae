"""publishing, put together."""

from services import publishing
from shared.kernel.service import Service
from shared.web import about

service = Service(name="publishing", title="主动公开", about=publishing.__doc__ or "", pages=(about.router,))
