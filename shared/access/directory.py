"""The directory: the fold of the access log that every process keeps in memory, so that asking costs next to nothing and a revocation acts at once."""

import asyncio
import hashlib
import threading
import time
from collections.abc import Callable, Sequence
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
from shared.access.agency.events import AgencyFounded, CalendarYearAnnounced, RulebookAdopted, UnitOpened
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
from shared.law.rulebook import rulebook

log = structlog.get_logger("gongkai.access")

PUBLIC = Actor("public", ("public",))
POLL_SECONDS = 0.5
"""A lost notification delays a revocation by this much at most."""


class Unit(msgspec.Struct, frozen=True):
    """A unit of an agency."""

    code: str
    name: str


class Session(msgspec.Struct):
    """A person who is signed in. `used` is when this process last saw it (monotonic seconds)."""

    id: UUID
    person: str
    agency: str
    account: UUID
    expires: datetime
    used: float


class Directory:
    """Agencies, people, grants, accounts and sessions as of the last event read."""

    def __init__(self, dsn: str, *, idle_minutes: int = 30) -> None:
        self.dsn = dsn
        self.idle_seconds = idle_minutes * 60
        self.position = 0
        self.accounts: dict[UUID, Account] = {}
        self._agencies: dict[str, AgencyFacts] = {}
        self._units: dict[str, list[Unit]] = {}
        self._calendars: dict[str, WorkingCalendar] = {}
        self._people: dict[str, Person] = {}
        self._agency_of: dict[str, str] = {}
        self._sessions: dict[str, Session] = {}
        self._by_session: dict[UUID, str] = {}
        self._laws: dict[str, Laws] = {}
        self._moved: list[Callable[[], None]] = []
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

    def units(self, code: str) -> Sequence[Unit]:
        """The units of an agency."""
        return list(self._units.get(code, ()))

    def laws(self, agency: AgencyFacts) -> Laws:
        """The law of an agency, with the years that it has announced."""
        found = self._laws.get(agency.code)
        if found is None or found.rulebook.id != agency.rulebook:
            found = Laws(rulebook(agency.rulebook), self._calendars.get(agency.code, national_calendar()), rulebook)
            self._laws[agency.code] = found
        return found

    def today(self, agency: AgencyFacts) -> date:
        """The civil day of an agency. Commands for a simulated one may name another."""
        return today()

    def person(self, id: str) -> Person | None:
        """A person by id."""
        return self._people.get(id)

    def people(self, agency: str) -> Sequence[Person]:
        """The people of an agency."""
        return [person for id, person in self._people.items() if self._agency_of[id] == agency]

    def name_of(self, actor: str) -> str:
        """How an actor is called: a person's name and office, or what it is."""
        found = self._people.get(actor)
        if found is not None:
            return f"{found.name}（{found.office}）"
        if actor == "public":
            return "申请人"
        kind, _, name = actor.partition(":")
        return {"system": "系统", "service": "平台服务"}.get(kind, actor) + (f"：{name}" if name else "")

    def grants(self, person: str, on: date) -> Sequence[Grant]:
        """The roles that a person holds on a day."""
        found = self._people.get(person)
        return [grant for grant in found.grants if grant.holds(on)] if found else []

    def session(self, token: str) -> Session | None:
        """Who is behind a token; None if it is unknown, ended, expired or was idle too long."""
        found = self._sessions.get(hashlib.sha256(token.encode()).hexdigest())
        if found is None:
            return None
        now = time.monotonic()
        if found.expires < instant() or now - found.used > self.idle_seconds:
            return None
        found.used = now
        return found

    def open_sessions(self, account: UUID) -> list[Session]:
        """The sessions of an account that are open, the oldest first."""
        now = instant()
        return sorted((one for one in self._sessions.values() if one.account == account and one.expires > now), key=lambda one: one.expires)

    def authorise(self, who: Somebody | None, capability: str, agency: AgencyFacts, *, unit: str | None = None) -> Actor:
        """The actor to be recorded, with the grant that allows it; raises `Unauthenticated` or `Forbidden`, naming the roles that could."""
        wanted = self.laws(agency).rulebook.grantees(capability)
        if who is None:
            if "public" in wanted.roles:
                return PUBLIC
            raise Unauthenticated("sign-in", "请先登录后再办理。")
        if who.agency != agency.code:
            raise Forbidden("other-agency", "这是其他机关的事项，您不能查看或办理。")
        day = today()
        held = self.grants(who.person, day)
        for grant in held:
            if grant.role in wanted.roles and (grant.unit is None or unit is None or grant.unit == unit):
                return Actor(who.person, tuple(sorted({one.role for one in held})), str(grant.id), grant.principal)
        titles = "、".join(ROLES[role].title for role in wanted.roles if role in ROLES and role not in ("public", "system"))
        raise Forbidden("not-allowed", f"您没有“{wanted.title}”的权限；有此权限的是：{titles or '（无人）'}。", article=wanted.article)

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
        elif isinstance(event, CalendarYearAnnounced):
            year = AnnouncedYear(event.year, event.holidays, event.working_weekends, event.source)
            self._calendars[meta.agency] = self._calendars.get(meta.agency, national_calendar()).with_years(year)
            self._laws.pop(meta.agency, None)
        elif isinstance(event, SignedIn):
            made = Session(id, str(event.person), meta.agency, event.account, event.expires, time.monotonic())
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
                with psycopg.connect(self.dsn, autocommit=True, row_factory=tuple_row) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    while not self._stopping:
                        self._read(connection)
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

    def forget_expired(self) -> None:
        """Drops the sessions that ended by time."""
        edge = instant() - timedelta(minutes=1)
        for hash, one in list(self._sessions.items()):
            if one.expires < edge:
                self._sessions.pop(hash, None)


_READ = frozenset({*agencies.events, *person.events, *account.events, SignedIn, SessionEnded})
