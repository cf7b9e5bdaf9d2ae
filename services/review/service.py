"""review, put together."""

from services import review
from services.review import api, holdings, pages, reactions, timers
from services.review.coordination import commands as coordination
from services.review.inconsistency import commands as inconsistency
from services.review.secrecy_review import commands
from services.review.views.reviews import reviews
from shared.kernel.service import Service

service = Service(
    name="review",
    title="保密审查与协调",
    about=review.__doc__ or "",
    views=(reviews,),
    timers=(timers.missed_deadlines,),
    routers=(api.router,),
    pages=(pages.router,),
    reads={
        "review.SecrecyReview": "review.read",
        "review.Coordination": "review.read_coordination",
        "review.InconsistencyReport": "review.read_inconsistency",
    },
)

DECLARED = (commands, coordination, inconsistency, holdings, reactions)
"""Importing these is what registers their commands, reactions and what they hold."""
