"""A template: how letters of an agency look, as data."""

from functools import cache
from hashlib import sha256
from importlib.resources import files

import msgspec


class Template(msgspec.Struct, frozen=True):
    """A typst source that reads the letter from `sys.inputs.data`. Its version is its own hash, so that a changed template is another version."""

    source: str

    @property
    def version(self) -> str:
        """SHA-256 of the source in UTF-8, in hexadecimal; recorded with every letter that was set with it."""
        return sha256(self.source.encode()).hexdigest()


@cache
def built_in() -> Template:
    """The template of every agency that has no version of its own; after GB/T 9704-2012."""
    return Template(files("shared.letters").joinpath("templates/letter.typ").read_text("utf-8"))
