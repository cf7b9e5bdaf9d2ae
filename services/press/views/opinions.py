"""The list of public opinion: one row an item, with what is owed until when."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.press.opinion_item import events as e
from services.press.opinion_item.state import OpinionItem, Stage, opinion_item
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class OpinionRow(ViewRow, frozen=True):
    """An item in the list. `until`: the next instant that is owed and not known as missed; `misses`: how many were."""

    title: str
    source: str
    place: str
    detected_at: datetime
    unit: str = ""
    level: str = ""
    stage: str = Stage.DETECTED
    accepted: bool = False
    answered: bool = False
    conference: bool = False
    owed: dict[str, datetime] = {}
    missed: tuple[str, ...] = ()
    until: datetime | None = None
    misses: int = 0


opinions = TableView("press", "opinions", "2", OpinionRow, indexes=("agency, stage, until", "until"))


@opinions.creates(e.OpinionDetected)
def detected(id: UUID, event: e.OpinionDetected, meta: Meta) -> OpinionRow:
    """A new row."""
    return OpinionRow(
        id=id, agency=meta.agency, title=event.title, source=event.source, place=event.place, detected_at=event.detected_at
    )  # fmt: skip


@opinions.evolves(*(cls for cls in opinion_item.events if cls is not e.OpinionDetected))
def changed(row: OpinionRow, event: Event, meta: Meta) -> OpinionRow:
    """As the item itself changes."""
    before = OpinionItem(
        id=row.id, agency=row.agency, unit=row.unit, level=row.level, stage=Stage(row.stage), accepted=row.accepted,
        answered=row.answered, conference=row.conference, owed=row.owed, missed=row.missed,
    )  # fmt: skip
    item = opinion_item.apply(before, event, meta)
    waits = [until for kind, until in item.owed.items() if kind not in item.missed and item.stage is not Stage.CLOSED]
    return replace(
        row, unit=item.unit, level=item.level, stage=item.stage, accepted=item.accepted, answered=item.answered,
        conference=item.conference, owed=item.owed, missed=item.missed, until=min(waits, default=None), misses=len(item.missed),
    )  # fmt: skip
