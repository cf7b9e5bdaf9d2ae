"""requests, put together."""

from services import requests
from services.requests import (
    alike,
    api,
    attachments_api,
    attachments_pages,
    corrections_pages,
    handover,
    holdings,
    letters_api,
    letters_pages,
    notices,
    pages,
    reactions,
    readings,
    timers,
)
from services.requests.alike import Finder
from services.requests.attachment import commands as attachment_commands
from services.requests.courier import Courier
from services.requests.disclosure_request import commands
from services.requests.letter import commands as letter_commands
from services.requests.letter import mail_commands
from services.requests.notice_board import board
from services.requests.record_correction import commands as correction_commands
from services.requests.views.cases import cases
from services.requests.views.corrections import corrections
from services.requests.views.letters import letters
from services.requests.views.notices import notices as news
from services.requests.views.remedies import remedies
from shared.kernel.service import Service

service = Service(
    name="requests",
    title="依申请公开",
    about=requests.__doc__ or "",
    views=(cases, corrections, letters, news, remedies),
    timers=(
        timers.missed_deadlines,
        timers.near_deadlines,
        timers.silent_third_parties,
        timers.recomputed_deadlines,
        timers.missed_corrections,
        timers.missed_answers,
    ),
    routers=(
        alike.api,
        api.router,
        attachments_api.router,
        corrections_pages.api,
        handover.api,
        letters_api.router,
        notices.api,
    ),
    pages=(
        attachments_pages.router,
        corrections_pages.CLAIM.router("requests"),
        corrections_pages.router,
        handover.router,
        letters_pages.router,
        notices.router,
        pages.router,
    ),
    duties={"courier": Courier, "requests alike": Finder},
    reads={"requests.DisclosureRequest": "requests.read", "requests.RecordCorrection": "requests.read_correction"},
)

DECLARED = (commands, attachment_commands, correction_commands, letter_commands, mail_commands, board, holdings, reactions, readings)
"""Importing these is what registers their commands, reactions and what they hold."""
