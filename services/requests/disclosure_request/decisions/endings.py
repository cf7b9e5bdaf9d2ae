"""Ends without a reply: withdrawn, or merged into another."""

from collections.abc import Sequence

from services.requests.disclosure_request.events import DuplicateMerged, RequestMerged, RequestWithdrawn
from services.requests.disclosure_request.state import DisclosureRequest, Stage, disclosure_request
from shared.kernel.commands import Given, On
from shared.kernel.errors import Forbidden
from shared.kernel.events import Event
from shared.trust.personal import Personal

R = DisclosureRequest

WITHDRAWN = "r6_3_other"


def withdraw(given: Given, reason: str) -> Sequence[Event]:
    """By the applicant, or by a clerk for it."""
    by = "applicant" if given.actor.person == "public" else "clerk"
    return [RequestWithdrawn(by=by, outcome=WITHDRAWN, reason=Personal.plain(reason) if reason else None)]


def merge(state: R, other: R, reason: str) -> Sequence[Event | On]:
    """Into another request of the agency that still stands; both cases say so."""
    if not other.exists or other.id == state.id or other.agency != state.agency or other.stage in (Stage.VOIDED, Stage.MERGED):
        raise Forbidden("merge-target", "要并入的申请不存在、就是本件，或者已作废、已并入，请核对编号。")
    return [RequestMerged(into=other.id, reason=reason), On(disclosure_request, other.id, DuplicateMerged(duplicate=state.id))]
