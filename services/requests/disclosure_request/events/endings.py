"""Ends without a reply: withdrawn, void, merged into another."""

from uuid import UUID

from shared.kernel.events import Event, event
from shared.trust.personal import Personal


@event("requests.RequestWithdrawn", title="撤回申请", article="国令711 第四十五条")
class RequestWithdrawn(Event, frozen=True):
    """The applicant does not want it any more."""

    by: str
    outcome: str
    reason: Personal | None = None


@event("requests.RequestVoided", title="作废登记", article="国令711 第四十五条")
class RequestVoided(Event, frozen=True):
    """Registered by mistake: it never was a request."""

    reason: str


@event("requests.RequestMerged", title="并入重复登记", article="国令711 第四十五条")
class RequestMerged(Event, frozen=True):
    """The same request was registered twice: this one goes on in the other."""

    into: UUID
    reason: str


@event("requests.DuplicateMerged", title="并入了重复登记", article="国令711 第四十五条")
class DuplicateMerged(Event, frozen=True):
    """Another registration of this request was merged into it."""

    duplicate: UUID
