"""The one event of a call."""

from datetime import date

from shared.kernel.events import Event, event

CALL = {"decree-711": "国令711 第四十九条", "bureau-2019": "本局年度报告制度（NB-01）"}


@event("audit.UnitReportsCalled", title="部署年度书面报告", rules=("NB-01",), article=CALL)
class UnitReportsCalled(Event, frozen=True):
    """These units are to report in writing on a year by this day, which counts in; what the office wants besides the required sections."""

    year: int
    due: date
    units: tuple[str, ...]
    note: str = ""
