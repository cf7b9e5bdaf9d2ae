"""Rulebooks (规则集): the limits, permissions and who may do what, as files that a jurist can read.

A rulebook is in force from a day on. A case keeps the rulebook of the day on which it was received. What an agency's
own rulebook does not say, the one named by its `otherwise` does. The roles of a capability stand once in
capabilities.toml; a rulebook says only what differs.
"""

import tomllib
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

_HERE = Path(__file__).parent


class Unit(StrEnum):
    """What a limit counts."""

    WORKING = "working"
    CALENDAR = "calendar"
    HOURS = "hours"


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A limit of time: how many days (or hours), under which article, and which role must approve its use."""

    title: str
    days: int
    unit: Unit
    article: str
    approved_by: str | None = None
    practice: bool = False
    """No text settles the number: practice does, and an agency may choose another."""


class YearlyDate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day of every year by which something is due; the day itself counts in."""

    title: str
    month: int
    day: int
    article: str

    def of(self, year: int) -> date:
        """The day in this year."""
        return date(year, self.month, self.day)


class Provision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A yes or no of the rulebook, with its article."""

    title: str
    holds: bool
    article: str
    practice: bool = False


class Grantees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The roles that have a capability, and its article.

    The platform's own capabilities don't rest on the law of disclosure: their article is None.
    """

    title: str
    roles: tuple[str, ...]
    article: str | None = None


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The grounds on which a person may have a record about himself corrected."""

    grounds: tuple[str, ...]
    article: str


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For each channel, whether the clock starts with the receipt or with the confirmation by both sides."""

    article: str
    starts: dict[str, str]


class Rulebook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rulebook, complete: what it does not say itself was filled from the rulebook named by `otherwise`."""

    id: str
    title: str
    scope: str
    in_force_from: date
    day_one_after_receipt: bool
    limits: dict[str, Limit]
    dates: dict[str, YearlyDate]
    provisions: dict[str, Provision]
    capabilities: dict[str, Grantees]
    correction: Correction
    receipt: Receipt
    otherwise: str | None = None

    def limit(self, name: str) -> Limit:
        """The limit of this name; `KeyError` if there is none."""
        return self.limits[name]

    def says(self, name: str) -> bool:
        """Whether the provision of this name holds; `KeyError` if there is none."""
        return self.provisions[name].holds

    def grantees(self, capability: str) -> Grantees:
        """Who has this capability; nobody, if the rulebook does not know it."""
        return self.capabilities.get(capability, Grantees(title=capability, roles=()))

    def starts_on_confirmation(self, channel: str) -> bool:
        """Whether a request by this channel starts its clock only when both sides have confirmed it."""
        return self.receipt.starts.get(channel) == "confirmation"


class NoRulebook(LookupError):
    """No rulebook of this name, or none in force on this day."""


@cache
def _file(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _fill(own: dict[str, Any], otherwise: dict[str, Any]) -> dict[str, Any]:
    """`own`, with what it does not say taken from `otherwise`; a table of tables is filled row by row."""
    filled = {**otherwise, **own}
    for table in ("limits", "dates", "provisions"):
        filled[table] = {**otherwise.get(table, {}), **own.get(table, {})}
    return filled


def _read(id: str) -> dict[str, Any]:
    path = _HERE / "rulebooks" / f"{id}.toml"
    if id not in _ids():
        raise NoRulebook(f"没有规则集“{id}”。")
    own = dict(_file(path))
    return _fill(own, _read(own["otherwise"])) if "otherwise" in own else own


@cache
def _ids() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (_HERE / "rulebooks").glob("*.toml")))


@cache
def rulebook(id: str) -> Rulebook:
    """The rulebook of this id, e.g. `decree-711`; raises `NoRulebook`."""
    fields = dict(_read(id))
    differing = fields.pop("capabilities", {})
    common = _file(_HERE / "capabilities.toml")
    receipt = dict(fields.pop("receipt"))
    return msgspec.convert(
        {
            **fields,
            "capabilities": {name: {**common.get(name, {}), **differing.get(name, {})} for name in {**common, **differing}},
            "receipt": {"article": receipt.pop("article"), "starts": receipt},
        },
        Rulebook,
    )


@cache
def rulebooks() -> tuple[Rulebook, ...]:
    """Every rulebook of this release, the earliest in force first."""
    return tuple(
        sorted(
            (rulebook(id) for id in _ids()),
            key=lambda book: (book.in_force_from, book.id),
        )
    )


def rulebook_in_force(on: date, agency_rulebook: str | None = None) -> Rulebook:
    """The rulebook of a request received on this day: the agency's own if it is in force, else the national one.

    Raises `NoRulebook`.
    """
    if agency_rulebook is not None and (own := rulebook(agency_rulebook)).in_force_from <= on:
        return own
    national = [book for book in rulebooks() if book.scope == "national" and book.in_force_from <= on]
    if not national:
        raise NoRulebook(f"{on}没有生效的规则集。")
    return national[-1]
