"""press, put together."""

from services import press
from shared.kernel.service import Service
from shared.web import about

service = Service(name="press", title="新闻发布与舆情", about=press.__doc__ or "", pages=(about.router,))
