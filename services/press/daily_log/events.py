"""Every event of the log of a day."""

from datetime import date

import msgspec

from shared.kernel.events import Event, event

ARTICLE = {"decree-711": "国办发〔2016〕61号", "bureau-2019": "本局政务舆情回应制度（YQ-03.2c）"}


class Figures(msgspec.Struct, frozen=True):
    """A day, counted by the platform from what was recorded up to `position` of press's log; nobody types them.

    `overdue`: items that are owed an answer and late; `uncovered`: sources with a gap in plan or patrols.
    """

    position: int
    detected: int = 0
    major: int = 0
    sensitive: int = 0
    answered: int = 0
    reported: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    patrols: int = 0
    found: int = 0
    uncovered: int = 0
    inquiries: int = 0


@event("press.DailyLogFiled", title="填报舆情日志", rules=("YQ-03.2c",), article=ARTICLE)
class DailyLogFiled(Event, frozen=True):
    """The log of a day: its figures and what the monitor notes. `late`: after its day."""

    day: date
    figures: Figures
    note: str
    late: bool


@event("press.DailyLogMissed", title="舆情日志缺报", rules=("YQ-03.2c", "YQ-03.1c"), article=ARTICLE)
class DailyLogMissed(Event, frozen=True):
    """The day is over and there is no log. Recorded once."""

    day: date
