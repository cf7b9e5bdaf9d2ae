"""What may be released and who is invited, as data (scheme.toml): five classes of content (XW-07.4) and the media (XW-07.5)."""

import tomllib
from pathlib import Path

import msgspec


class Media(msgspec.Struct, frozen=True):
    """A kind of media, and whether it is of this city."""

    title: str
    local: bool


class Scheme(msgspec.Struct, frozen=True):
    """The classes of content, and the media that may be invited."""

    contents: dict[str, str]
    media: dict[str, Media]


SCHEME = msgspec.convert(tomllib.loads((Path(__file__).parent / "scheme.toml").read_text("utf-8")), Scheme)
