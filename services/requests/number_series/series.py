"""A number series: it gives the next number, and records that it has."""

from uuid import UUID

from msgspec.structs import replace

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Event, Meta, event
from shared.kernel.identity import derived_id


@event("requests.NumberTaken", title="取得编号", article="国令711 第四十五条")
class NumberTaken(Event, frozen=True):
    """A number of the series was given to a request."""

    number: int
    request: UUID


@event("requests.NumbersContinued", title="接续编号", article="国令711 第四十五条")
class NumbersContinued(Event, frozen=True):
    """The series goes on after a number that another system gave last."""

    last: int
    system: str


class NumberSeries(State, frozen=True):
    """A series: the last number given."""

    last: int = 0


number_series: Aggregate[NumberSeries] = Aggregate("requests.NumberSeries", NumberSeries)


@number_series.evolves(NumberTaken)
def taken(state: NumberSeries, event: NumberTaken, _meta: Meta) -> NumberSeries:
    """The last number given."""
    return replace(state, last=event.number)


@number_series.evolves(NumbersContinued)
def continued(state: NumberSeries, event: NumbersContinued, _meta: Meta) -> NumberSeries:
    """The next number follows the old ones."""
    return replace(state, last=event.last)


def series_id(agency: str, year: int) -> UUID:
    """The series of an agency and year."""
    return derived_id("requests", "number-series", agency, year)


def official_number(agency: str, year: int, number: int) -> str:
    """How a number is written: 依申请〔2025〕17号, with the agency's code where platforms are shared."""
    return f"{agency}依申请〔{year}〕{number}号"
