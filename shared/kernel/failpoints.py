"""Failpoints: named places where a test can end the program at once, as a power cut would. Off unless GONGKAI_FAIL_AT names one."""

import os

_counts: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Ends the process here, without any clean-up, if GONGKAI_FAIL_AT is `name` or `name:n` (the n-th time)."""
    wanted = os.environ.get("GONGKAI_FAIL_AT")
    if not wanted:
        return
    place, _, nth = wanted.partition(":")
    if place == name:
        _counts[name] = _counts.get(name, 0) + 1
        if _counts[name] >= int(nth or 1):
            os._exit(70)
