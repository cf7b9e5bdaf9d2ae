"""The state of an account; when it locks, and which passwords it takes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from shared.access.account.events import AccountDisabled, AccountLocked, AccountOpened, PasswordChanged, SignInFailed
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.errors import Refused
from shared.kernel.events import Event, Meta

HISTORY = 5
"""How many earlier passwords may not be used again (GB/T 22239, 8.1.4.1 a)."""


class Account(State, frozen=True):
    """An account."""

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


account: Aggregate[Account] = Aggregate("access.Account", Account)


@account.evolves(AccountOpened)
def opened(state: Account, event: AccountOpened, meta: Meta) -> Account:
    """Login, person and first password."""
    return replace(
        state, login=event.login, person=event.person, hashes=(event.hash,), changed_at=meta.recorded_at, must_change=event.must_change
    )


@account.evolves(PasswordChanged)
def changed(state: Account, event: PasswordChanged, meta: Meta) -> Account:
    """The newest password first."""
    return replace(
        state, hashes=(event.hash, *state.hashes)[: HISTORY + 1], changed_at=meta.recorded_at, must_change=False, failures=(), locked_until=None
    )


@account.evolves(SignInFailed)
def failed(state: Account, _event: SignInFailed, meta: Meta) -> Account:
    """One more failure; those that are old don't count any more."""
    return replace(state, failures=(*state.failures[-9:], meta.recorded_at))


@account.evolves(AccountLocked)
def locked(state: Account, event: AccountLocked, _meta: Meta) -> Account:
    """Locked until then; counting starts anew."""
    return replace(state, locked_until=event.until, failures=())


@account.evolves(AccountDisabled)
def disabled(state: Account, _event: AccountDisabled, _meta: Meta) -> Account:
    """For good."""
    return replace(state, disabled=True)


def open_account(state: Account, login: str, person: UUID, hash: str, *, must_change: bool) -> Sequence[Event]:
    """A login is used once in an agency."""
    if state.exists:
        raise Refused("login-taken", f"登录名 {login} 已被使用，请换一个。")
    return [AccountOpened(login=login, person=person, hash=hash, must_change=must_change)]


def fail(state: Account, now: datetime, *, most: int, minutes: int) -> Sequence[Event]:
    """A wrong password; the last one of `most` within `minutes` locks the account for as long."""
    recent = [at for at in state.failures if at > now - timedelta(minutes=minutes)]
    if len(recent) + 1 >= most and not state.locked(now):
        return [SignInFailed(), AccountLocked(until=now + timedelta(minutes=minutes))]
    return [SignInFailed()]


def disable(state: Account, reason: str) -> Sequence[Event]:
    """Once."""
    if state.disabled:
        raise Refused("account-disabled", "该账号已经停用。")
    return [AccountDisabled(reason=reason)]
