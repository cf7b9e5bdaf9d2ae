"""`GET /api/access/erasures`: the erasures of one's own agency, the newest first."""

from fastapi import APIRouter, Request, Response

from shared.kernel.errors import Unauthenticated
from shared.kernel.routes import PROBLEMS, answer, reach, signed_in
from shared.kernel.running import Running
from shared.trust.erasure.decisions import TITLES, Stage

READ = "requests.read"
"""Who may read requests may see which are erased, and why others are not: nothing personal stands in it."""

MOST = 200

LISTED = """SELECT id, concerns, stage, basis, requested_on, requested_by, approved_by, why_not
    FROM views.erasures WHERE agency = %s ORDER BY position DESC LIMIT %s"""


def router(running: Running) -> APIRouter:
    """The route."""
    made = APIRouter()

    async def listed(request: Request) -> Response:
        who = signed_in(running, request)
        if who is None:
            raise Unauthenticated("sign-in", "请先登录后再查看。")
        agency = running.agency_for(who, None)
        running.doorkeeper.authorise(who, READ, agency)
        await reach(running, request)
        rows = await running.query(LISTED, (agency.code, MOST), agency=agency.code)
        return answer({"erasures": [{**row, "stage_title": TITLES[Stage(row["stage"])]} for row in rows]})

    made.add_api_route("/erasures", listed, methods=["GET"], summary="清除个人信息的申请", response_model=None, responses=PROBLEMS)
    return made
