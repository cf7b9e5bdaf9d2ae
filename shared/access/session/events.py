"""What is recorded of a session. Its token is never stored, just its SHA-256."""

from datetime import datetime
from uuid import UUID

from shared.kernel.events import Event, event


@event("access.SignedIn", title="登录")
class SignedIn(Event, frozen=True):
    """A person has signed in; the session ends at `expires` at the latest."""

    account: UUID
    person: UUID
    token_hash: str
    expires: datetime


@event("access.SessionEnded", title="退出登录")
class SessionEnded(Event, frozen=True):
    """Signed out, or ended by a rule."""

    why: str
