"""What a unit's report has to say (sections.toml), and which figures stand beside each section."""

import tomllib
from pathlib import Path

import msgspec


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A required section: its title, what it asks for, and the measures whose figures stand beside it."""

    title: str
    asks: str
    measures: tuple[str, ...]


SECTIONS: dict[str, Section] = msgspec.convert(
    tomllib.loads((Path(__file__).parent / "sections.toml").read_text("utf-8")), dict[str, Section]
)
