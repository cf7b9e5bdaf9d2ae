"""review, put together."""

from services import review
from services.review import api, pages, reactions, timers
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
    reads={"review.SecrecyReview": "review.read"},
)

DECLARED = (commands, reactions)
"""Importing these is what registers their commands and reactions."""
