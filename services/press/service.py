"""press, put together."""

from services import press
from services.press import api, reactions, timers
from services.press.clearance import commands as clearance_commands
from services.press.opinion_item import commands as opinion_commands
from services.press.rooms import BENCH
from services.press.views.opinions import opinions
from shared.kernel.service import Service

service = Service(
    name="press",
    title="新闻发布与舆情",
    about=press.__doc__ or "",
    views=(opinions,),
    timers=(timers.missed_responses,),
    routers=(api.router,),
    pages=(BENCH.router,),
    nav=BENCH.nav,
    reads={"press.OpinionItem": "press.read", "press.Clearance": "press.read"},
)

DECLARED = (opinion_commands, clearance_commands, reactions)
"""Importing these is what registers their commands."""
