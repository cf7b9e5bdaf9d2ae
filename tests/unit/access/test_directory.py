"""The directory as a fold of the access log: what it answers, and how quickly."""

import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from shared.access.account.events import AccountOpened, PasswordChanged
from shared.access.agency.commands import agency_id
from shared.access.agency.events import (
    AgencyFounded,
    CalendarYearAnnounced,
    RulebookAdopted,
    SimulatedDaySet,
    UnitClosed,
    UnitOpened,
    UnitRenamed,
)
from shared.access.directory import PUBLIC, Directory, Session, Unit
from shared.access.person.events import GrantGiven, GrantRevoked, PersonEnrolled
from shared.access.session.events import SessionEnded, SignedIn
from shared.kernel.clocks import instant, today
from shared.kernel.errors import Forbidden, NotFound, Unauthenticated
from shared.kernel.events import Actor, Event, Meta, Recorded
from shared.kernel.identity import derived_id, fresh_id

WANG, LI = derived_id("person", "wang"), derived_id("person", "li")
HERE, THERE = "guyuan-spj", "elsewhere"
TOKEN_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"  # the SHA-256 of "test"


class Log:
    """Events that the directory reads one by one."""

    def __init__(self) -> None:
        self.directory = Directory("")
        self.tell(agency_id(HERE), AgencyFounded(code=HERE, name="审批局", rulebook="decree-711", simulated=True))
        self.tell(agency_id(THERE), AgencyFounded(code=THERE, name="另一局", rulebook="decree-711"), agency=THERE)
        self.tell(WANG, PersonEnrolled(name="王审批", office="科员"))
        self.tell(LI, PersonEnrolled(name="李主任", office="主任"))

    def tell(self, id: UUID, event: Event, *, agency: str = HERE, at: datetime | None = None) -> None:
        meta = Meta(
            id=fresh_id(),
            case=id,
            agency=agency,
            service="access",
            recorded_at=at or instant(),
            effective_on=today(),
            actor=Actor("system:test"),
            command="test",
            correlation="test",
            causation="test",
        )
        self.directory.apply(Recorded(id, 1, event, meta))

    def give(self, person: UUID, role: str, *, days: tuple[int, int | None] = (0, None), **more: str | None) -> UUID:
        id = derived_id("grant", person, role, *more.values())
        begin, end = today() + timedelta(days[0]), None if days[1] is None else today() + timedelta(days[1])
        self.tell(person, GrantGiven(grant=id, role=role, since=begin, until=end, unit=more.get("unit"), principal=more.get("principal")))
        return id

    def may(self, person: UUID, capability: str, **more: str) -> Actor:
        who = Session(fresh_id(), str(person), HERE, fresh_id(), instant() + timedelta(hours=1), time.time())
        return self.directory.authorise(who, capability, self.directory.agency(HERE), **more)

    def reach(self, person: UUID, capability: str) -> frozenset[str] | None:
        who = Session(fresh_id(), str(person), HERE, fresh_id(), instant() + timedelta(hours=1), time.time())
        return self.directory.reach(who, capability, self.directory.agency(HERE))


@pytest.fixture
def log() -> Log:
    return Log()


def test_an_agency_with_its_units_rulebook_and_day(log: Log) -> None:
    log.tell(agency_id(HERE), UnitOpened(unit="zonghe", name="综合科"))
    log.tell(agency_id(HERE), UnitOpened(unit="shenpi", name="审批科"))
    log.tell(agency_id(HERE), UnitRenamed(unit="zonghe", name="协调科"))
    log.tell(agency_id(HERE), UnitClosed(unit="shenpi", reason="改革"))
    log.tell(agency_id(HERE), RulebookAdopted(rulebook="bureau-2019"))
    agency = log.directory.agency(HERE)
    assert log.directory.units(HERE) == [Unit("zonghe", "协调科")]
    assert log.directory.laws(agency).rulebook.id == "bureau-2019"
    assert log.directory.today(agency) == today()
    log.tell(agency_id(HERE), SimulatedDaySet(day=date(2025, 9, 22)))
    assert log.directory.today(agency) == date(2025, 9, 22)
    log.tell(agency_id(HERE), SimulatedDaySet(day=None))
    assert log.directory.today(agency) == today()
    with pytest.raises(NotFound):
        log.directory.agency("nowhere")


