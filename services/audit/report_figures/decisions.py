"""The figures of an agency and year as they stand, and what may be decided about them."""

import re
from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from services.audit.report_figures import events as e
from services.audit.reports.form import CHARGES, TABLE_TWO
from shared.kernel.aggregates import Aggregate, State
from shared.kernel.commands import Given
from shared.kernel.errors import Invalid, NotFound, Refused
from shared.kernel.events import Event, Meta
from shared.kernel.identity import derived_id

WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")
DECIMAL = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?")
MOST = 900
"""Facts of one year; more are no facts any more."""


class ReportFigures(State, frozen=True):
    """The figures as they stand, by their cell."""

    agency: str = ""
    year: int = 0
    values: dict[str, str] = {}
    sources: dict[str, str] = {}
    facts: int = 0


report_figures: Aggregate[ReportFigures] = Aggregate("audit.ReportFigure", ReportFigures)
N = ReportFigures


def figures_id(agency: str, year: int) -> UUID:
    """The figures of an agency and year."""
    return derived_id("audit", "report-figures", agency, year)


@report_figures.evolves(e.FigureRecorded)
def recorded(state: N, event: e.FigureRecorded, meta: Meta) -> N:
    """A cell has a number."""
    return replace(
        state,
        agency=meta.agency,
        year=event.year,
        values={**state.values, event.cell: event.value},
        sources={**state.sources, event.cell: event.source},
        facts=state.facts + 1,
    )


@report_figures.evolves(e.FigureCorrected)
def corrected(state: N, event: e.FigureCorrected, _meta: Meta) -> N:
    """It has another, or none."""
    values = {cell: value for cell, value in state.values.items() if cell != event.cell}
    sources = {cell: source for cell, source in state.sources.items() if cell != event.cell}
    if event.value is not None:
        values[event.cell], sources[event.cell] = event.value, event.source
    return replace(state, values=values, sources=sources, facts=state.facts + 1)


def own(state: N, given: Given) -> None:
    """Figures are their agency's alone."""
    if state.agency != given.agency.code:
        raise NotFound("not-found", "没有找到这一年的数字，请核对编号。")


def as_written(cell: str, value: str) -> str:
    """A number as it is kept, or "/"; raises `Invalid` for anything else: 0, blank and "/" are three things."""
    fits = DECIMAL if cell == CHARGES else WHOLE
    if value != "/" and fits.fullmatch(value) is None:
        told = "填不小于 0 的数（万元，最多六位小数），或者“/”" if cell == CHARGES else "填不小于 0 的整数，或者“/”"
        raise Invalid("bad-figure", f"“{TABLE_TWO[cell].title}”的数字有误：{told}。", fields=[{"field": "value", "sentence": told}])
    return value


def record(state: N, given: Given, fact: e.FigureRecorded) -> Sequence[Event]:
    """For a year that has begun, where no number stands yet."""
    if fact.year > given.today.year:
        raise Invalid("bad-year", "这一年还没有开始。", fields=[{"field": "year", "sentence": f"不晚于 {given.today.year}"}])
    if fact.cell in state.values:
        title = TABLE_TWO[fact.cell].title
        raise Refused("figure-recorded", f"{fact.year} 年“{title}”已经登记为 {state.values[fact.cell]}，有变化的请更正并写明理由。")
    _few(state)
    return [replace(fact, value=as_written(fact.cell, fact.value))]


def correct(state: N, fact: e.FigureCorrected) -> Sequence[Event]:
    """What stands there, by a further fact."""
    if fact.cell not in state.values:
        raise Refused("no-figure", f"“{TABLE_TWO[fact.cell].title}”还没有登记，请先登记。")
    if fact.value == state.values[fact.cell]:
        raise Refused("figure-unchanged", "与登记的数字相同，没有变化。")
    _few(state)
    value = None if fact.value is None else as_written(fact.cell, fact.value)
    return [replace(fact, year=state.year, value_before=state.values[fact.cell], value=value)]


def _few(state: N) -> None:
    if state.facts >= MOST:
        raise Refused("too-many-facts", f"这一年已经登记和更正 {MOST} 次，请核对数据来源。")
