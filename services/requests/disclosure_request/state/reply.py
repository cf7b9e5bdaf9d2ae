"""How the reply changes a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import ReplyApproved, ReplyDelivered, ReplyDrafted, ReplyReturned
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(ReplyReturned)
def reply_returned(state: R, _event: ReplyReturned, _meta: Meta) -> R:
    """A draft that was returned is open again."""
    return replace(state, stage=Stage.ASSIGNED, draft=None, drafted_by=())


@evolves(ReplyDrafted)
def drafted(state: R, event: ReplyDrafted, meta: Meta) -> R:
    """Somebody has drafted; another approves."""
    return replace(state, stage=Stage.DRAFTED, draft=event, drafted_by=tuple(sorted(meta.actor.persons)))


@evolves(ReplyApproved)
def approved(state: R, _event: ReplyApproved, _meta: Meta) -> R:
    """It may be delivered."""
    return replace(state, stage=Stage.APPROVED)


@evolves(ReplyDelivered)
def delivered(state: R, event: ReplyDelivered, meta: Meta) -> R:
    """Replied."""
    return replace(state, stage=Stage.DELIVERED, outcome=event.outcome, concluded_on=meta.effective_on)
