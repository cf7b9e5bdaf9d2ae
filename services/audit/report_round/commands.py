"""The command that calls the units of a year."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.audit.report_round import decisions, events
from services.audit.report_round.decisions import ReportRound, report_round
from services.audit.service_register.commands import OfUnits
from services.audit.unit_report.events import ReportCalled
from services.audit.unit_report.state import report_id, unit_report
from shared.kernel.aggregates import Aggregate
from shared.kernel.commands import AgencyFacts, Decision, Given, command, handles
from shared.kernel.identity import derived_id

TEXTAREA: dict[str, Any] = {"widget": "textarea"}
UnitCode = Annotated[str, Field(min_length=1, max_length=40)]


def round_id(agency: str, year: int) -> UUID:
    """The call of an agency and year."""
    return derived_id("report-round", agency, year)


def of_year(command: "CallReports", agency: AgencyFacts, _day: date) -> UUID:
    """Its id."""
    return round_id(agency.code, command.year)


def their_reports(command: "CallReports", agency: AgencyFacts, _day: date, _state: ReportRound) -> Iterable[tuple[Aggregate[Any], UUID]]:
    """The reports that are called for."""
    return [(unit_report, report_id(agency.code, command.year, unit)) for unit in command.called]


@command(
    of=report_round,
    verb="call",
    title="部署年度书面报告",
    capability="audit.call_reports",
    creates=True,
    identity=of_year,
    also=their_reports,
    rules=("NB-01",),
    article="国令711 第四十九条",
    events=(events.UnitReportsCalled, ReportCalled),
)
class CallReports(OfUnits):
    """公开办统一部署：各科室、局属单位在规定日期前提交书面报告。"""

    year: int = Field(title="年份", ge=2019, le=2100)
    units: tuple[UnitCode, ...] = Field(default=(), title="科室", max_length=200, description="不选为全部科室")
    until: date | None = Field(default=None, title="另定提交日期", description="不填为规定的日期（12月20日）；规定日期已过的须填写")
    note: str = Field(default="", title="要求", max_length=2000, json_schema_extra=TEXTAREA)

    @property
    def called(self) -> tuple[str, ...]:
        """The units that are named, or else all."""
        return tuple(dict.fromkeys(self.units or self.units_now))


@handles(CallReports)
def call(command: CallReports, state: ReportRound, given: Given) -> Decision:
    """One act calls them all."""
    reports = {unit: report_id(given.agency.code, command.year, unit) for unit in command.called}
    return decisions.call(state, given, command.year, command.note, command.until, reports)
