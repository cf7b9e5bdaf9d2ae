"""How an extension changes a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import ExtensionRefused, ExtensionRequested, ReplyExtended
from services.requests.disclosure_request.state.request import DisclosureRequest, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(ExtensionRefused)
def extension_refused(state: R, _event: ExtensionRefused, _meta: Meta) -> R:
    """A refused extension is not asked for any more."""
    return replace(state, extension_wanted=0, extension_by=())


@evolves(ExtensionRequested)
def extension_requested(state: R, event: ExtensionRequested, meta: Meta) -> R:
    """Somebody has asked; another decides."""
    return replace(state, extension_wanted=event.working_days, extension_by=tuple(sorted(meta.actor.persons)))


@evolves(ReplyExtended)
def extended(state: R, event: ReplyExtended, _meta: Meta) -> R:
    """More time, once."""
    return replace(state, extension_days=event.working_days, extension_wanted=0, extension_by=(), deadline=event.deadline)
