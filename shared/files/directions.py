"""What had to go from a file, and what became of it."""

from typing import Literal

import msgspec


class Direction(msgspec.Struct, frozen=True):
    """What had to go: one part as it was directed."""

    part: str


class Outcome(msgspec.Struct, frozen=True):
    """What became of one direction: `gone` is proved, `remains` is refuted, `unproved` is for a person to see. Its number, not its text."""

    number: int
    outcome: Literal["gone", "remains", "unproved"]


class Proof(msgspec.Struct, frozen=True):
    """What became of all; `images`: so many pages or files carry images, whose text is not read."""

    outcomes: tuple[Outcome, ...]
    images: int = 0

    @property
    def remains(self) -> tuple[int, ...]:
        """The numbers (from 1) of the directions whose text is still there."""
        return tuple(one.number for one in self.outcomes if one.outcome == "remains")

    @property
    def unproved(self) -> tuple[int, ...]:
        """The numbers of those that a person has to see."""
        return tuple(one.number for one in self.outcomes if one.outcome == "unproved")
