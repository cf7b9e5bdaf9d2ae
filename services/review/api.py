"""What review answers beyond its commands: the list of reviews, and the opinion that an approval names."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.review.secrecy_review.state import TITLES, SecrecyReview, Stage, secrecy_review
from shared.kernel.routes import PROBLEMS, answer, load, reach, signed_in
from shared.kernel.running import Running

LIST = """SELECT * FROM views.reviews WHERE agency = %(agency)s
    AND (%(stage)s::text IS NULL OR stage = %(stage)s) AND (%(subject)s::uuid IS NULL OR subject = %(subject)s)
    AND (%(reach)s::text[] IS NULL OR unit = ANY(%(reach)s))
    ORDER BY decided_on IS NOT NULL, due, id LIMIT %(limit)s OFFSET %(offset)s"""

PAGE = 50
"""Reviews on a page."""


def router(running: Running) -> APIRouter:
    """The routes."""
    made = APIRouter()

    async def reviews(
        request: Request, stage: Stage | None = None, subject: UUID | None = None, page: int = Query(default=1, ge=1, le=1000)
    ) -> Response:
        who = signed_in(running, request)
        agency = running.agency_for(who, None)
        units = running.doorkeeper.reach(who, "review.read", agency)
        await reach(running, request)
        position = await running.views.read_position()
        found = await list_reviews(running, agency.code, units, stage=stage, subject=subject, page=page)
        return answer({"reviews": found, "page": page, "more": len(found) == PAGE, "position": f"review:{position}"})

    async def opinion(request: Request, id: UUID) -> Response:
        who = signed_in(running, request)
        state, agency = await load(running, secrecy_review, id)
        running.readings.saw(running.doorkeeper.authorise(who, "review.read", agency, unit=state.responsible_unit), agency, state)
        assert isinstance(state, SecrecyReview)
        return answer({"id": str(id), "approves": state.opinion_hash(), "opinions": state.opinions})

    made.add_api_route("/secrecy-reviews", reviews, methods=["GET"], summary="审查列表", response_model=None, responses=PROBLEMS)
    made.add_api_route(
        "/secrecy-reviews/{id}/opinion", opinion, methods=["GET"], summary="待批准的意见", response_model=None, responses=PROBLEMS
    )
    return made


async def list_reviews(
    running: Running,
    agency: str,
    units: frozenset[str] | None,
    *,
    stage: Stage | None = None,
    subject: UUID | None = None,
    page: int = 1,
) -> list[dict[str, Any]]:
    """A page of the reviews of these units (None: of all), open ones first, by due date."""
    wanted = {"agency": agency, "reach": None if units is None else sorted(units), "stage": stage, "subject": subject}
    rows = await running.query(LIST, {**wanted, "limit": PAGE, "offset": (page - 1) * PAGE}, agency=agency)
    return [{**row, "stage_title": TITLES[Stage(row["stage"])], "href": f"/api/review/secrecy-reviews/{row['id']}"} for row in rows]
