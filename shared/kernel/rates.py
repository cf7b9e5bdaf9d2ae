"""How often one address may do something without being signed in: counted in windows of a minute, in memory.

`limits` would do, but its memory store starts a thread to forget each key: at a thousand requests a second that took a fifth of the process.
"""

import time

WINDOW_SECONDS = 60.0

MOST_ADDRESSES = 100_000
"""Addresses remembered at once; a flood from more empties the table, and counts anew."""


class MinuteRate:
    """At most `most` in a minute for each name."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._counts: dict[str, int] = {}
        self._until = 0.0

    def allows(self, name: str) -> bool:
        """Counts one more; tells whether it is still within the rate."""
        now = time.monotonic()
        if now > self._until or len(self._counts) > MOST_ADDRESSES:
            self._counts.clear()
            self._until = now + WINDOW_SECONDS
        count = self._counts.get(name, 0) + 1
        self._counts[name] = count
        return count <= self.most
