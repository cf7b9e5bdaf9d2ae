"""press, put together."""

from services import press
from services.press import api, reactions, release_api, timers
from services.press.clearance import commands as clearance_commands
from services.press.opinion_item import commands as opinion_commands
from services.press.press_release import commands as release_commands
from services.press.release_team import commands as team_commands
from services.press.rooms import BENCH
from services.press.views.opinions import opinions
from services.press.views.releases import releases, team
from shared.kernel.service import Service

service = Service(
    name="press",
    title="新闻发布与舆情",
    about=press.__doc__ or "",
    views=(opinions, releases, team),
    timers=(timers.missed_responses,),
    routers=(api.router, release_api.router),
    pages=(BENCH.router,),
    nav=BENCH.nav,
    reads={
        "press.OpinionItem": "press.read",
        "press.Clearance": "press.read",
        "press.PressRelease": "press.read_releases",
        "press.ReleaseTeam": "press.read_releases",
    },
)

DECLARED = (opinion_commands, clearance_commands, release_commands, team_commands, reactions)
"""Importing these is what registers their commands."""
