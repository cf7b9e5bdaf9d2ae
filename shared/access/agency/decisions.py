"""The state of an agency, and what may be decided about it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from shared.access.agency.events import (
    AgencyFounded,
    CalendarYearAnnounced,
    FeedKeyAdded,
    FeedKeyRemoved,
    RulebookAdopted,
    SimulatedDaySet,
    SoleRoleFilled,
    SoleRoleVacated,
    UnitClosed,
    UnitOpened,
    UnitRenamed,
)
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.errors import Refused
from shared.kernel.events import Event, Meta
from shared.law.calendar import AnnouncedYear
from shared.law.roles import ROLES
from shared.law.rulebook import NoRulebook, rulebook


class Holder(msgspec.Struct, frozen=True):
    """Who holds a role that one person alone holds, by which grant, from a day to a day (None: until it is revoked)."""

    role: str
    person: UUID
    grant: UUID
    since: date
    until: date | None

    def meets(self, since: date, until: date | None) -> bool:
        """Whether there is a day that both span."""
        return (until is None or self.since <= until) and (self.until is None or since <= self.until)


class Agency(State, frozen=True):
    """An agency. `units` are those that are open, `closed` those whose code is used up; `day` is the civil day that was set for it;
    `holders` are those of the roles that one person alone holds.
    """

    code: str = ""
    name: str = ""
    book: str = ""
    simulated: bool = False
    units: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    day: date | None = None
    holders: tuple[Holder, ...] = ()
    feed_keys: tuple[str, ...] = ()

    @property
    def agency(self) -> str:
        """The agency that it belongs to: itself."""
        return self.code


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


@agency.evolves(UnitRenamed)
def renamed(state: Agency, _event: UnitRenamed, _meta: Meta) -> Agency:
    """Another name, which no decision asks for."""
    return state


@agency.evolves(UnitClosed)
def closed(state: Agency, event: UnitClosed, _meta: Meta) -> Agency:
    """One unit less; its code stays used."""
    return replace(state, units=tuple(unit for unit in state.units if unit != event.unit), closed=(*state.closed, event.unit))


@agency.evolves(SimulatedDaySet)
def day_set(state: Agency, event: SimulatedDaySet, _meta: Meta) -> Agency:
    """Another civil day."""
    return replace(state, day=event.day)


@agency.evolves(SoleRoleFilled)
def filled(state: Agency, event: SoleRoleFilled, _meta: Meta) -> Agency:
    """One more holder."""
    return replace(state, holders=(*state.holders, Holder(event.role, event.person, event.grant, event.since, event.until)))


@agency.evolves(SoleRoleVacated)
def vacated(state: Agency, event: SoleRoleVacated, _meta: Meta) -> Agency:
    """One holder less."""
    return replace(state, holders=tuple(holder for holder in state.holders if holder.grant != event.grant))


@agency.evolves(CalendarYearAnnounced)
def announced(state: Agency, event: CalendarYearAnnounced, _meta: Meta) -> Agency:
    """One more year that is certain."""
    return replace(state, years=(*state.years, event.year))


@agency.evolves(FeedKeyAdded)
def feed_key_added(state: Agency, event: FeedKeyAdded, _meta: Meta) -> Agency:
    """One more key."""
    return replace(state, feed_keys=(*state.feed_keys, event.key))


@agency.evolves(FeedKeyRemoved)
def feed_key_removed(state: Agency, event: FeedKeyRemoved, _meta: Meta) -> Agency:
    """One key less."""
    return replace(state, feed_keys=tuple(key for key in state.feed_keys if key != event.key))


def add_feed_key(state: Agency, key: str) -> Sequence[Event]:
    """At most two keys at a time: the one in use, and its successor."""
    if key in state.feed_keys:
        raise Refused("key-known", "这把密钥已经登记。")
    if len(state.feed_keys) >= 2:
        raise Refused("two-keys", "该机关已有两把密钥，请先停用旧的一把（gongkai agency rotate --finish）。")
    return [FeedKeyAdded(key=key)]


def remove_feed_key(state: Agency, key: str, reason: str) -> Sequence[Event]:
    """A key that the agency has."""
    if key not in state.feed_keys:
        raise Refused("no-such-key", "该机关没有这把密钥。")
    return [FeedKeyRemoved(key=key, reason=reason)]


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
    """A unit's code is used once, even if it was closed in the meantime."""
    if unit in state.units or unit in state.closed:
        raise Refused("unit-exists", f"科室代码 {unit} 已被使用，请换一个代码。")
    return [UnitOpened(unit=unit, name=name)]


def rename_unit(state: Agency, unit: str, name: str) -> Sequence[Event]:
    """A unit that is open gets another name."""
    open_one(state, unit)
    return [UnitRenamed(unit=unit, name=name)]


def close_unit(state: Agency, unit: str, reason: str) -> Sequence[Event]:
    """A unit that is open is closed."""
    open_one(state, unit)
    return [UnitClosed(unit=unit, reason=reason)]


def open_one(state: Agency, unit: str | None) -> None:
    """Refuses a unit that is not open; None is the whole agency."""
    if unit is not None and unit not in state.units:
        raise Refused("no-such-unit", f"没有科室 {unit}，或该科室已撤销；请核对科室代码，或先设立科室。")


def fill(state: Agency, role: str, person: UUID, grant: UUID, since: date, until: date | None) -> Sequence[Event]:
    """A role that one person alone holds at a time (BM-06b: one leader in charge); nothing is recorded of a role that many may hold."""
    if not ROLES[role].sole:
        return []
    if any(holder.role == role and holder.person != person and holder.meets(since, until) for holder in state.holders):
        raise Refused(
            "sole-role-held",
            f"“{ROLES[role].title}”在本机关同一时间只由一人担任，这段时间已有人担任。",
            remedy="先撤销现任的授权，或把开始日期写在其截止之后；临时由他人办理的，写明被代理人。",
        )
    return [SoleRoleFilled(role=role, person=person, grant=grant, since=since, until=until)]


def vacate(state: Agency, grant: UUID) -> Sequence[Event]:
    """What becomes of such a role when its grant is revoked."""
    return [SoleRoleVacated(role=holder.role, grant=grant) for holder in state.holders if holder.grant == grant]


def set_day(state: Agency, day: date | None) -> Sequence[Event]:
    """Only a simulated agency has a civil day other than the real one: deadlines of a real one can't be moved by moving its calendar."""
    if not state.simulated:
        raise Refused("real-clock", "只有模拟机关（演示、培训）可以设定日期；正式机关请填写“事实发生日期”。")
    if state.day == day:
        raise Refused("day-already-set", "模拟日期没有变化。")
    return [SimulatedDaySet(day=day)]


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
