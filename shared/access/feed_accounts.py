"""Which agencies' own systems may connect to NATS, and with which keys: a fold of access's events, which are the only record of it."""

from datetime import datetime

import msgspec

from shared.access.agency.events import FeedKeyAdded, FeedKeyRemoved
from shared.kernel.events import Meta


class FeedKey(msgspec.Struct, frozen=True):
    """A public key (nkey, `U…`) of an agency: since when (UTC) it counts, and, where it counts no more, until when and why."""

    public: str
    since: datetime
    until: datetime | None = None
    reason: str = ""


class FeedAccount(msgspec.Struct, frozen=True):
    """The account of an agency, by its code: every key that it ever had, the newest last."""

    code: str
    history: tuple[FeedKey, ...] = ()

    @property
    def public(self) -> list[str]:
        """The keys that count."""
        return [key.public for key in self.history if key.until is None]


def changed(account: FeedAccount, event: FeedKeyAdded | FeedKeyRemoved, meta: Meta) -> FeedAccount:
    """The account after one more event."""
    if isinstance(event, FeedKeyAdded):
        return FeedAccount(account.code, (*account.history, FeedKey(event.key, meta.recorded_at)))
    ended = (
        msgspec.structs.replace(key, until=meta.recorded_at, reason=event.reason) if key.public == event.key and key.until is None else key
        for key in account.history
    )
    return FeedAccount(account.code, tuple(ended))
