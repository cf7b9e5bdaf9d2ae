"""The scheme of inspection (scheme.toml): the six questions, the methods, and what is inspected (JD-01 to JD-03)."""

import tomllib
from pathlib import Path

import msgspec


class Kind(msgspec.Struct, frozen=True):
    """A method: whether its plan is approved, a team is formed, it is a survey, and it is held regularly."""

    title: str
    approval: bool
    team: bool
    survey: bool
    regular: bool


class Subject(msgspec.Struct, frozen=True):
    """What is inspected; `roles`: by these alone, by all who inspect where empty."""

    title: str
    roles: tuple[str, ...]
    article: str


class Scheme(msgspec.Struct, frozen=True):
    """How is inspected; `points`: the most for a question."""

    points: int
    questions: dict[str, str]
    kinds: dict[str, Kind]
    subjects: dict[str, Subject]


SCHEME = msgspec.convert(tomllib.loads((Path(__file__).parent / "scheme.toml").read_text("utf-8")), Scheme)
