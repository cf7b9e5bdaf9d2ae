"""The order of ranks (ranks.toml): who may lead the group and who may speak (XW-04b)."""

import tomllib
from pathlib import Path

import msgspec


class Ranks(msgspec.Struct, frozen=True):
    """Ranks from the highest to the lowest, the rank of who leads, and the lowest rank of a spokesperson."""

    lead: str
    spokesperson: str
    ranks: dict[str, str]

    def may_speak(self, rank: str) -> bool:
        """Whether a rank is as high as a spokesperson's has to be."""
        order = list(self.ranks)
        return order.index(rank) <= order.index(self.spokesperson)


RANKS = msgspec.convert(tomllib.loads((Path(__file__).parent / "ranks.toml").read_text("utf-8")), Ranks)
