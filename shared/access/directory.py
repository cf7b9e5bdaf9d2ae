"""The directory: the fold of the access log that every process keeps in memory, so that asking costs next to nothing and a revocation acts at once."""

import asyncio
import hashlib
import threading
import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import structlog
from psycopg.rows import tuple_row

from shared.access.account.decisions import Account, account
from shared.access.account.events import AccountDisabled, PasswordChanged
from shared.access.agency.decisions import agency as agencies
from shared.access.agency.events import (
    AgencyFounded,
    CalendarYearAnnounced,
    FeedKeyAdded,
    FeedKeyRemoved,
    RulebookAdopted,
    SimulatedDaySet,
    UnitClosed,
    UnitOpened,
    UnitRenamed,
)
from shared.access.feed_accounts import FeedAccount, changed
from shared.access.person.decisions import Grant, Person, person
from shared.access.session.events import SessionEnded, SignedIn
from shared.kernel.clocks import instant, today
from shared.kernel.commands import AgencyFacts
from shared.kernel.doorkeeping import Laws
from shared.kernel.doorkeeping import SignedIn as Somebody
from shared.kernel.errors import Forbidden, NotFound, Unauthenticated
from shared.kernel.events import Actor, Recorded
from shared.kernel.log import CHANNEL, read_rows
from shared.kernel.places import place
from shared.law.calendar import AnnouncedYear, WorkingCalendar, national_calendar
from shared.law.roles import ROLES
from shared.law.rulebook import Grantees, rulebook

log = structlog.get_logger("gongkai.access")

PUBLIC = Actor("public", ("public",))
FOLLOWING = "gongkai-directory"
"""How the connection that follows the log is called in the database."""

POLL_SECONDS = 0.5
"""A lost notification delays a revocation by this much at most."""


SHARE_SECONDS = 10.0
"""How often processes tell each other which sessions were used."""

USED = """INSERT INTO session_use (session, used) SELECT * FROM unnest(%s::uuid[], %s::double precision[]) ORDER BY 1
    ON CONFLICT (session) DO UPDATE SET used = excluded.used WHERE session_use.used < excluded.used"""
USES = "SELECT session, used FROM session_use WHERE session = ANY(%s)"


class Unit(msgspec.Struct, frozen=True):
    """A unit of an agency."""

    code: str
    name: str


class Session(msgspec.Struct):
    """A person who is signed in. `used` is when it was last seen (seconds since 1970), by this process or, as far as told, by another."""

    id: UUID
    person: str
    agency: str
    account: UUID
    expires: datetime
    used: float


