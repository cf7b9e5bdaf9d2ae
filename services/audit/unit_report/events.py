"""Every event of a unit's report. Its figures are counted from the ledger when it is submitted, never typed."""

from datetime import date

from services.audit.figures import Figure
from shared.kernel.events import Event, event

CALL = {"decree-711": "国令711 第四十九条", "bureau-2019": "本局年度报告制度（NB-01）"}
CONTENT = {"decree-711": "国令711 第五十条", "bureau-2019": "本局年度报告制度（NB-03.1）"}
CHASE = {"decree-711": "国令711 第四十六条", "bureau-2019": "本局年度报告制度（NB-04b）"}


@event("audit.ReportCalled", title="要求提交书面报告", rules=("NB-01",), article=CALL)
class ReportCalled(Event, frozen=True):
    """A unit is to report in writing on a year by this day, which counts in; it is reminded on `remind_on`."""

    year: int
    unit: str
    due: date
    remind_on: date
    note: str = ""


@event("audit.UnitReportReminded", title="督促提交书面报告", rules=("NB-04b",), article=CHASE)
class UnitReportReminded(Event, frozen=True):
    """It was reminded: so many days were left (negative: over by so many)."""

    left: int
    note: str = ""


@event("audit.UnitReportSubmitted", title="提交书面报告", rules=("NB-01", "NB-03.1"), article=CONTENT)
class UnitReportSubmitted(Event, frozen=True):
    """The required sections by key, and the figures of the unit as the ledger told them. `late_days`: calendar days after the day it was due."""

    sections: dict[str, str]
    figures: tuple[Figure, ...]
    late_days: int = 0
    overdue_reason: str = ""


@event("audit.UnitReportOverdue", title="书面报告逾期", rules=("NB-01", "NB-04b"), article=CALL)
class UnitReportOverdue(Event, frozen=True):
    """The day has passed without the report."""

    due: date


@event("audit.UnitReportOverdueWithdrawn", title="撤销书面报告逾期", rules=("NB-01",), article=CALL)
class UnitReportOverdueWithdrawn(Event, frozen=True):
    """A report that was recorded later had been in time."""

    due: date


@event("audit.UnitReportReturned", title="退回补充书面报告", rules=("NB-03.1", "NB-04b"), article=CONTENT)
class UnitReportReturned(Event, frozen=True):
    """Not complete: which sections, why, and by when it is to be submitted again."""

    sections: tuple[str, ...]
    reason: str
    until: date


@event("audit.UnitReportAccepted", title="接收书面报告", rules=("NB-01",), article=CALL)
class UnitReportAccepted(Event, frozen=True):
    """The office takes it."""


@event("audit.UnitComplianceRecorded", title="登记执行情况", rules=("NB-04b",), article=CHASE)
class UnitComplianceRecorded(Event, frozen=True):
    """How the unit has kept the rule: `on_time`, `late` by so many days, or `missing`; how often it was reminded and its report returned."""

    kept: str
    late_days: int
    reminders: int
    returns: int
    note: str = ""
