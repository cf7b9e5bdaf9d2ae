"""Every event of a special report, an early warning and a bulletin."""

from datetime import date
from uuid import UUID

import msgspec

from shared.kernel.events import Event, event

ARTICLE = {"decree-711": "国办发〔2016〕61号", "bureau-2019": "本局政务舆情回应制度（YQ-03）"}


class UnitFigures(msgspec.Struct, frozen=True):
    """How a unit ('': no unit yet) has handled the items detected in a period.

    `on_time`: answered in their hours; `late`: answered after them; `missed`: their hours are over and they are not answered; `waiting`: an
    answer is owed and there is time; `unneeded`: assessed as needing none, or not assessed yet; `omitted`: reported up late or not at all.
    """

    unit: str
    items: int
    on_time: int
    late: int
    missed: int
    waiting: int
    unneeded: int
    omitted: int


@event("press.SpecialReportFiled", title="报送舆情专报", rules=("YQ-03.2c",), article=ARTICLE)
class SpecialReportFiled(Event, frozen=True):
    """A report about one or more items, to whom it goes, and what it says and proposes."""

    title: str
    items: tuple[UUID, ...]
    to: str
    text: str
    number: str = ""


@event("press.WarningIssued", title="发出舆情预警", rules=("YQ-03.2c",), article=ARTICLE)
class WarningIssued(Event, frozen=True):
    """An early warning: how high, about what, to whom, what is to be done; the items that it rests on, where there are any yet."""

    title: str
    level: str
    to: str
    text: str
    items: tuple[UUID, ...] = ()


@event("press.WarningLifted", title="解除舆情预警", rules=("YQ-03.2c",), article=ARTICLE)
class WarningLifted(Event, frozen=True):
    """It is over; what came of it."""

    reason: str


@event("press.BulletinIssued", title="通报舆情办理情况", rules=("YQ-03.4c",), article=ARTICLE)
class BulletinIssued(Event, frozen=True):
    """How the items of a period were handled, unit by unit, counted by the platform from press's log up to `position`."""

    first: date
    last: date
    position: int
    units: tuple[UnitFigures, ...]
    note: str
