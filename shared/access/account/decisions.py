"""The state of an account; when it locks, and which passwords it takes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from shared.access.account.events import (
    AccountDisabled,
    AccountLocked,
    AccountOpened,
    AccountUnlocked,
    PasswordChanged,
    SignInFailed,
)
from shared.access.person.decisions import Person
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.errors import Refused
from shared.kernel.events import Actor, Event, Meta

HISTORY = 5
"""How many earlier passwords may not be used again (GB/T 22239, 8.1.4.1 a)."""


class Account(State, frozen=True):
    """An account."""

    agency: str = ""
    login: str = ""
    person: UUID | None = None
    hashes: tuple[str, ...] = ()
    changed_at: datetime | None = None
    must_change: bool = False
    failures: tuple[datetime, ...] = ()
    locked_until: datetime | None = None
    disabled: bool = False

    def locked(self, now: datetime) -> bool:
        """Whether nobody can sign in now."""
        return self.locked_until is not None and now < self.locked_until

    def usable(self, now: datetime) -> bool:
        """Whether its password counts now."""
        return not self.disabled and not self.locked(now)


account: Aggregate[Account] = Aggregate("access.Account", Account)


@account.evolves(AccountOpened)
def opened(state: Account, event: AccountOpened, meta: Meta) -> Account:
    """Login, person and first password."""
    return replace(
        state,
        agency=meta.agency,
        login=event.login,
        person=event.person,
        hashes=(event.hash,),
        changed_at=meta.recorded_at,
        must_change=event.must_change,
    )


@account.evolves(PasswordChanged)
def changed(state: Account, event: PasswordChanged, meta: Meta) -> Account:
    """The newest password first."""
    return replace(
        state,
        hashes=(event.hash, *state.hashes)[: HISTORY + 1],
        changed_at=meta.recorded_at,
        must_change=False,
        failures=(),
        locked_until=None,
    )


@account.evolves(SignInFailed)
def failed(state: Account, _event: SignInFailed, meta: Meta) -> Account:
    """One more failure; those that are old don't count any more."""
    return replace(state, failures=(*state.failures[-9:], meta.recorded_at))


@account.evolves(AccountLocked)
def locked(state: Account, event: AccountLocked, _meta: Meta) -> Account:
    """Locked until then; counting starts anew."""
    return replace(state, locked_until=event.until, failures=())


@account.evolves(AccountUnlocked)
def unlocked(state: Account, _event: AccountUnlocked, _meta: Meta) -> Account:
    """Open again; counting starts anew."""
    return replace(state, locked_until=None, failures=())


@account.evolves(AccountDisabled)
def disabled(state: Account, _event: AccountDisabled, _meta: Meta) -> Account:
    """For good."""
    return replace(state, disabled=True)


def open_account(
    state: Account, by: Actor, person: Person, agency: str, login: str, hash: str, today: date, *, must_change: bool
) -> Sequence[Event]:
    """A login is used once in an agency, and who opens an account can't come by a role with it.

    The one who opens an account learns its first password. So it is opened before its person is granted any role (by another administrator,
    who thereby is the second of the two persons whom a useful account needs), never after, and never for oneself.
    """
    if person.agency != agency:
        raise Refused("no-such-person", "没有这名工作人员，请先登记。")
    if state.exists:
        raise Refused("login-taken", f"登录名 {login} 已被使用，请换一个。")
    if str(person.id) in by.persons:
        raise Refused("own-account", "不能为自己开立账号，请由另一位系统管理员办理。")
    if "system" not in by.roles and any(grant.until is None or grant.until >= today for grant in person.grants):
        raise Refused(
            "account-after-grants",
            "该人员已有角色，不能再为其开立账号：账号应先于授权。",
            remedy="请安全保密管理员先撤销其角色，开立账号后再行授予。",
        )
    return [AccountOpened(login=login, person=person.id, hash=hash, must_change=must_change)]


def fail(state: Account, now: datetime, *, most: int, minutes: int) -> Sequence[Event]:
    """A wrong password; the last one of `most` within `minutes` locks the account for as long."""
    recent = [at for at in state.failures if at > now - timedelta(minutes=minutes)]
    if len(recent) + 1 >= most and not state.locked(now):
        return [SignInFailed(), AccountLocked(until=now + timedelta(minutes=minutes))]
    return [SignInFailed()]


def unlock(state: Account, by: Actor, now: datetime, reason: str) -> Sequence[Event]:
    """An account that is locked now, and not one's own."""
    if not state.locked(now):
        raise Refused("account-not-locked", "该账号没有被锁定。")
    if str(state.person) in by.persons:
        raise Refused("own-account", "不能为自己的账号解锁，请由另一位系统管理员办理。")
    return [AccountUnlocked(reason=reason)]


def disable(state: Account, reason: str) -> Sequence[Event]:
    """Once."""
    if state.disabled:
        raise Refused("account-disabled", "该账号已经停用。")
    return [AccountDisabled(reason=reason)]
