"""The list of inquiries. What a citizen wrote stands in the log alone, sealed."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.press.inquiry import events as e
from services.press.inquiry.state import Stage
from shared.kernel.events import Meta
from shared.kernel.views import TableView, ViewRow


class InquiryRow(ViewRow, frozen=True):
    """An inquiry in the list. `due`: what is owed next (the answer, or the facts) and not known as missed."""

    kind: str
    channel: str
    tracking: str
    received_on: date
    answer_due: date | None
    facts_due: date | None = None
    due: date | None = None
    unit: str = ""
    topic: str = ""
    hot: bool = False
    stage: str = Stage.RECEIVED
    published: bool = False
    late_days: int = 0
    missed: tuple[str, ...] = ()
    misses: int = 0


inquiries = TableView("press", "inquiries", "1", InquiryRow, indexes=("agency, stage, due", "tracking"))


def standing(row: InquiryRow) -> InquiryRow:
    """With what is owed next."""
    owed = {
        "answer": row.answer_due if row.stage in (Stage.RECEIVED, Stage.ASSIGNED) else None,
        "facts": row.facts_due if row.hot and not row.published else None,
    }
    return replace(row, due=min((day for kind, day in owed.items() if day is not None and kind not in row.missed), default=None))


@inquiries.creates(e.InquiryReceived)
def received(id: UUID, event: e.InquiryReceived, meta: Meta) -> InquiryRow:
    """A new row."""
    return InquiryRow(
        id=id, agency=meta.agency, kind=event.kind, channel=event.channel, tracking=event.tracking_number,
        received_on=meta.effective_on, answer_due=event.deadline.due, due=event.deadline.due,
    )  # fmt: skip


@inquiries.evolves(e.InquiryAssigned)
def assigned(row: InquiryRow, event: e.InquiryAssigned, _meta: Meta) -> InquiryRow:
    """A unit is in charge."""
    facts = event.facts_deadline.due if event.facts_deadline is not None else None
    return standing(replace(row, unit=event.unit, topic=event.topic, hot=event.hot, facts_due=facts, stage=Stage.ASSIGNED))


@inquiries.evolves(e.InquiryAnswered)
def answered(row: InquiryRow, event: e.InquiryAnswered, _meta: Meta) -> InquiryRow:
    """Told."""
    stage = Stage.ANSWERED if row.hot and not row.published else Stage.CLOSED
    return standing(replace(row, stage=stage, late_days=event.late_days))


@inquiries.evolves(e.FactsPublished)
def published(row: InquiryRow, _event: e.FactsPublished, _meta: Meta) -> InquiryRow:
    """Public."""
    return standing(replace(row, published=True, stage=Stage.CLOSED if row.stage == Stage.ANSWERED else row.stage))


@inquiries.evolves(e.InquiryMissed)
def missed(row: InquiryRow, event: e.InquiryMissed, _meta: Meta) -> InquiryRow:
    """Late."""
    return standing(replace(row, missed=(*row.missed, event.owed), misses=row.misses + 1))
