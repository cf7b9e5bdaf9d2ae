"""A session's state and commands: so small that they stand together."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace
from pydantic import Field

from shared.access.session.events import SessionEnded, SignedIn
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Command, Decision, Given, command, handles
from shared.kernel.events import Meta


class Session(State, frozen=True):
    """A session."""

    person: UUID | None = None
    ended: bool = False


session: Aggregate[Session] = Aggregate("access.Session", Session)


@session.evolves(SignedIn)
def signed_in(state: Session, event: SignedIn, _meta: Meta) -> Session:
    """Whose it is."""
    return replace(state, person=event.person)


@session.evolves(SessionEnded)
def ended(state: Session, _event: SessionEnded, _meta: Meta) -> Session:
    """It is over."""
    return replace(state, ended=True)


@command(of=session, verb="begin", title="登录", capability="access.sign_in", creates=True, internal=True, events=(SignedIn,))
class BeginSession(Command):
    """口令核对无误后登录。"""

    account: UUID = Field(title="账号")
    person: UUID = Field(title="人员")
    token_hash: str = Field(title="令牌散列", max_length=64)
    expires: datetime = Field(title="失效时间")


@handles(BeginSession)
def begin(command: BeginSession, _state: Session, _given: Given) -> Decision:
    """Begins it."""
    return [SignedIn(account=command.account, person=command.person, token_hash=command.token_hash, expires=command.expires)]


@command(of=session, verb="end", title="退出登录", capability="access.sign_in", internal=True, events=(SessionEnded,))
class EndSession(Command):
    """退出登录。"""

    why: str = Field(title="原因", max_length=60)


@handles(EndSession)
def end(command: EndSession, state: Session, _given: Given) -> Decision:
    """Ends it, once."""
    return [] if state.ended else [SessionEnded(why=command.why)]
