"""The processing fee (信息处理费) of 国办函〔2020〕109号, in yuan.

Only where Decree 711 Art. 42 allows it, per item or per page, never both.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

_FILES = Path(__file__).parent / "tariffs"


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units from the `first` on, up to the next band's first, cost `price` yuan each.

    With `step`, every `step` units the price grows by `growth`.
    """

    first: int
    price: int
    step: int = 0
    growth: int = 0

    def cost(self, units: int) -> int:
        """Yuan for so many units of this band, the cheapest first."""
        if not self.step:
            return units * self.price
        full, rest = divmod(units, self.step)
        dearest = self.price + full * self.growth
        return self.step * (full * self.price + self.growth * full * (full - 1) // 2) + rest * dearest


class Tariff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tariff in force from a day on: marginal bands for items and for pages, in ascending order."""

    id: str
    title: str
    source: str
    in_force_from: date
    article: str
    items: tuple[Band, ...]
    pages: tuple[Band, ...]


@cache
def _tariffs() -> tuple[Tariff, ...]:
    read = (msgspec.convert(tomllib.loads(path.read_text("utf-8")), Tariff) for path in _FILES.glob("*.toml"))
    return tuple(sorted(read, key=lambda tariff: tariff.in_force_from))


def tariff_in_force(on: date) -> Tariff:
    """The tariff of this day; `LookupError` before the first one, when nothing could be charged."""
    in_force = [tariff for tariff in _tariffs() if tariff.in_force_from <= on]
    if not in_force:
        raise LookupError(f"{on}没有生效的信息处理费标准，不得收取。")
    return in_force[-1]


def _cost(bands: tuple[Band, ...], units: int) -> int:
    if units < 0:
        raise ValueError("件数、页数不得为负数。")
    ends = (*(band.first - 1 for band in bands[1:]), units)
    return sum(band.cost(min(units, end) - band.first + 1) for band, end in zip(bands, ends, strict=True) if units >= band.first)


def fee_for_items(n: int, *, before: int = 0, tariff: Tariff | None = None) -> int:
    """Yuan for n items of one applicant within one calendar month, after `before` items in that month.

    So each item of the month is charged once, at its own price.
    """
    bands = (tariff or _tariffs()[-1]).items
    return _cost(bands, before + n) - _cost(bands, before)


def fee_for_pages(n: int, *, tariff: Tariff | None = None) -> int:
    """Yuan for n pages (one side of A4 or less each) of one request alone.

    Not for pages that are public already: there, only the way is told.
    """
    return _cost((tariff or _tariffs()[-1]).pages, n)
