"""Every event of the rota of a month and of the patrols of a day."""

from datetime import date, datetime

import msgspec

from shared.kernel.events import Event, event

ARTICLE = {"decree-711": "国办发〔2016〕61号", "bureau-2019": "本局政务舆情回应制度（YQ-03.1）"}


class Source(msgspec.Struct, frozen=True):
    """What is watched: a short code of its own, its kind, name and address."""

    code: str
    kind: str
    name: str
    place: str = ""


@event("press.RotaSet", title="确定监测范围", rules=("YQ-03.1a",), article=ARTICLE)
class RotaSet(Event, frozen=True):
    """The sources that are watched in a month (its first day), each at least once in so many hours."""

    month: date
    sources: tuple[Source, ...]
    every_hours: int


@event("press.ShiftPlanned", title="安排值班", rules=("YQ-03.1a",), article=ARTICLE)
class ShiftPlanned(Event, frozen=True):
    """On each day from one to another, between these hours (24: midnight), this person watches these sources."""

    number: int
    monitor: str
    sources: tuple[str, ...]
    first: date
    last: date
    begins: int
    ends: int


@event("press.ShiftWithdrawn", title="撤销值班", rules=("YQ-03.1a",), article=ARTICLE)
class ShiftWithdrawn(Event, frozen=True):
    """A shift that is not kept."""

    number: int
    reason: str


@event("press.PatrolLogged", title="登记巡查", rules=("YQ-03.1a", "XW-08.2"), article=ARTICLE)
class PatrolLogged(Event, frozen=True):
    """A source was looked through between two moments; `found`: how many matters that concern this agency."""

    source: str
    begun: datetime
    ended: datetime
    by: str
    found: int
    note: str = ""
