"""Every event of a catalogue entry."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event
from shared.law.deadlines import Deadline

CATALOGUE = {"decree-711": "国令711 第十二条、第二十条", "bureau-2019": "本局党务政务公开制度（DX-04）"}
CADENCE = {"decree-711": "国令711 第二十六条", "bureau-2019": "本局党务政务公开制度（DX-07）"}
LISTED = ("DX-04.1", "DX-04.2", "DX-04.3", "DX-04.4", "DX-04.5", "WZ-3.1", "WZ-3.2", "WZ-3.3", "KH-02.1")


@event("publishing.EntryDefined", title="编入公开目录", rules=LISTED, article=CATALOGUE)
class EntryDefined(Event, frozen=True):
    """What is to be published, on which basis, by which unit, to whom, how often and by which channels. `sphere`: party or government."""

    name: str
    category: str
    sphere: str
    basis: str
    unit: str
    audience: str
    cadence: str
    channels: tuple[str, ...]


@event("publishing.EntryRevised", title="更新公开目录", rules=("KH-02.1",), article=CATALOGUE)
class EntryRevised(Event, frozen=True):
    """The entry as it is from now on, and why. Periods that were opened stay as they are."""

    name: str
    category: str
    sphere: str
    basis: str
    unit: str
    audience: str
    cadence: str
    channels: tuple[str, ...]
    reason: str


@event("publishing.EntryRetired", title="移出公开目录", rules=("KH-02.1",), article=CATALOGUE)
class EntryRetired(Event, frozen=True):
    """Nothing comes due under it any more."""

    reason: str


@event("publishing.PublicationDue", title="应当公开", rules=("DX-07", "KH-02.3d"), article=CADENCE)
class PublicationDue(Event, frozen=True):
    """A period or stage has ended on `ended`: what it covers is to be published by the deadline."""

    period: str
    ended: date
    deadline: Deadline


@event("publishing.PeriodPublished", title="按目录公开", rules=("KH-02.1", "DX-07"), article=CADENCE)
class PeriodPublished(Event, frozen=True):
    """What was due for a period has been published for the first time."""

    period: str
    publication: UUID


@event("publishing.PublicationMissed", title="逾期未公开", rules=("DX-07",), article=CADENCE)
class PublicationMissed(Event, frozen=True):
    """The day has passed and nothing was published for the period."""

    period: str
    due: date


@event("publishing.PublicationMissWithdrawn", title="撤销逾期未公开", rules=("DX-07",), article=CADENCE)
class PublicationMissWithdrawn(Event, frozen=True):
    """A publication that was recorded later had been in time."""

    period: str
    due: date
