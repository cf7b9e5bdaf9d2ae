"""The 21 outcomes of a request: the result rows of table three of the national annual report (outcomes.toml)."""

import tomllib
from datetime import date
from pathlib import Path

import msgspec


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One result row. `needs`: which of ground, article and reason must be stated. `files`: the reply may carry files.

    `closes`: no reply is drafted, the case ends because nothing was amended or paid in time. `remedy`: which remedy
    the letter tells.
    """

    label: str
    group: str
    articles: tuple[str, ...]
    needs: tuple[str, ...]
    remedy: str
    files: bool = False
    closes: bool = False
    key: str = ""

    def missing(self, *, ground: str | None, article: str | None, reason: str | None) -> tuple[str, ...]:
        """Which of `ground`, `article`, `reason` this outcome needs and has not (X-05); a blank one is none."""
        stated = {"ground": ground, "article": article, "reason": reason}
        return tuple(name for name in self.needs if not (stated[name] or "").strip())


class Remedy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """What a letter tells about reconsideration and litigation, for replies made on and after `since`."""

    since: date
    article: str
    text: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    outcome: dict[str, Outcome]
    remedy: dict[str, tuple[Remedy, ...]]


_file = msgspec.convert(tomllib.loads((Path(__file__).parent / "outcomes.toml").read_text("utf-8")), _File)

OUTCOMES: dict[str, Outcome] = {key: msgspec.structs.replace(row, key=key) for key, row in _file.outcome.items()}
"""Every outcome by its key, in the order of the report."""


def outcome(key: str) -> Outcome:
    """The outcome of this key, e.g. `r2_partial`; `KeyError` if there is none."""
    return OUTCOMES[key]


def remedy(kind: str, on: date) -> Remedy:
    """The remedy of this kind for a reply made on this day.

    `kind` is `Outcome.remedy`, or `silence` for a reply that never came.
    """
    return max((row for row in _file.remedy[kind] if row.since <= on), key=lambda row: row.since)
