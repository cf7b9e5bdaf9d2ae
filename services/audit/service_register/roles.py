"""Which duties are registered every year (roles.toml), and whether a person or a unit has them."""

import tomllib
from pathlib import Path

import msgspec


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A duty that is somebody's: its title, whether a `person` or a `unit` has it, whether the register may be confirmed without, and its rule."""

    title: str
    holder: str
    required: bool
    rule: str


DUTIES: dict[str, Duty] = msgspec.convert(tomllib.loads((Path(__file__).parent / "roles.toml").read_text("utf-8")), dict[str, Duty])