class Directory:
    """Agencies, people, grants, accounts and sessions as of the last event read."""

    def __init__(self, dsn: str, *, idle_minutes: int = 30, password_days: int = 90) -> None:
        self.dsn = dsn
        self.idle_seconds = idle_minutes * 60
        self.password_age = timedelta(days=password_days)
        self.position = 0
        self.accounts: dict[UUID, Account] = {}
        self._agencies: dict[str, AgencyFacts] = {}
        self._units: dict[str, list[Unit]] = {}
        self._unit_names: dict[tuple[str, str], str] = {}
        self._days: dict[str, date] = {}
        self._calendars: dict[str, WorkingCalendar] = {}
        self._feeds: dict[str, FeedAccount] = {}
        self._people: dict[str, Person] = {}
        self._agency_of: dict[str, str] = {}
        self._sessions: dict[str, Session] = {}
        self._by_session: dict[UUID, str] = {}
        self._shared_at = 0.0
        self._laws: dict[str, Laws] = {}
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="directory", daemon=True)

    def start(self) -> None:
        """Reads the whole log, then follows it."""
        self.read_once()
        self._thread.start()

    def read_once(self) -> None:
        """Reads the log up to its end."""
        with psycopg.connect(self.dsn, autocommit=True, row_factory=tuple_row) as connection:
            self._read(connection)
            self._share_use(connection)

    def stop(self) -> None:
        """Ends the thread."""
        self._stopping = True
        if self._thread.is_alive():
            self._thread.join(3)

    async def caught_up(self, position: int, timeout: float = 5.0) -> None:
        """Waits until a position of the access log has been read."""
        deadline = time.monotonic() + timeout
        while self.position < position and time.monotonic() < deadline:
            await asyncio.sleep(0.005)

    def agency(self, code: str) -> AgencyFacts:
        """An agency; raises `NotFound`."""
        found = self._agencies.get(code)
        if found is None:
            raise NotFound("no-such-agency", "没有这个机关，请核对机关代码。")
        return found

    def agencies(self) -> Sequence[AgencyFacts]:
        """All agencies."""
        return list(self._agencies.values())

    def feed_accounts(self) -> dict[str, list[str]]:
        """The public keys with which agencies' own systems may connect to NATS, by the agencies' codes; an agency without any is not in it."""
        return {code: account.public for code, account in list(self._feeds.items()) if account.public}

    def feed_history(self) -> Sequence[FeedAccount]:
        """Every such account that there ever was, with the keys that count no more."""
        return list(self._feeds.values())

    def units(self, code: str) -> Sequence[Unit]:
        """The units of an agency that are open."""
        return list(self._units.get(code, ()))

    def has_unit(self, agency: str, code: str) -> bool:
        """Whether an agency has an open unit of this code."""
        return any(one.code == code for one in self._units.get(agency, ()))

    def unit_name(self, agency: str, code: str) -> str:
        """How a unit is called, also one that was closed; its code where it never was opened."""
        return self._unit_names.get((agency, code), code)

    def calendar(self, code: str) -> WorkingCalendar:
        """The working days of an agency: the national calendar, with the years that the agency has entered as announced."""
        return self._calendars.get(code) or national_calendar()

    def laws(self, agency: AgencyFacts) -> Laws:
        """The law of an agency, with the years that it has announced."""
        found = self._laws.get(agency.code)
        if found is None or found.rulebook.id != agency.rulebook:
            own = (rulebook(agency.rulebook), self.calendar(agency.code), rulebook)
            found = Laws(*own, self._agencies.__contains__, self.has_unit, self.has_person)
            self._laws[agency.code] = found
        return found

    def today(self, agency: AgencyFacts) -> date:
        """The civil day of an agency: the real one, or as set where the agency is simulated. A command for a simulated one may name another."""
        return self._days.get(agency.code) or today()

    def person(self, id: str) -> Person | None:
        """A person by id."""
        return self._people.get(id)

    def people(self, agency: str) -> Sequence[Person]:
        """The people of an agency."""
        return [person for id, person in list(self._people.items()) if self._agency_of[id] == agency]

    def has_person(self, agency: str, id: UUID) -> bool:
        """Whether somebody of this id is an official of the agency."""
        return self._agency_of.get(str(id)) == agency

    def name_of(self, actor: str) -> str:
        """How an actor is called: a person's name and office, or what it is."""
        found = self._people.get(actor)
        if found is not None:
            return f"{found.name}（{found.office}）"
        if actor == "public":
            return "公众"
        kind, _, name = actor.partition(":")
        return {"system": "系统", "service": "平台服务"}.get(kind, actor) + (f"：{name}" if name else "")

    def grants(self, person: str, on: date) -> Sequence[Grant]:
        """The roles that a person holds on a day: its own first, then those in which it stands in for a principal who still has them."""
        found = self._people.get(person)
        if found is None:
            return []
        held = [grant for grant in found.grants if grant.holds(on) and (grant.principal is None or self._delegates(grant, on))]
        return sorted(held, key=_delegation) if len(held) > 1 else held

    def _delegates(self, grant: Grant, on: date) -> bool:
        principal = self._people.get(grant.principal or "")
        return principal is not None and principal.holds_itself(grant.role, on)

    def session(self, token: str) -> Session | None:
        """Who is behind a token; None if it is unknown, ended, expired or was idle too long."""
        found = self._sessions.get(hashlib.sha256(token.encode()).hexdigest())
        if found is None:
            return None
        now = time.time()
        if self._lapsed(found, now):
            return None
        found.used = now
        return found

    def _lapsed(self, session: Session, now: float) -> bool:
        return session.expires.timestamp() <= now or now - session.used > self.idle_seconds

    def lapsed_sessions(self) -> list[Session]:
        """The sessions that are over by time, and not yet recorded as ended."""
        now = time.time()
        return [session for session in list(self._sessions.values()) if self._lapsed(session, now)]

    def open_sessions(self, account: UUID) -> list[Session]:
        """The sessions of an account that are open, the oldest first."""
        now = time.time()
        mine = [one for one in list(self._sessions.values()) if one.account == account and not self._lapsed(one, now)]
        return sorted(mine, key=lambda one: one.expires)

    def account_of(self, person: str) -> Account | None:
        """The account of a person that is not disabled."""
        mine = (one for one in list(self.accounts.values()) if str(one.person) == person and not one.disabled)
        return next(mine, None)

    def password_due(self, account: UUID) -> bool:
        """Whether a password has to be changed before anything else: it is a first one, told by another person, or too old."""
        found = self.accounts.get(account)
        if found is None:
            return False
        return found.must_change or (found.changed_at is not None and instant() - found.changed_at > self.password_age)

    def authorise(self, who: Somebody | None, capability: str, agency: AgencyFacts, *, unit: str | None = None) -> Actor:
        """The actor to be recorded, with the grant that allows it; raises `Unauthenticated` or `Forbidden`, naming the roles that could.

        `unit` is the unit of the thing acted on. A grant for one unit allows what is that unit's, and nothing that is no unit's.
        """
        wanted, held = self._entitled(who, capability, agency)
        if who is None:
            return PUBLIC
        fitting = [grant for grant in held if grant.role in wanted.roles]
        for grant in fitting:
            if grant.unit is None or grant.unit == unit:
                return Actor(who.person, tuple(sorted({one.role for one in held})), str(grant.id), grant.principal)
        if fitting:
            own = "、".join(dict.fromkeys(self.unit_name(agency.code, grant.unit or "") for grant in fitting))
            raise Forbidden("other-unit", f"您的“{wanted.title}”权限只限于{own}承办的事项，这件事不在其内。", article=wanted.article)
        raise _not_allowed(wanted)

    def reach(self, who: Somebody | None, capability: str, agency: AgencyFacts) -> frozenset[str] | None:
        """The units whose things this person may have; None is all of the agency's. Raises as `authorise`."""
        wanted, held = self._entitled(who, capability, agency)
        fitting = [grant.unit for grant in held if grant.role in wanted.roles]
        if who is not None and not fitting:
            raise _not_allowed(wanted)
        return None if who is None or None in fitting else frozenset(unit for unit in fitting if unit)

    def _entitled(self, who: Somebody | None, capability: str, agency: AgencyFacts) -> tuple[Grantees, Sequence[Grant]]:
        """Who has a capability, and the roles that this person holds today, in this agency."""
        wanted = self.laws(agency).rulebook.grantees(capability)
        if who is None:
            if "public" in wanted.roles:
                return wanted, ()
            raise Unauthenticated("sign-in", "请先登录后再办理。")
        if who.agency != agency.code:
            raise Forbidden("other-agency", "这是其他机关的事项，您不能查看或办理。")
        if isinstance(who, Session) and self.password_due(who.account):
            raise Forbidden("password-due", "口令是初始口令或已到期，请先更改口令，再办理其他事项。")
        return wanted, self.grants(who.person, today())

    def apply(self, recorded: Recorded) -> None:
        """One more event of the log."""
        event, meta, id = recorded.event, recorded.meta, recorded.originator_id
        if isinstance(event, AgencyFounded):
            self._agencies[event.code] = AgencyFacts(
                code=event.code, name=event.name, rulebook=event.rulebook, simulated=event.simulated, superior=event.superior
            )
        elif isinstance(event, RulebookAdopted):
            self._agencies[meta.agency] = self._agencies[meta.agency].model_copy(update={"rulebook": event.rulebook})
        elif isinstance(event, UnitOpened):
            self._units.setdefault(meta.agency, []).append(Unit(event.unit, event.name))
            self._unit_names[meta.agency, event.unit] = event.name
        elif isinstance(event, UnitRenamed):
            self._unit_names[meta.agency, event.unit] = event.name
            self._units[meta.agency] = [Unit(one.code, event.name) if one.code == event.unit else one for one in self._units[meta.agency]]
        elif isinstance(event, UnitClosed):
            self._units[meta.agency] = [one for one in self._units[meta.agency] if one.code != event.unit]
        elif isinstance(event, SimulatedDaySet):
            if event.day is None:
                self._days.pop(meta.agency, None)
            else:
                self._days[meta.agency] = event.day
        elif isinstance(event, CalendarYearAnnounced):
            year = AnnouncedYear(event.year, event.holidays, event.working_weekends, event.source)
            self._calendars[meta.agency] = self.calendar(meta.agency).with_years(year)
            self._laws.pop(meta.agency, None)
        elif isinstance(event, FeedKeyAdded | FeedKeyRemoved):
            self._feeds[meta.agency] = changed(self._feeds.get(meta.agency) or FeedAccount(meta.agency), event, meta)
        elif isinstance(event, SignedIn):
            made = Session(id, str(event.person), meta.agency, event.account, event.expires, meta.recorded_at.timestamp())
            self._sessions[event.token_hash] = made
            self._by_session[id] = event.token_hash
        elif isinstance(event, SessionEnded):
            self._sessions.pop(self._by_session.pop(id, ""), None)
        elif type(event) in person.events:
            known = self._people.get(str(id)) or person.initial(id)
            self._people[str(id)] = person.apply(known, event, meta)
            self._agency_of[str(id)] = meta.agency
        elif type(event) in account.events:
            self.accounts[id] = account.apply(self.accounts.get(id) or account.initial(id), event, meta)
            if isinstance(event, PasswordChanged | AccountDisabled):
                self._end_sessions(id)

    def _end_sessions(self, account: UUID) -> None:
        for hash, one in list(self._sessions.items()):
            if one.account == account:
                self._sessions.pop(hash, None)
                self._by_session.pop(one.id, None)

    def _run(self) -> None:
        while not self._stopping:
            try:
                with psycopg.connect(self.dsn, autocommit=True, row_factory=tuple_row, application_name=FOLLOWING) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    while not self._stopping:
                        self._read(connection)
                        if time.monotonic() - self._shared_at > SHARE_SECONDS:
                            self._share_use(connection)
                        for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                            pass
            except (psycopg.Error, OSError) as error:
                if not self._stopping:
                    log.warning("the directory was interrupted", error=type(error).__name__, at=place(error))
                    time.sleep(0.5)

    def _read(self, connection: psycopg.Connection[Any]) -> None:
        while rows := read_rows(connection, self.position, 1000):
            for row in rows:
                recorded = row.recorded()
                if recorded.event.__class__ in _READ:
                    self.apply(recorded)
                self.position = row.position

    def _share_use(self, connection: psycopg.Connection[Any]) -> None:
        """Tells the other processes which sessions this one has seen, and learns which they have: idle is who is idle everywhere."""
        self._shared_at = time.monotonic()
        mine = list(self._sessions.values())
        if not mine:
            return
        connection.execute(USED, ([one.id for one in mine], [one.used for one in mine]))
        for id, used in connection.execute(USES, ([one.id for one in mine],)):
            known = self._sessions.get(self._by_session.get(id, ""))
            if known is not None:
                known.used = max(known.used, used)


def _not_allowed(wanted: Grantees) -> Forbidden:
    titles = "、".join(ROLES[role].title for role in wanted.roles if role in ROLES and role not in ("public", "system"))
    return Forbidden("not-allowed", f"您没有“{wanted.title}”的权限；有此权限的是：{titles or '（无人）'}。", article=wanted.article)


def _delegation(grant: Grant) -> bool:
    return grant.principal is not None


_READ = frozenset({*agencies.events, *person.events, *account.events, SignedIn, SessionEnded})
