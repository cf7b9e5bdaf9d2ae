"""Acting on one's own request."""

import hashlib
import hmac

from services.requests.disclosure_request.state import DisclosureRequest
from shared.kernel.commands import Given
from shared.kernel.errors import Forbidden

R = DisclosureRequest


def by_applicant(state: R, given: Given, password: str | None) -> None:
    """A member of the public acts on its own request, with the password that it got on submitting."""
    if given.actor.person == "public":
        shown = hashlib.sha256((password or "").encode()).hexdigest()
        if not hmac.compare_digest(shown, state.password_hash):
            raise Forbidden("wrong-password", "查询编号或密码不正确，请核对提交申请时得到的密码。")
