"""The state of an agency, and what may be decided about it."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from shared.access.agency.events import AgencyFounded, CalendarYearAnnounced, RulebookAdopted, UnitOpened
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.errors import Refused
from shared.kernel.events import Event, Meta
from shared.law.calendar import AnnouncedYear
from shared.law.rulebook import NoRulebook, rulebook


class Agency(State, frozen=True):
    """An agency."""

    code: str = ""
    name: str = ""
    book: str = ""
    simulated: bool = False
    units: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


agency: Aggregate[Agency] = Aggregate("access.Agency", Agency)


@agency.evolves(AgencyFounded)
def founded(state: Agency, event: AgencyFounded, _meta: Meta) -> Agency:
    """Its code, name and rulebook."""
    return replace(state, code=event.code, name=event.name, book=event.rulebook, simulated=event.simulated)


@agency.evolves(RulebookAdopted)
def adopted(state: Agency, event: RulebookAdopted, _meta: Meta) -> Agency:
    """Another rulebook for what comes."""
    return replace(state, book=event.rulebook)


@agency.evolves(UnitOpened)
def opened(state: Agency, event: UnitOpened, _meta: Meta) -> Agency:
    """One more unit."""
    return replace(state, units=(*state.units, event.unit))


@agency.evolves(CalendarYearAnnounced)
def announced(state: Agency, event: CalendarYearAnnounced, _meta: Meta) -> Agency:
    """One more year that is certain."""
    return replace(state, years=(*state.years, event.year))


def found(state: Agency, code: str, name: str, book: str, *, simulated: bool, superior: str | None) -> Sequence[Event]:
    """An agency is founded once, with a rulebook that exists."""
    if state.exists:
        raise Refused("agency-exists", f"机关代码 {code} 已被使用，请换一个代码。")
    known(book)
    return [AgencyFounded(code=code, name=name, rulebook=book, simulated=simulated, superior=superior)]


def adopt(state: Agency, book: str) -> Sequence[Event]:
    """From now on under another rulebook."""
    known(book)
    if state.book == book:
        raise Refused("rulebook-in-use", f"本机关已在使用规则集 {book}。")
    return [RulebookAdopted(rulebook=book)]


def open_unit(state: Agency, unit: str, name: str) -> Sequence[Event]:
    """A unit's code is used once."""
    if unit in state.units:
        raise Refused("unit-exists", f"科室代码 {unit} 已被使用，请换一个代码。")
    return [UnitOpened(unit=unit, name=name)]


def announce(state: Agency, year: int, holidays: tuple[date, ...], working_weekends: tuple[date, ...], source: str) -> Sequence[Event]:
    """A year is announced with its source; the open deadlines that it moves are recomputed by the services."""
    if year in state.years:
        raise Refused("year-announced", f"{year} 年的放假安排已经录入。")
    faults = AnnouncedYear(year, holidays, working_weekends, source).faults()
    if faults:
        raise Refused("year-faulty", "放假安排有误：" + "；".join(faults))
    return [CalendarYearAnnounced(year=year, holidays=holidays, working_weekends=working_weekends, source=source)]


def known(book: str) -> None:
    """Refuses a rulebook that does not exist."""
    try:
        rulebook(book)
    except NoRulebook as error:
        raise Refused("no-rulebook", f"没有规则集 {book}，请核对名称。") from error
