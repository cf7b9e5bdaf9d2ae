"""The lists of annual reports, of the figures of table two, and of earlier reports: one row a year each."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from services.audit.annual_report import events as e
from services.audit.annual_report.state import AnnualReport, Stage, annual_report
from services.audit.earlier_report.events import EarlierReportImported
from services.audit.report_figures.events import FigureCorrected, FigureRecorded
from shared.kernel.events import Event, Meta
from shared.kernel.views import TableView, ViewRow


class ReportRow(ViewRow, frozen=True):
    """A report in the list. `waits`: it is not public yet; `failed`: how many checks failed when it was last counted."""

    year: int
    kind: str
    due: date
    stage: str = Stage.OPENED
    drafted: bool = False
    failed: int = 0
    published: int = 0
    published_on: date | None = None
    reminded: bool = False
    missed: bool = False
    waits: bool = True


annual_reports = TableView("audit", "annual_reports", "1", ReportRow, indexes=("agency, waits, due",))


@annual_reports.creates(e.AnnualReportOpened)
def opened(id: UUID, event: e.AnnualReportOpened, meta: Meta) -> ReportRow:
    """A new row."""
    return ReportRow(id=id, agency=meta.agency, year=event.year, kind=event.kind, due=event.due)


@annual_reports.evolves(*(cls for cls in annual_report.events if cls is not e.AnnualReportOpened))
def changed(row: ReportRow, event: Event, meta: Meta) -> ReportRow:
    """As the report itself changes."""
    before = AnnualReport(
        id=row.id, agency=row.agency, year=row.year, kind=row.kind, due=row.due, stage=Stage(row.stage), drafted=row.drafted,
        published=row.published, published_on=row.published_on, reminded=row.reminded, missed=row.missed,
    )  # fmt: skip
    state = annual_report.apply(before, event, meta)
    assert state.due is not None
    failed = sum(one.fails for one in event.broken) if isinstance(event, e.AnnualReportCounted) else row.failed
    return replace(
        row, kind=state.kind, due=state.due, stage=state.stage, drafted=state.drafted, failed=failed, published=state.published,
        published_on=state.published_on, reminded=state.reminded, missed=state.missed, waits=state.published == 0,
    )  # fmt: skip


class FiguresRow(ViewRow, frozen=True):
    """The figures of a year in the list."""

    year: int = 0
    figures: dict[str, str] = {}


report_figures = TableView("audit", "report_figures", "1", FiguresRow)


@report_figures.gathers(FigureRecorded)
def recorded(row: FiguresRow | None, event: FigureRecorded, meta: Meta) -> FiguresRow:
    """One more cell."""
    before = row or FiguresRow(id=meta.case, agency=meta.agency, year=event.year)
    return replace(before, figures={**before.figures, event.cell: event.value})


@report_figures.evolves(FigureCorrected)
def corrected(row: FiguresRow, event: FigureCorrected, _meta: Meta) -> FiguresRow:
    """Another number, or none."""
    rest = {cell: value for cell, value in row.figures.items() if cell != event.cell}
    return replace(row, figures=rest if event.value is None else {**rest, event.cell: event.value})


class EarlierRow(ViewRow, frozen=True):
    """An earlier report in the list."""

    year: int = 0
    name: str = ""
    sha256: str = ""
    new: int = 0
    imported_on: date | None = None


earlier_reports = TableView("audit", "earlier_reports", "1", EarlierRow)


@earlier_reports.gathers(EarlierReportImported)
def imported(_row: EarlierRow | None, event: EarlierReportImported, meta: Meta) -> EarlierRow:
    """It is here, in the place of one before."""
    return EarlierRow(
        id=meta.case, agency=meta.agency, year=event.year, name=event.name, sha256=event.sha256, new=event.table3["new_received"][-1],
        imported_on=meta.effective_on,
    )  # fmt: skip
