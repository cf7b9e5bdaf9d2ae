"""What is recorded of an account."""

from datetime import datetime
from uuid import UUID

from shared.kernel.events import Event, event


@event("access.AccountOpened", title="开立账号")
class AccountOpened(Event, frozen=True):
    """An account of a person, with the argon2id hash of its first password."""

    login: str
    person: UUID
    hash: str
    must_change: bool = True


@event("access.PasswordChanged", title="更改口令")
class PasswordChanged(Event, frozen=True):
    """A new password (its argon2id hash); sessions that are open end."""

    hash: str


@event("access.SignInFailed", title="登录失败")
class SignInFailed(Event, frozen=True):
    """A wrong password was given."""


@event("access.AccountLocked", title="锁定账号")
class AccountLocked(Event, frozen=True):
    """Too many wrong passwords: nobody can sign in until then."""

    until: datetime


@event("access.AccountUnlocked", title="解锁账号")
class AccountUnlocked(Event, frozen=True):
    """An administrator has ended the lock before its time; the wrong passwords don't count any more."""

    reason: str


@event("access.AccountDisabled", title="停用账号")
class AccountDisabled(Event, frozen=True):
    """Nobody can sign in with it any more; sessions that are open end."""

    reason: str
