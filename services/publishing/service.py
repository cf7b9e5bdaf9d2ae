"""publishing, put together."""

from services import publishing
from services.publishing import api, channels_pages, files, holdings, pages, portal_api, portal_pages, reactions, readings, timers
from services.publishing.catalogue_entry import commands as entry_commands
from services.publishing.comment import commands as comment_commands
from services.publishing.consultation import commands as consultation_commands
from services.publishing.courier import Courier
from services.publishing.delivery import commands as delivery_commands
from services.publishing.interpretation import commands as interpretation_commands
from services.publishing.outside_channel import commands as channel_commands
from services.publishing.publication import commands, file_commands, publishing_commands, request_commands
from services.publishing.rooms import NAV
from services.publishing.views.comments import comments
from services.publishing.views.consultations import consultations
from services.publishing.views.deliveries import channels, deliveries
from services.publishing.views.entries import entries
from services.publishing.views.interpretations import interpretations
from services.publishing.views.participations import participations
from services.publishing.views.portal import portal
from services.publishing.views.publications import publications
from shared.kernel.service import Service

service = Service(
    name="publishing",
    title="主动公开",
    about=publishing.__doc__ or "",
    views=(entries, publications, interpretations, consultations, comments, portal, participations, channels, deliveries),
    timers=(timers.ended_periods, timers.missed_periods, timers.missed_deadlines, timers.missing_material),
    routers=(api.router, files.router, portal_api.router, channels_pages.api),
    pages=(channels_pages.router, pages.router, portal_pages.router),
    nav=NAV,
    duties={"outside channels": Courier},
    reads={
        "publishing.CatalogueEntry": "publishing.read",
        "publishing.Publication": "publishing.read",
        "publishing.Interpretation": "publishing.read",
        "publishing.Consultation": "publishing.read",
        "publishing.Comment": "publishing.consult",
    },
)

DECLARED = (
    entry_commands,
    commands,
    publishing_commands,
    request_commands,
    file_commands,
    interpretation_commands,
    consultation_commands,
    comment_commands,
    channel_commands,
    delivery_commands,
    holdings,
    reactions,
    readings,
)
"""Importing these is what registers their commands and reactions, and what they hold."""
