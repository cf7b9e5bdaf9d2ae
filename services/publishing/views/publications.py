"""The list of publications."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.publishing.publication.events import (
    CorrectionPublished,
    DeadlineMissed,
    DeadlineMissWithdrawn,
    InformationCreated,
    OnlineDecided,
    PublicationApproved,
    PublicationDrafted,
    PublicationReturned,
    Published,
    ValidityChanged,
    Withdrawn,
)
from services.publishing.publication.state import Stage
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class PublicationRow(ViewRow, frozen=True):
    """A publication in the list. `waits`: its clock runs; `version`: the latest that was published."""

    title: str
    kind: str
    audience: str
    unit: str
    stage: str
    due: date
    target: date
    entry: UUID | None = None
    document_number: str = ""
    drafted: bool = False
    version: int = 0
    published_on: date | None = None
    waits: bool = True
    missed: bool = False
    validity: str = "in_force"


publications = TableView("publishing", "publications", "1", PublicationRow, indexes=("agency, waits, due", "agency, stage, published_on"))


@publications.creates(InformationCreated)
def created(id: UUID, event: InformationCreated, meta: Meta) -> PublicationRow:
    """A new row."""
    return PublicationRow(
        id=id,
        agency=meta.agency,
        title=event.title,
        kind=event.kind,
        audience=event.audience,
        unit=event.unit,
        stage=Stage.CREATED,
        due=event.deadline.due,
        target=event.target,
        entry=event.entry,
    )


@publications.evolves(OnlineDecided)
def decided(row: PublicationRow, event: OnlineDecided, _meta: Meta) -> PublicationRow:
    """What is withheld waits for nothing."""
    if event.decision == "withheld":
        return replace(row, stage=Stage.WITHHELD, waits=False)
    back = Stage.DRAFTED if row.drafted else Stage.CREATED
    return replace(row, stage=back if row.stage == Stage.WITHHELD else row.stage, waits=row.published_on is None)


@publications.evolves(PublicationDrafted)
def drafted(row: PublicationRow, event: PublicationDrafted, _meta: Meta) -> PublicationRow:
    """Content."""
    return replace(row, title=event.title, document_number=event.document_number, drafted=True, stage=Stage.DRAFTED)


@publications.evolves(PublicationApproved, PublicationReturned)
def judged(row: PublicationRow, event: Event, _meta: Meta) -> PublicationRow:
    """Approved, or not."""
    return replace(row, stage=Stage.APPROVED if isinstance(event, PublicationApproved) else Stage.DRAFTED)


@publications.evolves(Published)
def published(row: PublicationRow, event: Published, meta: Meta) -> PublicationRow:
    """Public; the first time counts."""
    first = min(row.published_on or meta.effective_on, meta.effective_on)
    return replace(row, stage=Stage.PUBLISHED, version=event.version, published_on=first, waits=False)


@publications.evolves(CorrectionPublished)
def corrected(row: PublicationRow, event: CorrectionPublished, _meta: Meta) -> PublicationRow:
    """Its later version."""
    return replace(row, version=event.version)


@publications.evolves(Withdrawn)
def withdrawn(row: PublicationRow, _event: Withdrawn, _meta: Meta) -> PublicationRow:
    """Off every channel."""
    return replace(row, stage=Stage.WITHDRAWN, waits=False)


@publications.evolves(ValidityChanged)
def validity_changed(row: PublicationRow, event: ValidityChanged, _meta: Meta) -> PublicationRow:
    """In force or not."""
    return replace(row, validity=event.validity)


@publications.evolves(DeadlineMissed, DeadlineMissWithdrawn)
def missed(row: PublicationRow, event: Event, _meta: Meta) -> PublicationRow:
    """Late, or not after all."""
    return replace(row, missed=isinstance(event, DeadlineMissed))
