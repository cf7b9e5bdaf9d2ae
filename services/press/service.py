"""press, put together."""

from services import press
from services.press import api, holdings, reactions, readings, release_api, timers
from services.press.clearance import commands as clearance_commands
from services.press.daily_log import commands as daily_log_commands
from services.press.inquiry import commands as inquiry_commands
from services.press.monitoring_rota import commands as rota_commands
from services.press.opinion_item import commands as opinion_commands
from services.press.opinion_item import import_commands, response_commands
from services.press.opinion_report import commands as report_commands
from services.press.press_release import commands as release_commands
from services.press.press_release import saying_commands
from services.press.release_team import commands as team_commands
from services.press.risk_assessment import commands as risk_commands
from services.press.rooms import BENCH, imports, inquiries, monitoring, reports, risks
from services.press.views.handlings import handlings
from services.press.views.inquiries import inquiries as inquiry_rows
from services.press.views.monitoring import patrols, rotas
from services.press.views.opinions import opinions
from services.press.views.releases import releases, team
from services.press.views.reports import daily_logs
from services.press.views.reports import reports as report_rows
from services.press.views.reports import risks as risk_rows
from shared.kernel.service import NavEntry, Service

service = Service(
    name="press",
    title="新闻发布与舆情",
    about=press.__doc__ or "",
    views=(opinions, releases, team, handlings, rotas, patrols, inquiry_rows, daily_logs, report_rows, risk_rows),
    timers=(timers.missed_responses, timers.late_inquiries, timers.missing_logs),
    routers=(api.router, release_api.router, monitoring.api, inquiries.api, reports.api, risks.api, imports.api),
    pages=(monitoring.pages, inquiries.ASK.router("press"), inquiries.pages, reports.pages, imports.pages, BENCH.router),
    nav=(
        *BENCH.nav,
        NavEntry("/press/coverage", "监测空档", "press.read"),
        NavEntry("/press/late-reports", "迟报漏报", "press.read"),
        NavEntry("/press/import", "导入舆情", "press.monitor"),
    ),
    reads={
        "press.OpinionItem": "press.read",
        "press.Clearance": "press.read",
        "press.PressRelease": "press.read_releases",
        "press.ReleaseTeam": "press.read_releases",
        "press.MonitoringRota": "press.read",
        "press.PatrolLog": "press.read",
        "press.Inquiry": "press.read_inquiry",
        "press.DailyLog": "press.read",
        "press.SpecialReport": "press.read",
        "press.EarlyWarning": "press.read",
        "press.Bulletin": "press.read",
        "press.RiskAssessment": "press.read",
    },
)

DECLARED = (
    opinion_commands,
    response_commands,
    import_commands,
    clearance_commands,
    release_commands,
    saying_commands,
    team_commands,
    rota_commands,
    inquiry_commands,
    daily_log_commands,
    report_commands,
    risk_commands,
    reactions,
    readings,
    holdings,
)
"""Importing these is what registers their commands, reactions and what they hold."""
