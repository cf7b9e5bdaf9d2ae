"""The commands about an account. Passwords arrive as argon2id hashes: they are checked and hashed before, off the pipeline."""

from uuid import UUID

from pydantic import Field

from shared.access.account import decisions
from shared.access.account.decisions import Account, account
from shared.access.account.events import (
    AccountDisabled,
    AccountLocked,
    AccountOpened,
    AccountUnlocked,
    PasswordChanged,
    SignInFailed,
)
from shared.access.guards import own
from shared.access.person.decisions import Person, person
from shared.kernel.clocks import civil_day
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.identity import derived_id


def account_id(agency: str, login: str) -> UUID:
    """The aggregate of an account: one for each login of an agency."""
    return derived_id("access", "account", agency, login.lower())


@command(
    of=account,
    verb="open",
    title="开立账号",
    capability="access.open_account",
    creates=True,
    internal=True,
    events=(AccountOpened,),
    identity=lambda command, agency, _day: account_id(agency.code, command.login),
    also=lambda command, _agency, _day, _state: [(person, command.person)],
)
class OpenAccount(Command):
    """为一名工作人员开立账号，先于授予角色。"""

    login: str = Field(title="登录名", pattern=r"^[a-zA-Z][a-zA-Z0-9._-]{1,39}$")
    person: UUID = Field(title="人员编号")
    hash: str = Field(title="口令散列", max_length=200)
    must_change: bool = Field(default=True, title="首次登录须更改口令")


@handles(OpenAccount)
def open_account(command: OpenAccount, state: Account, given: Given) -> Decision:
    """Opens it."""
    whose = given.others[command.person]
    assert isinstance(whose, Person)
    day = civil_day(given.now)
    return decisions.open_account(
        state, given.actor, whose, given.agency.code, command.login, command.hash, day, must_change=command.must_change
    )


@command(
    of=account, verb="change-password", title="更改口令", capability="access.sign_in", internal=True, opens=own, events=(PasswordChanged,)
)
class ChangePassword(Command):
    """更改自己的口令。"""

    hash: str = Field(title="口令散列", max_length=200)


@handles(ChangePassword)
def change(command: ChangePassword, _state: Account, _given: Given) -> Decision:
    """Changes it."""
    return [PasswordChanged(hash=command.hash)]


@command(
    of=account, verb="fail", title="登录失败", capability="access.sign_in", internal=True, opens=own, events=(SignInFailed, AccountLocked)
)
class FailSignIn(Command):
    """记录一次登录失败；次数过多即锁定。"""

    most: int = Field(title="次数", ge=1)
    minutes: int = Field(title="分钟", ge=1)


@handles(FailSignIn)
def fail(command: FailSignIn, state: Account, given: Given) -> Decision:
    """Counts it."""
    return decisions.fail(state, given.now, most=command.most, minutes=command.minutes)


@command(of=account, verb="unlock", title="解锁账号", capability="access.open_account", opens=own, events=(AccountUnlocked,))
class UnlockAccount(Command):
    """在锁定期满前为他人解锁账号。"""

    reason: str = Field(title="理由", min_length=2, max_length=200)


@handles(UnlockAccount)
def unlock(command: UnlockAccount, state: Account, given: Given) -> Decision:
    """Unlocks it."""
    return decisions.unlock(state, given.actor, given.now, command.reason)


@command(of=account, verb="disable", title="停用账号", capability="access.open_account", opens=own, events=(AccountDisabled,))
class DisableAccount(Command):
    """停用一个账号，已登录的立即失效。"""

    reason: str = Field(title="理由", min_length=2, max_length=200)


@handles(DisableAccount)
def disable(command: DisableAccount, state: Account, _given: Given) -> Decision:
    """Disables it."""
    return decisions.disable(state, command.reason)
