"""What is recorded of an agency."""

from datetime import date

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


@event("access.CalendarYearAnnounced", title="录入放假安排")
class CalendarYearAnnounced(Event, frozen=True):
    """The holidays and swapped working days of a year, as announced, before a release of this platform has them."""

    year: int
    holidays: tuple[date, ...]
    working_weekends: tuple[date, ...]
    source: str
