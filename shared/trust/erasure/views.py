"""The list of erasures, and which of them wait for the eraser."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow
from shared.trust.erasure.decisions import Stage
from shared.trust.erasure.events import ErasureApproved, ErasureChecked, ErasureRefused, ErasureRequested, PersonalDataErased


class ErasureRow(ViewRow, frozen=True):
    """An erasure as it stands. Persons are named by their ids."""

    concerns: UUID
    stage: str
    basis: str
    requested_on: date
    requested_by: str
    approved_by: str | None = None
    why_not: str | None = None


erasures = TableView("access", "erasures", "1", ErasureRow, indexes=("agency, stage", "stage"))


@erasures.creates(ErasureRequested)
def requested(id: UUID, event: ErasureRequested, meta: Meta) -> ErasureRow:
    """It begins, or begins again."""
    return ErasureRow(
        id=id,
        agency=meta.agency,
        concerns=event.concerns,
        stage=Stage.REQUESTED.value,
        basis=event.basis,
        requested_on=meta.effective_on,
        requested_by=meta.actor.person,
    )


@erasures.evolves(ErasureChecked)
def checked(row: ErasureRow, _event: ErasureChecked, _meta: Meta) -> ErasureRow:
    """Waits for another person."""
    return replace(row, stage=Stage.CHECKED.value)


@erasures.evolves(ErasureRefused)
def refused(row: ErasureRow, event: ErasureRefused, _meta: Meta) -> ErasureRow:
    """Is not to be."""
    return replace(row, stage=Stage.REFUSED.value, why_not=event.why)


@erasures.evolves(ErasureApproved)
def approved(row: ErasureRow, _event: ErasureApproved, meta: Meta) -> ErasureRow:
    """Waits for its keys to be destroyed."""
    return replace(row, stage=Stage.APPROVED.value, approved_by=meta.actor.person)


@erasures.evolves(PersonalDataErased)
def erased(row: ErasureRow, _event: PersonalDataErased, _meta: Meta) -> ErasureRow:
    """Is done."""
    return replace(row, stage=Stage.ERASED.value)
