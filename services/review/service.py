"""review, put together."""

from services import review
from services.review import (
    agencies,
    api,
    coordination_api,
    coordination_pages,
    holdings,
    inconsistency_pages,
    pages,
    reactions,
    readings,
    redaction_check,
    timers,
)
from services.review.coordination import commands as coordination
from services.review.inconsistency import commands as inconsistency
from services.review.secrecy_review import commands
from services.review.views.coordination import coordinations, letters
from services.review.views.inconsistencies import inconsistencies
from services.review.views.reviews import reviews
from shared.kernel.service import NavEntry, Service

service = Service(
    name="review",
    title="保密审查与协调",
    about=review.__doc__ or "",
    views=(reviews, coordinations, letters, inconsistencies),
    timers=(timers.missed_deadlines, timers.silent_letters, timers.unhandled_reports),
    routers=(api.router, redaction_check.router, coordination_api.router, inconsistency_pages.api),
    pages=(
        pages.router,
        redaction_check.pages,
        coordination_pages.router,
        inconsistency_pages.REPORT.router("review"),
        inconsistency_pages.router,
    ),
    nav=(
        NavEntry("/review/", "保密审查", "review.read"),
        NavEntry("/review/coordinations", "协调确认", "review.read_coordination"),
        NavEntry("/review/inconsistencies", "不一致反映", "review.read_inconsistency"),
    ),
    reads={
        "review.SecrecyReview": "review.read",
        "review.Coordination": "review.read_coordination",
        "review.InconsistencyReport": "review.read_inconsistency",
    },
    duties={"agencies' feed": agencies.feed, "agencies' intake": agencies.intake},
)

DECLARED = (commands, coordination, inconsistency, holdings, reactions, readings)
"""Importing these is what registers their commands, reactions and what they hold."""
