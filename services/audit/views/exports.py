"""The list of what was exported, and to whom."""

from datetime import date
from uuid import UUID

from services.audit.result_export.events import ResultExported
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class ExportRow(ViewRow, frozen=True):
    """An export in the list."""

    year: int
    purpose: str
    recipient: str
    document: str
    sha256: str
    exported_on: date


exports = TableView("audit", "exports", "1", ExportRow, indexes=("agency, year",))


@exports.creates(ResultExported)
def exported(id: UUID, event: ResultExported, meta: Meta) -> ExportRow:
    """A new row."""
    return ExportRow(
        id=id, agency=meta.agency, year=event.year, purpose=event.purpose, recipient=event.to, document=event.document, sha256=event.sha256,
        exported_on=meta.effective_on,
    )  # fmt: skip