def test_an_official_is_of_one_agency(log: Log) -> None:
    assert log.directory.has_person(HERE, WANG)
    assert not log.directory.has_person(THERE, WANG)
    assert not log.directory.has_person(HERE, derived_id("person", "nobody"))
    laws = log.directory.laws(log.directory.agency(HERE))
    assert laws.is_person is not None
    assert laws.is_person(HERE, LI)


def test_a_year_that_one_agency_has_entered_counts_for_that_agency(log: Log) -> None:
    assert log.directory.calendar(HERE).is_provisional(date(2027, 1, 4))
    holidays = (
        *(date(2027, 1, day) for day in (1, 2, 3, 4)),
        date(2027, 5, 1),
        date(2027, 5, 2),
        *(date(2027, 10, day) for day in (1, 2, 3)),
    )
    log.tell(agency_id(HERE), CalendarYearAnnounced(year=2027, holidays=holidays, working_weekends=(), source="国办发明电"))
    assert not log.directory.calendar(HERE).is_provisional(date(2027, 1, 4))
    assert not log.directory.laws(log.directory.agency(HERE)).calendar.is_working(date(2027, 1, 4))
    assert log.directory.laws(log.directory.agency(THERE)).calendar.is_working(date(2027, 1, 4))


def test_a_role_opens_its_capabilities_and_the_actor_names_the_grant(log: Log) -> None:
    grant = log.give(WANG, "clerk")
    actor = log.may(WANG, "requests.draft_reply")
    assert actor == Actor(str(WANG), ("clerk",), str(grant))


def test_without_the_role_it_is_said_who_could(log: Log) -> None:
    log.give(WANG, "clerk")
    with pytest.raises(Forbidden) as told:
        log.may(WANG, "requests.approve_reply")
    assert "分管领导" in told.value.sentence
    assert told.value.article


def test_a_grant_counts_within_its_days(log: Log) -> None:
    log.give(WANG, "clerk", days=(1, None))
    log.give(WANG, "unit_head", days=(-9, -1))
    with pytest.raises(Forbidden):
        log.may(WANG, "requests.draft_reply")
    log.give(WANG, "reviewer", days=(0, 0))
    assert log.may(WANG, "review.give_opinion").roles == ("reviewer",)


def test_a_grant_of_one_unit_is_for_that_unit(log: Log) -> None:
    log.give(WANG, "clerk", unit="zonghe")
    assert log.may(WANG, "requests.draft_reply", unit="zonghe")
    with pytest.raises(Forbidden):
        log.may(WANG, "requests.draft_reply", unit="shenpi")
    with pytest.raises(Forbidden) as told:
        log.may(WANG, "requests.draft_reply")
    assert told.value.code == "other-unit"
    assert log.reach(WANG, "requests.read") == {"zonghe"}
    log.give(WANG, "unit_head", unit="shenpi")
    assert log.reach(WANG, "requests.read") == {"zonghe", "shenpi"}
    whole = log.give(WANG, "clerk")
    assert log.reach(WANG, "requests.read") is None
    assert log.may(WANG, "requests.draft_reply", unit="elsewhere").grant == str(whole)
    with pytest.raises(Forbidden):
        log.reach(WANG, "requests.approve_reply")


def test_a_revocation_counts_at_once(log: Log) -> None:
    grant = log.give(WANG, "clerk")
    log.tell(WANG, GrantRevoked(grant=grant, reason="调离"))
    with pytest.raises(Forbidden):
        log.may(WANG, "requests.draft_reply")


def test_a_delegation_names_its_principal_and_ends_with_the_principals_role(log: Log) -> None:
    own = log.give(LI, "leader_in_charge")
    log.give(WANG, "leader_in_charge", principal=str(LI))
    assert log.may(WANG, "requests.approve_reply").persons == {str(WANG), str(LI)}
    log.tell(LI, GrantRevoked(grant=own, reason="调离"))
    with pytest.raises(Forbidden):
        log.may(WANG, "requests.approve_reply")


