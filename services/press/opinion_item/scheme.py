"""The scheme of assessment (scheme.toml): what is scored, the levels, and the hours that follow (YQ-03.2a; 国办发〔2016〕61号、80号)."""

import tomllib
from pathlib import Path

import msgspec


class Level(msgspec.Struct, frozen=True):
    """A level: from how many points, whether handling is approved first, and which limits of hours run, by what is owed."""

    title: str
    least: int
    approval: bool
    hours: dict[str, str]


class Scheme(msgspec.Struct, frozen=True):
    """What is scored, 0 to 3 points each, and the levels, the highest first."""

    aspects: dict[str, str]
    levels: dict[str, Level]

    def level_of(self, points: int) -> str:
        """The level of so many points."""
        return next(key for key, level in self.levels.items() if points >= level.least)

    def at_least(self, level: str, other: str) -> bool:
        """Whether a level is as high as another."""
        order = list(self.levels)
        return order.index(level) <= order.index(other)


SCHEME = msgspec.convert(tomllib.loads((Path(__file__).parent / "scheme.toml").read_text("utf-8")), Scheme)
