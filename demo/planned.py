"""What a plan consists of: cases with the civil days of their lives, and what was contested."""

from datetime import date
from enum import StrEnum

import msgspec

KINDS = ("natural_person", "commercial", "research", "public_welfare", "legal_service", "other")
"""The applicant kinds, in the order of the columns of table three."""


class Way(StrEnum):
    """How a case comes to its end."""

    REPLY = "reply"
    UNCLEAR_AFTER_AMENDMENT = "unclear"
    AMENDMENT_LAPSED = "amendment-lapsed"
    FEE_LAPSED = "fee-lapsed"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


class PlannedRemedy(msgspec.Struct, frozen=True):
    """A reconsideration or a suit about a case: when it was filed, and its result and day, None while it is pending."""

    kind: str
    filed: date
    result: str | None
    decided: date | None


class PlannedCase(msgspec.Struct, frozen=True):
    """One case: its applicant's kind, the civil dates of its life, and its result (a key of table three, None while open)."""

    number: int
    kind: str
    received: date
    way: Way
    outcome: str | None
    middle: date | None
    """When the amendment was asked for or the fee notice sent."""
    concluded: date | None
    reviewed: bool = False
    extended: bool = False
    remedies: tuple[PlannedRemedy, ...] = ()