def test_ones_own_right_comes_before_a_delegation(log: Log) -> None:
    log.give(LI, "leader_in_charge")
    log.give(WANG, "leader_in_charge", principal=str(LI))
    own = log.give(WANG, "leader_in_charge")
    assert log.may(WANG, "requests.approve_reply") == Actor(str(WANG), ("leader_in_charge",), str(own))


def test_the_authority_of_a_person_ends_with_the_agency(log: Log) -> None:
    log.give(WANG, "clerk")
    who = Session(fresh_id(), str(WANG), HERE, fresh_id(), instant() + timedelta(hours=1), time.time())
    with pytest.raises(Forbidden) as told:
        log.directory.authorise(who, "requests.draft_reply", log.directory.agency(THERE))
    assert told.value.code == "other-agency"


def test_the_public_may_what_is_public(log: Log) -> None:
    agency = log.directory.agency(HERE)
    assert log.directory.authorise(None, "requests.submit", agency) == PUBLIC
    with pytest.raises(Unauthenticated):
        log.directory.authorise(None, "requests.draft_reply", agency)


def signed_in(log: Log, *, begun: timedelta = timedelta(), hours: float = 10) -> UUID:
    id, account = derived_id("session", fresh_id()), derived_id("account", "wang")
    at = instant() - begun
    log.tell(account, AccountOpened(login="wang.sp", person=WANG, hash="hash", must_change=False), at=at)
    log.tell(id, SignedIn(account=account, person=WANG, token_hash=TOKEN_HASH, expires=at + timedelta(hours=hours)), at=at)
    return id


def test_a_session_is_known_by_its_token_until_it_ends(log: Log) -> None:
    id = signed_in(log)
    found = log.directory.session("test")
    assert found is not None
    assert (found.person, found.agency) == (str(WANG), HERE)
    assert log.directory.session("another") is None
    log.tell(id, SessionEnded(why="退出登录"))
    assert log.directory.session("test") is None


def test_a_session_ends_when_idle_and_at_its_latest(log: Log) -> None:
    signed_in(log, begun=timedelta(minutes=31))
    assert log.directory.session("test") is None
    assert len(log.directory.lapsed_sessions()) == 1
    signed_in(log, begun=timedelta(minutes=29), hours=0.4)
    assert log.directory.session("test") is None
    signed_in(log, begun=timedelta(minutes=29))
    assert log.directory.session("test") is not None


def test_a_new_password_ends_the_sessions(log: Log) -> None:
    signed_in(log)
    log.tell(derived_id("account", "wang"), PasswordChanged(hash="hash-2"))
    assert log.directory.session("test") is None


def test_a_first_or_old_password_is_changed_before_anything_else(log: Log) -> None:
    log.give(WANG, "clerk")
    account = derived_id("account", "wang")
    who = Session(fresh_id(), str(WANG), HERE, account, instant() + timedelta(hours=1), time.time())
    agency = log.directory.agency(HERE)
    for told in (
        [(AccountOpened(login="wang.sp", person=WANG, hash="hash"), timedelta())],
        [(AccountOpened(login="wang.sp", person=WANG, hash="hash", must_change=False), timedelta(days=91))],
        [(AccountOpened(login="wang.sp", person=WANG, hash="hash"), timedelta(99)), (PasswordChanged(hash="hash-2"), timedelta(91))],
    ):
        log.directory.accounts.clear()
        for event, ago in told:
            log.tell(account, event, at=datetime.now(UTC) - ago)
        with pytest.raises(Forbidden) as refusal:
            log.directory.authorise(who, "requests.draft_reply", agency)
        assert refusal.value.code == "password-due"
    log.tell(account, PasswordChanged(hash="hash-3"))
    assert log.directory.authorise(who, "requests.draft_reply", agency)


def test_asking_costs_next_to_nothing(log: Log) -> None:
    for role in ("clerk", "unit_head", "disclosure_office"):
        log.give(WANG, role)
    signed_in(log)
    agency = log.directory.agency(HERE)
    who = log.directory.session("test")
    quickest = 1.0
    for _ in range(20):
        started = time.perf_counter()
        for _ in range(100):
            log.directory.authorise(who, "requests.draft_reply", agency)
        quickest = min(quickest, (time.perf_counter() - started) / 100)
    assert quickest < 10e-6, f"{quickest * 1e6:.1f} µs"
