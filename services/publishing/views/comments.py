"""What was said about a draft: who still waits for an argument or an answer. The words stay sealed."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.publishing.comment.events import CommentAnswered, CommentExamined, CommentReceived, ReasonsSent
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class CommentRow(ViewRow, frozen=True):
    """A comment in the list. `number`: the nth on its draft. `text` and `name` are references to sealed data; `adopted` is empty until it is answered."""

    consultation: UUID
    text: str
    received_on: date
    unit: str = ""
    number: int = 0
    name: str = ""
    representative: bool = False
    reasonable: bool | None = None
    argument: str = ""
    adopted: bool | None = None
    reason: str = ""
    reasons_sent: bool = False


comments = TableView("publishing", "comments", "2", CommentRow, indexes=("agency, consultation, received_on, number, id",))


@comments.creates(CommentReceived)
def received(id: UUID, event: CommentReceived, meta: Meta) -> CommentRow:
    """A new row."""
    return CommentRow(
        id=id,
        agency=meta.agency,
        consultation=event.consultation,
        text=event.text.reference(),
        received_on=meta.effective_on,
        unit=event.unit,
        number=event.number,
        name=event.name.reference() if event.name else "",
        representative=event.representative,
    )


@comments.evolves(CommentExamined)
def examined(row: CommentRow, event: CommentExamined, _meta: Meta) -> CommentRow:
    """With its argument."""
    return replace(row, reasonable=event.reasonable, argument=event.argument)


@comments.evolves(CommentAnswered)
def answered(row: CommentRow, event: CommentAnswered, _meta: Meta) -> CommentRow:
    """Adopted or not."""
    return replace(row, adopted=event.adopted, reason=event.reason)


@comments.evolves(ReasonsSent)
def reasons_sent(row: CommentRow, _event: ReasonsSent, _meta: Meta) -> CommentRow:
    """In writing."""
    return replace(row, reasons_sent=True)
