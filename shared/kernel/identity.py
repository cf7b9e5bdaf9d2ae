"""Identifiers: random ones that sort by time, derived ones that are the same every time, and the lane of a case."""

import time
from uuid import UUID, uuid5

from shared.randomness import random_bytes

LANES = 16
"""Lanes into which the cases of a service are dealt; order is kept within a lane."""

_NAMESPACE = UUID("6b5f3c1e-9a57-5b0e-8f0a-67b3e0c0ffee")


def fresh_id() -> UUID:
    """A new identifier (UUID version 7): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(random_bytes(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def derived_id(*parts: object) -> UUID:
    """The identifier that these parts always give (UUID version 5), for what must exist once: a number series, a timer's command."""
    return uuid5(_NAMESPACE, "/".join(str(part) for part in parts))


def following_id(id: UUID, number: int) -> UUID:
    """The `number`-th identifier after another: the events of a command. They sort by time as the command's does, so that their index stays dense."""
    return UUID(int=(id.int + 1 + number) % (1 << 128))


def lane_of(case_id: UUID) -> int:
    """The lane of a case: 0 to 15, from the random low bits of its id."""
    return case_id.int % LANES
