"""The scheme of accountability (scheme.toml): grounds, sources, severities and measures, as data of an agency that a jurist can read (ZR-03 to ZR-06)."""

import tomllib
from pathlib import Path

import msgspec


class Ground(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ground. `written`: its text is known, so it may be named; `important`: the leading group handles it; `sources`: from which alone."""

    title: str
    article: dict[str, str]
    written: bool = True
    important: bool = False
    sources: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where cases come from, and which measures are due once it is proven, or proven with harm (to anybody, to a leader)."""

    title: str
    ground: str = ""
    press_item: bool = False
    files: bool = False
    proven: tuple[str, ...] = ()
    harmful: tuple[str, ...] = ()
    harmful_leader: tuple[str, ...] = ()


class Severity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How grave it is."""

    title: str


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measure: which of the four ways of ZR-03 it is, for which severities, and who outside has to approve it before it takes effect."""

    title: str
    way: str
    severities: tuple[str, ...]
    article: dict[str, str]
    outside: str = ""


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it, in the order of the file."""

    grounds: dict[str, Ground]
    sources: dict[str, Source]
    severities: dict[str, Severity]
    measures: dict[str, Measure]

    def of_severity(self, severity: str) -> tuple[str, ...]:
        """The measures that a severity allows."""
        return tuple(key for key, measure in self.measures.items() if severity in measure.severities)


SCHEME = msgspec.convert(tomllib.loads((Path(__file__).parent / "scheme.toml").read_text("utf-8")), Scheme)
