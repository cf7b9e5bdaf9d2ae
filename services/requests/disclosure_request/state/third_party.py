"""What third parties change: what they think, and whether the clock runs."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import (
    PublicInterestOverrode,
    ThirdPartyConsented,
    ThirdPartyConsulted,
    ThirdPartyObjected,
    ThirdPartySilent,
)
from services.requests.disclosure_request.state.request import DisclosureRequest, ThirdParty, disclosure_request
from shared.kernel.events import Meta
from shared.law.calendar import Span

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(ThirdPartyConsulted)
def third_party_consulted(state: R, event: ThirdPartyConsulted, _meta: Meta) -> R:
    """It waits for the third party; the days do not count where the rulebook says so."""
    asked = ThirdParty(event.number, event.touches, event.person_key, event.files, event.deadline)
    spans = state.not_counted
    if not event.counted and not state.consulting:
        spans = (*spans, Span(event.sent_on, None, "consulting"))
    return replace(state, third_parties=(*state.third_parties, asked), not_counted=spans)


@evolves(ThirdPartyConsented, ThirdPartyObjected, ThirdPartySilent)
def third_party_answered(state: R, event: ThirdPartyConsented | ThirdPartyObjected | ThirdPartySilent, meta: Meta) -> R:
    """It has answered, or its period has passed; with the last answer the reply period goes on."""
    stands = {ThirdPartyConsented: "consented", ThirdPartyObjected: "objected", ThirdPartySilent: "silent"}[type(event)]
    reasonable = event.reasonable if isinstance(event, ThirdPartyObjected) else None
    parties = tuple(
        replace(party, stands=stands, reasonable=reasonable) if party.number == event.number else party for party in state.third_parties
    )
    if event.reply is None:
        return replace(state, third_parties=parties)
    spans = tuple(replace(span, end=meta.effective_on) if span.end is None else span for span in state.not_counted)
    return replace(state, third_parties=parties, not_counted=spans, deadline=event.reply)


@evolves(PublicInterestOverrode)
def overrode(state: R, event: PublicInterestOverrode, _meta: Meta) -> R:
    """The objection stands back."""
    parties = tuple(replace(party, stands="overridden") if party.number == event.number else party for party in state.third_parties)
    return replace(state, third_parties=parties)
