"""The state of an export, and what may be decided."""

from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from services.audit.result_export.events import ResultExported
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid
from shared.kernel.events import Event, Meta


class ResultExport(State, frozen=True):
    """An export as it stands."""

    agency: str = ""
    exported: ResultExported | None = None
    on: date | None = None


result_export: Aggregate[ResultExport] = Aggregate("audit.ResultExport", ResultExport)


@result_export.evolves(ResultExported)
def exported(state: ResultExport, event: ResultExported, meta: Meta) -> ResultExport:
    """Given."""
    return replace(state, agency=meta.agency, exported=event, on=meta.effective_on)


def export(given: Given, made: ResultExported) -> Sequence[Event]:
    """Of a year that has begun."""
    if made.year > given.today.year:
        raise Invalid("future-year", f"{made.year} 年还没有开始。", fields=[{"field": "year", "sentence": "不得晚于今年"}])
    return [made]
