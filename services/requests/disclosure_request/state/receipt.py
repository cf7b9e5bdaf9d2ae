"""How the events of the receipt change a request."""

from msgspec.structs import replace

from services.requests.disclosure_request.events import (
    IdentityVerified,
    ReceiptAcknowledged,
    ReceiptConfirmed,
    RequestReceived,
    RequestRegistered,
)
from services.requests.disclosure_request.state.request import DisclosureRequest, Stage, disclosure_request
from shared.kernel.events import Meta

R = DisclosureRequest
evolves = disclosure_request.evolves


@evolves(RequestReceived)
def received(state: R, event: RequestReceived, meta: Meta) -> R:
    """Who asks for what, how it came, and the rulebook of the day it came."""
    return replace(
        state,
        agency=meta.agency,
        channel=event.channel,
        received_on=event.received_on,
        applicant_kind=event.applicant_kind,
        applicant_name=event.applicant_name,
        id_number=event.id_number,
        contact=event.contact,
        address=event.address,
        content=event.content,
        person_key=event.person_key,
        tracking_number=event.tracking_number,
        password_hash=event.password_hash,
        form=event.form,
        delivery=event.delivery,
        own_records=event.own_records,
        rulebook=event.rulebook,
        clock_start=event.received_on if event.deadline else None,
        deadline=event.deadline,
    )


@evolves(RequestRegistered)
def registered(state: R, event: RequestRegistered, _meta: Meta) -> R:
    """Its number; where the clock does not run yet, it waits for the confirmation."""
    return replace(state, number=event.number, stage=Stage.REGISTERED if state.clock_start else Stage.UNCONFIRMED)


@evolves(ReceiptConfirmed)
def confirmed(state: R, event: ReceiptConfirmed, _meta: Meta) -> R:
    """The clock starts."""
    stage = Stage.REGISTERED if state.stage is Stage.UNCONFIRMED else state.stage
    return replace(state, stage=stage, clock_start=event.confirmed_on, deadline=event.deadline)


@evolves(IdentityVerified)
def verified(state: R, _event: IdentityVerified, _meta: Meta) -> R:
    """The applicant is who it says."""
    return replace(state, identity_verified=True)


@evolves(ReceiptAcknowledged)
def acknowledged(state: R, _event: ReceiptAcknowledged, _meta: Meta) -> R:
    """It only stands on record."""
    return state
