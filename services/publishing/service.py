"""publishing, put together."""

from services import publishing
from services.publishing import reactions, timers
from services.publishing.catalogue_entry import commands as entry_commands
from services.publishing.publication import commands, publishing_commands
from services.publishing.views.entries import entries
from services.publishing.views.publications import publications
from shared.kernel.service import Service
from shared.web import about

service = Service(
    name="publishing",
    title="主动公开",
    about=publishing.__doc__ or "",
    views=(entries, publications),
    timers=(timers.ended_periods, timers.missed_periods, timers.missed_deadlines),
    pages=(about.router,),
    reads={"publishing.CatalogueEntry": "publishing.read", "publishing.Publication": "publishing.read"},
)

DECLARED = (entry_commands, commands, publishing_commands, reactions)
"""Importing these is what registers their commands and reactions."""
