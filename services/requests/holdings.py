"""What requests holds of people, and when it has to be kept: nobody's data is erased while the case is open."""

from services.requests.disclosure_request.state import CLOSED, DisclosureRequest, disclosure_request
from shared.trust.erasure.holdings import keeps


@keeps(disclosure_request)
def why_kept(request: DisclosureRequest) -> str | None:
    """Why a request's personal data can't be erased yet; None if it can."""
    return None if request.stage in CLOSED else "申请尚未办结"
