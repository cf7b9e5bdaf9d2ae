"""What is recorded of an agency."""

from datetime import date
from uuid import UUID

from shared.kernel.events import Event, event


@event("access.AgencyFounded", title="设立机关")
class AgencyFounded(Event, frozen=True):
    """An agency begins to work on this platform. A simulated one (demo, training) may set its civil day."""

    code: str
    name: str
    rulebook: str
    simulated: bool = False
    superior: str | None = None


@event("access.RulebookAdopted", title="采用规则集")
class RulebookAdopted(Event, frozen=True):
    """Cases received from now on stand under this rulebook; those received before keep theirs."""

    rulebook: str


@event("access.UnitOpened", title="设立科室")
class UnitOpened(Event, frozen=True):
    """A unit of the agency."""

    unit: str
    name: str


@event("access.UnitRenamed", title="更改科室名称")
class UnitRenamed(Event, frozen=True):
    """The unit keeps its code; what was recorded of it before stays with it."""

    unit: str
    name: str


@event("access.UnitClosed", title="撤销科室")
class UnitClosed(Event, frozen=True):
    """Nothing new is given to this unit. Its code is not used again."""

    unit: str
    reason: str


@event("access.SoleRoleFilled", title="明确唯一担任人", rules=("BM-06b",))
class SoleRoleFilled(Event, frozen=True):
    """A role that one person alone holds in an agency is that person's, from a day to a day."""

    role: str
    person: UUID
    grant: UUID
    since: date
    until: date | None = None


@event("access.SoleRoleVacated", title="免去唯一担任人", rules=("BM-06b",))
class SoleRoleVacated(Event, frozen=True):
    """With the grant, the person no longer holds it: another may."""

    role: str
    grant: UUID


@event("access.SimulatedDaySet", title="设定模拟日期")
class SimulatedDaySet(Event, frozen=True):
    """The civil day of a simulated agency, until another is set; None is the real day again."""

    day: date | None = None


@event("access.CalendarYearAnnounced", title="录入放假安排")
class CalendarYearAnnounced(Event, frozen=True):
    """The holidays and swapped working days of a year, as announced, before a release of this platform has them."""

    year: int
    holidays: tuple[date, ...]
    working_weekends: tuple[date, ...]
    source: str


@event("access.FeedKeyAdded", title="开通机关的 NATS 账号")
class FeedKeyAdded(Event, frozen=True):
    """The agency's own system may connect to NATS with this public key (an nkey, `U…`), to an account of its own."""

    key: str


@event("access.FeedKeyRemoved", title="停用机关的 NATS 密钥")
class FeedKeyRemoved(Event, frozen=True):
    """Whoever holds this key is cut off."""

    key: str
    reason: str
