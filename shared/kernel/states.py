"""The aggregates that a pipeline remembers, so that a batch reads from the log only what it has not seen.

While a batch is decided, its states are *working*: they become the remembered ones when the transaction has committed, and are dropped
when it has not.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from shared.kernel.aggregates import State


class Remembered(NamedTuple):
    """A state, the case that it is filed in, and the agency whose it is."""

    state: State
    case: UUID
    agency: str


class States:
    """At most `limit` states, the least recently used forgotten first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: OrderedDict[UUID, Remembered] = OrderedDict()
        self._working: dict[UUID, Remembered] = {}

    def get(self, id: UUID) -> Remembered | None:
        """As this batch has made it, else as remembered."""
        working = self._working.get(id)
        if working is not None:
            return working
        kept = self._kept.get(id)
        if kept is not None:
            self._kept.move_to_end(id)
        return kept

    def work(self, id: UUID, remembered: Remembered) -> None:
        """What this batch makes of it."""
        self._working[id] = remembered

    def working(self) -> list[State]:
        """The states that this batch has read or made."""
        return [remembered.state for remembered in self._working.values()]

    def keep_working(self) -> None:
        """The batch has committed."""
        self._kept.update(self._working)
        for id in self._working:
            self._kept.move_to_end(id)
        self._working.clear()
        while len(self._kept) > self.limit:
            self._kept.popitem(last=False)

    def drop_working(self) -> None:
        """The batch has not committed."""
        self._working.clear()

    def forget(self, ids: Iterable[UUID]) -> None:
        """Another replica has written these."""
        for id in ids:
            self._kept.pop(id, None)

    def clear(self) -> None:
        """Remember nothing."""
        self._kept.clear()
        self._working.clear()
