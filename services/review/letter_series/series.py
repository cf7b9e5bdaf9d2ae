"""The numbers of coordination letters: one series for each agency and year, without gaps (XT-05a)."""

from uuid import UUID

from msgspec.structs import replace

from shared.kernel.aggregates import Aggregate, State
from shared.kernel.events import Event, Meta, event
from shared.kernel.identity import derived_id


@event("review.LetterNumbersTaken", title="取得函号", rules=("XT-05a",), article="国令711 第十一条")
class LetterNumbersTaken(Event, frozen=True):
    """The numbers `first` to `last` of the series were given to the letters of a coordination."""

    first: int
    last: int
    coordination: UUID


class LetterSeries(State, frozen=True):
    """A series: the last number given."""

    last: int = 0


letter_series: Aggregate[LetterSeries] = Aggregate("review.LetterSeries", LetterSeries)


@letter_series.evolves(LetterNumbersTaken)
def taken(state: LetterSeries, event: LetterNumbersTaken, _meta: Meta) -> LetterSeries:
    """The last number given."""
    return replace(state, last=event.last)


def series_id(agency: str, year: int) -> UUID:
    """The series of an agency and year."""
    return derived_id("review", "letter-series", agency, year)


def letter_number(agency: str, year: int, number: int) -> str:
    """How a number is written: 协调函〔2025〕17号, with the agency's code where platforms are shared."""
    return f"{agency}协调函〔{year}〕{number}号"
