"""Accounts: opened before roles, locked after failures, disabled for good."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.access.account.commands import ChangePassword, DisableAccount, FailSignIn, OpenAccount, UnlockAccount
from shared.access.account.decisions import HISTORY, Account, account, fail
from shared.access.account.events import AccountDisabled, AccountLocked, AccountOpened, AccountUnlocked, PasswordChanged, SignInFailed
from shared.access.person.decisions import Grant, Person
from shared.kernel.events import Actor
from shared.kernel.identity import derived_id
from tests.specification import AGENCY, CASE, DAY, Specification, given, person

ADMINISTRATOR = person("sysadmin", "system_administrator")
PERSON = derived_id("person", "wang")
OPENED = AccountOpened(login="wang.sp", person=PERSON, hash="hash-0")
OPEN = OpenAccount(login="wang.sp", person=PERSON, hash="hash-0")
NOW = datetime(DAY.year, DAY.month, DAY.day, 2, tzinfo=UTC)
FAIL = FailSignIn(most=5, minutes=15)


def whose(*roles: str, agency: str = AGENCY.code) -> Person:
    grants = tuple(Grant(derived_id("grant", role), role, None, DAY, None, None) for role in roles)
    return Person(id=PERSON, version=1, agency=agency, grants=grants)


def test_a_login_is_used_once_in_an_agency() -> None:
    given(account).beside(whose()).when(OPEN, by=ADMINISTRATOR).then(OPENED)
    given(account, OPENED).beside(whose()).when(OPEN, by=ADMINISTRATOR).refused("login-taken")


def test_an_account_is_of_a_person_of_this_agency() -> None:
    given(account).beside(whose(agency="elsewhere")).when(OPEN, by=ADMINISTRATOR).refused("no-such-person")
    given(account).beside(Person(id=PERSON)).when(OPEN, by=ADMINISTRATOR).refused("no-such-person")


def test_a_useful_account_takes_two_administrators() -> None:
    refusal = given(account).beside(whose("leader_in_charge")).when(OPEN, by=ADMINISTRATOR).refused("account-after-grants")
    assert refusal.remedy
    given(account).beside(whose()).when(OPEN, by=Actor(str(PERSON), ("system_administrator",))).refused("own-account")


def failures(count: int, *, apart: timedelta = timedelta(minutes=1)) -> Account:
    return Account(id=CASE, version=1, agency=AGENCY.code, person=PERSON, failures=tuple(NOW - apart * n for n in range(count, 0, -1)))


def test_the_fifth_failure_within_fifteen_minutes_locks_for_as_long() -> None:
    state = given(account, OPENED)
    for _ in range(4):
        state = state.when(FAIL).then(SignInFailed()).later()
    outcome = state.when(FAIL).then(SignInFailed(), AccountLocked(until=NOW + timedelta(minutes=15)))
    locked = outcome.state
    assert isinstance(locked, Account)
    assert not locked.usable(NOW + timedelta(minutes=14, seconds=59))
    assert locked.usable(NOW + timedelta(minutes=15))


def test_failures_longer_ago_do_not_count() -> None:
    assert fail(failures(4, apart=timedelta(minutes=4)), NOW, most=5, minutes=15) == [SignInFailed()]
    assert len(fail(failures(4, apart=timedelta(minutes=3)), NOW, most=5, minutes=15)) == 2


def test_another_administrator_unlocks() -> None:
    locked = given(account, OPENED, SignInFailed(), AccountLocked(until=NOW + timedelta(minutes=15)))
    unlock = UnlockAccount(reason="本人当面核实")
    outcome = locked.when(unlock, by=ADMINISTRATOR).then(AccountUnlocked(reason="本人当面核实"))
    assert isinstance(outcome.state, Account)
    assert outcome.state.usable(NOW)
    assert outcome.state.failures == ()
    locked.when(unlock, by=Actor(str(PERSON), ("system_administrator",))).refused("own-account")
    given(account, OPENED).when(unlock, by=ADMINISTRATOR).refused("account-not-locked")


def test_the_last_passwords_are_kept() -> None:
    state = given(account, OPENED)
    for number in range(1, 9):
        state = state.when(ChangePassword(hash=f"hash-{number}")).then(PasswordChanged(hash=f"hash-{number}")).later()
    assert isinstance(state.state, Account)
    assert state.state.hashes == tuple(f"hash-{number}" for number in range(8, 8 - HISTORY - 1, -1))
    assert not state.state.must_change


def test_an_account_is_disabled_for_good() -> None:
    disable = DisableAccount(reason="调离")
    outcome = given(account, OPENED).when(disable, by=ADMINISTRATOR).then(AccountDisabled(reason="调离"))
    assert isinstance(outcome.state, Account)
    assert not outcome.state.usable(NOW)
    outcome.later().when(disable, by=ADMINISTRATOR).refused("account-disabled")


@pytest.mark.parametrize("command", [FAIL, UnlockAccount(reason="核实"), DisableAccount(reason="调离"), ChangePassword(hash="hash")])
def test_nobody_acts_on_accounts_of_another_agency(command: FailSignIn | UnlockAccount | DisableAccount | ChangePassword) -> None:
    elsewhere = Specification(account, Account(id=CASE, version=1, agency="elsewhere", person=PERSON))
    elsewhere.when(command, by=ADMINISTRATOR).refused("other-agency")
