"""The kinds of complaints (kinds.toml): when each is referred to accountability, and on which ground."""

import tomllib
from pathlib import Path

import msgspec


class Kind(msgspec.Struct, frozen=True):
    """A kind of complaint; `refer`: it is referred when it is accepted, or when it is concluded and founded.

    `source` and `ground`: those of the accountability case to which it leads.
    """

    title: str
    refer: str
    source: str
    ground: str
    article: str


KINDS = msgspec.convert(tomllib.loads((Path(__file__).parent / "kinds.toml").read_text("utf-8")), dict[str, Kind])
